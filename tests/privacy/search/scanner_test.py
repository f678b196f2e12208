"""Each encoding of something planted is found, in every alignment, packed and in pieces; and nothing else is."""

import base64
import binascii
import bz2
import gzip
import hashlib
import html
import ipaddress
import json
import lzma
import quopri
import random
import subprocess
import unittest
import urllib.parse
import zlib
from collections.abc import Callable

from needles import Canary, unknown
from scanner import Hit, Search

NAME = "Zoë Kanari & Söhne q7xv"
ROOM = "Zeisig-Zimmer-3kd9"
V4, V6 = "203.0.113.219", "2001:db8:77::9b1f"
CANARIES = [Canary("the name", NAME), Canary("the room", ROOM), Canary("the address", V4), Canary("the other address", V6)]

# Written by others than who seeks: the standard library and programs of Debian.
TEXTS: dict[str, Callable[[str], bytes]] = {
    "as it is": str.encode,
    "small": lambda text: text.lower().encode(),
    "capitals": lambda text: text.upper().encode(),
    "decomposed": lambda text: text.replace("ë", "e\u0308").replace("ö", "o\u0308").encode(),
    "Latin-1": lambda text: text.encode("latin-1"),
    "UTF-16": lambda text: text.encode("utf-16-le"),
    "UTF-16, turned": lambda text: text.lower().encode("utf-16-be"),
    "UTF-32": lambda text: text.encode("utf-32-le"),
    "URL": lambda text: urllib.parse.quote(text).encode(),
    "query": lambda text: urllib.parse.quote_plus(text).encode(),
    "URL in a URL": lambda text: urllib.parse.quote(urllib.parse.quote(text, safe="")).encode(),
    "all of it as in a URL": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
    "Prosody's file": lambda text: "".join(c if c.isascii() and c.isalnum() else "".join(f"%{b:02x}" for b in c.encode()) for c in text).encode(),
    "JSON": lambda text: json.dumps(text).encode(),
    "JSON of UTF-8": lambda text: json.dumps(text, ensure_ascii=False).encode(),
    "HTML": lambda text: html.escape(text).encode(),
    "XML of ASCII": lambda text: text.replace("&", "&#38;").encode("ascii", "xmlcharrefreplace").replace(b" ", b"&#32;").replace(b"-", b"&#45;"),
    "Python": lambda text: text.encode("unicode_escape"),
    "bytes of Python": lambda text: repr(text.encode()).encode(),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()),
    "hex": lambda text: text.encode().hex().encode(),
    "hex in capitals": lambda text: binascii.hexlify(text.encode()).upper(),
    "hex with spaces": lambda text: text.encode().hex(" ").encode(),
    "SHA-256": lambda text: hashlib.sha256(text.lower().encode()).hexdigest().encode(),
    "MD5": lambda text: hashlib.md5(text.encode(), usedforsecurity=False).digest(),
}
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE, preset=6),
    "zstd": lambda data: subprocess.run(["zstd", "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout,
}
ADDRESSES: dict[str, tuple[bytes, str]] = {
    "as it is": (b"from 203.0.113.219:41234", V4),
    "binary": (ipaddress.ip_address(V4).packed, V4),
    "binary, turned": (ipaddress.ip_address(V4).packed[::-1], V4),
    "decimal": (b"3405803995", V4),
    "as the kernel prints it": (b"DB7100CB:A112", V4),
    "reverse name": (b"219.113.0.203.in-addr.arpa", V4),
    "in a name of a provider": (b"dsl-203-0-113-219.example.net", V4),
    "mapped": (b"::ffff:203.0.113.219", V4),
    "mapped, in groups": (b"::ffff:cb00:71db", V4),
    "in base64": (base64.b64encode(b'{"ip":"203.0.113.219"}'), V4),
    "UTF-16": (V4.encode("utf-16-le"), V4),
    "the other": (b"[2001:DB8:77::9b1f]:443", V6),
    "the other's all digits": (b"2001:0db8:0077:0000:0000:0000:0000:9b1f", V6),
    "the other's binary": (ipaddress.ip_address(V6).packed, V6),
    "the other's reverse name": (ipaddress.ip_address(V6).reverse_pointer.encode(), V6),
    "the other's network": (b"2001:db8:77::/64", V6),
    "the other's network, binary": (ipaddress.ip_address(V6).packed[:8], V6),
}


class ScannerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.search = Search(CANARIES)

    search: Search

    def found(self, *pieces: bytes) -> set[str]:
        return {hit.what for hit in self.hits(*pieces)}

    def hits(self, *pieces: bytes) -> list[Hit]:
        return list(self.search.look("a file", pieces))

    def test_each_encoding_of_a_text_is_found_and_one_of_its_neighbour_is_not(self) -> None:
        for encoding, write in TEXTS.items():
            for what, text in (("the name", NAME), ("the room", ROOM)):
                with self.subTest(encoding, text=text):
                    self.assertEqual(self.found(b"before " + write(text) + b" behind"), {what})
                    self.assertEqual(self.found(b"before " + write(text[:-1] + "w") + b" behind"), set())

    def test_base64_is_found_wherever_it_begins(self) -> None:
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            for before in range(7):
                with self.subTest(encode.__name__, before=before):
                    self.assertEqual(self.found(encode(b"\0" * before + NAME.encode() + b"\0password")), {"the name"})
                    self.assertEqual(self.found(encode(b"\0" * before + ROOM.lower().encode())), {"the room"})

    def test_each_form_of_an_address_is_found(self) -> None:
        for form, (written, address) in ADDRESSES.items():
            with self.subTest(form):
                self.assertEqual(self.found(b"x " + written + b" y"), {"the address" if address == V4 else "the other address"})

    def test_addresses_beside_are_not_found(self) -> None:
        beside = ["203.0.113.218", "2001:db8:78::9b1f", "3405803994", "203-0-113-21"]
        packed = [ipaddress.ip_address(address).packed for address in ("203.0.113.218", "2001:db8:78::9b1f")]
        self.assertEqual(self.found(" ".join(beside).encode(), *packed), set())

    def test_what_is_packed_is_found_wherever_it_begins(self) -> None:
        for packer, pack in PACKERS.items():
            with self.subTest(packer):
                inside = pack(b"a line\n" * 999 + NAME.encode() + b"\nanother line" * 999)
                self.assertEqual(self.found(b"\1\2\3" + inside + b"\0" * 50), {"the name"})
                self.assertEqual(self.found(b"\1\2\3" + pack(b"a line\n" * 999)), set())

    def test_packed_in_packed_is_found_and_said_so(self) -> None:
        content = b"before " * 9 + ROOM.encode()
        for packed in range(1, 6):
            content = PACKERS["lzma"](content)
            hits = {(hit.what, hit.packed) for hit in self.hits(content)}
            self.assertEqual(hits, {("the room", packed)} if packed < 5 else set(), "there is a limit, against what unpacks without end")

    def test_one_that_breaks_off_is_found_until_there_and_the_next_one_is_found(self) -> None:
        damaged = zlib.compress(NAME.encode() + random.Random(1).randbytes(9000))[:4000]
        self.assertEqual(self.found(damaged + b"\xff" * 5000 + gzip.compress(ROOM.encode())), {"the name", "the room"})

    def test_pieces_hide_nothing(self) -> None:
        content = b"x" * 100 + NAME.encode() + gzip.compress(b"y" * 100 + ROOM.encode()) + ipaddress.ip_address(V6).packed
        whole = self.hits(content)
        self.assertEqual({hit.what for hit in whole}, {"the name", "the room", "the other address"})
        for size in (1, 2, 3, 7, 64):
            with self.subTest(size=size):
                pieces = [content[at : at + size] for at in range(0, len(content), size)]
                self.assertEqual(sorted(map(str, self.hits(*pieces))), sorted(map(str, whole)))

    def test_noise_holds_nothing(self) -> None:
        noise = random.Random(7)
        self.assertEqual(self.found(*(noise.randbytes(1 << 20) for _ in range(32))), set())
        self.assertEqual(self.found(*(bytes(1 << 20) for _ in range(32))), set())

    def test_a_report_says_where_and_how_but_not_what(self) -> None:
        (hit,) = self.hits(b"12345" + V4.encode())
        self.assertEqual(str(hit), "the address in a file before byte 18: as it is, utf-8")

    def test_an_address_that_is_somewhere_by_accident_is_not_taken(self) -> None:
        asked = iter([Canary("the address", "198.51.100.7"), Canary("the address", V4)])
        self.assertEqual(unknown(lambda: next(asked), lambda canary: canary.text != V4).text, V4)


if __name__ == "__main__":
    unittest.main()
