"""The image in an emulator: from a file to a meeting server that is looked at from outside."""

import os
import subprocess
import unittest
from pathlib import Path

from emulator import Emulator, disk_of
from network import DIRECTORY, GUEST, HERE, NAME, Network, until

ROOT = Path(__file__).resolve().parent.parent.parent
IMAGES = Path(os.environ.get("CLOISTER_IMAGES", ROOT / "build" / "image"))
BOOT_PARTITION = 2 << 20  # where it begins in the image
READY = f"Cloister is at https://{NAME}"
SERVICES = ["cloister-guard", "cloister-gate", "prosody", "cloister-focus", "cloister-bridge", "nginx", "coturn"]


def newest_image() -> Path:
    images = sorted(IMAGES.glob("cloister-*.raw"), key=lambda image: image.stat().st_mtime)
    if not images:
        raise unittest.SkipTest(f"{IMAGES} has no image: run appliance/image/build first")
    return images[-1]


class ImageTest(unittest.TestCase):
    """One machine, one story: each test goes on where the one before it stopped, in the order of their names."""

    network: Network
    machine: Emulator
    firmware = os.environ.get("CLOISTER_FIRMWARE", "bios")

    @classmethod
    def setUpClass(cls) -> None:
        if os.geteuid() != 0:
            raise unittest.SkipTest("needs root, for a network of its own")
        image = newest_image()
        cls.network = Network()
        cls.addClassCleanup(cls.network.close)
        cls.key = cls.network.folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(cls.key)], check=True)
        own = cls.network.folder / "image.raw"
        subprocess.run(["cp", "--sparse=always", "--reflink=auto", str(image), str(own)], check=True)
        cls.give_settings(own, cls.network.start_authority())
        cls.machine = Emulator(cls.network, disk_of(own, cls.network.folder / "machine.qcow2"), cls.firmware)
        cls.addClassCleanup(cls.machine.close)

    @classmethod
    def give_settings(cls, image: Path, authority: str) -> None:
        """As an owner does who opens the stick in another computer."""
        folder = cls.network.folder
        (folder / "authority.pem").write_text(authority)
        (folder / "cloister.conf").write_text(
            f"domain = {NAME}\nemail = admin@{NAME}\nssh_key = {cls.key.with_suffix('.pub').read_text()}"
            f"address = {GUEST}/24\ngateway = {HERE}\nname_servers = {HERE}\nauthority = {DIRECTORY}\nauthority_root = authority.pem\n"
        )
        files = [str(folder / name) for name in ("cloister.conf", "authority.pem")]
        subprocess.run(["mcopy", "-o", "-i", f"{image}@@{BOOT_PARTITION}", *files, "::"], check=True)

    def test_1_with_settings_on_the_boot_partition_it_comes_up_by_itself(self) -> None:
        self.machine.start()
        self.machine.wait_for(READY)

    def test_2_the_administrator_gets_in_by_key_and_nobody_by_password(self) -> None:
        self.assertEqual(self.ssh("id", "-un").strip(), "admin")
        without = ["ssh", *self.options(), "-o", "PubkeyAuthentication=no", f"admin@{GUEST}", "true"]
        refused = subprocess.run(self.network.command(*without), capture_output=True, text=True, check=False)
        self.assertEqual(refused.returncode, 255)
        self.assertIn("Permission denied (publickey)", refused.stderr)

    def test_3_everything_runs(self) -> None:
        states = self.ssh("systemctl", "is-active", *SERVICES, check=False).split()
        self.assertEqual(dict(zip(SERVICES, states, strict=False)), dict.fromkeys(SERVICES, "active"))
        self.assertEqual(self.ssh("systemctl", "--failed", "--no-legend", "--plain"), "")

    def test_4_the_page_has_a_certificate_of_the_authority(self) -> None:
        root = self.network.root_of_issued()

        def page() -> str:
            return self.network.run("curl", "-sS", "--max-time", "20", "--cacert", str(root), f"https://{NAME}/", check=False)

        self.assertIn("<title>", until(page, "the page with a certificate that is believed", 300, 5))

    def test_5_the_system_is_read_only_and_verified_and_the_rest_is_where_the_benchmark_wants_it(self) -> None:
        mounts = {line.split()[0]: line.split()[1:] for line in self.ssh("findmnt", "-rno", "TARGET,FSTYPE,OPTIONS").splitlines()}
        self.assertEqual(mounts["/"][0], "squashfs")
        for place in ("/tmp", "/var", "/var/tmp", "/var/log", "/var/log/audit", "/home", "/dev/shm"):
            with self.subTest(place):
                self.assertLessEqual({"nosuid", "nodev"} | ({"noexec"} if place not in ("/var", "/home") else set()), set(mounts[place][1].split(",")))

    @classmethod
    def options(cls) -> list[str]:
        known = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]
        return ["-F", "none", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "ConnectTimeout=60", *known]

    def ssh(self, *words: str, check: bool = True) -> str:
        return self.network.run("ssh", *self.options(), "-i", str(self.key), f"admin@{GUEST}", *words, check=check, patience=300)


if __name__ == "__main__":
    unittest.main()
