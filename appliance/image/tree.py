"""The tree of the image: the packages, then the roles of the playbook, then what the image has of its own; cleaned of all that is of one
build or one machine. The caller has mount and process namespaces of its own."""

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from collections.abc import Iterator
from pathlib import Path

from trial.console import say
from trial.templates import ANSIBLE

from .command import run

HERE = Path(__file__).resolve().parent
LIBRARY = "usr/lib/cloister"
ENABLED = ["systemd-networkd", "systemd-resolved", "cloister-settle", "cloister-settle-services", "cloister-ready", "cloister-password.path",
           "cloister-first-boot@tty1", "cloister-first-boot@ttyS0", "cloister-health", "cloister-guard", "ssh", "tmp.mount", "apparmor"]
# The system is read only and replaced as a whole: what would look after its packages has nothing to do.
MASKED = ["systemd-repart.service", "apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "e2scrub_reap.service",
          "systemd-machine-id-commit.service", "systemd-networkd-wait-online@.service", "systemd-firstboot.service", "systemd-update-done.service"]
# Of one build or one machine, or a cache.
REMOVED = ["etc/machine-id", "var/lib/dbus/machine-id", "etc/ssh/ssh_host_*", "etc/ssl/private/ssl-cert-snakeoil.key", "etc/ssl/certs/ssl-cert-snakeoil.pem",
           "etc/prosody/certs/*", "etc/hostname", "etc/resolv.conf", "etc/.pwd.lock", "etc/*-", "etc/cloister/*", "var/cache/*", "var/log/*", "var/lib/apt/*", "var/tmp/*",
           "var/lib/systemd/random-seed", "var/lib/systemd/catalog/database", "var/backups/*", "run/*", "tmp/*", "root/.ansible", "var/lib/ucf/*cache*",
           "var/lib/aide/*", "var/lib/prosody/*", "etc/turnserver.conf", "etc/apt/sources.list.d/0*"]


def make(tar: Path, tree: Path, work: Path, version: str, public_key: bytes, epoch: int) -> None:
    tree.mkdir()
    say("Unpacking")
    run(["tar", "--numeric-owner", "--xattrs", "--xattrs-include=*", "-xf", str(tar), "-C", str(tree)], epoch)
    _lay(tree, version)
    (tree / LIBRARY / "image" / "updates.gpg").write_bytes(public_key)
    with _alive(tree):
        _chroot(tree, epoch, "ssh-keygen", "-A")  # sshd looks at its settings only with keys; they are removed again
        _make_administrator(tree, epoch)
        say("Applying the playbook's roles")
        _apply_roles(tree, work, epoch)
        _chroot(tree, epoch, "systemctl", "-q", "enable", *ENABLED)
        _chroot(tree, epoch, "systemctl", "-q", "mask", *MASKED)
        _compile(tree, epoch)
        say("Making the initramfs")
        _chroot(tree, epoch, "update-initramfs", "-c", "-k", "all")
    _clean(tree)
    _settle_places(tree)


@contextmanager
def _alive(tree: Path) -> Iterator[None]:
    """What programs in the tree expect; of this machine's kernel they may change nothing."""
    mounts = [["-t", "proc", "proc", "proc"], ["--bind", str(tree / "proc/sys"), "proc/sys"], ["-o", "remount,bind,ro", "proc/sys"],
              ["-t", "tmpfs", "tmpfs", "run"], ["-t", "tmpfs", "tmpfs", "tmp"], ["-t", "tmpfs", "-o", "mode=0755", "tmpfs", "dev"]]
    done = []
    try:
        for *options, place in mounts:
            subprocess.run(["mount", *options, str(tree / place)], check=True)
            if "remount,bind,ro" not in options:
                done.append(tree / place)
        for device in ("null", "zero", "full", "random", "urandom", "tty"):
            (tree / "dev" / device).touch()
            subprocess.run(["mount", "--bind", f"/dev/{device}", str(tree / "dev" / device)], check=True)
            done.append(tree / "dev" / device)
        for name, place in (("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")):
            (tree / "dev" / name).symlink_to(place)
        yield
    finally:
        for place in reversed(done):
            subprocess.run(["umount", "--lazy", str(place)], check=False)


