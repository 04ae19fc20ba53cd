"""Strategies and their runs: who trades, under which configuration."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from db.connection import Database, Row, Transaction
from domain.candles import Series
from domain.errors import ConfigError
from domain.money import decimal, real

IDENTITY = ("exchange", "symbol", "timeframe", "mode")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A strategy as its file describes it. `configuration` is canonical JSON: a different text opens a new run."""

    strategy_id: str
    series: Series
    mode: str
    kind: str
    quote: str
    capital: Decimal
    configuration: str

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What belongs to the id for ever."""
        return (self.series.exchange, self.series.symbol, self.series.timeframe, self.mode)


def changed_identity(db: Database | Transaction, registrations: Sequence[Registration]) -> list[str]:
    """A complaint for every known id that is to mean something else now."""
    known = {row["strategy_id"]: row for row in db.read("strategies_all")}
    return [_identity_complaint(each, known[each.strategy_id]) for each in registrations if _moved(each, known)]


def register(db: Database, registrations: Sequence[Registration], now_ms: int) -> None:
    """Make the database know every enabled strategy; the known ones that are not listed become disabled by absence.

    A new configuration opens a new run, a changed capital is a deposit or withdrawal. Nothing is changed where an id
    has changed its identity or a withdrawal is larger than the cash: ConfigError.
    """
    with db.write() as tx:
        complaints = changed_identity(tx, registrations)
        if complaints:
            raise ConfigError("\n".join(complaints))
        known = {row["strategy_id"]: row for row in tx.read("strategies_all")}
        for each in registrations:
            _register(tx, each, known.get(each.strategy_id), now_ms)
        listed = {each.strategy_id for each in registrations}
        for strategy_id in known.keys() - listed:
            tx.run("strategies_enable", strategy_id=strategy_id, enabled=0)


class Leaving(NamedTuple):
    """A strategy that holds a position and that the configuration no longer has, with its last run's JSON."""

    strategy_id: str
    series: Series
    mode: str
    kind: str
    configuration: str


def leaving(db: Database) -> list[Leaving]:
    """The strategies that are traded only until they are flat."""
    rows = db.read("strategies_leaving")
    return [
        Leaving(row["strategy_id"], Series(row["exchange"], row["symbol"], row["timeframe"]), *row[4:]) for row in rows
    ]


def known(db: Database) -> list[str]:
    """The ids of all strategies that are enabled or still to be drained, in order."""
    draining = {each.strategy_id for each in leaving(db)}
    rows = db.read("strategies_all")
    return [row["strategy_id"] for row in rows if row["enabled"] or row["strategy_id"] in draining]


def rename(db: Database, old: str, new: str) -> None:
    """Give a strategy another id, with everything it ever did; ConfigError where `old` is unknown or `new` is taken."""
    with db.write() as tx:
        known = {row["strategy_id"] for row in tx.read("strategies_all")}
        if old not in known:
            raise ConfigError(f"no strategy {old} in {db.path}; there are: {', '.join(sorted(known)) or 'none'}")
        if new in known:
            raise ConfigError(f"{new} is taken in {db.path}: choose an id that never traded")
        tx.run("strategies_rename", old=old, new=new)


def configuration(db: Database, run_id: str) -> str:
    """The canonical JSON that a run was registered with."""
    return str(db.read("runs_configuration", run_id=run_id)[0]["configuration"])


def _moved(registration: Registration, known: dict[str, Row]) -> bool:
    row = known.get(registration.strategy_id)
    return row is not None and tuple(row[name] for name in IDENTITY) != registration.identity


def _identity_complaint(registration: Registration, row: Row) -> str:
    pairs = zip(IDENTITY, registration.identity, strict=True)
    changes = ", ".join(f"{name} was {row[name]}, is {new}" for name, new in pairs if row[name] != new)
    one = registration.strategy_id
    return (
        f"{one}: {changes}. An id keeps its exchange, symbol, timeframe and mode for ever: give the strategy a new id, "
        f"or free this one with `fleet rename {one} {one}-old`"
    )


def _register(tx: Transaction, each: Registration, row: Row | None, now_ms: int) -> None:
    """One strategy: new, changed or as it was."""
    if row is None:
        identity = dict(zip(IDENTITY, each.identity, strict=True))
        capital = real(each.capital)
        tx.run(
            "strategies_insert",
            strategy_id=each.strategy_id,
            **identity,
            kind=each.kind,
            quote=each.quote,
            capital=capital,
        )
        tx.run("positions_open", strategy_id=each.strategy_id, cash=capital)
    else:
        tx.run("strategies_enable", strategy_id=each.strategy_id, enabled=1)
        if row["configuration"] == each.configuration:
            return
        _deposit(tx, each, each.capital - decimal(row["capital"]))
    _open_run(tx, each, 1 if row is None else row["runs"] + 1, now_ms)


def _deposit(tx: Transaction, each: Registration, difference: Decimal) -> None:
    """Put the difference of a changed capital into the cash, or take it out."""
    if not difference:
        return
    cash = decimal(tx.read("positions_load", strategy_id=each.strategy_id)[0]["cash"])
    if cash + difference < 0:
        raise ConfigError(f"{each.strategy_id}: capital {each.capital} would take {-difference} out of {cash} in cash")
    tx.run("positions_deposit", strategy_id=each.strategy_id, cash=real(cash + difference))


def _open_run(tx: Transaction, each: Registration, number: int, now_ms: int) -> None:
    """The strategy goes on under a new run."""
    values = {"strategy_id": each.strategy_id, "run_id": f"{each.strategy_id}.{number}", "capital": real(each.capital)}
    tx.run("runs_insert", **values, now_ms=now_ms, configuration=each.configuration)
    tx.run("strategies_open_run", **values, kind=each.kind)
