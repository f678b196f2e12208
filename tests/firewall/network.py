"""Three machines on two cables: alice ── server ── bob. Each is a network namespace that a process of its own keeps; nothing of this machine's
own network is touched, and all of it is gone when the process ends."""

import contextlib
import ctypes
import os
import socket
import struct
import subprocess
import unittest
from collections.abc import Iterable, Iterator

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
SO_RCVBUFFORCE = 33
V4, V6 = socket.AF_INET, socket.AF_INET6
FAMILIES = (V4, V6)
SERVER_TO = {"alice": {V4: "10.9.1.1", V6: "fd09:1::1"}, "bob": {V4: "10.9.2.1", V6: "fd09:2::1"}}
ADDRESS = {"alice": {V4: "10.9.1.2", V6: "fd09:1::2"}, "bob": {V4: "10.9.2.2", V6: "fd09:2::2"}}
ALICE_TOO = "fd09:1::3"  # another address of her /64
PORTS = range(1, 65536)
PAUSE = 500  # packets between two looks at what arrived


class Machine:
    def __init__(self, name: str) -> None:
        self.name = name
        self._keeper = subprocess.Popen(
            ["unshare", "-n", "sh", "-c", "echo here && exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._keeper.stdout
        if self._keeper.stdout.readline() != b"here\n":
            self._keeper.wait()
            raise unittest.SkipTest("this machine allows no network namespaces (root is needed)")
        self.pid = self._keeper.pid

    def command(self, *words: str) -> list[str]:
        return ["nsenter", "-t", str(self.pid), "-n", *words]

    def run(self, *words: str) -> str:
        return subprocess.run(self.command(*words), check=True, capture_output=True, text=True).stdout

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """This thread is there; sockets that it opens stay there."""
        with open("/proc/thread-self/ns/net", "rb") as home, open(f"/proc/{self.pid}/ns/net", "rb") as there:
            _enter(there.fileno())
            try:
                yield
            finally:
                _enter(home.fileno())

    def socket(self, family: int, kind: int, protocol: int = 0, user: int = 0) -> socket.socket:
        with self.inside():
            os.seteuid(user)
            try:
                return socket.socket(family, kind, protocol)
            finally:
                os.seteuid(0)

    def close(self) -> None:
        assert self._keeper.stdin and self._keeper.stdout
        self._keeper.stdin.close()
        self._keeper.stdout.close()
        self._keeper.wait()


def _enter(namespace: int) -> None:
    if LIBC.setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


class Network:
    def __init__(self) -> None:
        self.server, self.alice, self.bob = (Machine(name) for name in ("server", "alice", "bob"))
        self.machines = {machine.name: machine for machine in (self.server, self.alice, self.bob)}
        for machine in self.machines.values():
            machine.run("ip", "link", "set", "lo", "up")
        for name in ("alice", "bob"):
            self._connect(self.machines[name])
        try:
            self.server.run("nft", "list", "ruleset")
        except (subprocess.CalledProcessError, FileNotFoundError) as error:
            self.close()
            raise unittest.SkipTest("this kernel has no nf_tables, or nft is not installed") from error

    def _connect(self, guest: Machine) -> None:
        self.server.run("ip", "link", "add", guest.name, "type", "veth", "peer", "name", "eth0", "netns", str(guest.pid))
        for machine, link, addresses in ((self.server, guest.name, SERVER_TO[guest.name]), (guest, "eth0", ADDRESS[guest.name])):
            machine.run("ip", "link", "set", link, "up")
            machine.run("ip", "address", "add", f"{addresses[V4]}/24", "dev", link)
            machine.run("ip", "address", "add", f"{addresses[V6]}/64", "dev", link, "nodad")
        if guest.name == "alice":
            guest.run("ip", "address", "add", f"{ALICE_TOO}/64", "dev", "eth0", "nodad")
        guest.run("ip", "route", "add", "default", "via", SERVER_TO[guest.name][V4])
        guest.run("ip", "-6", "route", "add", "default", "via", SERVER_TO[guest.name][V6])

    def close(self) -> None:
        for machine in self.machines.values():
            machine.close()


class Wiretap:
    """Sees what reaches a machine's programs: behind its firewall, in front of its ports."""

    def __init__(self, machine: Machine, family: int, protocol: int) -> None:
        self._family = family
        self._socket = machine.socket(family, socket.SOCK_RAW, protocol)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
        self.ports: list[int] = []

    def look(self) -> list[int]:
        """The ports that packets were for, in the order of their coming, all since the beginning."""
        with contextlib.suppress(BlockingIOError):
            while True:
                packet = self._socket.recv(65536, socket.MSG_DONTWAIT)
                head = (packet[0] & 15) * 4 if self._family == V4 else 0
                self.ports.append(struct.unpack_from("!H", packet, head + 2)[0])
        return self.ports

    def __enter__(self) -> "Wiretap":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


def udp_scan(sender: Machine, to: str, tap: Wiretap, user: int = 0, ports: Iterable[int] = PORTS, from_port: int = 0) -> set[int]:
    """Sends a datagram to each port; those that arrived."""
    family = V6 if ":" in to else V4
    with sender.socket(family, socket.SOCK_DGRAM, user=user) as out:
        out.bind(("", from_port))
        for number, port in enumerate(ports):
            with contextlib.suppress(PermissionError):  # its own firewall dropped it
                out.sendto(b"?", (to, port))
            if number % PAUSE == 0:
                tap.look()
    return set(tap.look())


def tcp_scan(sender: Machine, source: str, to: str, tap: Wiretap, ports: Iterable[int] = PORTS) -> set[int]:
    """Sends the first packet of a connection to each port; those that arrived."""
    family = V6 if ":" in to else V4
    with sender.socket(family, socket.SOCK_RAW, socket.IPPROTO_TCP) as out:
        out.bind((source, 0))
        for number, port in enumerate(ports):
            out.sendto(_syn(family, source, to, port), (to, 0))
            if number % PAUSE == 0:
                tap.look()
    return set(tap.look())


def _syn(family: int, source: str, to: str, port: int) -> bytes:
    """RFC 9293 §3.1, with the checksum of its pseudo header: connection tracking checks it."""
    head = struct.pack("!HHIIBBHHH", 40000, port, 1, 0, 5 << 4, 2, 1024, 0, 0)
    pseudo = socket.inet_pton(family, source) + socket.inet_pton(family, to) + struct.pack("!HH", socket.IPPROTO_TCP, len(head))
    total = sum(struct.unpack(f"!{(len(pseudo) + len(head)) // 2}H", pseudo + head))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return head[:16] + struct.pack("!H", ~total & 0xFFFF) + head[18:]


def ping(sender: Machine, to: str, count: int = 1) -> int:
    """Sends echo requests all at once; how many were answered."""
    family = V6 if ":" in to else V4
    request, reply, protocol = (128, 129, socket.IPPROTO_ICMPV6) if family == V6 else (8, 0, socket.IPPROTO_ICMP)
    answered = 0
    with sender.socket(family, socket.SOCK_RAW, protocol) as out:
        out.settimeout(1)
        for number in range(count):
            head = struct.pack("!BBHHH", request, 0, 0, 7, number)
            total = sum(struct.unpack("!4H", head))
            out.sendto(head[:2] + struct.pack("!H", ~(total + (total >> 16)) & 0xFFFF) + head[4:], (to, 0))
        with contextlib.suppress(TimeoutError):
            while answered < count:
                packet = out.recv(2048)
                answered += packet[(packet[0] & 15) * 4 if family == V4 else 0] == reply
    return answered
