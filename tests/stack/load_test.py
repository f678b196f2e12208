"""cloister-load against the real stack: it joins like browsers do, and says what came."""

import json
import os
import signal
import subprocess
import unittest
from pathlib import Path
from typing import Any

from client import MUC
from meeting import NAMED, USER, MeetingTest, Person, fresh
from trial import ROOT, Trial

LOAD = Path(os.environ.get("CLOISTER_LOAD", ROOT / "build" / "bench" / "tests" / "load" / "cloister-load"))


def load(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(LOAD), *options], capture_output=True, text=True, check=False, timeout=150)


class OpenMeetingTest(unittest.TestCase):
    def setUp(self) -> None:
        trial = Trial("--open-meetings")
        self.stack = trial.__enter__()
        self.addCleanup(trial.__exit__)

    def call(self, *options: str) -> dict[str, Any]:
        done = load("--url", self.stack["url"], "--ca-file", self.stack["ca"], "--json", "--seconds", "4", *options)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        outcome: dict[str, Any] = json.loads(done.stdout)
        return outcome

    def assert_all_received(self, totals: dict[str, Any], participants: int) -> None:
        self.assertEqual((totals["in_call"], totals["complete"], totals["errors"]), (participants, participants, {}))
        self.assertEqual((totals["lost"], totals["strays"], totals["contradictions"]), (0, 0, 0))
        self.assertGreater(totals["delay_p99_ms"], 0)

    def test_ten_participants_receive_all_audio_and_the_video_that_they_want(self) -> None:
        totals = self.call("--participants", "10", "--senders", "all", "--talkers", "10")["totals"]
        self.assert_all_received(totals, 10)
        self.assertEqual((totals["heard"], totals["seen"]), (90, 90))
        self.assertEqual(totals["heights"], {"180": 80, "720": 10})

    def test_bridge_channel_may_be_a_web_socket(self) -> None:
        totals = self.call("--participants", "4", "--senders", "2", "--talkers", "1", "--websocket-channel")["totals"]
        self.assert_all_received(totals, 4)
        self.assertEqual(totals["heights"], {"180": 2, "720": 4})

    def test_foreign_certificate_is_refused_in_one_sentence(self) -> None:
        done = load("--url", self.stack["url"])
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"^cloister-load: its certificate is not trusted: [^\n]*\n$")


