"""The desk: the strategies this process acts for, and the turn of all those on one series."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

import structlog

from config.settings import Settings, StrategySettings
from db import accounts, markets, meta, strategies, trading
from db.accounts import Account
from db.connection import Database
from db.trading import Moment, Outcome, Step, Turn
from domain.candles import Candle, Series
from domain.decide import Verdict
from domain.errors import Rejected
from domain.gaps import Cause
from domain.market import Market
from domain.strategy import Action
from runtime import clock
from strategies.base import Strategy
from trader.leasing import LOST, Leasing
from trader.look import View, look
from trader.seat import Seat, seated, window_size
from trader.turn import Conditions, closing, walk

log = structlog.get_logger()
BATCH = 50  # strategies of one series that share a write transaction
REMOVED = "removed from the configuration: exits only"
HALTED = "kill switch: no entries until it is taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """What rings for a turn: a series has advanced.

    `now_ms` is candle time, `stored_ms` when its newest candle came in. With `upto` the series ends there (replay).
    """

    series: Series
    now_ms: int
    stored_ms: int | None = None
    upto: int | None = None


@dataclass(kw_only=True)
class Desk:
    """The seats of one process.

    `holder` is its name in the leases. With `shares` it takes its fair part of the strategies only, and gives up what
    is too much. `fallback` describes a market that the database does not know; without it such a market is not traded.
    `barred`: strategies that a person does not let enter, with the reason; `stopped`: those to let go of once flat;
    `leaving`: wanted only until they are flat, the configuration no longer has them.
    """

    db: Database
    settings: Settings
    wanted: Mapping[str, StrategySettings]
    strategies: Mapping[str, Strategy]
    holder: str
    fallback: Callable[[Series], Market] | None = None
    shares: bool = False
    barred: Mapping[str, str] = field(default_factory=dict)
    stopped: Set[str] = frozenset()
    leaving: Set[str] = frozenset()
    seats: dict[str, Seat] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fleet_id = meta.fleet_id(self.db)
        self.leasing = Leasing(db=self.db, holder=self.holder, length_ms=round(self.settings.supervision.lease * 1000))

    def claim(self) -> set[str]:
        """Take the wanted strategies whose lease is free and that may trade; returns the ids newly seated."""
        known = accounts.load(self.db, self.wanted)
        pool = {each: self.wanted[each].series for each, account in known.items() if self._may_trade(account)}
        part = self.leasing.part(pool) if self.shares else frozenset(pool)
        self.let_go(self.seats.keys() - part)
        taken = self.leasing.take(part - self.seats.keys())
        for strategy_id in taken:
            self.reseat(strategy_id)
        return taken

    def _may_trade(self, account: Account) -> bool:
        """Whether there is something to do for a strategy: it is active, and not on its way out unless it holds."""
        going = account.strategy_id in self.stopped | self.leaving
        return account.state == "active" and not (going and account.holding is None)

    def adopt(
        self,
        settings: Settings,
        wanted: Mapping[str, StrategySettings],
        strategies: Mapping[str, Strategy],
        leaving: Set[str],
    ) -> None:
        """Go on under another configuration: changed strategies under their new run, those in `leaving` to be drained,
        those that are not wanted at all let go.
        """
        self.settings, self.wanted, self.strategies, self.leaving = settings, wanted, strategies, leaving
        self.let_go(self.seats.keys() - wanted.keys())
        for strategy_id in list(self.seats):
            self.reseat(strategy_id)

    def let_go(self, strategy_ids: Set[str]) -> None:
        """Give leases back; nothing of a strategy is unfinished between two turns."""
        self.leasing.give_up(strategy_ids)
        for strategy_id in strategy_ids & self.seats.keys():
            del self.seats[strategy_id]

    def renew(self) -> None:
        """Keep the leases; a strategy whose lease was lost is dropped."""
        for strategy_id in self.leasing.keep():
            self._drop(strategy_id, "lease_lost", LOST)

    def release(self) -> None:
        """Give every lease back, so that another process can act at once."""
        self.leasing.release()
        self.seats.clear()

    def series(self) -> set[Series]:
        """The series that are looked at."""
        return {seat.settings.series for seat in self.seats.values()}

    def market(self, series: Series) -> Market | None:
        """What is known of the market of a series."""
        known = markets.load(self.db, series.exchange, series.symbol)
        return known or (self.fallback(series) if self.fallback else None)

    def turn(self, bell: Bell) -> int:
        """Decide every bar that is not decided yet for all seats of a series; returns how many decisions were made."""
        seats = [seat for seat in self.seats.values() if seat.settings.series == bell.series]
        market = self.market(bell.series)
        if not seats or market is None:
            return 0
        known = [seat.decided for seat in seats if seat.decided is not None]
        views = look(self.db, bell.series, window_size(seats), min(known, default=None), bell.upto)
        if not views and len(known) < len(seats):  # a new one decides the newest bar, as the others have
            views = look(self.db, bell.series, window_size(seats), None, bell.upto)
        conditions = Conditions(fleet_id=self.fleet_id, market=market, now_ms=bell.now_ms, stored_ms=bell.stored_ms)
        groups = [seats[start : start + BATCH] for start in range(0, len(seats), BATCH)]
        return sum(self._together(group, views, conditions) for group in groups)

    def sell_off(self, bell: Bell, state: str) -> int:
        """Sell at the last close what is held of a series that was delisted; returns how many decisions were made.

        `state` is why the series does not advance. The decision stands on the bar that never came.
        """
        held = [s for s in self.seats.values() if s.settings.series == bell.series and s.state.holding is not None]
        market = self.market(bell.series)
        if not held or market is None or not state.startswith(Cause.DELISTED):
            return 0
        conditions = Conditions(fleet_id=self.fleet_id, market=market, now_ms=bell.now_ms)
        last = look(self.db, bell.series, 1, None)[-1].bar
        turns = [self.turn_of(seat, (closing(seat, last, conditions, state),)) for seat in held]
        return sum(outcome is Outcome.RECORDED for outcome in self.act(turns, bell.now_ms).values())

    def act(self, turns: Sequence[Turn], now_ms: int) -> dict[str, Outcome]:
        """Record turns in one transaction, and go on from what the database made of each. Where one of them breaks a
        rule of the schema, that one fails and the others are recorded.
        """
        try:
            outcomes = trading.record(self.db, turns, Moment(now_ms, clock.now_ms())) if turns else {}
        except (Rejected, TypeError, ValueError) as error:
            if len(turns) > 1:
                return {one: outcome for turn in turns for one, outcome in self.act([turn], now_ms).items()}
            log.exception("turn_broken", strategy_id=turns[0].strategy_id, epoch=turns[0].epoch)
            self._failed(self.seats[turns[0].strategy_id], turns[0].steps[0].bar, error, now_ms)
            return {turns[0].strategy_id: Outcome.BROKEN}
        for turn in turns:
            self._settle(turn, outcomes[turn.strategy_id])
        return outcomes

    def _together(self, seats: Sequence[Seat], views: Sequence[View], conditions: Conditions) -> int:
        """Decide and record for some seats at once; once more without entries where the fleet is halted."""
        turns = [turn for seat in seats if (turn := self._decided(seat, views, conditions))]
        outcomes = self.act(turns, conditions.now_ms)
        halted = [self.seats[one] for one, outcome in outcomes.items() if outcome is Outcome.HALTED]
        again = self._together(halted, views, replace(conditions, halted=HALTED)) if halted else 0
        return again + sum(len(turn.steps) for turn in turns if outcomes[turn.strategy_id] is Outcome.RECORDED)

    def _decided(self, seat: Seat, views: Sequence[View], conditions: Conditions) -> Turn | None:
        """The turn of one seat; None where nothing is to be decided or its strategy raised."""
        due = [view for view in views if _undecided(view, seat.decided)]
        if not due:
            return None
        try:
            gone = REMOVED if seat.strategy_id in self.leaving else None
            barred = gone or self.barred.get(seat.strategy_id)
            return self.turn_of(seat, walk(seat, due, replace(conditions, halted=barred) if barred else conditions))
        except Exception as error:  # a user's strategy may raise anything: it is isolated here, the others go on
            log.exception("strategy_failed", strategy_id=seat.strategy_id, series=str(seat.settings.series))
            self._failed(seat, due[0].bar, error, conditions.now_ms)
            return None

    def turn_of(self, seat: Seat, steps: tuple[Step, ...]) -> Turn:
        """What this process wants recorded for a seat."""
        return Turn(strategy_id=seat.strategy_id, run_id=seat.run_id, holder=self.holder, epoch=seat.epoch, steps=steps)

    def _settle(self, turn: Turn, outcome: Outcome) -> None:
        """Go on from what the database made of a turn."""
        seat = self.seats[turn.strategy_id]
        if outcome is Outcome.RECORDED:
            self.seats[turn.strategy_id] = seat.advanced(turn)
            _tell(turn, seat)
        elif outcome is Outcome.ALREADY:
            self.reseat(turn.strategy_id)
        elif outcome is Outcome.LEASE_LOST:
            self._drop(turn.strategy_id, "fenced", f"its write was refused: {LOST}")

    def _failed(self, seat: Seat, bar: Candle, error: Exception, now_ms: int) -> None:
        """Record that a strategy raised; it is disabled after too many times in a row."""
        text = f"{type(error).__name__}: {error}"
        verdict = Verdict(action=Action.FAILED, reason=text, state=seat.state)
        turn = self.turn_of(seat, (Step(bar=bar, verdict=verdict, equity=None),))
        outcome = trading.fail(self.db, turn, text, Moment(now_ms, clock.now_ms()))
        if outcome is Outcome.LEASE_LOST:
            self._settle(turn, outcome)
            return
        self.reseat(seat.strategy_id)
        if self.seats[seat.strategy_id].failures >= self.settings.supervision.max_failures:
            reason = f"disabled after {self.settings.supervision.max_failures} failures in a row: {text}"
            strategies.set_state(self.db, seat.strategy_id, "disabled", reason)
            self._drop(seat.strategy_id, "strategy_disabled", reason)

    def reseat(self, strategy_id: str) -> None:
        """Read again what a strategy has."""
        account = accounts.load(self.db, [strategy_id])[strategy_id]
        settings, strategy = self.wanted[strategy_id], self.strategies[strategy_id]
        self.seats[strategy_id] = seated(settings, strategy, account, self.leasing.epochs[strategy_id])

    def _drop(self, strategy_id: str, event: str, reason: str) -> None:
        """Stop acting for a strategy."""
        self.leasing.lose(strategy_id, event, reason)
        del self.seats[strategy_id]


def _undecided(view: View, decided: int | None) -> bool:
    """Whether a strategy has still to decide the bar; one that never decided starts with the newest."""
    return view.bar.timestamp > (view.newest.timestamp - 1 if decided is None else decided)


def _tell(turn: Turn, seat: Seat) -> None:
    """One line for every fill."""
    for step in turn.steps:
        fill = step.verdict.fill
        if fill is not None:
            log.info(
                "trade",
                strategy_id=turn.strategy_id,
                series=str(seat.settings.series),
                holder=turn.holder,
                epoch=turn.epoch,
                timestamp=fill.timestamp,
                side=fill.side.value,
                price=str(fill.price),
                qty=str(fill.qty),
                pnl=None if fill.pnl is None else str(fill.pnl),
                reason=step.verdict.reason,
            )
