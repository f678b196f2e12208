"""What lies beside an image: what it is made of, the update to it, digests, and a signature. All of it the same for the same image."""

import hashlib
import io
import json
import subprocess
import tarfile
from pathlib import Path

from trial.console import Failure, say

from .command import run
from .disk import System

Packages = list[tuple[str, str, str]]  # name, version, source


class Key:
    """The private key that signs: a folder of GnuPG's (appliance/deb/build makes one)."""

    def __init__(self, folder: Path, epoch: int) -> None:
        if not (folder / "pubring.kbx").exists():
            raise Failure(f"There is no key in {folder}: appliance/deb/build makes one, or say where it is (--key).")
        self._folder = folder
        self._gpg = ["gpg", "--homedir", str(folder), "--batch", "--quiet", "--yes"]
        made = next(int(line.split(b":")[5]) for line in self._run("--list-keys", "--with-colons").splitlines() if line.startswith(b"pub:"))
        # The same signature for the same text; but no signature is older than its key.
        self._gpg += ["--faked-system-time", f"{max(epoch, made)}!"]

    def public(self) -> bytes:
        return self._run("--export")

    def sign(self, text: bytes) -> bytes:
        return self._run("--digest-algo", "SHA512", "--detach-sign", "--output", "-", stdin=text)

    def _run(self, *words: str, stdin: bytes = b"") -> bytes:
        done = subprocess.run([*self._gpg, *words], input=stdin, capture_output=True, check=False)
        subprocess.run(["gpgconf", "--homedir", str(self._folder), "--kill", "all"], capture_output=True, check=False)
        if done.returncode != 0 or not done.stdout:
            raise Failure(f"gpg failed: {done.stderr.decode(errors='replace')}")
        return done.stdout


def packages_of(tree: Path) -> Packages:
    """By the tree's own list."""
    found: Packages = []
    for entry in (tree / "usr/lib/cloister/image/dpkg/status").read_text().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in entry.splitlines() if ": " in line and not line.startswith(" "))
        if fields.get("Status", "").endswith(" installed"):
            found.append((fields["Package"], fields["Version"], fields.get("Source", fields["Package"]).split(" ")[0]))
    return sorted(found)


def update(system: System, version: str, out: Path, key: Key, epoch: int) -> None:
    """For /usr/lib/cloister/image/update: see machine/bundle.py."""
    files = {"vmlinuz": system.kernel, "initrd": system.initramfs, "hashes": system.hashes, "system": system.image}
    listed = {name: {"size": file.stat().st_size, "sha256": _digest(file)} for name, file in files.items()}
    manifest = json.dumps({"version": version, "root_hash": system.root_hash, "files": listed}, indent=1).encode()
    with tarfile.open(out, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, text in (("manifest", manifest), ("manifest.sig", key.sign(manifest))):
            tar.addfile(_member(name, len(text), epoch), io.BytesIO(text))
        for name, file in files.items():
            with file.open("rb") as content:
                tar.addfile(_member(name, file.stat().st_size, epoch), content)


def documents(image: Path, packages: Packages, version: str, epoch: int) -> list[Path]:
    """The list of packages, and the same in CycloneDX."""
    listed, bill = image.with_suffix(".packages"), image.with_suffix(".cdx.json")
    listed.write_text("".join(f"{name} {number}\n" for name, number, _ in packages))
    parts = [
        {"type": "library", "name": name, "version": number, "purl": f"pkg:deb/debian/{name}@{number}?arch=amd64", "properties": [{"name": "source", "value": source}]}
        for name, number, source in packages
    ]
    stamp = subprocess.run(["date", "-u", "-d", f"@{epoch}", "+%Y-%m-%dT%H:%M:%SZ"], capture_output=True, text=True, check=True).stdout.strip()
    about = {"timestamp": stamp, "component": {"type": "operating-system", "name": "cloister-image", "version": version}}
    bill.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": about, "components": parts}, indent=1) + "\n")
    return [listed, bill]


def compress(image: Path, epoch: int, level: int, qcow2: bool) -> list[Path]:
    say("Compressing")
    packed = [image.with_suffix(".raw.zst")]
    run(["zstd", "-q", "-f", f"-{level}", "-T1", "--no-progress", str(image), "-o", str(packed[0])], epoch)
    if qcow2:
        packed.append(image.with_suffix(".qcow2"))
        run(["qemu-img", "convert", "-c", "-O", "qcow2", str(image), str(packed[1])], epoch)
    return packed


def sums(files: list[Path], image: Path, key: Key) -> None:
    text = "".join(f"{_digest(file)}  {file.name}\n" for file in sorted(files)).encode()
    image.with_suffix(".sha256").write_bytes(text)
    image.with_suffix(".sha256.sig").write_bytes(key.sign(text))


def _member(name: str, size: int, epoch: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, epoch, 0o644
    return member


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
