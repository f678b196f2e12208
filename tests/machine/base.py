"""What every machine starts from, made once and kept: a fresh Debian 12, and a pool of the packages that may be installed there without a network."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import unittest
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "appliance"))

from trial.packages import wanted  # noqa: E402

FOLDER = Path(os.environ.get("CLOISTER_MACHINES", "/var/tmp/cloister-machines"))
MIRROR = os.environ.get("CLOISTER_DEBIAN_MIRROR", "http://deb.debian.org")
SOURCES = [
    f"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {MIRROR}/{archive} {suite} main"
    for archive, suite in (("debian", "bookworm"), ("debian", "bookworm-updates"), ("debian-security", "bookworm-security"))
]
# What a hoster's Debian has beside the packages of priority `important`.
FRESH = ["ca-certificates", "dbus", "iproute2", "nftables", "openssh-server", "python3-apt", "python3-minimal", "sudo", "systemd-sysv"]
FINISH = """set -e
cd "$1"
rm -rf etc/apt/sources.list etc/apt/sources.list.d/* etc/hostname etc/resolv.conf
echo 'deb [trusted=yes] file:/pool ./' > etc/apt/sources.list
systemd-id128 new > etc/machine-id   # else systemd takes the first boot for an installation
ln -sf /dev/null etc/systemd/system/systemd-networkd-wait-online.service
ln -sf /dev/null etc/systemd/system/networking.service
chroot . ssh-keygen -A > /dev/null
"""


def tree() -> Path:
    """The unpacked system. Nobody writes into it: machines lay their own files over it."""
    made = FOLDER / f"base-{_digest([FINISH, *SOURCES, *FRESH])}"
    with _alone():
        if not made.exists():
            _make_tree(made)
    return made


def pool() -> Path:
    """A repository with the packages of appliance/packages/{run,machine,judges} and all that they depend on."""
    names = sorted(wanted(["run", "host", "hardening", "server", "machine", "judges"]))
    system = tree()
    folder = FOLDER / f"pool-{system.name.removeprefix('base-')}"
    mark, made_for = folder / "made-for", _digest(names)
    with _alone():
        if not mark.exists() or mark.read_text() != made_for:
            _fill_pool(folder, system, names)
            mark.write_text(made_for)
    return folder


def _make_tree(made: Path) -> None:
    print("Making the base of the machines: once, about a minute", file=sys.stderr, flush=True)
    new = made.with_name(made.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    hook = FOLDER / "finish"
    hook.write_text("#!/bin/sh\n" + FINISH)
    hook.chmod(0o755)
    command = ["mmdebstrap", "-q", "--variant=important", "--mode=root", f"--include={','.join(FRESH)}", f"--customize-hook={hook}"]
    _must([*command, "bookworm", str(new), *SOURCES], "making the base of the machines")
    new.rename(made)


def _fill_pool(folder: Path, system: Path, names: list[str]) -> None:
    """By this machine's apt, as if it were the fresh one's: it is asked what a fresh machine lacks, and only fetches."""
    print("Fetching the packages for the machines", file=sys.stderr, flush=True)
    for name in ("lists/partial", "archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    sources = folder / "sources.list"
    sources.write_text("\n".join(SOURCES) + "\n")
    places = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "-",
        "Dir::State::Lists": folder / "lists",
        "Dir::State::Status": system / "var/lib/dpkg/status",
        "Dir::Cache": folder,
        "Debug::NoLocking": 1,
    }
    apt = ["apt-get", "-qq", *(word for name, value in places.items() for word in ("-o", f"{name}={value}"))]
    _must([*apt, "update"], "reading the package lists for the machines")
    _must([*apt, "-y", "-d", "--no-install-recommends", "install", *names], "fetching the packages for the machines")
    for package in (folder / "archives").glob("*.deb"):
        package.rename(folder / package.name)
    index = subprocess.run(["apt-ftparchive", "packages", "."], cwd=folder, stdout=subprocess.PIPE, check=True).stdout
    (folder / "Packages").write_bytes(index)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    if os.geteuid() != 0:
        raise unittest.SkipTest("machines need root")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _must(command: list[str], what: str) -> None:
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{what} failed:\n{done.stderr[-4000:]}")


def _digest(words: list[str]) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]