class LargeRoomTest(unittest.TestCase):
    """Five hundred enter one room: in 8.5 s on two processors that have nothing else to do (docs/load.md). Other work on the machine
    makes that last longer; what the stack itself takes of a processor is its own. Prosody does all on one, so its share is what a
    machine with nothing else to do would need."""

    TICKS = os.sysconf("SC_CLK_TCK")
    DEARER = 1.5  # what a processor does in a second is less when others use it, and its caches, too

    def test_five_hundred_enter_within_ten_seconds(self) -> None:
        trial = Trial("--open-meetings")
        stack = trial.__enter__()
        self.addCleanup(trial.__exit__)
        before = self.processor_seconds(trial)
        command = [str(LOAD), "--url", stack["url"], "--ca-file", stack["ca"], "--json", "--no-media", "--seconds", "1"]
        command += ["--participants", "500", "--senders", "0", "--talkers", "0", "--ramp", "1000", "--joining", "50"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as load:
            self.addCleanup(load.kill)
            self.assertTrue(any("Measuring" in line for line in load.stderr))
            taken = {name: seconds - before[name] for name, seconds in self.processor_seconds(trial).items()}
            totals = json.loads(load.communicate(timeout=120)[0])["totals"]
        self.assertEqual((totals["in_call"], totals["errors"]), (500, {}))
        took = min(totals["all_in_ms"] / 1000, max(taken.values()))
        self.assertLess(took, 10 * self.DEARER, f"{totals['all_in_ms'] / 1000:.1f} s, processor seconds: {taken}")

    def processor_seconds(self, trial: Trial) -> dict[str, float]:
        """Of the services' main processes; proc(5): utime and stime."""
        taken = {}
        for name, service in trial.services().items():
            fields = Path(f"/proc/{service['pid']}/stat").read_text().rsplit(")", 1)[1].split()
            taken[name] = (int(fields[11]) + int(fields[12])) / self.TICKS
        return taken


class LobbyTest(MeetingTest):
    """Guests of a host who lets in, one after the other, and removes."""

    def setUp(self) -> None:
        self.room = fresh("lesson")
        self.page = f"{self.stack['url'].rsplit('/', 1)[0]}/{self.room}"
        self.lobby = f"{self.room}@lobby.{self.stack['domain']}"

    def load(self, *options: str) -> "subprocess.Popen[str]":
        command = [str(LOAD), "--url", self.page, "--ca-file", self.stack["ca"], "--json", *options]
        load = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(load.communicate)
        self.addCleanup(load.kill)
        return load

    def knocking(self, host: Person, count: int) -> dict[str, tuple[str, str]]:
        """Enters the lobby; nickname and address of who comes there, by name."""
        heard = host.presence(self.lobby, f"<x xmlns='{MUC}'/>{NAMED}")[1]
        found: dict[str, tuple[str, str]] = {}
        while len(found) < count:
            for presence in heard:
                item, (room, _, nick) = presence.find(f".//{{{USER}}}item"), presence.get("from", "").partition("/")
                if room == self.lobby and nick != host.nick and item is not None:
                    found[presence.findtext("{*}nick") or ""] = (nick, item.get("jid"))
            heard = [host.next(lambda e: e.tag.endswith("}presence"))] if len(found) < count else []
        return found

    def test_guests_wait_for_the_host_and_in_the_lobby_and_one_is_removed(self) -> None:
        load = self.load("--participants", "3", "--talkers", "3", "--senders", "0", "--name", "Pupil", "--wait", "60", "--come-again", "--seconds", "60")
        self.assertTrue(any("3 outside" in line for line in load.stderr), "there is no host yet")
        host = self.host()
        self.assertEqual(host.request(self.room, lobby="true").get("type"), "result")
        self.assertEqual(host.enter(self.room, NAMED), "")
        pupils = self.knocking(host, 3)
        self.assertEqual(set(pupils), {"Pupil 1", "Pupil 2", "Pupil 3"})
        self.assertEqual(host.invite(self.room, *(address for _, address in pupils.values())), "")
        self.assertTrue(any("Measuring" in line for line in load.stderr), "all are in the call")
        self.assertEqual(host.admin(self.room, f"role='none' nick='{pupils['Pupil 2'][0]}'"), "")
        removed = pupils["Pupil 2"][0]
        host.next(lambda e: e.get("type") == "unavailable" and e.get("from", "").endswith(f"/{removed}"))
        load.send_signal(signal.SIGINT)
        first, second, third = json.loads(load.communicate(timeout=60)[0])["participants"]
        self.assertEqual([first["in_call"], second["in_call"], third["in_call"]], [True, False, True])
        self.assertGreater(min(first["packets"], third["packets"]), 0, "they hear each other")
        self.assertEqual(second["errors"], ["removed from the room", "entering the room: the server refused: You were removed from this meeting"])

    def test_nobody_waits_without_being_told_to(self) -> None:
        load = self.load("--participants", "2", "--senders", "0", "--seconds", "1")
        said, _ = load.communicate(timeout=60)
        reasons = json.loads(said)["totals"]["errors"]
        self.assertEqual(reasons, {"the conference: only a host who has signed in can start this meeting": 2})


class RefusedTest(unittest.TestCase):
    def test_only_this_machine_is_loaded_without_a_word(self) -> None:
        done = load("--url", "https://meet.example.test/room")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--i-own-this-server", done.stderr)

    def test_number_of_participants_is_bounded(self) -> None:
        self.assertEqual(load("--url", "https://localhost:1/room", "--participants", "100000").returncode, 2)

    def test_nobody_there_is_said(self) -> None:
        done = load("--url", "https://localhost:1/room")
        self.assertEqual((done.returncode, done.stderr), (2, "cloister-load: nobody answers there.\n"))


if __name__ == "__main__":
    unittest.main()
