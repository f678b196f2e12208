"""The owner's settings: lines `name = value`, a comment after #. Unknown names are errors, so that a slip of the pen is seen."""

import ipaddress
import re
from dataclasses import dataclass, field, fields

NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
KEY = re.compile(r"(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,3}( [ -~]*)?")
EMAIL = re.compile(r"[^\s@'\"]+@[^\s@'\"]+\.[a-z0-9-]+", re.IGNORECASE)
URL = re.compile(r"https://[a-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?")
FILE = re.compile(r"[A-Za-z0-9_-]+\.(pem|crt)")


class Wrong(Exception):
    """A sentence for the owner."""


@dataclass
class Settings:
    domain: str = ""  # the name that people open in their browsers
    email: str = ""  # for the certificate authority
    ssh_keys: list[str] = field(default_factory=list)  # of the administrator
    address: str = ""  # with the length of its prefix; DHCP when empty
    gateway: str = ""
    name_servers: list[str] = field(default_factory=list)
    public_addresses: list[str] = field(default_factory=list)  # behind NAT
    admin_networks: list[str] = field(default_factory=list)  # SSH from there only
    authority: str = ""  # a directory of ACME; Let's Encrypt when empty
    authority_root: str = ""  # a file on the boot partition: the certificate of that directory's own authority
    hosts_required: bool = True

    def is_complete(self) -> bool:
        return bool(self.domain and self.ssh_keys)


def parse(text: str) -> Settings:
    settings = Settings()
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise Wrong(f"Line {number} is no setting: write name = value.")
        try:
            change(settings, name.strip(), value.strip().strip('"'))
        except Wrong as wrong:
            raise Wrong(f"Line {number}: {wrong}") from None
    return settings


def write(settings: Settings) -> str:
    lines = []
    for member in fields(Settings):
        value = getattr(settings, member.name)
        if member.name == "ssh_keys":
            lines += [f"ssh_key = {key}" for key in value]
        elif isinstance(value, bool):
            lines.append(f"{member.name} = {'yes' if value else 'no'}")
        elif value:
            lines.append(f"{member.name} = {' '.join(value) if isinstance(value, list) else value}")
    return "\n".join(lines) + "\n"


def change(settings: Settings, name: str, value: str) -> None:
    """Sets one, by the name that it has in the file. An empty value is none."""
    if name not in _READERS:
        raise Wrong(f"there is no setting called {name[:40]}")
    if not value:
        return
    if name == "ssh_key":
        settings.ssh_keys.append(_ssh_key(value))
    else:
        setattr(settings, name, _READERS[name](value))


def _domain(value: str) -> str:
    value = value.lower().rstrip(".")
    if not NAME.fullmatch(value):
        raise Wrong("the domain has to be a name like meet.example.org")
    return value


def _ssh_key(value: str) -> str:
    if not KEY.fullmatch(value):
        raise Wrong("that is no public SSH key: it is the one line of ~/.ssh/id_ed25519.pub, and begins with ssh-ed25519 or ssh-rsa")
    return value


def _matching(pattern: re.Pattern[str], what: str):
    def read(value: str) -> str:
        if not pattern.fullmatch(value):
            raise Wrong(f"{value[:60]} is not {what}")
        return value

    return read


def _by(kind, what: str):
    def read(value: str) -> str:
        try:
            return str(kind(value))
        except ValueError:
            raise Wrong(f"{value[:60]} is not {what}") from None

    return read


def _several(read):
    return lambda value: [read(word) for word in value.replace(",", " ").split()]


def _yes(value: str) -> bool:
    if value.lower() not in ("yes", "no", "true", "false"):
        raise Wrong("say yes or no")
    return value.lower() in ("yes", "true")


_ADDRESS = _by(ipaddress.ip_address, "an address")
_READERS = {
    "domain": _domain,
    "email": _matching(EMAIL, "an e-mail address"),
    "ssh_key": _ssh_key,
    "address": _by(ipaddress.ip_interface, "an address with its prefix, like 192.0.2.7/24"),
    "gateway": _ADDRESS,
    "name_servers": _several(_ADDRESS),
    "public_addresses": _several(_ADDRESS),
    "admin_networks": _several(_by(ipaddress.ip_network, "a network, like 192.0.2.0/24")),
    "authority": _matching(URL, "an address that begins with https://"),
    "authority_root": _matching(FILE, "the name of a .pem or .crt file"),
    "hosts_required": _yes,
}
