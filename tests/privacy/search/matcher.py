"""Thousands of byte sequences sought at once in a stream, at gigabytes a second: Hyperscan, of Debian's libhyperscan5 (libvectorscan5 on ARM)."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass

CASELESS, STREAM = 1, 2
_EVENT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_uint, ctypes.c_ulonglong, ctypes.c_ulonglong, ctypes.c_uint, ctypes.c_void_p)


@dataclass(frozen=True)
class Match:
    index: int  # of the sequence
    end: int  # offset in the stream behind it


class Matcher:
    def __init__(self, sought: Sequence[tuple[bytes, bool]]) -> None:
        """Sequences, and whether the case of A to Z does not matter."""
        self._library = ctypes.CDLL("libhs.so.5")
        self._database, self._scratch = ctypes.c_void_p(), ctypes.c_void_p()
        count = len(sought)
        words = (ctypes.c_char_p * count)(*(data for data, _ in sought))
        flags = (ctypes.c_uint * count)(*(CASELESS if any_case else 0 for _, any_case in sought))
        numbers = (ctypes.c_uint * count)(*range(count))
        sizes = (ctypes.c_size_t * count)(*(len(data) for data, _ in sought))
        error = ctypes.c_void_p()
        arguments = (words, flags, numbers, sizes, ctypes.c_uint(count), ctypes.c_uint(STREAM), None)
        self._must(self._library.hs_compile_lit_multi(*arguments, ctypes.byref(self._database), ctypes.byref(error)))
        self._must(self._library.hs_alloc_scratch(self._database, ctypes.byref(self._scratch)))

    def stream(self) -> "Stream":
        return Stream(self)

    def __del__(self) -> None:
        self._library.hs_free_scratch(self._scratch)
        self._library.hs_free_database(self._database)

    @staticmethod
    def _must(status: int) -> None:
        if status != 0:
            raise RuntimeError(f"Hyperscan refuses: {status}")


class Stream:
    """Bytes that follow each other, in pieces; a sequence is found over the seams, too."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher  # outlives us
        self._library = matcher._library
        self._stream = ctypes.c_void_p()
        self._found: list[Match] = []
        self._event = _EVENT(self._note)
        matcher._must(self._library.hs_open_stream(matcher._database, 0, ctypes.byref(self._stream)))

    def scan(self, piece: bytes) -> list[Match]:
        self._found = []
        size = ctypes.c_uint(len(piece))
        self._matcher._must(self._library.hs_scan_stream(self._stream, piece, size, 0, self._matcher._scratch, self._event, None))
        return self._found

    def close(self) -> None:
        self._library.hs_close_stream(self._stream, None, _EVENT(), None)

    def _note(self, index: int, _begin: int, end: int, _flags: int, _context: object) -> int:
        self._found.append(Match(index, end))
        return 0
