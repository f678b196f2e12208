"""The command line of appliance/image/build."""

import argparse
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from trial import packages
from trial.console import Failure, say
from trial.folder import ROOT

from . import base, disk, publish, tree
from .command import run

OUT = ROOT / "build" / "image"


def main() -> int:
    options = _options()
    os.umask(0o022)
    # The first process of a namespace is not ended by a signal that it does not handle.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    work = Path(tempfile.mkdtemp(prefix="cloister-image-", dir=options.work))
    work.chmod(0o755)  # users of the packages look into it
    try:
        print(_build(options, work))
        return 0
    except Failure as failure:
        say(f"appliance/image/build: {failure}")
        return 1
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _build(options: argparse.Namespace, work: Path) -> Path:
    if os.geteuid() != 0:
        raise Failure("The image is built by root: its files belong to users of its own.")
    packages.install_missing(["image-build"])
    repository = options.repository.resolve()
    if not (repository / "Packages").exists():
        raise Failure(f"There are no packages in {repository}: make them with appliance/deb/build, or say where they are (--repository).")
    options.out.mkdir(parents=True, exist_ok=True)
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or run(["git", "-C", str(ROOT), "log", "-1", "--format=%ct"], 0))
    version = options.version or _version(repository)
    if options.fresh:
        for old in options.out.glob("base-*.tar"):
            old.unlink()
    tar = base.make(repository, options.out, work, options.mirror)
    key = publish.Key((options.key or repository.parent / "key").resolve(), epoch)
    tree.make(tar, work / "tree", work, version, key.public(), epoch)
    listed = publish.packages_of(work / "tree")
    compression = ["-comp", "zstd", "-Xcompression-level", "3" if options.quick else "19"]
    system = disk.make_system(work / "tree", work, epoch, compression)
    image = options.out / f"cloister-{version}.raw"
    disk.make_disk(system, image, work, epoch)
    publish.update(system, version, image.with_suffix(".update"), key, epoch)
    beside = [image, image.with_suffix(".update"), *publish.documents(image, listed, version, epoch)]
    if not options.quick:
        beside += publish.compress(image, epoch, 9, options.qcow2)
    publish.sums(beside, image, key)
    return image


def _version(repository: Path) -> str:
    """That of the newest of our packages."""
    lines = (repository / "Packages").read_text().split("\n\n")
    own = [entry for entry in lines if entry.startswith("Package: cloister\n")]
    return max(line.split()[1] for entry in own for line in entry.splitlines() if line.startswith("Version: "))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="appliance/image/build",
        description="Builds the system image: Debian 12, our packages, the roles of the playbook, for machines with UEFI or BIOS.",
        epilog="Prints the image's file. Beside it: the update to it for machines that run (.update), its packages (.packages, .cdx.json), digests (.sha256) "
        "and their signature (.sha256.sig). Needs root; what it mounts is seen by nobody else and ends with it.",
    )
    parser.add_argument("--out", type=Path, default=OUT, metavar="OUT", help="where the image is written (build/image)")
    parser.add_argument("--repository", type=Path, default=ROOT / "build" / "deb" / "repository", help="our packages (build/deb/repository)")
    parser.add_argument("--work", type=Path, default=Path("/var/tmp"), help="some 2 GB for the time of the build (/var/tmp)")
    parser.add_argument("--mirror", default="http://deb.debian.org", help="of Debian")
    parser.add_argument("--version", help="of the image; by default that of our packages")
    parser.add_argument("--key", type=Path, help="folder of the key that signs (the one beside the packages)")
    parser.add_argument("--qcow2", action="store_true", help="as a qcow2, too")
    parser.add_argument("--quick", action="store_true", help="compress less: for trying things out")
    parser.add_argument("--fresh", action="store_true", help="unpack Debian anew, although the packages are those of the last build")
    options = parser.parse_args()
    options.out = options.out.resolve()
    return options
