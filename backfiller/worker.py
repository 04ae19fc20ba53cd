"""The backfiller: the threads of the exchanges and a main thread, begun anew under each configuration."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from backfiller import fetch_status, selection
from backfiller.configuration_check import ConfigurationCheck
from backfiller.exchange_threads import ExchangeThreads
from backfiller.main_thread import MainThread
from backfiller.options import BackfillOptions
from backfiller.progress import Progress
from config.settings import Settings
from db import opened
from db.database import Database
from db.fleet import leases, meta
from runtime import agreement, heartbeat
from runtime.clock import Clock
from runtime.heartbeat import Heartbeat
from runtime.reload import Configuration
from runtime.stop import Stop


def run(configuration: Configuration, options: BackfillOptions, stop: Stop) -> int:
    """Fill the configured series, and follow them unless `options` say `once`; returns the exit status: then 1 where
    something could not be fetched.

    Raises ConfigError where the database or a name does not fit. A changed configuration is followed as it is read.
    """
    names, settings = options.only, configuration.current[0]
    with opened(settings.database, any_filesystem=settings.any_filesystem) as db:
        meta.check_environment(db, settings.environment)
        clock, kept = Clock.parse(meta.clock_text(db)), selection.kept(settings, names, db)
        agreement.store_last_good(db, settings, runs=not options.once)
        check = ConfigurationCheck(db=db, configuration=configuration)
        with _life(db, settings) as beats:
            while True:
                threads = ExchangeThreads(configuration.current[0], kept, clock, beats, options)
                with Progress(threads.statuses, terminal=sys.stderr.isatty() and options.once) as progress:
                    MainThread(
                        db=db, beats=beats, progress=progress, configuration_check=check, only=names, threads=threads
                    ).run(stop)
                if options.once or stop.stopped:
                    return 0 if stop.stopped else fetch_status.exit_status(threads.statuses)
                kept = selection.kept_now(configuration, names, db, kept)
                threads.retire(db, kept)


@contextmanager
def _life(db: Database, settings: Settings) -> Iterator[Heartbeat]:
    """The life of this process; whoever stands by acts at once after it."""
    with Heartbeat(db, heartbeat.worker("backfiller"), settings.supervision) as beats:
        try:
            yield beats
        finally:
            leases.release(db, beats.holder)
