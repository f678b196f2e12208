"""A meeting on an installed server, with canaries in all that its people say and in where they come from, and with all that can go wrong.
Then every byte is searched that the server has written since it started: its disk, deleted files too, what it holds in memory file systems,
its journal. The short form, over the trial, is tests/stack/privacy_test.py."""

import contextlib
import gzip
import ipaddress
import socket
import subprocess
import sys
import time
import unittest
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / name) for name in ("ansible", "machine", "privacy/search")]

import canaries  # noqa: E402
import people  # noqa: E402
import places  # noqa: E402
from installed import InstalledServer  # noqa: E402
from needles import Canary, unknown  # noqa: E402
from scanner import Hit, Search  # noqa: E402
from server import ADDRESS, LOAD, NAME  # noqa: E402
from visits import Visit, crashing  # noqa: E402

SERVICES = ["cloister-guard", "cloister-gate", "prosody", "cloister-focus", "cloister-bridge", "nginx", "coturn"]
NETWORK = "fd00:77::"  # of the cable
KERNELS = ["proc", "sys", "dev", "packages", "source", "pool"]  # no files, or not the server's
TOLD_BY = {
    "the journal": ["journalctl", "--all", "--no-pager", "-o", "export"],
    "who signed in": ["last", "-w", "-f", "/var/log/wtmp"],
    "who tried": ["last", "-w", "-f", "/var/log/btmp"],
    "the command": ["sh", "-c", "cloister status --json; cloister firewall status --json; true"],
}


class PrivateServer(InstalledServer):
    disk_bytes = 4 << 30


