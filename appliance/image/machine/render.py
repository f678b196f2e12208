"""The settings of all services, out of the templates of the Ansible roles that lie beside."""

import os
import subprocess
import json
from pathlib import Path
from typing import Any

from trial.templates import Templates

from .places import put
from .settings import Settings

PRIVATE = Path("/etc/cloister/private")
# File: role, template, owner and group, mode. As the roles say.
FIREWALL = {"/etc/cloister/firewall.yaml": ("guard", "firewall.yaml", "root:cloister-guard", 0o640)}
FILES = {
    "/etc/cloister/certificates.conf": ("certificates", "certificates.conf", "root:root", 0o644),
    "/etc/cloister/bridge.yaml": ("bridge", "bridge.yaml", "root:cloister-bridge", 0o640),
    "/etc/cloister/focus.yaml": ("focus", "focus.yaml", "root:cloister-focus", 0o640),
    "/etc/cloister/gate.yaml": ("gate", "gate.yaml", "root:cloister-gate", 0o640),
    "/etc/cloister/config.js": ("web", "config.js", "root:root", 0o644),
    "/etc/cloister/cloister.yaml": ("command", "cloister.yaml", "root:root", 0o644),
    "/etc/nginx/nginx.conf": ("nginx", "nginx.conf", "root:root", 0o644),
    "/etc/prosody/prosody.cfg.lua": ("prosody", "prosody.cfg.lua", "root:prosody", 0o640),
}
# Those with secrets in them, which are made before.
SECRET_FILES = {
    "/etc/nginx/cloister-gate.conf": ("gate", "nginx-gate.conf", "www-data:www-data", 0o400),
    "/etc/turnserver.conf": ("turn", "turnserver.conf", "root:turnserver", 0o640),
}


def firewall(settings: Settings) -> None:
    _all(FIREWALL, settings, {})


def services(settings: Settings) -> None:
    _all(FILES, settings, {})


def with_secrets(settings: Settings) -> None:
    secrets = {"gate_callers_key": _secret("callers"), "turn_secret": _secret("turn")}
    _all(SECRET_FILES, settings, secrets)


def _all(files: dict[str, tuple[str, str, str, int]], settings: Settings, secrets: dict[str, str]) -> None:
    templates = Templates(variables(settings) | secrets)
    for place, (role, name, owners, mode) in files.items():
        owner, group = owners.split(":")
        put(Path(place), templates.text(role, f"{name}.j2"), mode, owner, group)


def variables(settings: Settings) -> dict[str, Any]:
    addresses = own_addresses()
    public4 = next((a for a in settings.public_addresses if ":" not in a), "")
    local4 = next((a for a in addresses if ":" not in a), "")
    return {
        "inventory_hostname": settings.domain or "cloister.invalid",
        "ansible_processor_vcpus": os.cpu_count() or 1,
        "nginx_user": "",
        "certificates_email": settings.email,
        "certificates_directory": settings.authority,
        "cloister_public_addresses": settings.public_addresses,
        "firewall_admin_networks": settings.admin_networks,
        "focus_hosts_required": settings.hosts_required,
        "bridge_translated": [
            {"local": local, "public": public} for public in settings.public_addresses for local in addresses if (":" in local) == (":" in public) and local != public
        ],
        "turn_peers": sorted({*addresses, *settings.public_addresses}),
        "turn_external_ip": f"{public4}/{local4}" if public4 and local4 not in ("", public4) else "",
    }


def own_addresses() -> list[str]:
    """Of the network cards, as far as the network is up."""
    said = subprocess.run(["ip", "-j", "address", "show", "scope", "global"], capture_output=True, text=True, check=False).stdout
    return [address["local"] for link in json.loads(said or "[]") for address in link["addr_info"] if "local" in address]


def _secret(name: str) -> str:
    return (PRIVATE / name).read_text().strip()


