"""What each service may do on an installed machine, and what it may not: tried from inside its sandbox, by a program in its place."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from installation import OUTSIDE, SERVICES, Installation, shared

PROBE = Path(__file__).parent / "probe.cpp"
# The program that each sandbox is made for.
PROGRAM = {"prosody": "/usr/bin/prosody", "nginx": "/usr/sbin/nginx", "coturn": "/usr/bin/turnserver"}
# What nobody of them needs; all of it works without a sandbox.
REFUSED = [
    "read /etc/shadow",
    "read /etc/ssh/ssh_host_ed25519_key",
    "read /root/.bashrc",
    "read /var/lib/cloister/gate/hosts.sqlite3",
    "read /proc/1/status",
    "read /dev/kmsg",
    "write /etc/cloister/bridge.yaml",
    "write /usr/sbin/new",
    "write /var/lib/new",
    "write /var/log/new",
    "write /dev/shm/new",
    "run /bin/true",
    "run-copy /tmp/brought-along",
    "run-copy /var/tmp/brought-along",
    "run-copy /dev/shm/brought-along",
    f"connect {OUTSIDE} 443",
    f"send {OUTSIDE} 9",
    "listen 81",
    "packets",
    "netlink",
    "map-code",
    "namespace",
    "mount",
    "become-root",
    "trace",
    "signal-init",
    "rename-host",
]
# Of those, what one of them is there to do.
ITS_WORK = {
    "cloister-guard": {"netlink"},
    "cloister-gate": {"read /var/lib/cloister/gate/hosts.sqlite3"},
    "cloister-bridge": {"netlink"},
    "nginx": {"listen 81"},
    "coturn": {"netlink", f"send {OUTSIDE} 9"},
}
# What must work inside, so that a refusal says something.
ALLOWED = {
    "cloister-guard": ["read /etc/cloister/firewall.yaml"],
    "cloister-gate": ["read /etc/cloister/gate.yaml", "write /var/lib/cloister/gate/new", "connect 127.0.0.1 443", "connect-unix /run/cloister-guard/socket"],
    "cloister-bridge": ["read /etc/cloister/bridge.yaml", "connect 127.0.0.1 5222"],
    "cloister-focus": ["read /etc/cloister/focus.yaml", "connect 127.0.0.1 5347", "connect-unix /run/cloister-guard/socket"],
    "prosody": ["read /etc/prosody/prosody.cfg.lua", "write /var/lib/prosody/new", "connect 127.0.0.1 8890"],
    "nginx": ["read /etc/nginx/cloister-gate.conf", "connect 127.0.0.1 5280", "listen 81"],
    "coturn": ["read /etc/turnserver.conf"],
}
# Where one of them may write, nothing may be run either.
ITS_OWN = {"cloister-gate": ["run-copy /var/lib/cloister/gate/brought-along"], "prosody": ["run-copy /var/lib/prosody/brought-along"]}
# A unit like the service's own, in all but what it runs and who waits for it.
LIKE_IT = """
[Service]
Type=oneshot
Restart=no
WatchdogSec=0
RuntimeDirectory=
ExecStartPre=
ExecStart=
ExecStart={program} {actions}
ExecStop=
BindReadOnlyPaths=/opt/probe:{program}
StandardOutput=truncate:/run/probe.said
StandardError=null
"""


class SandboxTest(unittest.TestCase):
    server: Installation

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = shared()
        if not cls.server.is_configured():
            cls.server.configure()
            cls.server.configure_firewall()
        cls.server.start_services()
        with tempfile.TemporaryDirectory() as folder:
            probe = Path(folder) / "probe"
            subprocess.run(["g++", "-std=c++20", "-O1", "-static", "-o", str(probe), str(PROBE)], check=True)
            target = cls.server.path("/opt/probe")
            target.write_bytes(probe.read_bytes())
            target.chmod(0o755)

    def test_processes_have_no_more_than_they_need(self) -> None:
        kept = {"cloister-guard": 1 << 12, "nginx": 1 << 10}  # CAP_NET_ADMIN, CAP_NET_BIND_SERVICE
        for service, user in SERVICES.items():
            with self.subTest(service):
                status = self.server.process(service)
                self.assertEqual(status["Uid"].split()[0], str(self.server.user_id(user)))
                self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))
                for capabilities in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
                    self.assertEqual(int(status[capabilities], 16) & ~kept.get(service, 0), 0, capabilities)
                limits = self.server.read(f"/proc/{self.server.property(service, 'MainPID')}/limits")
                self.assertRegex(limits, r"Max core file size +0 +0 ")
                self.assertEqual(self.server.property(service, "MemorySwapMax"), "0")

    def test_only_our_services_speak_to_the_journal_and_it_is_volatile(self) -> None:
        for service in SERVICES:
            with self.subTest(service):
                told = "journal" if service.startswith("cloister-") else "null"
                self.assertEqual(self.server.property(service, "StandardOutput"), told)
                self.assertIn(self.server.property(service, "StandardError"), (told, "inherit"))

    def test_without_a_sandbox_all_of_it_works(self) -> None:
        """Else a refusal would prove nothing."""
        words = " , ".join(REFUSED).split()
        self.server.run(["sh", "-c", "touch /root/.bashrc"])
        said = self.server.run(["/opt/probe", *words]).stdout
        # the firewall holds root back, too; and the machine is a container: no log of the kernel
        held_back = {f"send {OUTSIDE} 9", f"connect {OUTSIDE} 443", "read /dev/kmsg"}
        self._judge(said, REFUSED, refused=held_back)
        updates = self.server.run(["/opt/probe", "connect", OUTSIDE, "443"], user="_apt").stdout
        self.assertEqual(updates, f"connect {OUTSIDE} 443 : ok\n")

    def test_a_sandbox_refuses_what_its_service_does_not_need(self) -> None:
        for service in SERVICES:
            allowed = ALLOWED[service]
            forbidden = [action for action in REFUSED if action not in ITS_WORK.get(service, set()) | set(allowed)] + ITS_OWN.get(service, [])
            with self.subTest(service):
                said = self._try(service, [*allowed, *forbidden])
                self._judge(said, [*allowed, *forbidden], refused=set(forbidden))

    def _try(self, service: str, actions: list[str]) -> str:
        own = self.server.run(["systemctl", "cat", f"{service}.service"]).stdout
        program = PROGRAM.get(service, f"/usr/sbin/{service}")
        unit = own + LIKE_IT.format(program=program, actions=" , ".join(actions))
        self.server.write("/run/systemd/system/probe.service", unit)
        self.server.run(["systemctl", "daemon-reload"])
        self.server.write("/run/probe.said", "")
        self.server.run(["sh", "-c", "rm -f /dev/shm/*"])
        done = self.server.run(["systemctl", "start", "probe"], check=False)
        self.assertEqual(done.returncode, 0, self.server.journal("-u", "probe"))
        return self.server.read("/run/probe.said")

    def _judge(self, said: str, actions: list[str], refused: set[str]) -> None:
        results = dict(re.findall(r"^(.*) : (.*)$", said, re.MULTILINE))
        self.assertEqual(list(results), actions)
        self.assertEqual([action for action in actions if results[action] == "ok" and action in refused], [], "worked, and must not")
        self.assertEqual([f"{a}: {results[a]}" for a in actions if results[a] != "ok" and a not in refused], [], "must work")


if __name__ == "__main__":
    unittest.main()
