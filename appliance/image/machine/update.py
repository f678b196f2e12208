"""Brings a newer system to the slot that does not run: update FILE. The next start tries it; when it is not healthy, or does not come up,
the machine goes back by itself. Cut off at any moment, the old system stays."""

import argparse
import json
import os
import subprocess
import sys
import tarfile
import urllib.request
from pathlib import Path
from typing import IO

from . import health, slots, sources
from .bundle import Bundle, Refused
from .places import put, run

VERSION = Path("/usr/lib/cloister/image/version")
STATISTICS = "http://127.0.0.1:8888/stats"
ON_BOOT = {"vmlinuz": "vmlinuz", "initrd": "initrd"}


def main() -> int:
    options = _options()
    try:
        with (sys.stdin.buffer if options.file == "-" else open(options.file, "rb")) as file:
            version = install(file, options.older)
    except (Refused, OSError, tarfile.TarError) as refused:
        print(f"Not updated: {refused}.", file=sys.stderr)
        return 1
    print(f"{version} is in place: the next start tries it.")
    if options.restart:
        if in_meeting():
            print("Somebody is in a meeting: restart later, with systemctl reboot.")
        else:
            run("systemctl", "reboot")
    return 0


def install(file: IO[bytes], older: bool) -> str:
    bundle = Bundle(file)
    manifest, running = bundle.manifest, VERSION.read_text().strip()
    if not older and subprocess.run(["dpkg", "--compare-versions", manifest.version, "gt", running], check=False).returncode != 0:
        raise Refused(f"{manifest.version} is not newer than {running}")
    slot = slots.other()
    with sources.mounted("/dev/cloister/boot", "nosuid,nodev,noexec") as boot:
        if not boot:
            raise Refused("the boot partition cannot be mounted")
        values = slots.read(boot)
        if values.get("good") != slots.running():
            raise Refused("the running system is on trial itself: wait until it has proved itself, or restart")
        slots.write(boot, {"good": slots.running()})  # nobody starts what is being written
        folder = boot / "cloister" / slot
        folder.mkdir(exist_ok=True)
        (folder / "slot.cfg").unlink(missing_ok=True)
        bundle.files(lambda name: _sink(name, slot, folder))
        os.sync()
        run("veritysetup", "verify", f"/dev/cloister/system-{slot}", f"/dev/cloister/hashes-{slot}", manifest.root_hash)
        put(health.BEFORE, json.dumps(sorted(health.errors())))
        (folder / "slot.cfg").write_text(f"set verity={manifest.root_hash}\n")
        os.sync()
        slots.write(boot, {"good": slots.running(), "try": slot, "left": "2"})
    return manifest.version


def in_meeting() -> bool:
    try:
        with urllib.request.urlopen(STATISTICS, timeout=5) as answer:
            return bool(json.load(answer)["conferences"])
    except (OSError, ValueError, KeyError):
        return False


def _sink(name: str, slot: str, folder: Path) -> IO[bytes]:
    if name in ON_BOOT:
        return open(folder / ON_BOOT[name], "wb")
    return open(f"/dev/cloister/{name}-{slot}", "r+b")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="cloister-update", description="Brings a newer system beside the running one; the next start tries it.")
    parser.add_argument("file", help="the update (cloister-….update); - for standard input")
    parser.add_argument("--restart", action="store_true", help="at once, unless somebody is in a meeting")
    parser.add_argument("--older", action="store_true", help="also when it is not newer than the running one")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
