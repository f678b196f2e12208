"""What failed is named again at the end of a run, whatever ran it."""

import sys
import unittest

from tree import ROOT

sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "appliance")]
from runner import tally  # noqa: E402

UNITTEST = """test_a (x.Y.test_a) ... FAIL
======================================================================
FAIL: test_a (x.Y.test_a)
----------------------------------------------------------------------
AssertionError: 1 != 2
======================================================================
ERROR: test_b (x.Y.test_b)
----------------------------------------------------------------------
OSError: gone

----------------------------------------------------------------------
Ran 3 tests in 0.1s

FAILED (failures=1, errors=1)
"""
TAP = """ok 1 - it works
not ok 2 - it breaks
  ---
  error: 'boom'
  ...
1..2
# pass 1
# fail 1
# cancelled 0
# skipped 0
"""


class TallyTest(unittest.TestCase):
    def test_unittest_names_its_failures_and_errors(self):
        counted = tally.of_unittest(UNITTEST)
        self.assertEqual(str(counted), "1 passed, 2 failed")
        first, second = counted.failures
        self.assertTrue(first.startswith("test_a (x.Y.test_a)\n") and "1 != 2" in first and "gone" not in first)
        self.assertTrue(second.startswith("test_b (x.Y.test_b)\n") and "gone" in second)

    def test_tap_names_its_failures(self):
        counted = tally.of_tap(TAP)
        self.assertEqual(str(counted), "1 passed, 1 failed")
        self.assertEqual(len(counted.failures), 1)
        self.assertTrue(counted.failures[0].startswith("it breaks\n") and "boom" in counted.failures[0])

    def test_a_crash_counts_and_is_named(self):
        self.assertEqual(tally.at_least_one_failure(tally.Tally(passed=3), 139, "the suite").failures, ("the suite ended with status 139",))


if __name__ == "__main__":
    unittest.main()
