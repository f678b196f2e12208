"""Debian's packages and ours, unpacked and configured, as a tar: the same for the same versions of the packages."""

import hashlib
from pathlib import Path

from trial.console import say
from trial.packages import wanted

from .command import run

HERE = Path(__file__).resolve().parent
LISTS = ["host", "hardening", "server", "image"]
OWN = ["cloister-bridge", "cloister-focus", "cloister-gate", "cloister-guard", "cloister-prosody", "cloister-turn", "cloister-web", "cloister"]
# The image has no package for this: it does it itself (docs/decisions/0029).
WITHOUT = {"unattended-upgrades"}
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SUITES = [("debian", "bookworm"), ("debian", "bookworm-updates"), ("debian-security", "bookworm-security")]
EPOCH = 1747699200  # of files that installing makes; in the image all have the time of its sources
LEFT_OUT = ["/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*", "/usr/share/aide/config/aide/aide.conf.d/*", "/usr/share/doc/*"]
KEPT = ["/usr/share/doc/*/copyright", "/usr/share/doc/cloister*"]


def make(repository: Path, out: Path, work: Path, mirror: str) -> Path:
    """The tar, made once for these packages and kept in `out`."""
    sources = [f"deb [signed-by={KEYRING}] {mirror}/{archive} {suite} main" for archive, suite in SUITES]
    names = [name for name in wanted(LISTS) if name not in WITHOUT] + OWN
    accounts = (HERE / "accounts").read_text()
    digest = hashlib.sha256("\n".join([*sources, *names, accounts, (repository / "Packages").read_text(), *LEFT_OUT]).encode())
    tar = out / f"base-{digest.hexdigest()[:12]}.tar"
    if not tar.exists():
        say("Unpacking Debian and our packages: some minutes")
        cache = out / "debs"
        cache.mkdir(exist_ok=True)
        new = tar.with_suffix(".new.tar")
        command = ["mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", f"--include={','.join(names)}", "--skip=download/empty,essential/unlink"]
        command += ['--aptopt=APT::Install-Recommends "false"']
        command += [f"--dpkgopt=path-exclude={pattern}" for pattern in LEFT_OUT] + [f"--dpkgopt=path-include={pattern}" for pattern in KEPT]
        command += [f"--setup-hook={HERE}/hooks/setup \"$1\" {repository} {cache}", f"--essential-hook={HERE}/hooks/essential \"$1\" {HERE}/accounts"]
        command += [f"--customize-hook={HERE}/hooks/customize \"$1\" {repository} {cache}"]
        run([*command, "bookworm", str(new), *sources, f"deb [trusted=yes] copy:{repository} ./"], EPOCH, TMPDIR=str(work), INITRD="No")
        new.rename(tar)
    return tar
