"""The operator's command beside the real stack: what it says when all is well, and what when something is broken."""

import json
import os
import signal
import socket
import subprocess
import threading
import time
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from terminal import Terminal
from trial import ROOT, Trial

LOAD = Path(os.environ.get("CLOISTER_LOAD", ROOT / "build" / "bench" / "tests" / "load" / "cloister-load"))
SECRET = "north of the border"
Findings = list[dict[str, str]]


def listening_udp(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


@contextmanager
def name_server(records: dict[int, bytes]) -> Iterator[socket.socket | None]:
    """Answers every question on 127.0.0.1:53 with the record of its type (RFC 1035 §4); nothing where that port is not to be had."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        try:
            server.bind(("127.0.0.1", 53))
        except OSError:
            yield None
            return

        def serve() -> None:
            while True:
                question, source = server.recvfrom(512)
                if not question:
                    return
                end = question.index(0, 12) + 5
                data = records.get(int.from_bytes(question[end - 4:end - 2], "big"))
                answer = b"" if data is None else b"\xc0\x0c" + question[end - 4:end] + bytes(4) + len(data).to_bytes(2, "big") + data
                counts = b"\0\1" + (b"\0\1" if answer else b"\0\0") + bytes(4)
                server.sendto(question[:2] + b"\x81\x80" + counts + question[12:end] + answer, source)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", ("127.0.0.1", 53))
            thread.join()


class CommandTest(unittest.TestCase):
    trial: Trial
    stack: dict[str, Any]
    options: tuple[str, ...] = ("--open-meetings",)

    @classmethod
    def setUpClass(cls) -> None:
        cls.trial = Trial(*cls.options)
        cls.stack = cls.trial.__enter__()
        cls.addClassCleanup(cls.trial.__exit__)
        cls.authority = f"localhost:{cls.stack['ports']['https']}"
        cls.tools = cls.trial.folder / "tools"
        cls.tools.mkdir()
        cls.tool("apt-get", "echo 'Inst libssl3 [3.0.14] (3.0.15 Debian-Security:12/stable-security [amd64])'")

    @classmethod
    def tool(cls, name: str, script: str, folder: str = "tools") -> Path:
        """A program of the machine, as the test plays it."""
        file = cls.trial.folder / folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        return file.parent

    @property
    def settings(self) -> Path:
        return self.trial.folder / "config/cloister.yaml"

    def cloister(self, *arguments: str, said: str = "", path: str = "") -> subprocess.CompletedProcess[str]:
        command = [str(self.trial.folder / "bin/cloister"), *arguments]
        return subprocess.run(command, input=said, capture_output=True, text=True, check=False, timeout=150, env=self.environment(path))

    def environment(self, path: str = "") -> dict[str, str]:
        search = ":".join(word for word in (path, str(self.tools), str(LOAD.parent), os.environ["PATH"]) if word)
        return os.environ | {"PATH": search}

    @contextmanager
    def changed(self, file: Path, old: str, new: str) -> Iterator[None]:
        text = file.read_text()
        self.assertIn(old, text)
        file.write_text(text.replace(old, new))
        try:
            yield
        finally:
            file.write_text(text)

    def wait_until_well(self) -> None:
        """Something was killed and comes back: until the doctor's view of the stack is good again."""
        deadline = time.monotonic() + 30
        while self.doctor()[0] == 2:
            self.assertLess(time.monotonic(), deadline)

    @contextmanager
    def stopped(self, service: str) -> Iterator[None]:
        """As if it hung: its port takes connections, nobody answers."""
        pid = self.trial.services()[service]["pid"]
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def doctor(self, *options: str, path: str = "", said: str = "") -> tuple[int, Findings]:
        done = self.cloister("doctor", "--json", "--config", str(self.settings), *options, path=path, said=said)
        self.assertTrue(done.stdout, done.stderr)
        return done.returncode, json.loads(done.stdout)["findings"]

    def assert_error(self, findings: Findings, what: str, remedy: str) -> None:
        errors = [one for one in findings if one["verdict"] == "error"]
        self.assertTrue(any(what in one["what"] and remedy in one["remedy"] for one in errors), findings)


class WellTest(CommandTest):
    def test_doctor_finds_nothing_wrong_with_a_healthy_server(self) -> None:
        _, findings = self.doctor()
        about_us = [one for one in findings if not any(word in one["what"] for word in ("clock", "update", "disk", "memory", "restart"))]
        self.assertEqual([one for one in about_us if one["verdict"] in ("warning", "error")], [])
        said = " ".join(one["what"] for one in findings if one["verdict"] == "ok")
        for part in ("localhost leads to 127.0.0.1", "Listening: ", "is trusted", "The page comes", "(/config.js)", "answers guests over WebSocket",
                     "turn strangers away", "told the public IPv4 address", "saw and heard each other"):
            self.assertIn(part, said)

    def test_doctor_shows_progress_on_a_terminal_and_the_remedy_below_what_is_wrong(self) -> None:
        with self.changed(self.settings, "host: localhost\n  port", "host: elsewhere.invalid\n  port"):
            path = f"PATH={self.environment()['PATH']}"
            terminal = Terminal("env", path, str(self.trial.folder / "bin/cloister"), "doctor", "--config", str(self.settings))
            self.addCleanup(terminal.close)
            shown = terminal.wait_for("errors,")
        self.assertIn("… certificate", shown)
        self.assertRegex(shown, r"error +The certificate is for localhost, not for elsewhere.invalid\.\r\n +→ Correct cloister_public_host")

    def test_status_counts_who_is_there(self) -> None:
        done = self.cloister("status", "--json", "--config", str(self.settings))
        self.assertEqual(done.returncode, 0, done.stderr)
        status = json.loads(done.stdout)
        self.assertEqual(status["meetings"], {"meetings": 0, "participants": 0})
        self.assertIn(status["certificate"]["days_left"], (88, 89, 90))
        self.assertGreater(status["disk"]["free"], 0)

    def test_status_says_what_it_cannot_learn(self) -> None:
        with self.changed(self.settings, "services: []", "services: [nginx]"), self.changed(self.settings, "/web.pem", "/no.pem"):
            done = self.cloister("status", "--config", str(self.settings))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"nginx +(unknown: asking systemd|not installed|inactive)")
        self.assertRegex(done.stdout, r"Certificate +unknown: opening the certificate: No such file or directory")

    def test_another_machine_looks_from_outside(self) -> None:
        """ssh as a test plays it: the command runs here, without this machine's settings."""
        asked, programs = self.trial.folder / "asked", self.trial.folder / "bin"
        script = f"shift 3; echo \"$1\" > {asked}; shift; SSL_CERT_FILE={self.stack['ca']} PATH={programs}:$PATH exec \"$@\""
        folder = self.tool("ssh", script, "ssh")
        _, findings = self.doctor("--peer", "admin@elsewhere", path=str(folder))
        self.assertEqual(asked.read_text(), "admin@elsewhere\n")
        there = [one for one in findings if one["what"].startswith("From admin@elsewhere: ")]
        said = " ".join(one["what"] for one in there if one["verdict"] == "ok")
        for part in ("is trusted", "The page comes", "answers guests over WebSocket"):
            self.assertIn(part, said)

    def test_peer_that_cannot_be_asked_is_an_error(self) -> None:
        folder = self.tool("ssh", "echo 'Permission denied (publickey).' >&2; exit 255", "no-ssh")
        status, findings = self.doctor("--peer", "there", path=str(folder))
        self.assertEqual(status, 2)
        self.assert_error(findings, "there gives no answer: Permission denied (publickey).", "must work without a question")


