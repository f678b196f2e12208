"""The dialogue at the first start, on the screen and on the serial line at once: whoever answers first has made the server. What is typed is
looked at right away, and what is wrong is said in a sentence."""

import contextlib
import fcntl
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

from . import account, render, settle, sources
from .places import RUN, SETTLED, run
from .settings import Settings, Wrong, change

SERVICES = ["ssh", "cloister-gate", "prosody", "cloister-focus", "cloister-bridge", "nginx", "coturn"]
WELCOME = """
Welcome to Cloister. Three questions, and this machine is your meeting server.
Nothing is asked of anybody outside before that; nothing you type here is kept but the answers.
"""
DOMAIN = "The name that people will open, like meet.example.org: "
EMAIL = "Your e-mail address, for the certificate authority's warnings (may be empty): "
KEY = "Your public SSH key: paste the line of ~/.ssh/id_ed25519.pub,\nor plug in a stick with the file admin.pub and press Enter: "
FIXED = "A fixed address, like 192.0.2.7/24 (empty: this machine asks the network by DHCP): "


def main() -> int:
    settings = Settings()
    print(WELCOME, flush=True)
    if settle.COMPLAINT.exists():
        print(f"The settings on the boot partition were not taken. {settle.COMPLAINT.read_text()}", flush=True)
    ask(DOMAIN, lambda said: _set(settings, "domain", said))
    ask(EMAIL, lambda said: change(settings, "email", said))
    ask(KEY, lambda said: _set(settings, "ssh_key", said or _key_from_stick()))
    ask(FIXED, lambda said: _set_address(settings, said))
    with _first() as first:
        if not first:
            print("This machine was set up at the other console meanwhile.")
            return 0
        return _set_up(settings)


def ask(question: str, take: Callable[[str], None]) -> None:
    """Until the answer is one."""
    while True:
        print(question, end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        try:
            return take(line.strip())
        except Wrong as wrong:
            print(f"  {str(wrong)[:1].upper()}{str(wrong)[1:]}.")


def _set(settings: Settings, name: str, said: str) -> None:
    if not said:
        raise Wrong("this one is needed")
    change(settings, name, said)


def _set_address(settings: Settings, said: str) -> None:
    change(settings, "address", said)
    if said:
        ask("The router's address: ", lambda gateway: _set(settings, "gateway", gateway))
        ask("Name servers, with spaces between them: ", lambda servers: _set(settings, "name_servers", servers))


def _key_from_stick() -> str:
    listed = subprocess.run(["lsblk", "-nrpo", "NAME,FSTYPE"], capture_output=True, text=True, check=True).stdout
    for device, kind in (line.split(" ", 1) for line in listed.splitlines()):
        if kind not in ("vfat", "iso9660", "ext4"):
            continue
        with sources.mounted(device) as folder:
            if folder and (file := folder / "admin.pub").is_file():
                return file.read_text(errors="replace").strip()
    raise Wrong("no stick with a file admin.pub was found")


@contextlib.contextmanager
def _first() -> Iterator[bool]:
    RUN.mkdir(exist_ok=True)
    with (RUN / "first-boot.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not SETTLED.exists()


def _set_up(settings: Settings) -> int:
    print("\nSetting up: keys, settings, services.", flush=True)
    settle.accept(settings)
    settle.early()
    run("networkctl", "reload")
    run("systemctl", "reload", "cloister-guard")
    _look_up(settings)
    settle.services()
    run("systemctl", "start", *SERVICES)
    print("Asking the certificate authority.", flush=True)
    subprocess.run(["systemctl", "start", "cloister-certificates"], check=False)
    if account.TOLD.exists():
        print(f"\nThe password of admin, for sudo: {account.TOLD.read_text().strip()}\nNote it now, or choose another after signing in (passwd).")
    _first_host()
    run("systemctl", "restart", "cloister-ready")
    return 0


def _look_up(settings: Settings) -> None:
    """In words; a name that leads elsewhere stops nothing, for DNS may follow."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(settings.domain, 443, type=socket.SOCK_STREAM)} - {"127.0.1.1"}
    except OSError:
        found = set()
    own = {*render.own_addresses(), *settings.public_addresses}
    if not found:
        print(f"{settings.domain} has no address in the DNS yet: make an A record that leads to {' or '.join(sorted(own)) or 'this machine'}.")
    elif not found & own:
        print(f"{settings.domain} leads to {', '.join(sorted(found))}; this machine has {', '.join(sorted(own))}. Behind a router that is right.")
    else:
        print(f"{settings.domain} leads here.")


def _first_host() -> None:
    print("\nThe first person who may host meetings: a short name (empty: later, with cloister host add): ", end="", flush=True)
    name = sys.stdin.readline().strip()
    if name and subprocess.run(["cloister", "host", "add", name], check=False).returncode == 0:
        subprocess.run(["cloister", "host", "totp", name], check=False)


if __name__ == "__main__":
    sys.exit(main())
