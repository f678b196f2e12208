"""A command before a terminal, and what that shows."""

import codecs
import os
import pty
import re
import select
import subprocess
import termios

PATIENCE = 20.0  # seconds
FINDER = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]  # ISO/IEC 18004, in three corners
BLOCKS = {" ": "11", "▄": "10", "▀": "01", "█": "00"}  # what a character shows of the rows above and below; dark is 1


def modules_of(text: str) -> list[str]:
    """The QR code that a terminal shows, row by row, without its quiet zone."""
    rows: list[str] = []
    for line in re.findall(r"\x1b\[97;40m([ ▀▄█]+)\x1b\[0m", text):
        rows += ["".join(BLOCKS[character][half] for character in line) for half in (0, 1)]
    return [row[4:-4] for row in rows[4:] if "1" in row]


class Terminal:
    """Somebody at a terminal, before whom a command runs."""

    def __init__(self, *command: str) -> None:
        self._end, terminal = pty.openpty()
        self.process = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal)
        self.settings = lambda: termios.tcgetattr(terminal)
        self._terminal = terminal
        self._decoder = codecs.getincrementaldecoder("utf-8")()  # a read may end inside a character
        self.shown = ""

    def wait_for(self, text: str) -> str:
        while text not in self.shown:
            ready, _, _ = select.select([self._end], [], [], PATIENCE)
            if not ready:
                raise AssertionError(f"{text!r} did not appear: {self.shown}")
            self.shown += self._decoder.decode(os.read(self._end, 65536))
        return self.shown

    def type(self, text: str) -> None:
        os.write(self._end, f"{text}\n".encode())

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._end)
        os.close(self._terminal)