class HostsOnlyTest(CommandTest):
    """Where nobody else opens meetings."""

    options = ()

    def call(self, *options: str, said: str = "") -> dict[str, str]:
        return next(one for one in self.doctor(*options, said=said)[1] if "call" in one["what"] or "saw and heard" in one["what"])

    def test_doctor_tries_a_call_that_a_host_opens(self) -> None:
        host = self.stack["host"]
        self.assertIn("cloister doctor --host NAME tries one", self.call()["what"])
        tried = self.call("--host", host["name"], said=f"{host['password']}\n")
        self.assertEqual(tried["verdict"], "ok", tried)
        refused = self.call("--host", host["name"], said="not the password\n")
        self.assertEqual(refused["verdict"], "error")
        self.assertIn("the server does not let the host sign in", refused["what"])


class BrokenTest(CommandTest):
    def test_name_that_leads_elsewhere(self) -> None:
        with self.changed(self.settings, "host: localhost\n  port", "host: 127.0.0.2\n  port"):
            status, findings = self.doctor()
        self.assertEqual(status, 2)
        self.assert_error(findings, "127.0.0.2 leads to 127.0.0.2 (A), and not to this machine", "that A record at whoever sells you the domain")
        self.assert_error(findings, "The certificate is for localhost, not for 127.0.0.2.", "Correct cloister_public_host")

    def test_record_that_leads_to_another_machine(self) -> None:
        """As the name servers tell it, whatever this machine's own files say."""
        with name_server({1: bytes([203, 0, 113, 9])}) as server, self.changed(self.settings, "host: localhost\n  port", "host: meet.example.test\n  port"):
            if server is None:
                self.skipTest("needs a network of its own")
            resolver = self.trial.folder / "resolv.conf"
            resolver.write_text("nameserver 127.0.0.1\n")
            doctor = [str(self.trial.folder / "bin/cloister"), "doctor", "--json", "--config", str(self.settings)]
            inside = f"mount --bind {resolver} /etc/resolv.conf && exec {' '.join(doctor)}"
            done = subprocess.run(["unshare", "-m", "sh", "-c", inside], capture_output=True, text=True, check=False, timeout=150, env=self.environment())
        self.assertTrue(done.stdout, done.stderr)
        findings = json.loads(done.stdout)["findings"]
        self.assert_error(findings, "meet.example.test leads to 203.0.113.9 (A), and not to this machine", "that A record")
        self.assert_error(findings, "Participants are not told 203.0.113.9", "cloister_public_addresses")
        self.assertIn("meet.example.test has no AAAA record, and this machine no public IPv6 address.", [one["what"] for one in findings])

    def test_certificate_of_nobody_known(self) -> None:
        with self.changed(self.settings, json.dumps(self.stack["ca"]), '""'):
            status, findings = self.doctor()
        self.assertEqual(status, 2)
        self.assert_error(findings, "Browsers do not trust the certificate, by Cloister trial", "systemctl start cloister-certificates")

    def test_prosody_that_hangs(self) -> None:
        with self.stopped("prosody"):
            status, findings = self.doctor()
        self.assertEqual(status, 2)
        self.assert_error(findings, "The XMPP server cannot be reached over WebSocket", "systemctl restart prosody")
        self.wait_until_well()

    def test_bridge_that_hangs(self) -> None:
        with self.stopped("cloister-bridge"):
            status, findings = self.doctor()
        self.assertEqual(status, 2)
        self.assert_error(findings, "The bridge's WebSockets are not reached", "systemctl restart cloister-bridge")
        self.wait_until_well()

    def test_clients_that_are_sent_elsewhere(self) -> None:
        with self.changed(self.trial.folder / "config/config.js", f"wss://{self.authority}/", "wss://elsewhere/"):
            status, findings = self.doctor()
        self.assertEqual(status, 2)
        self.assert_error(findings, "/config.js sends clients elsewhere", "--tags web")

    def test_port_that_nobody_listens_on(self) -> None:
        with self.changed(self.trial.folder / "config/focus.yaml", f"port: {self.stack['ports']['focus_http']}", "port: 9"):
            status, findings = self.doctor()
        self.assertEqual(status, 2)
        self.assert_error(findings, "Nobody listens on 9/tcp, where cloister-focus should.", "systemctl status cloister-focus")

    def test_public_address_that_participants_are_not_told(self) -> None:
        with self.changed(self.trial.folder / "config/bridge.yaml", "include_loopback: true", "include_loopback: false"):
            status, findings = self.doctor()
        self.assertEqual(status, 2)
        self.assert_error(findings, "Participants are not told 127.0.0.1", "cloister_public_addresses")


