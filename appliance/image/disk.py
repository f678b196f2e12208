"""From a tree to a disk: the system as a read-only file system with its hash tree, kernel and boot loader on the boot partition, one table.
Written by user-space programs into files: nothing is mounted, and the same tree gives the same bytes."""

import hashlib
import os
import re
import shutil
import struct
import uuid
from dataclasses import dataclass
from pathlib import Path

from trial.console import Failure, say

from .command import run

HERE = Path(__file__).resolve().parent
MIB = 1 << 20
SECTOR = 512
# MiB. The sizes of the system's partitions are also in files/usr/lib/repart.d, which makes the second slot.
LOADER_AT, LOADER_SIZE = 1, 1
BOOT_AT, BOOT_SIZE = 2, 254
SYSTEM_AT, SYSTEM_SIZE = 256, 640
HASHES_AT, HASHES_SIZE = SYSTEM_AT + SYSTEM_SIZE, 16
END = HASHES_AT + HASHES_SIZE + 1
GRUB_MODULES = "biosdisk part_gpt fat search search_fs_file normal configfile linux serial terminal echo test loadenv probe gzio all_video".split()


@dataclass(frozen=True)
class System:
    """One version of the system: what goes into a slot."""

    image: Path
    hashes: Path
    root_hash: str
    kernel: Path
    initramfs: Path


def make_system(tree: Path, work: Path, epoch: int, compression: list[str]) -> System:
    say("Packing the system")
    image, hashes = work / "system", work / "hashes"
    boot = work / "boot"
    shutil.rmtree(boot, ignore_errors=True)
    boot.mkdir()
    for name in ("vmlinuz", "initrd.img"):
        found = sorted((tree / "boot").glob(f"{name}-*"))
        if len(found) != 1:
            raise Failure(f"The tree has {len(found)} files boot/{name}-*, and one is needed.")
        shutil.move(found[0], boot / name)
    image.unlink(missing_ok=True)
    run(["mksquashfs", str(tree), str(image), "-quiet", "-no-progress", "-b", "262144", *compression], epoch)
    os.truncate(image, -(-image.stat().st_size // 4096) * 4096)
    salt = hashlib.sha256(b"cloister").hexdigest()
    hashes.unlink(missing_ok=True)
    said = run(["veritysetup", "format", f"--salt={salt}", f"--uuid={_uuid('hashes')}", str(image), str(hashes)], epoch)
    root_hash = re.search(r"Root hash:\s*([0-9a-f]{64})", said)
    if not root_hash:
        raise Failure("veritysetup named no root hash.")
    for file, size in ((image, SYSTEM_SIZE), (hashes, HASHES_SIZE)):
        if file.stat().st_size > size * MIB:
            raise Failure(f"{file.name} has {file.stat().st_size // MIB} MiB and may have {size}.")
    return System(image, hashes, root_hash[1], boot / "vmlinuz", boot / "initrd.img")


def make_disk(system: System, out: Path, work: Path, epoch: int) -> None:
    say("Making the disk")
    core = _make_loader(work, epoch)
    boot = _make_boot_partition(system, work, epoch)
    out.unlink(missing_ok=True)
    with out.open("wb") as disk:
        disk.truncate(END * MIB)
    table = ["sgdisk", "--set-alignment=2048", f"--disk-guid={_uuid('disk')}"]
    parts = [("loader", "EF02", LOADER_AT, LOADER_SIZE), ("boot", "EF00", BOOT_AT, BOOT_SIZE), ("system-A", "8300", SYSTEM_AT, SYSTEM_SIZE), ("hashes-A", "8300", HASHES_AT, HASHES_SIZE)]
    for number, (name, kind, at, size) in enumerate(parts, 1):
        table += [f"--new={number}:{at}M:+{size}M", f"--typecode={number}:{kind}", f"--change-name={number}:{name}", f"--partition-guid={number}:{_uuid(name)}"]
    run([*table, str(out)], epoch)
    for file, at in ((core, LOADER_AT), (boot, BOOT_AT), (system.image, SYSTEM_AT), (system.hashes, HASHES_AT)):
        run(["dd", f"if={file}", f"of={out}", "bs=1M", f"seek={at}", "conv=notrunc,sparse", "status=none"], epoch)
    _make_bootable(out, core)


def _make_loader(work: Path, epoch: int) -> Path:
    """GRUB for machines with a BIOS: finds the boot partition on the disk that it was read from."""
    core, early = work / "core.img", work / "early.cfg"
    early.write_text("search --no-floppy --file --set=root --hint=$root /EFI/debian/grub.cfg\nconfigfile /EFI/debian/grub.cfg\n")
    run(["grub-mkimage", "-O", "i386-pc", "-p", "/EFI/debian", "-c", str(early), "-o", str(core), *GRUB_MODULES], epoch)
    return core


def _make_boot_partition(system: System, work: Path, epoch: int) -> Path:
    files, partition = work / "esp", work / "esp.img"
    shutil.rmtree(files, ignore_errors=True)
    for folder in ("EFI/BOOT", "EFI/debian", "cloister/A"):
        (files / folder).mkdir(parents=True)
    shutil.copy("/usr/lib/shim/shimx64.efi.signed", files / "EFI/BOOT/BOOTX64.EFI")
    shutil.copy("/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed", files / "EFI/BOOT/grubx64.efi")
    shutil.copy(HERE / "grub.cfg", files / "EFI/debian/grub.cfg")
    shutil.copy(HERE / "cloister.conf", files / "cloister.conf")
    shutil.copy(system.kernel, files / "cloister/A/vmlinuz")
    shutil.copy(system.initramfs, files / "cloister/A/initrd")
    (files / "cloister/A/slot.cfg").write_text(f"set verity={system.root_hash}\n")
    (files / "cloister/env").write_text("# GRUB Environment Block\ngood=A\n".ljust(1024, "#"))
    for path in [files, *files.rglob("*")]:
        os.utime(path, (epoch, epoch))
    partition.unlink(missing_ok=True)
    with partition.open("wb") as out:
        out.truncate(BOOT_SIZE * MIB)
    run(["mkfs.vfat", "-F32", "--invariant", "-i", "C10157E4", "-n", "CLOISTER", str(partition)], epoch)
    for path in sorted(files.iterdir()):
        run(["mcopy", "-s", "-m", "-Q", "-i", str(partition), str(path), "::"], epoch)
    return partition


def _make_bootable(disk: Path, core: Path) -> None:
    """The first sector leads to GRUB's core, whose first sector leads to the rest of it."""
    lba = LOADER_AT * MIB // SECTOR
    sectors = -(-core.stat().st_size // SECTOR)
    first = bytearray(Path("/usr/lib/grub/i386-pc/boot.img").read_bytes()[:440])
    struct.pack_into("<Q", first, 0x5C, lba)
    first[0x66:0x68] = b"\x90\x90"  # whatever drive the BIOS names: it is the one
    with disk.open("r+b") as file:
        file.write(first)
        file.seek(lba * SECTOR + 0x1F4)
        file.write(struct.pack("<QHH", lba + 1, sectors - 1, 0x820))


def _uuid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://cloister.invalid/image/{name}"))
