"""Everything that a meeting knows of its people, each word of it unique in the world."""

import ipaddress
import secrets

from needles import Canary

# What it is, and how it looks: with a word that only this run has, and with the signs that formats write in other ways.
FORMS = {
    "room": "Kanarienzimmer-{}",
    "open_room": "Zeisigzimmer-{}",
    "password": "Sesam öffne {}",
    "subject": "Besuch der Kanarien & Zeisige {}",
    "name": "Zoë Kanari & Söhne {}",
    "email": "kanari+{}@example.net",
    "browser": "Mozilla/5.0 (Kanari; {}) Vogel/1.0",
    "machine": "kanari-machine-{}",
    "statistics": "Kanari-{}-xyz",
    "stream": "kanari-stream-{}",
    "message": "Sag's niemandem: <Käfig> {} \\ offen",
    "private_message": "nur für dich: {}",
    "channel_message": "kanari-emote-{}",
    "poll": "Wer mag Kanarien {}?",
    "breakout_room": "Volière {}",
    "reason": "zu laut gesungen {}",
    "metadata": "kanari-note-{}",
    "waiting": "Wartender Zeisig {}",
    "wrong_room_password": "sesam-falsch-{}",
    "wrong_host_password": "falsch geraten {}",
    "unknown_host": "kanarienhalter-{}",
    "relay_user": "kanari-turn-{}",
    "request": "kanari-request-{}",
    "token": "kanari.token.{}",
    "tls_name": "kanari-{}.example.net",
    "datagram": "kanari-datagram-{}",
}


def people() -> dict[str, str]:
    return {what: form.format(secrets.token_hex(6)) for what, form in FORMS.items()}


def secret(word: str) -> str:
    return f"{word} {secrets.token_hex(6)}"


def of(texts: dict[str, str]) -> list[Canary]:
    return [Canary(what, text) for what, text in texts.items()]


def address_v4() -> Canary:
    """Of a block that no provider gives to anybody (RFC 2544)."""
    network = ipaddress.ip_network("198.18.0.0/15")
    return Canary("address", str(network[secrets.randbelow(network.num_addresses - 2) + 1]))


def address_v6() -> Canary:
    """Of the block for examples (RFC 3849)."""
    network = ipaddress.ip_network("2001:db8::/32")
    return Canary("other_address", str(network[secrets.randbits(96) | 1 << 95]))
