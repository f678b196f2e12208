"""Chooses free ports of this machine."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass

from .console import Failure

LOOPBACK = (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6))


@dataclass(frozen=True)
class Ports:
    https: int
    xmpp: int
    xmpp_http: int
    component: int
    focus_http: int
    bridge_http: int
    gate_http: int
    media: int  # the first of `shards` UDP ports in a row


def loopback_addresses() -> list[str]:
    """127.0.0.1, and ::1 where this machine has it."""
    return [address for address, family in LOOPBACK if _can_bind(address, 0, family, socket.SOCK_STREAM)]


def https_port_is_free(port: int) -> bool:
    families = dict(LOOPBACK)
    return all(_can_bind(a, port, families[a], socket.SOCK_STREAM) for a in loopback_addresses())


def choose(https: int | None, shards: int) -> Ports:
    if https is not None and not https_port_is_free(https):
        raise Failure(f"Port {https} is taken by another program: choose another one with --port.")
    taken: set[int] = {https} if https else set()
    tcp = [_free_tcp(preferred, taken) for preferred in (25222, 25280, 25347, 28888, 29090, 28890)]
    return Ports(https or _free_https(taken), *tcp, media=_free_udp_row(shards))


def _free_https(taken: set[int]) -> int:
    for port in range(8443, 8460):
        if port not in taken and https_port_is_free(port):
            return port
    return _free_tcp(0, taken)


def _free_tcp(preferred: int, taken: set[int]) -> int:
    for candidate in (preferred, 0):
        port = _bound_port(candidate, socket.SOCK_STREAM)
        if port is not None and port not in taken:
            taken.add(port)
            return port
    return _free_tcp(0, taken)


def _free_udp_row(count: int) -> int:
    for first in range(10000, 60000, max(count, 1)):
        if all(_can_bind("0.0.0.0", first + i, socket.AF_INET, socket.SOCK_DGRAM) for i in range(count)):
            return first
    raise Failure(f"There are no {count} free UDP ports in a row on this machine.")


def _bound_port(port: int, kind: socket.SocketKind) -> int | None:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            if kind == socket.SOCK_STREAM:
                probe.listen()
        except OSError:
            return None
        return int(probe.getsockname()[1])


def _can_bind(address: str, port: int, family: socket.AddressFamily, kind: socket.SocketKind) -> bool:
    try:
        with socket.socket(family, kind) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
            if kind == socket.SOCK_STREAM:
                probe.listen()
    except OSError:
        return False
    return True


def is_listening(port: int, addresses: Sequence[str] = ("127.0.0.1",)) -> bool:
    for address in addresses:
        try:
            socket.create_connection((address, port), timeout=1).close()
        except OSError:
            return False
    return True
