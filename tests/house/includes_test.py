"""Includes point one way: base ← wire, net, xmpp ← the products ← the command line. A folder sees what its CMakeLists.txt names, and no
ring is named."""

import re
import unittest
from functools import cache
from pathlib import Path

from tree import ROOT, relative, tracked

ROOTS = [ROOT / "components", ROOT / "hardening", ROOT / "appliance"]  # where includes start
SOURCES = [f"{root.name}/*.{kind}" for root in ROOTS for kind in ("h", "cpp")]
LIBRARY = re.compile(r"cloister_library\(\s*(\w+)([^)]*)\)")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
RANKS = {"base": 0, "sqlite": 1, "wire": 1, "net": 1, "xmpp": 2, "videobridge": 3, "focus": 3, "gate": 3, "firewall": 2, "audit": 3, "cli": 4}
PRODUCTS = {"videobridge", "focus", "gate"}
ONLY_IN = {"boost/asio": "net", "boost/beast": "net", "gloox/": "xmpp", "sqlite3.h": "sqlite", "libnftnl/": "firewall/nft", "libmnl/": "firewall/nft"}


def folder_of(library: str) -> str:
    return library.split("_")[0]


@cache
def declared() -> dict[str, set[str]]:
    """What each library names after DEPENDS."""
    libraries: dict[str, set[str]] = {}
    for file in (file for root in ROOTS for file in root.rglob("CMakeLists.txt")):
        for name, arguments in LIBRARY.findall(file.read_text()):
            after = re.search(r"DEPENDS\s+([\w\s]*?)(?:\bLINK\b|$)", arguments)
            libraries[name] = set(after[1].split()) if after else set()
    return libraries


def reach(library: str) -> set[str]:
    seen: set[str] = set()
    todo = [library]
    while todo:
        for dependency in declared().get(todo.pop(), set()):
            if dependency not in seen:
                seen.add(dependency)
                todo.append(dependency)
    return seen


def root_of(file: Path) -> Path | None:
    return next((root for root in ROOTS if file.is_relative_to(root)), None)


def included(path: str) -> Path | None:
    """The file of ours that an include names."""
    return next((root / path for root in ROOTS if (root / path).is_file()), None)


def library_of(folder: Path) -> str | None:
    """The library that the folder's files belong to: its own, or that of the folder around it."""
    root = root_of(folder)
    while root and folder != root:
        name = "_".join(folder.relative_to(root).parts)
        if name in declared():
            return name
        folder = folder.parent
    return None


class IncludesTest(unittest.TestCase):
    def test_libraries_point_down(self) -> None:
        for library, dependencies in declared().items():
            for dependency in dependencies:
                with self.subTest(f"{library} → {dependency}"):
                    self.assertIn(dependency, declared(), "no such library")
                    own, other = folder_of(library), folder_of(dependency)
                    if own != other:
                        self.assertLess(RANKS[other], RANKS[own])
                        if own != "cli":  # the operator's hand on all of them
                            self.assertNotIn(other, PRODUCTS, "a product is nobody's foundation")

    def test_no_ring(self) -> None:
        for library in declared():
            with self.subTest(library):
                self.assertNotIn(library, reach(library))

    def test_files_include_what_their_library_names(self) -> None:
        for file in tracked(*SOURCES):
            library = library_of(file.parent)
            if library is None:
                continue
            for quote, path in INCLUDE.findall(file.read_text(errors="replace")):
                target = included(path) if quote == '"' else None
                other = library_of(target.parent) if target else None
                if other and other != library:
                    with self.subTest(relative(file), includes=path):
                        self.assertIn(other, reach(library))

    def test_headers_of_ours_are_named_from_the_top(self) -> None:
        for file in tracked(*SOURCES):
            for quote, path in INCLUDE.findall(file.read_text(errors="replace")):
                if quote == '"':
                    with self.subTest(relative(file), includes=path):
                        self.assertIsNotNone(included(path))

    def test_wrapped_libraries_stay_in_their_folder(self) -> None:
        for file in tracked(*SOURCES):
            folders = "/".join(file.relative_to(root_of(file) or ROOT).parts)
            for _, path in INCLUDE.findall(file.read_text(errors="replace")):
                for prefix, home in ONLY_IN.items():
                    if path.startswith(prefix):
                        with self.subTest(relative(file), includes=path):
                            self.assertTrue(folders.startswith(f"{home}/"))


if __name__ == "__main__":
    unittest.main()
