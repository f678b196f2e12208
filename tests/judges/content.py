"""What OpenSCAP needs to know of Debian 12. Debian 12's own package of it knows Debian 10 and 11 only; that of Debian 13 knows more."""

import shutil
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "machine"))

import base  # noqa: E402

PACKAGE = "ssg-debian"
SOURCE = f"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {base.MIRROR}/debian trixie main\n"
FILE = "usr/share/xml/scap/ssg/content/ssg-debian12-ds.xml"


def data_stream() -> Path:
    """Fetched by this machine's apt, once; a test that cannot have it is skipped."""
    folder = base.FOLDER / "openscap-content"
    if not (folder / FILE).exists():
        new = folder.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        for name in ("lists/partial", "archives/partial"):
            (new / name).mkdir(parents=True)
        (new / "sources.list").write_text(SOURCE)
        try:
            _fetch(new)
        except subprocess.CalledProcessError as error:
            raise unittest.SkipTest(f"{PACKAGE} of Debian 13 cannot be fetched") from error
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    return folder / FILE


def _fetch(folder: Path) -> None:
    places = {
        "Dir::Etc::SourceList": folder / "sources.list",
        "Dir::Etc::SourceParts": "-",
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder,
    }
    apt = ["apt-get", "-qq", *(word for name, value in places.items() for word in ("-o", f"{name}={value}"))]
    subprocess.run([*apt, "update"], check=True)
    subprocess.run([*apt, "download", PACKAGE], cwd=folder, check=True)
    (package,) = folder.glob("*.deb")
    subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
