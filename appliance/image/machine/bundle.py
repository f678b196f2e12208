"""An update as a file: a tar of `manifest` (JSON), `manifest.sig`, and the files that the manifest names with their sizes and digests. Read
once from its beginning to its end; nothing of it is believed before its signature was checked, nor used before its digest was."""

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

KEYRING = Path("/usr/lib/cloister/image/updates.gpg")
FILES = ("vmlinuz", "initrd", "hashes", "system")
LIMIT = 64 << 10  # of manifest and signature
PIECE = 1 << 20


class Refused(Exception):
    """A sentence for the administrator."""


@dataclass(frozen=True)
class Manifest:
    version: str
    root_hash: str
    sizes: dict[str, int]
    digests: dict[str, str]


def parse(text: bytes) -> Manifest:
    try:
        found = json.loads(text)
        files = {name: (int(found["files"][name]["size"]), str(found["files"][name]["sha256"])) for name in FILES}
        made = Manifest(str(found["version"]), str(found["root_hash"]), {n: f[0] for n, f in files.items()}, {n: f[1] for n, f in files.items()})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused("the update's manifest cannot be read") from None
    if not re.fullmatch(r"[0-9A-Za-z.+~-]{1,60}", made.version) or not re.fullmatch(r"[0-9a-f]{64}", made.root_hash):
        raise Refused("the update's manifest cannot be read")
    return made


class Bundle:
    def __init__(self, file: IO[bytes], keyring: Path = KEYRING) -> None:
        self._tar = tarfile.open(fileobj=file, mode="r|")
        text, signature = self._small("manifest"), self._small("manifest.sig")
        _check(text, signature, keyring)
        self.manifest = parse(text)

    def files(self, open_sink: Callable[[str], IO[bytes]]) -> None:
        """Each file goes to its sink as it comes. Raises when a digest is wrong: what was written is then worth nothing."""
        for name in FILES:
            source = self._member(name)
            digest, left = hashlib.sha256(), self.manifest.sizes[name]
            with open_sink(name) as sink:
                while piece := source.read(min(PIECE, left + 1)):
                    left -= len(piece)
                    if left < 0:
                        raise Refused(f"{name} is longer than the manifest says")
                    digest.update(piece)
                    sink.write(piece)
            if left or digest.hexdigest() != self.manifest.digests[name]:
                raise Refused(f"{name} is damaged")

    def _small(self, name: str) -> bytes:
        text = self._member(name).read(LIMIT + 1)
        if len(text) > LIMIT:
            raise Refused(f"{name} is too long")
        return text

    def _member(self, name: str) -> IO[bytes]:
        try:
            member = self._tar.next()
            source = self._tar.extractfile(member) if member and member.name == name and member.isreg() else None
        except tarfile.TarError:
            source = None
        if source is None:
            raise Refused(f"this is no update: {name} is missing")
        return source


def _check(text: bytes, signature: bytes, keyring: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("manifest", text), ("manifest.sig", signature)):
            Path(folder, name).write_bytes(content)
        command = ["gpgv", "--quiet", "--keyring", str(keyring), f"{folder}/manifest.sig", f"{folder}/manifest"]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            raise Refused("the update is not signed by whom this system comes from")
