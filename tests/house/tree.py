"""The repository's own files."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def tracked(*patterns: str) -> list[Path]:
    """Files under version control, and new ones that would be; those deleted meanwhile left out."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
        files = [ROOT / name for name in listed if name]
    except subprocess.CalledProcessError:  # an unpacked archive has no history
        files = [file for pattern in patterns or ("*",) for file in ROOT.rglob(Path(pattern).name)]
    return sorted(file for file in set(files) if file.is_file() and not file.is_symlink())


def relative(file: Path) -> str:
    return str(file.relative_to(ROOT))
