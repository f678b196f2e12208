"""Makes this machine of the image, at every start anew: /etc is in memory. `early`, before any network: settings, keys, account, firewall.
`services`, when the network is there: what the services read. Both may be cut off and begin again."""

import shutil
import sys
from pathlib import Path

from . import network, render, sources
from .account import make_account
from .places import OWN, RUN, SETTINGS, SETTLED, put, run
from .settings import Settings, Wrong, parse, write

LIBRARY = "/usr/lib/cloister"
HOST_KEYS = OWN / "ssh"
EXCEPTIONS = Path("/etc/cloister/audit-exceptions.yaml")
COMPLAINT = RUN / "complaint"  # why the settings that were found do not count


def main() -> int:
    stages = {"early": early, "services": services}
    if sys.argv[1:2] == [] or sys.argv[1] not in stages:
        print("settle early | settle services", file=sys.stderr)
        return 64
    stages[sys.argv[1]]()
    return 0


def early() -> None:
    try:
        if new := sources.find():
            accept(new)
    except Wrong as wrong:
        put(COMPLAINT, f"{wrong}\n", 0o644)
    settings = current()
    Path("/etc/cloister/private").mkdir(mode=0o700, exist_ok=True)
    network.apply(settings)
    render.firewall(settings)
    if settings.is_complete():
        _make_host_keys()
        make_account(settings)


def services() -> None:
    settings = current()
    if not settings.is_complete():
        return
    if not EXCEPTIONS.exists():
        shutil.copy("/usr/lib/cloister/image/audit-exceptions.yaml", EXCEPTIONS)
    _trust_the_directory()
    run(f"{LIBRARY}/secrets")
    render.services(settings)
    run(f"{LIBRARY}/certificates", "own")
    render.with_secrets(settings)
    _make_gate_key()
    run(f"{LIBRARY}/accounts", "auth.cloister.internal")
    put(SETTLED, "", 0o644)


def accept(settings: Settings) -> None:
    """From now on these count."""
    put(SETTINGS, write(settings))


def current() -> Settings:
    return parse(SETTINGS.read_text()) if SETTINGS.exists() else Settings()


def _make_host_keys() -> None:
    HOST_KEYS.mkdir(mode=0o700, exist_ok=True)
    for kind in ("ed25519", "ecdsa"):
        key = HOST_KEYS / f"ssh_host_{kind}_key"
        if not key.exists():
            for rest in HOST_KEYS.glob(".new*"):
                rest.unlink()
            run("ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "", "-f", str(HOST_KEYS / ".new"))
            (HOST_KEYS / ".new.pub").replace(key.with_suffix(".pub"))
            run("sync", "-f", str(HOST_KEYS))
            (HOST_KEYS / ".new").replace(key)
        put(Path("/etc/ssh", key.name), key.read_text(), 0o600)
        put(Path("/etc/ssh", key.name + ".pub"), key.with_suffix(".pub").read_text(), 0o644)


def _trust_the_directory() -> None:
    """An authority of the owner's own."""
    root = OWN / "authority.crt"
    trusted = Path("/etc/ssl/certs/ca-certificates.crt")
    if root.exists() and root.read_text() not in trusted.read_text():
        put(trusted, trusted.read_text() + root.read_text(), 0o644)


def _make_gate_key() -> None:
    key = Path("/etc/cloister/gate.key")
    if not key.exists():
        # The gate's AppArmor profile is for a service that is not root: with it root may not read the gate's other secret.
        enabled = Path("/sys/module/apparmor/parameters/enabled")
        unconfined = ["aa-exec", "-p", "unconfined", "--"] if enabled.exists() and enabled.read_text().startswith("Y") else []
        run(*unconfined, "cloister-gate", "--config", "/etc/cloister/gate.yaml", "--make-key")
    shutil.chown(key, "cloister-gate", "cloister-gate")
    key.chmod(0o400)


if __name__ == "__main__":
    sys.exit(main())
