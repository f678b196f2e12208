"""The stack of one trial: its variables, its files, its services."""

import argparse
import os
import secrets
import shutil
import subprocess
from pathlib import Path

from . import health, users
from .build import WEB, binary
from .certificates import Authority
from .console import Failure
from .folder import ROOT, Folder
from .ports import Ports, loopback_addresses
from .supervisor import Service
from .templates import Templates, Variables

HOST = "localhost"
MODULES = ROOT / "components" / "prosody"
BARE_PAGE = "<!doctype html><html lang=en><meta charset=utf-8><title>Cloister</title><p>The web client is not built.</html>\n"


class Stack:
    def __init__(self, folder: Folder, ports: Ports, shards: int, options: argparse.Namespace, build_dir: Path) -> None:
        self._folder = folder
        self._ports = ports
        self._build_dir = build_dir
        self._authority = Authority(folder / "ca")
        self._templates = Templates(self._variables(shards, options))

    @property
    def url(self) -> str:
        return str(self._templates["cloister_url"])

    def describe(self, room: str) -> dict[str, object]:
        """What a client, or a test, has to know."""
        named = self._templates
        public = self.url.removeprefix("https:")
        return {
            "url": f"{self.url}/{room}",
            "domain": named["cloister_domain"],
            "guest_domain": named["cloister_guest_domain"],
            "muc": named["cloister_muc"],
            "focus": named["cloister_focus"],
            "focus_user": named["cloister_focus_user"],
            "websocket": f"wss:{public}/xmpp-websocket",
            "bosh": f"{self.url}/http-bind",
            "conference_request": f"{self.url}/conference-request/v1",
            "ports": vars(self._ports),
            "ca": str(self._authority.certificate),
        }

    def prepare(self, ours: list[str]) -> None:
        """Renders all configuration and makes certificates, secrets and accounts, all of them fresh but for the authority."""
        self._folder.clear("config", "prosody", "nginx", "secrets", "bin", "web", "gate")
        for name in ("config", "prosody", "nginx", "secrets", "bin"):
            (self._folder / name).mkdir(parents=True)
        self._templates.render("command", "cloister.yaml.j2", self._folder / "config/cloister.yaml")
        self._prepare_callers_of_the_gate()
        self._prepare_prosody()
        self._prepare_nginx()
        for name in ours:
            self._prepare_own(name)

    def prosody(self) -> Service:
        domain, ports = str(self._templates["cloister_service_domain"]), self._ports
        command = ["prosody", "-F", "--config", str(self._folder / "config/prosody.cfg.lua")]

        def healthy() -> bool:
            return health.all_listen([ports.xmpp_http, ports.component]) and health.xmpp_answers(ports.xmpp, domain)

        return Service("prosody", users.command_as(users.PROSODY, command), healthy, str(self._folder / "prosody"))

    def nginx(self) -> Service:
        # under root its master opens the certificate and gives its workers a user of their own
        folder = self._folder / "nginx"
        command = ["/usr/sbin/nginx", "-e", "stderr", "-p", str(folder), "-c", str(self._folder / "config/nginx.conf")]
        return Service("nginx", users.command_as(None, command), lambda: health.all_listen([self._ports.https]))

    def focus(self) -> Service:
        return self._own("focus", self._ports.focus_http)

    def bridge(self) -> Service:
        return self._own("bridge", self._ports.bridge_http)

    def gate(self) -> Service:
        return self._own("gate", self._ports.gate_http)

    def _own(self, name: str, port: int) -> Service:
        command = [str(self._folder / f"bin/cloister-{name}"), "--config", str(self._folder / f"config/{name}.yaml")]
        as_user = users.command_as(users.OURS, command)
        return Service(f"cloister-{name}", as_user, lambda: health.http_answers(port, "/about/health"))

    def _variables(self, shards: int, options: argparse.Namespace) -> Variables:
        folder, ports, testing = self._folder, self._ports, options.testing
        addresses = [f"[{a}]" if ":" in a else a for a in loopback_addresses()]
        return {
            "inventory_hostname": HOST,
            "ansible_processor_vcpus": shards,
            "cloister_public_port": ports.https,
            "cloister_public_authority": f"{HOST}:{ports.https}",
            "cloister_ca_file": str(self._authority.certificate),
            "prosody_xmpp_port": ports.xmpp,
            "prosody_http_port": ports.xmpp_http,
            "prosody_component_port": ports.component,
            "prosody_data_path": str(folder / "prosody/data"),
            "prosody_run_path": str(folder / "prosody"),
            "prosody_module_path": str(folder / "prosody/modules"),
            "prosody_certificate": str(folder / "prosody/xmpp.pem"),
            "prosody_certificate_key": str(folder / "prosody/xmpp.key"),
            "prosody_component_secret_file": str(folder / "secrets/prosody-component"),
            "nginx_http_port": 0,
            "nginx_https_port": ports.https,
            # where everybody comes from one address
            "nginx_requests_limited": False,
            "turn_enabled": False,
            "nginx_listen_addresses": addresses,
            "nginx_user": "www-data" if users.IS_ROOT else "",
            "nginx_workers": 1,
            "nginx_run_path": str(folder / "nginx"),
            "nginx_error_log": "stderr emerg",
            "nginx_certificate": str(self._authority.folder / "web.pem"),
            "nginx_certificate_key": str(self._authority.folder / "web.key"),
            "nginx_web_root": str(folder / "web"),
            "nginx_hsts_seconds": 0,
            "focus_http_port": ports.focus_http,
            "focus_hosts_required": not options.open_meetings,
            # where anybody may come, so may hundreds from this machine
            "focus_crowd": {"joins": 100_000} if options.open_meetings else {},
            "focus_guard_socket": str(options.guard_socket or ""),
            "gate_guard_socket": str(options.guard_socket or ""),
            "focus_password_file": str(folder / "secrets/focus"),
            "focus_component_secret_file": str(folder / "secrets/focus-component"),
            "bridge_http_port": ports.bridge_http,
            "bridge_media_port": ports.media,
            "bridge_shards": shards,
            "bridge_include_loopback": True,
            "bridge_nickname": "trial",
            "bridge_region": "trial",
            # a machine full of browsers is overloaded, and tests are about the rest
            "bridge_load": {"shedding": not testing},
            "bridge_password_file": str(folder / "secrets/bridge"),
            "gate_http_port": ports.gate_http,
            "gate_database": str(folder / "gate/hosts.sqlite3"),
            "gate_key_file": str(folder / "gate/seal.key"),
            "gate_callers_key_file": str(folder / "secrets/gate-callers"),
            "gate_callers_key": secrets.token_urlsafe(24),
            "prosody_gate_key_file": str(folder / "secrets/prosody-gate-callers"),
            "nginx_gate_caller_file": str(folder / "secrets/nginx-gate.conf"),
            "web_config_file": str(folder / "config/config.js"),
            "command_services": [],  # of systemd, which knows nothing of a trial
            "command_ca_file": str(self._authority.certificate),
            "command_settings_path": str(folder / "config"),
            "command_nginx_file": str(folder / "config/nginx.conf"),
            "command_prosody_file": str(folder / "config/prosody.cfg.lua"),
            "command_relay_file": str(folder / "config/turnserver.conf"),
            "command_relay_secret_file": str(folder / "secrets/turn"),
            "command_backup_paths": [str(folder / "config"), str(folder / "gate/seal.key"), str(self._authority.folder)],
            "command_backup_without": [],
            "command_backup_kept": str(folder / "before-restore"),
            "web_expose_for_tests": testing,
            "web_video_fps": 15 if testing else 30,
        }

    def _prepare_prosody(self) -> None:
        home, secret = self._folder / "prosody", self._folder / "secrets"
        shutil.copytree(MODULES, home / "modules", ignore=shutil.ignore_patterns("*.md"))
        self._templates.render("prosody", "prosody.cfg.lua.j2", self._folder / "config/prosody.cfg.lua")
        names = [str(self._templates[f"cloister_{n}"]) for n in ("domain", "service_domain", "guest_domain", "muc", "lobby")]
        certificate, key = self._authority.issue("xmpp", names)
        for source, name in ((certificate, "xmpp.pem"), (key, "xmpp.key")):
            users.secret_file(home / name, source.read_text(), users.PROSODY)
        component = secrets.token_urlsafe(24)
        users.secret_file(secret / "prosody-component", component, users.PROSODY)
        users.secret_file(secret / "focus-component", component, users.OURS)
        (home / "data").mkdir()
        for path in (home, home / "data"):
            users.give(path, users.PROSODY)
        for user, file in (("focus", "focus"), ("jvb", "bridge")):
            password = secrets.token_urlsafe(24)
            users.secret_file(secret / file, password, users.OURS)
            self._add_account(user, password)

    def _prepare_callers_of_the_gate(self) -> None:
        """The key with which Prosody and nginx ask the gate, for each of the three under its own user."""
        key, folder = str(self._templates["gate_callers_key"]), self._folder / "secrets"
        users.secret_file(folder / "gate-callers", key, users.OURS)
        users.secret_file(folder / "prosody-gate-callers", key, users.PROSODY)
        self._templates.render("gate", "nginx-gate.conf.j2", folder / "nginx-gate.conf", mode=0o600)

    def _add_account(self, user: str, password: str) -> None:
        """The password goes in by standard input: a command line is for everyone to see."""
        config, domain = str(self._folder / "config/prosody.cfg.lua"), self._templates["cloister_service_domain"]
        command = users.command_as(users.PROSODY, ["prosodyctl", "--config", config, "adduser", f"{user}@{domain}"])
        done = subprocess.run(
            command, input=f"{password}\n{password}\n", cwd=self._folder / "prosody", capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            said = (done.stdout + done.stderr).strip().splitlines()[-1:] or ["it said nothing."]
            raise Failure(f"The account of {user} could not be made: {said[0]}")

    def _prepare_nginx(self) -> None:
        self._authority.issue("web", [HOST, "127.0.0.1", "::1"])
        self._templates.render("nginx", "nginx.conf.j2", self._folder / "config/nginx.conf")
        self._templates.render("web", "config.js.j2", self._folder / "config/config.js")
        pages = self._folder / "web"
        if (WEB / "dist" / "index.html").exists():
            shutil.copytree(WEB / "dist", pages)
        else:
            pages.mkdir()
            (pages / "index.html").write_text(BARE_PAGE)

    def _prepare_own(self, name: str) -> None:
        built = binary(name, self._build_dir)
        if not built.exists():
            raise Failure(f"{built} is not built: run without --no-build, or name another --build-dir.")
        shutil.copy2(built, self._folder / f"bin/cloister-{name}")
        self._templates.render(name, f"{name}.yaml.j2", self._folder / f"config/{name}.yaml")


def processor_count() -> int:
    return len(os.sched_getaffinity(0))
