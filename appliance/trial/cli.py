"""The command line of appliance/try."""

import argparse
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from . import build, packages
from .console import Failure, say
from .folder import ROOT, Folder, default_folder
from .ports import choose, https_port_is_free

EPILOG = """
With no option it installs what is missing (it says what), builds, starts Prosody, nginx, cloister-focus, cloister-bridge and
cloister-gate as plain processes on free high ports, makes an account for a host, and prints the link of a meeting. Ctrl-C ends all of it. Nothing outside the folder is written.
"""


def main() -> int:
    options = _options()
    folder = Folder(options.dir or default_folder())
    try:
        if options.stop:
            print("Stopped." if folder.stop() else "Nothing was running.")
            return 0
        if options.status:
            return _show_status(folder, options.json)
        return _start(options, folder)
    except Failure as failure:
        say(f"appliance/try: {failure}")
        return 1
    except KeyboardInterrupt:
        say("appliance/try: stopped before it was up.")
        return 130


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="appliance/try", description="Builds Cloister and runs all of it on this machine.", epilog=EPILOG
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--stop", action="store_true", help="end what runs in the background")
    what.add_argument("--status", action="store_true", help="show what runs; status 3 when nothing does")
    what.add_argument("--detach", action="store_true", help="go on in the background once all is up")
    parser.add_argument("--json", action="store_true", help="print one line of JSON in place of the link")
    parser.add_argument("--port", type=int, metavar="N", help="port of the link (a free one from 8443 on)")
    parser.add_argument("--dir", type=Path, metavar="DIR", help="folder for all files of the trial (run/try)")
    parser.add_argument("--build-dir", type=Path, metavar="DIR", help="folder of the build (build/release)")
    parser.add_argument("--no-build", action="store_true", help="use what is built already, install nothing")
    parser.add_argument("--shards", type=int, metavar="N", help="threads of the bridge (one per processor)")
    parser.add_argument("--host", default="host", metavar="NAME", help="name of the account that may host meetings (host)")
    parser.add_argument("--without", default="", metavar="LIST", help="leave out some of focus, bridge, gate: focus,bridge")
    parser.add_argument("--open-meetings", action="store_true", help="let anybody start meetings; the first one moderates")
    parser.add_argument("--guard-socket", type=Path, metavar="FILE", help="of a firewall guard, to be asked for bans (none)")
    parser.add_argument("--testing", action="store_true", help="let tests drive the page (window.cloister)")
    return parser.parse_args()


def _start(options: argparse.Namespace, folder: Folder) -> int:
    ours = [name for name in build.SERVICES if name not in options.without.split(",")]
    build_dir = (options.build_dir or ROOT / "build" / "release").resolve()
    folder.take()
    if options.port is not None and not https_port_is_free(options.port):
        raise Failure(f"Port {options.port} is taken by another program: choose another one with --port.")
    if not options.no_build:
        packages.install_missing(["run", "build"])
        build.build_services(ours, build_dir)
        build.build_web()
    if options.detach:
        return _in_background(options, folder, ours, build_dir)
    return _run(options, folder, ours, build_dir, sys.stdout.fileno())


def _run(options: argparse.Namespace, folder: Folder, ours: list[str], build_dir: Path, report: int) -> int:
    """Starts the stack, writes its link (or JSON) to `report`, and stays until it is told to stop."""
    from .stack import Stack, processor_count  # needs the packages installed above
    from .hosts import Hosts
    from .supervisor import Supervisor
    from .words import room_name

    shards = options.shards or processor_count()
    stack = Stack(folder, choose(options.port, shards), shards, options, build_dir)
    facts = stack.describe(room_name())
    folder.owner_is(os.getpid())

    def note() -> None:
        folder.write_status({"url": facts["url"], "pid": os.getpid(), "services": supervisor.state(), "facts": facts})

    supervisor = Supervisor(on_change=note, shown=not options.detach)
    try:
        stack.prepare(ours)
        host = Hosts(folder, build_dir).add(options.host) if "gate" in ours else None
        say("Starting Prosody and nginx")
        supervisor.start([stack.prosody(), stack.nginx()], patience=20)
        known = (("bridge", stack.bridge), ("gate", stack.gate), ("focus", stack.focus))
        own = [service() for name, service in known if name in ours]
        if own and not supervisor.stopping:
            say(f"Starting {', '.join(service.name for service in own)}")
            supervisor.start(own, patience=30)
        if supervisor.stopping:
            raise Failure("stopped before it was up.")
        _report(report, facts, host, options)
        supervisor.run()
        say("Stopping")
        return 0
    finally:
        supervisor.stop()
        folder.clear("secrets", "prosody", "gate")
        folder.write_status({})


def _report(report: int, facts: dict[str, Any], host: dict[str, str] | None, options: argparse.Namespace) -> None:
    """The host's password is said here and written nowhere."""
    if options.json:
        text = json.dumps(facts | {"host": host})
    else:
        text = f"\nOpen this in any browser here (its certificate is of a local authority: {facts['ca']}):\n\n  {facts['url']}\n"
        text += f"\nSign in as host: {host['name']}   password: {host['password']}\n" if host else ""
        text += "" if options.detach else "\nCtrl-C ends it.\n"
    os.write(report, f"{text}\n".encode())
    if options.detach:
        _let_go(report)


def _in_background(options: argparse.Namespace, folder: Folder, ours: list[str], build_dir: Path) -> int:
    """A copy of this process runs the stack; this one waits for its report, passes it on, and ends."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.setsid()
        code = 1
        try:
            code = _run(options, folder, ours, build_dir, writer)
        except Failure as failure:
            say(f"appliance/try: {failure}")
        finally:
            os._exit(code)
    os.close(writer)
    signal.signal(signal.SIGINT, lambda *_: os.kill(child, signal.SIGTERM))
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
    with os.fdopen(reader) as report:
        text = report.read()
    if not text:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) or 1
    print(text, end="", flush=True)
    return 0


def _let_go(report: int) -> None:
    """Cuts the background process loose from the terminal and from the one that waits for its report."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(report)


def _show_status(folder: Folder, as_json: bool) -> int:
    running = folder.running_pid() is not None
    status = folder.status() if running else {}
    if as_json:
        print(json.dumps(status))
    elif not running:
        print("Nothing is running.")
    else:
        print(status.get("url", "starting"))
        for name, service in status.get("services", {}).items():
            print(f"  {name:<16} {service['state']:<8} pid {service['pid'] or '-':<8} restarts {service['restarts']}")
    return 0 if running else 3
