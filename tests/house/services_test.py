"""What the services of an installed server may do: profiles that compile, sandboxes that leave little."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from tree import ROOT

SERVICES = sorted(folder for folder in (ROOT / "appliance" / "services").iterdir() if folder.is_dir())
DEBIANS_UNITS = Path("/lib/systemd/system")
MOST_EXPOSURE = 1.5


class ServicesTest(unittest.TestCase):
    def test_profiles_compile(self) -> None:
        for service in SERVICES:
            for profile in service.glob("*.apparmor"):
                with self.subTest(profile.name):
                    done = subprocess.run(["apparmor_parser", "-Q", "-T", "-K", str(profile)], capture_output=True, text=True, check=False)
                    self.assertEqual(done.returncode, 0, done.stderr)

    def test_sandboxes_leave_little(self) -> None:
        for service in SERVICES:
            with self.subTest(service.name), tempfile.TemporaryDirectory() as root:
                self.assertLessEqual(self._exposure(service, Path(root)), MOST_EXPOSURE)

    def test_nothing_listens_outside_without_a_firewall(self) -> None:
        for service in SERVICES:
            if service.name in ("cloister-gate", "cloister-guard"):  # on loopback, and the firewall itself
                continue
            with self.subTest(service.name):
                own = service / f"{service.name}.service"
                text = (own if own.exists() else service / "cloister.conf").read_text()
                for line in ("Wants=cloister-guard.service", "AssertPathExists=/run/cloister-guard/socket"):
                    self.assertIn(line, text.splitlines())
                self.assertRegex(text, r"(?m)^After=.*\bcloister-guard\.service")

    def _exposure(self, service: Path, root: Path) -> float:
        """As systemd judges it, from 0 to 10, of the unit (ours or Debian's) with its sandbox in an otherwise empty system."""
        own = service / f"{service.name}.service"
        unit = own if own.exists() else DEBIANS_UNITS / own.name
        units = root / "etc/systemd/system"
        (units / f"{unit.name}.d").mkdir(parents=True)
        shutil.copy(unit, units)
        for drop_in in service.glob("*.conf"):
            shutil.copy(drop_in, units / f"{unit.name}.d")
        for program in re.findall(r"^Exec\w+=[-+]?(/\S+)", unit.read_text(), re.MULTILINE):
            binary = root / program.lstrip("/")
            binary.parent.mkdir(parents=True, exist_ok=True)
            binary.touch(0o755)
        command = ["systemd-analyze", "security", "--offline=true", f"--root={root}", unit.name]
        judged = subprocess.run(command, capture_output=True, text=True, check=False)
        found = re.search(r"Overall exposure level for .*: ([\d.]+)", judged.stdout)
        self.assertIsNotNone(found, judged.stderr)
        return float(found[1]) if found else 10.0


if __name__ == "__main__":
    unittest.main()
