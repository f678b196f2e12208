"""A meeting is stormed: its host is helped, its guests stay, and the firewall guard hears of the busiest sources."""

import os
import socket
import struct
import tempfile
import unittest
from pathlib import Path
from typing import Any

from meeting import FOCUS, NAME, Person, fresh, words
from trial import Trial

NAMED = f"<nick xmlns='{NAME}'>Nora</nick>"
JOINS, BAN_JOINS, HOUR, MOST = 50, 5, 3600, 100


class Guard:
    """Takes requests as the firewall guard does (hardening/firewall/protocol), and answers none: nobody waits."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "guard"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.bind(str(self.path))
        os.chmod(self.path, 0o777)
        self._socket.listen(64)
        self._socket.settimeout(10)

    def ban(self) -> tuple[int, list[str]]:
        """Seconds and addresses of the next one that is asked for."""
        asking, _ = self._socket.accept()
        with asking:
            record = asking.recv(4096)
        version, kind, seconds, v4, v6 = struct.unpack("!BBIHH", record[:10])
        assert (version, kind, v6) == (1, 2, 0), record
        return seconds, [socket.inet_ntoa(record[10 + 4 * i : 14 + 4 * i]) for i in range(v4)]

    def is_quiet(self) -> bool:
        self._socket.settimeout(0.2)
        try:
            self._socket.accept()[0].close()
        except TimeoutError:
            return True
        return False

    def close(self) -> None:
        self._socket.close()


class CrowdTest(unittest.TestCase):
    stack: dict[str, Any]

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="cloister-guard-")
        cls.addClassCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        cls.guard = Guard(Path(folder.name))
        cls.addClassCleanup(cls.guard.close)
        trial = Trial("--guard-socket", str(cls.guard.path))
        cls.stack = trial.__enter__()
        cls.addClassCleanup(trial.__exit__)

    def guest(self, **how: Any) -> Person:
        person = Person(self.stack, **how)
        self.addCleanup(person.drop)
        return person

    def meeting(self) -> tuple[str, Person]:
        account, room = self.stack["host"], fresh("storm")
        host = self.guest(domain=self.stack["domain"], password=(account["name"], account["password"]), source="127.0.1.1")
        self.assertEqual(host.request(room).get("type"), "result")
        self.assertEqual(host.enter(room, NAMED), "")
        return room, host

    def wait_until_strict(self, host: Person) -> None:
        """The host is told in words, then all by the focus's presence."""
        told = host.next(lambda e: e.tag.endswith("}message") and e.find("{*}body") is not None)
        self.assertIn("The lobby is on now", words([told])[0])
        wanted = f".//{{{FOCUS}}}property[@key='most-participants']"
        said = host.next(lambda e: e.get("from", "").endswith("/focus") and e.find(wanted) is not None)
        self.assertEqual(said.find(wanted).get("value"), str(MOST))

    def test_storm_from_one_address_is_met_with_lobby_and_ban(self) -> None:
        room, host = self.meeting()
        pupil = self.guest(source="127.0.1.2")
        self.assertEqual(pupil.enter(room, NAMED), "")
        stormer = self.guest(source="127.0.6.6")
        for _ in range(JOINS):  # in and out again
            stormer.enter(room, NAMED)
            stormer.leave(room)
        self.wait_until_strict(host)
        self.assertEqual(self.guard.ban(), (HOUR, ["127.0.6.6"]))
        self.assertTrue(self.guard.is_quiet(), "neither the host's nor the pupil's")
        self.assertTrue(pupil.is_in(room), "who is in stays")
        late = self.guest(source="127.0.1.3")
        self.assertEqual(late.enter(room, NAMED), "registration-required")
        self.assertEqual(host.invite(room, late.jid), "")
        self.assertEqual(late.enter(room, NAMED), "")

    def test_storm_from_many_networks_is_met_with_the_lobby(self) -> None:
        room, host = self.meeting()
        for network in range(31):
            self.assertEqual(self.guest(source=f"127.1.{network}.1").enter(room, NAMED), "", network)
        self.wait_until_strict(host)
        self.assertTrue(self.guard.is_quiet(), "nobody came often")
        self.assertEqual(self.guest(source="127.2.1.1").enter(room, NAMED), "registration-required")

    def test_what_the_focus_is_told_nobody_else_says_or_hears(self) -> None:
        room, _ = self.meeting()
        guest = self.guest(source="127.0.1.4")
        self.assertEqual(guest.enter(room, NAMED), "")
        crowd = "<crowd xmlns='urn:cloister:crowd:0'><network tag='x' joins='1000'/></crowd>"
        for to in (f"{guest.room(room)}/focus", self.stack["focus"], f"{self.stack['focus_user']}/focus"):
            self.assertEqual(guest.ask(crowd, "set", to=to).get("type"), "error")
        sources = "<sources xmlns='urn:cloister:crowd:0' joins='1' seconds='60'/>"
        self.assertEqual(guest.ask(sources, "get", to=guest.room(room)).get("type"), "error")
        self.assertEqual(self.guest(source="127.0.1.5").enter(room, NAMED), "", "no alarm")


if __name__ == "__main__":
    unittest.main()
