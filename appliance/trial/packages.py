"""Installs the Debian packages that are missing. The lists lie in appliance/packages, one package a line."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from .console import Failure, say

LISTS = Path(__file__).resolve().parent.parent / "packages"
POLICY = Path("/usr/sbin/policy-rc.d")

# Packages whose command counts when it comes from somewhere else than Debian.
COMMANDS = {"nodejs": "node", "npm": "npm"}


def wanted(lists: Iterable[str]) -> list[str]:
    names: list[str] = []
    for name in lists:
        for line in (LISTS / name).read_text(encoding="utf-8").splitlines():
            package = line.split("#")[0].strip()
            if package and package not in names:
                names.append(package)
    return names


def is_installed(package: str) -> bool:
    if package in COMMANDS and shutil.which(COMMANDS[package]):
        return True
    query = ["dpkg-query", "-W", "-f=${db:Status-Status}", package]
    answer = subprocess.run(query, capture_output=True, text=True, check=False)
    return answer.stdout == "installed"


def missing(lists: Iterable[str]) -> list[str]:
    return [package for package in wanted(lists) if not is_installed(package)]


def install_missing(lists: Iterable[str]) -> None:
    packages = missing(lists)
    if not packages:
        return
    say(f"Installing {len(packages)} Debian packages: {' '.join(packages)}")
    with _services_stay_off():
        if _apt("install", *packages) == 0:
            return
        say("Refreshing the package lists")
        _apt("update")
        if _apt("install", *packages) != 0:
            raise Failure("The packages above could not be installed: check the network and /etc/apt/sources.list.")


def _as_root(command: list[str]) -> list[str]:
    if os.geteuid() == 0:
        return command
    if not shutil.which("sudo"):
        raise Failure("Packages are missing and there is no sudo: run this once as root.")
    return ["sudo", *command]


def _apt(action: str, *packages: str) -> int:
    options = ["-y", "-q", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=120"]
    if action == "install":
        options.append("--no-install-recommends")
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *options, action, *packages]
    return subprocess.run(_as_root(command), stdout=2, check=False).returncode


class _services_stay_off:  # noqa: N801 (reads as a statement)
    """The servers of the packages must not start on their own ports: this trial runs its own."""

    def __enter__(self) -> None:
        self._ours = not POLICY.exists()
        if self._ours:
            script = "printf '#!/bin/sh\\nexit 101\\n' > " + str(POLICY) + " && chmod 755 " + str(POLICY)
            subprocess.run(_as_root(["sh", "-c", script]), check=False)

    def __exit__(self, *_: object) -> None:
        if self._ours:
            subprocess.run(_as_root(["rm", "-f", str(POLICY)]), check=False)
