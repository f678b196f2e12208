"""A service of ours (the focus, a bridge) as Prosody sees it: TCP, STARTTLS, a password."""

import base64
import socket
import ssl
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

from client import MUC, SASL

TLS = "urn:ietf:params:xml:ns:xmpp-tls"


class Service:
    def __init__(self, stack: dict[str, Any], user: str, password: str, resource: str) -> None:
        self._domain = stack["focus_user"].split("@")[1]
        self._muc = stack["muc"]
        self._socket: socket.socket = socket.create_connection(("127.0.0.1", stack["ports"]["xmpp"]), timeout=10)
        self._open()
        self.send(f"<starttls xmlns='{TLS}'/>")
        self.next(lambda e: e.tag == f"{{{TLS}}}proceed")
        context = ssl.create_default_context(cafile=stack["ca"])
        self._socket = context.wrap_socket(self._socket, server_hostname=self._domain)
        self._open()
        secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        self.send(f"<auth xmlns='{SASL}' mechanism='PLAIN'>{secret}</auth>")
        self.next(lambda e: e.tag == f"{{{SASL}}}success")
        self._open()
        bind = f"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>{resource}</resource></bind>"
        self.send(f"<iq type='set' id='bind'>{bind}</iq>")
        self.next(lambda e: e.get("id") == "bind")

    def join(self, room: str, nick: str) -> ET.Element:
        """The first presence that comes back, its own in an empty room."""
        address = room if "@" in room else f"{room}@{self._muc}"
        self.send(f"<presence to='{address}/{nick}'><x xmlns='{MUC}'/></presence>")
        return self.next(lambda e: e.tag.endswith("}presence"))

    def send(self, text: str) -> None:
        self._socket.sendall(text.encode())

    def next(self, wanted: Callable[[ET.Element], bool]) -> ET.Element:
        while True:
            for event, element in self._parser.read_events():
                self._depth += 1 if event == "start" else -1
                if event == "end" and self._depth == 1 and wanted(element):
                    return element
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionError("the server closed the connection")
            self._parser.feed(data)

    def close(self) -> None:
        self._socket.close()

    def _open(self) -> None:
        self._parser = ET.XMLPullParser(("start", "end"))
        self._depth = 0
        stream = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
        self.send(f"<?xml version='1.0'?><stream:stream {stream} to='{self._domain}' version='1.0'>")
        self.next(lambda e: e.tag.endswith("}features"))
