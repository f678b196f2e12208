"""What a finished file does not contain."""

import json
import re
import unittest

from tree import relative, tracked

UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
CODE = ["*.h", "*.cpp", "*.py", "*.lua", "*.ts", "*.tsx", "*.mjs", "*.js", "*.css", "*.html", "*.j2", "*.yml", "*.yaml", "*.txt", "*.md"]


class WordsTest(unittest.TestCase):
    def test_nothing_is_marked_as_unfinished(self) -> None:
        for file in tracked(*CODE, "appliance/try", "tests/run", ".ci/run"):
            for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1):
                if UNFINISHED.search(line):
                    with self.subTest(relative(file), line=number):
                        self.fail(line.strip())

    def test_every_test_is_awake(self) -> None:
        """A test waits for conditions. The one exception steps a loop that has a deadline."""
        sleeping = re.compile(r"\b(?:std::this_thread::sleep_\w+|usleep|time\.sleep)\s*\(")
        for file in tracked("tests/*.cpp", "tests/*.h", "tests/*.py"):
            with self.subTest(relative(file)):
                self.assertIsNone(sleeping.search(file.read_text(errors="replace")))

    def test_locks_name_no_host(self) -> None:
        for file in tracked("*package-lock.json"):
            for name, package in json.loads(file.read_text()).get("packages", {}).items():
                with self.subTest(relative(file), package=name):
                    self.assertNotIn("resolved", package)


if __name__ == "__main__":
    unittest.main()
