"""The trader: waits for candles and takes a turn whenever a series has advanced."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from db import candles, exchanges, meta, strategies
from db.connection import connect
from db.strategies import Leaving
from domain.candles import SeriesState
from domain.decide import stale_after
from domain.errors import ConfigError
from runtime import clock, heartbeat, loop
from runtime.clock import Clock
from runtime.heartbeat import Heartbeat
from runtime.reload import Configuration
from runtime.stop import Stop
from trader import recall, roster
from trader.acting import advance, sell_off
from trader.desk import Desk
from trader.obedience import obey
from trader.telling import Tally
from trader.walking import Bell

log = structlog.get_logger()
DAY = 86_400  # seconds
LOOKS = 10  # looks at the file within the time after which an entry is stale


@dataclass(kw_only=True)
class Watch:
    """What the process has seen of the file: when it changed last, and whether it is behind with what was due then."""

    desk: Desk
    clock: Clock
    heartbeat: Heartbeat
    configuration: Configuration
    strategy_ids: Sequence[str] = ()
    version: int = -1
    behind: bool = False
    standby: bool = False
    shortest: int = DAY
    leaving: list[Leaving] = field(default_factory=list)
    tally: Tally = field(default_factory=lambda: Tally(clock.steady_ms()))

    def turn(self) -> None:
        """Beat if it is time, and decide a part of what is due, which never outlasts a third of the lease.

        SQLite's `data_version` tells in microseconds whether anybody has written since the last look.
        """
        if self.heartbeat.beat(self._detail()):
            self.desk.renew()
            if self.configuration.renewed():
                self._adopt()
            self._keep_seats()
            self.tally.tell(clock.steady_ms())
        version = self.desk.db.data_version()
        if version != self.version or self.behind:
            if self.desk.awaited:  # it may have been given back for us just now
                self._claim()
            obey(self.desk, self.clock.now_ms())
            self.behind = not self._advance()
            if self.desk.selling & self.desk.seats.keys():  # the bars that were due are decided now
                obey(self.desk, self.clock.now_ms())
            self.version = version

    def _detail(self) -> dict[str, object]:
        """What the heartbeat tells."""
        return {"shares": self.desk.shares, "strategies": len(self.desk.seats), **self.configuration.told}

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
        """Real seconds between two looks: short enough for the shortest timeframe on an accelerated clock; none while
        something is due.
        """
        in_time = self.clock.real_seconds(stale_after(self.shortest) * 1000) / LOOKS
        return 0.0 if self.behind else min(self.desk.settings.supervision.poll, in_time)

    def _keep_seats(self) -> None:
        """Drain what has left the configuration, and take what has become free."""
        if strategies.leaving(self.desk.db) != self.leaving:
            self.follow()
        self._claim()

    def _claim(self) -> None:
        """Take what is ours and free; say when that is nothing at all."""
        if self.desk.claim():
            self.version = -1
        self.shortest = min((series.seconds for series in self.desk.series()), default=DAY)
        if self.standby != (not self.desk.seats):
            self.standby = not self.standby
            reason = "every strategy is traded by somebody else" if self.standby else "has strategies to trade"
            log.info("stands_by" if self.standby else "trades", holder=self.desk.holder, reason=reason)

    def _advance(self) -> bool:
        """A part of the turns for our series that have advanced, each up to its head; whether nothing is left of them.

        Where a series stands still, what is held of it follows once all its bars are decided.
        """
        due = candles.due(self.desk.db, self.desk.holder)
        now_ms, offsets = self.clock.now_ms(), exchanges.offsets(self.desk.db)  # read after the candles they belong to
        bells = {
            series: Bell(
                series=series,
                now_ms=now_ms + offsets.get(series.exchange, 0),
                stored_ms=head.stored_ms,
                upto=head.last_timestamp,
            )
            for series, head in due.items()
        }
        turns, whole = advance(self.desk, list(bells.values()))
        if whole:
            for series, head in due.items():
                gone = head.state_code is SeriesState.DELISTED
                turns += sell_off(self.desk, bells[series], head.state or "") if gone else []
        for turn in turns:
            self.tally.add(turn, self.desk.wanted[turn.strategy_id].series)
        return whole


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
                watch.tally.tell(clock.steady_ms(), last=True)
                desk.release()
    return 0
