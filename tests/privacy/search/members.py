"""What is packed inside of something else: compressed streams, recognised by how they begin, unpacked in small steps."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import zstandard

STEP = 1024  # bytes that are unpacked at a time: what comes of them fits into memory, whoever packed it
MEMORY = 1 << 27  # bytes that an unpacker may use


class Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    def decompress(self, data: bytes, /) -> bytes: ...


# How each begins; zlib's four are two bytes long, and most of what begins so is something else.
BEGINNINGS: dict[bytes, Callable[[], Unpacker]] = {
    b"\x1f\x8b\x08": lambda: zlib.decompressobj(wbits=31),
    b"\xfd7zXZ\0": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, MEMORY),
    b"\x5d\0\0\x80\0": lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, MEMORY),
    b"\x28\xb5\x2f\xfd": lambda: zstandard.ZstdDecompressor(max_window_size=MEMORY).decompressobj(),
    **{b"BZh%d1AY&SY" % level: bz2.BZ2Decompressor for level in range(1, 10)},
    **{b"\x78" + level: zlib.decompressobj for level in (b"\x01", b"\x5e", b"\x9c", b"\xda")},
}


class Member:
    """One that begins here, until its end or until it proves to be none."""

    def __init__(self, beginning: bytes) -> None:
        self._unpacker = BEGINNINGS[beginning]()
        self._beginning = beginning
        self.is_over = False

    def unpack(self, piece: memoryview) -> Iterator[bytes]:
        """The next bytes of what it lies in."""
        yield from self._step(self._beginning)
        self._beginning = b""
        for offset in range(0, len(piece), STEP):
            if self.is_over:
                return
            yield from self._step(bytes(piece[offset : offset + STEP]))

    def _step(self, packed: bytes) -> Iterator[bytes]:
        if not packed:
            return
        try:
            content = self._unpacker.decompress(packed)
            self.is_over = self._unpacker.eof
        except (zlib.error, lzma.LZMAError, zstandard.ZstdError, OSError, EOFError, MemoryError):
            self.is_over = True
        else:
            if content:
                yield content
