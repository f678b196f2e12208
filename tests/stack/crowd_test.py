"""A meeting is stormed: its host is helped, its guests stay, and the firewall guard hears of the busiest sources."""

import os
import socket
import struct
import tempfile
import unittest
from pathlib import Path

from meeting import FOCUS, NAMED, MeetingTest, Person, fresh, words

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


class CrowdTest(MeetingTest):
    guard: Guard

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="cloister-guard-")
        cls.addClassCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        cls.guard = Guard(Path(folder.name))
        cls.addClassCleanup(cls.guard.close)
        cls.options = ("--guard-socket", str(cls.guard.path))
        super().setUpClass()

    def setUp(self) -> None:
        self.room = fresh("storm")
        self.teacher = self.meeting(self.room, source="127.0.1.1")

    def storm(self) -> Person:
        """In and out again, from one address, after one who stays: more than the focus takes for chance. Gives who stayed."""
        pupil = self.guest(source="127.0.1.2")
        self.assertEqual(pupil.enter(self.room, NAMED), "")
        stormer = self.guest(source="127.0.6.6")
        for _ in range(JOINS):
            stormer.enter(self.room, NAMED)
            stormer.leave(self.room)
        self.wait_until_strict()
        self.assertEqual(self.guard.ban(), (HOUR, ["127.0.6.6"]))
        return pupil

    def wait_until_strict(self) -> None:
        """The host is told in words, then all by the focus's presence."""
        told = self.teacher.next(lambda e: e.tag.endswith("}message") and e.find("{*}body") is not None)
        self.assertIn("The lobby is on now", words([told])[0])
        wanted = f".//{{{FOCUS}}}property[@key='most-participants']"
        said = self.teacher.next(lambda e: e.get("from", "").endswith("/focus") and e.find(wanted) is not None)
        self.assertEqual(said.find(wanted).get("value"), str(MOST))

    def admitted(self, person: Person) -> str:
        """What the door says to somebody whom the host lets in."""
        self.assertEqual(person.enter(self.room, NAMED), "registration-required")
        self.assertEqual(self.teacher.invite(self.room, person.jid), "")
        return person.enter(self.room, NAMED)

    def test_storm_from_one_address_is_met_with_lobby_and_ban(self) -> None:
        pupil = self.storm()
        self.assertTrue(self.guard.is_quiet(), "neither the host's nor the pupil's address")
        self.assertTrue(pupil.is_in(self.room), "who is in stays")
        self.assertEqual(self.admitted(self.guest(source="127.0.1.3")), "")

    def test_stormed_meeting_takes_a_hundred_and_those_who_lead(self) -> None:
        self.storm()
        for number in range(3, MOST + 1):
            self.assertEqual(self.admitted(self.guest(source="127.0.1.3")), "", number)
        late = self.guest(source="127.0.1.3")
        self.assertEqual(late.enter(self.room, NAMED), "service-unavailable")
        self.assertEqual(self.teacher.invite(self.room, late.jid), "")
        self.assertEqual(late.enter(self.room, NAMED), "service-unavailable", "nor when it is let in: the meeting is full")
        self.assertEqual(self.teacher.admin(self.room, f"affiliation='admin' jid='{late.jid.split('/')[0]}'"), "")
        self.assertEqual(late.enter(self.room, NAMED), "", "a co-host")
        self.assertEqual(self.host(source="127.0.1.1").enter(self.room, NAMED), "", "the host's second device")
        self.assertEqual(self.guest(source="127.0.1.3").enter(self.room, NAMED), "service-unavailable")

    def test_storm_from_many_networks_is_met_with_the_lobby(self) -> None:
        for network in range(31):
            self.assertEqual(self.guest(source=f"127.1.{network}.1").enter(self.room, NAMED), "", network)
        self.wait_until_strict()
        self.assertTrue(self.guard.is_quiet(), "nobody came often")
        self.assertEqual(self.guest(source="127.2.1.1").enter(self.room, NAMED), "registration-required")

    def test_what_the_focus_is_told_nobody_else_says_or_hears(self) -> None:
        guest = self.guest(source="127.0.1.4")
        self.assertEqual(guest.enter(self.room, NAMED), "")
        crowd = "<crowd xmlns='urn:cloister:crowd:0'><network tag='x' joins='1000'/></crowd>"
        for to in (f"{guest.room(self.room)}/focus", self.stack["focus"], f"{self.stack['focus_user']}/focus"):
            self.assertEqual(guest.ask(crowd, "set", to=to).get("type"), "error")
        sources = "<sources xmlns='urn:cloister:crowd:0' joins='1' seconds='60'/>"
        self.assertEqual(guest.ask(sources, "get", to=guest.room(self.room)).get("type"), "error")
        self.assertEqual(self.guest(source="127.0.1.5").enter(self.room, NAMED), "", "no alarm")


if __name__ == "__main__":
    unittest.main()
