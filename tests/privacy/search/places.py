"""Where traces may lie: trees of files, raw disks, what programs print. Each is read once, piece by piece."""

import errno
import os
import stat
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from scanner import Hit, Search

PIECE = 1 << 20  # bytes


def tree(search: Search, folder: Path, since_ns: int = 0, without: Iterable[Path] = ()) -> Iterator[Hit]:
    """Files below it that changed after `since_ns`, with their names, the targets of links and their extended attributes. Mounts inside are
    part of it. `without`: what is left out, with all below it."""
    left_out = set(without)
    waiting = list(folder.iterdir())  # which may be a link, as /proc/1/root is
    while waiting:
        path = waiting.pop()
        if path in left_out:
            continue
        try:
            status = path.lstat()
            if stat.S_ISDIR(status.st_mode):
                waiting += path.iterdir()
            if max(status.st_mtime_ns, status.st_ctime_ns) > since_ns:
                yield from _entry(search, folder, path, status)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it went while we looked


def _entry(search: Search, folder: Path, path: Path, status: os.stat_result) -> Iterator[Hit]:
    name = str(path.relative_to(folder))
    yield from search.look(name, _attributes(path))
    if stat.S_ISLNK(status.st_mode):
        yield from search.look(name, [os.readlink(os.fsencode(path))])
    elif stat.S_ISREG(status.st_mode):
        yield from _content(search, name, path)


def _content(search: Search, name: str, path: Path) -> Iterator[Hit]:
    with path.open("rb", buffering=0) as content:
        yield from search.look(name, iter(lambda: content.read(PIECE), b""))


def _attributes(path: Path) -> Iterator[bytes]:
    try:
        for name in os.listxattr(path, follow_symlinks=False):
            yield name.encode(errors="surrogateescape") + b"\n" + os.getxattr(path, name, follow_symlinks=False) + b"\n"
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.ENODATA, errno.EPERM):
            raise


def disk(search: Search, image: Path) -> Iterator[Hit]:
    """Every byte of it, used or not, but for holes of the file that it is."""
    yield from search.look(image.name, _without_holes(image))


def _without_holes(image: Path) -> Iterator[bytes]:
    with image.open("rb", buffering=0) as content:
        end = 0
        while (begin := _next_data(content.fileno(), end)) is not None:
            end = os.lseek(content.fileno(), begin, os.SEEK_HOLE)
            for offset in range(begin, end, PIECE):
                yield os.pread(content.fileno(), min(PIECE, end - offset), offset)


def _next_data(file: int, offset: int) -> int | None:
    try:
        return os.lseek(file, offset, os.SEEK_DATA)
    except OSError as error:
        if error.errno == errno.ENXIO:
            return None
        raise


def output(search: Search, name: str, command: list[str]) -> Iterator[Hit]:
    """What a program prints. One that fails has not told everything: that is an error."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout
        content = process.stdout
        yield from search.look(name, iter(lambda: content.read(PIECE), b""))
    if process.returncode != 0:
        raise AssertionError(f"{name}: {command[0]} ended with {process.returncode}")
