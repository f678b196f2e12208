"""Meetings of hand-made stanzas: a host who opens them, people of each role in them, and what each of them is answered."""

import itertools
import json
import subprocess
import time
import unittest
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

from client import CLIENT, MUC, Participant, condition
from trial import Trial

FOCUS = "http://jitsi.org/protocol/focus"
JITMEET = "http://jitsi.org/jitmeet"
ADMIN, OWNER, USER = (f"{MUC}#{kind}" for kind in ("admin", "owner", "user"))
NAME = "http://jabber.org/protocol/nick"
PING = "<ping xmlns='urn:xmpp:ping'/>"
NAMED = f"<nick xmlns='{NAME}'>Nora</nick>"

_numbers = itertools.count(1)


def fresh(name: str) -> str:
    """A room, or a nickname, that no other test uses."""
    return f"{name}{next(_numbers):04}"


class Person(Participant):
    """Somebody who signed in. Everything said before a pong came back was heard."""

    def __init__(self, stack: dict[str, Any], **how: Any) -> None:
        super().__init__(stack, **how)
        self.muc = str(stack["muc"])
        self.focus = str(stack["focus"])
        self.nick = fresh("p")
        self.machine = fresh("machine")
        self.sign_in()

    def room(self, room: str) -> str:
        return room if "@" in room else f"{room}@{self.muc}"

    def hear(self) -> list[ET.Element]:
        """All that came until now."""
        heard: list[ET.Element] = []
        name = fresh("hear")

        def is_pong(element: ET.Element) -> bool:
            heard.append(element)
            return element.get("id") == name

        # to our own domain: the server answers when it has done what we sent before
        self.send(f"<iq xmlns='{CLIENT}' type='get' id='{name}' to='{self.domain}'>{PING}</iq>")
        self.next(is_pong)
        return heard[:-1]

    def say(self, kind: str, to: str, content: str, attributes: str = "") -> tuple[str, list[ET.Element]]:
        """Sends a message or a presence: the stanza error that it was answered with, if any, and all that came."""
        name = fresh("said")
        self.send(f"<{kind} xmlns='{CLIENT}' to='{to}' id='{name}'{attributes}>{content}</{kind}>")
        heard = self.hear()
        errors = [e for e in heard if e.get("type") == "error" and e.get("id") == name]
        return (condition(errors[0]) if errors else ""), heard

    def request(self, room: str, session: str = "", **properties: str) -> ET.Element:
        shown = f" session-id='{session}'" if session else ""
        said = "".join(f"<property name='{name}' value='{value}'/>" for name, value in properties.items())
        request = f"<conference xmlns='{FOCUS}' room='{self.room(room)}' machine-uid='{self.machine}'{shown}>{said}</conference>"
        return self.ask(request, "set", to=self.focus)

    def presence(self, room: str, content: str = "") -> tuple[str, list[ET.Element]]:
        return self.say("presence", f"{self.room(room)}/{self.nick}", content)

    def enter(self, room: str, content: str = "", password: str = "") -> str:
        """The error that kept us out, or nothing."""
        secret = f"<password>{password}</password>" if password else ""
        return self.presence(room, f"<x xmlns='{MUC}'>{secret}</x>{content}")[0]

    def leave(self, room: str) -> None:
        self.send(f"<presence xmlns='{CLIENT}' type='unavailable' to='{self.room(room)}/{self.nick}'/>")

    def admin(self, room: str, item: str) -> str:
        return condition(self.ask(f"<query xmlns='{ADMIN}'><item {item}/></query>", "set", to=self.room(room)))

    def configure(self, room: str, **fields: str) -> str:
        values = {"FORM_TYPE": f"{MUC}#roomconfig"} | {f"muc#roomconfig_{name}": value for name, value in fields.items()}
        form = "".join(f"<field var='{name}'><value>{value}</value></field>" for name, value in values.items())
        query = f"<query xmlns='{OWNER}'><x xmlns='jabber:x:data' type='submit'>{form}</x></query>"
        return condition(self.ask(query, "set", to=self.room(room)))

    def invite(self, room: str, *addresses: str) -> str:
        invitations = "".join(f"<invite to='{address}'/>" for address in addresses)
        return self.say("message", self.room(room), f"<x xmlns='{USER}'>{invitations}</x>")[0]

    def chat(self, room: str, words: str) -> str:
        return self.say("message", self.room(room), f"<body>{words}</body>", " type='groupchat'")[0]

    def mute(self, room: str, nick: str, what: str = "audio", on: str = "true") -> str:
        mute = f"<mute xmlns='http://jitsi.org/jitmeet/{what}' jid='{self.room(room)}/{nick}'>{on}</mute>"
        return condition(self.ask(mute, "set", to=f"{self.room(room)}/focus"))

    def is_in(self, room: str) -> bool:
        """XEP-0410: the room answers a ping to oneself only to who is in it."""
        return condition(self.ask(PING, to=f"{self.room(room)}/{self.nick}")) == ""


def items(heard: list[ET.Element], nick: str) -> list[tuple[str, str]]:
    """Affiliation and role of a nickname, in the order of its presences."""
    found = []
    for element in heard:
        if element.tag.endswith("}presence") and element.get("from", "").endswith(f"/{nick}"):
            item = element.find(f".//{{{USER}}}item")
            if item is not None:
                found.append((item.get("affiliation", ""), item.get("role", "")))
    return found


def until(done: Callable[[], bool]) -> None:
    """Asks again and again; what takes longer than it ever should is a failure."""
    deadline = time.monotonic() + 30
    while not done():
        assert time.monotonic() < deadline, "it did not happen"


def words(heard: list[ET.Element]) -> list[str]:
    return [e.findtext("{*}body") or "" for e in heard if e.tag.endswith("}message") and e.find("{*}body") is not None]


def json_said(element: ET.Element) -> dict[str, Any]:
    """What a service wrote as JSON, empty when it did not."""
    said: dict[str, Any] = json.loads(element.findtext(f"{{{JITMEET}}}json-message") or "{}")
    return said


class MeetingTest(unittest.TestCase):
    """One stack for the tests of a class; who comes to a test goes home after it."""

    options: tuple[str, ...] = ()  # of the trial
    trial: Trial
    stack: dict[str, Any]

    @classmethod
    def setUpClass(cls) -> None:
        cls.trial = Trial(*cls.options)
        cls.stack = cls.trial.__enter__()
        cls.addClassCleanup(cls.trial.__exit__)

    def guest(self, **how: Any) -> Person:
        person = Person(self.stack, **how)
        self.addCleanup(person.drop)
        return person

    def host(self, **how: Any) -> Person:
        return self.guest(**how, **self.account())

    @classmethod
    def account(cls) -> dict[str, Any]:
        """How the host signs in."""
        account = cls.stack["host"]
        return {"domain": cls.stack["domain"], "password": (account["name"], account["password"])}

    def colleague(self) -> Person:
        """Somebody else with an account, a new one."""
        name, password = fresh("colleague"), "correct horse battery"
        command = [str(self.trial.folder / "bin/cloister"), "host", "--config", str(self.trial.folder / "config/gate.yaml"), "add", name]
        subprocess.run(command, input=f"{password}\n", text=True, check=True, capture_output=True, timeout=30)
        return self.guest(domain=self.stack["domain"], password=(name, password))

    def meeting(self, room: str, **how: Any) -> Person:
        """A running meeting, and its host in it."""
        host = self.host(**how)
        self.assertEqual(host.request(room).get("type"), "result")
        self.assertEqual(host.enter(room, NAMED), "")
        return host
