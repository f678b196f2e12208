"""The bridge's conformance checklist and the tests that name its entries belong together."""

import sys
import unittest

from tree import ROOT

sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "appliance")]
from runner import checklist  # noqa: E402


class ChecklistTest(unittest.TestCase):
    def test_every_tag_names_an_entry_and_stands_above_a_test(self) -> None:
        self.assertGreater(len(checklist.read()), 200)

    def test_no_entry_is_both_proved_and_excused(self) -> None:
        for entry in checklist.read():
            with self.subTest(entry.number):
                self.assertFalse(entry.tests and entry.reason)


if __name__ == "__main__":
    unittest.main()
