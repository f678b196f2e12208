"""A fresh Debian 12, booted: systemd and all, in a container without a network. What it writes is forgotten at its end.

    with Machine("server") as server:
        server.run(["apt-get", "install", "-y", "cloister-gate"])

Its apt knows two sources: /pool (Debian's packages, see base.py) and, where one was built, /repository (ours).

A server on which the playbook has run, up in seconds, with an authority for certificates and somebody outside: tests/ansible/installed.py."""

import fcntl
import os
import select
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import unittest
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import base

REPOSITORY = Path(os.environ.get("CLOISTER_REPOSITORY", base.ROOT / "build" / "deb" / "repository"))
SOURCE = "Types: deb\nURIs: file:/repository\nSuites: ./\nSigned-By: /repository/cloister.gpg\n"
BOOT_SECONDS = 120.0
PATIENCE = 30.0  # seconds
EXT4_SHUTDOWN, WITHOUT_WRITING = 0x8004587D, 2  # <ext4.h>: EXT4_IOC_SHUTDOWN, EXT4_GOING_FLAGS_NOLOGFLUSH
# The mounts and processes of a machine live in namespaces that this process keeps: when the test ends, so do they. A machine that
# reboots ends with 133 and is started again over the files that it has written; so is one whose power was cut (the file `again`).
# In between, its files may be kept: in the folder that the file `keep` names.
KEEPER = """set -e
folder=$1 lower=$2
shift 2
lay() {
  if [ -e "$folder/disk" ]; then
    mount -o loop "$folder/disk" "$folder/own"
  else
    mount -t tmpfs -o mode=0755 machine "$folder/own"
  fi
  mkdir -p "$folder/own/files" "$folder/own/work"
  mount -t overlay -o "lowerdir=$lower,upperdir=$folder/own/files,workdir=$folder/own/work" machine "$folder/root"
}
lay
status=133
while [ "$status" = 133 ] || [ -e "$folder/again" ]; do
  rm -f "$folder/again"
  status=0
  systemd-nspawn -q -D "$folder/root" --boot --register=no --keep-unit --private-network --notify-ready=yes --console=pipe "$@" || status=$?
  if [ -e "$folder/keep" ]; then
    cp -a "$folder/own/files" "$(cat "$folder/keep")"
    rm "$folder/keep"
  fi
  if [ -e "$folder/disk" ] && [ -e "$folder/again" ]; then
    umount "$folder/root" "$folder/own"
    lay
  fi
done
"""


