"""Meetings that belong to their hosts: who starts one, who waits, who stays out; and rooms that nobody sees from outside."""

import os
import signal
import time
import unittest
import xml.etree.ElementTree as ET

from client import MUC, condition
from meeting import FOCUS, NAME, NAMED, USER, MeetingTest, Person, fresh, items, until

DISCO = "<query xmlns='http://jabber.org/protocol/disco#{}'/>"


def attributes(answer: ET.Element) -> dict[str, str]:
    conference = answer.find(f"{{{FOCUS}}}conference")
    return {} if conference is None else dict(conference.attrib)


class RoomsTest(MeetingTest):
    def setUp(self) -> None:
        self.room = fresh("room")

    # Who starts a meeting, and whose it is.

    # Focus checklist: 39, 40
    def test_guests_wait_for_the_host(self) -> None:
        early = self.guest()
        self.assertEqual(condition(early.request(self.room)), "not-authorized")
        self.assertEqual(early.enter(self.room), "not-allowed", "and nobody enters by coming early")
        self.meeting(self.room)
        self.assertEqual(attributes(early.request(self.room))["ready"], "true")
        self.assertEqual(early.enter(self.room), "")
        self.assertEqual(items(early.hear(), "focus"), [])

    # Focus checklist: 41, 45, 46
    def test_stock_client_signs_in_on_a_second_connection_and_keeps_the_role_over_a_reload(self) -> None:
        account = self.stack["host"]
        page = self.guest()
        self.assertEqual(condition(page.request(self.room)), "not-authorized")
        second = self.host()
        second.machine = page.machine
        session = attributes(second.request(self.room))["session-id"]
        second.drop()
        answer = attributes(page.request(self.room, session))
        self.assertEqual((answer["session-id"], answer["identity"]), (session, f"{account['name']}@{self.stack['domain']}"))
        _, heard = page.presence(self.room, f"<x xmlns='{MUC}'/>")
        self.assertEqual(items(heard, page.nick)[-1], ("owner", "moderator"))
        # the lobby does not stop who comes back, under another address, to the own meeting
        self.assertEqual(page.configure(self.room, membersonly="1", roomsecret="sesame"), "")
        again = self.guest()
        again.machine = page.machine
        self.assertEqual(attributes(again.request(self.room, session))["ready"], "true")
        _, heard = again.presence(self.room, f"<x xmlns='{MUC}'/>")
        self.assertEqual(items(heard, again.nick)[-1], ("owner", "moderator"))

    # Focus checklist: 45, 46
    def test_guest_in_the_room_becomes_host_by_signing_in(self) -> None:
        host = self.meeting(self.room)
        page = self.guest()
        self.assertEqual(page.enter(self.room), "")
        second = self.host()
        second.machine = page.machine
        session = attributes(second.request(self.room))["session-id"]
        self.assertEqual(items(page.hear(), page.nick), [])
        self.assertEqual(attributes(page.request(self.room, session))["ready"], "true")
        self.assertEqual(items(host.hear(), page.nick)[-1], ("owner", "moderator"))

    # Focus checklist: 42, 43, 47
    def test_session_of_another_browser_or_an_invented_one_makes_nobody_a_host(self) -> None:
        host = self.meeting(self.room)
        session = attributes(host.request(self.room))["session-id"]
        thief = self.guest()
        self.assertEqual(thief.enter(self.room), "")
        for shown in (session, "7d1f0000-0000-4000-8000-000000000000"):
            self.assertEqual(condition(thief.request(self.room, shown)), "not-acceptable")
        self.assertEqual(items(host.hear(), thief.nick)[1:], [])
        logout = f"<logout xmlns='{FOCUS}' session-id='{session}'/>"
        self.assertEqual(host.ask(logout, "set", to=host.focus).get("type"), "result")
        self.assertEqual(host.ask(logout, "set", to=host.focus).find(f".//{{{FOCUS}}}session-invalid") is not None, True)

    # Focus checklist: 52
    def test_login_address_is_the_rooms_page(self) -> None:
        query = f"<login-url xmlns='{FOCUS}' room='{self.room}@{self.stack['muc']}' machine-uid='m'/>"
        answer = self.guest().ask(query, to=self.stack["focus"])
        self.assertEqual(answer.find(f"{{{FOCUS}}}login-url").get("url"), f".%2F{self.room}%3Flogin%3Dtrue")

    def test_meeting_stays_its_hosts_when_the_focus_starts_anew(self) -> None:
        host, guest = self.meeting(self.room), self.guest()
        self.assertEqual(guest.enter(self.room, NAMED), "")
        colleague = self.colleague()
        os.kill(self.trial.services()["cloister-focus"]["pid"], signal.SIGKILL)
        host.next(lambda e: e.get("type") == "unavailable" and e.get("from", "").endswith("/focus"))
        until(lambda: attributes(colleague.request(self.room)).get("ready") == "true")
        _, heard = colleague.presence(self.room, f"<x xmlns='{MUC}'/>")
        self.assertEqual(items(heard, colleague.nick)[-1], ("none", "participant"), "though it asked first")
        self.assertEqual(host.admin(self.room, f"affiliation='admin' jid='{guest.jid.split('/')[0]}'"), "")
        second = self.host()
        self.assertEqual(attributes(second.request(self.room))["ready"], "true")
        _, heard = second.presence(self.room, f"<x xmlns='{MUC}'/>")
        self.assertEqual(items(heard, second.nick)[-1], ("owner", "moderator"))

    # Focus checklist: 77
    def test_nobody_becomes_moderator_when_the_host_goes(self) -> None:
        host, guest = self.meeting(self.room), self.guest()
        self.assertEqual(guest.enter(self.room), "")
        host.leave(self.room)
        host.hear()
        self.assertEqual(items(guest.hear(), guest.nick), [])

    def test_host_can_be_neither_removed_nor_demoted_nor_muted(self) -> None:
        host, other = self.meeting(self.room), self.guest()
        self.assertEqual(other.enter(self.room), "")
        self.assertEqual(host.admin(self.room, f"affiliation='admin' jid='{other.jid.split('/')[0]}'"), "")
        bare = host.jid.split("/")[0]
        for who in (other, host):
            for item in (
                f"role='none' nick='{host.nick}'",
                f"role='visitor' nick='{host.nick}'",
                *(f"affiliation='{a}' jid='{bare}'" for a in ("outcast", "none", "member", "admin")),
                f"affiliation='outcast' jid='{self.stack['domain']}'",
                f"affiliation='outcast' jid='{self.stack['focus_user']}'",
                "role='none' nick='focus'",
            ):
                with self.subTest(item):
                    self.assertIn(who.admin(self.room, item), ("forbidden", "not-allowed", "not-acceptable"))
        self.assertEqual(other.mute(self.room, host.nick), "not-allowed")
        self.assertTrue(host.is_in(self.room))

    def test_host_may_not_make_the_room_public_or_anonymous(self) -> None:
        host = self.meeting(self.room)
        for field in ({"publicroom": "1"}, {"persistentroom": "1"}, {"whois": "moderators"}, {"moderatedroom": "1"}):
            self.assertEqual(host.configure(self.room, **field), "not-acceptable", field)

    # Who was removed.

    def test_removed_one_stays_out_by_account_by_browser_and_knocks_from_the_same_network(self) -> None:
        host = self.meeting(self.room)
        browser = "<stats-id>Avis-1x2</stats-id>"
        away, neighbour = self.guest(source="127.0.7.1"), self.guest(source="127.0.7.1")
        self.assertEqual(away.enter(self.room, NAMED + browser), "")
        self.assertEqual(neighbour.enter(self.room, NAMED), "")
        self.assertEqual(host.admin(self.room, f"role='none' nick='{away.nick}'"), "")
        self.assertIn(("none", "none"), [(a if a != "outcast" else "none", r) for a, r in items(away.hear(), away.nick)])
        self.assertEqual(away.enter(self.room, NAMED), "forbidden")
        self.assertTrue(neighbour.is_in(self.room), "who sat beside stays")
        again = self.guest(source="127.0.7.2")
        self.assertEqual(again.enter(self.room, NAMED + browser), "forbidden", "the same browser")
        elsewhere = self.guest(source="127.0.7.1")
        self.assertEqual(elsewhere.enter(self.room, NAMED), "registration-required", "the same network knocks")
        self.assertEqual(host.invite(self.room, elsewhere.jid), "")
        self.assertEqual(elsewhere.enter(self.room, NAMED), "")
        stranger = self.guest(source="127.0.7.3")
        self.assertEqual(stranger.enter(self.room, NAMED), "")

    # The lobby.

    def lobby(self) -> str:
        return f"{self.room}@lobby.{self.stack['domain']}"

    def knocking(self, name: str = "Nora") -> Person:
        guest = self.guest()
        named = f"<nick xmlns='{NAME}'>{name}</nick>"
        error, heard = guest.presence(self.room, f"<x xmlns='{MUC}'/>{named}")
        self.assertEqual(error, "registration-required")
        where = [e.text for presence in heard for e in presence.iter() if e.tag.endswith("}lobbyroom")]
        self.assertEqual(set(where), {self.lobby()})
        self.assertEqual(guest.enter(self.lobby(), named), "")
        return guest

    # Focus checklist: 79, 179
    def test_those_who_wait_see_the_host_alone_and_are_admitted_or_turned_away(self) -> None:
        host, inside = self.meeting(self.room), self.guest()
        self.assertEqual(inside.enter(self.room), "")
        self.assertEqual(host.configure(self.room, membersonly="1"), "")
        said = [e for e in inside.hear() if "LOBBY-ENABLED" in (e.findtext("{*}json-message") or "")]
        self.assertEqual(len(said), 1)
        self.assertTrue(inside.is_in(self.room), "who is in stays in")
        self.assertEqual(host.enter(self.lobby(), NAMED), "")

        nameless = self.guest()
        self.assertEqual(nameless.enter(self.room), "not-acceptable", "the host wants to see a name")
        nora, otto = self.knocking("Nora"), self.knocking("Otto")
        seen = host.hear()
        self.assertEqual(items(seen, nora.nick), [("none", "participant")])
        addresses = [i.get("jid") for e in seen for i in e.iter(f"{{{USER}}}item") if e.get("from", "").endswith(otto.nick)]
        self.assertEqual(addresses, [otto.jid])
        self.assertEqual(items(nora.hear(), otto.nick), [], "those who wait do not see each other")
        whisper = nora.say("message", f"{self.lobby()}/{otto.nick}", "<body>psst</body>", " type='chat'")[0]
        self.assertEqual(whisper, "forbidden")
        self.assertEqual(nora.chat(self.lobby(), "hello?"), "forbidden")
        self.assertEqual(nora.admin(self.lobby(), f"role='none' nick='{otto.nick}'"), "forbidden")
        self.assertEqual(nora.invite(self.room, otto.jid), "item-not-found", "the meeting is not to be seen from here")
        self.assertEqual(condition(nora.ask(DISCO.format("info"), to=nora.room(self.room))), "item-not-found")

        self.assertEqual(host.admin(self.lobby(), f"role='none' nick='{otto.nick}'"), "")
        self.assertEqual(items(otto.hear(), otto.nick)[-1][1], "none")
        self.assertEqual(otto.enter(self.room, NAMED), "registration-required")
        self.assertEqual(host.invite(self.room, nora.jid), "")
        invitation = nora.next(lambda e: e.find(f".//{{{USER}}}invite") is not None)
        self.assertEqual(invitation.get("from"), nora.room(self.room))
        self.assertEqual(nora.enter(self.room, NAMED), "")

    def test_several_are_admitted_at_once(self) -> None:
        host = self.meeting(self.room)
        self.assertEqual(host.configure(self.room, membersonly="1"), "")
        waiting = [self.knocking(f"N{n}") for n in range(3)]
        self.assertEqual(host.invite(self.room, *(person.jid for person in waiting)), "")
        for person in waiting:
            self.assertEqual(person.enter(self.room, NAMED), "")

    def test_lobby_ends_with_its_purpose_and_sends_people_in(self) -> None:
        host = self.meeting(self.room)
        self.assertEqual(host.configure(self.room, membersonly="1"), "")
        self.assertEqual(host.enter(self.lobby(), NAMED), "")
        nora = self.knocking()
        self.assertEqual(host.configure(self.room, membersonly="0"), "")
        gone = nora.next(lambda e: e.find(f".//{{{USER}}}destroy") is not None)
        self.assertEqual(gone.find(f".//{{{USER}}}destroy").get("jid"), nora.room(self.room))
        self.assertEqual(nora.enter(self.room, NAMED), "")

    def test_password_lets_in_past_the_lobby(self) -> None:
        host = self.meeting(self.room)
        self.assertEqual(host.configure(self.room, membersonly="1", roomsecret="sesame"), "")
        nora = self.guest()
        self.assertEqual(nora.enter(self.room, NAMED, password="wrong"), "registration-required")
        self.assertEqual(nora.enter(self.room, NAMED, password="sesame"), "")

    # Rooms.

    def test_running_room_and_unknown_name_answer_alike_from_outside(self) -> None:
        self.meeting(self.room)
        stranger = self.guest()
        answers = []
        for room in (self.room, fresh("unknown")):
            bare = f"{room}@{self.stack['muc']}"
            said = [stranger.ask(DISCO.format(kind), to=to) for kind in ("info", "items") for to in (bare, f"{bare}/focus")]
            said += [stranger.ask(f"<query xmlns='{MUC}#{kind}'/>", to=bare) for kind in ("owner", "admin")]
            said += [stranger.ask("<ping xmlns='urn:xmpp:ping'/>", to=to) for to in (bare, f"{bare}/{stranger.nick}")]
            texts = [ET.tostring(e, encoding="unicode").split("<", 2)[2] for e in said]
            for kind, attribute in (("message", " type='groupchat'"), ("message", ""), ("presence", ""), ("presence", " type='unavailable'")):
                for to in (bare, f"{bare}/focus"):
                    texts.append(stranger.say(kind, to, "<body>x</body>" if kind == "message" else "", attribute)[0])
            answers.append([text.replace(room, "ROOM") for text in texts])
            self.assertTrue(all("item-not-found" in text for text in texts), texts)
        self.assertEqual(answers[0], answers[1])

    def test_rooms_are_not_listed(self) -> None:
        self.meeting(self.room)
        listed = self.guest().ask(DISCO.format("items"), to=self.stack["muc"])
        self.assertEqual([i.get("jid") for i in listed.iter() if i.tag.endswith("}item")], [])

    def test_same_name_later_is_a_new_room(self) -> None:
        host, guest = self.meeting(self.room), self.guest()
        self.assertEqual(guest.enter(self.room, NAMED), "")
        self.assertEqual(host.configure(self.room, roomsecret="sesame"), "")
        self.assertEqual(host.admin(self.room, f"role='none' nick='{guest.nick}'"), "")
        host.leave(self.room)
        late = self.guest()
        until(lambda: condition(late.request(self.room)) == "not-authorized")  # the focus has seen that nobody is there
        self.assertEqual(host.request(self.room).get("type"), "result")
        self.assertEqual(guest.enter(self.room, NAMED), "", "neither password nor ban is left")

    # Focus checklist: 57
    def test_meeting_id_and_since_when_it_runs_are_for_those_inside(self) -> None:
        before = time.time()
        host = self.meeting(self.room)
        said = host.ask(DISCO.format("info"), to=host.room(self.room))
        told = {field.get("var"): field.findtext("{*}value") for field in said.iter() if field.tag.endswith("}field")}
        self.assertRegex(told["muc#roominfo_meetingId"], r"^[0-9a-f-]{36}$")
        self.assertTrue(before * 1000 <= int(told["muc#roominfo_created_timestamp"]) <= time.time() * 1000)


if __name__ == "__main__":
    unittest.main()
