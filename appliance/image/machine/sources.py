"""Where settings come from at the first start: the file cloister.conf on the boot partition, or a medium with the label CIDATA (cloud-init's
NoCloud) that has such a file. A file that was changed since counts anew."""

import contextlib
import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .places import BOOT, OWN, put, run
from .settings import Settings, parse

FILE = "cloister.conf"
SEEN = OWN / "settings-seen"


def find() -> Settings | None:
    """None when there is nothing new. Raises Wrong for a file that cannot be understood."""
    for device in (Path("/dev/cloister/boot"), Path("/dev/disk/by-label/CIDATA"), Path("/dev/disk/by-label/cidata")):
        if not device.exists():
            continue
        with mounted(device) as folder:
            if folder and (file := folder / FILE).is_file() and (settings := _read(file)):
                _keep_root(folder, settings)
                return settings
    return None


@contextlib.contextmanager
def mounted(device: Path | str, options: str = "ro,nosuid,nodev,noexec") -> Iterator[Path | None]:
    BOOT.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mount", "-o", options, str(device), str(BOOT)], capture_output=True, check=False)
    try:
        yield BOOT if done.returncode == 0 else None
    finally:
        if done.returncode == 0:
            run("umount", str(BOOT))


def _read(file: Path) -> Settings | None:
    text = file.read_bytes()[:65536].decode(errors="replace")
    digest = hashlib.sha256(text.encode()).hexdigest() + "\n"
    if SEEN.exists() and SEEN.read_text() == digest:
        return None
    settings = parse(text)
    if not settings.is_complete():
        return None
    put(SEEN, digest)
    return settings


def _keep_root(folder: Path, settings: Settings) -> None:
    if settings.authority_root:
        put(OWN / "authority.crt", (folder / settings.authority_root).read_text(encoding="ascii"))


