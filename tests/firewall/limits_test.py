"""Who sends too much is cut, and others are served; who is banned is cut, for a while."""

import socket
import time
import unittest
from typing import Any

from guard import BAN, NOT_ALLOWED, NOT_BANNED, SET_IS_FULL, SETTINGS, UNBAN, FirewallTest, until
from network import ADDRESS, ALICE_TOO, FAMILIES, SERVER_TO, V4, V6, Machine, Wiretap

BURST, RATE = 100, 50
MEDIA, WEB = 10000, 443


def limited(**rate: Any) -> dict[str, Any]:
    media = {"name": "media", "protocol": "udp", "ports": [str(MEDIA)], "rate": {"count": RATE, "burst": BURST}}
    web = {"name": "web", "protocol": "tcp", "ports": [str(WEB)], "rate": {"count": 2, "per": "minute", "burst": 5}}
    return SETTINGS | {"input": [media | rate, web]}


class Flow:
    """Datagrams to one port, and how many of them a program there got."""

    def __init__(self, server: Machine, guest: Machine, family: int, source: str = "") -> None:
        self.to = (SERVER_TO[guest.name][family], MEDIA)
        self.server = server.socket(family, socket.SOCK_DGRAM)
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.server.bind(self.to)
        self.guest = guest.socket(family, socket.SOCK_DGRAM)
        self.guest.bind((source, 0))

    def send(self, count: int) -> None:
        for _ in range(count):
            self.guest.sendto(b"media", self.to)

    def arrived(self) -> int:
        count = 0
        while True:
            try:
                self.server.recv(64, socket.MSG_DONTWAIT)
                count += 1
            except BlockingIOError:
                return count

    def reaches(self) -> bool:
        self.send(1)
        return self.arrived() > 0

    def close(self) -> None:
        self.server.close()
        self.guest.close()


class LimitTest(FirewallTest):
    def flow(self, guest: Machine, family: int, source: str = "") -> Flow:
        flow = Flow(self.network.server, guest, family, source)
        self.addCleanup(flow.close)
        return flow


