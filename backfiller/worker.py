"""The backfiller: one thread for each exchange, so that a dead one holds up nobody; heartbeats and retention beside."""

import sys
import threading
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import NamedTuple

import structlog

from backfiller import plan, selection, unwanted
from backfiller.backfill_once import backfill_once
from backfiller.configuration_check import ConfigurationCheck
from backfiller.exchange_backfiller import ExchangeBackfiller
from backfiller.progress import Progress
from backfiller.series_fetcher import FetchStatus, SeriesFetcher
from config.fleet_file import exchange_defaults
from config.settings import ExchangeSettings, SeriesSettings, Settings
from db.fleet import meta
from db.fleet.budgets import Budget
from db.market_data import candles
from db.sqlite.connection import Database, connect
from db.trading import retention
from domain.candles import Series
from domain.errors import DatabaseLost, FleetError
from domain.exchanges import CLOSED
from exchange import ccxt_exchange
from exchange.capabilities import capabilities
from exchange.ccxt_exchange import Connection
from exchange.markets import Costs
from runtime import agreement, heartbeat
from runtime.clock import Clock, raw_ms, steady_ms
from runtime.heartbeat import Heartbeat
from runtime.output import warn
from runtime.reload import Configuration
from runtime.retry import Backoff
from runtime.stop import Stop

log = structlog.get_logger()
LOOK = 0.2  # seconds between two looks of the main thread
PRUNE_EVERY = 3_600_000  # real milliseconds between two looks for old rows; while there are any, one step a look
TELL_EVERY = 60_000  # real milliseconds between two lines that say how it goes


@dataclass(kw_only=True)
class ExchangeThreads:
    """The threads of one backfiller and what they have done so far. `followed`: the series of each exchange, those that
    others are made from too. `settled`: what nobody wants any more is out of the way.
    """

    settings: Settings
    kept: tuple[SeriesSettings, ...]
    clock: Clock
    stop: Stop
    once: bool
    statuses: dict[str, FetchStatus] = field(default_factory=dict)
    threads: list[threading.Thread] = field(default_factory=list)
    lost: DatabaseLost | None = None
    followed: dict[str, Set[Series]] = field(default_factory=dict)
    settled: bool = False

    def start(self) -> None:
        """A thread for every exchange that has a series."""
        for name in sorted({each.series.exchange for each in self.kept}):
            self.statuses[name] = FetchStatus()
            self.threads.append(threading.Thread(target=self._run, args=(name,), name=name, daemon=True))
        for thread in self.threads:
            thread.start()

    @property
    def running(self) -> bool:
        """Whether a thread still works."""
        return any(thread.is_alive() for thread in self.threads)

    def join(self, seconds: float) -> None:
        """Wait for the threads to end."""
        for thread in self.threads:
            thread.join(seconds)

    def _run(self, name: str) -> None:
        """The life of one thread. Whatever goes wrong in it is logged and tried again: the one broad except of it."""
        if name in CLOSED:
            self.statuses[name].state = "is closed: nothing is fetched, its candles can be imported and replayed"
            return
        backoff = Backoff(1.0, 60.0)
        while not self.stop.stopped:
            try:
                with connect(self.settings.database, any_filesystem=self.settings.any_filesystem) as db:
                    self._backfill(db, self.settings.exchanges.get(name) or exchange_defaults(name))
                break
            except DatabaseLost as error:  # for everybody, and for good: the main thread ends the process
                self.lost = error
                return
            except Exception as error:
                log.exception("exchange_thread_failed", exchange=name)
                self.statuses[name].state = f"failed: {error}"
                if self.once:
                    return
                self.stop.wait(backoff.next())

    def _backfill(self, db: Database, exchange: ExchangeSettings) -> None:
        """Fill, and follow unless told to do it once."""
        rate = exchange.rate or capabilities(exchange.name).requests_per_second
        budget = Budget(db, {exchange.name: rate}, lambda: self.stop.stopped)
        asked = ccxt_exchange.connect(exchange.name, budget, connection(exchange))
        try:
            mine = [each for each in self.kept if each.series.exchange == exchange.name]
            fetcher = SeriesFetcher(
                db=db, exchange=asked, settle=exchange.settle, clock=self.clock, stop=self.stop,
                status=self.statuses[exchange.name],
            )  # fmt: skip
            symbols = frozenset(each.series.symbol for each in mine)
            wanted = plan.wanted(mine, asked.timeframes())
            self.followed[exchange.name] = wanted.keys()
            exchange_backfiller = ExchangeBackfiller(
                fetcher=fetcher, wanted=wanted, symbols=symbols, delisted_after=exchange.delisted.after,
            )  # fmt: skip
            backfill_once(exchange_backfiller) if self.once else exchange_backfiller.run()
        finally:
            asked.close()


class MainThread(NamedTuple):
    """What the main thread uses while the others work."""

    db: Database
    beats: Heartbeat
    progress: Progress
    configuration_check: ConfigurationCheck
    only: Set[str]


