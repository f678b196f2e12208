"""Every check on a real server: it is well, somebody breaks what it looks at, it fails; that is repaired, and it is well again."""

import json
import sys
import unittest
from collections.abc import Callable

import mutations

sys.path.insert(0, str(mutations.ROOT / "tests" / "ansible"))

from installed import InstalledServer  # noqa: E402

WELL = {"pass", "alternative", "not_judged"}  # not judged: right in the files, and of the rest a container's kernel tells nothing
BROKEN = {"fail", "exception"}  # an exception fails, and somebody has answered for it


class MutationTest(unittest.TestCase):
    """One server for all, so that what is not repaired breaks what comes after."""

    server: InstalledServer

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = InstalledServer("audit")
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        for place, text in mutations.files().items():
            file = cls.server.path(place)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        cls.before = cls.all_verdicts()

    @classmethod
    def all_verdicts(cls) -> dict[str, str]:
        report = json.loads(cls.server.run(["cloister", "audit", "--format", "json"], check=False).stdout)
        return {check["id"]: check["verdict"] for check in report["checks"]}

    def test_0_each_check_is_tried_or_says_why_not(self) -> None:
        without = {id for id, check in mutations.checks().items() if "mutation" not in check}
        self.assertEqual(without, set(mutations.untried()))
        self.assertEqual(set(self.before), set(mutations.checks()), "the server has the checks of this tree")

    def test_2_in_the_end_all_is_as_it_was(self) -> None:
        changed = {id: (self.before[id], verdict) for id, verdict in self.all_verdicts().items() if verdict != self.before[id]}
        self.assertEqual(changed, {})

    def breaks_and_heals(self, id: str) -> None:
        tried = self.server.run(mutations.command(id), check=False)
        self.assertEqual(tried.returncode, 0, tried.stderr)
        seen = mutations.verdicts(tried.stdout)
        self.assertIn(seen.prepared, WELL)
        self.assertIn(seen.broken, {"manual"} if "manual" in mutations.checks()[id] else BROKEN)
        self.assertEqual(seen.repaired, seen.prepared)
        self.assertEqual(seen.after, seen.before)


def _test_of(id: str) -> Callable[[MutationTest], None]:
    def test(self: MutationTest) -> None:
        self.breaks_and_heals(id)

    return test


for _id, _check in mutations.checks().items():
    if "mutation" in _check:
        setattr(MutationTest, f"test_1_{_id.replace('-', '_')}", _test_of(_id))


if __name__ == "__main__":
    unittest.main()
