"""The table of rights, a test for each cell: stanzas made by hand, through nginx, Prosody and the focus, without any client's manners.

What may be done is read from the table itself (components/focus/rights/rights.h, whose copy for Prosody this is); that the table is the one
that was wanted is said in tests/unit/focus/rights.
"""

import json
import re
import unittest
from collections.abc import Callable
from typing import Any

from caller import Caller, content, source
from client import condition
from meeting import FOCUS, NAME, OWNER, MeetingTest, Person, fresh, items, json_said, words
from trial import ROOT

ROLES = ("host", "co_host", "participant", "viewer")
REFUSALS = ("forbidden", "not-allowed", "not-authorized", "service-unavailable")
TABLE = {
    right: {role: cells.get(role) == "true" for role in ROLES} | {"switch": cells.get("switch", "").strip('"')}
    for right, cells in (
        (right, dict(re.findall(r'(\w+) = ("?\w+"?)', row)))
        for right, row in re.findall(r"^\t(\w+) = \{ (.*) \};$", (ROOT / "components/prosody/cloister_rights.lib.lua").read_text(), re.MULTILINE)
    )
}


class RightsTest(MeetingTest):
    """In every test a new room with one person of each role, and `other`, a participant to whom things are done."""

    people: dict[str, Person]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.people = {"host": Person(cls.stack, **cls.account())}
        for name in (*ROLES[1:], "other"):
            cls.people[name] = Person(cls.stack)
        for person in cls.people.values():
            cls.addClassCleanup(person.drop)

    def setUp(self) -> None:
        self.teacher, self.other = self.people["host"], self.people["other"]
        self.room = fresh("rights")
        self.assertEqual(self.teacher.request(self.room).get("type"), "result")
        for person in self.people.values():
            self.assertEqual(person.enter(self.room), "")
        for role in ROLES:
            self.make(role, self.people[role])
        for person in self.people.values():
            person.hear()

    def tearDown(self) -> None:
        for person in self.people.values():
            person.leave(self.room)

    def make(self, role: str, person: Person) -> None:
        if role == "co_host":  # as a stock client makes a moderator
            self.assertEqual(self.teacher.admin(self.room, f"affiliation='owner' jid='{person.jid.split('/')[0]}'"), "")
        elif role == "viewer":
            self.assertEqual(self.teacher.admin(self.room, f"role='visitor' nick='{person.nick}'"), "")

    def caller(self, role: str) -> Caller:
        """Another one of this role, who takes part in the call."""
        caller = Caller(self.stack, **(self.account() if role == "host" else {}))
        self.addCleanup(caller.drop)
        self.assertEqual(caller.enter(self.room), "")
        self.make(role, caller)
        caller.take_call(self.room)
        return caller

    def role_of(self, person: Person) -> str:
        return next(role for role in ROLES if self.people[role] is person)

    def bare(self, name: str) -> str:
        return self.people[name].jid.split("/")[0]

    def nobody_was_told(self, nick: str) -> None:
        self.assertEqual(items(self.teacher.hear(), nick), [], "it changes nothing")

    def set_policy(self, **switches: bool) -> None:
        change = json.dumps({"key": "policy", "data": switches, "type": "room_metadata"})
        said = f"<room_metadata xmlns='http://jitsi.org/jitmeet' room='{self.teacher.room(self.room)}'>{change}</room_metadata>"
        self.assertEqual(self.change_policy(self.teacher, said), "")

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
    late = test.guest()
    test.assertEqual(late.enter(test.room, f"<nick xmlns='{NAME}'>Late</nick>") == "", refused != "")
    return refused


def set_password(test: RightsTest, who: Person) -> str:
    refused = who.configure(test.room, roomsecret="sesame", whois="anyone")
    late = test.guest()
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
    test.assertEqual(test.teacher.configure(test.room, membersonly="1"), "")
    late = test.guest()
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


SOURCES = {
    "audio": lambda nick: content("audio", source(5000, f"{nick}-a0", "own audio")),
    "video": lambda nick: content("video", source(5001, f"{nick}-v0", "own camera", "camera")),
    "desktop": lambda nick: content("video", source(5002, f"{nick}-v1", "own screen", "desktop")),
}


def sending(what: str) -> Callable[[RightsTest, Person], str]:
    """To unmute oneself; and, in the call, to announce a source, of which the others hear."""

    def send(test: RightsTest, who: Person) -> str:
        refused = who.mute(test.room, who.nick, what, on="false")
        caller, listener = test.caller(test.role_of(who)), test.caller("participant")
        added = caller.jingle(test.room, "source-add", SOURCES[what](caller.nick))
        test.assertEqual(added, "not-allowed" if refused else "")
        listener.hear()
        test.assertEqual(caller.nick in listener.announced, not refused)
        return refused

    return send


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


def manage_breakout_rooms(test: RightsTest, who: Person) -> str:
    """A component answers when it likes: with a refusal, or by telling all of the new room."""
    component, kind = f"breakout.{test.stack['domain']}", "features/breakout-rooms"
    name = fresh("Group ")

    def tell(payload: str) -> str:
        said = fresh("breakout")
        who.send(f"<message xmlns='jabber:client' to='{component}' id='{said}'><breakout_rooms {payload}/></message>")
        return said

    def find(element: Any) -> str:
        rooms = json_said(element).get("rooms", {}) if element.get("from") == component else {}
        return next((str(room["jid"]) for room in rooms.values() if room["name"] == name), "")

    asked = tell(f"type='{kind}/add' subject='{name}'")
    verdict = who.next(lambda e: (e.get("type") == "error" and e.get("id") == asked) or find(e) != "")
    test.assertEqual(any(find(e) for e in test.other.hear()), condition(verdict) == "")
    if jid := find(verdict):
        tell(f"type='{kind}/remove' breakoutRoomJid='{jid}'")
    return condition(verdict)


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
    "manage_breakout_rooms": manage_breakout_rooms,
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
        self.assertEqual(set(TABLE), set(ACTIONS))


if __name__ == "__main__":
    unittest.main()
