"""The templates with the roles' own defaults: what a server gets, not only what a trial does."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tree import ROOT

sys.path.insert(0, str(ROOT / "appliance"))

import yaml  # noqa: E402
from trial.templates import ANSIBLE, Templates  # noqa: E402

FACTS = {"inventory_hostname": "meet.example.test", "ansible_processor_vcpus": 4}


class TemplatesTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.templates = Templates(FACTS)

    def rendered(self, role: str, name: str) -> Path:
        return self.templates.render(role, f"{name}.j2", self.folder / name)

    def accept(self, *command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_template_renders(self) -> None:
        for file in ANSIBLE.glob("roles/*/templates/*.j2"):
            with self.subTest(file.name):
                text = self.rendered(file.parent.parent.name, file.stem).read_text()
                self.assertNotIn("{{", text)
                self.assertNotIn("{%", text)

    def test_settings_are_yaml_and_hang_together(self) -> None:
        focus = yaml.safe_load(self.rendered("focus", "focus.yaml").read_text())
        bridge = yaml.safe_load(self.rendered("bridge", "bridge.yaml").read_text())
        self.assertEqual(focus["domains"]["brewery"], bridge["xmpp"]["brewery"])
        self.assertEqual(focus["xmpp"]["domain"], bridge["xmpp"]["domain"])
        self.assertEqual(bridge["media"]["shards"], FACTS["ansible_processor_vcpus"])
        self.assertIs(bridge["media"]["include_loopback"], False)
        self.assertEqual(bridge["websocket"]["url"], "wss://meet.example.test/colibri-ws/meet.example.test")

    def test_the_firewall_opens_the_ports_that_the_bridge_listens_on(self) -> None:
        firewall = yaml.safe_load(self.rendered("guard", "firewall.yaml").read_text())
        media = yaml.safe_load(self.rendered("bridge", "bridge.yaml").read_text())["media"]
        ports = [f"{media['port']}-{media['port'] + media['shards'] - 1}"]
        self.assertEqual(next(entry["ports"] for entry in firewall["input"] if entry["name"] == "media"), ports)
        self.assertEqual(next(entry["from_ports"] for entry in firewall["output"] if entry["name"] == "media"), ports)

    def test_the_relay_shares_the_port_of_the_web_server_under_a_name_of_its_own(self) -> None:
        self.assertNotIn("stream {", self.rendered("nginx", "nginx.conf").read_text())
        self.templates = Templates(FACTS | {"turn_https_host": "turn.example.test"})
        web = self.rendered("nginx", "nginx.conf").read_text()
        self.assertIn("turn.example.test 127.0.0.1:8444;", web)
        self.assertEqual(web.count(":443;"), 2, "both families, and nothing else listens there")
        self.assertIn('relay("turns", "tcp", 443, "turn.example.test")', self.rendered("prosody", "prosody.cfg.lua").read_text())
        self.assertIn("further_names='turn.example.test'", self.rendered("certificates", "certificates.conf").read_text())

    def test_prosody_configuration_is_lua(self) -> None:
        self.accept("luac5.4", "-p", str(self.rendered("prosody", "prosody.cfg.lua")))

    def test_clients_can_read_their_settings(self) -> None:
        script = self.rendered("web", "config.js").read_text() + "\nconsole.log(JSON.stringify(config))"
        printed = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True).stdout
        config = json.loads(printed)
        self.assertEqual(config["hosts"]["anonymousdomain"], "guest.cloister.internal")
        self.assertFalse(config["p2p"]["enabled"])
        self.assertNotIn("testing", config)

    def test_servers_write_no_logs(self) -> None:
        nginx = self.rendered("nginx", "nginx.conf").read_text()
        self.assertIn("access_log off;", nginx)
        self.assertIn("error_log /dev/null crit;", nginx)
        self.assertIn("log = {}", self.rendered("prosody", "prosody.cfg.lua").read_text())


if __name__ == "__main__":
    unittest.main()
