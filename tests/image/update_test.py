"""A newer system beside the running one: tried, kept when it is well, left when it is not."""

import unittest

from guest import READY, Guest, newest
from network import until


class UpdateTest(unittest.TestCase):
    """The same system is its own update: what is looked at is from which slot it runs."""

    guest: Guest

    @classmethod
    def setUpClass(cls) -> None:
        cls.update = newest(".update")
        cls.guest = Guest(newest())
        cls.addClassCleanup(cls.guest.close)
        cls.guest.give_settings()
        cls.guest.machine.start()
        cls.guest.machine.wait_for(READY)

    def test_1_one_that_is_damaged_or_not_newer_is_refused(self) -> None:
        self.send(self.update.read_bytes()[:1_000_000])
        self.assertIn("Not updated", self.guest.sudo("cloister-update", "/var/tmp/update", "2>&1", check=False))
        self.send(self.update.read_bytes())
        self.assertIn("is not newer than", self.guest.sudo("cloister-update", "/var/tmp/update", "2>&1", check=False))
        self.assertEqual(self.slot(), "A")

    def test_2_a_good_one_stays_with_all_accounts(self) -> None:
        self.guest.sudo("sh", "-c", "'echo a pupil would not guess | cloister host add teacher'")
        self.assertIn("is in place", self.guest.sudo("cloister-update", "--older", "/var/tmp/update"))
        self.restart()
        self.assertEqual(self.slot(), "B")
        until(lambda: self.guest.ssh("systemctl", "show", "-P", "ActiveState", "cloister-health").strip() == "inactive", "the new system was judged", 900, 10)
        self.assertIn("good=B\n#", self.guest.sudo("sh", "-c", "'mount -r /dev/cloister/boot /mnt && cat /mnt/cloister/env; umount /mnt'"))
        self.assertIn("teacher", self.guest.sudo("cloister", "host", "list"))

    def test_3_one_that_does_not_come_up_is_left(self) -> None:
        self.guest.sudo("cloister-update", "--older", "/var/tmp/update")
        # As if it were broken: its kernel finds no system that passes.
        self.guest.sudo("sh", "-c", "'mount /dev/cloister/boot /mnt && sed -i s/verity=./verity=f/ /mnt/cloister/A/slot.cfg; umount /mnt'")
        self.restart(ready=False)
        for _ in range(2):  # as often as a new system is tried
            self.guest.machine.wait_for_end(900)
            self.guest.machine.start()
        self.guest.machine.wait_for(READY)
        self.assertEqual(self.slot(), "B")
        self.assertIn("teacher", self.guest.sudo("cloister", "host", "list"))

    def send(self, content: bytes) -> None:
        file = self.guest.network.folder / "update"
        file.write_bytes(content)
        self.guest.network.run("scp", *self.guest.options(), "-i", str(self.guest.key), str(file), "admin@10.78.0.1:/var/tmp/update", patience=900)

    def slot(self) -> str:
        return self.guest.ssh("cat", "/run/cloister-image/slot").strip()

    def restart(self, ready: bool = True) -> None:
        self.guest.sudo("systemctl", "reboot", check=False)
        self.guest.machine.wait_for_end(600)
        self.guest.machine.start()
        if ready:
            self.guest.machine.wait_for(READY)


if __name__ == "__main__":
    unittest.main()
