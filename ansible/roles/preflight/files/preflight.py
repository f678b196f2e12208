#!/usr/bin/python3
"""Looks at a machine before anything on it is touched. Prints a JSON list: of each thing that is wrong one sentence, with its remedy.

The settings are one JSON object on standard input: domain, public_addresses, port_holders, tcp_ports, udp_ports, memory_mib, disk_gib,
clock_seconds, now (the controller's clock; 0: this one is it), clock_url (whose answer has a date), skip."""

import email.utils
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

Settings = dict[str, object]
OURS = {"nginx", "turnserver", "prosody", "lua5.4", "cloister-bridge", "cloister-focus", "cloister-gate"}
ARCHITECTURES = {"x86_64": "amd64"}
MIB, GIB = 1024**2, 1024**3


def system(_: Settings) -> Iterator[str]:
    about = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', read("/etc/os-release"), re.MULTILINE))
    if (about.get("ID"), about.get("VERSION_ID")) != ("debian", "12"):
        yield f"This machine runs {about.get('PRETTY_NAME', 'no known system')}: install Debian 12 (bookworm) and run this again."
    machine = os.uname().machine
    if machine not in ARCHITECTURES:
        yield f"The packages are for amd64 and this machine is {machine}: take one with an Intel or AMD processor."
    if not os.path.isdir("/run/systemd/system"):
        yield "systemd does not run here: use a machine or a virtual machine that boots Debian itself."


def memory(settings: Settings) -> Iterator[str]:
    have = int(re.findall(r"MemTotal:\s+(\d+)", read("/proc/meminfo"))[0]) // 1024
    if have < number(settings, "memory_mib"):
        yield f"This machine has {have} MiB of memory and {settings['memory_mib']} MiB are needed: give it more and run this again."


def disk(settings: Settings) -> Iterator[str]:
    free = shutil.disk_usage("/var").free
    if free < number(settings, "disk_gib") * GIB and not os.path.exists("/etc/cloister"):
        yield f"/var has {free / GIB:.1f} GiB free and {settings['disk_gib']} GiB are needed: delete something, or take a larger disk."


def dns(settings: Settings) -> Iterator[str]:
    domain = str(settings["domain"])
    if not re.fullmatch(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", domain):
        yield f"cloister_public_host is “{domain}”, which is no domain name in lower case: write one like meet.example.org."
        return
    own = own_addresses() | set(map(str, settings["public_addresses"]))  # type: ignore[call-overload]
    known = {family: addresses(domain, family) for family in (socket.AF_INET, socket.AF_INET6)}
    shown = ", ".join(sorted(own)) or "no address"
    # The host's own name may lead to itself (127.0.1.1 in /etc/hosts), which hides what the DNS says.
    own |= {address for found in known.values() for address in found if address.startswith("127.") or address == "::1"}
    if not any(known.values()):
        yield f"{domain} has no address in the DNS: make an A record for it that leads to this server ({shown}) and wait until it is known."
    for family, kind in ((socket.AF_INET, "A"), (socket.AF_INET6, "AAAA")):
        wrong = sorted(known[family] - own)
        if wrong:
            yield (
                f"The {kind} record of {domain} leads to {', '.join(wrong)} and this machine has {shown}: correct or delete the record, "
                "or, behind NAT, set cloister_public_addresses."
            )


def ports(settings: Settings) -> Iterator[str]:
    allowed = OURS | set(map(str, settings["port_holders"]))  # type: ignore[call-overload]
    wanted = {("tcp", int(p)) for p in settings["tcp_ports"]} | {("udp", int(p)) for p in settings["udp_ports"]}  # type: ignore[call-overload,attr-defined]
    told = set()
    for line in output(["ss", "-Hlntup"]).splitlines():
        fields = line.split()
        port = fields[4].rsplit(":", 1)[-1]
        holders = set(re.findall(r'\("([^"]+)"', line)) or {"another program"}
        if port.isdigit() and (fields[0], int(port)) in wanted and not holders & allowed and (fields[0], port) not in told:
            told.add((fields[0], port))
            holder = sorted(holders)[0]
            yield f"Port {port}/{fields[0]} is taken by {holder}: remove it (apt-get purge {holder}) or stop it, and run this again."


def clock(settings: Settings) -> Iterator[str]:
    right = number(settings, "now") or date_of(str(settings["clock_url"]))
    if right and abs(time.time() - right) > number(settings, "clock_seconds"):
        wrong = abs(time.time() - right) / 60
        yield f"The clock is wrong by {wrong:.0f} minutes: set it (timedatectl set-ntp true, or date -s) and run this again."


CHECKS = {"system": system, "memory": memory, "disk": disk, "dns": dns, "ports": ports, "clock": clock}


def number(settings: Settings, name: str) -> float:
    return float(str(settings[name]))


def read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def addresses(name: str, family: socket.AddressFamily) -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(name, 443, family, socket.SOCK_STREAM)}
    except socket.gaierror:
        return set()


def own_addresses() -> set[str]:
    lines = output(["ip", "-o", "address", "show", "scope", "global"]).splitlines()
    return {line.split()[3].split("/")[0] for line in lines}


def date_of(url: str) -> float:
    """The clock of a server; 0 when it cannot be asked. Nothing else of its answer is believed, so its certificate does not matter."""
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(url, timeout=5, context=anybody) as answer:
            return email.utils.parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (OSError, TypeError, ValueError):
        return 0


def main() -> None:
    settings = json.load(sys.stdin)
    found = [sentence for name, check in CHECKS.items() if name not in settings["skip"] for sentence in check(settings)]
    print(json.dumps(found))


main()
