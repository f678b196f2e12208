"""Formatter and linters: no warnings anywhere."""

import subprocess
import unittest
from pathlib import Path

from tree import ROOT, relative, tracked


def shell_scripts() -> list[Path]:
    return [file for file in tracked() if _first_line(file) in ("#!/bin/sh", "#!/bin/bash", "#!/usr/bin/env bash")]


def _first_line(file: Path) -> str:
    with file.open("rb") as content:
        return content.readline(80).decode(errors="replace").strip()


class LintTest(unittest.TestCase):
    def accept(self, *command: str) -> None:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_cpp_is_formatted(self) -> None:
        files = [relative(file) for file in tracked("*.h", "*.cpp")]
        self.accept("clang-format-14", "--dry-run", "-Werror", *files)

    def test_shell_is_clean(self) -> None:
        scripts = [relative(file) for file in shell_scripts()]
        if scripts:
            self.accept("shellcheck", *scripts)

    def test_yaml_is_clean(self) -> None:
        self.accept("yamllint", "-s", *(relative(file) for file in tracked("*.yml", "*.yaml")))

    def test_python_compiles(self) -> None:
        for file in tracked("*.py", "tests/bench/run"):
            with self.subTest(relative(file)):
                compile(file.read_text(), relative(file), "exec")

    def test_lua_compiles(self) -> None:
        for file in tracked("components/prosody/*.lua"):
            with self.subTest(relative(file)):
                self.accept("luac5.4", "-p", relative(file))

    def test_commands_explain_themselves(self) -> None:
        for command in ("appliance/try", "appliance/deb/build", "tests/run", ".ci/run"):
            with self.subTest(command):
                self.accept(str(ROOT / command), "--help")


if __name__ == "__main__":
    unittest.main()
