"""The local supervisor: starts the processes of a fleet, restarts what dies, and stops them all."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from config.settings import Supervision
from domain.errors import Unavailable
from domain.file_errors import translated
from domain.small_files import SIZE, Unfit, opened, why
from runtime.log_file import LogFile
from runtime.retry import Backoff
from runtime.stop import Stop

log = structlog.get_logger()
STEADY = 60.0  # seconds a process must have lived for its next restart to come at once
WRONG = 2  # exit status of a process that needs a person
LOOK = 0.1  # seconds between two looks at the processes
AGAIN = 60.0  # seconds after which a process that needs a person is tried again
TOLD = 4000  # characters of what a process said last that are repeated


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One process: its name, the module to run, its arguments and its environment."""

    name: str
    module: str
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


class Process:
    """One supervised process. Its output goes to `logs`/NAME.log. `died` is called when it has ended unasked."""

    def __init__(self, spec: Spec, logs: Path, rules: Supervision, died: Callable[[], object]) -> None:
        self.spec, self._log, self._tell = spec, logs / f"{spec.name}.log", died
        self._rules = rules
        self._backoff = Backoff(rules.restart_first, rules.restart_limit)
        self._child: subprocess.Popen[bytes] | None = None
        self._started, self._due, self.restarts, self.given_up = 0.0, 0.0, -1, False
        self._said = 0  # bytes of the log before its start

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id, None while it does not run."""
        return self._child.pid if self._child is not None and self.alive else None

    def watch(self, now: float) -> None:
        """Start it, or start it again once its back-off is over; `now` in monotonic seconds."""
        if self.alive:
            return
        if self._child is not None:
            self._died(self._child, now)
        if self._child is None and now >= self._due:
            try:
                with translated():
                    self._start(now)
            except Unavailable as error:
                self._due = now + self._backoff.next()
                log.error("not_started", process=self.spec.name, why=str(error))  # noqa: TRY400  the message says it

    def retry(self) -> None:
        """Try it again at the next look where it needed a person: somebody has changed something."""
        if self.given_up:
            self._due = 0.0

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if self._child is not None:
            with suppress(ProcessLookupError):
                self._child.send_signal(number)

    def wait(self, seconds: float) -> None:
        """Wait for its end, at most so long."""
        if self._child is not None:
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(seconds)

    def _start(self, now: float) -> None:
        keep = self._rules.log_bytes
        own = [str(os.getpid()), "--log", str(self._log), str(keep)]
        command = [sys.executable, "-P", "-m", "fleet.child", *own, self.spec.module, *self.spec.arguments]
        with os.fdopen(LogFile(self._log, keep).open(), "ab") as output:
            self._said = output.tell()
            self._child = subprocess.Popen(  # noqa: S603  our own interpreter and modules
                command,
                env=dict(self.spec.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops its processes in order
            )
        self._started, self.restarts, self.given_up = now, self.restarts + 1, False
        log.info("started", process=self.spec.name, pid=self._child.pid, restarts=self.restarts)

    def _died(self, child: subprocess.Popen[bytes], now: float) -> None:
        """Plan its restart. One that says that it is used wrongly needs a person: it waits until the files change, or
        a minute, for what was wrong may lie elsewhere.
        """
        self._child = None
        self._tell()
        if child.returncode == WRONG:
            self.given_up, self._due = True, now + AGAIN
            log.error("needs_a_person", process=self.spec.name, why=self._why(), see=str(self._log))
            return
        if now - self._started > STEADY:
            self._backoff.reset()
        wait = self._backoff.next()
        self._due = now + wait
        log.warning("died", process=self.spec.name, exit_status=child.returncode, restart_seconds=round(wait, 1))

    def _why(self) -> str:
        """What it said last: the lines of its log that are for people."""
        try:
            with os.fdopen(opened(self._log), "rb") as said:
                size = os.fstat(said.fileno()).st_size
                said.seek(max(self._said if self._said <= size else 0, size - SIZE))  # it was put aside meanwhile
                lines = said.read(SIZE).decode(errors="replace").splitlines()
        except (OSError, Unfit) as error:
            return f"its log {why(error)}"
        return "\n".join(line for line in lines if not line.startswith("{"))[-TOLD:]


class Supervisor:
    """The processes of a fleet, in the order in which they start; they are stopped in the reverse order. `died` is
    called whenever one has ended unasked.
    """

    def __init__(
        self, specs: Sequence[Spec], logs: Path, rules: Supervision, died: Callable[[], object] = lambda: None
    ) -> None:
        self.processes = [Process(spec, logs, rules, died) for spec in specs]
        self._rules = rules

    def run(self, stop: Stop, look: Callable[[], object] = lambda: None) -> int:
        """Keep them running until asked to stop; `look` is called between two looks. Returns the exit status.

        One that needs a person holds up no other: 1 when every process does, else 0. Whatever happens, no process is
        left behind.
        """
        try:
            while not stop.stopped:
                for process in self.processes:
                    process.watch(time.monotonic())
                if all(process.given_up for process in self.processes):
                    return 1
                look()
                stop.wait(LOOK)
        finally:
            self.drain()
        return 0

    def retry(self) -> None:
        """Try those again that need a person."""
        for process in self.processes:
            process.retry()

    @property
    def waits(self) -> bool:
        """Whether a process needs a person."""
        return any(process.given_up for process in self.processes)

    def drain(self) -> None:
        """Ask them all to stop, and kill what has not after the time the configuration allows."""
        end = time.monotonic() + self._rules.drain * 0.9
        for process in reversed(self.processes):
            process.signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(max(0.0, end - time.monotonic()))
            if process.alive:
                log.warning("killed", process=process.spec.name, drain_seconds=self._rules.drain)
                process.signal(signal.SIGKILL)
                process.wait(1.0)
