"""An update as a file: what is not signed, or is damaged, gets no further."""

import io
import json
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "appliance" / "image"), str(ROOT / "appliance")]

from image import publish  # noqa: E402
from image.disk import System  # noqa: E402
from machine import bundle, slots  # noqa: E402

EPOCH = 1747699200
CONTENTS = {"vmlinuz": b"a kernel", "initrd": b"its files", "hashes": b"h" * 5000, "system": b"s" * 3_000_000}


class BundleTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="cloister-bundle-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.key, cls.stranger = (cls.make_key(name) for name in ("key", "stranger"))
        cls.keyring = cls.folder / "updates.gpg"
        cls.keyring.write_bytes(cls.key.public())
        files = {name: cls.folder / name for name in CONTENTS}
        for name, content in CONTENTS.items():
            files[name].write_bytes(content)
        cls.system = System(files["system"], files["hashes"], "ab" * 32, files["vmlinuz"], files["initrd"])

    @classmethod
    def make_key(cls, name: str) -> publish.Key:
        home = cls.folder / f"{name}.gpg"
        home.mkdir(mode=0o700)
        gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--faked-system-time", f"{EPOCH}!"]
        subprocess.run([*gpg, "--passphrase", "", "--quick-generate-key", name, "ed25519", "sign", "never"], check=True, capture_output=True)
        return publish.Key(home, EPOCH)

    def packed(self, key: publish.Key | None = None) -> bytes:
        out = self.folder / "an.update"
        publish.update(self.system, "2.0", out, key or self.key, EPOCH)
        return out.read_bytes()

    def read(self, packed: bytes) -> dict[str, bytes]:
        sinks: dict[str, io.BytesIO] = {}

        class Sink(io.BytesIO):
            def close(self) -> None:
                pass

        def open_sink(name: str) -> io.BytesIO:
            sinks[name] = Sink()
            return sinks[name]

        bundle.Bundle(io.BytesIO(packed), self.keyring).files(open_sink)
        return {name: sink.getvalue() for name, sink in sinks.items()}

    def test_what_was_packed_arrives(self) -> None:
        self.assertEqual(self.read(self.packed()), CONTENTS)

    def test_packed_twice_it_is_the_same(self) -> None:
        self.assertEqual(self.packed(), self.packed())

    def test_another_ones_signature_counts_nothing(self) -> None:
        with self.assertRaisesRegex(bundle.Refused, "not signed by whom"):
            self.read(self.packed(self.stranger))

    def test_a_changed_byte_is_found_wherever_it_is(self) -> None:
        packed = self.packed()
        for where in (packed.find(b'"2.0"') + 1, packed.find(b"a kernel"), packed.find(b"hhhh") + 9, packed.find(b"ssss") + 2_000_000):
            with self.subTest(where), self.assertRaises(bundle.Refused):
                self.read(packed[:where] + b"x" + packed[where + 1 :])

    def test_cut_off_anywhere_it_is_refused(self) -> None:
        packed = self.packed()
        for length in (0, 100, 600, 2000, 5000, len(packed) // 2):
            with self.subTest(length), self.assertRaises((bundle.Refused, tarfile.ReadError)):
                self.read(packed[:length])

    def test_a_manifest_of_nonsense_is_refused_in_a_sentence(self) -> None:
        good = {"version": "2.0", "root_hash": "ab" * 32, "files": {name: {"size": 1, "sha256": ""} for name in CONTENTS}}
        for change in ({"version": "../x y"}, {"root_hash": "short"}, {"files": {}}, {"files": [1]}, {"version": None, "files": None}):
            with self.subTest(change), self.assertRaises(bundle.Refused):
                bundle.parse(json.dumps(good | change).encode())
        for text in (b"", b"[]", b"\xff\xfe", b"{" * 5000):
            with self.subTest(text[:5]), self.assertRaises(bundle.Refused):
                bundle.parse(text)


class SlotsTest(unittest.TestCase):
    def test_the_block_keeps_its_size_and_its_place(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "cloister", "env")
            file.parent.mkdir()
            file.write_text("# GRUB Environment Block\ngood=A\n".ljust(1024, "#"))
            place = file.stat().st_ino
            slots.write(Path(folder), {"good": "A", "try": "B", "left": "2"})
            self.assertEqual(slots.read(Path(folder)), {"good": "A", "try": "B", "left": "2"})
            self.assertEqual((file.stat().st_size, file.stat().st_ino), (1024, place))
            listed = subprocess.run(["grub-editenv", str(file), "list"], capture_output=True, text=True, check=True).stdout
            self.assertEqual(listed.split(), ["good=A", "try=B", "left=2"])


if __name__ == "__main__":
    unittest.main()
