"""Keeps the services running: one thread, one loop over their output and their ends.

What a service prints stays in memory (the last lines only); what it prints while a terminal watches is shown there.
"""

import collections
import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .console import Failure, say

KEPT_LINES = 60
FIRST_DELAY = 0.1  # seconds before the first restart; doubled while the service keeps failing
LONGEST_DELAY = 10.0
STEADY = 20.0  # seconds after which a service counts as started well
PATIENCE = 5.0  # seconds between asking a service to end and ending it


@dataclass
class Service:
    name: str
    command: list[str]
    healthy: Callable[[], bool]
    folder: str = "/"
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    lines: collections.deque[str] = field(default_factory=lambda: collections.deque(maxlen=KEPT_LINES))
    started: float = 0.0
    due: float | None = None  # when to start it again
    delay: float = FIRST_DELAY
    restarts: int = 0


class Supervisor:
    def __init__(self, on_change: Callable[[], None], shown: bool) -> None:
        self.services: list[Service] = []
        self.stopping = False
        self._on_change = on_change
        self._shown = shown
        self._selector = selectors.DefaultSelector()
        self._wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake_write)
        self._selector.register(self._wake_read, selectors.EVENT_READ, None)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_stop_signal)

    def start(self, services: list[Service], patience: float) -> None:
        """Starts them and returns when all are healthy; a service that ends meanwhile is a failure."""
        for service in services:
            self.services.append(service)
            self._launch(service)
        waiting, deadline = list(services), time.monotonic() + patience
        while waiting and not self.stopping:
            self._turn(0.02)
            for service in waiting:
                if service.process is None or service.process.poll() is not None:
                    self._drain(service)
                    raise Failure(f"{service.name} ended while it started: {_last(service)}")
            waiting = [service for service in waiting if not service.healthy()]
            if waiting and time.monotonic() > deadline:
                raise Failure(f"{waiting[0].name} did not become healthy in {patience:.0f} s: {_last(waiting[0])}")

    def run(self) -> None:
        """Until somebody asks to stop."""
        while not self.stopping:
            self._turn(self._until_due())
            for service in self.services:
                self._revive(service)

    def stop(self) -> None:
        """Ends all services, the last started first."""
        self.stopping = True
        for service in reversed(self.services):
            self._signal(service, service.stop_signal)
        deadline = time.monotonic() + PATIENCE
        while any(_alive(s) for s in self.services) and time.monotonic() < deadline:
            self._turn(0.05)
        for service in self.services:
            self._signal(service, signal.SIGKILL)
            if service.process:
                service.process.wait()

    def state(self) -> dict[str, dict[str, object]]:
        return {
            service.name: {
                "state": "running" if _alive(service) else "waiting",
                "pid": service.process.pid if service.process and _alive(service) else None,
                "restarts": service.restarts,
            }
            for service in self.services
        }

    def _on_stop_signal(self, *_: object) -> None:
        self.stopping = True

    def _launch(self, service: Service) -> None:
        service.process = subprocess.Popen(
            service.command,
            cwd=service.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        service.started = time.monotonic()
        service.due = None
        assert service.process.stdout
        os.set_blocking(service.process.stdout.fileno(), False)
        self._selector.register(service.process.stdout, selectors.EVENT_READ, service)
        self._on_change()

    def _turn(self, timeout: float | None) -> None:
        for key, _ in self._selector.select(timeout):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake_read, 4096)
            else:
                self._drain(key.data)

    def _drain(self, service: Service) -> None:
        assert service.process and service.process.stdout
        stream = service.process.stdout
        if stream.closed:
            return
        try:
            text = os.read(stream.fileno(), 65536)
        except BlockingIOError:
            return
        if not text:
            self._selector.unregister(stream)
            stream.close()
        for line in text.decode(errors="replace").splitlines():
            service.lines.append(line)
            if self._shown:
                say(f"{service.name}: {line}")

    def _revive(self, service: Service) -> None:
        now = time.monotonic()
        if service.due is not None:
            if now >= service.due:
                service.restarts += 1
                self._launch(service)
            return
        assert service.process
        code = service.process.poll()
        if code is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(service.process.pid, signal.SIGKILL)  # what it may have left of itself
        if now - service.started > STEADY:
            service.delay = FIRST_DELAY
        service.due = now + service.delay
        service.delay = min(service.delay * 2, LONGEST_DELAY)
        say(f"{service.name} ended ({_how(code)}) and is started again")
        self._on_change()

    def _until_due(self) -> float | None:
        dues = [service.due for service in self.services if service.due is not None]
        return max(min(dues) - time.monotonic(), 0.0) if dues else None

    @staticmethod
    def _signal(service: Service, number: signal.Signals) -> None:
        if service.process and service.process.poll() is None:
            service.process.send_signal(number)


def _alive(service: Service) -> bool:
    return service.process is not None and service.process.poll() is None


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"status {code}"


def _last(service: Service) -> str:
    return service.lines[-1] if service.lines else "it said nothing."
