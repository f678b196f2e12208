"""What gets through: every port, both families, each direction."""

import socket
import unittest

from guard import SETTINGS, FirewallTest, until
from network import ADDRESS, FAMILIES, PORTS, SERVER_TO, V4, V6, Wiretap, ping, tcp_scan, udp_scan

TCP, UDP = socket.IPPROTO_TCP, socket.IPPROTO_UDP
OPEN_TCP = {22, 80, 443}
OPEN_UDP = {3478, 10000, 10001, 10002, 10003}


class InputTest(FirewallTest):
    def test_without_a_firewall_the_scan_sees_every_port(self) -> None:
        """Else the next tests would prove nothing. (Every fifth, to be quick.)"""
        with Wiretap(self.network.server, V4, UDP) as udp, Wiretap(self.network.server, V6, TCP) as tcp:
            some = range(PORTS.start, PORTS.stop, 5)
            self.assertEqual(udp_scan(self.network.alice, SERVER_TO["alice"][V4], udp, ports=some), set(some))
            self.assertEqual(tcp_scan(self.network.alice, ADDRESS["alice"][V6], SERVER_TO["alice"][V6], tcp, some), set(some))

    def test_the_ports_of_the_services_are_open_and_no_other(self) -> None:
        self.guard().wait_ready()
        for family in FAMILIES:
            to = SERVER_TO["alice"][family]
            with self.subTest(to), Wiretap(self.network.server, family, UDP) as udp, Wiretap(self.network.server, family, TCP) as tcp:
                self.assertEqual(udp_scan(self.network.alice, to, udp), OPEN_UDP)
                self.assertEqual(tcp_scan(self.network.alice, ADDRESS["alice"][family], to, tcp), OPEN_TCP)

    def test_a_service_for_some_sources_is_closed_to_others(self) -> None:
        only_bob = {"name": "ssh", "protocol": "tcp", "ports": ["22"], "sources": ["10.9.2.0/24", "fd09:2::/64"]}
        self.guard(SETTINGS | {"input": [only_bob]}).wait_ready()
        for family in FAMILIES:
            for guest, seen in ((self.network.alice, set()), (self.network.bob, {22})):
                with self.subTest(guest.name, family=family), Wiretap(self.network.server, family, TCP) as tap:
                    found = tcp_scan(guest, ADDRESS[guest.name][family], SERVER_TO[guest.name][family], tap, range(20, 30))
                    self.assertEqual(found, seen)

    def test_a_service_of_one_family_is_closed_in_the_other(self) -> None:
        only6 = {"name": "web", "protocol": "udp", "ports": ["443"], "family": "ipv6"}
        self.guard(SETTINGS | {"input": [only6]}).wait_ready()
        for family, seen in ((V4, set()), (V6, {443})):
            with self.subTest(family=family), Wiretap(self.network.server, family, UDP) as tap:
                self.assertEqual(udp_scan(self.network.alice, SERVER_TO["alice"][family], tap, ports=range(440, 446)), seen)

    def test_a_connection_works_in_both_directions(self) -> None:
        self.guard().wait_ready()
        for family in FAMILIES:
            with self.subTest(family=family), self.network.server.socket(family, socket.SOCK_STREAM) as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(("", 443))
                listener.listen()
                with self.network.alice.socket(family, socket.SOCK_STREAM) as client:
                    client.settimeout(10)
                    client.connect((SERVER_TO["alice"][family], 443))
                    served, _ = listener.accept()
                    with served:
                        served.sendall(b"hello")
                        self.assertEqual(client.recv(5), b"hello")

    def test_ping_is_answered(self) -> None:
        self.guard().wait_ready()
        for family in FAMILIES:
            with self.subTest(family=family):
                self.assertEqual(ping(self.network.alice, SERVER_TO["alice"][family]), 1)

    def test_a_flood_of_pings_is_not(self) -> None:
        self.guard(SETTINGS | {"ping": {"per_second": 10}}).wait_ready()
        self.assertLess(ping(self.network.alice, SERVER_TO["alice"][V4], 200), 100)


class ForwardTest(FirewallTest):
    def test_nothing_passes_through(self) -> None:
        self.network.server.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding")
        for family in FAMILIES:
            with self.subTest(family=family, guard=False), Wiretap(self.network.bob, family, UDP) as tap:
                udp_scan(self.network.alice, ADDRESS["bob"][family], tap, ports=[443, 10000])
                until(lambda tap=tap: set(tap.look()) == {443, 10000}, "both arrive where nothing is in the way")
        self.guard().wait_ready()
        for family in FAMILIES:
            with self.subTest(family=family, guard=True), Wiretap(self.network.bob, family, UDP) as tap:
                self.assertEqual(udp_scan(self.network.alice, ADDRESS["bob"][family], tap, ports=[53, 443, 10000]), set())


class OutputTest(FirewallTest):
    def test_each_user_begins_only_what_it_must(self) -> None:
        self.guard().wait_ready()
        expected = {0: ({53}, PORTS), 1001: ({53}, range(1, 2000)), 1002: ({53, 123}, range(1, 2000))}
        for family in FAMILIES:
            for user, (open_ports, asked) in expected.items():
                with self.subTest(family=family, user=user), Wiretap(self.network.alice, family, UDP) as tap:
                    self.assertEqual(udp_scan(self.network.server, ADDRESS["alice"][family], tap, user, asked), open_ports)

    def test_the_bridge_sends_anywhere_but_only_from_its_ports(self) -> None:
        self.guard().wait_ready()
        for family in FAMILIES:
            for user, source, ports in ((1001, 10002, {40000, 50000}), (1001, 10004, set()), (1002, 10002, set())):
                with self.subTest(family=family, user=user, source=source), Wiretap(self.network.alice, family, UDP) as tap:
                    found = udp_scan(self.network.server, ADDRESS["alice"][family], tap, user, [40000, 50000], source)
                    self.assertEqual(found, ports)

    def test_only_the_updater_begins_tcp(self) -> None:
        self.guard().wait_ready()
        for family in FAMILIES:
            for user, ports in ((0, set()), (1001, set()), (1003, {80, 443})):
                with self.subTest(family=family, user=user), Wiretap(self.network.alice, family, TCP) as tap:
                    for port in (22, 80, 443, 8080):
                        with self.network.server.socket(family, socket.SOCK_STREAM, user=user) as client:
                            client.setblocking(False)
                            client.connect_ex((ADDRESS["alice"][family], port))
                    self.assertEqual(set(tap.look()), ports)


if __name__ == "__main__":
    unittest.main()
