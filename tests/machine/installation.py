"""A machine with all of our packages, configured by the templates of the Ansible roles with their defaults."""

import atexit
import functools
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import base
from machine import REPOSITORY, Machine

sys.path.insert(0, str(base.ROOT / "appliance"))

from trial.certificates import Authority  # noqa: E402
from trial.templates import ANSIBLE, Templates, Variables  # noqa: E402

HOST = "meet.example.test"
OUTSIDE = "192.0.2.2"  # somebody on the Internet; the machine is 192.0.2.1
OWN = ["cloister-bridge", "cloister-focus", "cloister-gate", "cloister-guard", "cloister-prosody", "cloister-turn", "cloister-web", "cloister"]
# What runs, and as whom.
SERVICES = {
    "cloister-guard": "cloister-guard",
    "cloister-gate": "cloister-gate",
    "cloister-bridge": "cloister-bridge",
    "cloister-focus": "cloister-focus",
    "prosody": "prosody",
    "nginx": "www-data",
    "coturn": "turnserver",
}
SECRET = "the same for all of them, since these tests are about something else"
VARIABLES: Variables = {"inventory_hostname": HOST, "ansible_processor_vcpus": 2, "nginx_user": "", "gate_callers_key": SECRET, "turn_secret": SECRET}
# Settings and who reads them, with the role that has the template.
SETTINGS = {
    "/etc/cloister/bridge.yaml": ("bridge", "root:cloister-bridge", 0o640),
    "/etc/cloister/focus.yaml": ("focus", "root:cloister-focus", 0o640),
    "/etc/cloister/gate.yaml": ("gate", "root:cloister-gate", 0o640),
    "/etc/cloister/config.js": ("web", "root:root", 0o644),
    "/etc/nginx/cloister-gate.conf": ("gate", "root:www-data", 0o640),
    "/etc/nginx/nginx.conf": ("nginx", "root:root", 0o644),
    "/etc/prosody/prosody.cfg.lua": ("prosody", "root:prosody", 0o640),
    "/etc/turnserver.conf": ("turn", "root:turnserver", 0o640),
}
TEMPLATES = {"/etc/nginx/cloister-gate.conf": "nginx-gate.conf"}
LISTENER = """
import socket, sys
listeners = [socket.create_server(("192.0.2.2", port)) for port in (80, 443)]
print("here", flush=True)
sys.stdin.read()
"""


def require_repository() -> None:
    if not (REPOSITORY / "InRelease").exists():
        raise unittest.SkipTest(f"{REPOSITORY} has no packages: run appliance/deb/build first")


@functools.cache
def shared() -> "Installation":
    """One machine with all packages for the tests of this process, not configured at first: to install takes the longest."""
    server = Installation()
    atexit.register(server.close)
    server.start()
    server.install(*OWN)
    return server


class Installation(Machine):
    def __init__(self, name: str = "server") -> None:
        require_repository()
        super().__init__(name)
        self._templates = Templates(VARIABLES)

    def start(self) -> None:
        super().start()
        self._lay_cable()

    def reboot(self) -> None:
        self._hang_up()  # cables do not outlive the machine's network
        super().reboot()
        self._lay_cable()

    def configure(self) -> None:
        """All settings but the firewall's, secrets, certificates and accounts."""
        for place in SETTINGS:
            self._give_settings(place)
        self._give_certificates()
        self._give_secrets("bridge", "focus")
        self.configure_gate()
        for place in set(re.findall(r'first_line\("([^"]+)"\)', self._rendered("prosody", "prosody.cfg.lua"))):
            self.write(place, SECRET + "\n", 0o400, "prosody:prosody")
        domain = str(self._templates["cloister_service_domain"])
        for user in ("focus", "jvb"):
            self.run(["prosodyctl", "adduser", f"{user}@{domain}"], stdin=f"{SECRET}\n{SECRET}\n")

    def configure_gate(self) -> None:
        self._give_settings("/etc/cloister/gate.yaml")
        self._give_secrets("gate")
        self.run(["cloister-gate", "--make-key"])

    def configure_firewall(self) -> None:
        role = next(ANSIBLE.glob("roles/*/templates/firewall.yaml.j2")).parent.parent.name
        text = self._rendered(role, "firewall.yaml")
        # It names users of packages that these tests do not need.
        users = sorted(set(re.findall(r"^ *user: (\S+)$", text, re.MULTILINE)))
        self.write("/etc/sysusers.d/others.conf", "".join(f"u {user} -\n" for user in users))
        self.run(["systemd-sysusers"])
        self.write("/etc/cloister/firewall.yaml", text, 0o640, "root:cloister-guard")

    def start_services(self) -> None:
        self.run(["systemctl", "start", *SERVICES])

    def is_configured(self) -> bool:
        return self.path("/etc/cloister/firewall.yaml").exists()

    def property(self, service: str, name: str) -> str:
        return self.run(["systemctl", "show", "-P", name, f"{service}.service"]).stdout.strip()

    def process(self, service: str) -> dict[str, str]:
        """/proc/PID/status of its first process."""
        text = self.read(f"/proc/{self.property(service, 'MainPID')}/status")
        return {name: value.strip() for name, value in (line.split(":", 1) for line in text.splitlines())}

    def _give_settings(self, place: str) -> None:
        role, owner, mode = SETTINGS[place]
        self.write(place, self._rendered(role, TEMPLATES.get(place, Path(place).name)), mode, owner)

    def _rendered(self, role: str, name: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            return self._templates.render(role, f"{name}.j2", Path(folder) / name).read_text()

    def _give_certificates(self) -> None:
        named = self._templates
        with tempfile.TemporaryDirectory() as folder:
            authority = Authority(Path(folder))
            certificate, key = authority.issue("all", [HOST, *(str(named[f"cloister_{n}"]) for n in ("domain", "service_domain", "guest_domain"))])
            for name, owner in (("nginx_certificate", "root:cloister-tls"), ("prosody_certificate", "prosody:prosody")):
                self.write(str(named[name]), certificate.read_text(), 0o640, owner)
                self.write(str(named[f"{name}_key"]), key.read_text(), 0o640, owner)
            self.write(str(named["cloister_ca_file"]), authority.certificate.read_text())

    def _give_secrets(self, *roles: str) -> None:
        for role in roles:
            user = f"cloister-{role}"
            text = self._rendered(role, f"{role}.yaml")
            for place in re.findall(r"^ *(?:password_file|secret_file|callers_key_file): (\S+)$", text, re.MULTILINE):
                self.write(place, SECRET + "\n", 0o400, f"{user}:{user}")

    def _lay_cable(self) -> None:
        """Somebody outside, who listens on two ports."""
        for words in (
            "ip netns add outside",
            "ip link add uplink type veth peer name eth0 netns outside",
            "ip address add 192.0.2.1/24 dev uplink",
            "ip link set uplink up",
            f"ip -n outside address add {OUTSIDE}/24 dev eth0",
            "ip -n outside link set eth0 up",
        ):
            self.run(words.split())
        command = self.command(["ip", "netns", "exec", "outside", "python3", "-c", LISTENER])
        self._listener: subprocess.Popen[bytes] | None = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._listener.stdout
        if self._listener.stdout.readline() != b"here\n":
            raise RuntimeError("nobody listens outside")

    def close(self) -> None:
        super().close()
        self._hang_up()

    def _hang_up(self) -> None:
        if listener := getattr(self, "_listener", None):
            assert listener.stdin and listener.stdout
            listener.stdin.close()
            listener.stdout.close()
            listener.wait()
            self._listener = None
