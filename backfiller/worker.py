"""The backfiller: the threads of the exchanges and a main thread, begun anew under each configuration."""

import sys
from collections.abc import Iterable

from backfiller import fetch_status, selection
from backfiller.configuration_check import ConfigurationCheck
from backfiller.exchange_threads import ExchangeThreads
from backfiller.main_thread import MainThread
from backfiller.progress import Progress
from db import opened
from db.fleet import meta
from runtime import agreement, heartbeat
from runtime.clock import Clock
from runtime.heartbeat import Heartbeat
from runtime.reload import Configuration
from runtime.stop import Stop


def run(configuration: Configuration, only: Iterable[str], stop: Stop, *, once: bool) -> int:
    """Fill the configured series, and follow them unless `once`; returns the exit status.

    `only` names series as ``binance:BTC/USDT:1h``, none for all. With `once` 1 where something could not be fetched.
    Raises ConfigError where the database or a name does not fit. A changed configuration is followed as it is read.
    """
    names, settings = frozenset(only), configuration.current[0]
    with opened(settings.database, any_filesystem=settings.any_filesystem) as db:
        meta.check_environment(db, settings.environment)
        clock, kept = Clock.parse(meta.clock_text(db)), selection.kept(settings, names, db)
        agreement.store_last_good(db, settings, runs=not once)
        check = ConfigurationCheck(db=db, configuration=configuration)
        with Heartbeat(db, heartbeat.worker("backfiller"), settings.supervision) as beats:
            while True:
                threads = ExchangeThreads(configuration.current[0], kept, clock, once=once)
                with Progress(threads.statuses, terminal=sys.stderr.isatty() and once) as progress:
                    MainThread(
                        db=db, beats=beats, progress=progress, configuration_check=check, only=names, threads=threads
                    ).run(stop)
                if once or stop.stopped:
                    return 0 if stop.stopped else fetch_status.exit_status(threads.statuses)
                kept = selection.kept_now(configuration, names, db, kept)
