"""The trader: waits for candles and takes a turn whenever a series has advanced."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from config.settings import Settings, StrategySettings
from db import opened
from db.fleet import meta
from db.market_data import candles, exchanges
from domain.candles import SeriesState
from domain.decide import stale_after
from runtime import clock, heartbeat, loop
from runtime.clock import Clock
from runtime.heartbeat import Heartbeat
from runtime.reload import Configuration
from runtime.stop import Stop
from trader import draining, registration
from trader.assignments import REMOVED, Assignments
from trader.configuration_sync import ConfigurationSync
from trader.controls import apply_controls
from trader.deciding import SeriesAdvance
from trader.exchange_time import ExchangeTime
from trader.sales import sell_delisted
from trader.turn import take_due
from trader.turn_log import TurnLog

log = structlog.get_logger()
DAY = 86_400  # seconds
LOOKS = 10  # looks at the file within the time after which an entry is stale
EAGER = 0.01  # seconds between two looks while a bar is expected
BEFORE, AFTER = 2.0, 30.0  # seconds around its close, in which it is


@dataclass(kw_only=True)
class TraderWorker:
    """What the process has seen of the file: when it changed last, and whether it is behind with what was due then."""

    assignments: Assignments
    time: ExchangeTime
    configuration: Configuration
    sync: ConfigurationSync
    strategy_ids: Sequence[str] = ()
    version: int = -1
    behind: bool = False
    standby: bool = False
    shortest: int = DAY
    going: dict[str, StrategySettings] = field(default_factory=dict)
    turn_log: TurnLog = field(default_factory=lambda: TurnLog(clock.steady_ms()))

    def turn(self) -> None:
        """Beat if it is time, and decide a part of what is due, which never outlasts a third of the lease.

        SQLite's `data_version` tells in microseconds whether anybody has written since the last look.
        """
        if self.assignments.beats.beat(self._detail()):
            self.sync.who = self.assignments.beats.who
            self.assignments.drop_lost()
            self._claim()
            self._read_again()
            self.turn_log.tell(clock.steady_ms())
        version = self.assignments.db.data_version()
        if version != self.version or self.behind or self.assignments.failed_series.due:
            if self.assignments.awaited or self._others_changed():  # something may be free for us just now
                self._claim()
            apply_controls(self.assignments, self.time.clock.now_ms())
            self.behind = not self._advance()
            if self.assignments.selling & self.assignments.active.keys():  # the bars that were due are decided now
                apply_controls(self.assignments, self.time.clock.now_ms())
            self.version = version

    def _others_changed(self) -> bool:
        """Whether somebody with whom we share has come or gone."""
        return self.assignments.shares and self.assignments.leasing.others_changed()

    def _detail(self) -> dict[str, object]:
        """What the heartbeat tells. Whoever trades nothing, because its files differ, takes no part in the sharing."""
        shares = self.assignments.shares and not self.sync.differs
        trouble = self.assignments.failed_series.heartbeat_detail | self.sync.heartbeat_detail
        return {"shares": shares, "strategies": len(self.assignments.active), **trouble}

    def _read_again(self) -> None:
        """Follow the files and the database where either says something new. What fails here is tried again at the
        next heartbeat; the leases are renewed by then.
        """
        self.configuration.reload_if_changed()
        if self.sync.settled() or self._going() != self.going:
            self.follow()
            self._claim()

    def follow(self) -> None:
        """Trade what is configured now; what may only exit is traded as its last run was configured."""
        settings, kinds = self.configuration.current
        self.going = self._going()
        chosen = {} if self.sync.differs else registration.wanted(settings, self.strategy_ids, strict=False)
        fit = {one: each for one, each in chosen.items() if one not in self.sync.troubles}
        wanted = fit | self.going
        draining, unread = self._barred(settings)
        self.assignments.adopt(settings, wanted, registration.built(wanted, kinds), draining, unread)
        self.version = -1

    def _barred(self, settings: Settings) -> tuple[dict[str, str], dict[str, str]]:
        """Why those in `going` may not enter: those to be let go of once flat, and those whose file cannot be read."""
        troubles, unread = self.sync.troubles, settings.unread
        draining = {one: f"exits only: {troubles[one]}" if one in troubles else REMOVED for one in self.going}
        broken = {one: f"exits only, its file cannot be read: {why}" for one, why in unread.items() if one in draining}
        return {one: why for one, why in draining.items() if one not in broken}, broken

    def _going(self) -> dict[str, StrategySettings]:
        """What we are to trade without entries, as the database knows it."""
        if self.sync.differs:
            return {}
        db, unread = self.assignments.db, self.configuration.current[0].unread
        found = draining.removed(db) | draining.holding(db, self.sync.troubles) | draining.unread(db, unread)
        return {one: each for one, each in found.items() if not self.strategy_ids or one in self.strategy_ids}

    def pause(self) -> float:
        """Real seconds between two looks: short enough for the shortest timeframe on an accelerated clock; hardly any
        while a bar is expected, none while something is due.
        """
        if self.behind:
            return 0.0
        in_time = self.time.clock.real_seconds(stale_after(self.shortest) * 1000) / LOOKS
        poll = self.assignments.settings.supervision.poll
        return min(poll, in_time, EAGER if self._bar_expected() else poll)

    def _bar_expected(self) -> bool:
        """Whether a bar of ours closes in a moment or has just closed, and is not decided."""
        candle_time = self.time.clock
        now_ms = candle_time.now_ms()
        ago = (candle_time.real_seconds(now_ms - 1000 * close) for close in self.assignments.active.closes())
        return any(-BEFORE <= seconds < AFTER for seconds in ago)

    def _claim(self) -> None:
        """Take what is ours and free; say when that is nothing at all."""
        if self.assignments.claim():
            self.version = -1
        mine = self.assignments.active.series
        self.assignments.failed_series.forget(mine)
        self.shortest = min((series.seconds for series in mine), default=DAY)
        if self.standby != (not self.assignments.active):
            self.standby = not self.standby
            reason = "every strategy is traded by somebody else" if self.standby else "has strategies to trade"
            log.info("stands_by" if self.standby else "trades", holder=self.assignments.holder, reason=reason)

    def _advance(self) -> bool:
        """A part of the turns for our series that have advanced, each up to its head; whether nothing is left of them.

        What is held of a series whose market is gone follows once all bars are decided.
        """
        due = candles.due(self.assignments.db, self.assignments.active.decided())
        known = exchanges.offsets(self.assignments.db)  # read after the candles they belong to
        offsets = dict.fromkeys((each.exchange for each in due), 0) | known
        now_ms, elapsed, seen_ms = self.time.now(offsets), self.time.elapsed(), clock.now_ms()
        advances = {
            series: SeriesAdvance(
                series=series,
                now_ms=now_ms[series.exchange],
                stored_ms=head.stored_ms,
                seen_ms=seen_ms,
                upto=head.last_timestamp,
            )
            for series, head in due.items()
        }
        turns, whole = take_due(self.assignments, list(advances.values()), elapsed)
        for turn in turns:
            self.turn_log.add(turn, self.assignments.wanted[turn.strategy_id].series)
        reasons = {series: head.state or "" for series, head in due.items() if head.state_code is SeriesState.DELISTED}
        return whole and sell_delisted(
            self.assignments, {advances[series]: reason for series, reason in reasons.items()}
        )


def run(configuration: Configuration, strategy_ids: Sequence[str], stop: Stop) -> int:
    """Trade the strategies with these ids (none: a fair part of all) until stopped; returns the exit status.

    Raises ConfigError before anything is traded where the configuration or the database does not fit.
    """
    settings = configuration.current[0]
    with opened(settings.database, any_filesystem=settings.any_filesystem) as db:
        meta.check_environment(db, settings.environment)
        registration.wanted(settings, strategy_ids)
        who = heartbeat.worker("trader")
        sync = ConfigurationSync(db=db, who=who, configuration=configuration, now_ms=clock.now_ms)
        with Heartbeat(db, who, settings.supervision) as beats:
            assignments = Assignments(
                db=db, settings=settings, wanted={}, built={}, beats=beats, shares=not strategy_ids
            )
            worker = TraderWorker(
                assignments=assignments, time=ExchangeTime(Clock.parse(meta.clock_text(db))),
                configuration=configuration, sync=sync, strategy_ids=strategy_ids,
            )  # fmt: skip
            try:
                loop.turns(stop, worker.turn, worker.pause)
            finally:
                worker.turn_log.tell(clock.steady_ms(), last=True)
                assignments.release()
    return 0
