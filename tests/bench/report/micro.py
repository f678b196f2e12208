"""Single steps: SRTP, parsers, a join."""

import json
import subprocess
from pathlib import Path
from typing import Any

from .line import Line


def measure(build: Path) -> list[Line]:
    program = build / "tests" / "bench" / "bench_micro"
    command = [str(program), "--benchmark_format=json", "--benchmark_min_time=0.2", "--benchmark_repetitions=3"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    least: dict[str, dict[str, Any]] = {}
    for run in json.loads(done.stdout)["benchmarks"]:
        if run["run_type"] == "iteration":
            name = run["run_name"].split("/iterations")[0]
            least[name] = min(run, least.get(name, run), key=lambda one: one["cpu_time"])

    def ns(name: str) -> float:
        return float(least[name]["cpu_time"])

    openssl = ns("protect_openssl")
    return [
        Line("SRTP, protect 1200 B, GCM, ours", ns("protect/gcm"), "ns", openssl),
        Line("SRTP, unprotect 1200 B, GCM, ours", ns("unprotect/gcm"), "ns", openssl),
        Line("SRTP, protect 1200 B, GCM, libsrtp2", ns("protect_libsrtp2/gcm"), "ns", openssl),
        Line("SRTP, protect 1200 B, CM_SHA1_80, ours", ns("protect/cm_sha1_80"), "ns"),
        Line("SRTP, unprotect 1200 B, CM_SHA1_80, ours", ns("unprotect/cm_sha1_80"), "ns"),
        Line("SRTP, protect 1200 B, CM_SHA1_80, libsrtp2", ns("protect_libsrtp2/cm_sha1_80"), "ns"),
        Line("kind of a datagram", ns("classify"), "ns"),
        Line("RTP header with extensions", ns("rtp_header_and_extensions"), "ns"),
        Line("VP8 descriptor", ns("vp8_descriptor"), "ns"),
        Line("transport-cc about 50 packets, written and read", ns("transport_feedback_of_50"), "ns"),
        Line("STUN check, verified and answered", ns("stun_check_and_answer"), "ns"),
        Line("join: CPU of the bridge's ICE, DTLS and keys", float(least["join"]["bridge_us"]), "us"),
    ]
