"""The conformance checklists and the tests that name their entries belong together."""

import sys
import unittest

from tree import ROOT

sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "appliance")]
from runner import checklist  # noqa: E402


class ChecklistTest(unittest.TestCase):
    def test_every_tag_names_an_entry_and_stands_above_a_test(self) -> None:
        for one in checklist.ALL:
            with self.subTest(one.program):
                self.assertGreater(len(one.read()), 190)

    def test_no_entry_is_both_proved_and_excused(self) -> None:
        for one in checklist.ALL:
            for entry in one.read():
                with self.subTest(one.program, entry=entry.number):
                    self.assertFalse(entry.tests and entry.reason)


if __name__ == "__main__":
    unittest.main()
