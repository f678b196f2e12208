"""An installed server as it stands on the Internet, and a stranger on another network with tools: who judges, and what they say."""

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

from content import ROOT, data_stream

sys.path.insert(0, str(ROOT / "tests" / "ansible"))

from installed import InstalledServer  # noqa: E402
from machine import Machine  # noqa: E402
from server import NAME  # noqa: E402

NETWORK, NETWORK6 = "10.78.0", "fd78:"
ADDRESSES = {"-4": f"{NETWORK}.1", "-6": f"{NETWORK6}:1"}
# A server of its own has these; the tests' has a folder of packages instead.
SOURCES = "".join(
    f"deb http://deb.debian.org/{archive} {suite} main\n" for archive, suite in (("debian", "bookworm"), ("debian-security", "bookworm-security"))
)
PROFILE = "xccdf_org.ssgproject.content_profile_anssi_bp28_high"
RULE = "xccdf_org.ssgproject.content_rule_"
XCCDF = "{http://checklists.nist.gov/xccdf/1.2}"


class Judged(InstalledServer):
    def __init__(self) -> None:
        super().__init__("judged")
        self.stranger = Machine("stranger", repository=None)

    def start(self) -> None:
        super().start()
        install_judges(self)
        self.write("/etc/apt/sources.list", SOURCES)
        self.stranger.start()
        self.stranger.install("bind9-host", "nmap", "procps", "testssl.sh")
        self.connect(self.stranger, NETWORK)
        for machine, peer, end in ((self, self.stranger, 1), (self.stranger, self, 2)):
            machine.run(["ip", "-6", "address", "add", f"{NETWORK6}:{end}/64", "dev", peer.name, "nodad"])
        self.run(["systemctl", "restart", "cloister-bridge", "coturn"])  # they answer at the addresses that they find at their start
        self.stranger.write("/etc/hosts", f"127.0.0.1 localhost\n{ADDRESSES['-4']} {NAME}\n")
        self.stranger.write("/root/roots.pem", self.roots)

    def close(self) -> None:
        self.stranger.close()
        super().close()

    def exposure(self, service: str) -> float:
        """What systemd says of a service's sandbox: 0 is shut in, 10 open."""
        said = self.run(["systemd-analyze", "security", "--no-pager", f"{service}.service"]).stdout
        return float(re.findall(r"Overall exposure level for \S+: ([0-9.]+)", said)[0])

    def testssl(self) -> dict[str, str]:
        """Finding → severity: OK, INFO, LOW, MEDIUM, HIGH, CRITICAL, WARN."""
        options = ["--quiet", "--warnings", "off", "--color", "0", "--add-ca", "/root/roots.pem", "--ip", ADDRESSES["-4"]]
        self.stranger.run(["rm", "-f", "/root/testssl.json"])
        self.stranger.run(["testssl", *options, "--jsonfile", "/root/testssl.json", f"{NAME}:443"], check=False)
        return {finding["id"]: finding["severity"] for finding in json.loads(self.stranger.read("/root/testssl.json"))}

    def nmap(self, family: str, *options: str) -> dict[str, str]:
        """Port (443/tcp) → state, of the ports that are worth a line to it."""
        said = self.stranger.run(["nmap", family, "-Pn", "-n", "-oX", "-", *options, ADDRESSES[family]]).stdout
        ports = ElementTree.fromstring(said).iter("port")
        return {f"{port.attrib['portid']}/{port.attrib['protocol']}": _state(port) for port in ports}


def install_judges(machine: Machine) -> None:
    machine.install("lynis", "linux-base", "openscap-scanner")


def lynis(machine: Machine, *skipped: str) -> int:
    """Its hardening index."""
    machine.write("/etc/lynis/custom.prf", "".join(f"skip-test={test}\n" for test in skipped))
    machine.run(["lynis", "audit", "system", "--quick", "--no-colors"], check=False)
    return int(re.findall(r"^hardening_index=(\d+)$", machine.read("/var/log/lynis-report.dat"), re.MULTILINE)[0])


def openscap(machine: Machine) -> dict[str, str]:
    """Rule → pass, fail, notapplicable …"""
    machine.write("/root/content.xml", data_stream().read_text())
    judged = machine.run(["oscap", "xccdf", "eval", "--profile", PROFILE, "--results", "/root/results.xml", "/root/content.xml"], check=False)
    if judged.returncode not in (0, 2):
        raise AssertionError(f"oscap ended with {judged.returncode}\n{judged.stderr}")
    results = ElementTree.parse(machine.path("/root/results.xml")).iter(f"{XCCDF}rule-result")
    return {result.attrib["idref"].removeprefix(RULE): result.findtext(f"{XCCDF}result", "") for result in results}


def ours(machine: Machine) -> dict[str, str]:
    """Check of `cloister audit` → verdict."""
    report = json.loads(machine.run(["cloister", "audit", "--format", "json"], check=False).stdout)
    return {check["id"]: check["verdict"] for check in report["checks"]}


def counted(verdicts: dict[str, str]) -> dict[str, int]:
    return dict(sorted(Counter(verdicts.values()).items()))


def expected(name: str) -> str:
    return (Path(__file__).resolve().parent / name).read_text()


def _state(port: ElementTree.Element) -> str:
    state = port.find("state")
    return state.attrib["state"] if state is not None else ""
