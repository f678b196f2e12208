"""Progress goes to standard error; standard output carries the link, or the one line of JSON."""

import sys


class Failure(Exception):
    """Ends the command with one clear sentence."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Progress:
    """A percentage that moves: rewritten in place on a terminal, a line per tenth elsewhere."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._shown = -1
        self._on_terminal = sys.stderr.isatty()

    def update(self, done: int, total: int) -> None:
        step = 100 if self._on_terminal else 10
        reached = done * step // max(total, 1)
        if reached <= self._shown:
            return
        self._shown = reached
        end = "\r" if self._on_terminal else "\n"
        print(f"{self._label}: {done} of {total}", end=end, file=sys.stderr, flush=True)

    def finish(self) -> None:
        if self._on_terminal and self._shown >= 0:
            print(file=sys.stderr, flush=True)
