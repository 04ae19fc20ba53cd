"""A strategy's file: what it trades, by which kind, with how much money."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from config import implausible, values
from config.complaints import nearest
from config.fleet_file import exchange_defaults
from config.implausible import fraction, meant, round_trip
from config.matrix import cells
from config.reader import REFUSED, REQUIRED, Reader
from config.settings import ExchangeSettings, StrategySettings
from config.shapes import shaped
from domain import exits as closing
from domain.candles import Series
from domain.kinds import Kind, KindFailed, Param, Params
from domain.secrets import is_secret
from domain.sizing import RESERVE
from domain.strategy import Check, Exits, Stake, StakeKind, Terms

T = TypeVar("T")
Doubt = tuple[str, tuple[str, ...], str]
ALL_IN = Stake(StakeKind.FRACTION, Decimal(1))
SHORTEST, LONGEST = 2, 20_000  # bars of warm-up: a crossing needs the bar before
PLACES = ("exchange", "timeframe", "params", "capital", "stake", "exits", "warmup")  # of which something may be said


@dataclass(frozen=True, slots=True)
class Known:
    """What a strategy's file may refer to. Without `whole`, kinds are missing whose files are broken."""

    kinds: Mapping[str, Kind]
    exchanges: Mapping[str, ExchangeSettings]
    whole: bool = True

    def exchange(self, name: str) -> ExchangeSettings:
        """The settings of an exchange, its defaults where nothing is said of it."""
        return self.exchanges.get(name) or exchange_defaults(name)


def strategies(reader: Reader, known: Known) -> Iterator[StrategySettings]:
    """Every strategy of one file that is well formed; mistakes become complaints."""
    for cell in cells(reader):
        before = len(cell.complaints)
        found = _strategy(cell, known)
        cell.done()
        if found is not None and len(cell.complaints) == before:
            yield found


def ids(reader: Reader) -> Iterator[str]:
    """The ids that a file names, whatever else is wrong with it."""
    for cell in cells(reader):
        try:
            yield values.strategy_id(cell.values.get("strategy_id"))
        except ValueError:
            continue


def _strategy(reader: Reader, known: Known) -> StrategySettings | None:
    """One strategy, None where its kind is not known."""
    start = len(reader.complaints)
    strategy_id = reader.take("strategy_id", values.strategy_id)
    series = Series(
        reader.take("exchange", values.exchange),
        reader.take("symbol", values.symbol),
        reader.take("timeframe", values.timeframe),
    )
    if series.timeframe:
        reader.warn(implausible.timeframe(series.timeframe))
    mode, enabled = reader.take("mode", _mode, "paper"), reader.take("enabled", values.flag, default=True)
    kind = _kind(reader, known)
    params = reader.inner("params")
    if kind is None:
        _terms(reader, _exits(reader, Exits()), 0, known.exchange(series.exchange), start)
        return None
    written = reader.values.get("params")
    chosen = _params(params, kind) if written is None or isinstance(written, dict) else None
    exits = _exits(reader, kind.exits)
    needed = _said(reader, kind, kind.warmup, chosen, 0) if chosen is not None else 0
    terms = _terms(reader, exits, max(SHORTEST, needed, closing.bars(exits)), known.exchange(series.exchange), start)
    if chosen is None or terms is None:
        return None
    keys = (*PLACES, *(f"params.{name}" for name in chosen))
    return StrategySettings(
        strategy_id=strategy_id,
        series=series,
        mode=mode,
        kind=kind.name,
        params=chosen,
        terms=terms,
        enabled=enabled,
        file="{}:{}".format(*reader.place("strategy_id")),
        lines={key: reader.place(key)[1] for key in keys if reader.written(key) is not None},
        warnings=tuple(reader.warnings),
    )


@shaped(enum=["paper"])
def _mode(value: Any) -> str:
    if value == "live":
        raise ValueError("live orders are not offered yet: write paper, or leave the line out")
    return values.one_of(("paper",))(value)


def _kind(reader: Reader, known: Known) -> Kind | None:
    """The kind that `strategy` names."""
    name, kinds = reader.take("strategy", values.text), known.kinds
    if name is not None and name not in kinds and known.whole:
        reader.complain("strategy", name, f"must be one of {', '.join(sorted(kinds))}", nearest(name, kinds))
    return kinds.get(name)


