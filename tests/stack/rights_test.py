"""The table of rights, a test for each cell: stanzas made by hand, through nginx, Prosody and the focus, without any client's manners.

What may be done is read from the table itself (components/focus/rights/rights.h, whose copy for Prosody this is); that the table is the one
that was wanted is said in tests/unit/focus/rights.
"""

import json
import re
import unittest
from collections.abc import Callable
from typing import Any

from client import condition
from meeting import FOCUS, NAME, OWNER, Person, fresh, items, words
from trial import ROOT, Trial

ROLES = ("host", "co_host", "participant", "viewer")
REFUSALS = ("forbidden", "not-allowed", "not-authorized", "service-unavailable")
TABLE = {
    right: {role: cells.get(role) == "true" for role in ROLES} | {"switch": cells.get("switch", "").strip('"')}
    for right, cells in (
        (right, dict(re.findall(r'(\w+) = ("?\w+"?)', row)))
        for right, row in re.findall(r"^\t(\w+) = \{ (.*) \};$", (ROOT / "components/prosody/cloister_rights.lib.lua").read_text(), re.MULTILINE)
    )
}


class RightsTest(unittest.TestCase):
    """In every test a new room with one person of each role, and `other`, a participant to whom things are done."""

    trial: Trial
    stack: dict[str, Any]
    people: dict[str, Person]

    @classmethod
    def setUpClass(cls) -> None:
        cls.trial = Trial()
        cls.stack = cls.trial.__enter__()
        cls.addClassCleanup(cls.trial.__exit__)
        account = cls.stack["host"]
        cls.people = {"host": Person(cls.stack, domain=cls.stack["domain"], password=(account["name"], account["password"]))}
        for name in (*ROLES[1:], "other"):
            cls.people[name] = Person(cls.stack)
        for person in cls.people.values():
            cls.addClassCleanup(person.drop)

    def setUp(self) -> None:
        self.host, self.other = self.people["host"], self.people["other"]
        self.room = fresh("rights")
        self.assertEqual(self.host.request(self.room).get("type"), "result")
        for person in self.people.values():
            self.assertEqual(person.enter(self.room), "")
        # as a stock client makes a moderator
        self.assertEqual(self.host.admin(self.room, f"affiliation='owner' jid='{self.bare('co_host')}'"), "")
        self.assertEqual(self.host.admin(self.room, f"role='visitor' nick='{self.people['viewer'].nick}'"), "")
        for person in self.people.values():
            person.hear()

    def tearDown(self) -> None:
        for person in self.people.values():
            person.leave(self.room)

    def latecomer(self) -> Person:
        person = Person(self.stack)
        self.addCleanup(person.drop)
        return person

    def bare(self, name: str) -> str:
        return self.people[name].jid.split("/")[0]

    def nobody_was_told(self, nick: str) -> None:
        self.assertEqual(items(self.host.hear(), nick), [], "it changes nothing")

    def set_policy(self, **switches: bool) -> None:
        change = json.dumps({"key": "policy", "data": switches, "type": "room_metadata"})
        said = f"<room_metadata xmlns='http://jitsi.org/jitmeet' room='{self.host.room(self.room)}'>{change}</room_metadata>"
        self.assertEqual(self.change_policy(self.host, said), "")

    def change_policy(self, who: Person, said: str) -> str:
        """A component answers when it likes: waits for its verdict, or for the focus to say the new policy."""
        name = fresh("policy")
        who.send(f"<message xmlns='jabber:client' to='metadata.{self.stack['domain']}' id='{name}'>{said}</message>")

        def is_verdict(element: Any) -> bool:
            refused = element.get("type") == "error" and element.get("id") == name
            return refused or (element.get("from", "").endswith("/focus") and element.find(f"{{{FOCUS}}}conference-properties") is not None)

        return condition(who.next(is_verdict))


# What somebody does to use a right: the stanza error it meets, or nothing. Each looks, too, at what became of it.


def start(test: RightsTest, who: Person) -> str:
    room = fresh("new")
    answer = who.request(room)
    test.assertEqual(who.enter(room) == "", answer.get("type") == "result")
    who.leave(room)
    return condition(answer)


