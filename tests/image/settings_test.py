"""What an owner may write into cloister.conf, and what becomes of it: without any emulator."""

import re
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "appliance" / "image"), str(ROOT / "appliance")]

from machine import render  # noqa: E402
from machine.settings import Settings, Wrong, parse, write  # noqa: E402
from trial.templates import Templates  # noqa: E402

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me@home"
REFUSED = {
    "a name without a dot": "domain = meet",
    "a name that would end a quotation in a configuration": "domain = a'b.example.org",
    "a setting that nobody knows": "doman = meet.example.org",
    "no setting at all": "meet.example.org",
    "a private key": "ssh_key = -----BEGIN OPENSSH PRIVATE KEY-----",
    "options before the key": f'ssh_key = command="sh" {KEY}',
    "an address that is none": "address = 192.0.2.256/24",
    "a file in another folder": "authority_root = ../etc/shadow.pem",
    "an authority without TLS": "authority = http://ca.example.org/",
    "an e-mail address with a quotation mark": "email = a'@example.org",
}


class SettingsTest(unittest.TestCase):
    def test_what_is_wrong_is_said_with_its_line(self) -> None:
        for why, line in REFUSED.items():
            with self.subTest(why), self.assertRaisesRegex(Wrong, "^Line 2"):
                parse(f"# a comment\n{line}\n")

    def test_what_was_read_is_written_as_it_was_meant(self) -> None:
        settings = parse(f'domain = "Meet.Example.org."\nssh_key = {KEY}\nssh_key = {KEY}2\nname_servers = 192.0.2.1, 2001:db8::1\nhosts_required = no\n')
        self.assertEqual((settings.domain, len(settings.ssh_keys), settings.hosts_required), ("meet.example.org", 2, False))
        self.assertEqual(parse(write(settings)), settings)

    def test_the_example_on_the_boot_partition_says_nothing_yet(self) -> None:
        example = (ROOT / "appliance" / "image" / "cloister.conf").read_text()
        self.assertEqual(parse(example), Settings())
        named = set(re.findall(r"^# (\w+) = ", example, re.MULTILINE))
        self.assertGreater(len(named), 5)
        self.assertLessEqual(named, set(vars(Settings())), "the example names settings that there are")


class RenderTest(unittest.TestCase):
    def test_behind_nat_bridge_and_relay_name_both_addresses(self) -> None:
        settings = parse(f"domain = meet.example.org\nssh_key = {KEY}\npublic_addresses = 203.0.113.7\n")
        render.own_addresses = lambda: ["10.0.0.5", "2001:db8::5"]
        templates = Templates(render.variables(settings) | {"gate_callers_key": "k", "turn_secret": "t"})
        self.assertIn('{"local": "10.0.0.5", "public": "203.0.113.7"}', templates.text("bridge", "bridge.yaml.j2"))
        relay = templates.text("turn", "turnserver.conf.j2")
        self.assertIn("external-ip=203.0.113.7/10.0.0.5", relay)
        for address in ("10.0.0.5", "2001:db8::5", "203.0.113.7"):
            self.assertIn(f"allowed-peer-ip={address}\n", relay)

    def test_every_file_of_the_services_is_rendered(self) -> None:
        templates = Templates(render.variables(Settings(domain="meet.example.org")) | {"gate_callers_key": "k", "turn_secret": "t"})
        for place, (role, name, _, _) in (render.FIREWALL | render.FILES | render.SECRET_FILES).items():
            with self.subTest(place):
                self.assertNotIn("{{", templates.text(role, f"{name}.j2"))


if __name__ == "__main__":
    unittest.main()
