"""The Vagrantfile is one."""

import os
import shutil
import subprocess
import tempfile
import unittest

from tree import ROOT


class VagrantTest(unittest.TestCase):
    def test_vagrant_accepts_it(self) -> None:
        if not shutil.which("vagrant"):
            self.skipTest("there is no vagrant")
        with tempfile.TemporaryDirectory() as home:
            own = os.environ | {"VAGRANT_HOME": home, "VAGRANT_DOTFILE_PATH": f"{home}/machines", "VAGRANT_CHECKPOINT_DISABLE": "1"}
            command = ["vagrant", "validate", "--ignore-provider"]  # which this machine need not have
            done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
