"""A machine on which the playbook is run, with all that it meets outside: a certificate authority (pebble), the DNS, and somebody on
another network who joins meetings."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "machine"))

from machine import REPOSITORY, Machine  # noqa: E402

NAME, RELAY = "meet.example.test", "turn.meet.example.test"
ADDRESS, OUTSIDE = "10.77.0.1", "10.77.0.2"
HERE = "/root/cloister"  # where the playbook lies on the machine
INVENTORY = f"{HERE}/ansible/inventory/mine.yml"
MINUTES = 600.0  # what a playbook may take on a busy machine
SOURCES = {f"/source/{folder}": ROOT / folder for folder in ("ansible", "appliance/packages")}
DIRECTORY = "https://localhost:14000/dir"
LOAD = Path(os.environ.get("CLOISTER_LOAD", ROOT / "build" / "bench" / "tests" / "load" / "cloister-load"))
PEBBLE = {
    "pebble": {
        "listenAddress": "127.0.0.1:14000",
        "managementListenAddress": "127.0.0.1:15000",
        "certificate": "/root/acme/api.pem",
        "privateKey": "/root/acme/api.key",
        "httpPort": 80,
        "tlsPort": 443,
        "ocspResponderURL": "",
    }
}


@dataclass
class Outcome:
    status: int
    output: str
    seconds: float
    processor_seconds: float  # what it took of processors: other work on the machine makes everything last longer

    def count(self, what: str) -> int:
        """Of the last line: ok, changed, failed, unreachable."""
        return sum(int(number) for number in re.findall(rf"\b{what}=(\d+)", self.output.rsplit("PLAY RECAP", 1)[-1]))

    @property
    def changed(self) -> list[str]:
        tasks = re.split(r"^(?:TASK|RUNNING HANDLER) \[", self.output, flags=re.MULTILINE)
        return [task.split("]")[0] for task in tasks if re.search(r"^changed: ", task, re.MULTILINE)]

    @property
    def why(self) -> str:
        return self.output[self.output.find("fatal:") :][:3000] if "fatal:" in self.output else self.output[-3000:]


class Server(Machine):
    """Fresh, with Ansible on it, and the folders of the repository that an operator would have."""

    def __init__(self, name: str = "meet", kept: Path | None = None) -> None:
        super().__init__(name, repository=None, binds=SOURCES | {"/packages": REPOSITORY}, kept=kept)
        self.roots = ""  # of all that the authority was: it makes itself a new one whenever it starts

    def start(self) -> None:
        super().start()
        self.outside = Outside(self.pid)
        if not self._kept:
            self._prepare()
        self.start_authority()

    def close(self) -> None:
        if hasattr(self, "outside"):
            self.outside.close()
        super().close()

    def reboot(self, keep: Path | None = None) -> None:
        super().reboot(keep)
        self._return()

    def cut_power(self) -> None:
        super().cut_power()
        self._return()

    def answer(self, **settings: object) -> None:
        """The three questions of the inventory, and what tests ask beside."""
        inventory = yaml.safe_load(self.read(f"{HERE}/ansible/inventory/example.yml"))
        key = subprocess.run(["ssh-keygen", "-y", "-f", str(self.key())], capture_output=True, text=True, check=True).stdout.strip()
        three = {"cloister_public_host": NAME, "certificates_email": f"admin@{NAME}", "base_admin_key": key}
        further = {"base_repository": "/packages", "certificates_directory": DIRECTORY, "certificates_directory_root": "/root/acme/ca.pem"}
        further |= {"turn_https_host": RELAY}
        assert set(inventory["all"]["vars"]) == set(three)
        inventory["all"]["vars"] = three | further | settings
        self.write(INVENTORY, yaml.safe_dump(inventory))

    def play(self, *options: str) -> Outcome:
        """Runs the playbook as an operator on the server does, but says what it says without colours."""
        command = ["ansible-playbook", "-i", INVENTORY, "site.yml", *options]
        start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = self.run(["sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", f"{HERE}/ansible", *command], check=False, ANSIBLE_NOCOLOR="1")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Outcome(done.returncode, done.stdout + done.stderr, time.monotonic() - start, used)

    def play_until(self, condition: Callable[[], Any], what: str) -> None:
        """Begins to run it, and returns in the middle: it still runs."""
        command = self.command(["sh", "-c", f"cd {HERE}/ansible && exec ansible-playbook -i {INVENTORY} site.yml"], ANSIBLE_NOCOLOR="1")
        with (self._folder / "played").open("w") as said:
            playing = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        try:
            self.until(lambda: playing.poll() is not None or condition(), what, MINUTES)
            if playing.poll() is not None:
                raise AssertionError(f"the playbook came to its end:\n{self.said_by_play()[-3000:]}")
        finally:
            threading.Thread(target=playing.wait, daemon=True).start()

    def said_by_play(self) -> str:
        return (self._folder / "played").read_text()

    def start_authority(self) -> None:
        """Its processes are the machine's root's, whom the firewall lets out over loopback as everybody."""
        dns = ["/usr/bin/pebble-challtestsrv", "-defaultIPv4", ADDRESS, "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", ""]
        self.serve("acme-dns", *dns, "-dns01", "127.0.0.1:8053", "-management", "127.0.0.1:8055")
        self.serve("acme", "/usr/bin/pebble", "-config", "/root/acme/pebble.json", "-dnsserver", "127.0.0.1:8053")
        self.until(lambda: "127.0.0.1:14000" in self.run(["ss", "-Hltn"]).stdout, "the authority answers")
        self.roots += self._authority_root()

    def serve(self, unit: str, *command: str) -> None:
        """Until the machine restarts, or the unit is stopped."""
        words = " ".join(f'"{word}"' for word in command)
        service = f"[Service]\nEnvironment=PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0\nExecStart={words}\n"
        self.write(f"/run/systemd/system/{unit}.service", service)
        self.run(["systemctl", "daemon-reload"])
        self.run(["systemctl", "start", unit])

    def stop_authority(self) -> None:
        self.run(["systemctl", "stop", "acme", "acme-dns"])

    def issuer(self, port: int = 443) -> str:
        """Whose certificate, and which, those outside are shown there."""
        shown = self.outside.run("openssl", "s_client", "-connect", f"{ADDRESS}:{port}", "-servername", NAME, stdin="")
        text = subprocess.run(["openssl", "x509", "-noout", "-issuer", "-serial"], input=shown, capture_output=True, text=True, check=True).stdout
        return text.strip()

    def key(self) -> Path:
        """The administrator's, for SSH."""
        key = self._folder / "admin"
        if not key.exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
        return key

    def trusted(self) -> str:
        """What a browser outside believes: a file there."""
        return str(self.outside.file("roots.pem", self.roots))

    def _prepare(self) -> None:
        """What an operator brings, and the authority."""
        self.install("ansible-core", "pebble")
        self.write("/etc/hosts", f"127.0.0.1 localhost\n::1 localhost\n{ADDRESS} {NAME} {RELAY}\n")
        self.run(["mkdir", "-p", f"{HERE}/appliance", "/root/acme"])
        self.run(["cp", "-r", "/source/ansible", HERE])
        self.run(["cp", "-r", "/source/appliance/packages", f"{HERE}/appliance"])
        self._make_authority()

    def _return(self) -> None:
        """Cables and transient services do not outlive a machine."""
        self.outside.close()
        self.outside = Outside(self.pid)
        self.start_authority()

    def _authority_root(self) -> str:
        script = """if True:
            import ssl, urllib.request
            trusting = ssl._create_unverified_context()
            print(urllib.request.urlopen("https://127.0.0.1:15000/roots/0", context=trusting).read().decode())
        """
        return self.run(["python3", "-c", script]).stdout

    def _make_authority(self) -> None:
        self.write("/root/acme/pebble.json", json.dumps(PEBBLE))
        self.run(["sh", "-c", """set -e; cd /root/acme
            k() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }
            k ca.key; openssl req -x509 -new -key ca.key -days 9 -subj /CN=directory -out ca.pem
            k api.key; openssl req -new -key api.key -subj /CN=localhost -out api.csr
            printf 'subjectAltName=DNS:localhost' > ext
            openssl x509 -req -in api.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 9 -extfile ext -out api.pem 2>/dev/null"""])


