"""The strategies that this process acts for: it takes them, keeps them, and lets them go."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import structlog

from config.settings import Settings, StrategySettings
from db.database import Database
from db.fleet import meta
from db.market_data import markets
from db.trading import positions
from db.trading import strategies as store
from db.trading.totals import KnownSums
from domain.candles import Series
from domain.codes import Code, Why
from domain.errors import StaleData
from domain.market import Market, fault
from runtime.agreement import registration
from runtime.heartbeat import Heartbeat
from strategies.base import Strategy
from trader.active_strategies import ActiveStrategies
from trader.active_strategy import ActiveStrategy, load
from trader.failed_series import FailedSeries
from trader.leasing import LOST, Leasing
from trader.pool import Pool
from trader.timings import StrategyTimings

log = structlog.get_logger()
NOBODY: Mapping[str, str] = MappingProxyType({})
REMOVED = "removed from the configuration: exits only"
BATCH = 125  # strategies that are taken at once
OTHER_RUN = "its current run has another configuration than the files here: read anew, or waiting until they agree"


@dataclass(kw_only=True)
class Assignments:
    """The strategies that are assigned to one process.

    `beats` is its life, under whose name it holds their leases. With `shares` it takes its fair part of the
    strategies only, and gives up what is too much.
    `barred`: strategies that a person does not let enter, with the reason; `stopped`: those to let go of once flat;
    `selling`: those to be sold now; `draining`: wanted only until they are flat, `unread`: those whose
    file cannot be read; both with why they may not enter.
    `awaited`: our part that somebody else still holds. `runs`: the run of each strategy that is known to have the
    configuration in `wanted`. `unsold`: strategies whose sale could not be recorded, with the newest decided bar then.
    `failed_series`: those on which nothing can be decided, and why. `timings`: how long its strategies take. `sums`:
    what is known of their totals.
    """

    db: Database
    settings: Settings
    wanted: Mapping[str, StrategySettings]
    built: Mapping[str, Strategy]
    beats: Heartbeat
    shares: bool = False
    barred: Mapping[str, Why] = field(default_factory=dict)
    stopped: Set[str] = frozenset()
    selling: Set[str] = frozenset()
    draining: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    awaited: Set[str] = frozenset()
    active: ActiveStrategies = field(default_factory=ActiveStrategies)
    runs: dict[str, str] = field(default_factory=dict)
    unsold: dict[str, int | None] = field(default_factory=dict)
    failed_series: FailedSeries = field(default_factory=FailedSeries)
    timings: StrategyTimings = field(default_factory=StrategyTimings)
    sums: KnownSums = field(default_factory=KnownSums)

    def __post_init__(self) -> None:
        self.fleet_id = meta.fleet_id(self.db)
        self.leasing = Leasing(db=self.db, beats=self.beats)
        self._pool = Pool(self.db)

    @property
    def holder(self) -> str:
        """The name under which it holds its leases."""
        return self.beats.holder

    def claim(self) -> set[str]:
        """Take the wanted strategies whose lease is free and that may trade; returns the ids newly taken."""
        pool = self._pool.series(self.wanted, self._idle(), self.selling, self._ours)
        part = self.leasing.part(pool) if self.shares else frozenset(pool)
        self.let_go(self.active.keys() - part)
        free, taken = sorted(part - self.active.keys()), set[str]()
        for start in range(0, len(free), BATCH):
            taken |= self._seated(set(free[start : start + BATCH]))
        self.awaited = part - self.active.keys()
        return taken & self.active.keys()

    def _seated(self, free: set[str]) -> set[str]:
        """Take some, so few that the leases of those before do not run out meanwhile, and read what they have."""
        taken = self.leasing.take(free)
        self.reload_all(sorted(taken))
        if len(self.active) > len(taken):
            self.renew()
        return taken

    def _idle(self) -> frozenset[str]:
        """Those that may not enter any more, as far as this process knows by itself."""
        return frozenset(self.stopped) | self.draining.keys()

    def _ours(self, runs: Mapping[str, str]) -> set[str]:
        """Those of some strategies whose run has the series and the configuration that we would trade them under.

        Any process may have opened it, from files that we have not read yet or that are not ours.
        """
        doubted = {run_id: one for one, run_id in runs.items() if self.runs.get(one) != run_id}
        for run_id, registered in store.registered(self.db, doubted):
            mine = registration(self.wanted[doubted[run_id]])
            if registered == (mine.identity, mine.configuration):
                self.runs[doubted[run_id]] = run_id
        return {one for one, run_id in runs.items() if self.runs.get(one) == run_id}

    def adopt(
        self,
        settings: Settings,
        wanted: Mapping[str, StrategySettings],
        built: Mapping[str, Strategy],
        draining: Mapping[str, str],
        unread: Mapping[str, str] = NOBODY,
    ) -> None:
        """Go on under another configuration: changed strategies under their new run, those in `draining` to be drained,
        those in `unread` without entries (both with why), those that are not wanted at all let go.
        """
        self.unread = unread
        self.settings, self.wanted, self.built, self.draining = settings, wanted, built, draining
        self.runs = {}
        self._pool.forget()
        self.let_go(self.active.keys() - wanted.keys())
        self.reload_all(list(self.active))

    def reload(self, strategy_id: str) -> None:
        """Read again what a strategy has; it is let go of where its run is not ours."""
        self.reload_all([strategy_id])

    def reload_all(self, strategy_ids: Sequence[str]) -> None:
        """The same of many."""
        known = positions.load(self.db, strategy_ids)
        ours = self._ours({each: known[each].run_id for each in strategy_ids})
        self.let_go(known.keys() - ours, OTHER_RUN)
        for one in (each for each in strategy_ids if each in ours):
            active = load(self.wanted[one], self.built[one], known[one], self.leasing.epochs[one])
            self.active[one] = replace(active, barred=active.barred or self._barred(one))

    def _barred(self, strategy_id: str) -> Why | None:
        """Why a strategy may not enter, as far as its configuration goes."""
        text = self.draining.get(strategy_id) or self.unread.get(strategy_id)
        return Why(Code.EXITS_ONLY, text) if text else None

    def let_go(self, strategy_ids: Set[str], reason: str | None = None) -> None:
        """Give leases back; nothing of a strategy is unfinished between two turns."""
        self.leasing.give_up(strategy_ids, reason)
        self.sums.forget(strategy_ids)
        for strategy_id in strategy_ids & self.active.keys():
            del self.active[strategy_id]

    def drop(self, strategy_id: str, event: str, reason: str) -> None:
        """Stop acting for a strategy whose lease is no longer ours."""
        self.leasing.lose(strategy_id, event, reason)
        self.sums.forget([strategy_id])
        del self.active[strategy_id]

    def renew(self) -> None:
        """Keep the leases; a strategy whose lease was lost is dropped."""
        self.beats.renew()
        self.drop_lost()

    def drop_lost(self) -> None:
        """Stop acting for those whose lease was lost."""
        lost = self.leasing.lost()
        self.leasing.note_lost(lost)
        for strategy_id in lost:
            self.drop(strategy_id, "lease_lost", LOST)

    def release(self) -> None:
        """Give every lease back, so that another process can act at once."""
        self.leasing.release()
        self.sums.forget(self.active)
        self.active.clear()

    def is_apart(self, active: ActiveStrategy) -> bool:
        """Whether a strategy is asked in a process of its own: it is slow, or may end the process, because it failed on
        the bar before, or whoever acted for it has gone.
        """
        one = active.strategy_id
        return active.failures > 0 or one in self.leasing.orphans or self.timings.slow(one)

    def trust(self, strategy_id: str) -> None:
        """A strategy has decided its newest bar: it was not what ended the process before."""
        self.leasing.orphans.discard(strategy_id)

    def market(self, series: Series) -> Market | None:
        """What is known of the market of a series: before that nothing is traded on it. Raises StaleData where it is
        none.
        """
        known = markets.load(self.db, series.exchange, series.symbol)
        reason = None if known is None else fault(known)
        if reason is not None:
            raise StaleData(f"the stored market {series.exchange} {series.symbol} cannot be traded ({reason})")
        return known
