"""Is a service ready for people? Each answer is one quick look at what it offers on loopback."""

import http.client
import socket

from .ports import is_listening

QUICK = 2.0


def http_answers(port: int, path: str) -> bool:
    """True when the service itself says that it is well: status 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=QUICK)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def xmpp_answers(port: int, domain: str) -> bool:
    """True when the XMPP server opens a stream for the domain."""
    opening = (
        f"<?xml version='1.0'?><stream:stream xmlns='jabber:client' version='1.0' to='{domain}' "
        "xmlns:stream='http://etherx.jabber.org/streams'>"
    )
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=QUICK) as stream:
            stream.sendall(opening.encode())
            return b"features" in stream.recv(4096)
    except OSError:
        return False


def all_listen(ports: list[int]) -> bool:
    return all(is_listening(port) for port in ports)