class Outside:
    """Another network, on a cable to the server, with names of its own."""

    def __init__(self, server: int) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="cloister-outside-"))
        (self._folder / "hosts").write_text(f"127.0.0.1 localhost\n{ADDRESS} {NAME} {RELAY}\n")
        own = 'mount --bind "$1/hosts" /etc/hosts && ip link set lo up && echo here && exec cat'
        self._keeper = subprocess.Popen(["unshare", "-n", "-m", "sh", "-c", own, "sh", str(self._folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._keeper.stdout and self._keeper.stdout.readline() == b"here\n"
        cable = ["ip", "link", "add", "outside", "netns", str(server), "type", "veth", "peer", "name", "server", "netns", str(self._keeper.pid)]
        subprocess.run(cable, check=True)
        subprocess.run(["nsenter", "-t", str(server), "-n", "ip", "address", "add", f"{ADDRESS}/24", "dev", "outside"], check=True)
        subprocess.run(["nsenter", "-t", str(server), "-n", "ip", "link", "set", "outside", "up"], check=True)
        self.run("ip", "address", "add", f"{OUTSIDE}/24", "dev", "server")
        self.run("ip", "link", "set", "server", "up")

    def connect(self, machine: Machine, network: str) -> None:
        """Lays a cable to a further machine, which is NETWORK.1 there; all of them find each other by way of this one."""
        cable = ["ip", "link", "add", "outside", "netns", str(machine.pid), "type", "veth", "peer", "name", machine.name]
        subprocess.run([*cable, "netns", str(self._keeper.pid)], check=True)
        machine.run(["ip", "address", "add", f"{network}.1/24", "dev", "outside"])
        machine.run(["ip", "link", "set", "outside", "up"])
        self.run("ip", "address", "add", f"{network}.2/24", "dev", machine.name)
        self.run("ip", "link", "set", "dev", machine.name, "up")
        self.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
        machine.run(["ip", "route", "add", "default", "via", f"{network}.2"])

    def close(self) -> None:
        self._keeper.kill()
        self._keeper.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def command(self, *words: str) -> list[str]:
        return ["nsenter", "-t", str(self._keeper.pid), "-n", "-m", *words]

    def run(self, *words: str, stdin: str | None = None, check: bool = True) -> str:
        done = subprocess.run(self.command(*words), input=stdin, capture_output=True, text=True, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"outside: {' '.join(words)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def file(self, name: str, text: str) -> Path:
        path = self._folder / name
        path.write_text(text)
        return path
