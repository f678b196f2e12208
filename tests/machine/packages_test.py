"""Our packages as apt installs, upgrades and removes them on a fresh Debian, and what they are."""

import json
import subprocess
import unittest

from installation import HOST, OWN, SERVICES, Installation, require_repository
from machine import REPOSITORY

ASK = """
import ssl, urllib.request
context = ssl.create_default_context(cafile="/etc/cloister/ca.pem")
context.check_hostname = False
print(urllib.request.urlopen("https://127.0.0.1/config.js", context=context).read().decode())
"""


class InstallTest(unittest.TestCase):
    """In the order of an installation: each step needs the one before."""

    server: Installation

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Installation()
        cls.enterClassContext(cls.server)
        cls.server.install(*OWN)

    def state(self, service: str) -> str:
        return self.server.run(["systemctl", "is-active", service], check=False).stdout.strip()

    def test_1_nothing_runs_before_it_is_configured(self) -> None:
        ours = [service for service in SERVICES if service != "coturn"]  # Debian starts it; it has no settings of ours to wait for
        for service in ours:
            with self.subTest(service):
                self.assertEqual(self.state(service), "inactive")
                self.assertEqual(self.server.run(["systemctl", "is-enabled", service]).stdout, "enabled\n")
        self.assertEqual([unit for unit in self.server.failed_units() if not unit.startswith("coturn")], [])

    def test_2_nothing_listens_outside_without_a_firewall(self) -> None:
        self.server.configure()
        for service in SERVICES:
            if service in ("cloister-guard", "cloister-gate"):
                continue
            with self.subTest(service):
                self.server.run(["systemctl", "restart", service], check=False)
                self.assertNotEqual(self.state(service), "active")
                self.assertEqual(self.server.property(service, "AssertResult"), "no")

    def test_3_configured_they_start(self) -> None:
        self.server.configure_firewall()
        self.server.start_services()
        for service in SERVICES:
            with self.subTest(service):
                self.assertEqual(self.state(service), "active", self.server.journal("-u", service))
        self.assertEqual(self.server.failed_units(), [])
        self.assertIn(HOST, self.server.run(["python3", "-c", ASK]).stdout)

    def test_4_the_guard_may_start_anew_alone(self) -> None:
        before = {service: self.server.property(service, "MainPID") for service in SERVICES}
        self.server.run(["kill", "-KILL", before["cloister-guard"]])
        self.server.until(lambda: self.server.property("cloister-guard", "MainPID") not in ("0", before["cloister-guard"]), "a new guard")
        self.server.until(lambda: self.state("cloister-guard") == "active", "the guard is ready")
        after = {service: self.server.property(service, "MainPID") for service in SERVICES}
        self.assertEqual({name for name in SERVICES if before[name] != after[name]}, {"cloister-guard"})

    def test_5_all_come_back_after_a_reboot(self) -> None:
        self.server.reboot()
        for service in SERVICES:
            with self.subTest(service):
                self.server.until(lambda s=service: self.state(s) == "active", f"{service} is active", 60)

    def test_6_removed_they_leave_the_accounts_and_purged_no_profile(self) -> None:
        self.server.run(["apt-get", "-qq", "-y", "purge", *OWN], DEBIAN_FRONTEND="noninteractive")
        self.assertTrue(self.server.path("/etc/cloister/gate.key").exists())
        left = self.server.run(["find", "/etc/apparmor.d", "/lib/systemd", "/etc/systemd", "/usr/lib", "-name", "*cloister*"]).stdout
        self.assertEqual(left, "")


class ArtefactTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        require_repository()

    def test_only_the_key_of_the_repository_signs_it(self) -> None:
        verify = ["gpgv", "--keyring", str(REPOSITORY / "cloister.gpg"), str(REPOSITORY / "InRelease")]
        self.assertEqual(subprocess.run(verify, capture_output=True, check=False).returncode, 0)
        self.assertFalse(any(path.name == "private-keys-v1.d" for path in REPOSITORY.rglob("*")))

    def test_the_bill_names_what_the_programs_load_and_contain(self) -> None:
        bill = json.loads((REPOSITORY / "cloister.cdx.json").read_text())
        self.assertEqual((bill["bomFormat"], bill["specVersion"]), ("CycloneDX", "1.5"))
        references = {component["bom-ref"] for component in bill["components"]}
        needs = {entry["ref"]: set(entry["dependsOn"]) for entry in bill["dependencies"]}
        self.assertLessEqual(set().union(*needs.values(), needs), references)
        self.assertLessEqual({"deb:libssl3", "deb:libusrsctp2", "deb:libgloox-dev"}, needs["cloister-bridge"])
        self.assertLessEqual({"npm:node_modules/preact", "npm:node_modules/strophe.js"}, needs["cloister-web"])
        self.assertFalse({"npm:node_modules/typescript", "npm:node_modules/esbuild"} & references)

    def test_lintian_finds_no_error(self) -> None:
        newest = sorted(REPOSITORY.glob("*.deb"), key=lambda package: package.stat().st_mtime)[-len(OWN) :]
        judged = subprocess.run(["lintian", "--allow-root", "--fail-on", "error", *newest], capture_output=True, text=True, check=False)
        self.assertEqual(judged.returncode, 0, judged.stdout + judged.stderr)


if __name__ == "__main__":
    unittest.main()
