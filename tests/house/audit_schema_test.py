"""The audit's JSON is what docs/auditor/report.schema.json says: shown by a report that the C++ side reads back (fuzz/audit/reports)."""

import copy
import json
import unittest

import jsonschema
from tree import ROOT

SCHEMA = json.loads((ROOT / "docs/auditor/report.schema.json").read_text())
REPORT = json.loads((ROOT / "tests/fuzz/audit/reports/report_corpus/some.json").read_text())


class AuditSchemaTest(unittest.TestCase):
    def setUp(self) -> None:
        self.validator = jsonschema.Draft202012Validator(SCHEMA)

    def test_the_schema_is_one(self) -> None:
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_a_report_fits(self) -> None:
        self.assertEqual([error.message for error in self.validator.iter_errors(REPORT)], [])

    def test_what_is_not_written_does_not_fit(self) -> None:
        for change in ({"machine": "elsewhere"}, {"level": 3}, {"more": 1}, {"checks": [{}]}):
            with self.subTest(change):
                self.assertFalse(self.validator.is_valid(copy.deepcopy(REPORT) | change))


if __name__ == "__main__":
    unittest.main()
