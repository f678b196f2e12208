"""Packs what was built, by debhelper: appliance/deb/debian says what belongs where."""

import os
import shutil
import subprocess
from pathlib import Path

from trial.build import WEB
from trial.console import Failure
from trial.folder import ROOT

from .version import Version

DEBIAN = ROOT / "appliance" / "deb" / "debian"
SERVICES = ROOT / "appliance" / "services"
DOCUMENTS = ["docs/ARCHITECTURE.md", "docs/dependencies.md", "docs/threat-model.md"]


def make(folder: Path, build_dir: Path, version: Version, documents: dict[str, str]) -> list[Path]:
    """The packages, in `folder`. `documents`: further ones, by name."""
    shutil.rmtree(folder, ignore_errors=True)
    tree = folder / "cloister"
    tree.mkdir(parents=True)
    shutil.copytree(DEBIAN, tree / "debian")
    for name, target in (("sources", ROOT), ("build", build_dir)):
        (tree / name).symlink_to(target)
    shutil.copytree(WEB / "dist", tree / "web", ignore=shutil.ignore_patterns(".*"))
    _lay_services(tree)
    (tree / "documents").mkdir()
    for document in DOCUMENTS:
        shutil.copy(ROOT / document, tree / "documents")
    for name, text in documents.items():
        (tree / "documents" / name).write_text(text)
    entry = f"cloister ({version}) bookworm; urgency=medium\n\n  * As of the last commit.\n\n -- {_maintainer()}  {version.date}\n"
    (tree / "debian" / "changelog").write_text(entry)
    _run(tree, version)
    return sorted(folder.glob("*.deb"))


def _lay_services(tree: Path) -> None:
    """Each file under the name by which debhelper finds it, or the installed one."""
    (tree / "apparmor").mkdir()
    for service in sorted(SERVICES.iterdir()):
        for file in service.iterdir():
            if file.suffix == ".apparmor":
                shutil.copy(file, tree / "apparmor" / file.stem)
            elif file.suffix in (".service", ".sysusers", ".tmpfiles"):
                shutil.copy(file, tree / "debian" / file.name)


def _maintainer() -> str:
    lines = (DEBIAN / "control").read_text().splitlines()
    return next(line.removeprefix("Maintainer: ") for line in lines if line.startswith("Maintainer: "))


def _run(tree: Path, version: Version) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tree),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "SOURCE_DATE_EPOCH": str(version.seconds),
        "DEB_BUILD_OPTIONS": "noautodbgsym",
    }
    # -d: what compiles is named in appliance/packages, and some of it may come from elsewhere than Debian
    command = ["dpkg-buildpackage", "--build=binary", "--no-sign", "-d"]
    done = subprocess.run(command, cwd=tree, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    (tree.parent / "log").write_text(done.stdout)
    if done.returncode != 0:
        raise Failure(f"dpkg-buildpackage failed with status {done.returncode}:\n{done.stdout[-4000:]}")
