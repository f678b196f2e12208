"""Where the two sides of a benchmark stand: two network namespaces joined by a veth pair, a CPU each. Over loopback a sender also pays
the receiver's half of the network stack; so it is the second choice, for machines that let us make no namespaces."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

BRIDGE_IP, LOAD_IP = "198.18.0.1", "198.18.0.2"  # RFC 2544: for benchmarks


@contextmanager
def places() -> Iterator[list[str]]:
    """Options for bench_forward."""
    bridge, load = (f"cloister-{side}-{os.getpid()}" for side in ("bridge", "load"))
    try:
        yield _pinned() + (_join(bridge, load) if _make(bridge, load) else [])
    finally:
        for name in (bridge, load):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


def ahead() -> list[str]:
    """What to put before a program, so that other work of the machine waits for it and not it for that work. Not before one that is to
    reach its limit: the kernel's own threads, which hand it its packets, would wait, too."""
    return ["chrt", "--rr", "1"] if os.geteuid() == 0 and shutil.which("chrt") else []


def _pinned() -> list[str]:
    cpus = sorted(os.sched_getaffinity(0))
    return ["--bridge-cpu", str(cpus[0]), "--load-cpu", str(cpus[1])] if len(cpus) > 1 else []


def _make(*names: str) -> bool:
    return os.geteuid() == 0 and all(_ip("netns", "add", name) for name in names)


def _join(bridge: str, load: str) -> list[str]:
    if not _ip("link", "add", "media", "netns", bridge, "type", "veth", "peer", "name", "media", "netns", load):
        return []
    for name, ip, cpu_mask in ((bridge, BRIDGE_IP, "1"), (load, LOAD_IP, "2")):
        _ip("-n", name, "addr", "add", f"{ip}/24", "dev", "media")
        _ip("-n", name, "link", "set", "media", "up", "txqueuelen", "10000")
        # The receiving half of the stack runs on the receiver's CPU and is not charged to the sender.
        rps = f"echo {cpu_mask} > /sys/class/net/media/queues/rx-0/rps_cpus"
        subprocess.run(["ip", "netns", "exec", name, "sh", "-c", rps], capture_output=True, check=False)
    return ["--bridge-namespace", bridge, "--bridge-ip", BRIDGE_IP, "--load-namespace", load, "--load-ip", LOAD_IP]


def _ip(*arguments: str) -> bool:
    return subprocess.run(["ip", *arguments], capture_output=True, check=False).returncode == 0
