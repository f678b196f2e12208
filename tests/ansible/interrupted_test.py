"""The playbook interrupted: by a power failure, a full disk, somebody who kills it. Running it again ends well, and nothing is lost."""

import subprocess
import unittest

import people
from server import ADDRESS, LOAD, Server

SERVICES = ["cloister-guard", "cloister-gate", "prosody", "cloister-focus", "cloister-bridge", "nginx", "coturn"]
GIB = 2**30
SPACE = "/full"  # a file that leaves no space


class OnDisk(Server):
    disk_bytes = 8 * GIB


class InterruptedTest(unittest.TestCase):
    """One machine, one story, in the order of the tests' names: what could be worse than the one before."""

    server: OnDisk

    @classmethod
    def setUpClass(cls) -> None:
        if not LOAD.exists():
            raise unittest.SkipTest(f"{LOAD} is not built")
        cls.server = OnDisk()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.server.answer()
        cls.server.run(["sync"])

    def test_1_power_fails_while_packages_are_unpacked(self) -> None:
        self.server.play_until(lambda: self.server.path("/usr/sbin/nginx").exists(), "it unpacks packages")
        self.server.cut_power()
        self.assertNotEqual(self.unfinished_packages(), "")

    def test_2_a_full_disk_is_said(self) -> None:
        self.fill_disk(leave_mib=20)
        told = self.server.play()
        self.assertEqual(told.status, 2, told.output)
        self.assertIn("No space left on device", told.output)
        self.server.run(["rm", SPACE])

    def test_3_killed_before_the_firewall_was_confirmed(self) -> None:
        self.server.play_until(lambda: self.is_active("cloister-guard-undo.timer"), "it asks for the firewall to be taken back")
        self.kill_playbook()
        self.server.until(lambda: self.is_active("cloister-guard") or not self.is_active("cloister-guard-undo.timer"), "the guard runs", 90)

    def test_4_killed_with_settings_that_no_service_has_read(self) -> None:
        self.server.play_until(lambda: "TASK [hardening_audit : " in self.server.said_by_play(), "it has written the settings")
        self.kill_playbook()

    def test_5_run_again_it_ends_well_even_without_the_authority(self) -> None:
        self.server.stop_authority()
        made = self.server.play()
        self.assertEqual(made.status, 0, made.why)
        self.assertIn("No certificate yet, so browsers warn", made.output)
        for service in SERVICES:
            self.server.until(lambda s=service: self.is_active(s), f"{service} runs")
        self.assertEqual(self.unfinished_packages(), "")
        self.assertFalse(self.server.path("/usr/sbin/policy-rc.d").exists())
        self.assertFalse(self.is_active("cloister-guard-undo.timer"), "the firewall stays")
        self.assertIn("Permission denied (publickey).", self.ssh_refusal(), "its server has read its settings: no passwords")
        self.assertIn("Authority of", self.server.issuer())

    def test_6_the_certificate_comes_when_the_authority_does(self) -> None:
        self.server.start_authority()
        self.server.run(["systemctl", "start", "cloister-certificates"])
        self.server.until(lambda: "Pebble" in self.server.issuer(), "the web server shows the certificate")

    def test_7_what_was_made_since_is_not_lost(self) -> None:
        people.make_account(self.server)
        issuer = self.server.issuer()
        self.server.play_until(lambda: "TASK [gate : " in self.server.said_by_play(), "it is in the middle")
        self.server.cut_power()
        for service in SERVICES:
            self.server.until(lambda s=service: self.is_active(s), f"{service} runs", 60)
        again = self.server.play()
        self.assertEqual(again.status, 0, again.why)
        self.assertEqual(self.server.issuer(), issuer)
        self.assertEqual(people.meet(self.server, "history"), people.ALL)

    def test_8_and_then_nothing_is_left_to_do(self) -> None:
        last = self.server.play()
        self.assertEqual((last.status, last.changed), (0, []), last.why)

    # What the story is told with

    def unfinished_packages(self) -> str:
        return self.server.run(["sh", "-c", "dpkg --audit; find /var/lib/dpkg/updates -type f"]).stdout

    def is_active(self, unit: str) -> bool:
        return self.server.run(["systemctl", "is-active", unit], check=False).stdout == "active\n"

    def ssh_refusal(self) -> str:
        options = ["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]
        ssh = self.server.outside.command("ssh", *options, f"nobody@{ADDRESS}", "true")
        return subprocess.run(ssh, capture_output=True, text=True, check=False).stderr

    def kill_playbook(self) -> None:
        self.server.run(["pkill", "-KILL", "-f", "ansible"], check=False)

    def fill_disk(self, leave_mib: int) -> None:
        """Root may use the part that is kept from others, too."""
        size, used = map(int, self.server.run(["df", "--output=size,used", "-B1M", "/"]).stdout.split()[-2:])
        self.server.run(["fallocate", "-l", f"{size - used - leave_mib}M", SPACE])


if __name__ == "__main__":
    unittest.main()
