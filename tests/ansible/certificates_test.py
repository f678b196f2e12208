"""Certificates on an installed server: renewed under a meeting, and what an authority may do to it."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import people
from installed import InstalledServer
from server import LOAD, NAME, OUTSIDE, RELAY

SERVICE = "cloister-certificates.service"
# An authority that has had enough: it counts what it is asked, and refuses orders. Its arguments: certificate and key.
REFUSING = """
import http.server, json, ssl, sys

class Authority(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked = 0

    def say(self, status, answer, **headers):
        body = json.dumps(answer).encode()
        self.send_response(status)
        kind = "application/json" if status == 200 else "application/problem+json"
        headers |= {"Replay-Nonce": "bm9uY2U", "Content-Length": len(body), "Content-Type": kind}
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/newNonce":
            self.send_response(204)
            self.send_header("Replay-Nonce", "bm9uY2U")
            return self.end_headers()
        here = "https://localhost:14000/"
        resources = {name: here + name for name in ("newNonce", "newAccount", "newOrder", "revokeCert", "keyChange")}
        self.say(200, {"asked": Authority.asked} if self.path == "/asked" else resources)

    def do_POST(self):
        Authority.asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/newAccount":
            self.say(200, {"status": "valid"}, Location="https://localhost:14000/account/1")
        else:
            refusal = {"type": "urn:ietf:params:acme:error:rateLimited", "detail": "too many certificates already issued", "status": 429}
            self.say(429, refusal, Retry_After=86400)

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 14000), Authority)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(*sys.argv[1:])
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
"""
CA_SETTINGS = f"""
[ca]
default_ca = it
[it]
database = index
serial = number
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = default
default_days = 90
default_crl_days = 9
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = DNS:{NAME},DNS:{RELAY}
crlDistributionPoints = URI:http://{OUTSIDE}/list.crl
"""
ASK = """
import ssl, sys, urllib.request
print(urllib.request.urlopen(urllib.request.Request(sys.argv[1], sys.argv[2].encode() if sys.argv[2] else None),
                             context=ssl._create_unverified_context()).read().decode())
