#!/usr/bin/python3
"""Gives filesystems mount options, now and in /etc/fstab: standard input is an object of paths with their options. With --check it only
says what it would do. Prints a line per change."""

import json
import os
import subprocess
import sys
from pathlib import Path

FSTAB = Path("/etc/fstab")


def main() -> None:
    only_said = sys.argv[1:] == ["--check"]
    mounted = {m["target"]: m for m in findmnt()}
    lines = FSTAB.read_text().splitlines() if FSTAB.exists() else []
    before = list(lines)
    for path, wanted in json.load(sys.stdin).items():
        if path not in mounted:
            continue
        missing = [option for option in wanted if option not in mounted[path]["options"].split(",")]
        if missing:
            print(f"{path}: mounted with {','.join(missing)}")
            if not only_said:
                subprocess.run(["mount", "-o", ",".join(["remount", *missing]), path], check=True)
        change(lines, path, wanted, mounted[path])
    if lines != before:
        print("/etc/fstab: options added")
        if not only_said:
            write("".join(line + "\n" for line in lines))


def findmnt() -> list[dict[str, str]]:
    listed = subprocess.run(["findmnt", "-J", "-l", "-o", "TARGET,SOURCE,FSTYPE,OPTIONS"], capture_output=True, check=True).stdout
    return list(json.loads(listed)["filesystems"])


def change(lines: list[str], path: str, wanted: list[str], mount: dict[str, str]) -> None:
    """Adds the options to the path's line. A filesystem in memory may have neither a line nor a unit of its own: it gets a line."""
    for at, line in enumerate(lines):
        fields = line.split()
        if len(fields) >= 4 and not line.startswith("#") and fields[1] == path:
            options = fields[3].split(",")
            fields[3] = ",".join(options + [option for option in wanted if option not in options])
            if fields[3].split(",") != options:
                lines[at] = "\t".join(fields)
            return
    if mount["fstype"] == "tmpfs" and not Path("/etc/systemd/system", path[1:].replace("/", "-") + ".mount").exists():
        lines.append(f"tmpfs\t{path}\ttmpfs\trw,{','.join(wanted)}\t0\t0")


def write(text: str) -> None:
    new = FSTAB.with_suffix(".new")
    with new.open("w") as file:
        file.write(text)
        os.fchmod(file.fileno(), 0o644)
        os.fsync(file.fileno())
    new.replace(FSTAB)


main()
