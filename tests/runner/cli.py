"""The command line of tests/run."""

import argparse
import time

from trial import packages
from trial.console import Failure

from . import checklist
from .command import progress_to_stderr, show
from .suites import BENCH_OPTIONS, BY_NAME_ONLY, SUITES
from .tally import Tally


def main() -> int:
    options = _options()
    if options.json:
        progress_to_stderr()
    BENCH_OPTIONS.extend(name for name in ("--json", "--thorough") if getattr(options, name[2:]))
    chosen = [name for name in SUITES if name in options.suite or ("all" in options.suite and name not in BY_NAME_ONLY)]
    try:
        packages.install_missing(["run", "build", "test"])
    except Failure as failure:
        show(f"tests/run: {failure}")
        show(str(Tally(failed=1)))
        return 1
    results = {name: _run(name) for name in chosen}
    show("")
    for name, (tally, seconds) in results.items():
        show(f"{name:<8} {str(tally):<40} {seconds:5.0f} s")
    total = sum((tally for tally, _ in results.values()), Tally())
    for failure in total.failures:
        show(f"FAILED {failure}")
    show(str(total))
    if options.write_checklist:
        for one in checklist.ALL:
            show(f"{one.table.name}: {one.write()}")
    return 1 if total.failed else 0


def _options() -> argparse.Namespace:
    about = "\n".join(f"  {name:<8} {suite.__doc__}" for name, suite in SUITES.items())
    parser = argparse.ArgumentParser(
        prog="tests/run",
        description=f"Installs what is missing, builds, and runs these suites:\n\n{about}\n  all      all of them but {', '.join(BY_NAME_ONLY)} (the default)",
        epilog="The last line counts: N passed, N failed. Status 0 when nothing failed.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("suite", nargs="*", metavar="SUITE", choices=[*SUITES, "all"], default="all", help="all by default")
    parser.add_argument("--write-checklist", action="store_true", help="afterwards, the tables of docs/protocol/{bridge,focus}.md anew")
    parser.add_argument("--json", action="store_true", help="of bench: a JSON object per line on standard output, all else on standard error")
    parser.add_argument("--thorough", action="store_true", help="of bench: longer measurements, and meetings of browsers")
    options = parser.parse_args()
    options.suite = [options.suite] if isinstance(options.suite, str) else options.suite
    return options


def _run(name: str) -> tuple[Tally, float]:
    show(f"\n== {name}")
    start = time.monotonic()
    try:
        tally = SUITES[name]()
    except Failure as failure:
        show(f"tests/run: {failure}")
        tally = Tally(failed=1, failures=(f"{name}: {failure}",))
    return tally, time.monotonic() - start
