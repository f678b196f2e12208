"""A machine that was started from the image, and its administrator outside."""

import os
import subprocess
import unittest
from pathlib import Path

from emulator import Emulator, disk_of
from network import DIRECTORY, GUEST, HERE, NAME, Network

ROOT = Path(__file__).resolve().parent.parent.parent
IMAGES = Path(os.environ.get("CLOISTER_IMAGES", ROOT / "build" / "image"))
BOOT_PARTITION = 2 << 20  # where it begins in the image
READY = f"Cloister is at https://{NAME}"
SERVICES = ["cloister-guard", "cloister-gate", "prosody", "cloister-focus", "cloister-bridge", "nginx", "coturn"]


def newest(suffix: str = ".raw") -> Path:
    found = sorted(IMAGES.glob(f"cloister-*{suffix}"), key=lambda file: file.stat().st_mtime)
    if not found:
        raise unittest.SkipTest(f"{IMAGES} has no {suffix}: run appliance/image/build first")
    return found[-1]


class Guest:
    def __init__(self, image: Path, firmware: str = os.environ.get("CLOISTER_FIRMWARE", "bios")) -> None:
        if os.geteuid() != 0:
            raise unittest.SkipTest("needs root, for a network of its own")
        self.network = Network()
        try:
            self.key = self.network.folder / "key"
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.key)], check=True)
            self.image = self.network.folder / "image.raw"
            subprocess.run(["cp", "--sparse=always", "--reflink=auto", str(image), str(self.image)], check=True)
            self.authority = self.network.start_authority()
            self.machine = Emulator(self.network, disk_of(self.image, self.network.folder / "machine.qcow2"), firmware)
        except BaseException:
            self.network.close()
            raise

    def close(self) -> None:
        self.machine.close()
        self.network.close()

    def give_settings(self, **further: str) -> None:
        """As an owner does who opens the stick in another computer. Before the first start."""
        settings = {
            "domain": NAME,
            "email": f"admin@{NAME}",
            "ssh_key": self.public_key(),
            "address": f"{GUEST}/24",
            "gateway": HERE,
            "name_servers": HERE,
            "authority": DIRECTORY,
            "authority_root": "authority.pem",
        }
        folder = self.network.folder
        (folder / "authority.pem").write_text(self.authority)
        (folder / "cloister.conf").write_text("".join(f"{name} = {value}\n" for name, value in (settings | further).items()))
        files = [str(folder / name) for name in ("cloister.conf", "authority.pem")]
        subprocess.run(["mcopy", "-o", "-i", f"{self.image}@@{BOOT_PARTITION}", *files, "::"], check=True)

    def public_key(self) -> str:
        return self.key.with_suffix(".pub").read_text().strip()

    def ssh(self, *words: str, check: bool = True, stdin: str | None = None) -> str:
        return self.network.run("ssh", *self.options(), "-i", str(self.key), f"admin@{GUEST}", *words, check=check, stdin=stdin, patience=900)

    def sudo(self, *words: str, check: bool = True) -> str:
        password = self.ssh("cat", "/run/cloister-image/sudo-password")
        return self.ssh("sudo", "-S", "-p", "''", *words, check=check, stdin=password)

    def options(self) -> list[str]:
        known = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]
        return ["-F", "none", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "ConnectTimeout=60", *known]

    def states(self) -> dict[str, str]:
        return dict(zip(SERVICES, self.ssh("systemctl", "is-active", *SERVICES, check=False).split(), strict=False))
