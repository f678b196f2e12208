"""One stream of bytes, looked through for needles, and for needles inside of whatever is packed in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matcher import Matcher, Stream
from members import BEGINNINGS, Member
from needles import Canary, Needle, needles

DEEPEST = 4  # packed in something packed in …
PACKED = list(BEGINNINGS)


@dataclass(frozen=True)
class Hit:
    place: str
    offset: int  # of its end, in what it was found in
    what: str
    encoding: str
    packed: int  # how many times

    def __str__(self) -> str:
        packed = ", packed" * self.packed
        return f"{self.what} in {self.place} before byte {self.offset}: {self.encoding}{packed}"


class Search:
    """For these canaries, in any number of streams."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self.needles: list[Needle] = needles(canaries)
        sought = [(needle.data, needle.any_case) for needle in self.needles]
        self._matcher = Matcher(sought + [(beginning, False) for beginning in PACKED])

    def look(self, place: str, pieces: Iterable[bytes]) -> Iterator[Hit]:
        """`place` is for the report, and is itself looked at: names tell, too."""
        for content in ([place.encode(errors="surrogateescape")], pieces):
            layer = _Layer(self, place, 0)
            for piece in content:
                yield from layer.feed(piece)
            layer.close()

    def stream(self) -> Stream:
        return self._matcher.stream()


class _Layer:
    """What lies at one depth: the file itself, or what came out of one packed thing in it."""

    def __init__(self, search: Search, place: str, depth: int) -> None:
        self._search, self._place, self._depth = search, place, depth
        self._stream: Stream | None = None
        self._seen = 0
        self._members: list[tuple[Member, _Layer]] = []

    def feed(self, piece: bytes) -> Iterator[Hit]:
        self._stream = self._stream or self._search.stream()
        view = memoryview(piece)
        yield from self._unpack(self._members, view)
        for match in self._stream.scan(piece):
            if match.index < len(self._search.needles):
                needle = self._search.needles[match.index]
                yield Hit(self._place, match.end, needle.what, needle.encoding, self._depth)
            elif self._depth < DEEPEST:
                member = Member(PACKED[match.index - len(self._search.needles)])
                begun = [(member, _Layer(self._search, self._place, self._depth + 1))]
                yield from self._unpack(begun, view[match.end - self._seen :])
                self._members += begun
        self._seen += len(piece)

    def close(self) -> None:
        for _, layer in self._members:
            layer.close()
        if self._stream:
            self._stream.close()

    @staticmethod
    def _unpack(members: list[tuple[Member, "_Layer"]], piece: memoryview) -> Iterator[Hit]:
        """Those that are over leave the list."""
        for member, layer in list(members):
            for content in member.unpack(piece):
                yield from layer.feed(content)
            if member.is_over:
                layer.close()
                members.remove((member, layer))