def _params(reader: Reader, kind: Kind) -> dict[str, Any] | None:
    """The parameters, completed with their defaults; None where one is wrong."""
    before = len(reader.complaints)
    found, nothing = {}, list[tuple[str, str]]()
    for name, param in kind.params.items():
        if is_secret(name) and name in reader.values:
            reader.complain(name, None, REFUSED)
        default = REQUIRED if param.default is None else param.default
        found[name] = reader.take(name, _parse(param), default, param.doc)
    sound = len(reader.complaints) == before
    reader.done()
    if sound:
        for name, complaint in _said(reader, kind, kind.check, found, nothing):
            reader.complain(name, found.get(name), complaint)
    return found if len(reader.complaints) == before else None


def _said(reader: Reader, kind: Kind, ask: Callable[[Params], T], params: Params, default: T) -> T:
    """What a kind says of parameters; that a user's raises is a complaint, and the default stands for it."""
    try:
        return ask(params)
    except (Exception, SystemExit) as error:  # noqa: BLE001  a user's code may raise anything
        reason = str(error) if isinstance(error, KindFailed) else f"raised {type(error).__name__}: {error}"
        reader.complain("", None, f"the kind {kind.name} {reason}")
        return default


def _parse(param: Param) -> values.Parse[Any]:
    """What a parameter may hold."""
    low, high = (-1e15 if param.low is None else param.low), (1e15 if param.high is None else param.high)
    if param.type is str:
        return values.text
    return values.whole(int(low), int(high)) if param.type is int else values.number(low, high)


def _exits(reader: Reader, default: Exits) -> Exits:
    """The exits; those of the kind stand where the file names none of its own."""
    inner = reader.inner("exits")
    if not inner.values:
        return default
    found = Exits(
        stop=inner.take("stop", values.distance, default.stop),
        target=inner.take("target", values.distance, default.target),
        trailing=inner.take("trailing", values.distance, default.trailing),
        max_bars=inner.take("max_bars", values.whole(1, 1_000_000), default.max_bars),
        check=Check(inner.take("check", values.one_of([check.value for check in Check]), default.check.value)),
    )
    for name in ("stop", "trailing"):
        if fraction(getattr(found, name)) >= 1:
            hint = meant(getattr(found, name).value)
            inner.complain(name, inner.values.get(name), f"must be below 1, a fraction of the entry price: {hint}")
    inner.done()
    return found


def _terms(reader: Reader, exits: Exits, needed: int, costs: ExchangeSettings, start: int) -> Terms | None:
    """Capital, stake and what they must suffice for; None where the capital is wrong. The complaints of the strategy
    begin at `start`: nothing is said that follows from another mistake.
    """
    capital = reader.take("capital", values.money("0.00000001", "1e9"))
    stake = reader.take("stake", values.stake, ALL_IN)
    bars = reader.take("warmup", values.whole(SHORTEST, LONGEST), needed)
    if capital is None:
        return None
    wrong = {each.key for each in reader.complaints[start:]}
    for key, made_of, complaint in _doubts(capital, stake, exits, costs):
        if wrong.isdisjoint((key, *made_of, "exits")):
            place = "stake" if key == "capital" and reader.written("stake") is not None else key
            reader.complain(place, reader.written(place), complaint)
    reader.warn(implausible.exits(exits, costs))
    reader.warn(implausible.stake(stake))
    return Terms(
        capital=capital, stake=stake, exits=exits, warmup=bars,
        slippage_bps=costs.slippage_bps, taker=costs.taker, maker=costs.maker, min_cost=costs.min_cost,
    )  # fmt: skip


def _doubts(capital: Decimal, stake: Stake, exits: Exits, costs: ExchangeSettings) -> Iterator[Doubt]:
    """What is well formed and cannot work: each with its key, the other keys that it follows from, and why."""
    lost = round_trip(costs)
    if exits.target is not None and not exits.target.atr and exits.target.value <= lost:
        yield "exits.target", (), f"lies within the costs of a round trip ({lost.normalize():f}): it can only lose"
    if stake.kind is StakeKind.RISK and exits.stop is None:
        yield "stake", ("exits.stop",), "risk needs exits.stop: it is what is lost when the stop is hit"
    if stake.kind is StakeKind.FIXED and stake.value > capital:
        yield "stake", ("capital",), f"is more than the capital ({capital})"
    spent = {StakeKind.FIXED: stake.value, StakeKind.FRACTION: stake.value * capital}.get(stake.kind, capital)
    below = [distance for distance in (fraction(exits.stop), fraction(exits.trailing)) if distance]
    distance = min([*below, Decimal("0.99")]) if below else Decimal(0)
    least = costs.min_cost * RESERVE / (1 - distance)
    if spent < least:
        why = f"buys {spent:f} at most, {costs.name} wants {least:.8g}: it could not be sold after a stop"
        yield "capital", ("stake", "exits.stop", "exits.trailing"), why
