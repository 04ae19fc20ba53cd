"""`fleet up`: backfiller and traders as processes of this machine, watched until somebody stops them."""

import argparse
import fcntl
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from config import environment
from config.settings import Settings
from db.filesystem import real
from domain.errors import ConfigError
from fleet.screen import Screen
from fleet.supervisor import Spec, Supervisor
from runtime.command import configured, prepared
from runtime.stop import Stop


def up(options: argparse.Namespace) -> int:
    """Run the configured fleet; returns the exit status. Raises ConfigError before anything is started."""
    settings, _ = configured(options)
    with alone(settings), Stop() as stop:
        prepared(settings, accept=options.accept)
        specs = workers(settings, options.traders, environment.child(settings.directory, settings.database))
        status, _ = supervised(settings, specs, stop, "tradefleet")
    return status


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Refuse to supervise a second fleet on one database, or one whose logs go to the same folder. Raises ConfigError
    that names the first; a lock that the kernel gives back when its holder dies tells.
    """
    folder = logs(settings)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "supervisor.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise ConfigError(
                f"another `fleet` runs already ({lock.read().strip() or 'it has just begun'}) and writes its logs to "
                f"{folder}. Stop it first, or name a database in another folder with --database"
            ) from error
        lock.truncate(0)
        lock.write(f"process {os.getpid()} on {settings.database}")
        lock.flush()
        yield


def workers(settings: Settings, traders: int | None, variables: Mapping[str, str]) -> list[Spec]:
    """A backfiller, and traders that share the strategies. Raises ConfigError where nothing is enabled."""
    if not any(each.enabled for each in settings.strategies):
        raise ConfigError(f"no strategy is enabled in {settings.directory / 'strategies'}: see docs/strategies.md")
    numbers = range(1, (traders or settings.supervision.traders) + 1)
    sharing = [Spec(name=f"trader-{number}", module="trader", environment=variables) for number in numbers]
    return [Spec(name="backfiller", module="backfiller", environment=variables), *sharing]


def supervised(
    settings: Settings, specs: Sequence[Spec], stop: Stop, title: str, seconds: float | None = None
) -> tuple[int, float | None]:
    """Run processes until `stop`, or for so many seconds; the exit status, and after how long the first trade came."""
    ends = None if seconds is None else time.monotonic() + seconds
    supervisor = Supervisor(specs, logs(settings), settings.supervision)
    with Screen(settings.database, title, ends) as screen:

        def look() -> None:
            screen.show()
            if ends is not None and time.monotonic() > ends:
                stop.set()

        return supervisor.run(stop, look), screen.first_trade


def logs(settings: Settings) -> Path:
    """Where every process writes what it does."""
    return real(settings.database).parent / "logs"
