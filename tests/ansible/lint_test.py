"""The playbook as its linters see it. yamllint and shellcheck look at all of the repository: tests/house."""

import os
import subprocess
import unittest

from server import ROOT

ANSIBLE = ROOT / "ansible"


class LintTest(unittest.TestCase):
    def accept(self, *command: str) -> None:
        done = subprocess.run(command, cwd=ANSIBLE, env=os.environ | {"NO_COLOR": "1"}, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_it_is_fit_for_production(self) -> None:
        self.accept("ansible-lint", "--offline", "--profile", "production", "site.yml", "roles", "inventory")

    def test_its_syntax_is_right(self) -> None:
        self.accept("ansible-playbook", "--syntax-check", "-i", "inventory/example.yml", "site.yml")

    def test_nothing_but_debians_ansible_is_needed(self) -> None:
        for file in ANSIBLE.rglob("*.yml"):
            for line in file.read_text().splitlines():
                for collection in ("ansible.posix", "community.", "ansible.utils"):
                    self.assertNotIn(collection, line, file)


if __name__ == "__main__":
    unittest.main()