class RelayTest(CommandTest):
    options = ("--without", "focus,bridge")

    @contextmanager
    def relay(self, secret: str) -> Iterator[None]:
        port = str(self.port)
        words = ["turnserver", "-n", "-p", port, "--use-auth-secret", f"--static-auth-secret={secret}", "--realm=localhost", "--listening-ip=127.0.0.1",
                 "--relay-ip=127.0.0.1", "--no-cli", "--no-tls", "--no-dtls", "--no-stdout-log", "--log-file=/dev/null", "--pidfile=/dev/null"]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + 20
            while not listening_udp(self.port):
                self.assertLess(time.monotonic(), deadline)
            try:
                yield
            finally:
                process.kill()

    def setUp(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        (self.trial.folder / "secrets/turn").write_text(SECRET + "\n")
        text = self.settings.read_text()
        self.addCleanup(self.settings.write_text, text)
        self.settings.write_text(text.replace("enabled: false", "enabled: true").replace("port: 3478", f"port: {self.port}"))

    def about_the_relay(self) -> dict[str, str]:
        return next(one for one in self.doctor()[1] if one["what"].startswith("The relay"))

    def test_relay_gives_an_address(self) -> None:
        with self.relay(SECRET):
            self.assertEqual(self.about_the_relay()["verdict"], "ok")

    def test_relay_that_is_gone(self) -> None:
        found = self.about_the_relay()
        self.assertEqual((found["verdict"], "nobody answers" in found["what"]), ("error", True), found)
        self.assertIn("systemctl restart coturn", found["remedy"])

    def test_relay_with_another_secret(self) -> None:
        with self.relay("south of it"):
            found = self.about_the_relay()
        self.assertEqual(found["verdict"], "error")
        self.assertIn("does not accept passwords made with this secret", found["what"])


class BackupTest(CommandTest):
    options = ("--without", "focus,bridge")
    PASSPHRASE = "correct horse battery staple\n"

    def setUp(self) -> None:
        self.file = self.trial.folder / f"{self.id().rsplit('.', 1)[1]}.backup"

    def back_up(self) -> None:
        done = self.cloister("backup", str(self.file), "--config", str(self.settings), said=self.PASSPHRASE)
        self.assertEqual(done.returncode, 0, done.stderr)

    def restore(self, *options: str, said: str = PASSPHRASE) -> subprocess.CompletedProcess[str]:
        return self.cloister("restore", str(self.file), "--config", str(self.settings), *options, said=said)

    def hosts(self) -> list[str]:
        done = self.cloister("host", "--config", str(self.trial.folder / "config/gate.yaml"), "list", "--json")
        return [host["name"] for host in json.loads(done.stdout)]

    def test_accounts_and_settings_come_back_while_the_gate_runs(self) -> None:
        self.back_up()
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        self.assertNotIn(b"host", self.file.read_bytes())
        removed = self.cloister("host", "--config", str(self.trial.folder / "config/gate.yaml"), "remove", "--yes", "host")
        self.assertEqual(removed.returncode, 0, removed.stderr)
        config = self.trial.folder / "config/config.js"
        config.write_text("lost")
        done = self.restore("--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.hosts(), ["host"])
        self.assertNotEqual(config.read_text(), "lost")
        kept = max((self.trial.folder / "before-restore").iterdir())
        self.assertEqual((kept / str(config).lstrip("/")).read_text(), "lost")

    def test_nothing_is_replaced_unasked(self) -> None:
        self.back_up()
        config = self.trial.folder / "config/gate.yaml"
        with self.changed(config, "ban_after", "ban_after "):
            done = self.restore()
            self.assertEqual(done.returncode, 1)
            self.assertIn("Nothing was changed", done.stderr)
            self.assertIn(f"replaces {config}", done.stdout)
            self.assertIn("ban_after ", config.read_text())

    def test_wrong_passphrase_truncated_and_foreign_files_are_told_apart(self) -> None:
        self.back_up()
        self.assertIn("That is not the passphrase", self.restore("--yes", said="another horse battery staple\n").stderr)
        whole = self.file.read_bytes()
        self.file.write_bytes(whole[:-1])
        self.assertIn("cut off", self.restore("--yes").stderr)
        self.file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        self.assertIn("damaged", self.restore("--yes").stderr)
        self.file.write_bytes(b"PK\x03\x04" + bytes(200))
        self.assertIn("no backup of Cloister's", self.restore("--yes").stderr)

    def test_passphrase_is_typed_twice_and_not_shown(self) -> None:
        terminal = Terminal(str(self.trial.folder / "bin/cloister"), "backup", str(self.file), "--config", str(self.settings))
        self.addCleanup(terminal.close)
        terminal.wait_for("without): ")
        terminal.type("correct horse battery staple")
        terminal.wait_for("The same again: ")
        terminal.type("correct horse battery stable")
        shown = terminal.wait_for("Nothing was written.")
        self.assertNotIn("battery", shown)
        self.assertFalse(self.file.exists())

    def test_short_passphrase_is_refused(self) -> None:
        done = self.cloister("backup", str(self.file), "--config", str(self.settings), said="short\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("at least 12 characters", done.stderr)


class ReportTest(CommandTest):
    options = ("--without", "focus,bridge")

    def test_notice_says_what_the_running_settings_prove(self) -> None:
        done = self.cloister("report", "privacy", "--config", str(self.settings))
        self.assertIn(done.returncode, (0, 1), done.stderr)
        for line in ("- The server that passes messages writes no log.", "- Participants do not learn each other's network addresses",
                     "- Your browser speaks with this server alone", "- The web server writes down nobody's visit"):
            self.assertIn(line, done.stdout)

    def test_notice_contradicts_itself_rather_than_the_machine(self) -> None:
        with self.changed(self.trial.folder / "config/nginx.conf", "access_log off;", "access_log /var/log/nginx/access.log;"):
            done = self.cloister("report", "gdpr", "--format", "html", "--config", str(self.settings))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r'class="untrue" role="alert">NOT TRUE on this server: “The web server writes down nobody[^<]*access_log /var/log/nginx/access.log')


class HelpTest(CommandTest):
    options = ("--without", "focus,bridge")

    def words(self, *path: str) -> list[str]:
        """The commands below, as the help lists them."""
        text = self.cloister(*path, "--help").stdout
        if "Subcommands:" not in text:
            return []
        listed = text.split("Subcommands:\n")[1].splitlines()
        return [line.split()[0] for line in listed if line.startswith("  ") and not line.startswith("    ")]

    def test_every_command_has_its_place_in_the_manual(self) -> None:
        pages = "\n".join(page.read_text() for page in (ROOT / "appliance/cli/man").glob("*.1"))
        for group in self.words():
            for name in (self.words(group) if group != "audit" else []) or [""]:
                with self.subTest(group=group, name=name):
                    self.assertIn(f"cloister {group} {name}".strip(), pages)

    def test_manual_is_clean(self) -> None:
        for page in (ROOT / "appliance/cli/man").glob("*.1"):
            with self.subTest(page.name):
                done = subprocess.run(["groff", "-mandoc", "-Tutf8", "-ww", str(page)], capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def complete(self, line: str) -> list[str]:
        script = self.cloister("completion", "bash").stdout
        words = line.split(" ")
        ask = f"COMP_WORDS=({' '.join(word or chr(39) * 2 for word in words)}); COMP_CWORD={len(words) - 1}; _cloister; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        done = subprocess.run(["bash", "-c", f"{script}\n{ask}"], capture_output=True, text=True, check=True)
        return done.stdout.split()

    def test_bash_completes_commands_and_options(self) -> None:
        self.assertEqual(self.complete("cloister doc"), ["doctor"])
        self.assertIn("--peer", self.complete("cloister doctor --"))
        self.assertEqual(self.complete("cloister host dis"), ["disable"])
        self.assertEqual(self.complete("cloister host disable ada --he"), ["--help"])


if __name__ == "__main__":
    unittest.main()
