"""People whom nobody may find afterwards: they meet, with canaries in everything that they say, and they do everything wrong that can be.

visitors.py STAGE reads one line of JSON (the facts of the stack, the canaries, and who signs in) and prints "done" when the stage is over.
After the meeting it stays in it until its input ends, and then it is gone without a word."""

import json
import os
import re
import socket
import ssl
import sys
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape, quoteattr

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "stack"))

from caller import Caller, content, source  # noqa: E402
from client import CLIENT, MUC, Refused  # noqa: E402
from meeting import JITMEET, NAME, Person  # noqa: E402
from websocket import WebSocket  # noqa: E402

import relay  # noqa: E402

GARBAGE = 200  # of each kind, in a flood
PATIENCE = 3  # seconds; some requests are never answered


class Visitors:
    def __init__(self, told: dict[str, Any]) -> None:
        self.stack: dict[str, Any] = told["facts"]
        self.said = SimpleNamespace(**told["canaries"])
        self.host_account: list[str] = told["host"]
        self.source: str = told.get("source", "")  # only where all have one machine
        self.turn: dict[str, Any] = told.get("turn", {})
        self.room = f"{self.said.room}{told['number']}"
        self.base = urlsplit(self.stack["websocket"])
        self.people: list[Person] = []

    # The meeting.

    def meeting(self) -> None:
        host, guest = self.host(), self.guest()
        room = self.room
        host.request(self.said.open_room)
        _must(host.enter(self.said.open_room, self.presence()) == "", "a room without a password")
        _must(host.request(room, email=self.said.email).get("type") == "result", "the meeting is opened")
        _must(host.enter(room, self.presence()) == "", "the host enters")
        _must(host.configure(room, roomsecret=escape(self.said.password)) == "", "a password")
        host.say("message", host.room(room), f"<subject>{escape(self.said.subject)}</subject>", " type='groupchat'")
        wrong = guest.enter(room, self.presence(), escape(self.said.wrong_room_password))
        _must(wrong == "not-authorized", f"a wrong password does not let in: {wrong}")
        _must(guest.enter(room, self.presence(), escape(self.said.password)) == "", "the guest enters")
        guest.take_call(room, 4711)
        guest.jingle(room, "source-add", content("audio", source(4712, f"{guest.nick}-a1", f"{self.said.stream} a")))
        self.talk(host, guest, room)
        self.lead(host, guest, room)
        self.speak_to_the_bridge(guest)

    def talk(self, host: Person, guest: Person, room: str) -> None:
        _must(guest.chat(room, escape(self.said.message)) == "", "the guest says something")
        guest.say("message", f"{guest.room(room)}/{host.nick}", f"<body>{escape(self.said.private_message)}</body>", " type='chat'")
        answers = [{"name": self.said.poll}, {"name": "no"}]
        poll = {"type": "polls", "command": "new-poll", "pollId": "p1", "question": self.said.poll, "answers": answers}
        self.tell(guest, "polls", f"<json-message xmlns='{JITMEET}'>{escape(json.dumps(poll))}</json-message>", " type='chat'")
        guest.presence(room, self.presence() + "<audiomuted>true</audiomuted>")

    def lead(self, host: Person, guest: Person, room: str) -> None:
        """All that a host can do; at last somebody else is removed."""
        bare = host.room(room)
        metadata = json.dumps({"key": "note", "data": {"text": self.said.metadata}})
        self.tell(host, "metadata", f"<room_metadata xmlns='{JITMEET}' room='{bare}'>{escape(metadata)}</room_metadata>")
        self.tell(host, "avmoderation", "<av_moderation enable='true' mediaType='video'/>")
        breakout = f"<breakout_rooms type='features/breakout-rooms/add' subject={quoteattr(self.said.breakout_room)}/>"
        self.tell(host, "breakout", breakout)
        host.mute(room, guest.nick)
        host.configure(room, membersonly="1", roomsecret=escape(self.said.password))
        waiting = self.guest()
        waiting.enter(room, self.presence(self.said.waiting))
        refusal = waiting.enter(f"{room.lower()}@lobby.{self.stack['domain']}", self.presence(self.said.waiting))
        _must(refusal == "", f"one waits in the lobby: {refusal}")
        unwanted = self.guest()
        _must(unwanted.enter(room, self.presence(), escape(self.said.password)) == "", "somebody enters past the lobby")
        reason = f"<item role='none' nick='{unwanted.nick}'><reason>{escape(self.said.reason)}</reason></item>"
        host.ask(f"<query xmlns='{MUC}#admin'>{reason}</query>", "set", to=bare)
        _must(unwanted.enter(room, self.presence()) != "", "who was removed does not return")
        host.hear()

    def speak_to_the_bridge(self, guest: "Guest") -> None:
        _must(guest.channel != "", "the offer names a channel to the bridge")
        channel = WebSocket(guest.channel, self.stack["ca"], source=self.source, agent=self.said.browser)
        message = {"colibriClass": "EndpointMessage", "to": "", "msgPayload": {"text": self.said.channel_message}}
        channel.send(json.dumps(message))
        channel.send(self.said.channel_message + "{")

    # What goes wrong.

    def failures(self) -> None:
        self.passwords()
        self.stanzas()
        self.requests()
        self.tls()
        self.relays()
        self.floods()

    def passwords(self) -> None:
        name, right = self.host_account
        for account in ((name, self.said.wrong_host_password), (self.said.unknown_host, right)):
            try:
                self.person(domain=self.stack["domain"], password=account)
            except Refused:
                pass
            else:
                raise AssertionError("a wrong password signs in")
            self.http("/host/sign-in", json.dumps({"user": account[0], "password": account[1]}).encode(), "application/json")

    def guesses(self) -> None:
        """Of one account after the other (one alone is slowed down for all), until nobody answers any more."""
        for number in range(GARBAGE):
            try:
                self.person(domain=self.stack["domain"], password=(f"{self.said.unknown_host}{number}", self.said.wrong_host_password))
            except Refused as refused:
                reason = str(refused)
            except OSError:
                return
        raise AssertionError(f"one may guess without end; at last: {reason}")

    def stanzas(self) -> None:
        """Each ends its own session, or is refused."""
        room, message = self.said.room, escape(self.said.message)
        to = f"{room}@{self.stack['muc']}"
        for stanza in (
            f"<message xmlns='{CLIENT}' to='{to}'><body>{message}</message>",
            f"<message to='{to}'><body>{message}</body></message>",
            f"<{message}",
            f"<iq xmlns='{CLIENT}' type='set' id={quoteattr(self.said.request)} to='{self.stack['focus']}'><conference {message}",
            f"<message xmlns='{CLIENT}' to='{to}'><body>{message * 9000}</body></message>",
            f"<message xmlns='{CLIENT}' to='{self.said.unknown_host}@{self.stack['domain']}'><body>{message}</body></message>",
            f"<presence xmlns='{CLIENT}' to='{to}/{quote(self.said.name)}\x00'/>",
            f"<iq xmlns='{CLIENT}' type='set' id='x' to='{to}/focus'><jingle xmlns='urn:xmpp:jingle:1' action={quoteattr(self.said.request)}/></iq>",
        ):
            self.insist(self.person(), stanza)

    @staticmethod
    def insist(stranger: Person, *stanzas: str) -> None:
        """Until the server has had enough."""
        try:
            for stanza in stanzas:
                stranger.send(stanza)
            stranger.hear()
        except (OSError, ET.ParseError):
            pass
        stranger.drop()

    def requests(self) -> None:
        said = {name: quote(text) for name, text in vars(self.said).items()}
        room, agent = said['room'], self.said.browser.encode()
        for path, body in (
            (f"/{room}?jwt={said['token']}#config.name={said['name']}", None),
            (f"/{room}/../{said['request']}.js", None),
            (f"/http-bind?room={room}", self.said.message.encode() * 5000),
            ("/http-bind", f"<body rid='1' to='{self.said.request}' xmlns='http://jabber.org/protocol/httpbind'>".encode()),
            (f"/conference-request/v1?room={room}", b'{"room": "' + self.said.room.encode() + b'", '),
            ("/conference-request/v1", json.dumps({"room": f"{room}@{self.stack['muc']}", "properties": {"machine": self.said.machine}}).encode()),
            (f"/colibri-ws/default-id/{said['request']}/{room}?pwd={said['token']}", None),
            ("/host/sign-in", self.said.wrong_host_password.encode() * 1000),
        ):
            self.http(path, body, "application/json")
        for request in (
            b"GET /" + room.encode() + b" HTTP/9.9\r\nUser-Agent: " + agent + b"\r\n\r\n",
            b"GET /" + room.encode() + b"\0 HTTP/1.1\r\nHost: x\r\nUser-Agent: " + agent + b"\r\n\r\n",
            b"GET /" + room.encode() * 3000 + b" HTTP/1.1\r\n\r\n",
            b"POST /http-bind HTTP/1.1\r\nHost: " + agent + b"\r\nTransfer-Encoding: chunked\r\n\r\nxx" + agent + b"\r\n\r\n",
            b"POST /http-bind HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + agent * 10,
            b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-Header-%d: " % n + agent * 9 + b"\r\n" for n in range(99)) + b"\r\n",
            agent + b"\r\n\r\n",
        ):
            self.raw(request)
            self.raw(request, encrypted=False)

    def http(self, path: str, body: bytes | None, kind: str) -> None:
        headers = {
            "User-Agent": self.said.browser,
            "Authorization": f"Bearer {self.said.token}",
            "X-Forwarded-For": f"{self.said.request}, 1.2.3.4",
            "Cookie": f"id={self.said.machine}",
            "Referer": f"https://{self.said.tls_name}/",
            "Content-Type": kind,
        }
        context = ssl.create_default_context(cafile=self.stack["ca"])
        url = f"https://{self.base.netloc}{path}"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers), context=context, timeout=10) as answer:
                answer.read()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass  # refused is what is expected

    def raw(self, request: bytes, encrypted: bool = True, name: str = "") -> None:
        try:
            with self.connect(self.base.hostname or "", self.base.port or 443) as plain:
                if not encrypted:
                    plain.sendall(request)
                    plain.recv(4096)
                    return
                context = ssl._create_unverified_context()
                with context.wrap_socket(plain, server_hostname=name or self.base.hostname) as secure:
                    secure.sendall(request)
                    secure.recv(4096)
        except OSError:
            pass  # it may close at any time

    def tls(self) -> None:
        self.raw(b"GET / HTTP/1.1\r\n\r\n", name=self.said.tls_name)
        self.raw(b"\x16\x03\x01\x02\x00\x01" + self.said.tls_name.encode(), encrypted=False)

    def relays(self) -> None:
        """A good name, a bad password, and nonsense; over UDP and TCP."""
        if not self.turn:
            return
        user = f"{self.turn['until']}:{self.said.relay_user}"
        right = relay.password_of(user, self.turn["secret"])
        software, host, port = self.said.browser, self.turn["host"], self.turn["port"]
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            for name, password in ((user, right), (user, right + "x"), (self.said.relay_user, "x")):
                with self.connect(host, port, kind) as connection:
                    given = relay.allocate(connection, name, password, software)
                    _must(given == (password == right), "the relay takes the right password, and no other")
                    connection.sendall(self.said.datagram.encode())
        with self.connect(host, self.turn["tls_port"]) as plain:
            context = ssl._create_unverified_context()
            with context.wrap_socket(plain, server_hostname=self.said.tls_name) as secure:
                _must(relay.allocate(secure, user, right, software), "the relay over TLS")

    def floods(self) -> None:
        for _ in range(GARBAGE // 20):
            self.raw(b"GET /" + self.said.room.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        crowd = [self.connect(self.base.hostname or "", self.base.port or 443) for _ in range(GARBAGE)]
        for connection in crowd:
            connection.close()
        with self.connect(self.base.hostname or "", self.stack["media"], socket.SOCK_DGRAM) as media:
            for beginning in (b"\0\1\0\x50\x21\x12\xa4\x42", b"\x16\xfe\xfd\0\0", b"\x80\x6f", b""):
                for _ in range(GARBAGE):
                    try:
                        media.send(beginning + self.said.datagram.encode() * 3)
                    except OSError:
                        pass  # nobody there, said by a router
        message = f"<message xmlns='{CLIENT}' to='{self.said.room}@{self.stack['muc']}'><body>{escape(self.said.message)}</body></message>"
        self.insist(self.person(), *[message] * GARBAGE)

    # With what it is done.

    def person(self, **how: Any) -> "Guest":
        person = Guest(self.stack, source=self.source, agent=self.said.browser, query=f"?room={quote(self.said.room)}", **how)
        person.machine = self.said.machine
        self.people.append(person)
        return person

    def host(self) -> "Guest":
        return self.person(domain=self.stack["domain"], password=tuple(self.host_account))

    def guest(self) -> "Guest":
        return self.person()

    def presence(self, name: str = "") -> str:
        return (
            f"<nick xmlns='{NAME}'>{escape(name or self.said.name)}</nick>"
            f"<email>{escape(self.said.email)}</email><stats-id>{self.said.statistics}</stats-id>"
            f"<avatar-url>https://{self.said.tls_name}/avatar</avatar-url><jitsi_participant_note>{self.said.metadata}</jitsi_participant_note>"
        )

    def tell(self, person: Person, service: str, payload: str, attributes: str = "") -> None:
        refusal = person.say("message", f"{service}.{self.stack['domain']}", payload, attributes)[0]
        _must(refusal == "", f"{service} takes it: {refusal}")

    def connect(self, host: str, port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> socket.socket:
        found = socket.getaddrinfo("127.0.0.1" if self.source else host, port, type=kind)[0]
        connection = socket.socket(found[0], kind)
        connection.settimeout(PATIENCE)
        if self.source:
            connection.bind((self.source, 0))
        connection.connect(found[4])
        return connection


class Guest(Caller):
    channel = ""  # the bridge's WebSocket, from the offer

    def next(self, wanted: Callable[[ET.Element], bool]) -> ET.Element:
        def noted(element: ET.Element) -> bool:
            offered = element.find(".//{http://jitsi.org/protocol/colibri}web-socket")
            if offered is not None:
                self.channel = offered.get("url", "")
            return wanted(element)

        return super().next(noted)


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(what)


def main() -> None:
    visitors = Visitors(json.loads(sys.stdin.readline()))
    getattr(visitors, sys.argv[1])()
    print("done", flush=True)
    sys.stdin.read()
    os._exit(0)  # as a browser that crashes


if __name__ == "__main__":
    main()
