"""A repository for apt in one flat folder, signed with a key of its own that was made for it."""

import functools
import gzip
import os
import shutil
import subprocess
from pathlib import Path

from trial.console import Failure, say

FIELDS = {"Origin": "Cloister", "Label": "Cloister", "Suite": "bookworm", "Architectures": "amd64 arm64 all"}


def update(out: Path, packages: list[Path], documents: dict[str, str], keep: int) -> Path:
    """Adds the packages, forgets all but the newest `keep` versions, indexes and signs. `documents`: further files, by name."""
    folder, key = out / "repository", out / "key"
    folder.mkdir(parents=True, exist_ok=True)
    for package in packages:
        shutil.copy(package, folder)
    for name, text in documents.items():
        (folder / name).write_text(text)
    for version in _versions(folder)[keep:]:
        for old in folder.glob(f"*_{version}_*.deb"):
            old.unlink()
    index = _run(["apt-ftparchive", "packages", "."], folder)
    (folder / "Packages").write_bytes(index)
    (folder / "Packages.gz").write_bytes(gzip.compress(index, mtime=0))
    for name in ("Release", "InRelease"):
        (folder / name).unlink(missing_ok=True)
    fields = [word for name, value in FIELDS.items() for word in ("-o", f"APT::FTPArchive::Release::{name}={value}")]
    release = _run(["apt-ftparchive", *fields, "release", "."], folder)
    (folder / "Release").write_bytes(release)
    _sign(folder, key)
    return folder


def _versions(folder: Path) -> list[str]:
    """The newest first."""

    def compare(a: str, b: str) -> int:
        return -1 if subprocess.run(["dpkg", "--compare-versions", a, "gt", b], check=False).returncode == 0 else 1

    return sorted({package.name.split("_")[1] for package in folder.glob("*.deb")}, key=functools.cmp_to_key(compare))


def _sign(folder: Path, key: Path) -> None:
    gpg = ["gpg", "--homedir", str(key), "--batch", "--quiet", "--yes"]
    try:
        if not key.exists():
            say("Making the repository's key")
            key.mkdir(mode=0o700)
            make = ["--passphrase", "", "--quick-generate-key", "Cloister packages", "ed25519", "sign", "never"]
            _run([*gpg, *make], folder)
        (folder / "cloister.gpg").write_bytes(_run([*gpg, "--export"], folder))
        _run([*gpg, "--clearsign", "--digest-algo", "SHA512", "-o", "InRelease", "Release"], folder)
    finally:
        subprocess.run(["gpgconf", "--homedir", str(key), "--kill", "all"], capture_output=True, check=False)


def _run(command: list[str], folder: Path) -> bytes:
    done = subprocess.run(command, cwd=folder, env=os.environ | {"LC_ALL": "C.UTF-8"}, capture_output=True, check=False)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command[:2])} failed: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout
