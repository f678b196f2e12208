"""The network card: DHCP as the image has it, or the owner's address. The machine's own name."""

import subprocess
from pathlib import Path

from .places import put
from .settings import Settings

FIXED = Path("/etc/systemd/network/10-fixed.network")


def apply(settings: Settings) -> None:
    host = settings.domain or "cloister"
    put(Path("/etc/hostname"), f"{host}\n", 0o644)
    put(Path("/etc/hosts"), f"127.0.0.1 localhost\n::1 localhost\n127.0.1.1 {host} {host.split('.')[0]}\n", 0o644)
    subprocess.run(["hostname", host], check=False)
    if settings.address:
        put(FIXED, _fixed(settings), 0o644)
    else:
        FIXED.unlink(missing_ok=True)


def _fixed(settings: Settings) -> str:
    lines = ["[Match]", "Name=en* eth*", "", "[Network]", f"Address={settings.address}", "LLMNR=no", "MulticastDNS=no"]
    lines += [f"Gateway={settings.gateway}"] if settings.gateway else []
    lines += [f"DNS={server}" for server in settings.name_servers]
    return "\n".join(lines) + "\n"
