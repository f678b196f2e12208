"""What a whole audit costs on an installed server."""

import json
import sys
import unittest

import mutations

sys.path.insert(0, str(mutations.ROOT / "tests" / "ansible"))

from installed import InstalledServer  # noqa: E402

MEASURE = """if True:
    import json, resource, subprocess, sys, time
    start = time.monotonic()
    subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"seconds": time.monotonic() - start, "processor": used.ru_utime + used.ru_stime, "mebibytes": used.ru_maxrss / 1024}))
"""


class CostTest(unittest.TestCase):
    def test_a_whole_run_takes_less_than_five_seconds_and_fifty_megabytes(self) -> None:
        with InstalledServer("audit-cost") as server:
            runs = [json.loads(server.run(["python3", "-c", MEASURE, "cloister", "audit"]).stdout) for _ in range(3)]
        quickest = min(runs, key=lambda run: float(run["seconds"]))
        print(f"cloister audit: {quickest}", file=sys.stderr)
        self.assertLess(quickest["seconds"], 5)
        self.assertLess(max(run["mebibytes"] for run in runs), 50)


if __name__ == "__main__":
    unittest.main()