class ServerTest(unittest.TestCase):
    """One server, one story: each test goes on where the one before it stopped, in the order of their names."""

    server: PrivateServer
    began = 0
    maxDiff = None

    @classmethod
    def setUpClass(cls) -> None:
        if not LOAD.exists():
            raise unittest.SkipTest(f"{LOAD} is not built")
        cls.began = time.time_ns()
        cls.server = PrivateServer("private")
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.people = canaries.people()
        cls.password = canaries.secret("Meisenknödel")
        made = (canaries.address_v4, canaries.address_v6, canaries.address_v4, canaries.address_v4)
        addresses = [unknown(make, cls.is_known) for make in made]
        cls.v4, cls.v6, cls.guesser, cls.stray = (address.text for address in addresses)
        cls.search = Search([*canaries.of(cls.people), *addresses, Canary("host_password", cls.password)])
        cls.lay_cables()
        cls.server.run(["cloister", "host", "add", "teacher"], stdin=f"{cls.password}\n")

    people: dict[str, str]
    password: str
    v4: str
    v6: str
    guesser: str  # from where no host ever signed in: else nobody there would be banned
    stray: str  # to where the server knows no way
    search: Search

    @classmethod
    def lay_cables(cls) -> None:
        """Those outside come from the canaries' addresses, and from no other."""
        inside = cls.server.run
        for address in (cls.v4, cls.guesser):
            inside(["ip", "route", "add", address, "dev", "outside"])
        inside(["ip", "address", "add", f"{NETWORK}1/64", "dev", "outside", "nodad"])
        inside(["ip", "route", "add", cls.v6, "dev", "outside"])
        outside = cls.server.outside.run
        for address in (cls.v4, cls.guesser, cls.stray):
            outside("ip", "address", "add", f"{address}/32", "dev", "server")
        outside("ip", "address", "add", f"{cls.v6}/128", "dev", "server", "nodad")
        outside("ip", "route", "add", f"{NETWORK}/64", "dev", "server", "src", cls.v6)
        cls.come_from(cls.v4)
        inside(["systemctl", "restart", "coturn"])  # which looks for addresses once

    @classmethod
    def come_from(cls, address: str) -> None:
        cls.server.outside.run("ip", "route", "replace", "10.77.0.0/24", "dev", "server", "src", address)

    # Where traces may lie.

    @classmethod
    def is_known(cls, canary: Canary) -> bool:
        return any(True for _ in cls.traces(Search([canary])))

    @classmethod
    def traces(cls, search: Search) -> Iterator[Hit]:
        subprocess.run(["sync", "-f", str(cls.server.written)], check=True)
        yield from places.disk(search, cls.server.disk)
        yield from places.tree(search, cls.server.written)
        root = cls.server.path("/")
        yield from places.tree(search, root, since_ns=cls.began, without=[root / name for name in KERNELS])
        yield from places.tree(search, root / "dev", since_ns=cls.began)
        for name, command in TOLD_BY.items():
            yield from places.output(search, name, cls.server.command(command))
        yield from places.output(search, "the kernel", ["dmesg"])

    def assert_no_traces(self) -> None:
        self.assertEqual(sorted(map(str, self.traces(self.search))), [])

    # Who comes.

    def visit(self, stage: str) -> Visit:
        secret = next(line.split("=")[1] for line in self.server.read("/etc/turnserver.conf").splitlines() if line.startswith("static-auth-secret="))
        turn = {"host": NAME, "port": 3478, "tls_port": 5349, "secret": secret, "until": int(time.time()) + 3600}
        told = {"facts": {**people.facts(self.server), "media": 10000}, "canaries": self.people, "host": ["teacher", self.password], "turn": turn}
        return Visit(stage, told, self.server.outside.command)

    def lead_to(self, address: str) -> None:
        """The server's name, outside."""
        self.server.outside.file("hosts", f"127.0.0.1 localhost\n{address} {NAME}\n")

    @contextlib.contextmanager
    def browsers(self) -> Iterator[None]:
        """Three in a call, who crash at the end."""
        page = f"https://{NAME}/{self.people['open_room']}"
        load = [str(LOAD), "--url", page, "--ca-file", self.server.trusted(), "--i-own-this-server", "--json", "--name", self.people["name"]]
        options = ["--participants", "3", "--senders", "all", "--talkers", "3", "--seconds", "300"]
        command = self.server.outside.command(*load, *options)
        with crashing(command):
            yield

    def kill(self, service: str, signal: str) -> None:
        before = self.pid(service)
        self.server.run(["systemctl", "kill", "--kill-whom=main", f"--signal={signal}", service])
        self.server.until(lambda: self.pid(service) not in (before, "0") and self.state(service) == "active", f"{service} is back")

    def pid(self, service: str) -> str:
        return self.property(service, "MainPID")

    def state(self, service: str) -> str:
        return self.property(service, "ActiveState")

    def property(self, service: str, name: str) -> str:
        return self.server.run(["systemctl", "show", "-P", name, service]).stdout.strip()

    # The story.

    def test_1_the_privacy_notice_is_true(self) -> None:
        notice = self.server.run(["cloister", "report", "privacy"], check=False)
        self.assertEqual((notice.returncode, [line for line in notice.stdout.splitlines() if "NOT TRUE" in line]), (0, []), notice.stdout)

    def test_1_no_service_may_leave_a_dump_or_be_swapped(self) -> None:
        for service in SERVICES:
            with self.subTest(service):
                limits = self.server.read(f"/proc/{self.pid(service)}/limits")
                self.assertRegex(limits, r"Max core file size +0 +0 ")
                self.assertEqual(self.property(service, "MemorySwapMax"), "0")

    def test_2_a_meeting_leaves_no_trace_on_the_server(self) -> None:
        with self.visit("meeting"), self.browsers():
            self.assert_no_traces()
        self.assert_no_traces()

    def test_3_nor_do_wrong_passwords_nonsense_and_floods(self) -> None:
        with self.visit("failures"):
            self.assert_no_traces()
        self.addCleanup(self.lead_to, ADDRESS)
        self.lead_to(f"{NETWORK}1")
        with self.visit("failures"):
            pass
        self.assert_no_traces()

    def test_3_nor_does_the_kernel_note_who_comes_another_way(self) -> None:
        self.come_from(self.stray)
        self.server.outside.run("bash", "-c", f"echo > /dev/udp/{ADDRESS}/10000")
        self.come_from(self.v4)
        self.assert_no_traces()

    def test_4_nor_do_services_that_crash_in_it(self) -> None:
        with self.visit("meeting"), self.browsers():
            for service in SERVICES:
                for signal in ("SEGV", "KILL"):
                    self.kill(service, signal)
        self.assert_no_traces()

    def test_5_nor_does_a_ban_of_who_guesses(self) -> None:
        self.come_from(self.guesser)
        with self.visit("guesses"):
            self.assertIn(self.guesser, self.server.run(["nft", "list", "table", "inet", "cloister"]).stdout, "the kernel alone knows who")
        self.assert_no_traces()

    def test_6_nor_does_a_clean_end(self) -> None:
        self.server.run(["systemctl", "stop", *reversed(SERVICES)])
        self.assert_no_traces()

    def test_7_the_same_search_finds_what_is_there(self) -> None:
        """The same search, on the same server."""
        name, address = self.people["name"], socket.inet_aton(self.v4)
        journal = f"{self.people['message']}: " + "a long line is packed, " * 99
        self.server.run(["systemd-cat", "-t", "test"], stdin=journal)
        self.server.path("/var/lib/cloister/forgotten").write_bytes(b"\0\1" + address)
        self.server.path("/run/forgotten").write_bytes(name.encode("utf-16-le"))
        self.server.path("/dev/shm/forgotten").write_bytes(gzip.compress(self.password.encode().hex().encode()))
        self.server.path("/tmp/forgotten").write_text(ipaddress.ip_address(self.v6).reverse_pointer)
        deleted = self.server.path("/var/cache/deleted")
        deleted.write_text(self.people["machine"] * 999)
        subprocess.run(["sync", "-f", str(self.server.written)], check=True)
        deleted.unlink()
        found = {(hit.what, hit.place) for hit in self.traces(self.search)}
        for trace in (
            ("message", "the journal"),
            ("address", "var/lib/cloister/forgotten"),
            ("name", "run/forgotten"),
            ("host_password", "shm/forgotten"),
            ("other_address", "tmp/forgotten"),
            ("machine", "disk"),
        ):
            self.assertIn(trace, found)
        self.assertTrue(any(what == "message" and place.endswith(".journal") for what, place in found), found)


if __name__ == "__main__":
    unittest.main()
