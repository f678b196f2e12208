"""The suites: what each builds, runs and counts."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from trial import packages
from trial.build import build_web

from . import builds, outcomes, tally
from .command import ROOT, isolated, report, run, show
from .tally import Tally

TESTS = ROOT / "tests"
WEB = ROOT / "components" / "web"

BENCH_OPTIONS: list[str] = []  # of tests/bench/run


def house() -> Tally:
    """Directions of includes, formatting, linters, unfinished work."""
    return _python(TESTS / "house")


def unit() -> Tally:
    """Each type by itself, under the address and undefined-behaviour sanitizers; the web client's own tests; what seeks traces finds them."""
    return _ctest("unit", builds.preset("asan")) + _web() + _python(TESTS / "privacy" / "search")


def sim() -> Tally:
    """Bridge and focus on a seeded network and a stepped clock."""
    return _ctest("sim", builds.preset("asan"))


def fuzz() -> Tally:
    """Every parser under the sanitizers: its corpus, then FUZZ_SECONDS (3) of new input each."""
    total = Tally()
    for program in sorted(builds.preset("asan").glob("tests/fuzz/fuzz_*")):
        if program.is_file() and os.access(program, os.X_OK):
            total += _fuzz_one(program)
    return total


def firewall() -> Tally:
    """The guard on the real kernel: three machines in network namespaces, every port, both families. Skipped without root or nf_tables."""
    builds.preset("release", "cloister-guard", "cloister")
    return _python(TESTS / "firewall")


def machine() -> Tally:
    """Our packages on a freshly booted Debian 12 (a container without a network): installed, started, shut in. Skipped without root."""
    status, _ = run([str(ROOT / "appliance" / "deb" / "build")])
    return tally.of_status(status, "appliance/deb/build") + _python(TESTS / "machine")


def ansible() -> Tally:
    """The playbook on a booted Debian 12, with packages of this tree: twice, in meetings, over a restart, and away again."""
    status, _ = run([str(ROOT / "appliance" / "deb" / "build")])
    builds.preset("bench", "cloister-load")
    return tally.of_status(status, "appliance/deb/build") + _python(TESTS / "ansible")


def privacy() -> Tally:
    """What a meeting leaves behind on an installed server: nothing, on its whole disk. Needs root, and takes as long as `ansible`."""
    status, _ = run([str(ROOT / "appliance" / "deb" / "build")])
    builds.preset("bench", "cloister-load")
    return tally.of_status(status, "appliance/deb/build") + _python(TESTS / "privacy")


def audit() -> Tally:
    """Every check of the audit on an installed server: broken, it fails; repaired, it is well again. What a whole run costs."""
    status, _ = run([str(ROOT / "appliance" / "deb" / "build")])
    return tally.of_status(status, "appliance/deb/build") + _python(TESTS / "audit")


def judges() -> Tally:
    """Lynis, OpenSCAP, testssl, systemd-analyze and nmap on an installed server: their figures, and what they may find."""
    status, _ = run([str(ROOT / "appliance" / "deb" / "build")])
    return tally.of_status(status, "appliance/deb/build") + _python(TESTS / "judges")


def image() -> Tally:
    """The system image, built and started in an emulator: set up, looked at from outside, updated, its plug pulled. Takes an hour and more."""
    packages.install_missing(["image-build", "image-test"])
    steps = [["appliance/deb/build"], ["appliance/image/build", "--quick"]]
    total = Tally()
    for step in steps:
        total += tally.of_status(run([str(ROOT / step[0]), *step[1:]])[0], step[0])
    return total + _python(TESTS / "image")


def e2e() -> Tally:
    """The real stack: Prosody and nginx as we set them up, then browsers in calls."""
    _build_the_product()
    builds.preset("bench", "cloister-load")
    return _python(TESTS / "stack", alone=True) + _browsers(TESTS / "e2e", "*.test.mjs")


