"""What goes to everybody in a room (components/prosody/mod_cloister_fan_out.lua): the same for all, whole, in order, once."""

import unittest
import xml.etree.ElementTree as ET

from client import CLIENT, MUC, Participant
from meeting import NAMED, MeetingTest, Person, fresh, items, words

HAND = "jitsi_participant_raisedHand"


def seen(heard: list[ET.Element], nick: str) -> ET.Element:
    """The latest presence of somebody."""
    return [e for e in heard if e.tag.endswith("}presence") and e.get("from", "").endswith(f"/{nick}")][-1]


class FanOutTest(MeetingTest):
    def setUp(self) -> None:
        self.room = fresh("many")
        self.teacher = self.meeting(self.room)

    def enters(self, content: str = NAMED) -> Person:
        guest = self.guest()
        self.assertEqual(guest.enter(self.room, content), "")
        return guest

    def list_of_a_newcomer(self) -> list[ET.Element]:
        return self.guest().presence(self.room, f"<x xmlns='{MUC}'/>{NAMED}")[1]

    def test_newcomers_see_everybody_as_they_are_now(self) -> None:
        aide, viewer, pupil = self.enters(), self.enters(), self.enters(f"{NAMED}<about>a &amp; b &lt;c&gt; 'd' ä</about>")
        heard = self.list_of_a_newcomer()
        self.assertEqual({nick: items(heard, nick) for nick in (aide.nick, viewer.nick)}, dict.fromkeys((aide.nick, viewer.nick), [("none", "participant")]))
        self.assertEqual(seen(heard, pupil.nick).findtext("{*}about"), "a & b <c> 'd' ä")
        self.assertEqual(seen(heard, pupil.nick).find(".//{*}item").get("jid"), pupil.jid)
        self.assertEqual(self.teacher.admin(self.room, f"affiliation='admin' jid='{aide.jid.split('/')[0]}'"), "")
        self.assertEqual(self.teacher.admin(self.room, f"role='visitor' nick='{viewer.nick}'"), "")
        self.assertEqual(pupil.presence(self.room, f"{NAMED}<{HAND}>1</{HAND}>")[0], "")
        heard = self.list_of_a_newcomer()
        self.assertEqual(items(heard, aide.nick), [("admin", "moderator")])
        self.assertEqual(items(heard, viewer.nick), [("none", "visitor")])
        self.assertEqual([seen(heard, pupil.nick).findtext(f"{{*}}{what}") for what in (HAND, "about")], ["1", None])
        self.assertEqual(items(heard, self.teacher.nick), [("owner", "moderator")])

    def test_everybody_gets_all_in_the_order_in_which_it_happened(self) -> None:
        readers = [self.enters() for _ in range(3)]
        for reader in readers:
            reader.hear()
        said = [str(number) * (1 + 40 * number) for number in range(10)]  # frames of both kinds of length
        for line in said:
            self.teacher.chat(self.room, line)
            self.teacher.presence(self.room, f"{NAMED}<status>{line}</status>")
        for reader in readers:
            heard = [e for e in reader.hear() if e.get("from", "").endswith(f"/{self.teacher.nick}")]
            self.assertEqual([e.findtext("{*}body") or e.findtext("{*}status") for e in heard], [line for line in said for _ in range(2)])
            self.assertEqual({e.get("to") for e in heard}, {reader.jid})

    def test_who_lost_the_connection_gets_each_word_once(self) -> None:
        reader = self.guest()
        previous = reader.enable_resumption()
        self.assertEqual(reader.enter(self.room, NAMED), "")
        self.teacher.chat(self.room, "you read this")
        self.assertEqual(words(reader.hear()), ["you read this"])
        for number in range(5):
            self.teacher.chat(self.room, f"on the way {number}")
        reader.drop()
        for number in range(5):
            self.teacher.chat(self.room, f"while you were away {number}")
        self.teacher.presence(self.room, f"{NAMED}<status>still here</status>")
        back = Participant(self.stack, query=f"?previd={previous}")
        self.addCleanup(back.drop)
        self.assertTrue(back.resume(previous, 0).tag.endswith("}resumed"))
        heard: list[ET.Element] = []
        back.next(lambda e: heard.append(e) or e.findtext("{*}status") == "still here")
        expected = ["you read this"] + [f"{when} {n}" for when in ("on the way", "while you were away") for n in range(5)]
        self.assertEqual(words(heard), expected)
        back.send(f"<message xmlns='{CLIENT}' to='{self.room}@{self.stack['muc']}' type='groupchat'><body>back</body></message>")
        self.assertEqual(back.next(lambda e: e.findtext("{*}body") == "back").tag, f"{{{CLIENT}}}message")


if __name__ == "__main__":
    unittest.main()
