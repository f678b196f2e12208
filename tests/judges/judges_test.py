"""What those say of an installed server who know nothing of us."""

import sys
import unittest

import yaml

from judged import Judged, counted, expected, install_judges, lynis, openscap, ours
from machine import Machine

SERVICES = ("cloister-bridge", "cloister-focus", "cloister-gate", "cloister-guard", "coturn", "nginx", "prosody")
# Tests of Lynis that look at what a container has from the machine around it: the kernel's parameters, devices, auditing, and AppArmor.
AROUND = ("KRNL-6000", "USB-3000", "ACCT-9628", "MACF-6290")
# Findings about the tests' authority: its certificates last five years, and nobody could ask it whether one was revoked.
AUTHORITY = {"cert_revocation", "cert_validityPeriod"}
OPEN = {f"{port}/tcp" for port in (22, 80, 443, 3478, 5349)}
MEDIA = {f"{port}/udp" for port in (3478, 10000, 10001)}


class JudgesTest(unittest.TestCase):
    server: Judged

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Judged()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()

    def test_a_plain_debian_for_comparison(self) -> None:
        with Machine("plain") as plain:
            plain.install("cloister")
            install_judges(plain)
            print(f"A plain Debian 12: ours {counted(ours(plain))}", file=sys.stderr)
            print(f"A plain Debian 12: OpenSCAP {counted(openscap(plain))}", file=sys.stderr)
            print(f"A plain Debian 12: Lynis {lynis(plain, *AROUND)}", file=sys.stderr)

    def test_lynis(self) -> None:
        index = lynis(self.server, *AROUND)
        print(f"The server: Lynis {index}", file=sys.stderr)
        self.assertGreaterEqual(index, 85)

    def test_openscap_finds_only_what_is_explained(self) -> None:
        verdicts = openscap(self.server)
        failed = {rule for rule, verdict in verdicts.items() if verdict in ("fail", "error", "unknown")}
        print(f"The server: OpenSCAP {counted(verdicts)}, ours {counted(ours(self.server))}", file=sys.stderr)
        groups = yaml.safe_load(expected("openscap.yaml"))
        explained = {rule for group in groups for rule in group["rules"]}
        self.assertEqual(failed - explained, set(), "not explained in openscap.yaml")
        self.assertEqual(explained - failed, set(), "explained, and does not fail")

    def test_systemd_finds_every_service_shut_in(self) -> None:
        exposures = {service: self.server.exposure(service) for service in SERVICES}
        print(f"The server: systemd-analyze {exposures}", file=sys.stderr)
        self.assertLessEqual(max(exposures.values()), 1.5)

    def test_testssl_finds_nothing_above_low(self) -> None:
        findings = self.server.testssl()
        print(f"The server: testssl {counted(findings)}", file=sys.stderr)
        self.assertIn("TLS1_3", findings)
        worse = {name for name, severity in findings.items() if severity in ("MEDIUM", "HIGH", "CRITICAL", "FATAL")}
        self.assertEqual(worse - AUTHORITY, set())

    def test_nmap_sees_the_policy_and_nothing_else(self) -> None:
        for family in ("-4", "-6"):
            with self.subTest(family):
                found = self.server.nmap(family, "-sS", "-p-", "--min-rate", "3000", "--max-retries", "2")
                self.assertEqual({port for port, state in found.items() if state == "open"}, OPEN)
                self.assertEqual({port for port, state in found.items() if state == "closed"}, set(), "nothing answers that is shut")

    def test_nmap_hears_nothing_of_other_udp_services(self) -> None:
        for family in ("-4", "-6"):
            with self.subTest(family):
                found = self.server.nmap(family, "-sU", "--top-ports", "1000", "--min-rate", "1000", "--max-retries", "1")
                self.assertLessEqual({port for port, state in found.items() if state in ("open", "closed")}, MEDIA)


if __name__ == "__main__":
    unittest.main()