def bench() -> Tally:
    """Speed and memory, beside what the machine can do at best: the goals as a table (--json: a line each). Fails only on what is broken."""
    packages.install_missing(["bench"])
    build = builds.preset("bench", "bench_forward", "bench_room", "bench_micro", "cloister-bridge")
    status = report([str(TESTS / "bench" / "run"), "--build", str(build), *BENCH_OPTIONS])
    total = tally.of_status(status, "tests/bench/run")
    return total + _browsers(TESTS / "bench" / "meeting", "*.bench.mjs") if "--thorough" in BENCH_OPTIONS else total


SUITES: dict[str, Callable[[], Tally]] = {
    "house": house,
    "unit": unit,
    "sim": sim,
    "fuzz": fuzz,
    "firewall": firewall,
    "machine": machine,
    "ansible": ansible,
    "image": image,
    "audit": audit,
    "judges": judges,
    "privacy": privacy,
    "e2e": e2e,
    "bench": bench,
}

BY_NAME_ONLY = ("machine", "ansible", "privacy", "audit", "judges", "image")  # they boot machines, and take as long as all the others


def _ctest(label: str, build: Path, *options: str) -> Tally:
    report = build / f"{label}.xml"
    report.unlink(missing_ok=True)
    command = ["ctest", "--test-dir", str(build), "-L", f"^{label}$", "--output-on-failure", "--no-tests=ignore"]
    command += ["-j", "1" if label == "bench" else builds.JOBS, "--output-junit", str(report), *options]
    status, _ = run(command)
    if not report.exists():
        return tally.at_least_one_failure(Tally(), status, f"ctest of {label}")
    outcomes.record(outcomes.of_junit(report))
    counted = tally.of_junit(report)
    return tally.at_least_one_failure(counted, status, f"ctest of {label}")


def _python(folder: Path, alone: bool = False) -> Tally:
    command = [sys.executable, "-W", "ignore::ResourceWarning", "-m", "unittest", "discover", "--verbose", "-p", "*_test.py"]
    status, output = run(isolated(command) if alone else command, folder)
    outcomes.record(outcomes.of_unittest(output))
    return tally.at_least_one_failure(tally.of_unittest(output), status, str(folder))


def _browsers(folder: Path, pattern: str) -> Tally:
    """Real browsers in calls through the stack as it is shipped."""
    _build_the_product()
    builds.npm_packages(TESTS / "e2e")
    total = Tally()
    for test in sorted(folder.glob(pattern)):  # one after the other: each keeps the machine busy
        status, output = run(isolated(["node", "--test", "--test-reporter=tap", str(test)]), folder)
        outcomes.record(outcomes.of_tap(output))
        total += tally.at_least_one_failure(tally.of_tap(output), status, test.name)
    return total


def _build_the_product() -> None:
    builds.preset("release", "cloister-focus", "cloister-bridge", "cloister-gate", "cloister")
    build_web()


def _web() -> Tally:
    if not (WEB / "package.json").exists():
        return Tally()
    build_web()
    total = Tally()
    for script in ("check", "test", "test:browser"):
        status, output = run(["npm", "run", script], WEB)
        counted = tally.of_tap(output)
        outcomes.record(outcomes.of_tap(output))
        name = f"npm run {script}"
        total += tally.at_least_one_failure(counted, status, name) if counted.passed else tally.of_status(status, name)
    return total


def _fuzz_one(program: Path) -> Tally:
    seconds = os.environ.get("FUZZ_SECONDS", "3")
    name = program.name.removeprefix("fuzz_")
    corpus = next((c for c in (TESTS / "fuzz").rglob("*_corpus") if _target_of(c) == name), None)
    found = program.parent / f"{name}.found"
    found.mkdir(exist_ok=True)
    seeds = [str(corpus)] if corpus else []
    show(f"Fuzzing {name} for {seconds} s")
    limits = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", f"-artifact_prefix={program.parent}/", "-verbosity=0"]
    status, _ = run([str(program), *limits, str(found), *seeds])
    outcomes.record({program.name: "failed" if status else "passed"})
    return tally.of_status(status, program.name)


def _target_of(corpus: Path) -> str:
    folder = corpus.parent.relative_to(TESTS / "fuzz").parts
    return "_".join([*folder, corpus.name.removesuffix("_corpus")])
