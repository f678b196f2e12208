"""cloister-gate as an operator and the firewall guard meet it."""

import re
import socket
import struct
import unittest
from pathlib import Path

from gate_process import GateProcess

PASSWORD = "correct horse"
CANARY, ADDRESS = "canary-of-a-name", "192.0.2.77"


class GateProcessTest(unittest.TestCase):
    def gate(self, settings: str = "") -> GateProcess:
        gate = GateProcess(settings)
        self.addCleanup(gate.close)
        self.assertEqual(gate.run("--make-key").returncode, 0)
        return gate

    def test_who_goes_on_guessing_is_reported_to_the_guard_once(self) -> None:
        gate = self.gate()
        socket_path = gate.folder / "guard"
        with open(gate.folder / "gate.yaml", "a", encoding="utf-8") as settings:
            settings.write(f"guard_socket: {socket_path}\n")
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as guard:
            guard.bind(str(socket_path))
            guard.listen()
            guard.settimeout(10)
            gate.start()
            for _ in range(60):
                gate.post("/v1/check", {"user": CANARY, "password": "wrong", "source": ADDRESS})
            client, _ = guard.accept()
            with client:
                version, kind, seconds, v4, v6 = struct.unpack("!BBIHH", (record := client.recv(100))[:10])
            self.assertEqual((version, kind, seconds, v4, v6), (1, 2, 3600, 1, 0))
            self.assertEqual(socket.inet_ntoa(record[10:]), ADDRESS)
            guard.setblocking(False)
            with self.assertRaises(BlockingIOError):
                guard.accept()

    def test_neither_log_nor_files_nor_totals_name_who_tried(self) -> None:
        gate = self.gate("guard_socket: /nonexistent/socket\n")
        gate.cloister("add", "anna", said=f"{PASSWORD}\n")
        gate.start()
        asked = {"user": CANARY, "password": "wrong-and-secret", "source": ADDRESS}
        for _ in range(60):
            gate.post("/v1/check", asked)
            gate.post("/v1/sign-in", asked, **{"X-Real-IP": ADDRESS})
        self.assertEqual(gate.post("/v1/check", {"user": "anna", "password": PASSWORD, "source": "192.0.2.78"})[0], 200)
        self.assertEqual(gate.end(), 0)
        self.assertIn("the firewall guard could not be asked for a ban", gate.log())
        for file in gate.folder.rglob("*"):
            content = file.read_bytes() if file.is_file() else b""
            for secret in (CANARY, ADDRESS, "192.0.2.78", "wrong-and-secret", PASSWORD):
                with self.subTest(file.name, secret=secret):
                    self.assertNotIn(secret.encode(), content)

    def test_restart_keeps_accounts_and_ends_tokens(self) -> None:
        gate = self.gate()
        gate.cloister("add", "anna", said=f"{PASSWORD}\n")
        gate.start()
        _, said = gate.post("/v1/sign-in", {"user": "anna", "password": PASSWORD})
        token = {"user": "anna", "password": said["token"]}
        self.assertEqual(gate.post("/v1/check", token)[1], {"result": "accepted"})
        self.assertEqual(gate.end(), 0)
        gate.start()
        self.assertEqual(gate.post("/v1/check", token)[1], {"result": "refused"})
        self.assertEqual(gate.post("/v1/check", {"user": "anna", "password": PASSWORD})[1], {"result": "accepted"})

    def test_many_at_once_leave_the_gate_answering(self) -> None:
        gate = self.gate()
        gate.cloister("add", "anna", said=f"{PASSWORD}\n")
        gate.start()
        for last in range(200):
            gate.post("/v1/check", {"user": "anna", "password": "wrong", "source": f"198.51.100.{last}"})
        # strangers may slow the account down, for seconds, but its host is told so
        answer = gate.post("/v1/check", {"user": "anna", "password": PASSWORD, "source": "192.0.2.78"})[1]
        self.assertIn(answer["result"], ("accepted", "wait"))
        self.assertLessEqual(answer.get("seconds", 0), 8)

    def test_it_does_not_start_on_what_others_may_read(self) -> None:
        for name in ("seal.key", "hosts.sqlite3"):
            with self.subTest(name):
                gate = self.gate()
                gate.cloister("list")
                (gate.folder / name).chmod(0o644)
                done = gate.run()
                self.assertEqual(done.returncode, 1)
                self.assertIn("open to others", done.stderr)

    def test_it_says_what_is_missing_or_wrong(self) -> None:
        gate = self.gate()
        self.assertEqual(gate.run("--check-config").returncode, 0)
        again = gate.run("--make-key")
        self.assertEqual((again.returncode, "File exists" in again.stderr), (1, True))
        (gate.folder / "seal.key").unlink()
        self.assertIn("No such file", gate.run().stderr)
        with open(gate.folder / "gate.yaml", "a", encoding="utf-8") as settings:
            settings.write("colour: red\n")
        done = gate.run("--check-config")
        self.assertEqual(done.returncode, 78)
        self.assertRegex(done.stderr, r"gate\.yaml:\d+: colour: is not a setting of this program\n$")

    def test_version_and_help(self) -> None:
        gate = self.gate()
        self.assertRegex(gate.run("--version").stdout, r"^cloister-gate \d")
        self.assertIn("--check-config", gate.run("--help").stdout)

    def test_threads_have_the_names_that_the_architecture_gives(self) -> None:
        gate = self.gate()
        gate.start()
        gate.post("/v1/check", {"user": "anna", "password": PASSWORD})  # by now both are at work
        assert gate.process
        tasks = Path(f"/proc/{gate.process.pid}/task").iterdir()
        self.assertEqual(sorted((task / "comm").read_text().strip() for task in tasks), ["cloister-gate", "gate-check"])
        self.assertTrue(re.search("cloister-gate .* ready", gate.log()))


if __name__ == "__main__":
    unittest.main()
