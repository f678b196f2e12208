"""What the services of an installed server may do: profiles that compile, sandboxes that leave little."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from tree import ROOT

SERVICES = sorted(folder for folder in (ROOT / "appliance" / "services").iterdir() if folder.is_dir())
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
            unit = service / f"{service.name}.service"
            if not unit.exists():
                continue
            with self.subTest(service.name), tempfile.TemporaryDirectory() as root:
                self.assertLessEqual(self._exposure(unit, Path(root)), MOST_EXPOSURE)

    def _exposure(self, unit: Path, root: Path) -> float:
        """As systemd judges it, from 0 to 10, of the unit with its sandbox in an otherwise empty system."""
        units = root / "etc/systemd/system"
        (units / f"{unit.name}.d").mkdir(parents=True)
        shutil.copy(unit, units)
        shutil.copy(unit.parent / "sandbox.conf", units / f"{unit.name}.d")
        program = re.search(r"^ExecStart=(\S+)", unit.read_text(), re.MULTILINE)
        assert program
        binary = root / program[1].lstrip("/")
        binary.parent.mkdir(parents=True)
        binary.touch(0o755)
        command = ["systemd-analyze", "security", "--offline=true", f"--root={root}", unit.name]
        judged = subprocess.run(command, capture_output=True, text=True, check=False)
        found = re.search(r"Overall exposure level for .*: ([\d.]+)", judged.stdout)
        self.assertIsNotNone(found, judged.stderr)
        return float(found[1]) if found else 10.0


if __name__ == "__main__":
    unittest.main()
