"""Two builds of the same sources give the same bytes, wherever and by whomever they are done."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import unittest
from datetime import datetime
from pathlib import Path

from base import ROOT
from installation import require_repository
from machine import REPOSITORY

BUILD = Path(os.environ.get("CLOISTER_BUILD", ROOT / "build" / "release"))
GUARD = "hardening/firewall/guard/cloister-guard"  # the smallest of our programs stands for all: they are compiled alike
SOURCES = ["CMakeLists.txt", "CMakePresets.json", "components", "hardening", "appliance", "tests"]


class ReproducibleTest(unittest.TestCase):
    def setUp(self) -> None:
        require_repository()
        folder = tempfile.TemporaryDirectory(prefix="cloister-elsewhere-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_packed_again_the_packages_are_the_same(self) -> None:
        pack = [str(ROOT / "appliance/deb/build"), "--no-build", "--build-dir", str(BUILD), "--out", str(self.folder)]
        # of the same commit: there may be a new one since
        newest = max(REPOSITORY.glob("*.deb"), key=lambda package: package.stat().st_mtime).name.split("_")[1]
        of = datetime.strptime(newest.split("+")[1] + "+0000", "%Y%m%d.%H%M%S%z")
        subprocess.run(pack, env=os.environ | {"SOURCE_DATE_EPOCH": f"{of.timestamp():.0f}"}, check=True, capture_output=True)
        again = {package.name: _digest(package) for package in (self.folder / "repository").glob("*.deb")}
        self.assertGreater(len(again), 5)
        self.assertEqual(again, {name: _digest(REPOSITORY / name) for name in again})

    def test_compiled_elsewhere_without_a_cache_a_program_is_the_same(self) -> None:
        for name in SOURCES:
            source, copy = ROOT / name, self.folder / "sources" / name
            if source.is_file():
                copy.parent.mkdir(exist_ok=True)
                shutil.copy(source, copy)
            else:
                shutil.copytree(source, copy, ignore=shutil.ignore_patterns("node_modules", "dist"))
        build = self.folder / "a" / "deeper" / "build"
        jobs = str(len(os.sched_getaffinity(0)))
        preset = ["cmake", "--preset", "release", "-S", str(self.folder / "sources"), "-B", str(build)]
        for command in (preset, ["cmake", "--build", str(build), "-j", jobs, "--target", "cloister-guard"]):
            environment = os.environ | {"CCACHE_DISABLE": "1"}
            done = subprocess.run(command, cwd=self.folder / "sources", env=environment, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(_digest(build / GUARD), _digest(BUILD / GUARD))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    unittest.main()
