"""A client of the relay (TURN: RFC 5389, RFC 5766), of as many lines as a test needs."""

import base64
import hashlib
import hmac
import os
import socket
import struct

COOKIE = 0x2112A442
ALLOCATE = 0x0003
USERNAME, INTEGRITY, ERROR, REALM, NONCE, TRANSPORT, SOFTWARE = 0x0006, 0x0008, 0x0009, 0x0014, 0x0015, 0x0019, 0x8022
UDP = b"\x11\0\0\0"


def allocate(connection: socket.socket, user: str, password: str, software: str) -> bool:
    """Asks for a relayed address, as clients do: first without a name, to learn the realm. True when it was given."""
    named = [(SOFTWARE, software.encode()), (TRANSPORT, UDP)]
    refusal = _ask(connection, _request(named))
    realm, nonce = refusal[REALM], refusal[NONCE]
    named += [(USERNAME, user.encode()), (REALM, realm), (NONCE, nonce)]
    key = hashlib.md5(b":".join([user.encode(), realm, password.encode()]), usedforsecurity=False).digest()
    return ERROR not in _ask(connection, _request(named, key))


def password_of(user: str, secret: str) -> str:
    """As the server makes it for a user whose name begins with the time until which it is good."""
    return base64.b64encode(hmac.new(secret.encode(), user.encode(), hashlib.sha1).digest()).decode()


def _request(attributes: list[tuple[int, bytes]], key: bytes = b"") -> bytes:
    body = b"".join(struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4) for kind, value in attributes)
    identity = os.urandom(12)
    if key:
        signed = struct.pack("!HHI", ALLOCATE, len(body) + 24, COOKIE) + identity + body
        body += struct.pack("!HH", INTEGRITY, 20) + hmac.new(key, signed, hashlib.sha1).digest()
    return struct.pack("!HHI", ALLOCATE, len(body), COOKIE) + identity + body


def _ask(connection: socket.socket, request: bytes) -> dict[int, bytes]:
    connection.sendall(request)
    answer = connection.recv(2048)
    attributes, at = {}, 20
    while at + 4 <= len(answer):
        kind, length = struct.unpack_from("!HH", answer, at)
        attributes[kind] = answer[at + 4 : at + 4 + length]
        at += 4 + length + -length % 4
    return attributes
