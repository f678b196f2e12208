"""The command line of appliance/deb/build."""

import argparse
import os
from pathlib import Path

from trial import build, packages
from trial.console import Failure, say
from trial.folder import ROOT

from . import bill, package, repository
from .version import Version

OUT = ROOT / "build" / "deb"
TARGETS = ["cloister-bridge", "cloister-focus", "cloister-gate", "cloister-guard", "cloister", "cloister-load"]


def main() -> int:
    options = _options()
    os.umask(0o022)
    try:
        packages.install_missing(["build", "deb"])
        if not options.no_build:
            build.build_targets(TARGETS, options.build_dir)
            build.build_web()
        version = Version.read(options.version)
        say(f"Packing {version}")
        materials = bill.write(options.build_dir, version)
        made = package.make(options.out / "work", options.build_dir, version, {"sbom.cdx.json": materials})
        where = repository.update(options.out, made, {"cloister.cdx.json": materials}, options.keep)
    except Failure as failure:
        say(f"appliance/deb/build: {failure}")
        return 1
    print(where)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="appliance/deb/build",
        description="Builds the services and the web client, packs them for Debian 12, and puts the packages into a signed repository for apt.",
        epilog="Prints the repository's folder. In it: the packages, their index, its signature, the public key (cloister.gpg), "
        "and what the packages are made of (cloister.cdx.json, CycloneDX). The private key stays in OUT/key.",
    )
    parser.add_argument("--out", type=Path, default=OUT, metavar="OUT", help="where the repository and all else is written (build/deb)")
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build" / "release", help="of CMake (build/release)")
    parser.add_argument("--no-build", action="store_true", help="pack what is built already")
    parser.add_argument("--version", help="of the packages; by default the product's, with the time of the last commit")
    parser.add_argument("--keep", type=int, default=3, metavar="N", help="versions that stay in the repository, to go back to (3)")
    options = parser.parse_args()
    options.out, options.build_dir = options.out.resolve(), options.build_dir.resolve()
    return options