def end_for_all(test: RightsTest, who: Person) -> str:
    answer = who.ask(f"<query xmlns='{OWNER}'><destroy/></query>", "set", to=who.room(test.room))
    test.assertEqual(test.other.is_in(test.room), answer.get("type") == "error")
    return condition(answer)


def lock(test: RightsTest, who: Person) -> str:
    refused = who.configure(test.room, membersonly="1")
    late = test.latecomer()
    test.assertEqual(late.enter(test.room, f"<nick xmlns='{NAME}'>Late</nick>") == "", refused != "")
    return refused


def set_password(test: RightsTest, who: Person) -> str:
    refused = who.configure(test.room, roomsecret="sesame", whois="anyone")
    late = test.latecomer()
    test.assertEqual(late.enter(test.room) == "", refused != "")
    if not refused:
        test.assertEqual(late.enter(test.room, password="sesame"), "")
    return refused


def change_policy(test: RightsTest, who: Person) -> str:
    change = json.dumps({"key": "policy", "data": {"chat": False}, "type": "room_metadata"})
    said = f"<room_metadata xmlns='http://jitsi.org/jitmeet' room='{who.room(test.room)}'>{change}</room_metadata>"
    refused = test.change_policy(who, said)
    test.assertEqual(test.other.chat(test.room, "may I?"), "" if refused else "forbidden")
    return refused


def grant(test: RightsTest, who: Person) -> str:
    refused = who.admin(test.room, f"affiliation='admin' jid='{test.bare('other')}'")
    if refused:
        test.nobody_was_told(test.other.nick)
        test.assertIn(who.admin(test.room, f"role='moderator' nick='{test.other.nick}'"), REFUSALS)
        test.assertIn(who.admin(test.room, f"affiliation='member' jid='{test.bare('co_host')}'"), REFUSALS)
        test.assertIn(who.admin(test.room, f"role='visitor' nick='{test.other.nick}'"), REFUSALS)
        return refused
    test.assertEqual(items(test.other.hear(), test.other.nick), [("admin", "moderator")])
    test.assertEqual(who.admin(test.room, f"affiliation='none' jid='{test.bare('other')}'"), "")
    test.assertEqual(items(test.other.hear(), test.other.nick)[-1], ("member", "participant"), "taken back")
    return ""


def remove(test: RightsTest, who: Person) -> str:
    refused = who.admin(test.room, f"role='none' nick='{test.other.nick}'")
    test.assertEqual(test.other.is_in(test.room), refused != "")
    if refused:
        test.assertIn(who.admin(test.room, f"affiliation='outcast' jid='{test.bare('other')}'"), REFUSALS)
        test.assertTrue(test.other.is_in(test.room))
    else:
        test.assertEqual(test.other.enter(test.room), "forbidden", "and stays out")
    return refused


def admit(test: RightsTest, who: Person) -> str:
    test.assertEqual(test.host.configure(test.room, membersonly="1"), "")
    late = test.latecomer()
    name = f"<nick xmlns='{NAME}'>Late</nick>"
    test.assertEqual(late.enter(test.room, name), "registration-required")
    refused = who.invite(test.room, late.jid)
    test.assertEqual(late.enter(test.room, name), "registration-required" if refused else "")
    return refused


def muting(what: str) -> Callable[[RightsTest, Person], str]:
    def mute(test: RightsTest, who: Person) -> str:
        refused = who.mute(test.room, test.other.nick, what)
        asked = [e for e in test.other.hear() if e.find(f"{{http://jitsi.org/jitmeet/{what}}}mute") is not None]
        test.assertEqual(len(asked), 0 if refused else 1)
        return refused

    return mute


def sending(what: str) -> Callable[[RightsTest, Person], str]:
    return lambda test, who: who.mute(test.room, who.nick, what, on="false")


def chat(test: RightsTest, who: Person) -> str:
    refused = who.chat(test.room, "good morning")
    test.assertEqual(words(test.other.hear()), [] if refused else ["good morning"])
    return refused


def private_chat(test: RightsTest, who: Person) -> str:
    refused, _ = who.say("message", f"{who.room(test.room)}/{test.other.nick}", "<body>psst</body>", " type='chat'")
    test.assertEqual(words(test.other.hear()), [] if refused else ["psst"])
    return refused