class Machine:
    disk_bytes = 0  # what it writes lies on a disk of its own, of this size: a file with ext4 in it; 0: in memory

    def __init__(
        self, name: str = "server", repository: Path | None = REPOSITORY, binds: Mapping[str, Path] | None = None, kept: Path | None = None
    ) -> None:
        """`binds`: folders of this machine that are seen there, read-only, by their place there. `kept`: what another machine had
        written (see reboot), in place of a fresh system; it is not changed."""
        self.name = name
        self._kept = kept
        binds = {"/pool": base.pool(), **(binds or {})}
        if repository and repository.exists():
            binds["/repository"] = repository
        self._with_repository = "/repository" in binds
        self._binds = [f"--bind-ro={place}:{inside}" for inside, place in binds.items()]
        self._keeper: subprocess.Popen[bytes] | None = None
        self._up = threading.Event()
        self._init = -1  # a descriptor of its first process

    def __enter__(self) -> "Machine":
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix=f"cloister-{self.name}-"))
        for name in ("root", "own"):
            (self._folder / name).mkdir()
        if self.disk_bytes:
            subprocess.run(["/usr/sbin/mkfs.ext4", "-q", str(self.disk), str(self.disk_bytes // 1024)], check=True, capture_output=True)
        self._notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._notices.bind(str(self._folder / "notify"))
        threading.Thread(target=self._listen, args=(self._notices,), daemon=True).start()
        own = ["setpriv", "--pdeathsig=KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        lower = ":".join(str(layer) for layer in (self._kept, base.tree()) if layer)
        named = [f"--machine={self.name}-{os.getpid()}", f"--hostname={self.name}"]
        command = [*own, "sh", "-c", KEEPER, "sh", str(self._folder), lower, *named, *self._binds]
        with (self._folder / "console").open("wb") as console:
            environment = os.environ | {"NOTIFY_SOCKET": str(self._folder / "notify")}
            self._keeper = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=console, stderr=console, env=environment)
        self._wait_until_up()
        if not self._kept:
            self._begin()

    def close(self) -> None:
        if not self._keeper:
            return
        self._keeper.kill()
        self._keeper.wait()
        if self._init >= 0:
            select.select([self._init], [], [], PATIENCE)  # readable when it has ended, and with it all that ran there
            os.close(self._init)
        self._keeper = None
        self._notices.shutdown(socket.SHUT_RDWR)
        self._notices.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def run(self, command: list[str], check: bool = True, user: str = "", stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs it there to its end. With `check` a status other than 0 is an error that shows what the command said."""
        done = subprocess.run(self.command(command, user, **environment), input=stdin, capture_output=True, text=True, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"{self.name}: {shlex.join(command)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def command(self, command: list[str], user: str = "", **environment: str) -> list[str]:
        """As words for this machine's own subprocess."""
        settings = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"} | environment
        become = ["runuser", "-u", user, "--"] if user else []
        return ["nsenter", "-t", str(self.pid), "-a", "env", "-i", *(f"{name}={value}" for name, value in settings.items()), *become, *command]

    def install(self, *packages: str) -> None:
        options = ["-qq", "-y", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"]
        self.run(["apt-get", *options, "install", *packages], DEBIAN_FRONTEND="noninteractive")

    def path(self, inside: str) -> Path:
        """Of a file there, as this machine sees it. It follows no absolute link rightly: that would lead out."""
        return Path(f"/proc/{self.pid}/root") / inside.lstrip("/")

    @property
    def disk(self) -> Path:
        return self._folder / "disk"

    @property
    def written(self) -> Path:
        """All files that it has written, over those that it began with."""
        assert self._keeper
        return Path(f"/proc/{self._keeper.pid}/root{self._folder}/own/files")

    def read(self, inside: str) -> str:
        return self.path(inside).read_text()

    def write(self, inside: str, text: str, mode: int = 0o644, owner: str = "root:root") -> None:
        file = self.path(inside)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)
        self.run(["chown", owner, inside])

    def user_id(self, name: str) -> int:
        return next(int(line.split(":")[2]) for line in self.read("/etc/passwd").splitlines() if line.split(":")[0] == name)

    def until(self, condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
        """Asks again and again, for a while; the first answer that is true."""
        deadline = time.monotonic() + patience
        while not (found := condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.name}: not within {patience} s: {what}")
            select.select([], [], [], 0.05)
        return found

    def journal(self, *of: str) -> str:
        return self.run(["journalctl", "--no-pager", "-o", "short-monotonic", *of]).stdout

    def failed_units(self) -> list[str]:
        return [line.split()[0] for line in self.run(["systemctl", "--failed", "--no-legend", "--plain"]).stdout.splitlines()]

    def reboot(self, keep: Path | None = None) -> None:
        """Comes back with the files that it has written; waits for that. `keep`: a folder to be made with all that it has written
        until then, from which others start (see the constructor)."""
        if keep:
            (self._folder / "keep").write_text(str(keep))
        self.run(["systemctl", "reboot"], check=False)
        self._come_back()

    def cut_power(self) -> None:
        """All that runs there ends at once, and it starts again with the files as they are: on a disk, without what was not yet written."""
        (self._folder / "again").touch()
        if self.disk_bytes:
            disk = os.open(self.written, os.O_RDONLY)
            fcntl.ioctl(disk, EXT4_SHUTDOWN, struct.pack("I", WITHOUT_WRITING))
            os.close(disk)
        os.kill(self.pid, signal.SIGKILL)
        self._come_back()

    def _begin(self) -> None:
        self.write("/etc/resolv.conf", "nameserver 127.0.0.1\n")  # as everywhere; nobody answers
        if self._with_repository:
            self.write("/etc/apt/sources.list.d/cloister.sources", SOURCE)
        self.run(["apt-get", "-qq", "update"])

    def _come_back(self) -> None:
        if not select.select([self._init], [], [], PATIENCE)[0]:
            raise AssertionError(f"{self.name} does not go down")
        self._up.clear()  # systemd says it after each reload of its units, too
        self._wait_until_up()

    def connect(self, other: "Machine", network: str = "10.77.0") -> None:
        """Lays a cable: this one is NETWORK.1, the other one NETWORK.2, each on an interface called like the other."""
        link = ["ip", "link", "add", other.name, "netns", str(self.pid), "type", "veth"]
        subprocess.run([*link, "peer", "name", self.name, "netns", str(other.pid)], check=True)
        for machine, peer, end in ((self, other, 1), (other, self, 2)):
            machine.run(["ip", "address", "add", f"{network}.{end}/24", "dev", peer.name])
            machine.run(["ip", "link", "set", peer.name, "up"])

    def _listen(self, notices: socket.socket) -> None:
        """Always, for systemd there would wait for us."""
        while notice := notices.recv(4096):
            if b"READY=1" in notice.splitlines():
                self._up.set()

    def _wait_until_up(self) -> None:
        assert self._keeper
        deadline = time.monotonic() + BOOT_SECONDS
        while not self._up.wait(0.5):
            if self._keeper.poll() is not None or time.monotonic() > deadline:
                said = (self._folder / "console").read_text(errors="replace")
                if "Operation not permitted" in said:
                    raise unittest.SkipTest("this machine boots no containers")
                raise RuntimeError(f"{self.name} does not boot:\n{said[-4000:]}")
        self._up.clear()
        self.pid = self._find_init()
        if self._init >= 0:
            os.close(self._init)
        self._init = os.pidfd_open(self.pid)

    def _find_init(self) -> int:
        """The one that is process 1 in a process table two below ours: in the machine's, that is inside of the keeper's."""
        assert self._keeper
        waiting = [self._keeper.pid]
        while waiting:
            pid = waiting.pop()
            status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
            numbers = status["NSpid"].split()
            if len(numbers) == 3 and numbers[-1] == "1":
                return pid
            waiting += [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        raise RuntimeError(f"{self.name} has no first process")
