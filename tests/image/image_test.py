"""The image in an emulator: from a file to a meeting server that is looked at from outside."""

import re
import subprocess
import unittest

from guest import READY, ROOT, SERVICES, Guest, newest
from network import GUEST, NAME, until

PAGE = ROOT / "docs" / "admin" / "image.md"


class ImageTest(unittest.TestCase):
    """One machine, one story: each test goes on where the one before it stopped, in the order of their names."""

    guest: Guest

    @classmethod
    def setUpClass(cls) -> None:
        cls.guest = Guest(newest())
        cls.addClassCleanup(cls.guest.close)
        cls.guest.give_settings()

    def test_1_with_settings_on_the_boot_partition_it_comes_up_by_itself(self) -> None:
        self.guest.machine.start()
        self.guest.machine.wait_for(READY)

    def test_2_the_administrator_gets_in_by_key_and_nobody_by_password(self) -> None:
        self.assertEqual(self.guest.ssh("id", "-un").strip(), "admin")
        without = ["ssh", *self.guest.options(), "-o", "PubkeyAuthentication=no", f"admin@{GUEST}", "true"]
        refused = subprocess.run(self.guest.network.command(*without), capture_output=True, text=True, check=False)
        self.assertEqual(refused.returncode, 255)
        self.assertIn("Permission denied (publickey)", refused.stderr)

    def test_3_everything_runs(self) -> None:
        self.assertEqual(self.guest.states(), dict.fromkeys(SERVICES, "active"))
        self.assertEqual(self.guest.ssh("systemctl", "--failed", "--no-legend", "--plain"), "")

    def test_4_the_page_has_a_certificate_of_the_authority(self) -> None:
        root = self.guest.network.root_of_issued()

        def page() -> str:
            return self.guest.network.run("curl", "-sS", "--max-time", "20", "--cacert", str(root), f"https://{NAME}/", check=False)

        until(lambda: "<title>" in page(), "the page with a certificate that is believed", 300, 5)

    def test_5_the_system_is_read_only_and_the_rest_is_where_the_benchmark_wants_it(self) -> None:
        mounts = {line.split()[0]: line.split()[1:] for line in self.guest.ssh("findmnt", "-rno", "TARGET,FSTYPE,OPTIONS").splitlines()}
        self.assertEqual(mounts["/"][0], "squashfs")
        for place in ("/tmp", "/var", "/var/tmp", "/var/log", "/var/log/audit", "/home", "/dev/shm"):
            with self.subTest(place):
                wanted = {"nosuid", "nodev"} | ({"noexec"} if place not in ("/var", "/home") else set())
                self.assertLessEqual(wanted, set(mounts[place][1].split(",")))

    def test_6_what_listens_is_what_the_page_for_administrators_says(self) -> None:
        page = PAGE.read_text()
        rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| ") and re.search(r"\d+/(tcp|udp)", line)]
        local, public = ({int(port) for row in rows if ("loopback" in row) == inside for port in re.findall(r"(\d+)/", row)} for inside in (True, False))
        addresses = [line.split()[4].rsplit(":", 1) for line in self.guest.ssh("ss", "-Hltnu").splitlines()]
        inside = {int(port) for address, port in addresses if address.startswith(("127.", "[::1]"))}
        outside = {int(port) for address, port in addresses if not address.startswith(("127.", "[::1]"))}
        asking = {port for port in inside | outside if port >= 32768}  # of the resolver, while it waits for an answer
        self.assertEqual(inside - asking, local)
        self.assertEqual(outside - asking - {10001}, public)  # two processors

    def test_6_what_has_more_rights_than_its_caller_is_what_the_page_says(self) -> None:
        listed = {line for line in PAGE.read_text().splitlines() if line.startswith("/usr/")}
        self.assertEqual(set(self.guest.sudo("find", "/", "-xdev", "-type", "f", "-perm", "/6000").split()), listed)

    def test_7_with_the_plug_pulled_it_comes_up_again_as_who_it_was(self) -> None:
        before = self.guest.ssh("cat", "/etc/machine-id", "/etc/ssh/ssh_host_ed25519_key.pub")
        self.guest.machine.pull_the_plug()
        self.guest.machine.start()
        self.guest.machine.wait_for(READY)
        self.assertEqual(self.guest.ssh("cat", "/etc/machine-id", "/etc/ssh/ssh_host_ed25519_key.pub"), before)
        self.assertEqual(self.guest.states(), dict.fromkeys(SERVICES, "active"))


if __name__ == "__main__":
    unittest.main()
