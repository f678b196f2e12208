"""Files, their names and attributes, disks with what was deleted, and what programs print: all is read."""

import os
import shutil
import subprocess
import tempfile
import unittest
from collections.abc import Iterable
from pathlib import Path

import places
from needles import Canary
from scanner import Hit, Search

NAME = "Kanarienvogel-8fq2"
SEARCH = Search([Canary("the name", NAME)])


class PlacesTest(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def where(self, hits: Iterable[Hit]) -> set[str]:
        return {hit.place for hit in hits}

    def tree(self, **how: object) -> set[str]:
        return self.where(places.tree(SEARCH, self.folder, **how))  # type: ignore[arg-type]

    def test_content_of_files_in_folders(self) -> None:
        (self.folder / "a/b").mkdir(parents=True)
        (self.folder / "a/b/with").write_bytes(bytes(3 << 20) + NAME.encode())
        (self.folder / "a/b/without").write_bytes(bytes(3 << 20))
        self.assertEqual(self.tree(), {"a/b/with"})

    def test_names_of_files_folders_and_links_targets(self) -> None:
        (self.folder / f"{NAME}.dat").touch()
        (self.folder / NAME.replace("-", "%2d")).mkdir()
        (self.folder / "link").symlink_to(f"/nowhere/{NAME.lower()}")
        self.assertEqual(self.tree(), {f"{NAME}.dat", NAME.replace("-", "%2d"), "link"})

    def test_a_folder_by_a_link_to_it(self) -> None:
        (self.folder / "real").mkdir()
        (self.folder / "real/file").write_text(NAME)
        (self.folder / "link").symlink_to("real")
        self.assertEqual(self.where(places.tree(SEARCH, self.folder / "link")), {"file"})

    def test_attributes(self) -> None:
        file = self.folder / "file"
        file.touch()
        try:
            os.setxattr(file, "user.owner", NAME.encode())
        except OSError:
            self.skipTest("this file system keeps no attributes")
        self.assertEqual(self.tree(), {"file"})

    def test_names_that_are_no_text(self) -> None:
        Path(os.fsdecode(bytes(self.folder) + b"/\xff\xfe")).write_text(NAME)
        self.assertEqual(len(self.tree()), 1)

    def test_only_what_changed_since(self) -> None:
        (self.folder / "old").write_text(NAME)
        old = (self.folder / "old").stat().st_ctime_ns
        os.utime(self.folder / "old", ns=(0, 0))  # which changes when it changed
        self.assertEqual(self.tree(since_ns=old), {"old"})
        self.assertEqual(self.tree(since_ns=(self.folder / "old").stat().st_ctime_ns), set())

    def test_what_is_left_out(self) -> None:
        (self.folder / "source").mkdir()
        (self.folder / "source" / "file").write_text(NAME)
        self.assertEqual(self.tree(without=[self.folder / "source"]), set())

    def test_pipes_and_sockets_are_not_waited_for(self) -> None:
        os.mkfifo(self.folder / "pipe")
        self.assertEqual(self.tree(), set())

    def test_a_disk_keeps_what_was_deleted_and_the_search_finds_it(self) -> None:
        if not (debugfs := shutil.which("debugfs", path="/usr/sbin:/sbin")):
            self.skipTest("there is no debugfs")
        image, file = self.folder / "disk", self.folder / "file"
        with image.open("wb") as disk:
            disk.truncate(64 << 20)
        file.write_text(f"{NAME} was here\n" * 9)
        subprocess.run(["/usr/sbin/mkfs.ext4", "-q", str(image)], check=True)
        self.assertEqual(self.where(places.disk(SEARCH, image)), set())
        for command in (f"write {file} note", "rm note"):
            subprocess.run([debugfs, "-w", "-R", command, str(image)], check=True, capture_output=True)
        self.assertEqual(self.where(places.disk(SEARCH, image)), {"disk"})

    def test_a_program_tells(self) -> None:
        self.assertEqual(self.where(places.output(SEARCH, "a program", ["echo", NAME])), {"a program"})
        self.assertEqual(self.where(places.output(SEARCH, "a program", ["sh", "-c", f"echo {NAME} >&2"])), {"a program"})
        with self.assertRaisesRegex(AssertionError, "a program: false ended with 1"):
            list(places.output(SEARCH, "a program", ["false"]))


if __name__ == "__main__":
    unittest.main()
