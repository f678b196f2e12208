"""A hostile guest, who speaks XMPP and no manners, in a meeting of three. Whatever it tries fails, and the meeting goes on."""

import unittest
import xml.etree.ElementTree as ET
from typing import Any

from caller import JINGLE, Caller, content, source
from client import CLIENT, MUC, condition
from meeting import NAME, OWNER, PING, USER, MeetingTest, Person, fresh, items, words


class HostileTest(MeetingTest):
    teacher: Person

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.teacher = Person(cls.stack, **cls.account())
        cls.addClassCleanup(cls.teacher.drop)

    def setUp(self) -> None:
        self.room = fresh("hostile")
        self.assertEqual(self.teacher.request(self.room).get("type"), "result")
        self.assertEqual(self.teacher.enter(self.room), "")
        self.victim, self.mallory = self.enters(), self.enters()
        self.teacher.hear()
        self.addCleanup(self.teacher.leave, self.room)
        self.addCleanup(self.meeting_goes_on)

    def enters(self) -> Caller:
        person = Caller(self.stack)
        self.addCleanup(person.drop)
        self.assertEqual(person.enter(self.room), "")
        return person

    def meeting_goes_on(self) -> None:
        self.assertTrue(self.teacher.is_in(self.room))
        late = self.guest(source="127.0.9.9")  # not from where somebody may have been removed
        self.assertEqual(late.enter(self.room), "")
        self.assertEqual(self.teacher.chat(self.room, "still here"), "")
        self.assertEqual(words(late.hear()), ["still here"])
        services = self.trial.services()
        self.assertEqual({name: service["restarts"] for name, service in services.items()}, dict.fromkeys(services, 0))

    def call(self) -> None:
        self.victim.take_call(self.room, 1000)
        self.mallory.take_call(self.room, 2000)

    # Focus checklist: 112, 113
    def test_session_ids_of_others_and_invented_ones(self) -> None:
        self.call()
        theft = content("audio", source(3000, f"{self.mallory.nick}-a1", "m other"))
        for sid in (self.victim.sid, "3k9q0c7v2hd1p", "'\"&lt;"):
            for action in ("source-add", "source-remove", "session-terminate", "session-accept", "transport-info"):
                with self.subTest(action, sid=sid):
                    sid = sid.replace("'", "&apos;")
                    self.assertEqual(self.mallory.jingle(self.room, action, theft, sid=sid), "bad-request")
        self.assertEqual(self.victim.jingle(self.room, "source-add", content("audio", source(1001, f"{self.victim.nick}-a1", "v 2"))), "")

    # Focus checklist: 120, 121, 122, 124, 125, 127
    def test_sources_of_others_and_sources_without_end(self) -> None:
        self.call()
        mine, theirs = self.mallory.nick, self.victim.nick
        for why, stolen in (
            ("their number", source(1000, f"{mine}-a1", "m x")),
            ("their name", source(3001, f"{theirs}-a0", "m x")),
            ("their stream", source(3002, f"{mine}-a1", f"{theirs}-audio a")),
            ("number zero", source(0, f"{mine}-a1", "m x")),
            ("a number of 33 bits", source(1 << 32, f"{mine}-a1", "m x")),
            ("more than are allowed", "".join(source(4000 + n, f"{mine}-a{n + 1}", f"m {n}") for n in range(21))),
        ):
            with self.subTest(why):
                self.assertEqual(self.mallory.jingle(self.room, "source-add", content("audio", stolen)), "bad-request")
        removal = content("audio", source(1000, f"{theirs}-a0", f"{theirs}-audio a"))
        self.assertEqual(self.mallory.jingle(self.room, "source-remove", removal), "bad-request")
        told = [e for e in self.victim.hear() if e.find(f"{{{JINGLE}}}jingle[@action='source-remove']") is not None]
        self.assertEqual(told, [])

    def test_calls_past_the_focus(self) -> None:
        offer = content("audio", source(9000, f"{self.mallory.nick}-a0", "m a"))
        self.assertEqual(self.mallory.jingle(self.room, "session-initiate", offer, sid="p2p", to=self.victim.nick), "forbidden")
        mute = "<mute xmlns='http://jitsi.org/jitmeet/audio'>true</mute>"
        self.assertEqual(condition(self.mallory.ask(mute, "set", to=f"{self.victim.room(self.room)}/{self.victim.nick}")), "forbidden")
        self.assertEqual([e for e in self.victim.hear() if e.tag.endswith("}iq") and e.find(f"{{{JINGLE}}}jingle[@sid='p2p']") is not None], [])

    # Focus checklist: 167, 168, 169
    def test_mutes_in_all_three_namespaces(self) -> None:
        for what in ("audio", "video", "desktop"):
            for nick in (self.victim.nick, self.teacher.nick):
                for on in ("true", "false"):
                    self.assertEqual(self.mallory.mute(self.room, nick, what, on), "not-allowed")
            self.assertEqual(self.mallory.mute(self.room, "nobody", what), "not-allowed")
            self.assertEqual(self.mallory.mute(self.room, self.victim.nick, what, "perhaps"), "bad-request")
        self.assertEqual([e for e in self.victim.hear() if "mute" in ET.tostring(e, encoding="unicode")], [])

    def test_requests_of_moderators_and_owners(self) -> None:
        self.victim.hear()
        bare = self.mallory.jid.split("/")[0]
        for item in (
            *(f"affiliation='{a}' jid='{bare}'" for a in ("owner", "admin", "member")),
            *(f"role='{r}' nick='{self.mallory.nick}'" for r in ("moderator", "visitor")),
            *(f"role='none' nick='{nick}'" for nick in (self.victim.nick, self.teacher.nick, "focus")),
            f"affiliation='outcast' jid='{self.victim.jid.split('/')[0]}'",
            f"affiliation='outcast' jid='{self.stack['guest_domain']}'",
            f"affiliation='owner' role='moderator' jid='{bare}' nick='{self.mallory.nick}'",
            "",
        ):
            with self.subTest(item):
                self.assertIn(self.mallory.admin(self.room, item), ("forbidden", "bad-request"))
        bare_room = self.mallory.room(self.room)
        for kind, payload in (
            ("get", f"<query xmlns='{OWNER}'/>"),
            ("set", f"<query xmlns='{OWNER}'><destroy/></query>"),
            ("set", f"<query xmlns='{OWNER}'><x xmlns='jabber:x:data' type='submit'/></query>"),
            ("get", f"<query xmlns='{MUC}#admin'><item affiliation='owner'/></query>"),
            ("get", f"<query xmlns='{MUC}#admin'><item role='moderator'/></query>"),
            ("get", "<query xmlns='jabber:iq:register'/>"),
            ("set", "<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'/></query>"),
        ):
            with self.subTest(payload):
                self.assertIn(condition(self.mallory.ask(payload, kind, to=bare_room)), ("forbidden", "service-unavailable"))
        self.assertEqual(self.mallory.invite(self.room, "somebody@elsewhere.test"), "forbidden")
        voice = "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#request</value></field></x>"
        self.assertEqual(self.mallory.say("message", bare_room, voice)[0], "service-unavailable")
        self.assertEqual(self.mallory.say("message", bare_room, "<subject>Mine</subject>", " type='groupchat'")[0], "forbidden")
        for person in (self.victim, self.teacher):
            self.assertEqual([e.get("from") for e in person.hear() if e.tag.endswith("}presence") and not e.get("from", "").endswith("/focus")], [])

    def test_nicknames_that_belong_to_others(self) -> None:
        guest = self.guest()
        for nick, refusal in (
            ("focus", "conflict"),
            ("FOCUS", "conflict"),
            ("jvb", "not-acceptable"),
            ("a b", "not-acceptable"),
            ("&lt;b&gt;", "not-acceptable"),
            ("ｆｏｃｕｓ", "conflict"),
            ("x" * 65, "not-acceptable"),
            (self.victim.nick, "conflict"),
        ):
            with self.subTest(nick):
                self.assertEqual(guest.say("presence", f"{guest.room(self.room)}/{nick}", f"<x xmlns='{MUC}'/>")[0], refusal)
        for nick in ("focus", self.victim.nick, "another"):
            self.assertIn(self.mallory.say("presence", f"{guest.room(self.room)}/{nick}", "")[0], ("conflict", "not-allowed"))

    def test_long_messages_and_floods(self) -> None:
        self.assertEqual(self.mallory.chat(self.room, "ä" * 500), "")
        self.assertEqual(self.mallory.chat(self.room, "ä" * 501), "policy-violation")
        hidden = self.mallory.say("message", self.mallory.room(self.room), f"<data xmlns='x'>{'a' * 20000}</data>", " type='groupchat'")
        self.assertEqual(hidden[0], "policy-violation")
        answers = [self.mallory.chat(self.room, str(n)) for n in range(20)]
        self.assertEqual(answers, [""] * 19 + ["policy-violation"])
        whisper = self.mallory.say("message", f"{self.victim.room(self.room)}/{self.victim.nick}", "<body>x</body>", " type='chat'")
        self.assertEqual(whisper[0], "policy-violation", "to one person is no way round")
        self.assertEqual(words(self.victim.hear()), ["ä" * 500] + [str(n) for n in range(19)])
        self.assertEqual(self.victim.chat(self.room, "I have said nothing yet"), "")

    def test_presences_with_html_and_without_end(self) -> None:
        self.victim.hear()
        html = "&lt;img src=x onerror=alert(1)&gt;"
        self.mallory.presence(self.room, f"<nick xmlns='{NAME}'>{html}</nick>")
        shown = [e.findtext("{*}nick") for e in self.victim.hear() if e.get("from", "").endswith(self.mallory.nick)]
        self.assertEqual(shown, ["<img src=x onerror=alert(1)>"], "it is data, and stays it")
        self.assertEqual(self.mallory.presence(self.room, f"<nick xmlns='{NAME}'>{'n' * 101}</nick>")[0], "policy-violation")
        self.assertEqual(self.mallory.presence(self.room, f"<x xmlns='y'>{'a' * 20000}</x>")[0], "policy-violation")
        self.assertEqual([e for e in self.victim.hear() if e.get("from", "").endswith(self.mallory.nick)], [])
        for _ in range(310):
            self.mallory.send(f"<presence xmlns='{CLIENT}' to='{self.mallory.room(self.room)}/{self.mallory.nick}'/>")
        self.assertEqual(self.mallory.presence(self.room)[0], "policy-violation")

    def test_message_of_ten_megabytes_ends_its_own_session(self) -> None:
        with self.assertRaises((ConnectionError, OSError)):
            self.mallory.chat(self.room, "a" * 10_000_000)
            self.mallory.hear()

    def test_words_to_somebodys_own_address(self) -> None:
        for target in (self.victim.jid, self.victim.jid.split("/")[0], self.teacher.jid, self.teacher.jid.split("/")[0]):
            for kind in ("message", "presence"):
                with self.subTest(target, kind=kind):
                    self.assertEqual(self.mallory.say(kind, target, "<body>psst</body>" if kind == "message" else "")[0], "service-unavailable")
            self.assertEqual(condition(self.mallory.ask(PING, to=target)), "service-unavailable")
        self.assertEqual(words(self.victim.hear()), [])

    def test_words_as_somebody_else(self) -> None:
        forged = f" type='groupchat' from='{self.teacher.room(self.room)}/{self.teacher.nick}'"
        self.mallory.say("message", self.mallory.room(self.room), "<body>Send me your passwords</body>", forged)
        senders = [e.get("from") for e in self.victim.hear() if e.find("{*}body") is not None]
        self.assertEqual(senders, [f"{self.mallory.room(self.room)}/{self.mallory.nick}"], "it stands under its own name")

    def test_entering_with_a_wrong_password(self) -> None:
        self.assertEqual(self.teacher.configure(self.room, roomsecret="sesame", whois="anyone"), "")
        guest = self.guest()
        for password in ("", "Sesame", "sesame ", "' or ''='".replace("'", "&apos;")):
            self.assertEqual(guest.enter(self.room, password=password), "not-authorized")
        self.assertEqual(guest.enter(self.room, password="sesame"), "")
        self.assertEqual(self.teacher.configure(self.room, roomsecret="", whois="anyone"), "")

    def test_removed_one_comes_by_no_door(self) -> None:
        self.assertEqual(self.teacher.admin(self.room, f"role='none' nick='{self.mallory.nick}'"), "")
        kicked = [e for e in self.mallory.hear() if e.find(f".//{{{USER}}}status[@code='307']") is not None]
        self.assertEqual(len(kicked), 1)
        self.assertEqual(self.mallory.enter(self.room), "forbidden")
        self.assertEqual(self.mallory.enter(f"{self.room}@lobby.{self.stack['domain']}"), "not-allowed")
        self.mallory.nick = fresh("other")
        self.assertEqual(self.mallory.enter(self.room), "forbidden")
        self.assertEqual(self.mallory.chat(self.room, "hello"), "item-not-found")
        self.assertEqual(items(self.victim.hear(), self.mallory.nick), [])


if __name__ == "__main__":
    unittest.main()
