#!/usr/bin/env python3
"""Listens on this machine's loopback for the RTP audio between two ports, for a while: what anybody on the way can see.

listen.py PORT OTHER_PORT SECONDS prints a JSON list: [milliseconds since 1970, from PORT?, SSRC, bytes,
value of header extension 1]. Needs root; sees nothing but these two ports.
"""

import json
import socket
import struct
import sys
import time

OPUS = 111
LEVEL = 1
UDP = 17
OUTGOING = 4


def udp(frame: bytes) -> tuple[int, int, bytes] | None:
    packet = frame[14:]
    if frame[12:14] == b"\x08\x00" and packet[9] == UDP:
        datagram = packet[(packet[0] & 15) * 4 :]
    elif frame[12:14] == b"\x86\xdd" and packet[6] == UDP:
        datagram = packet[40:]
    else:
        return None
    source, target = struct.unpack("!HH", datagram[:4])
    return source, target, datagram[8:]


def level(rtp: bytes) -> int | None:
    if len(rtp) < 18 or rtp[0] >> 6 != 2 or rtp[1] & 127 != OPUS or not rtp[0] & 16:
        return None
    at = 12 + 4 * (rtp[0] & 15)
    profile, words = struct.unpack("!HH", rtp[at : at + 4])
    block = rtp[at + 4 : at + 4 + 4 * words]
    while profile == 0xBEDE and block:
        size = (block[0] & 15) + 1
        if block[0] >> 4 == LEVEL:
            return block[1] if len(block) > 1 else None
        block = block[1 + size :] if block[0] else block[1:]
    return None


def main() -> None:
    port, other, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    ear.bind(("lo", 0))
    ear.settimeout(0.2)
    heard = []
    end = time.time() + seconds
    while time.time() < end:
        try:
            frame, address = ear.recvfrom(65536)
        except TimeoutError:
            continue
        found = udp(frame) if address[2] != OUTGOING else None
        if not found or {found[0], found[1]} != {port, other}:
            continue
        value = level(found[2])
        if value is not None:
            ssrc = struct.unpack("!I", found[2][8:12])[0]
            heard.append([time.time() * 1000, found[0] == port, ssrc, len(found[2]), value])
    json.dump(heard, sys.stdout)


if __name__ == "__main__":
    main()
