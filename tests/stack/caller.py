"""Somebody in a meeting's call, as far as the focus sees: answers what it is asked, takes the offer, says what it sends."""

import xml.etree.ElementTree as ET
from collections.abc import Callable

from client import CLIENT, condition
from meeting import Person

JINGLE = "urn:xmpp:jingle:1"
RTP = "urn:xmpp:jingle:apps:rtp:1"
SOURCES = "urn:xmpp:jingle:apps:rtp:ssma:0"
FEATURES = ("urn:xmpp:jingle:apps:rtp:audio", "urn:xmpp:jingle:apps:rtp:video", "http://jitsi.org/json-encoded-sources")
TRANSPORT = "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u' pwd='p'/>"


def content(kind: str, sources: str) -> str:
    description = f"<description xmlns='{RTP}' media='{kind}'>{sources}</description>"
    return f"<content creator='responder' name='{kind}' senders='both'>{description}{TRANSPORT}</content>"


def source(ssrc: int, name: str, msid: str, video: str = "") -> str:
    """`video`: camera or desktop."""
    kind = f" videoType='{video}'" if video else ""
    return f"<source xmlns='{SOURCES}' ssrc='{ssrc}' name='{name}'{kind}><parameter name='msid' value='{msid}'/></source>"


class Caller(Person):
    """Takes part in the call, as far as the focus sees. Every request is answered as it comes."""

    sid = ""
    announced = ""  # all that came about others' sources

    def take_call(self, room: str, ssrc: int | None = None) -> None:
        """Accepts the offer; with a microphone of this number."""
        while not self.sid:
            self.next(lambda _: True)
        mine = source(ssrc, f"{self.nick}-a0", f"{self.nick}-audio a") if ssrc is not None else ""
        accepted = self.jingle(room, "session-accept", content("audio", mine))
        assert accepted == "", accepted

    def next(self, wanted: Callable[[ET.Element], bool]) -> ET.Element:
        def noted(element: ET.Element) -> bool:
            if element.tag.endswith("}iq") and element.get("type") in ("get", "set"):
                self._answer(element)
            return wanted(element)

        return super().next(noted)

    def _answer(self, iq: ET.Element) -> None:
        jingle = iq.find(f"{{{JINGLE}}}jingle")
        if jingle is not None and jingle.get("action") == "session-initiate":
            self.sid = jingle.get("sid", "")
        elif jingle is not None and jingle.get("action") == "source-add":
            self.announced += ET.tostring(jingle, encoding="unicode")
        features = "".join(f"<feature var='{feature}'/>" for feature in FEATURES)
        info = iq.find("{http://jabber.org/protocol/disco#info}query")
        payload = "" if info is None else f"<query xmlns='http://jabber.org/protocol/disco#info'>{features}</query>"
        self.send(f"<iq xmlns='{CLIENT}' type='result' id='{iq.get('id')}' to='{iq.get('from')}'>{payload}</iq>")

    def jingle(self, room: str, action: str, contents: str, sid: str = "", to: str = "focus") -> str:
        payload = f"<jingle xmlns='{JINGLE}' action='{action}' sid='{sid or self.sid}'>{contents}</jingle>"
        return condition(self.ask(payload, "set", to=f"{self.room(room)}/{to}"))
