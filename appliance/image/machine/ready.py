"""Says on the screen and on the serial line that the server is there, and where."""

import subprocess

from .account import TOLD
from .places import OWN
from .settle import current


def main() -> None:
    settings = current()
    issuer = subprocess.run(["/usr/lib/cloister/certificates", "state"], capture_output=True, text=True, check=False).stdout.strip()
    lines = ["", f"Cloister is at https://{settings.domain}"]
    if issuer != "issued":
        lines.append("The certificate is still its own, so browsers warn: the authority is asked again and again.")
    lines.append(f"Sign in with your SSH key as admin; the key of this machine: {_fingerprint()}")
    if TOLD.exists():
        lines.append(f"The password for sudo lies in {TOLD} until you choose one (passwd).")
    lines.append("The first host: sudo cloister host add NAME, then sudo cloister host totp NAME")
    say("\n".join(lines) + "\n")


def say(text: str) -> None:
    for console in ("/dev/tty1", "/dev/ttyS0"):
        try:
            with open(console, "w", encoding="utf-8") as out:
                out.write(text.replace("\n", "\r\n"))
        except OSError:
            pass  # a machine without that console


def _fingerprint() -> str:
    key = OWN / "ssh" / "ssh_host_ed25519_key.pub"
    return subprocess.run(["ssh-keygen", "-l", "-f", str(key)], capture_output=True, text=True, check=False).stdout.split(" ")[1]


if __name__ == "__main__":
    main()
