"""The machines of the tests themselves: booted, alone, forgotten."""

import unittest
from pathlib import Path

from machine import Machine


class MachineTest(unittest.TestCase):
    def test_it_boots_alone_and_is_forgotten(self) -> None:
        with Machine("first") as first:
            self.assertEqual(first.run(["systemctl", "is-system-running"], check=False).stdout, "running\n")
            self.assertEqual(first.run(["hostname"]).stdout, "first\n")
            links = [line.split(":")[1].strip() for line in first.run(["ip", "-o", "link"]).stdout.splitlines()]
            self.assertEqual(links, ["lo"])
            first.write("/etc/cloister/mark", "here\n", 0o600)
            first.reboot()
            self.assertEqual(first.read("/etc/cloister/mark"), "here\n")
            place = Path(f"/proc/{first.pid}")
            with Machine("second") as second:
                first.connect(second)
                self.assertFalse(second.path("/etc/cloister").exists())
                second.run(["ping", "-c1", "-W5", "10.77.0.1"])
        self.assertFalse(place.exists())

    def test_it_installs_without_a_network(self) -> None:
        with Machine("offline") as machine:
            machine.install("nginx-light")
            self.assertEqual(machine.run(["systemctl", "is-active", "nginx"]).stdout, "active\n")


if __name__ == "__main__":
    unittest.main()
