"""A network of its own with one cable to the machine in the emulator: on it a certificate authority (pebble), the DNS, and somebody who joins
meetings. The real network is not reached from it."""

import json
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

NAME = "meet.example.test"
GUEST, HERE = "10.78.0.1", "10.78.0.2"
DIRECTORY = f"https://{HERE}/dir"
BEGIN = f"""set -e
mount --bind "$1/hosts" /etc/hosts
ip link set lo up
ip tuntap add guest mode tap
ip address add {HERE}/24 dev guest
ip link set guest up
echo here
exec cat
"""
MAKE_AUTHORITY = f"""set -e; cd "$1"
k() {{ openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }}
k ca.key; openssl req -x509 -new -key ca.key -days 9 -subj /CN=directory -out ca.pem
k api.key; openssl req -new -key api.key -subj /CN={HERE} -out api.csr
printf 'subjectAltName=IP:{HERE}' > ext
openssl x509 -req -in api.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 9 -extfile ext -out api.pem 2>/dev/null"""


class Network:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cloister-image-test-"))
        (self.folder / "hosts").write_text(f"127.0.0.1 localhost\n{GUEST} {NAME}\n")
        command = ["setpriv", "--pdeathsig=KILL", "unshare", "-n", "-m", "sh", "-c", BEGIN, "sh", str(self.folder)]
        self._keeper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._keeper.stdout and self._keeper.stdout.readline() == b"here\n"
        self._authority: list[subprocess.Popen[bytes]] = []

    def close(self) -> None:
        for process in [*self._authority, self._keeper]:
            process.kill()
            process.wait()
        for stream in (self._keeper.stdin, self._keeper.stdout):
            assert stream
            stream.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *words: str) -> list[str]:
        return ["nsenter", "-t", str(self._keeper.pid), "-n", "-m", *words]

    def run(self, *words: str, stdin: str | None = None, check: bool = True, patience: float = 120) -> str:
        done = subprocess.run(self.command(*words), input=stdin, capture_output=True, text=True, check=False, timeout=patience)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(words)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def start_authority(self) -> str:
        """Pebble, whose questions the DNS leads to the machine in the emulator. The certificate of its own server."""
        subprocess.run(["sh", "-c", MAKE_AUTHORITY, "sh", str(self.folder)], check=True)
        settings = {"listenAddress": f"{HERE}:443", "managementListenAddress": "127.0.0.1:15000", "certificate": str(self.folder / "api.pem"),
                    "privateKey": str(self.folder / "api.key"), "httpPort": 80, "tlsPort": 443, "ocspResponderURL": ""}
        (self.folder / "pebble.json").write_text(json.dumps({"pebble": settings}))
        off = [word for service in ("http01", "https01", "tlsalpn01") for word in (f"-{service}", "")]
        dns = ["pebble-challtestsrv", "-defaultIPv4", GUEST, "-defaultIPv6", "", *off, "-dns01", f"{HERE}:53", "-management", "127.0.0.1:8055"]
        self._begin(*dns)
        self._begin("env", "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0", "pebble", "-config", str(self.folder / "pebble.json"), "-dnsserver", f"{HERE}:53")
        until(lambda: f"{HERE}:443" in self.run("ss", "-Hltn"), "the authority answers", 30)
        return (self.folder / "ca.pem").read_text()

    def root_of_issued(self) -> Path:
        """By which what the authority issues is believed."""
        file = self.folder / "root.pem"
        file.write_text(self.run("curl", "-sk", "https://127.0.0.1:15000/roots/0"))
        return file

    def _begin(self, *command: str) -> None:
        self._authority.append(subprocess.Popen(["setpriv", "--pdeathsig=KILL", *self.command(*command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))


def until(condition, what: str, patience: float, step: float = 0.5):
    """Asks again and again; the first answer that is true."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {patience:.0f} s: {what}")
        select.select([], [], [], step)
    return found
