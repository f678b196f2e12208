"""A machine of QEMU, without any help of this machine's processor (TCG): started from the image, its plug can be pulled."""

import contextlib
import os
import shutil
import socket
import subprocess
from pathlib import Path

from network import Network, until

BOOT_SECONDS = float(os.environ.get("CLOISTER_BOOT_SECONDS", "900"))  # an emulated processor, and others on this machine
FIRMWARE = Path("/usr/share/OVMF")


class Emulator:
    def __init__(self, network: Network, disk: Path, firmware: str = "bios", memory: int = 1536) -> None:
        """`disk` is written to. firmware: bios, uefi or secure."""
        self._network, self.disk, self._firmware, self._memory = network, disk, firmware, memory
        self.console = network.folder / f"{disk.stem}.console"
        self._line = network.folder / f"{disk.stem}.line"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.console.unlink(missing_ok=True)
        command = ["qemu-system-x86_64", "-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max", "-smp", "2", "-m", str(self._memory), *self._of_firmware()]
        command += ["-drive", f"file={self.disk},if=virtio,format=qcow2,cache=writeback"]
        command += ["-netdev", "tap,id=n,ifname=guest,script=no,downscript=no", "-device", "virtio-net-pci,netdev=n,romfile="]
        command += ["-device", "virtio-rng-pci", "-display", "none", "-monitor", "none", "-no-reboot"]
        command += ["-chardev", f"socket,id=line,path={self._line},server=on,wait=off,logfile={self.console}", "-serial", "chardev:line"]
        self._process = subprocess.Popen(["setpriv", "--pdeathsig=KILL", *self._network.command(*command)], stdin=subprocess.DEVNULL)

    def pull_the_plug(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    close = pull_the_plug

    def wait_for_end(self, patience: float) -> None:
        """Until it has switched itself off, or wants to restart."""
        assert self._process
        self._process.wait(patience)
        self._process = None

    def run_for(self, seconds: float) -> None:
        """So long, unless it ends before."""
        assert self._process
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def wait_for(self, text: str, patience: float = BOOT_SECONDS) -> None:
        """On the serial line."""
        try:
            until(lambda: text in self.said() or self._has_ended(), f"{text!r} on the console", patience)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.said()[-3000:]}") from None
        if text not in self.said():
            raise AssertionError(f"the machine ended before {text!r}\n{self.said()[-3000:]}")

    def said(self) -> str:
        return self.console.read_text(errors="replace") if self.console.exists() else ""

    def type(self, text: str) -> None:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self._line))
            line.sendall(text.encode())

    def _has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _of_firmware(self) -> list[str]:
        if self._firmware == "bios":
            return []
        secure = self._firmware == "secure"
        variables = self.disk.with_suffix(".vars")
        if not variables.exists():
            shutil.copy(FIRMWARE / ("OVMF_VARS_4M.ms.fd" if secure else "OVMF_VARS_4M.fd"), variables)
        machine = ["-machine", "q35,smm=on", "-global", "driver=cfi.pflash01,property=secure,value=on"] if secure else []
        code = FIRMWARE / ("OVMF_CODE_4M.secboot.fd" if secure else "OVMF_CODE_4M.fd")
        return [*machine, "-drive", f"if=pflash,format=raw,readonly=on,file={code}", "-drive", f"if=pflash,format=raw,file={variables}"]


def disk_of(image: Path, place: Path, size: str = "8G") -> Path:
    """A disk that begins as the image; what is written stays in `place`."""
    command = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str(image.resolve()), str(place), size]
    subprocess.run(command, check=True)
    return place
