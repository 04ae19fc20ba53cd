"""`fleet up`: backfiller and traders as processes of this machine, watched until somebody stops them."""

import argparse
import fcntl
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

from config import environment
from config.settings import Settings
from db import opened
from db.database import Database
from db.reading.status import strategies
from db.sqlite import private
from db.sqlite.filesystem import real
from domain import small_files
from domain.errors import ConfigError, FleetError, Unavailable
from domain.file_errors import translated
from domain.text import counted
from fleet.screen import Screen
from fleet.supervisor import Spec, Supervisor
from runtime import agreement, heartbeat
from runtime.command import configured, prepared
from runtime.last_good import configured_or_last_good
from runtime.log import without_events
from runtime.output import warn
from runtime.reload import fingerprint
from runtime.stop import Stop

log = structlog.get_logger()
TOLD = 1_000  # characters of what another fleet says of itself
EVERY = 2.0  # seconds between two looks at the files


def up(options: argparse.Namespace) -> int:
    """Run the configured fleet; returns the exit status. Raises ConfigError before anything is started.

    Where nobody watches (after a power cut, say), or with --last-good, broken files cost what they describe only.
    """
    watched = sys.stdout.isatty() and not options.last_good
    settings, _ = (configured if watched else configured_or_last_good)(options)
    if settings.complaint is not None:
        warn(f"starts with what was good before:\n{settings.complaint}")
    with only_supervisor(settings), Stop() as stop:
        prepared(settings, accept=options.accept)
        with opened(settings.database, any_filesystem=settings.any_filesystem) as db:
            agreement.store_last_good(db, settings)
            before = _traded(db)
        specs = workers(settings, options.traders, environment.child(settings.directory, settings.database))
        status, _ = supervised(settings, specs, stop, "tradefleet")
    warn(_closing(settings, before))
    return status


def _traded(db: Database) -> int:
    """How often all strategies have traded."""
    return sum(row["total_trades"] for row in strategies(db))


def _closing(settings: Settings, before: int) -> str:
    """What was done since there were `before` trades, and where to read more."""
    try:
        with opened(settings.database, read_only=True) as db:
            made = f": {counted(max(0, _traded(db) - before), 'trade')} since its start"
    except FleetError:
        made = ""  # the file is gone: its workers have said so
    return f"stopped{made}. `fleet report` says how they did, the logs are in {logs(settings)}: `fleet logs`"


@contextmanager
def only_supervisor(settings: Settings) -> Iterator[None]:
    """Refuse to supervise a second fleet on one database, or one whose logs go to the same folder. Raises ConfigError
    that names the first; a lock that the kernel gives back when its holder dies tells.
    """
    file = logs(settings) / "supervisor.lock"
    with translated():
        private.folder(file.parent)
        private.create(file)
    with translated(file):
        descriptor = small_files.opened(file, os.O_RDWR, links=False)
    with os.fdopen(descriptor, "r+", encoding="utf-8", errors="replace") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            first = lock.read(TOLD).strip() or "it has just begun"
            raise ConfigError(
                f"another `fleet` runs already ({first}) and writes its logs to {file.parent}. Stop it first, or "
                "name a database in another folder with --database"
            ) from error
        lock.truncate(0)
        lock.write(f"process {os.getpid()} on {settings.database}")
        lock.flush()
        yield


def workers(settings: Settings, traders: int | None, variables: Mapping[str, str]) -> list[Spec]:
    """A backfiller, and traders that share the strategies. Raises ConfigError where nothing is enabled."""
    if not settings.unread and not any(each.enabled for each in settings.strategies):
        raise ConfigError(
            f"no strategy is enabled in {settings.directory / 'strategies'}: put a file there, such as "
            "those of `fleet init`"
        )
    numbers = range(1, (traders or settings.supervision.traders) + 1)
    sharing = [Spec(name=f"trader-{number}", module="trader", environment=variables) for number in numbers]
    return [Spec(name="backfiller", module="backfiller", environment=variables), *sharing]


def supervised(
    settings: Settings, specs: Sequence[Spec], stop: Stop, title: str, passed: Callable[[int], str] | None = None
) -> tuple[int, float | None]:
    """Run processes until `stop`; the exit status, and after how long the first trade came. `passed` says how much is
    over at a candle time (ms).
    """
    supervisor = Supervisor(specs, logs(settings), settings.supervision, died=lambda: _free_what_they_held(settings))
    files = WatchedFiles(settings)
    unsaid = ("started",) if sys.stdout.isatty() and sys.stderr.isatty() else ()  # the live table shows that
    with without_events(*unsaid), Screen(settings.database, title, passed) as screen:

        def show(*, last: bool = False) -> None:
            with suppress(Unavailable), translated("stdout"):  # what is shown is lost, the fleet goes on
                screen.show(last=last)

        def look() -> None:
            show()
            if supervisor.waits and files.changed():
                supervisor.retry()

        status = supervisor.run(stop, look)
        show(last=True)
        return status, screen.first_trade


def _free_what_they_held(settings: Settings) -> None:
    """A process of ours has died: others act at once for what it held. Nobody is waited for meanwhile."""

    def free() -> None:
        try:
            with opened(settings.database, any_filesystem=settings.any_filesystem) as db:
                heartbeat.end_the_dead(db)
        except FleetError as error:
            log.warning("not_freed", error=str(error), reason="what it held is free when its lease runs out")

    threading.Thread(target=free, daemon=True).start()


class WatchedFiles:
    """The files of a configuration, looked at every few seconds."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._seen, self._due = settings, fingerprint(settings), 0.0

    def changed(self) -> bool:
        """Whether they have changed since the last look that found them so."""
        if time.monotonic() < self._due:
            return False
        before, self._seen, self._due = self._seen, fingerprint(self._settings), time.monotonic() + EVERY
        return before != self._seen


def logs(settings: Settings) -> Path:
    """Where every process writes what it does."""
    return real(settings.database).parent / "logs"
