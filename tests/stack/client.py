"""An XMPP participant over WebSocket, as a browser would be one."""

import base64
import itertools
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

from websocket import WebSocket

SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
SM = "urn:xmpp:sm:3"
CLIENT = "jabber:client"
MUC = "http://jabber.org/protocol/muc"


class Refused(Exception):
    """Sign-in was not possible; carries what the server sent last."""


class Participant:
    """A guest; with `password`, a name and a password, a host. `source`: the address of this machine that it comes from; `agent`: its browser."""

    def __init__(
        self,
        stack: dict[str, Any],
        domain: str | None = None,
        query: str = "",
        password: tuple[str, str] | None = None,
        source: str = "",
        agent: str = "",
    ) -> None:
        self.domain = domain or stack["guest_domain"]
        self._password = password
        self._stack = stack
        self._ids = itertools.count()
        self._socket = WebSocket(stack["websocket"] + query, stack["ca"], source=source, agent=agent)
        self.jid = ""

    def sign_in(self) -> "Participant":
        self._authenticate()
        bound = self.ask(f"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>", "set", to=None)
        self.jid = bound.findtext(".//{*}jid") or ""
        return self

    def resume(self, previous: str, handled: int) -> ET.Element:
        self._authenticate()
        self._socket.send(f"<resume xmlns='{SM}' previd='{previous}' h='{handled}'/>")
        return self.next(lambda e: e.tag in (f"{{{SM}}}resumed", f"{{{SM}}}failed"))

    def enable_resumption(self) -> str:
        self._socket.send(f"<enable xmlns='{SM}' resume='true'/>")
        return self.next(lambda e: e.tag == f"{{{SM}}}enabled").attrib["id"]

    def ask(self, payload: str, kind: str = "get", to: str | None = "") -> ET.Element:
        """Sends a request and gives its answer, an error too."""
        name = f"q{next(self._ids)}"
        address = "" if to is None else f" to='{to or self._stack['domain']}'"
        self.send(f"<iq xmlns='{CLIENT}' type='{kind}' id='{name}'{address}>{payload}</iq>")
        return self.next(lambda e: e.tag.endswith("}iq") and e.get("id") == name)

    def join(self, room: str, nick: str) -> ET.Element:
        address = f"{room}@{self._stack['muc']}/{nick}" if "@" not in room else f"{room}/{nick}"
        self.send(f"<presence xmlns='{CLIENT}' to='{address}'><x xmlns='{MUC}'/></presence>")
        return self.next(lambda e: e.tag.endswith("}presence"))

    def send(self, text: str) -> None:
        self._socket.send(text)

    def next(self, wanted: Callable[[ET.Element], bool]) -> ET.Element:
        """The next element that is wanted; what comes before it is dropped."""
        while (text := self._socket.receive()) is not None:
            element = ET.fromstring(text)
            if wanted(element):
                return element
        raise ConnectionError("the server closed the connection")

    def drop(self) -> None:
        self._socket.drop()

    def mechanisms(self) -> list[str]:
        """The ways to sign in that the server offers."""
        return [mechanism.text or "" for mechanism in self._open().iter(f"{{{SASL}}}mechanism")]

    def begin_sign_in(self) -> None:
        """Sends name and password, and does not wait."""
        self._open()
        if self._password:
            secret = base64.b64encode("\0".join(("", *self._password)).encode()).decode()
            self._socket.send(f"<auth xmlns='{SASL}' mechanism='PLAIN'>{secret}</auth>")
        else:
            self._socket.send(f"<auth xmlns='{SASL}' mechanism='ANONYMOUS'/>")

    def outcome(self) -> str:
        """Empty when the server let us in, else what it said."""
        answer = self.next(lambda e: e.tag.startswith(f"{{{SASL}}}"))
        return "" if answer.tag.endswith("success") else ET.tostring(answer, encoding="unicode")

    def _authenticate(self) -> None:
        self.begin_sign_in()
        if refusal := self.outcome():
            raise Refused(refusal)
        self._open()

    def _open(self) -> ET.Element:
        self._socket.send(f"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{self.domain}' version='1.0'/>")
        try:
            return self.next(lambda e: e.tag.endswith("}features"))
        except ConnectionError as closed:
            raise Refused("no features") from closed


def condition(answer: ET.Element) -> str:
    """The name of the stanza error in an answer, empty when there is none."""
    error = answer.find("{*}error")
    return "" if error is None or len(error) == 0 else error[0].tag.split("}")[1]
