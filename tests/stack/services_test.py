"""The services beside the rooms, asked through nginx and Prosody with hand-made stanzas, as any client could write them: AV moderation,
room metadata, end of the conference, speaker statistics, polls, breakout rooms."""

import json
import unittest
import xml.etree.ElementTree as ET
from typing import Any

from client import CLIENT, MUC, Participant, condition
from meeting import JITMEET, json_said, until
from trial import Trial

DOMAIN = "cloister.internal"
DISCO = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
ADMIN = "http://jabber.org/protocol/muc#admin"
MUTE = {kind: f"{JITMEET}/{kind}" for kind in ("audio", "video", "desktop")}
KINDS = ("audio", "video", "desktop")
BREAKOUT = "features/breakout-rooms"


class Person(Participant):
    """Somebody in a meeting; keeps what services say."""

    def __init__(self, stack: dict[str, Any], nick: str) -> None:
        super().__init__(stack)
        self.nick = nick
        self.room = ""
        self.sign_in()

    def request(self, room: str) -> ET.Element:
        asked = f"<conference xmlns='http://jitsi.org/protocol/focus' room='{room}' machine-uid='{self.nick}'/>"
        return self.ask(asked, "set", to=f"focus.{DOMAIN}")

    def enter(self, room: str) -> ET.Element:
        """Our own presence, or the refusal."""
        assert self.request(room).find("{*}conference").get("ready") == "true"
        self.room = room
        presence = f"<nick xmlns='http://jabber.org/protocol/nick'>Name of {self.nick}</nick>"
        self.send(f"<presence xmlns='{CLIENT}' to='{self.me}'><x xmlns='{MUC}'/>{presence}</presence>")
        return self.next(lambda e: e.tag.endswith("}presence") and e.get("from") == self.me)

    def settle(self) -> "Person":
        """Until the focus knows that somebody came: it asks them what they can do."""
        query = "{http://jabber.org/protocol/disco#info}query"
        self.next(lambda e: e.find(query) is not None and e.get("from") == f"{self.room}/focus" and e.get("type") == "get")
        return self

    def leave(self, status: str = "") -> None:
        said = f"<status>{status}</status>" if status else ""
        self.send(f"<presence xmlns='{CLIENT}' to='{self.me}' type='unavailable'>{said}</presence>")
        self.next(lambda e: e.get("type") == "unavailable" and e.get("from") == self.me)

    @property
    def me(self) -> str:
        return f"{self.room}/{self.nick}"

    def tell(self, service: str, payload: str, kind: str = "") -> None:
        attribute = f" type='{kind}'" if kind else ""
        self.send(f"<message xmlns='{CLIENT}' to='{service}.{DOMAIN}' id='m'{attribute}>{payload}</message>")

    def refusal(self, service: str, payload: str, kind: str = "") -> str:
        self.tell(service, payload, kind)
        return condition(self.next(lambda e: e.get("type") == "error" and e.get("from") == f"{service}.{DOMAIN}"))

    def hears(self, service: str, **wanted: Any) -> dict[str, Any]:
        """The next thing that the service says and that has these members."""

        def fits(element: ET.Element) -> bool:
            if element.get("from") != f"{service}.{DOMAIN}" or element.get("type") == "error":
                return False
            said = json_said(element)
            return all(said.get(name) == value for name, value in wanted.items())

        return json_said(self.next(fits))

    def is_mute(self, element: ET.Element, kind: str) -> bool:
        return element.find(f"{{{MUTE[kind]}}}mute") is not None and element.get("from") == f"{self.room}/focus"

    def hears_mute(self, kind: str) -> ET.Element:
        return self.next(lambda e: self.is_mute(e, kind))

    def hears_moderation(self, kind: str) -> tuple[dict[str, Any], ET.Element]:
        """That it was switched on, and the request to mute: by two connections of the focus, so in any order."""
        said: list[dict[str, Any]] = []
        mutes: list[ET.Element] = []

        def note(element: ET.Element) -> bool:
            if element.get("from") == f"avmoderation.{DOMAIN}" and json_said(element).get("mediaType") == kind:
                said.append(json_said(element))
            elif self.is_mute(element, kind):
                mutes.append(element)
            return bool(said and mutes)

        self.next(note)
        return said[0], mutes[0]

    def mute(self, whom: str, kind: str, on: bool = True) -> str:
        """Empty when the focus agreed, else the stanza error."""
        asked = f"<mute xmlns='{MUTE[kind]}' jid='{self.room}/{whom}'>{str(on).lower()}</mute>"
        return condition(self.ask(asked, "set", to=f"{self.room}/focus"))

    def make_co_host(self, whom: "Person") -> None:
        item = f"<query xmlns='{ADMIN}'><item affiliation='owner' jid='{whom.jid.split('/')[0]}'/></query>"
        assert condition(self.ask(item, "set", to=self.room)) == ""

    def nothing_more_from(self, service: str, witness: str = "") -> list[dict[str, Any]]:
        """What a service said up to now: after a question to the server, everything sent before has arrived."""
        said: list[dict[str, Any]] = []

        def collect(element: ET.Element) -> bool:
            if element.get("from") == f"{service}.{DOMAIN}":
                said.append(json_said(element))
            return element.tag.endswith("}iq") and element.get("id") == "witness"

        ping = f"<iq xmlns='{CLIENT}' type='get' id='witness' to='{witness or self.room + '/focus'}'><ping xmlns='urn:xmpp:ping'/></iq>"
        self.send(ping)
        self.next(collect)
        return said


