"""Who uses an installed server: people outside."""

import json
import subprocess
import sys
from typing import Any

from server import LOAD, NAME, ROOT, Server

NAMED, PASSWORD = "teacher", "a pupil would not guess"
VISIT = """
import json, sys, urllib.request
answer = urllib.request.urlopen(sys.argv[1], timeout=10)
print(json.dumps({"url": answer.url, "headers": {k.lower(): v for k, v in answer.headers.items()}, "body": answer.read().decode()}))
"""


def visit(server: Server, url: str) -> dict[str, Any]:
    """What a browser sees there."""
    said = server.outside.run("env", f"SSL_CERT_FILE={server.trusted()}", sys.executable, "-c", VISIT, url)
    found: dict[str, Any] = json.loads(said)
    return found


def make_account(server: Server) -> None:
    server.run(["cloister", "host", "add", NAMED], stdin=f"{PASSWORD}\n")


def facts(server: Server) -> dict[str, Any]:
    """Where the server is for hand-made stanzas, as `appliance/try --json` says of itself."""
    return {
        "domain": "cloister.internal",
        "guest_domain": "guest.cloister.internal",
        "muc": "conference.cloister.internal",
        "focus": "focus.cloister.internal",
        "websocket": f"wss://{NAME}/xmpp-websocket",
        "ca": server.trusted(),
    }


class Host:
    """Somebody with an account, who opens a meeting from outside and stays in it."""

    def __init__(self, server: Server, room: str) -> None:
        script = str(ROOT / "tests" / "ansible" / "host.py")
        self._command = server.outside.command(sys.executable, "-B", script, json.dumps(facts(server)), room, NAMED, PASSWORD)

    def __enter__(self) -> None:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self._process.stdout and self._process.stderr
        if self._process.stdout.readline() != "open\n":
            raise AssertionError(f"the host does not get in: {self._process.stderr.read()}")

    def __exit__(self, *_: object) -> None:
        self._process.communicate("")


class Participants:
    """Three from outside who talk and are seen for so many seconds, in a meeting that a host has opened."""

    def __init__(self, server: Server, room: str, seconds: int = 3) -> None:
        load = [str(LOAD), "--url", f"https://{NAME}/{room}", "--ca-file", server.trusted(), "--i-own-this-server", "--json"]
        three = ["--participants", "3", "--senders", "all", "--talkers", "3", "--layers", "1", "--seconds", str(seconds)]
        self._process = subprocess.Popen(server.outside.command(*load, *three), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait_until_in(self) -> None:
        assert self._process.stderr
        said = ""
        while "Measuring" not in (line := self._process.stderr.readline()):
            said += line
            if not line:
                raise AssertionError(f"they do not get in: {said}")

    def received(self) -> dict[str, Any]:
        """How many were in it to the end, how many of them received everybody's audio and video, and what went wrong."""
        said, why = self._process.communicate()
        if not said:
            raise AssertionError(f"the participants' program failed: {why}")
        totals = json.loads(said)["totals"]
        return {name: totals[name] for name in ("in_call", "complete", "errors")}


ALL = {"in_call": 3, "complete": 3, "errors": {}}


def meet(server: Server, room: str) -> dict[str, Any]:
    with Host(server, room):
        return Participants(server, room).received()
