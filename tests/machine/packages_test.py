"""Our packages as apt installs, upgrades and removes them on a fresh Debian, and what they are."""

import json
import subprocess
import unittest

from installation import HOST, OWN, SERVICES, Installation, require_repository, shared
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
        cls.server = shared()

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


class UpgradeTest(unittest.TestCase):
    def test_updates_rollback_and_removal_are_debians(self) -> None:
        with Installation("upgraded") as server:
            server.install("cloister-gate", "cloister")
            server.configure_gate()
            server.run(["systemctl", "start", "cloister-gate"])
            server.run(["cloister", "host", "add", "teacher"], stdin="a long enough passphrase of words\n")
            first, version = server.property("cloister-gate", "MainPID"), self._version(server)
            server.run(["apt-get", "-qq", "install", "-y", self._as_later_version(server)])
            self.assertNotEqual(self._version(server), version)
            second = server.property("cloister-gate", "MainPID")
            self.assertNotIn(second, ("0", first), "the new program runs")
            server.run(["apt-get", "-qq", "install", "-y", "--allow-downgrades", f"cloister-gate={version}"])
            self.assertEqual(self._version(server), version)
            self.assertNotIn(server.property("cloister-gate", "MainPID"), ("0", second), "the old program runs again")
            self.assertIn("teacher", server.run(["cloister", "host", "list"]).stdout)
            server.run(["apt-get", "-qq", "-y", "purge", "cloister-gate"])
            self.assertTrue(server.path("/var/lib/cloister/gate/hosts.sqlite3").exists(), "accounts are never lost")
            self.assertTrue(server.path("/etc/cloister/gate.key").exists())
            left = server.run(["find", "/etc/apparmor.d", "/lib/systemd", "/etc/systemd", "/usr/lib", "-name", "*cloister-gate*"]).stdout
            self.assertEqual(left, "")

    def _version(self, server: Installation) -> str:
        return server.run(["dpkg-query", "-W", "-f=${Version}", "cloister-gate"]).stdout

    def _as_later_version(self, server: Installation) -> str:
        """The same package, as if built later."""
        server.run(["sh", "-c", "cd /root && apt-get -qq download cloister-gate && dpkg-deb -R cloister-gate_*.deb later"])
        server.run(["sed", "-i", "s/^Version: .*/&.later/", "/root/later/DEBIAN/control"])
        server.run(["dpkg-deb", "-b", "/root/later", "/root/later.deb"])
        return "/root/later.deb"


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
