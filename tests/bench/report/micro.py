"""Single steps: SRTP, parsers, a join. No goals by themselves, but where a goal is missed one sees why."""

from typing import Any

from .line import Line
from .programs import Programs


class Micro:
    def __init__(self, programs: Programs) -> None:
        self._least: dict[str, dict[str, Any]] = {}
        for run in programs.micro():
            if run["run_type"] == "iteration":
                name = run["run_name"].split("/iterations")[0]
                self._least[name] = min(run, self._least.get(name, run), key=lambda one: one["cpu_time"])

    def floor_join_us(self) -> float:
        """The server's half of a bare DTLS handshake with its keys."""
        return float(self._least["floor_join"]["server_us"])

    def join_us(self) -> float:
        """The bridge's half of a join between two transports of ours, without network."""
        return float(self._least["join"]["bridge_us"])

    def lines(self) -> list[Line]:
        openssl = self._ns("protect_openssl")
        return [
            Line("", "SRTP, protect 1200 B, GCM, ours", self._ns("protect/gcm"), "ns", openssl),
            Line("", "SRTP, unprotect 1200 B, GCM, ours", self._ns("unprotect/gcm"), "ns", openssl),
            Line("", "SRTP, protect 1200 B, GCM, libsrtp2", self._ns("protect_libsrtp2/gcm"), "ns", openssl),
            Line("", "SRTP, protect 1200 B, CM_SHA1_80, ours", self._ns("protect/cm_sha1_80"), "ns"),
            Line("", "SRTP, unprotect 1200 B, CM_SHA1_80, ours", self._ns("unprotect/cm_sha1_80"), "ns"),
            Line("", "SRTP, protect 1200 B, CM_SHA1_80, libsrtp2", self._ns("protect_libsrtp2/cm_sha1_80"), "ns"),
            Line("", "kind of a datagram", self._ns("classify"), "ns"),
            Line("", "RTP header with extensions", self._ns("rtp_header_and_extensions"), "ns"),
            Line("", "VP8 descriptor", self._ns("vp8_descriptor"), "ns"),
            Line("", "transport-cc about 50 packets, written and read", self._ns("transport_feedback_of_50"), "ns"),
            Line("", "STUN check, verified and answered", self._ns("stun_check_and_answer"), "ns"),
        ]

    def _ns(self, name: str) -> float:
        return float(self._least[name]["cpu_time"])
