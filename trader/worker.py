"""The trader: waits for candles and takes a turn whenever a series has advanced."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from db import candles, meta, strategies
from db.candles import Head
from db.connection import connect
from db.strategies import Leaving
from db.trading import Turn
from domain.candles import Series
from domain.decide import stale_after
from domain.errors import ConfigError
from runtime import clock, heartbeat, loop
from runtime.clock import Clock
from runtime.heartbeat import Heartbeat
from runtime.reload import Configuration
from runtime.stop import Stop
from trader import recall, roster
from trader.acting import Bell, context, sell_off, take_turn
from trader.desk import Desk
from trader.obedience import obey

log = structlog.get_logger()
LOOKS = 10  # looks at the file within the time after which an entry is stale


@dataclass(kw_only=True)
class Watch:
    """What the process has seen of the file: when it changed last, and how far each series had come."""

    desk: Desk
    clock: Clock
    heartbeat: Heartbeat
    configuration: Configuration
    strategy_ids: Sequence[str] = ()
    version: int = -1
    seen: dict[Series, int] = field(default_factory=dict)
    standby: bool = False
    leaving: list[Leaving] = field(default_factory=list)

    def turn(self) -> None:
        """Beat if it is time, and take a turn for every series that has advanced.

        SQLite's `data_version` tells in microseconds whether anybody has written since the last look.
        """
        if self.heartbeat.beat(self._detail()):
            if self.configuration.renewed():
                self._adopt()
            self._keep_seats()
        version = self.desk.db.data_version()
        if version != self.version:
            if self.desk.awaited:  # it may have been given back for us just now
                self._claim()
            obey(self.desk, self.clock.now_ms())
            for series, head in candles.heads(self.desk.db).items():
                self._look(series, head)
            if self.desk.selling & self.desk.seats.keys():  # the bars that were due are decided now
                obey(self.desk, self.clock.now_ms())
            self.version = version

    def _detail(self) -> dict[str, object]:
        """What the heartbeat tells."""
        return {"shares": self.desk.shares, "strategies": sorted(self.desk.seats), **self.configuration.told}

    def _adopt(self) -> None:
        """Go on under a new configuration; what it no longer has is drained. One that does not fit is refused."""
        settings = self.configuration.current[0]
        try:
            roster.wanted(settings, self.strategy_ids)
            roster.register(self.desk.db, settings, clock.now_ms())
        except ConfigError as error:
            self.configuration.refuse(str(error))
            return
        self.follow()

    def follow(self) -> None:
        """Trade what is configured now; a process that shares also drains what no longer is."""
        settings, kinds = self.configuration.current
        chosen = roster.wanted(settings, self.strategy_ids)
        going = recall.leaving(self.desk.db, kinds) if self.desk.shares else {}
        self.leaving = strategies.leaving(self.desk.db)
        self.desk.adopt(settings, chosen | going, roster.built(chosen | going, kinds), going.keys())
        self.version = -1

    def pause(self) -> float:
        """Real seconds between two looks: short enough for the shortest timeframe on an accelerated clock."""
        shortest = min((series.seconds for series in self.desk.series()), default=3600)
        in_time = self.clock.real_seconds(stale_after(shortest) * 1000) / LOOKS
        return min(self.desk.settings.supervision.poll, in_time)

    def _keep_seats(self) -> None:
        """Renew the leases, drain what has left the configuration, and take what has become free."""
        self.desk.renew()
        if strategies.leaving(self.desk.db) != self.leaving:
            self.follow()
        self._claim()

    def _claim(self) -> None:
        """Take what is ours and free; say when that is nothing at all."""
        if self.desk.claim():
            self.version, self.seen = -1, {}
        if self.standby != (not self.desk.seats):
            self.standby = not self.standby
            reason = "every strategy is traded by somebody else" if self.standby else "has strategies to trade"
            log.info("stands_by" if self.standby else "trades", holder=self.desk.holder, reason=reason)

    def _look(self, series: Series, head: Head) -> None:
        """A turn for one series, if it is ours and has advanced."""
        if series not in self.desk.series() or (head.last_timestamp <= self.seen.get(series, 0) and not head.state):
            return
        if self.desk.market(series) is None:  # the backfiller has not read the exchange's markets yet
            return
        bell = Bell(series=series, now_ms=self.clock.now_ms(), stored_ms=head.stored_ms)
        for turn in take_turn(self.desk, bell) + (sell_off(self.desk, bell, head.state) if head.state else []):
            _tell(turn, series)
        self.seen[series] = head.last_timestamp


def _tell(turn: Turn, series: Series) -> None:
    """The canonical line of a turn: what a strategy decided on its newest bar, and on how many bars in all."""
    last = turn.steps[-1]
    log.info(
        "turn",
        **context(turn, series),
        timestamp=last.bar.timestamp,
        action=last.verdict.action.value,
        reason=last.verdict.reason,
        equity=None if last.equity is None else str(last.equity),
        decisions=len(turn.steps),
    )


def run(configuration: Configuration, strategy_ids: Sequence[str], stop: Stop) -> int:
    """Trade the strategies with these ids (none: a fair part of all) until stopped; returns the exit status.

    Raises ConfigError before anything is traded where the configuration or the database does not fit.
    """
    settings = configuration.current[0]
    with connect(settings.database, any_filesystem=settings.any_filesystem) as db:
        meta.check_environment(db, settings.environment)
        roster.register(db, settings, clock.now_ms())
        who = heartbeat.worker("trader")
        desk = Desk(db=db, settings=settings, wanted={}, strategies={}, holder=who.worker_id, shares=not strategy_ids)
        with Heartbeat(db, who, settings.supervision.heartbeat) as beats:
            watch = Watch(
                desk=desk, clock=Clock.parse(meta.clock_text(db)), heartbeat=beats, configuration=configuration,
                strategy_ids=strategy_ids,
            )  # fmt: skip
            watch.follow()
            try:
                loop.turns(stop, watch.turn, watch.pause)
            finally:
                desk.release()
    return 0