"""


class CertificatesTest(unittest.TestCase):
    """One server; each test leaves it with a good certificate of the authority."""

    server: InstalledServer

    @classmethod
    def setUpClass(cls) -> None:
        if not LOAD.exists():
            raise unittest.SkipTest(f"{LOAD} is not built")
        cls.server = InstalledServer()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        people.make_account(cls.server)

    def setUp(self) -> None:
        self.begin_with = self.issuer()
        self.assertIn("Pebble Intermediate", self.begin_with)

    def test_renewed_it_ends_no_meeting(self) -> None:
        services = ("nginx", "prosody", "coturn")
        before = {service: self.process(service) for service in services}
        relay, xmpp = self.issuer(5349), self.server.read("/etc/prosody/certs/cloister.pem")
        with people.Host(self.server, "biology"):
            three = people.Participants(self.server, "biology", seconds=15)
            three.wait_until_in()
            self.assertTrue(self.renew())
            self.server.until(lambda: self.issuer() != self.begin_with, "the web server shows the new certificate")
            self.server.until(lambda: self.issuer(5349) not in (relay, self.begin_with), "the relay shows it")
            self.assertEqual(three.received(), people.ALL)
        self.assertNotEqual(self.server.read("/etc/prosody/certs/cloister.pem"), xmpp)
        self.assertEqual({service: self.process(service) for service in services}, before, "nothing started anew")
        self.assertEqual(people.meet(self.server, "botany"), people.ALL)

    def test_an_authority_that_is_away_for_days_changes_nothing(self) -> None:
        self.server.stop_authority()
        for _ in range(4):
            self.assertFalse(self.renew())
        self.assert_nothing_changed()
        self.assertIn("cloister-certificates.timer", self.server.run(["systemctl", "list-timers", "--no-legend"]).stdout)
        self.server.start_authority()
        self.assertTrue(self.renew(), "it is asked again, though it has forgotten this server's account")
        self.server.until(lambda: self.issuer() != self.begin_with, "the web server shows the new certificate")

    def test_a_name_that_leads_nowhere_is_told_and_changes_nothing(self) -> None:
        self.resolver("set-servfail", host=NAME)
        self.assertFalse(self.renew())
        self.assert_nothing_changed()
        self.assertIn("could not resolve", self.server.journal("-u", SERVICE))
        self.resolver("clear-servfail", host=NAME)
        self.assertTrue(self.renew())

    def test_an_authority_that_has_had_enough_is_not_asked_more(self) -> None:
        self.server.stop_authority()
        self.server.write("/root/acme/refusing.py", REFUSING)
        self.server.serve("refusing", "/usr/bin/python3", "/root/acme/refusing.py", "/root/acme/api.pem", "/root/acme/api.key")
        self.server.until(lambda: "127.0.0.1:14000" in self.server.run(["ss", "-Hltn"]).stdout, "it answers")
        self.assertFalse(self.renew())
        asked = json.loads(self.ask("https://127.0.0.1:14000/asked"))["asked"]
        self.server.run(["systemctl", "stop", "refusing"])
        self.server.start_authority()
        self.assertLessEqual(asked, 4)
        self.assertIn("too many certificates", self.server.journal("-u", SERVICE))
        self.assert_nothing_changed()
        self.assertTrue(self.renew())

    def test_revoked_it_is_replaced_at_once(self) -> None:
        """By an authority that says so in a list, as the public ones do."""
        authority = Revoking(self.server)
        self.addCleanup(authority.close)
        authority.issue()
        self.server.until(lambda: "Revoking" in self.issuer(), "the web server shows its certificate")
        self.server.run(["systemctl", "start", SERVICE])
        self.assertIn("Revoking", self.issuer(), "nobody has revoked it")
        authority.revoke()
        self.server.run(["systemctl", "start", SERVICE])
        self.server.until(lambda: "Pebble" in self.issuer(), "the web server shows another one")

    # What the stories are told with

    def issuer(self, port: int = 443) -> str:
        return self.server.issuer(port)

    def process(self, service: str) -> str:
        return self.server.run(["systemctl", "show", "-P", "MainPID", service]).stdout

    def renew(self) -> bool:
        """As the timer does it, on the day when the certificate is old enough."""
        settings = "/etc/cloister/certificates.conf"
        before = self.server.read(settings)
        self.server.write(settings, re.sub(r"renew_days=.*", "renew_days=20000", before))
        done = self.server.run(["systemctl", "start", SERVICE], check=False)
        self.server.write(settings, before)
        return done.returncode == 0

    def assert_nothing_changed(self) -> None:
        self.assertEqual(self.issuer(), self.begin_with)
        self.assertEqual(self.server.run(["/usr/lib/cloister/certificates", "state"]).stdout, "issued\n")

    def resolver(self, action: str, **what: str) -> None:
        self.ask(f"http://127.0.0.1:8055/{action}", json.dumps(what))

    def ask(self, url: str, what: str = "") -> str:
        return self.server.run(["python3", "-c", ASK, url, what]).stdout


class Revoking:
    """An authority whose certificates name a list, which lies on a web server outside; as if it had issued the server's."""

    def __init__(self, server: InstalledServer) -> None:
        self._server = server
        self._folder = Path(tempfile.mkdtemp(prefix="cloister-authority-"))
        (self._folder / "web").mkdir()
        (self._folder / "ca.conf").write_text(CA_SETTINGS)
        for file, text in (("index", ""), ("number", "01\n")):
            (self._folder / file).write_text(text)
        self._run("req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Revoking")
        serve = server.outside.command(sys.executable, "-m", "http.server", "80", "--directory", str(self._folder / "web"))
        self._web = subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._publish()

    def issue(self) -> None:
        place = self._server.run(["sh", "-c", f"echo /var/lib/cloister-acme/*/{NAME}"]).stdout.strip()
        key = self._server.read(f"{place.rsplit('/', 1)[0]}/private/{NAME}/key.pem")
        (self._folder / "server.key").write_text(key)
        self._run("req", "-new", "-key", "server.key", "-subj", f"/CN={NAME}", "-out", "request")
        self._run("ca", "-batch", "-notext", "-config", "ca.conf", "-in", "request", "-out", "server.pem")
        chain = (self._folder / "server.pem").read_text() + (self._folder / "ca.pem").read_text()
        self._server.write(f"{place}/cert.pem", chain, 0o600, "cloister-acme:cloister-acme")
        self._server.run(["/usr/lib/cloister/certificates", "deploy"])

    def revoke(self) -> None:
        self._run("ca", "-config", "ca.conf", "-revoke", "server.pem")
        self._publish()

    def close(self) -> None:
        self._web.kill()
        self._web.wait()
        shutil.rmtree(self._folder)

    def _publish(self) -> None:
        self._run("ca", "-config", "ca.conf", "-gencrl", "-out", "list.pem")
        self._run("crl", "-in", "list.pem", "-outform", "DER", "-out", "web/list.crl")

    def _run(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self._folder, check=True, capture_output=True)


if __name__ == "__main__":
    unittest.main()