def _chroot(tree: Path, epoch: int, *command: str) -> str:
    return run(["unshare", "--net", "chroot", str(tree), *command], epoch)


def _lay(tree: Path, version: str) -> None:
    """Our files, the programs of the machine, and the templates that they render."""
    shutil.copytree(HERE / "files", tree, dirs_exist_ok=True, symlinks=True)
    library = tree / LIBRARY
    shutil.copytree(HERE / "machine", library / "image" / "machine", ignore=shutil.ignore_patterns("__pycache__"))
    (library / "image" / "trial").mkdir()
    for name in ("__init__.py", "console.py", "templates.py"):
        shutil.copy(HERE.parent / "trial" / name, library / "image" / "trial")
    for role in sorted((ANSIBLE / "roles").iterdir()):
        for part in ("defaults", "templates"):
            if (role / part).is_dir():
                shutil.copytree(role / part, library / "ansible" / "roles" / role.name / part)
    for name in ("secrets",):
        shutil.copy(ANSIBLE / "roles" / "base" / "files" / name, library / name)
        (library / name).chmod(0o755)
    shutil.copy(ANSIBLE / "roles" / "base" / "files" / "audit-exceptions.yaml", library / "image")
    (library / "image" / "version").write_text(version + "\n")


def _compile(tree: Path, epoch: int) -> None:
    """What Python would else compile at every start, since it may write nowhere. By content: all files of the image have the same time."""
    places = ["/usr/lib/python3.11", *(f"/usr/lib/python3/dist-packages/{name}" for name in ("jinja2", "markupsafe", "yaml")), f"/{LIBRARY}/image"]
    _chroot(tree, epoch, "python3", "-m", "compileall", "-q", "-f", "-j", "1", "--invalidation-mode", "unchecked-hash", *places)


def _make_administrator(tree: Path, epoch: int) -> None:
    _chroot(tree, epoch, "useradd", "--uid", "1000", "--no-create-home", "--shell", "/bin/bash", "--groups", "sudo,systemd-journal,adm", "admin")


def _apply_roles(tree: Path, work: Path, epoch: int) -> None:
    inventory = {"all": {"children": {"servers": {"hosts": {"image": {"ansible_connection": "tree", "ansible_host": str(tree)}}}}}}
    (work / "inventory.json").write_text(json.dumps(inventory))
    environment = {
        "ANSIBLE_CONFIG": str(ANSIBLE / "ansible.cfg"), "ANSIBLE_ROLES_PATH": str(ANSIBLE / "roles"), "ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connection"),
        "ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCAL_TEMP": str(work / "ansible"), "HOME": str(work),
    }
    # Nothing that is done here may reach the kernel of this machine: its audit, its modules, its network.
    fenced = ["unshare", "--net", "setpriv", "--bounding-set=-audit_control,-audit_write,-sys_module,-net_admin,-sys_time,-sys_boot,-syslog"]
    play = ["ansible-playbook", "-i", str(work / "inventory.json"), "--skip-tags", "machine", "-e", '{"base_packages": []}', str(HERE / "image.yml")]
    (work / "ansible.log").write_text(run([*fenced, *play], epoch, **environment))


def _clean(tree: Path) -> None:
    for pattern in REMOVED:
        for path in list(tree.glob(pattern)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    for link in (tree / "etc/ssl/certs").iterdir():
        if link.is_symlink() and not link.exists() and not (tree / os.readlink(link).lstrip("/")).exists():
            link.unlink()


def _settle_places(tree: Path) -> None:
    """What has to be at its place for a system that cannot write: mount points, links into what can."""
    (tree / "etc/machine-id").touch()
    (tree / "etc/resolv.conf").unlink(missing_ok=True)
    (tree / "etc/resolv.conf").symlink_to("/run/systemd/resolve/stub-resolv.conf")
    (tree / "etc/cloister").mkdir(exist_ok=True)
    (tree / "var/lib/dpkg").rename(tree / LIBRARY / "image" / "dpkg")
    (tree / "var/lib/dpkg").symlink_to(f"/{LIBRARY}/image/dpkg")