def connection(exchange: ExchangeSettings) -> Connection:
    """How an exchange is reached, by its settings."""
    costs = Costs(taker=exchange.taker, maker=exchange.maker, min_cost=exchange.min_cost)
    return Connection(
        base_url=exchange.base_url, timeout=exchange.timeout, aliases=exchange.aliases, costs=costs, raw_ms=raw_ms
    )


def run(configuration: Configuration, only: Iterable[str], stop: Stop, *, once: bool) -> int:
    """Fill the configured series, and follow them unless `once`; returns the exit status.

    `only` names series as ``binance:BTC/USDT:1h``, none for all. With `once` 1 where something could not be fetched.
    Raises ConfigError where the database or a name does not fit. A changed configuration is followed as it is read.
    """
    names = set(only)
    settings = configuration.current[0]
    with connect(settings.database, any_filesystem=settings.any_filesystem) as db:
        meta.check_environment(db, settings.environment)
        clock, kept = Clock.parse(meta.clock_text(db)), selection.kept(settings, names, db)
        agreement.store_last_good(db, settings, runs=not once)
        configuration_check = ConfigurationCheck(db=db, configuration=configuration)
        with Heartbeat(db, heartbeat.worker("backfiller"), settings.supervision.heartbeat) as beats:
            while True:
                threads = ExchangeThreads(
                    settings=configuration.current[0], kept=kept, clock=clock, stop=Stop(), once=once
                )
                with Progress(threads.statuses, terminal=sys.stderr.isatty() and once) as progress:
                    _work(threads, MainThread(db, beats, progress, configuration_check, names), stop)
                if once or stop.stopped:
                    return 0 if stop.stopped else _verdict(threads.statuses)
                kept = selection.kept_now(configuration, names, db, kept)


def _work(threads: ExchangeThreads, main_thread: MainThread, stop: Stop) -> None:
    """Let the threads work until they have ended, the configuration has changed or somebody asks to stop."""
    threads.start()
    try:
        _watch(threads, main_thread, stop)
    finally:
        threads.stop.set()
        threads.join(threads.settings.supervision.drain)
    if threads.lost is not None:
        raise threads.lost


def _watch(threads: ExchangeThreads, main_thread: MainThread, stop: Stop) -> None:
    """Until the threads have ended, the configuration has changed or somebody asks to stop: beat, prune, show."""
    db, beats, progress, configuration_check, only = main_thread
    prune_ms, told = steady_ms(), steady_ms()
    while threads.running and threads.lost is None and not stop.stopped:
        try:
            detail = _detail(threads.statuses) | selection.heartbeat_detail(only)
            if beats.beat(detail | configuration_check.heartbeat_detail):
                configuration_check.run()
                _settle(threads, main_thread)
                if configuration_check.configuration.reload_if_changed() or _outgrown(threads, main_thread):
                    return
            if steady_ms() >= prune_ms:
                days = threads.settings.retention
                step = retention.step(db, threads.clock.now_ms(), days.decisions, days.equity)
                prune_ms = steady_ms() + (PRUNE_EVERY if step.done else 0)
        except DatabaseLost:
            raise
        except FleetError as error:  # the disk may be full for a while: the threads find out by themselves
            log.warning("turn_failed", error=str(error))
        progress.show()
        if steady_ms() - told > TELL_EVERY:
            log.info("turn", **_detail(threads.statuses), series=len(candles.heads(db)))
            told = steady_ms()
        stop.wait(LOOK)
    progress.show()


def _settle(threads: ExchangeThreads, main_thread: MainThread) -> None:
    """Once after the files were read: series that nobody wants any more stand nowhere as a trouble. Not where the files
    are broken or others count, nor where a person has told us some series only: then we do not know what is wanted.
    """
    unsure = main_thread.only or main_thread.configuration_check.heartbeat_detail
    if not threads.settled and not unsure and threads.followed.keys() == threads.statuses.keys():
        threads.settled = unwanted.settle(main_thread.db, frozenset().union(*threads.followed.values()))


def _outgrown(threads: ExchangeThreads, main_thread: MainThread) -> bool:
    """Whether a series has to be kept that no thread follows: a strategy entered while its file was removed."""
    return not main_thread.only and bool(
        set(selection.with_drained(threads.settings, main_thread.db)) - set(threads.kept)
    )


def _detail(statuses: Mapping[str, FetchStatus]) -> dict[str, object]:
    """What the heartbeat tells."""
    return {
        "exchanges": {name: status.state for name, status in statuses.items()},
        "candles": sum(status.stored for status in statuses.values()),
        "requests": sum(status.requests for status in statuses.values()),
    }


def _verdict(statuses: Mapping[str, FetchStatus]) -> int:
    """Say what was fetched and what could not be."""
    done = sum(status.stored for status in statuses.values())
    log.info("backfilled", candles=done, requests=sum(status.requests for status in statuses.values()))
    failed = {series: reason for status in statuses.values() for series, reason in status.failed.items()}
    broken = {name: status.state for name, status in statuses.items() if status.state != "ok"}
    for series, reason in failed.items():
        warn(f"{series}: {reason}")
    for name, reason in broken.items():
        warn(f"{name}: {reason}")
    return 1 if failed or broken else 0
