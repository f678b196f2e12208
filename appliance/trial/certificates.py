"""A certificate authority of this trial alone: its key never leaves the folder, its certificates expire soon."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from .console import Failure

CA_DAYS = "365"
SERVER_DAYS = "90"


class Authority:
    """Lives in one folder; made once, then kept, so that a browser has to be told to trust it only once."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._key = folder / "ca.key"
        self.certificate = folder / "ca.pem"
        if not _lasts(self.certificate, days=SERVER_DAYS):
            self._make()

    def issue(self, name: str, hosts: Sequence[str]) -> tuple[Path, Path]:
        """A key and the certificate for these names and addresses: (certificate, key)."""
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        wanted = self.folder / f"{name}.names"
        names = ",".join(_alternative_name(host) for host in hosts)
        if wanted.exists() and wanted.read_text() == names and _lasts(certificate, days="7"):
            return certificate, key
        _make_key(key)
        request, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n")
        _openssl("req", "-new", "-key", str(key), "-subj", f"/CN={hosts[0]}", "-out", str(request))
        _openssl(
            *("x509", "-req", "-in", str(request), "-CA", str(self.certificate), "-CAkey", str(self._key)),
            *("-CAcreateserial", "-days", SERVER_DAYS, "-extfile", str(extensions), "-out", str(certificate)),
        )
        request.unlink()
        extensions.unlink()
        wanted.write_text(names)
        return certificate, key

    def _make(self) -> None:
        for old in self.folder.iterdir():
            old.unlink()
        _make_key(self._key)
        _openssl(
            *("req", "-x509", "-key", str(self._key), "-days", CA_DAYS, "-subj", "/CN=Cloister trial on this machine"),
            *("-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", str(self.certificate)),
        )


def _make_key(key: Path) -> None:
    key.touch(mode=0o600)
    key.chmod(0o600)
    _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", str(key))


def _lasts(certificate: Path, days: str) -> bool:
    if not certificate.exists():
        return False
    seconds = str(int(days) * 86400)
    check = ["openssl", "x509", "-checkend", seconds, "-noout", "-in", str(certificate)]
    return subprocess.run(check, capture_output=True, check=False).returncode == 0


def _alternative_name(host: str) -> str:
    is_address = ":" in host or host.replace(".", "").isdigit()
    return f"{'IP' if is_address else 'DNS'}:{host}"


def _openssl(*arguments: str) -> None:
    run = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        reason = run.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise Failure(f"openssl {arguments[0]} failed: {reason[0]}")
