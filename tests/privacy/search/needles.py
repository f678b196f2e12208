"""What a trace of somebody may look like: every spelling and encoding in which a text or an address could lie in a file."""

import base64
import hashlib
import ipaddress
import string
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

SHORTEST = 4  # bytes; less is in every file


@dataclass(frozen=True)
class Canary:
    """Something that only one person, room or message in the world has."""

    what: str  # for the report: "the room", "the guest's address"
    text: str  # of an address, its usual form


@dataclass(frozen=True)
class Needle:
    what: str
    encoding: str
    data: bytes
    any_case: bool = False  # of the letters A to Z


def needles(canaries: Iterable[Canary]) -> list[Needle]:
    """Each sequence of bytes once, however many encodings lead to it."""
    found: dict[tuple[bytes, bool], Needle] = {}
    for canary in canaries:
        for needle in map(_without_zeros_before, _of(canary)):
            key = (needle.data.lower() if needle.any_case else needle.data, needle.any_case)
            if len(needle.data) >= SHORTEST:
                found.setdefault(key, needle)
    return list(found.values())


def _without_zeros_before(needle: Needle) -> Needle:
    """Who seeks cannot begin with them (Vectorscan), and they tell nothing."""
    return replace(needle, data=needle.data.lstrip(b"\0"))


def _of(canary: Canary) -> Iterator[Needle]:
    try:
        address = ipaddress.ip_address(canary.text)
    except ValueError:
        for spelling in _spellings(canary.text):
            yield from _of_spelling(canary.what, spelling)
        return
    for form, text in _written(address).items():
        yield from (Needle(canary.what, f"{form}, {n.encoding}", n.data, n.any_case) for n in _of_spelling(canary.what, text))
    for form, data in _packed(address).items():
        yield Needle(canary.what, form, data)


def _spellings(text: str) -> list[str]:
    """As it was typed, as addresses are folded, and composed in both ways."""
    cases = (text, text.lower(), text.upper(), text.casefold())
    return list(dict.fromkeys(unicodedata.normalize(form, case) for form in ("NFC", "NFD", "NFKC") for case in cases))


def _of_spelling(what: str, text: str) -> Iterator[Needle]:
    data = text.encode()
    codecs = ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", *(["latin-1"] if all(ord(c) < 256 for c in text) else [])]
    for codec in codecs:
        yield Needle(what, codec, text.encode(codec), any_case=True)
    for unescaped in _UNESCAPED:
        for name, form in _ESCAPES_OF_BYTES.items():
            yield Needle(what, name, "".join(_escaped(b, form, unescaped) for b in data).encode(), any_case=True)
            yield Needle(what, f"{name}, + for spaces", "".join("+" if b == 32 else _escaped(b, form, unescaped) for b in data).encode(), any_case=True)
        for name, form in _ESCAPES_OF_CHARACTERS.items():
            yield Needle(what, name, "".join(_escaped(ord(c), form, unescaped) for c in text).encode(), any_case=True)
    for signs in _REPLACED:
        yield Needle(what, f"with {signs}", _replaced(text, signs).encode(), any_case=True)
    for separator in ("", " ", ":", "-"):
        yield Needle(what, "hex", (data.hex(separator) if separator else data.hex()).encode(), any_case=True)
    for name, encoded in (("base64", data), ("base64 of utf-16", text.encode("utf-16-le"))):
        yield from (Needle(what, name, found) for found in _base64(encoded))
    for digest in ("md5", "sha1", "sha256", "sha512"):
        value = hashlib.new(digest, data, usedforsecurity=False).digest()
        yield Needle(what, digest, value)
        yield Needle(what, f"{digest} in hex", value.hex().encode(), any_case=True)
        yield Needle(what, f"{digest} in base64", base64.b64encode(value).rstrip(b"="))


_ALPHANUMERIC = frozenset(string.ascii_letters + string.digits)
# What formats leave as it is: nothing, letters and digits, what URLs keep in a part and as a whole, all of ASCII.
_UNESCAPED = (frozenset(""), _ALPHANUMERIC, _ALPHANUMERIC | set("-._~"), _ALPHANUMERIC | set("-._~!*'();,/?:@&=+$#"), frozenset(map(chr, range(0x20, 0x7F))))
_ESCAPES_OF_BYTES = {
    "percent": "%{:02x}",
    "percent, twice": "%25{:02x}",
    r"\xHH": r"\x{:02x}",
    r"\HH": r"\{:02x}",  # XEP-0106, LDAP
    r"\OOO": r"\{:03o}",  # C, systemd, mounts
    r"\DDD": r"\{:03d}",  # Lua, DNS
    "quoted-printable": "={:02x}",
}
_ESCAPES_OF_CHARACTERS = {r"\uHHHH": r"\u{:04x}", r"\xHH of characters": r"\x{:02x}", r"\u{H}": r"\u{{{:x}}}", "&#D;": "&#{};", "&#xH;": "&#x{:x};"}
# Signs that stand for something in a format, and what is written in their place.
_REPLACED: dict[str, dict[str, str]] = {
    "+ for spaces": {" ": "+"},
    "_ for spaces": {" ": "_"},
    "names of XML": {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"},
    "backslashes": {"\\": "\\\\", '"': '\\"'},
    "doubled quotes": {"'": "''"},
}


def _escaped(value: int, form: str, unescaped: frozenset[str]) -> str:
    return chr(value) if chr(value) in unescaped else form.format(value)


def _replaced(text: str, signs: str) -> str:
    return "".join(_REPLACED[signs].get(c, c) for c in text)


def _base64(data: bytes) -> Iterator[bytes]:
    """What is the same wherever it stands: at each of the three alignments, without the characters that its neighbours share."""
    for before, begin in enumerate((0, 2, 3)):
        padded = bytes(before) + data
        end = 8 * len(padded) // 6
        for alphabet in (b"+/", b"-_"):
            yield base64.b64encode(padded, alphabet)[begin:end]


Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _written(address: Address) -> dict[str, str]:
    reverse = address.reverse_pointer.removesuffix(".arpa")
    if isinstance(address, ipaddress.IPv4Address):
        groups = [f"{byte:02x}" for byte in address.packed]
        return {
            "as it is": str(address),
            "reverse name": reverse,
            "with dashes": str(address).replace(".", "-"),
            "decimal": str(int(address)),
            "decimal, turned": str(int.from_bytes(address.packed, "little")),
            "in hex": "".join(groups),
            "in hex, turned": "".join(reversed(groups)),
            "mapped": f"{groups[0]}{groups[1]}:{groups[2]}{groups[3]}",
        }
    return {
        "as it is": str(address),
        "all digits": address.exploded,
        "no zeros": ":".join(f"{int(group, 16):x}" for group in address.exploded.split(":")),
        "reverse name": reverse,
        "with dashes": address.exploded.replace(":", "-"),
        "decimal": str(int(address)),
        "in hex": address.packed.hex(),
        "its network": str(ipaddress.ip_network((address, 64), strict=False).network_address).removesuffix("::"),
        "its network, all digits": address.exploded[:19],
    }


def _packed(address: Address) -> dict[str, bytes]:
    packed = {"binary": address.packed, "binary, turned": address.packed[::-1]}
    return packed if address.version == 4 else packed | {"its network, binary": address.packed[:8]}


def unknown(make: Callable[[], Canary], is_known: Callable[[Canary], bool]) -> Canary:
    """One that is nowhere yet: four bytes of an address can be in any large file by accident."""
    while is_known(canary := make()):
        pass
    return canary