class ServicesTest(unittest.TestCase):
    trial: Trial
    stack: dict[str, Any]
    rooms = 0

    @classmethod
    def setUpClass(cls) -> None:
        cls.trial = Trial("--without", "gate", "--open-meetings")
        cls.stack = cls.trial.__enter__()
        cls.addClassCleanup(cls.trial.__exit__)

    def setUp(self) -> None:
        ServicesTest.rooms += 1
        self.room = f"meeting{ServicesTest.rooms}@{self.stack['muc']}"

    def person(self, nick: str, enters: bool = True) -> Person:
        person = Person(self.stack, nick)
        self.addCleanup(person.drop)
        if enters:
            self.assertNotEqual(person.enter(self.room).get("type"), "error")
        return person

    def host(self) -> Person:
        host = self.person("host")
        is_owner = lambda e: e.get("from") == host.me and e.find(".//{*}item").get("affiliation") == "owner"  # noqa: E731
        host.next(lambda e: e.tag.endswith("}presence") and is_owner(e))
        return host

    # What there is

    def test_main_host_names_the_services(self) -> None:
        guest = self.person("guest", enters=False)
        identities = {i.get("type"): i.get("name") for i in guest.ask(DISCO).iter() if i.get("category") == "component"}
        self.assertEqual(
            {kind: identities.get(kind) for kind in ("av_moderation", "end_conference", "room_metadata", "speakerstats", "polls")},
            {
                "av_moderation": f"avmoderation.{DOMAIN}",
                "end_conference": f"endconference.{DOMAIN}",
                "room_metadata": f"metadata.{DOMAIN}",
                "speakerstats": f"speakerstats.{DOMAIN}",
                "polls": f"polls.{DOMAIN}",
            },
        )
        self.assertEqual(identities.get("breakout_rooms"), f"breakout.{DOMAIN}")
        node = DISCO.replace("/>", " node='breakout_rooms'/>")
        features = [feature.get("var", "") for feature in guest.ask(node, to=f"breakout.{DOMAIN}").findall(".//{*}feature")]
        self.assertTrue(any(feature.endswith("#rename") for feature in features), features)

    def test_strangers_get_the_same_refusal_for_every_room(self) -> None:
        self.host()
        stranger = self.person("stranger", enters=False)
        for room in (self.room, f"nowhere@{self.stack['muc']}"):
            with self.subTest(room):
                payload = f"<room_metadata xmlns='{JITMEET}' room='{room}'>{{\"key\":\"k\",\"data\":1}}</room_metadata>"
                self.assertEqual(stranger.refusal("metadata", payload), "forbidden")
        self.assertEqual(stranger.refusal("endconference", "<end_conference/>"), "forbidden")
        self.assertEqual(stranger.refusal("avmoderation", "<av_moderation enable='true' mediaType='audio'/>"), "forbidden")

    # AV moderation

    # Focus checklist: 174, 176
    def test_moderation_is_told_to_all_and_mutes_all_but_those_who_lead(self) -> None:
        host, pupil = self.host(), self.person("pupil").settle()
        for kind in KINDS:
            with self.subTest(kind):
                host.tell("avmoderation", f"<av_moderation enable='true' mediaType='{kind}'/>")
                said, asked = pupil.hears_moderation(kind)
                self.assertEqual((said["enabled"], said["room"], said["actor"]), (True, self.room, host.me))
                mute = asked.find("{*}mute")
                self.assertEqual((mute.text, mute.get("actor")), ("true", None))
                allowed = host.hears("avmoderation", mediaType=kind, whitelists={kind: [host.me]})
                self.assertNotIn("removed", allowed)
        late = self.person("late")
        self.assertEqual([late.hears("avmoderation")["mediaType"] for _ in KINDS], list(KINDS))

    # Focus checklist: 172
    def test_moderated_one_unmutes_only_when_allowed(self) -> None:
        host, pupil = self.host(), self.person("pupil")
        host.tell("avmoderation", "<av_moderation enable='true' mediaType='audio'/>")
        pupil.hears("avmoderation", enabled=True)
        self.assertEqual(pupil.mute("pupil", "audio", on=False), "not-allowed")
        self.assertEqual(pupil.mute("pupil", "video", on=False), "")
        host.tell("avmoderation", f"<av_moderation mediaType='audio' jidToWhitelist='{pupil.me}'/>")
        self.assertTrue(pupil.hears("avmoderation", mediaType="audio", approved=True))
        self.assertEqual(pupil.mute("pupil", "audio", on=False), "")
        host.tell("avmoderation", f"<av_moderation mediaType='audio' jidToBlacklist='{pupil.me}'/>")
        self.assertTrue(pupil.hears("avmoderation", mediaType="audio", removed=True))
        self.assertEqual(pupil.mute("pupil", "audio", on=False), "not-allowed")

    def test_pupils_commands_are_refused_and_change_nothing(self) -> None:
        host, pupil = self.host(), self.person("pupil")
        for payload in (
            "<av_moderation enable='true' mediaType='audio'/>",
            f"<av_moderation mediaType='audio' jidToWhitelist='{pupil.me}'/>",
            f"<av_moderation mediaType='video' jidToBlacklist='{host.me}'/>",
        ):
            with self.subTest(payload):
                self.assertEqual(pupil.refusal("avmoderation", payload), "forbidden")
        self.assertEqual(pupil.refusal("metadata", self.metadata("startMuted", {"audio": True})), "forbidden")
        self.assertEqual(pupil.refusal("endconference", "<end_conference/>"), "forbidden")
        self.assertEqual(pupil.refusal("breakout", f"<breakout_rooms type='{BREAKOUT}/add' subject='x'/>"), "forbidden")
        self.assertEqual(host.nothing_more_from("avmoderation"), [])

    # Mute requests

    # Focus checklist: 167, 168, 169, 170
    def test_mute_requests_of_all_kinds(self) -> None:
        host, aide, pupil = self.host(), self.person("aide"), self.person("pupil")
        host.make_co_host(aide)
        for kind in KINDS:
            with self.subTest(kind):
                for leader in (host, aide):
                    self.assertEqual(leader.mute("pupil", kind), "")
                    self.assertEqual(pupil.hears_mute(kind).find("{*}mute").get("actor"), leader.me)
                self.assertEqual(host.mute("pupil", kind, on=False), "not-allowed")
                self.assertEqual(pupil.mute("aide", kind), "not-allowed")
                self.assertEqual(aide.mute("host", kind), "not-allowed", "nobody mutes a host")
                self.assertEqual(pupil.mute("pupil", kind, on=False), "")

    # Room metadata

    def metadata(self, key: str, data: Any, room: str = "") -> str:
        said = json.dumps({"type": "room_metadata", "key": key, "data": data})
        return f"<room_metadata xmlns='{JITMEET}' room='{room or self.room}'>{said}</room_metadata>"

    # Focus checklist: 177
    def test_metadata_reaches_all_and_newcomers_before_they_are_in(self) -> None:
        host, pupil = self.host(), self.person("pupil")
        host.tell("metadata", self.metadata("startMuted", {"audio": True, "video": False}))
        said = pupil.hears("metadata")["metadata"]
        while not said["startMuted"]["audio"]:
            said = pupil.hears("metadata")["metadata"]
        late = self.person("late", enters=False)
        late.request(self.room)
        late.room = self.room
        late.send(f"<presence xmlns='{CLIENT}' to='{late.me}'><x xmlns='{MUC}'/></presence>")
        first = late.next(lambda e: e.get("from") in (late.me, f"metadata.{DOMAIN}"))
        self.assertEqual(first.get("from"), f"metadata.{DOMAIN}", "after its own presence it would be ignored")
        self.assertEqual(json_said(first)["metadata"]["startMuted"], {"audio": True, "video": False})

    def test_what_is_no_metadata_is_refused(self) -> None:
        host = self.host()
        for payload, why in (
            (self.metadata("moderators", ["x"]), "not-allowed"),
            (self.metadata("a b", 1), "bad-request"),
            (self.metadata("k", "x" * 5000), "bad-request"),
            (f"<room_metadata xmlns='{JITMEET}' room='{self.room}'>{{</room_metadata>", "bad-request"),
            (f"<room_metadata xmlns='{JITMEET}' room='{self.room}'>{'[' * 3000}</room_metadata>", "bad-request"),
        ):
            with self.subTest(payload[:80]):
                self.assertEqual(host.refusal("metadata", payload), why)

    # End

    # Focus checklist: 182
    def test_only_the_host_ends_the_meeting_for_all(self) -> None:
        host, aide, pupil = self.host(), self.person("aide"), self.person("pupil")
        host.make_co_host(aide)
        aide.next(lambda e: e.get("from") == aide.me and e.find(".//{*}item").get("affiliation") == "admin")
        self.assertEqual(aide.refusal("endconference", "<end_conference/>"), "forbidden")
        host.tell("endconference", "<end_conference/>")
        for person in (host, aide, pupil):
            gone = person.next(lambda e: e.find(".//{*}destroy") is not None)  # noqa: B023
            self.assertEqual(gone.findtext(".//{*}reason"), "The meeting has been terminated")

    # Speaker statistics

    def test_newcomers_learn_who_spoke(self) -> None:
        host, pupil = self.host(), self.person("pupil")
        report = f"<speakerstats xmlns='{JITMEET}' room='{self.room}'/>"
        host.tell("speakerstats", report)
        pupil.tell("speakerstats", report)
        pupil.nothing_more_from("speakerstats")
        late = self.person("late", enters=False)
        late.request(self.room)
        late.enter(self.room)
        users = late.hears("speakerstats", type="speakerstats")["users"]
        self.assertEqual(set(users), {"host", "pupil", "late"})
        self.assertEqual(users["pupil"]["displayName"], "Name of pupil")
        self.assertGreaterEqual(users["host"]["totalDominantSpeakerTime"], 0)

    # Polls

    def poll(self, **members: Any) -> str:
        said = json.dumps({"type": "polls", **members}).replace("<", "&lt;")
        return f"<json-message xmlns='{JITMEET}'>{said}</json-message>"

    def test_poll_is_asked_answered_and_told_to_who_comes_later(self) -> None:
        host, pupil = self.host(), self.person("pupil").settle()
        options = [{"name": "Yes"}, {"name": "No"}]
        host.tell("polls", self.poll(command="new-poll", pollId="p1", question="Lunch?", answers=options), "chat")
        asked = pupil.hears("polls", command="new-poll")
        self.assertEqual((asked["question"], asked["senderId"], asked["answers"]), ("Lunch?", "host", options))
        pupil.tell("polls", self.poll(command="answer-poll", pollId="p1", answers=[False, True]), "chat")
        answered = host.hears("polls", command="answer-poll")
        self.assertEqual((answered["senderId"], answered["answers"]), ("pupil", [False, True]))
        old = self.person("late").hears("polls", command="old-polls")["polls"]
        self.assertEqual(old[0]["answers"][1]["voters"], [{"id": "pupil", "name": "Name of pupil"}])
        again = self.poll(command="new-poll", pollId="p1", question="?", answers=options)
        self.assertEqual(pupil.refusal("polls", again, "chat"), "conflict")
        long = self.poll(command="new-poll", pollId="p2", question="x" * 501, answers=options)
        self.assertEqual(pupil.refusal("polls", long, "chat"), "bad-request")

    # Breakout rooms

    def make_breakout_room(self, host: Person, name: str = "Group A") -> str:
        host.tell("breakout", f"<breakout_rooms type='{BREAKOUT}/add' subject='{name}'/>")
        rooms: dict[str, Any] = {}
        while not any(room["name"] == name for room in rooms.values()):
            rooms = host.hears("breakout", event=f"{BREAKOUT}/update")["rooms"]
        self.assertTrue(rooms[self.room.split("@")[0]]["isMainRoom"])
        return next(str(room["jid"]) for room in rooms.values() if room["name"] == name)

    # Focus checklist: 180, 181
    def test_people_go_to_a_breakout_room_and_hosts_stay_hosts(self) -> None:
        host, pupil = self.host(), self.person("pupil")
        room = self.make_breakout_room(host)
        host.tell("breakout", f"<breakout_rooms type='{BREAKOUT}/move-to-room' participantJid='{pupil.jid}' roomJid='{room}'/>")
        self.assertEqual(pupil.hears("breakout", event=f"{BREAKOUT}/move-to-room")["roomJid"], room)
        main = self.room
        for person, affiliation in ((pupil, "none"), (host, "owner")):
            person.leave("switch_room")
            entered = person.enter(room)
            self.assertNotEqual(entered.get("type"), "error", ET.tostring(entered))
            self.assertEqual(entered.find(".//{*}item").get("affiliation"), affiliation)
        said: dict[str, Any] = {}
        while f"{room}/host" not in said.get(room.split("@")[0], {}).get("participants", {}):
            said = pupil.hears("breakout", event=f"{BREAKOUT}/update")["rooms"]
        self.assertEqual(said[room.split("@")[0]]["participants"][f"{room}/pupil"]["jid"], pupil.jid)
        info = pupil.ask(DISCO, to=room)
        fields = {field.get("var"): field.findtext("{*}value") for field in info.iter() if field.tag.endswith("}field")}
        self.assertEqual(fields["muc#roominfo_breakout_main_room"], main)
        self.assertIn(fields["muc#roominfo_isbreakout"], ("1", "true"))
        # the main room is there still, and its host is again one
        host.leave("switch_room")
        self.assertEqual(host.enter(main).find(".//{*}item").get("affiliation"), "owner")
        host.tell("breakout", f"<breakout_rooms type='{BREAKOUT}/remove' breakoutRoomJid='{room}'/>")
        destroyed = pupil.next(lambda e: e.find(".//{*}destroy") is not None)
        self.assertEqual(destroyed.find(".//{*}destroy").get("jid"), main)

    def test_breakout_room_is_closed_to_strangers_and_to_the_banned(self) -> None:
        host, banned = self.host(), self.person("banned")
        room = self.make_breakout_room(host)
        host.leave("switch_room")
        host.enter(room)
        stranger = self.person("stranger", enters=False)
        self.assertEqual(condition(stranger.enter(room)), "forbidden")
        item = f"<query xmlns='{ADMIN}'><item affiliation='outcast' jid='{banned.jid.split('/')[0]}'/></query>"
        back = self.room
        host.leave("switch_room")
        host.enter(back)
        self.assertEqual(condition(host.ask(item, "set", to=back)), "")
        host.leave("switch_room")
        host.enter(room)
        self.assertEqual(condition(banned.enter(room)), "forbidden")

    def test_invented_breakout_room_is_not_opened(self) -> None:
        host = self.host()
        answer = host.request(f"00000000-0000-4000-8000-000000000000@breakout.{DOMAIN}")
        self.assertEqual(condition(answer), "bad-request")

    # Floods

    def test_too_many_commands_are_refused(self) -> None:
        host = self.host()
        for _ in range(130):
            host.tell("speakerstats", f"<speakerstats xmlns='{JITMEET}' room='{self.room}'/>")
        error = host.next(lambda e: e.get("type") == "error" and e.get("from") == f"speakerstats.{DOMAIN}")
        self.assertEqual(condition(error), "policy-violation")

    def test_ten_megabytes_to_a_service_end_only_their_sender(self) -> None:
        host, culprit = self.host(), self.person("culprit")
        with self.assertRaises((ConnectionError, OSError)):
            culprit.tell("metadata", self.metadata("k", "x" * 10_000_000))
            culprit.next(lambda _: False)
        host.tell("metadata", self.metadata("k", 1))
        until(lambda: "k" in host.hears("metadata")["metadata"])


if __name__ == "__main__":
    unittest.main()
