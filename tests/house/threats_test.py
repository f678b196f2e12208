"""Every proof that the threat model names is there."""

import re
import unittest

from tree import ROOT

MODEL = ROOT / "docs" / "threat-model.md"


def tests(pattern: str, *globs: str) -> set[str]:
    found: set[str] = set()
    for glob in globs:
        for path in (ROOT / "tests").glob(glob):
            for match in re.findall(pattern, path.read_text()):
                found.add(match if isinstance(match, str) else ".".join(match))
    return found


class ThreatsTest(unittest.TestCase):
    def setUp(self) -> None:
        rows = [line for line in MODEL.read_text().splitlines() if re.match(r"\| [STRIDE] \|", line)]
        self.proofs = [row.split("|")[4] for row in rows]
        self.assertGreater(len(rows), 30)

    def named(self, pattern: str) -> set[str]:
        return {name for proof in self.proofs for name in re.findall(pattern, proof)}

    def test_unit_and_simulation_tests(self):
        there = tests(r"TEST(?:_F|_P)?\((\w+), (\w+)\)", "unit/**/*.cpp", "sim/**/*.cpp")
        self.assertEqual(self.named(r"`(\w+\.[A-Z]\w+)`") - there, set())

    def test_tests_over_the_stack(self):
        there = tests(r"def (test_\w+)\(", "**/*_test.py")
        self.assertEqual(self.named(r"`(test_\w+)`") - there, set())

    def test_tests_in_browsers(self):
        there = tests(r"test\('([^']+)'", "e2e/*.test.mjs")
        self.assertEqual(self.named(r'"([^"]+)"') - there, set())

    def test_files_and_folders(self):
        missing = {path for path in self.named(r"`(tests/[\w/.]+)`") if not (ROOT / path).exists()}
        self.assertEqual(missing, set())

    def test_every_threat_but_repudiation_has_a_proof(self):
        rows = [line for line in MODEL.read_text().splitlines() if re.match(r"\| [STIDE] \|", line)]
        self.assertEqual([row for row in rows if not re.search(r'[`"]', row.split("|")[4])], [])


if __name__ == "__main__":
    unittest.main()
