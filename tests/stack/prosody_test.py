"""What our settings and modules make of Prosody, asked by a participant through nginx."""

import unittest
import xml.etree.ElementTree as ET

from client import Participant, Refused, condition
from service import Service
from trial import Trial

DISCO = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
PING = "<ping xmlns='urn:xmpp:ping'/>"


class ProsodyTest(unittest.TestCase):
    trial: Trial

    @classmethod
    def setUpClass(cls) -> None:
        cls.trial = Trial("--without", "focus,bridge,gate")
        cls.stack = cls.trial.__enter__()
        cls.addClassCleanup(cls.trial.__exit__)

    def guest(self, query: str = "") -> Participant:
        participant = Participant(self.stack, query=query)
        self.addCleanup(participant.drop)
        return participant

    def test_guest_name_starts_with_eight_hex_digits(self) -> None:
        self.assertRegex(self.guest().sign_in().jid, r"^[0-9a-f]{8}-[^@]*@guest\.cloister\.internal/.")

    def test_every_guest_gets_another_name(self) -> None:
        self.assertNotEqual(self.guest().sign_in().jid, self.guest().sign_in().jid)

    def test_lost_guest_resumes_under_its_old_name(self) -> None:
        lost = self.guest().sign_in()
        previous = lost.enable_resumption()
        lost.drop()
        back = self.guest(query=f"?room=x&previd={previous}")
        resumed = back.resume(previous, handled=0)
        self.assertTrue(resumed.tag.endswith("resumed"), resumed.tag)
        back.send("<presence xmlns='jabber:client' to='r@conference.cloister.internal/n'/>")
        self.assertEqual(back.next(lambda e: e.tag.endswith("presence")).get("to"), lost.jid)

    def test_resumption_without_the_id_in_the_address_is_refused(self) -> None:
        lost = self.guest().sign_in()
        previous = lost.enable_resumption()
        lost.drop()
        self.assertTrue(self.guest().resume(previous, handled=0).tag.endswith("failed"))

    def test_invented_id_gives_a_new_name(self) -> None:
        lost = self.guest().sign_in()
        lost.enable_resumption()
        lost.drop()
        other = self.guest(query="?previd=AAAAAAAAAAAAAAAAAAAAAAAA").sign_in()
        self.assertNotEqual(other.jid.split("@")[0], lost.jid.split("@")[0])

    def test_main_domain_announces_and_answers_ping(self) -> None:
        guest = self.guest().sign_in()
        features = [f.get("var") for f in guest.ask(DISCO).findall(".//{*}feature")]
        self.assertIn("urn:xmpp:ping", features)
        self.assertEqual(guest.ask(PING).get("type"), "result")

    def test_only_the_focus_opens_a_room(self) -> None:
        answer = self.guest().sign_in().join("some-room", "n")
        self.assertEqual(condition(answer), "not-allowed")
        # clients compare this text before they try again
        self.assertEqual(answer.findtext(".//{*}text"), "Room creation is restricted")

    def test_nickname_of_the_focus_is_kept_for_it(self) -> None:
        self.open_room("reserved")
        guest = self.guest().sign_in()
        for nick in ("focus", "Focus"):
            with self.subTest(nick):
                self.assertEqual(condition(guest.join("reserved", nick)), "conflict")

    def test_focus_owns_the_room_and_guests_do_not(self) -> None:
        own = self.open_room("owned")
        self.assertEqual(own.find(".//{*}item").get("affiliation"), "owner")
        guest = self.guest().sign_in()
        first = guest.join("owned", "abcd1234")
        self.assertTrue(first.get("from").endswith("/focus"))
        self.assertEqual(first.find(".//{*}item").get("jid"), "focus@auth.cloister.internal/focus")
        mine = guest.next(lambda e: e.get("from", "").endswith("/abcd1234"))
        self.assertEqual(mine.find(".//{*}item").get("affiliation"), "none")

    def open_room(self, room: str) -> ET.Element:
        focus = Service(self.stack, "focus", self.trial.secret("focus"), "focus")
        self.addCleanup(focus.close)
        return focus.join(room, "focus")

    def test_brewery_is_closed_to_guests(self) -> None:
        guest = self.guest().sign_in()
        self.assertEqual(condition(guest.join("jvbbrewery@internal.auth.cloister.internal", "x")), "service-unavailable")
        for target in ("internal.auth.cloister.internal", "jvbbrewery@internal.auth.cloister.internal"):
            with self.subTest(target):
                self.assertEqual(condition(guest.ask(DISCO, to=target)), "service-unavailable")

    def test_service_accounts_cannot_be_tried_from_a_browser(self) -> None:
        with self.assertRaises(Refused):
            Participant(self.stack, domain="auth.cloister.internal").sign_in()

    def test_conference_request_says_when_the_focus_is_away(self) -> None:
        request = "<conference xmlns='http://jitsi.org/protocol/focus' room='r@conference.cloister.internal'/>"
        answer = self.guest().sign_in().ask(request, "set", to="focus.cloister.internal")
        self.assertEqual(condition(answer), "remote-server-timeout")

    def test_malformed_stanzas_end_only_their_own_session(self) -> None:
        witness, culprit = self.guest().sign_in(), self.guest().sign_in()
        culprit.send("<iq xmlns='jabber:client' type='get' id='1'><unclosed></iq>")
        with self.assertRaises(ConnectionError):
            culprit.next(lambda _: False)
        self.assertEqual(witness.ask(PING).get("type"), "result")


if __name__ == "__main__":
    unittest.main()