def reactions(test: RightsTest, who: Person) -> str:
    reaction = "<reactions xmlns='urn:xmpp:reactions:0' id='x'><reaction>👍</reaction></reactions>"
    refused, _ = who.say("message", who.room(test.room), reaction, " type='groupchat'")
    seen = [e for e in test.other.hear() if e.find("{urn:xmpp:reactions:0}reactions") is not None]
    test.assertEqual(len(seen), 0 if refused else 1)
    return refused


def shown(test: RightsTest, who: Person, content: str, path: str) -> tuple[str, str]:
    """What our presence is answered with, and what others see of it afterwards."""
    heard = who.presence(test.room, content)[1]
    errors = [condition(e) for e in heard if e.get("type") == "error"]
    seen = [e for e in test.other.hear() if e.get("from", "").endswith(f"/{who.nick}")]
    test.assertEqual(len(seen), 1, "the rest of the presence counts")
    return (errors[0] if errors else ""), seen[0].findtext(path) or ""


def raise_hand(test: RightsTest, who: Person) -> str:
    refused, hand = shown(test, who, "<jitsi_participant_raisedHand>1</jitsi_participant_raisedHand>", "{*}jitsi_participant_raisedHand")
    test.assertEqual(hand, "" if refused else "1")
    return refused


def rename(test: RightsTest, who: Person) -> str:
    refused, name = shown(test, who, f"<nick xmlns='{NAME}'>Another</nick>", "{*}nick")
    test.assertEqual(name, "Before" if refused else "Another")
    return refused


def record(test: RightsTest, who: Person) -> str:
    jibri = "<jibri xmlns='http://jitsi.org/protocol/jibri' action='start' recording_mode='file'/>"
    return condition(who.ask(jibri, "set", to=f"{who.room(test.room)}/focus"))


ACTIONS: dict[str, Callable[[RightsTest, Person], str]] = {
    "start": start,
    "end_for_all": end_for_all,
    "lock": lock,
    "set_password": set_password,
    "change_policy": change_policy,
    "grant": grant,
    "remove": remove,
    "admit": admit,
    "mute_others": muting("audio"),
    "stop_cameras": muting("video"),
    "control_sharing": muting("desktop"),
    "microphone": sending("audio"),
    "camera": sending("video"),
    "screen": sending("desktop"),
    "chat": chat,
    "private_chat": private_chat,
    "reactions": reactions,
    "raise_hand": raise_hand,
    "rename": rename,
    "record": record,
}


def _cell(right: str, role: str) -> Callable[[RightsTest], None]:
    def test(self: RightsTest) -> None:
        self.people[role].presence(self.room, f"<nick xmlns='{NAME}'>Before</nick>")
        for person in self.people.values():
            person.hear()
        refused = ACTIONS[right](self, self.people[role])
        if TABLE[right][role]:
            self.assertEqual(refused, "")
        else:
            self.assertIn(refused, REFUSALS)

    return test


def _switched_off(right: str, role: str) -> Callable[[RightsTest], None]:
    def test(self: RightsTest) -> None:
        self.people[role].presence(self.room, f"<nick xmlns='{NAME}'>Before</nick>")
        self.set_policy(**{str(TABLE[right]["switch"]): False})
        for person in self.people.values():
            person.hear()
        refused = ACTIONS[right](self, self.people[role])
        if role in ("host", "co_host"):
            self.assertEqual(refused, "", "who leads keeps it")
        else:
            self.assertIn(refused, REFUSALS)

    return test


for _right in ACTIONS:
    for _role in ROLES:
        setattr(RightsTest, f"test_{_right}_of_{_role}", _cell(_right, _role))
        if TABLE[_right]["switch"]:
            setattr(RightsTest, f"test_{_right}_switched_off_for_{_role}", _switched_off(_right, _role))


class TableTest(unittest.TestCase):
    def test_every_right_is_tried(self) -> None:
        # breakout rooms: tests/stack/services_test.py
        self.assertEqual(set(TABLE) - set(ACTIONS), {"manage_breakout_rooms"})


if __name__ == "__main__":
    unittest.main()
