"""A WebSocket client (RFC 6455) just large enough to speak XMPP (RFC 7395) with the stack under test."""

import base64
import os
import socket
import ssl
import struct
from urllib.parse import urlsplit

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


class WebSocket:
    def __init__(self, url: str, ca: str, origin: str | None = None, timeout: float = 10.0, source: str = "", agent: str = "") -> None:
        parts = urlsplit(url)
        # `source`: an address of this machine to come from, 127.x.y.z
        address = ("127.0.0.1" if source else parts.hostname or "", parts.port or 443)
        plain = socket.create_connection(address, timeout=timeout, source_address=(source, 0) if source else None)
        self._socket = ssl.create_default_context(cafile=ca).wrap_socket(plain, server_hostname=parts.hostname)
        self._buffer = b""
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        lines = [f"GET {target} HTTP/1.1", f"Host: {parts.netloc}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}", "Sec-WebSocket-Version: 13"]
        lines += ["Sec-WebSocket-Protocol: xmpp"] + ([f"Origin: {origin}"] if origin else [])
        lines += [f"User-Agent: {agent}"] if agent else []
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        while b"\r\n\r\n" not in self._buffer:
            self._read_more()
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        self.status = int(head.split(b" ", 2)[1])

    def send(self, text: str) -> None:
        self._send_frame(TEXT, text.encode())

    def receive(self) -> str | None:
        """The next text, or None when the other side has closed."""
        while True:
            opcode, payload = self._frame()
            if opcode == TEXT:
                return payload.decode()
            if opcode == PING:
                self._send_frame(PONG, payload)
            elif opcode == CLOSE:
                return None

    def drop(self) -> None:
        """Ends the connection without a word, as a lost network does."""
        self._socket.close()

    def _send_frame(self, opcode: int, payload: bytes) -> None:
        mask = os.urandom(4)
        length = len(payload)
        if length < 126:
            size = bytes([0x80 | length])
        else:
            size = bytes([0xFE]) + struct.pack("!H", length) if length <= 0xFFFF else bytes([0xFF]) + struct.pack("!Q", length)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        self._socket.sendall(bytes([0x80 | opcode]) + size + mask + masked)

    def _frame(self) -> tuple[int, bytes]:
        opcode, length = self._exactly(2)
        if length == 126:
            (length,) = struct.unpack("!H", self._exactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._exactly(8))
        return opcode & 0x0F, self._exactly(length)

    def _exactly(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._read_more()
        wanted, self._buffer = self._buffer[:count], self._buffer[count:]
        return wanted

    def _read_more(self) -> None:
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("the other side is gone")
        self._buffer += data