class FloodTest(LimitTest):
    def test_one_source_floods_and_another_is_served(self) -> None:
        self.guard(limited()).wait_ready()
        for family in FAMILIES:
            with self.subTest(family=family):
                flood, quiet = self.flow(self.network.alice, family), self.flow(self.network.bob, family)
                start = time.monotonic()
                for _ in range(BURST // 2):
                    flood.send(200)
                    quiet.send(1)
                allowed = BURST + RATE * (time.monotonic() - start + 1)
                self.assertEqual(quiet.arrived(), BURST // 2)
                self.assertLess(flood.arrived(), allowed)

    def test_a_source_has_one_rate_whatever_address_of_its_64_it_takes(self) -> None:
        self.guard(limited(family="ipv6")).wait_ready()
        one, two = self.flow(self.network.alice, V6, ADDRESS["alice"][V6]), self.flow(self.network.alice, V6, ALICE_TOO)
        start = time.monotonic()
        one.send(2000)
        two.send(BURST // 2)
        allowed = RATE * (time.monotonic() - start + 1)
        self.assertGreaterEqual(one.arrived() + two.arrived(), BURST)
        self.assertLess(two.arrived(), allowed)

    def test_an_established_call_is_limited_too(self) -> None:
        """It was answered, so that the kernel tracks it as established."""
        self.guard(limited()).wait_ready()
        flow = self.flow(self.network.alice, V4)
        flow.send(1)
        _, address = flow.server.recvfrom(64)
        flow.server.sendto(b"answer", address)
        self.assertEqual(flow.guest.recv(64), b"answer")
        flow.send(5000)
        self.assertLess(flow.arrived(), 2500)

    def test_too_many_connections_are_not_begun(self) -> None:
        self.guard(limited()).wait_ready()
        for family in FAMILIES:
            with self.subTest(family=family):
                self.assertEqual(self._connections(self.network.alice, family, 20), 5)
                self.assertEqual(self._connections(self.network.bob, family, 3), 3)

    def test_more_sources_than_are_remembered_do_not_close_the_service(self) -> None:
        self.guard(limited(rate={"count": RATE, "burst": BURST, "sources": 16})).wait_ready()
        for last in range(100, 140):
            self.network.alice.run("ip", "address", "add", f"10.9.1.{last}/24", "dev", "eth0")
        served = [self.flow(self.network.alice, V4, f"10.9.1.{last}").reaches() for last in range(100, 140)]
        self.assertTrue(all(served))

    def _connections(self, guest: Machine, family: int, count: int) -> int:
        """Sends so many first packets; how many came through."""
        clients = [guest.socket(family, socket.SOCK_STREAM) for _ in range(count)]
        with Wiretap(self.network.server, family, socket.IPPROTO_TCP) as tap:
            for client in clients:
                client.setblocking(False)
                client.connect_ex((SERVER_TO[guest.name][family], WEB))
            seen = len(tap.look())
        for client in clients:
            client.close()
        return seen


class BanTest(LimitTest):
    def test_a_ban_cuts_what_runs_and_ends_by_itself(self) -> None:
        guard = self.guard().wait_ready()
        for family in FAMILIES:
            with self.subTest(family=family):
                flow, other = self.flow(self.network.alice, family), self.flow(self.network.bob, family)
                until(flow.reaches, "she is heard")
                self.asked(guard.ask(BAN, [ADDRESS["alice"][family]], seconds=1))
                self.assertFalse(flow.reaches())
                until(other.reaches, "another is heard")
                until(flow.reaches, "she is heard again")

    def test_a_banned_64_cannot_take_another_address(self) -> None:
        guard = self.guard().wait_ready()
        flow = self.flow(self.network.alice, V6, ALICE_TOO)
        until(flow.reaches, "she is heard")
        self.asked(guard.ask(BAN, [ADDRESS["alice"][V6]]))
        self.assertFalse(flow.reaches())

    def test_a_ban_can_be_ended(self) -> None:
        guard = self.guard().wait_ready()
        flow = self.flow(self.network.alice, V4)
        self.asked(guard.ask(BAN, [ADDRESS["alice"][V4]]))
        self.assertFalse(flow.reaches())
        self.asked(guard.ask(UNBAN, [ADDRESS["alice"][V4]]))
        self.assertTrue(flow.reaches())
        self.asked(guard.ask(UNBAN, [ADDRESS["alice"][V4]]), NOT_BANNED)

    def test_a_second_ban_counts_from_its_own_beginning(self) -> None:
        guard = self.guard().wait_ready()
        self.asked(guard.ask(BAN, [ADDRESS["alice"][V4], ADDRESS["alice"][V6]], seconds=1))
        self.asked(guard.ask(BAN, [ADDRESS["alice"][V4], ADDRESS["alice"][V6]], seconds=600))
        self.assertEqual(self.rules().count("timeout 10m"), 2)

    def test_bans_outlive_new_rules(self) -> None:
        guard = self.guard().wait_ready()
        self.asked(guard.ask(BAN, [ADDRESS["alice"][V4]]))
        guard.configure(limited())
        self.assertEqual(guard.cloister("reload").returncode, 0)
        self.assertEqual(guard.status()["bans4"], 1)
        self.assertFalse(self.flow(self.network.alice, V4).reaches())

    def test_ten_thousand_in_a_second_and_in_sixteen_megabytes(self) -> None:
        guard = self.guard().wait_ready()
        sources = [f"10.{n >> 8}.{n & 255}.1" if n % 2 else f"2001:db8:{n:x}::1" for n in range(10000)]
        before = guard.seconds_used()
        self.asked(guard.ask(BAN, sources, seconds=3600))
        self.assertLess(guard.seconds_used() - before, 1.0)
        status = guard.status()
        self.assertEqual((status["bans4"], status["bans6"]), (5000, 5000))
        self.assertLess(guard.memory_peak(), 16 << 20)

    def test_a_full_set_says_so_and_stays_as_it_was(self) -> None:
        guard = self.guard(SETTINGS | {"bans": {"size": 16}}).wait_ready()
        self.asked(guard.ask(BAN, [f"10.1.1.{n}" for n in range(10)]))
        self.asked(guard.ask(BAN, [f"10.1.2.{n}" for n in range(10)]), SET_IS_FULL)
        self.assertEqual(guard.status()["bans4"], 10)

    def test_who_may_never_be_banned(self) -> None:
        guard = self.guard(SETTINGS | {"bans": {"never": ["10.9.2.0/24"], "longest_seconds": 120}}).wait_ready()
        for address in ("127.0.0.1", "::1", "0.0.0.0", ADDRESS["bob"][V4]):
            with self.subTest(address):
                self.asked(guard.ask(BAN, ["10.1.1.1", address]), NOT_ALLOWED)
        self.assertEqual(guard.status()["bans4"], 0)
        self.asked(guard.ask(BAN, ["10.1.1.1"], seconds=99999))
        self.assertIn("timeout 2m", self.rules())

    def test_addresses_are_kept_by_the_kernel_alone(self) -> None:
        guard = self.guard().wait_ready()
        banned = guard.cloister("ban", "-", "--for", "15m", stdin="192.0.2.77\n2001:db8:77::1\n")
        self.assertEqual(banned.stdout, "Banned: 2\n")
        self.assertIn("192.0.2.77", self.rules())
        said = [guard.cloister(*words) for words in (["status"], ["status", "--json"], ["show"], ["show", "--json"], ["ban", "192.0.2.77x"])]
        guard.stop()
        for text in [guard.errors(), *(done.stdout + done.stderr for done in said)]:
            self.assertNotRegex(text, r"192\.0\.2\.77|db8:77")


if __name__ == "__main__":
    unittest.main()
