"""The guard itself: changes at once and only when they are right, takes them back, keeps the rules, and may do little else."""

import signal
import socket
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any

from guard import (
    APPLY,
    BAD_SETTINGS,
    BAN,
    CONFIRM,
    DONE,
    GUARD,
    NOT_ALLOWED,
    NOT_UNDERSTOOD,
    NOTHING_TO_CONFIRM,
    RELOAD,
    SETTINGS,
    STATUS,
    UNBAN,
    FirewallTest,
    until,
)
from network import FAMILIES, SERVER_TO, V6, Machine

CLIENT, STRANGER = 1001, 1002
WITHOUT_SSH = SETTINGS | {"input": SETTINGS["input"][1:]}
WITHOUT_MEDIA = SETTINGS | {"input": SETTINGS["input"][:2]}
REPLACEMENTS = 100


SENDER = """
import socket, sys, threading
flow = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
flow.connect((sys.argv[1], 10000))
flow.settimeout(10)
flow.send(b"first")
flow.recv(64)
print("established", flush=True)
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set())).start()
sent = 0
while not ended.is_set():
    flow.send(b"media")
    sent += 1
print(sent)
"""


class Stream:
    """An established flow of datagrams, as many as one process can send. Counted are those that the server's firewall let through."""

    def __init__(self, server: Machine, guest: Machine, family: int) -> None:
        self.family = family
        self.server = server
        to = SERVER_TO[guest.name][family]
        self.socket = server.socket(family, socket.SOCK_DGRAM)
        self.socket.bind((to, 10000))
        self.sender = subprocess.Popen(guest.command(sys.executable, "-c", SENDER, to), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        _, address = self.socket.recvfrom(64)
        self.before = self._delivered()
        self.socket.sendto(b"answer", address)
        assert self.sender.stdout
        self.sender.stdout.readline()

    def end(self) -> tuple[int, int]:
        """How many were sent, and how many got through."""
        sent = int(self.sender.communicate()[0])
        self.socket.close()
        return sent, self._delivered() - self.before

    def _delivered(self) -> int:
        """Packets given to the server's programs, with or without room for them (RFC 4293: ipSystemStatsInDelivers)."""
        if self.family == V6:
            lines = Path(f"/proc/{self.server.pid}/net/snmp6").read_text().splitlines()
            return next(int(line.split()[1]) for line in lines if line.startswith("Ip6InDelivers"))
        names, values = (line.split() for line in Path(f"/proc/{self.server.pid}/net/snmp").read_text().splitlines()[:2])
        return int(values[names.index("InDelivers")])


class ChangeTest(FirewallTest):
    def test_an_established_flow_loses_nothing_while_rules_are_replaced(self) -> None:
        """In every other set of rules nothing but the rule for established traffic lets it pass."""
        guard = self.guard().wait_ready()
        streams = [Stream(self.network.server, self.network.alice, family) for family in FAMILIES]
        for number in range(REPLACEMENTS):
            guard.configure(WITHOUT_MEDIA if number % 2 == 0 else SETTINGS)
            self.asked(guard.ask(RELOAD))
        for stream in streams:
            sent, delivered = stream.end()
            self.assertGreater(sent, 100 * REPLACEMENTS)
            self.assertGreaterEqual(delivered, sent)

    def test_unconfirmed_rules_are_taken_back(self) -> None:
        guard = self.guard().wait_ready()
        before = self.rules()
        guard.configure(WITHOUT_SSH)
        _, status, _ = self.asked(guard.ask(APPLY))
        self.assertEqual(status["seconds_to_confirm"], 1)
        self.assertNotIn("dport 22 ", self.rules())
        until(lambda: self.rules() == before, "the earlier rules are back")
        self.asked(guard.ask(CONFIRM), NOTHING_TO_CONFIRM)
        self.assertIn("nobody confirmed", guard.errors())

    def test_confirmed_rules_stay(self) -> None:
        guard = self.guard().wait_ready()
        guard.configure(WITHOUT_SSH | {"confirm_within_seconds": 600})
        applied = guard.cloister("apply")
        self.assertIn("within 600 s", applied.stdout)
        self.assertEqual(guard.status()["seconds_to_confirm"], 600)
        self.assertEqual(guard.cloister("confirm").returncode, 0)
        self.assertEqual(guard.status()["seconds_to_confirm"], 0)
        self.assertNotIn("dport 22 ", self.rules())

    def test_a_signal_reads_the_settings_anew(self) -> None:
        guard = self.guard().wait_ready()
        guard.configure(WITHOUT_SSH)
        guard.process.send_signal(signal.SIGHUP)
        until(lambda: "dport 22 " not in self.rules(), "the new rules are in force")

    def test_wrong_settings_change_nothing_and_are_named_by_line(self) -> None:
        guard = self.guard().wait_ready()
        before = self.rules()
        guard.configure("input:\n  - name: ssh\n    protocol: tcp\n    ports: [70000]\n    colour: blue\n")
        _, _, text = self.asked(guard.ask(RELOAD), BAD_SETTINGS)
        self.assertRegex(text, r'firewall\.yaml:2: input\[0\]\.ports: "70000" is neither a port')
        self.assertRegex(text, r"firewall\.yaml:5: input\[0\]\.colour: is not a setting")
        self.assertEqual(self.rules(), before)
        self.assertEqual(guard.status()["in_force"], 1)
        guard.process.send_signal(signal.SIGHUP)
        until(lambda: "the rules stay as they were" in guard.errors(), "the journal says so")

    def test_a_plan_tells_the_difference_and_nothing_when_there_is_none(self) -> None:
        guard = self.guard().wait_ready()
        self.assertEqual(guard.plan().returncode, 0)
        guard.configure(WITHOUT_SSH)
        plan = guard.plan()
        self.assertEqual((plan.returncode, plan.stdout), (3, "- input: accept TCP to port 22 (ssh)\n"))


class KeepTest(FirewallTest):
    def test_whatever_somebody_else_does_to_the_rules_is_undone(self) -> None:
        guard = self.guard().wait_ready()
        before = self.rules()
        changes = [
            "delete table inet cloister",
            "flush ruleset",
            "flush chain inet cloister input",
            "insert rule inet cloister input accept",
            "add rule inet cloister input tcp dport 22 log",
            "add chain inet cloister input { policy accept; }",
            "add chain inet cloister early { type filter hook input priority -10; policy drop; }",
            "add set inet cloister more { type ipv4_addr; }",
            "add counter inet cloister visits",
            "add table inet cloister { flags dormant; }",
        ]
        undone = 0
        for change in changes:
            with self.subTest(change):
                done = subprocess.run(self.network.server.command("nft", change), check=False, capture_output=True)
                undone += done.returncode == 0
                until(lambda: self.rules() == before, "the rules are as they were")
                until(lambda n=undone: guard.status()["restored"] == n, "the guard has counted it")
        self.assertEqual(guard.status()["in_force"], 1)
        self.assertEqual(guard.errors().count("somebody changed"), 1)  # a line a minute

    def test_another_table_is_none_of_its_business(self) -> None:
        guard = self.guard().wait_ready()
        self.network.server.run("nft", "add table ip theirs; add chain ip theirs c; add rule ip theirs c accept")
        self.asked(guard.ask(RELOAD))
        self.assertIn("table ip theirs", self.rules())
        self.assertEqual(guard.status()["restored"], 0)

    def test_the_rules_outlive_the_guard(self) -> None:
        guard = self.guard().wait_ready()
        before = self.rules()
        self.assertEqual(guard.stop(), 0)
        self.assertEqual(self.rules(), before)
        self.assertEqual(self.guard().wait_ready().status()["restored"], 0)

    def test_no_rule_logs(self) -> None:
        self.guard().wait_ready()
        self.assertNotIn(" log", self.rules())


class PrivilegeTest(FirewallTest):
    def test_without_the_right_to_set_rules_it_does_not_start(self) -> None:
        guard = self.guard(prefix=["setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin"])
        self.assertEqual(guard.process.wait(10), 1)
        self.assertIn("Operation not permitted", guard.errors())
        self.assertNotIn("cloister", self.rules())
        guard.notices.setblocking(False)
        self.assertRaises(BlockingIOError, guard.notices.recv, 64)

    def test_with_wrong_settings_it_does_not_start(self) -> None:
        guard = self.guard("input: 7\n")
        self.assertEqual(guard.process.wait(10), 78)
        self.assertRegex(guard.errors(), r"firewall\.yaml:1: input: must be a list")

    def test_it_keeps_one_capability(self) -> None:
        guard = self.guard().wait_ready()
        lines = Path(f"/proc/{guard.process.pid}/status").read_text().splitlines()
        status = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
        net_admin = f"{1 << 12:016x}"
        self.assertEqual([status[name] for name in ("CapPrm", "CapEff", "CapBnd")], [net_admin] * 3)
        self.assertEqual([status[name] for name in ("CapInh", "CapAmb")], [f"{0:016x}"] * 2)
        self.assertEqual(status["NoNewPrivs"], "1")

    def test_it_needs_no_root(self) -> None:
        as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=+net_admin", "--ambient-caps=+net_admin"]
        guard = self.guard(prefix=as_user)
        self.assertEqual(guard.wait_ready().status()["in_force"], 1)

    def test_who_may_ask_for_what(self) -> None:
        guard = self.guard().wait_ready()
        self.assertEqual(guard.ask(BAN, ["192.0.2.1"], user=CLIENT)[0], DONE)
        self.assertEqual(guard.ask(STATUS, user=CLIENT)[1]["bans4"], 1)
        for kind in (UNBAN, RELOAD, APPLY, CONFIRM):
            with self.subTest(kind):
                self.asked(guard.ask(kind, ["192.0.2.1"], user=CLIENT), NOT_ALLOWED)

    def test_strangers_are_not_heard(self) -> None:
        guard = self.guard().wait_ready()
        try:
            answer = guard.ask_bytes(bytes([1, STATUS]), user=STRANGER)
        except (BrokenPipeError, ConnectionResetError):
            answer = b""
        self.assertEqual(answer, b"")

    def test_nonsense_is_answered_and_survived(self) -> None:
        guard = self.guard().wait_ready()
        for record in (b"\0", b"\1", bytes([2, STATUS]), bytes([1, 99]), bytes([1, BAN]), bytes([1, STATUS, 0]), b"\1\2" + b"\xff" * 160000):
            with self.subTest(record[:4].hex()):
                self.assertEqual(guard.ask_bytes(record)[1], NOT_UNDERSTOOD)
        self.assertEqual(guard.status()["in_force"], 1)

    def test_who_connects_and_says_nothing_shuts_nobody_out(self) -> None:
        guard = self.guard().wait_ready()
        silent = []
        for _ in range(20):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            connection.connect(guard.socket_path)
            silent.append(connection)
            self.addCleanup(connection.close)
        self.assertEqual(guard.ask(BAN, ["192.0.2.1"], user=CLIENT)[0], DONE)
        until(lambda: _answers(guard), "root is heard again")

    def test_systemd_hears_that_it_lives(self) -> None:
        guard = self.guard(WATCHDOG_USEC="200000").wait_ready()
        for _ in range(3):
            self.assertEqual(guard.notices.recv(64), b"WATCHDOG=1")
        guard.process.send_signal(signal.SIGTERM)
        until(lambda: guard.notices.recv(64) == b"STOPPING=1", "it says that it ends")


class CommandTest(FirewallTest):
    def test_without_a_guard_the_rules_can_be_read(self) -> None:
        guard = self.guard().wait_ready()
        guard.stop()
        self.assertIn("accept TCP to port 443 (web)", guard.cloister("show").stdout)
        status = guard.cloister("status")
        self.assertEqual(status.returncode, 1)
        self.assertIn("no guard is running", status.stderr)

    def test_wrong_settings_are_found_before_they_are_used(self) -> None:
        guard = self.guard().wait_ready()
        guard.configure("output: [{name: x, protocol: sctp}]\n")
        checked = subprocess.run([str(GUARD), "--check-config", "--config", str(guard.settings_file)], capture_output=True, text=True, check=False)
        self.assertEqual(checked.returncode, 78)
        self.assertIn("firewall.yaml:1: output[0].protocol: is neither tcp nor udp", checked.stderr)


def _answers(guard: Any) -> bool:
    try:
        return guard.ask(STATUS)[0] == DONE
    except (BrokenPipeError, ConnectionResetError, IndexError):
        return False


if __name__ == "__main__":
    unittest.main()
