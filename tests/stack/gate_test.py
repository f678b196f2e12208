"""Hosts sign in through nginx, Prosody and cloister-gate as stock clients do: one field, the code after the password."""

import base64
import hashlib
import hmac
import json
import os
import re
import signal
import ssl
import statistics
import struct
import subprocess
import time
import unittest
import urllib.error
import urllib.request
from typing import Any

from client import Participant, Refused
from terminal import FINDER, Terminal, modules_of
from trial import Trial

DOMAIN = "cloister.internal"
PASSWORD = "correct horse"


def code_of(secret: str, steps_from_now: int = 0) -> str:
    """What an authenticator app shows (RFC 6238), computed by other means than the gate's."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps_from_now)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1000000:06}"


class GateTest(unittest.TestCase):
    trial: Trial
    stack: dict[str, Any]

    @classmethod
    def setUpClass(cls) -> None:
        cls.trial = Trial("--without", "focus,bridge")
        cls.stack = cls.trial.__enter__()
        cls.addClassCleanup(cls.trial.__exit__)

    def setUp(self) -> None:
        self.source = next(SOURCES)
        self.name = f"host{self.source.rsplit('.', 1)[1]}"

    # The operator.

    def command(self, *arguments: str) -> list[str]:
        return [str(self.trial.folder / "bin/cloister"), "host", "--config", str(self.trial.folder / "config/gate.yaml"), *arguments]

    def cloister(self, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*arguments), input=said, capture_output=True, text=True, check=False, timeout=30)

    def terminal(self, *arguments: str) -> Terminal:
        terminal = Terminal(*self.command(*arguments))
        self.addCleanup(terminal.close)
        return terminal

    def add_host(self, name: str = "") -> str:
        added = self.cloister("add", name or self.name, said=f"{PASSWORD}\n")
        self.assertEqual(added.returncode, 0, added.stderr)
        return name or self.name

    def turn_totp_on(self, name: str) -> tuple[str, list[str]]:
        """The app's secret, and the recovery codes."""
        with subprocess.Popen(self.command("totp", name), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as asking:
            assert asking.stdin and asking.stdout
            uri = asking.stdout.readline()
            secret = uri.split("secret=")[1].split("&")[0]
            # of the step before, which leaves this one's to the test
            said, _ = asking.communicate(code_of(secret, -1) + "\n", timeout=30)
        self.assertEqual(asking.returncode, 0)
        return secret, [line.strip() for line in said.splitlines() if line.startswith("  ")]

    # The host's client.

    def sign_in(self, name: str, password: str, source: str = "") -> str:
        """The address that the server gave; Refused when it did not."""
        host = Participant(self.stack, domain=DOMAIN, password=(name, password), source=source or self.source)
        try:
            return host.sign_in().jid
        finally:
            host.drop()

    def refusal(self, name: str, password: str, source: str = "") -> str:
        with self.assertRaises(Refused) as refused:
            self.sign_in(name, password, source)
        return str(refused.exception)

    def post(self, path: str, body: dict[str, str], **headers: str) -> tuple[int, dict[str, Any]]:
        """As our own client asks, through nginx."""
        url = self.stack["url"].rsplit("/", 1)[0] + path
        context = ssl.create_default_context(cafile=self.stack["ca"])
        said = {"Content-Type": "application/json"} | headers
        request = urllib.request.Request(url, json.dumps(body).encode(), said)
        try:
            answer = urllib.request.urlopen(request, context=context, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read()
            return answer.status, json.loads(text) if text.startswith(b"{") else {}

    # The stories.

    def test_host_signs_in_with_the_password(self) -> None:
        self.assertRegex(self.sign_in(self.add_host(), PASSWORD), rf"^{self.name}@{DOMAIN}/.")

    def test_account_that_the_trial_prints_signs_in(self) -> None:
        host = self.stack["host"]
        self.assertRegex(self.sign_in(host["name"], host["password"]), f"^host@{DOMAIN}/.")
        status = (self.trial.folder / "status.json").read_text()
        self.assertNotIn(host["password"], status)

    def test_only_plain_is_offered_which_the_gate_can_check(self) -> None:
        host = Participant(self.stack, domain=DOMAIN)
        self.addCleanup(host.drop)
        self.assertEqual(host.mechanisms(), ["PLAIN"])

    def test_wrong_password_and_unknown_name_are_told_the_same(self) -> None:
        self.add_host()
        wrong = self.refusal(self.name, "wrong password")
        self.assertIn("not-authorized", wrong)
        self.assertIn("The name, the password or the code is wrong.", wrong)
        self.assertEqual(self.refusal("nobody-of-that-name", PASSWORD), wrong)

    def test_unknown_name_takes_as_long_as_a_wrong_password(self) -> None:
        self.add_host()
        known, unknown = [], []
        for _ in range(8):  # in turns: what else the machine does hits both
            source = next(SOURCES)
            for name, times in ((self.name, known), (f"{self.name}-not-there", unknown)):
                began = time.monotonic()
                self.refusal(name, "wrong password", source)
                times.append(time.monotonic() - began)
        fastest, slowest = sorted((min(known), min(unknown)))
        self.assertLess(slowest / fastest, 1.5, f"known {known}, unknown {unknown}")
        self.assertGreater(statistics.median(unknown), 0.03, "a guess is not to be cheap")

    def test_code_follows_the_password_and_counts_once(self) -> None:
        secret, _ = self.turn_totp_on(self.add_host())
        self.assertIn("not-authorized", self.refusal(self.name, PASSWORD))
        overheard = PASSWORD + code_of(secret)
        self.assertTrue(self.sign_in(self.name, overheard))
        self.assertIn("not-authorized", self.refusal(self.name, overheard))
        self.assertTrue(self.sign_in(self.name, PASSWORD + code_of(secret, +1)))

    def test_host_comes_back_to_the_session_with_the_code_of_before(self) -> None:
        secret, _ = self.turn_totp_on(self.add_host())
        typed = (self.name, PASSWORD + code_of(secret))
        lost = Participant(self.stack, domain=DOMAIN, password=typed, source=self.source).sign_in()
        previous = lost.enable_resumption()
        lost.drop()
        query = f"?room=x&previd={previous}"
        back = Participant(self.stack, domain=DOMAIN, query=query, password=typed, source=self.source)
        self.addCleanup(back.drop)
        self.assertTrue(back.resume(previous, handled=0).tag.endswith("resumed"))
        self.refusal(*typed)
        self.refusal(self.name, PASSWORD)

    def test_recovery_code_stands_in_once(self) -> None:
        _, codes = self.turn_totp_on(self.add_host())
        self.assertEqual(len(codes), 10)
        self.assertTrue(self.sign_in(self.name, PASSWORD + codes[0]))
        self.assertIn("not-authorized", self.refusal(self.name, PASSWORD + codes[0]))
        self.assertTrue(self.sign_in(self.name, PASSWORD + codes[1]))

    def test_disabled_host_stays_out_until_enabled(self) -> None:
        self.add_host()
        self.assertEqual(self.cloister("disable", self.name).returncode, 0)
        self.assertEqual(self.refusal(self.name, PASSWORD), self.refusal("nobody-of-that-name", PASSWORD))
        self.assertEqual(self.cloister("enable", self.name).returncode, 0)
        self.assertTrue(self.sign_in(self.name, PASSWORD))

    def test_new_password_replaces_the_old_one_and_removal_ends_both(self) -> None:
        self.add_host()
        self.assertEqual(self.cloister("password", self.name, said="another horse\n").returncode, 0)
        self.refusal(self.name, PASSWORD)
        self.assertTrue(self.sign_in(self.name, "another horse"))
        self.assertEqual(self.cloister("remove", self.name).returncode, 0)
        self.refusal(self.name, "another horse")

    def test_password_with_letters_of_other_languages(self) -> None:
        added = self.cloister("add", self.name, said="Öl für Ångström…\n")
        self.assertEqual(added.returncode, 0, added.stderr)
        self.assertTrue(self.sign_in(self.name, "Öl für A\u030angstro\u0308m..."))

    def test_guessing_is_put_off_but_only_for_the_one_who_guesses(self) -> None:
        self.add_host()
        self.sign_in(self.name, PASSWORD, source="127.9.9.9")  # where the host is at home
        for _ in range(10):
            self.assertIn("not-authorized", self.refusal(self.name, "wrong password"))
        put_off = self.refusal(self.name, PASSWORD)
        self.assertIn("temporary-auth-failure", put_off)
        self.assertRegex(put_off, r"Too many attempts\. Try again in \d+ seconds\.")
        self.assertTrue(self.sign_in(self.name, PASSWORD, source="127.9.9.9"))

    def test_client_with_two_fields_gets_a_token_for_its_meeting(self) -> None:
        secret, _ = self.turn_totp_on(self.add_host())
        fields = {"user": self.name, "password": PASSWORD, "code": code_of(secret)}
        status, said = self.post("/host/sign-in", fields)
        self.assertEqual((status, said["result"]), (200, "accepted"))
        for _ in range(2):  # the second is a reload
            self.assertTrue(self.sign_in(self.name, said["token"]))
        self.assertEqual(self.post("/host/sign-in", fields)[0], 403, "the code was spent")
        self.assertEqual(self.post("/host/sign-out", {"token": said["token"]})[0], 204)
        self.refusal(self.name, said["token"])

    def test_page_elsewhere_cannot_fail_in_the_name_of_its_visitor(self) -> None:
        self.assertEqual(self.post("/host/sign-in", {"user": "a", "password": "b"}, **{"Content-Type": "text/plain"})[0], 415)

    def test_without_the_callers_key_the_gate_answers_nobody(self) -> None:
        url = f"http://127.0.0.1:{self.stack['ports']['gate_http']}/v1/check"
        request = urllib.request.Request(url, b"{}", {"Content-Type": "application/json", "Authorization": "Bearer x"})
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)
        self.assertEqual(refused.exception.code, 401)
        refused.exception.close()

    def test_while_the_gate_is_down_hosts_are_told_so_and_guests_go_on(self) -> None:
        self.add_host()
        gate = self.trial.services()["cloister-gate"]["pid"]
        os.kill(gate, signal.SIGSTOP)  # as if it hung: the server does not wait for ever, nor keep others waiting
        began = time.monotonic()
        hanging = Participant(self.stack, domain=DOMAIN, password=(self.name, PASSWORD), source=self.source)
        self.addCleanup(hanging.drop)
        hanging.begin_sign_in()
        guest = Participant(self.stack)
        self.addCleanup(guest.drop)
        guest.sign_in()
        self.assertLess(time.monotonic() - began, 5, "a guest waited for the gate")
        os.kill(gate, signal.SIGKILL)
        self.assertIn("temporary-auth-failure", hanging.outcome())
        self.assertTrue(self.until_it_works(), "the gate did not come back")

    def until_it_works(self) -> bool:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                return bool(self.sign_in(self.name, PASSWORD))
            except Refused as refused:
                self.assertIn("temporary-auth-failure", str(refused))
        return False

    def test_operator_is_told_what_is_wrong(self) -> None:
        self.add_host()
        for arguments, said, reason in (
            (("add", self.name), "another horse\n", "There is a host"),
            (("add", f"{self.name}x"), "short\n", "at least 10 characters"),
            (("add", f"{self.name}x"), "", "No password was given"),
            (("add", "no name"), f"{PASSWORD}\n", "A host's name is"),
            (("password", "nobody"), f"{PASSWORD}\n", "There is no host nobody"),
            (("codes", self.name), "", "has no second factor"),
            (("totp", self.name), "000000\n000000\n000000\n", "The code was not confirmed"),
            (("remove", "nobody"), "", "There is no host nobody"),
        ):
            with self.subTest(arguments):
                done = self.cloister(*arguments, said=said)
                self.assertEqual(done.returncode, 1)
                self.assertIn(reason, done.stderr)

    def test_password_is_not_shown_while_it_is_typed(self) -> None:
        terminal = self.terminal("add", self.name)
        before = terminal.settings()
        for question in ("New password: ", "The same again: "):
            terminal.wait_for(question)
            terminal.type(PASSWORD)
        self.assertNotIn(PASSWORD, terminal.wait_for("may host meetings now."))
        self.assertEqual(terminal.process.wait(timeout=10), 0)
        self.assertEqual(terminal.settings(), before)
        self.assertTrue(self.sign_in(self.name, PASSWORD))

    def test_terminal_is_as_it_was_when_the_question_is_broken_off(self) -> None:
        terminal = self.terminal("add", self.name)
        before = terminal.settings()
        terminal.wait_for("New password: ")
        terminal.process.send_signal(signal.SIGTERM)
        self.assertEqual(terminal.process.wait(timeout=10), -signal.SIGTERM)
        self.assertEqual(terminal.settings(), before)

    def test_two_different_passwords_change_nothing(self) -> None:
        terminal = self.terminal("add", self.name)
        for question, answer in (("New password: ", PASSWORD), ("The same again: ", "correct house")):
            terminal.wait_for(question)
            terminal.type(answer)
        terminal.wait_for("The two were not the same. Nothing was changed.")
        self.assertEqual(terminal.process.wait(timeout=10), 1)
        self.assertIn("not-authorized", self.refusal(self.name, PASSWORD))

    def test_second_factor_is_shown_as_a_qr_code_and_as_a_key(self) -> None:
        terminal = self.terminal("totp", self.add_host())
        shown = terminal.wait_for("The six digits that the app shows now: ")
        modules = modules_of(shown)
        self.assertGreaterEqual(len(modules), 21)
        self.assertEqual({len(row) for row in modules}, {len(modules)}, "it is a square")
        for top, left in ((0, 0), (0, len(modules) - 7), (len(modules) - 7, 0)):
            self.assertEqual([row[left : left + 7] for row in modules[top : top + 7]], FINDER)
        secret = re.search(r"type the key into it: ([A-Z2-7 ]+)", shown)
        assert secret
        terminal.type(code_of(secret[1].replace(" ", ""), -1))
        terminal.wait_for("Keep them where the phone is not.")
        self.assertTrue(self.sign_in(self.name, PASSWORD + code_of(secret[1].replace(" ", ""))))

    def test_removal_at_a_terminal_is_asked_back(self) -> None:
        terminal = self.terminal("remove", self.add_host())
        terminal.wait_for("Type the name again: ")
        terminal.type("n")
        terminal.wait_for("Nothing was removed.")
        self.assertTrue(self.sign_in(self.name, PASSWORD))

    def test_list_is_for_people_and_for_programs(self) -> None:
        self.add_host()
        self.turn_totp_on(self.name)
        listed = json.loads(self.cloister("list", "--json").stdout)
        mine = next(host for host in listed if host["name"] == self.name)
        self.assertEqual(mine, {"name": self.name, "enabled": True, "totp": True, "recovery_codes": 10})
        self.assertRegex(self.cloister("list").stdout, rf"(?m)^{self.name} +enabled +second factor, 10 recovery codes left$")

    def test_files_are_the_gates_alone(self) -> None:
        gate = self.trial.services()["cloister-gate"]["pid"]
        with open(f"/proc/{gate}/status", encoding="utf-8") as status:
            owner = next(int(line.split()[1]) for line in status if line.startswith("Uid:"))
        for file in (self.trial.folder / "gate").iterdir():
            with self.subTest(file.name):
                self.assertEqual((file.stat().st_mode & 0o777, file.stat().st_uid), (0o600, owner))


def _sources():
    """An address of this machine for each test: what one of them does wrong is not held against another."""
    for last in range(1, 250):
        yield f"127.7.7.{last}"


SOURCES = _sources()

if __name__ == "__main__":
    unittest.main()
