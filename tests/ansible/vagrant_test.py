"""What the Vagrantfile does with a fresh Debian, on one of ours: the virtual machine itself is Vagrant's."""

import json
import subprocess
import unittest

from server import HERE, ROOT, Server

# Plays Vagrant, and says what it would run on the machine.
PLAYED = """
require "json"
class Anything < BasicObject
  def method_missing(name, *words, **options, &block)
    $said[name] = words[0]
    block.call(self) if block
    self
  end
end
module Vagrant
  def self.configure(_version) = yield(Anything.new)
end
$said = {}
load ARGV[0]
puts({script: $said[:inline=], arguments: $said[:args=]}.to_json)
"""
SERVICES = ["cloister-guard", "cloister-gate", "prosody", "cloister-focus", "cloister-bridge", "nginx", "coturn"]


class VagrantTest(unittest.TestCase):
    def test_what_it_runs_makes_a_server_that_vagrant_gets_into(self) -> None:
        try:
            said = subprocess.run(["ruby", "-e", PLAYED, str(ROOT / "Vagrantfile")], capture_output=True, text=True, check=True).stdout
        except FileNotFoundError:
            self.skipTest("there is no ruby")
        provision = json.loads(said)
        with Server("vagrant") as server:
            server.run(["useradd", "--create-home", "vagrant"])
            key = subprocess.run(["ssh-keygen", "-y", "-f", str(server.key())], capture_output=True, text=True, check=True).stdout
            server.write("/home/vagrant/.ssh/authorized_keys", key)
            server.run(["mkdir", "-p", f"{HERE}/build/deb"])
            server.run(["ln", "-s", "/packages", f"{HERE}/build/deb/repository"])
            server.run(["ln", "-s", HERE, "/cloister"])
            server.run(["sh", "-c", provision["script"], "sh", *provision["arguments"]])
            self.assertEqual(server.run(["systemctl", "is-active", *SERVICES]).stdout.split(), ["active"] * len(SERVICES))
            allowed = next(line.split()[1:] for line in server.run(["sshd", "-T"]).stdout.splitlines() if line.startswith("allowgroups"))
            self.assertTrue(set(allowed) & set(server.run(["id", "-nG", "vagrant"]).stdout.split()), "vagrant ssh")
            self.assertIn("meet.cloister.test", server.run(["cat", "/etc/cloister/config.js"]).stdout)


if __name__ == "__main__":
    unittest.main()
