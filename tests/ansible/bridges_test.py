"""A further machine that carries media, added to a server that runs already: from the operator's own machine, over SSH."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any

import people
import yaml
from installed import InstalledServer
from server import ADDRESS, DIRECTORY, LOAD, NAME, REPOSITORY, ROOT, Machine, Outcome

CARRIER, NETWORK = "10.78.0.1", "10.78.0"
PASSWORD = "What 1 operator was told, once"
STATS = "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:%d%s').read().decode())"


class BridgesTest(unittest.TestCase):
    """In the order of the tests' names."""

    server: InstalledServer
    carrier: Machine
    folder: Path

    @classmethod
    def setUpClass(cls) -> None:
        if not LOAD.exists():
            raise unittest.SkipTest(f"{LOAD} is not built")
        cls.server, cls.carrier = InstalledServer(), Machine("carrier", repository=None)
        for machine in (cls.server, cls.carrier):
            cls.addClassCleanup(machine.close)
            machine.start()
        cls.folder = Path(tempfile.mkdtemp(prefix="cloister-operator-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.server.outside.connect(cls.carrier, NETWORK)
        cls.server.run(["ip", "route", "add", "default", "via", "10.77.0.2"])
        cls.give_password(cls.server)
        people.make_account(cls.server)
        public = subprocess.run(["ssh-keygen", "-y", "-f", str(cls.key())], capture_output=True, text=True, check=True).stdout
        cls.carrier.write("/root/.ssh/authorized_keys", public, 0o600)
        cls.write_inventory(public)

    def test_1_the_operator_adds_it_from_elsewhere(self) -> None:
        made = self.play()
        self.assertEqual(made.status, 0, made.why)
        self.carrier.until(lambda: self.is_active("cloister-bridge"), "the further bridge runs")
        self.assertEqual(self.carrier.failed_units(), ["auditd.service"])
        self.server.until(lambda: self.bridges() == 2, "the focus knows both")

    def test_2_meetings_take_place_on_it(self) -> None:
        self.server.run(["systemctl", "stop", "cloister-bridge"])
        self.server.until(lambda: self.bridges() == 1, "the focus misses the one here", 60)
        with people.Host(self.server, "geography"):
            three = people.Participants(self.server, "geography")
            three.wait_until_in()
            self.assertGreaterEqual(self.stats(self.carrier, 9090, "/colibri/stats")["participants"], 3)
            self.assertEqual(three.received(), people.ALL)
        self.server.run(["systemctl", "start", "cloister-bridge"])
        self.server.until(lambda: self.bridges() == 2, "the focus knows both again", 60)

    def test_3_it_lets_nobody_in_but_media_and_the_administrator(self) -> None:
        ports = [port for port in (22, 80, 443, 3478, 5222, 9090) if self.answers(port)]
        self.assertEqual(ports, [22])

    def test_4_a_second_run_changes_nothing_on_either(self) -> None:
        again = self.play()
        self.assertEqual((again.status, again.changed), (0, []), again.why)

    # What the story is told with

    @classmethod
    def key(cls) -> Path:
        """SSH takes none that others could read."""
        key = cls.folder / "key"
        if not key.exists():
            shutil.copy(cls.server.key(), key)
            key.chmod(0o600)
        return key

    @staticmethod
    def give_password(machine: Machine) -> None:
        """As if this were the one that the playbook has made up and shown."""
        kept = machine.run(["openssl", "passwd", "-6", "-stdin"], stdin=PASSWORD + "\n").stdout.strip()
        machine.run(["usermod", "-p", kept, "admin"])

    @classmethod
    def write_inventory(cls, key: str) -> None:
        authority = cls.folder / "authority.pem"
        authority.write_text(cls.server.read("/root/acme/ca.pem"))
        inventory = yaml.safe_load(cls.server.read("/root/cloister/ansible/inventory/mine.yml"))
        ssh = f"-o StrictHostKeyChecking=no -o UserKnownHostsFile={cls.folder}/known -o IdentitiesOnly=yes"
        inventory["all"]["vars"] |= {
            "base_admin_key": key.strip(),
            "base_repository": str(REPOSITORY),
            "certificates_directory": DIRECTORY,
            "certificates_directory_root": str(authority),
            "ansible_ssh_private_key_file": str(cls.key()),
            "ansible_ssh_common_args": ssh,
            "ansible_become_password": PASSWORD,
            "ansible_user": "admin",
        }
        carrier = {"ansible_host": CARRIER, "ansible_user": "{{ 'admin' if ready | default(false) | bool else 'root' }}"}
        inventory["all"]["children"] = {
            "servers": {"hosts": {"meet": {"ansible_host": ADDRESS}}},
            "bridges": {"hosts": {"carrier": carrier}},
        }
        (cls.folder / "inventory.yml").write_text(yaml.safe_dump(inventory))

    def play(self) -> Outcome:
        ready = self.carrier.path("/etc/cloister/bridge.yaml").exists()
        if ready:
            self.give_password(self.carrier)
        play = ["ansible-playbook", "-i", str(self.folder / "inventory.yml"), "-e", f"ready={ready}", "site.yml"]
        command = self.server.outside.command("sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", str(ROOT / "ansible"), *play)
        environment = os.environ | {"HOME": str(self.folder), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_HOME": str(self.folder / "ansible")}
        start = time.monotonic()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return Outcome(done.returncode, done.stdout + done.stderr, time.monotonic() - start, 0)

    def bridges(self) -> int:
        return int(self.stats(self.server, 8888, "/stats")["bridge_selector"]["operational_bridge_count"])

    def stats(self, machine: Machine, port: int, path: str) -> dict[str, Any]:
        said = machine.run(["python3", "-c", STATS % (port, path)]).stdout
        found: dict[str, Any] = json.loads(said)
        return found

    def is_active(self, unit: str) -> bool:
        return self.carrier.run(["systemctl", "is-active", unit], check=False).stdout == "active\n"

    def answers(self, port: int) -> bool:
        script = f"import socket; s = socket.socket(); s.settimeout(1); print(s.connect_ex(('{CARRIER}', {port})))"
        return self.server.outside.run("python3", "-c", script).strip() == "0"


if __name__ == "__main__":
    unittest.main()
