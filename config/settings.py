"""The settings of a fleet: frozen types with their defaults and units. `load` makes them from files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from config.complaints import Complaint
from domain.candles import Series
from domain.semantics import RULES
from domain.strategy import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Delisted:
    """After how many seconds of candle time a missing market is gone, and what then becomes of positions: ``sell``
    at the last close, or ``hold``.
    """

    after: float = 21_600.0
    then: str = "sell"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeSettings:
    """One exchange.

    `rate`: requests per second of the whole fleet together, None for ccxt's own figure. `base_url` replaces scheme and
    host of every request. `settle`: seconds after a bar's end until it counts as closed. `taker`, `maker`: fees as
    fractions, None for the market's own. `min_cost`: smallest order in quote currency where the market states none.
    `aliases`: names of symbols here, and what the exchange calls them today. `delisted`: when a market is gone.
    """

    name: str
    rate: float | None = None
    base_url: str | None = None
    settle: float = 2.0
    timeout: float = 10.0
    taker: Decimal | None = None
    maker: Decimal | None = None
    slippage_bps: Decimal = Decimal(5)
    min_cost: Decimal = Decimal(0)
    aliases: Mapping[str, str] = field(default_factory=dict)
    delisted: Delisted = field(default_factory=Delisted)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSettings:
    """A series to keep and how deep: the newest `last` candles, or all from `since` (Unix seconds) on, and the newest
    `least` whatever `since` says.

    `last` and `least` already hold the longest warm-up of its strategies + 100. `derive_from`: the finer timeframe to
    resample from, where the exchange lacks this one; None to find one by itself.
    """

    series: Series
    last: int = 1000
    since: int | None = None
    derive_from: str | None = None
    least: int = 0

    @property
    def counted(self) -> int:
        """How many of the newest candles are wanted, however far back `since` reaches."""
        return self.last if self.since is None else self.least

    def deeper(self, other: "SeriesSettings") -> "SeriesSettings":
        """As deep as both are wanted."""
        since = [each.since for each in (self, other) if each.since is not None]
        least = max(self.counted, other.counted) if since else max(self.least, other.least)
        return replace(self, last=max(self.last, other.last), since=min(since, default=None), least=least)


@dataclass(frozen=True, kw_only=True)
class StrategySettings:
    """One strategy: its identity (bound to the id for ever), its kind with complete parameters, and its terms.

    `file` and line of its id; `lines` of other keys of that file, such as params.entry. `warnings`: what is well formed
    and hardly meant. `recorded`: the configuration of its last run as it stands in the database, for one whose file
    does not count any more: it goes on under that run, whichever release has opened it.
    """

    strategy_id: str
    series: Series
    mode: str
    kind: str
    params: Mapping[str, Any]
    terms: Terms
    enabled: bool = True
    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    warnings: tuple[Complaint, ...] = field(default=(), compare=False, repr=False)
    recorded: str = ""

    @cached_property
    def configuration(self) -> str:
        """What it is and by which rules it trades, as canonical JSON: a different text opens a new run."""
        if self.recorded:
            return self.recorded
        kind = {"kind": self.kind, "params": dict(self.params), "terms": self.terms}
        return json.dumps(kind | {"rules": RULES}, sort_keys=True, default=_plain)


def _plain(value: object) -> object:
    """The parts of a value, or a number by its value: written otherwise (1000.0 for 1000) it opens no run."""
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Days that decisions which did nothing are kept (0: they are not even written), and after which equity is thinned
    to a few points a day.
    """

    decisions: int = 30
    equity: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """How processes are watched. Seconds, unless a name says otherwise.

    `traders`: trader processes of `fleet up`. `max_failures`: errors of a strategy in a row until it is disabled.
    `lease`: how long a dead trader's strategies stay locked. `heartbeat`: how often a worker writes that it lives.
    `restart_first`, `restart_limit`: back-off of a worker that dies. `drain`: until a stopping worker is killed.
    `poll`: how often a trader looks whether the file changed while no bar is expected. `log_bytes`: of a process's log
    files that are kept (`logs: {keep: 200 MB}`).
    """

    traders: int = 2
    max_failures: int = 5
    lease: float = 6.0
    heartbeat: float = 2.0
    restart_first: float = 1.0
    restart_limit: float = 60.0
    drain: float = 10.0
    poll: float = 0.2
    log_bytes: int = 200_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything. `environment` is real or simulated: a database of the other kind is refused.

    `complaint`: what is wrong with the files of today where the settings are as good as they could be made without
    what is wrong. `unread`: the strategies that cannot be read, with the reason: they may not enter. `texts`: the files
    that the settings come from, by name. `warnings`: what is hardly meant in fleet.yaml, and files that are not read.
    """

    directory: Path
    database: Path
    environment: str
    exchanges: Mapping[str, ExchangeSettings]
    series: tuple[SeriesSettings, ...]
    strategies: tuple[StrategySettings, ...]
    retention: Retention = field(default_factory=Retention)
    supervision: Supervision = field(default_factory=Supervision)
    plugins: tuple[Path, ...] = ()
    any_filesystem: bool = False
    complaint: str | None = None
    unread: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict, compare=False)
    warnings: tuple[Complaint, ...] = field(default=(), compare=False)
