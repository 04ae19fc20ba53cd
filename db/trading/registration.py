"""Registering: the database learns what the configuration says of every strategy. Only what differs is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from db.database import Database, Row, Transaction
from db.fleet import configurations
from db.fleet.configurations import Agreed
from db.trading import rebinding
from db.trading.strategies import changed
from domain.candles import Series
from domain.errors import ConfigError, Rejected
from domain.money import decimal, real
from domain.timeframes import seconds

IDENTITY = ("exchange", "symbol", "timeframe", "mode")
OWN_TROUBLE = (ConfigError, Rejected, ValueError)  # what costs the strategy that it comes from, and no other


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A strategy as its file describes it. `configuration` is canonical JSON: a different text opens a new run. `file`:
    where it stands, with the line.
    """

    strategy_id: str
    series: Series
    mode: str
    kind: str
    quote: str
    capital: Decimal
    configuration: str
    file: str = field(default="", compare=False)

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What belongs to the id for ever, once it has decided something of its own (db/trading/rebinding.py)."""
        return (self.series.exchange, self.series.symbol, self.series.timeframe, self.mode)


class _Differences(NamedTuple):
    """What the database does not know yet: strategies, ids that are gone, ids that moved with why, and what is to be
    said of active ones, None for nothing any more.
    """

    changed: list[Registration]
    absent: list[str]
    moved: dict[str, str]
    remarks: dict[str, str | None]


def changed_identity(db: Database | Transaction, registrations: Sequence[Registration]) -> dict[str, str]:
    """A complaint for every known id that is to mean something else now, and is bound to what it was."""
    return _differences(db, _all(db), {each.strategy_id: each for each in registrations}, {}).moved


def register(
    db: Database,
    registrations: Sequence[Registration],
    now_ms: int,
    *,
    kept: Mapping[str, str] = MappingProxyType({}),
    agreed: Agreed | None = None,
    partly: bool = False,
) -> dict[str, str]:
    """Make the database know every enabled strategy; known ones that are neither listed nor `kept` are disabled.
    `partly`: these are not all, and nothing is read or written of others.

    A new configuration opens a new run, a changed capital is a deposit or withdrawal. Where an id that is bound has
    changed its identity or a withdrawal is larger than the cash, that strategy stays as it was: its complaint is
    returned by its id. `kept` says why others stay as they were. Either stands as `state_reason` with the strategy.
    `agreed` names whose configuration counts from now on. What differs is found without the lock, which is taken only
    where something does.
    """
    wanted = {each.strategy_id: each for each in registrations}
    found = _differences(db, _known(db, wanted) if partly else _all(db), wanted, kept)
    if found.changed or found.absent or found.remarks or (agreed and configurations.agreed(db) != agreed):
        with db.write() as tx:
            return found.moved | _write(tx, found, now_ms, agreed)
    return found.moved


def _write(tx: Transaction, found: _Differences, now_ms: int, agreed: Agreed | None) -> dict[str, str]:
    """Write what differs; the complaints of those that cannot be."""
    attempts = {each.strategy_id: _attempt(tx, each, now_ms) for each in found.changed}
    troubles = {one: trouble for one, trouble in attempts.items() if trouble is not None}
    if found.absent or len(troubles) < len(attempts):
        changed(tx)
    for strategy_id in found.absent:
        tx.run("strategies_enable", strategy_id=strategy_id, enabled=0)
    for strategy_id, remark in (found.remarks | troubles).items():
        tx.run("strategies_remark", strategy_id=strategy_id, reason=remark)
    if agreed is not None:
        configurations.agree(tx, agreed)
    return troubles


def _all(db: Database | Transaction) -> dict[str, Row]:
    """All strategies that are known."""
    return {row["strategy_id"]: row for row in db.read("strategies_all")}


def _known(db: Database, strategy_ids: Iterable[str]) -> dict[str, Row]:
    """Those of these that are known."""
    rows = db.read_each("strategies_known", [{"strategy_id": each} for each in strategy_ids])
    return {row["strategy_id"]: row for row in rows}


def _differences(
    db: Database | Transaction, known: Mapping[str, Row], wanted: Mapping[str, Registration], kept: Mapping[str, str]
) -> _Differences:
    """Compare with what is known, in memory."""
    rows = [(each, known.get(strategy_id)) for strategy_id, each in wanted.items()]
    moved = {one.strategy_id: _complaint(one, row) for one, row in rows if row is not None and _refused(db, one, row)}
    said, active = {**kept, **moved}, {one: row for one, row in known.items() if row["state"] == "active"}
    return _Differences(
        changed=[each for each, row in rows if each.strategy_id not in moved and _differs(each, row)],
        absent=[one for one, row in known.items() if row["enabled"] and one not in wanted and one not in kept],
        moved=moved,
        remarks={one: said.get(one) for one, row in active.items() if row["state_reason"] != said.get(one)},
    )


def _differs(each: Registration, row: Row | None) -> bool:
    return row is None or not row["enabled"] or row["configuration"] != each.configuration or _moved(each, row)


def _moved(each: Registration, row: Row) -> bool:
    return tuple(row[name] for name in IDENTITY) != each.identity


def _refused(db: Database | Transaction, each: Registration, row: Row) -> bool:
    return _moved(each, row) and rebinding.bound(db, each.strategy_id)


def _complaint(each: Registration, row: Row) -> str:
    pairs = zip(IDENTITY, each.identity, strict=True)
    changes = ", ".join(f"{name} was {row[name]}, is {new}" for name, new in pairs if row[name] != new)
    one = each.strategy_id
    return (
        f"{f'{each.file}: ' if each.file else ''}{one}: {changes}. An id that has decided something keeps its "
        f"exchange, symbol, timeframe and mode for ever: give the strategy a new id, or free this one with "
        f"`fleet rename {one} {one}-old`"
    )


def _attempt(tx: Transaction, each: Registration, now_ms: int) -> str | None:
    """Write one strategy; where it cannot be, it stays as it was, and this is why."""
    row = next(iter(tx.read("strategies_known", strategy_id=each.strategy_id)), None)
    if row is not None and _refused(tx, each, row):  # somebody was faster
        return _complaint(each, row)
    try:
        with tx.savepoint():
            _register(tx, each, row, now_ms)
    except OWN_TROUBLE as error:
        return str(error)
    return None


def begin(tx: Transaction, each: Registration, now_ms: int) -> None:
    """A strategy that the database does not know starts under its first run."""
    _insert(tx, each)
    _open_run(tx, each, now_ms)


def _register(tx: Transaction, each: Registration, row: Row | None, now_ms: int) -> None:
    """One strategy: new, on another series, changed or back again."""
    if row is None:
        begin(tx, each, now_ms)
        return
    if _moved(each, row):
        _follow(tx, each, row)
        _open_run(tx, each, now_ms)
        return
    if not row["enabled"]:
        tx.run("strategies_enable", strategy_id=each.strategy_id, enabled=1)
    if row["configuration"] != each.configuration:
        _deposit(tx, each, each.capital - decimal(row["capital"]))
        _open_run(tx, each, now_ms)


def _insert(tx: Transaction, each: Registration) -> None:
    """A strategy that was never seen, with its ledger."""
    tx.run(
        "strategies_insert",
        strategy_id=each.strategy_id,
        **dict(zip(IDENTITY, each.identity, strict=True)),
        kind=each.kind,
        quote=each.quote,
        capital=real(each.capital),
    )
    _open_ledger(tx, each, _decided(tx, each))


def _follow(tx: Transaction, each: Registration, row: Row) -> None:
    """An id that is not bound goes to another series, with nothing of what it had on the one before."""
    one, series = each.strategy_id, each.series
    marks = _decided(tx, each), rebinding.decided(tx, one, series, seconds(row["timeframe"]))
    rebinding.rebind(tx, one, series, each.mode, each.quote)
    _open_ledger(tx, each, max((mark for mark in marks if mark is not None), default=None))


def _open_ledger(tx: Transaction, each: Registration, decided: int | None) -> None:
    """A strategy begins with its capital, after the bar that is `decided`."""
    capital = real(each.capital)
    tx.run("totals_open", strategy_id=each.strategy_id, decided=decided, equity=capital)
    tx.run("positions_open", strategy_id=each.strategy_id, cash=capital)


def _decided(tx: Transaction, each: Registration) -> int | None:
    """Up to where an id that was freed has decided, as long as nothing newer is stored: its new holder starts after it
    and never meets an order of the one before. None: it starts with the newest candle.
    """
    series = each.series
    row = tx.read("freed_ids_read", strategy_id=each.strategy_id, exchange=series.exchange, symbol=series.symbol,
                  timeframe=series.timeframe)  # fmt: skip
    mark, newest = row[0] if row else (None, None)
    return mark if mark is not None and (newest is None or newest <= mark) else None


def _deposit(tx: Transaction, each: Registration, difference: Decimal) -> None:
    """Put the difference of a changed capital into the cash, or take it out."""
    if not difference:
        return
    one = each.strategy_id
    cash = decimal(tx.read("positions_load", strategy_id=one)[0]["cash"])
    equity = decimal(tx.read("totals_of_strategy", strategy_id=one)[0]["equity"])
    if cash + difference < 0:
        raise ConfigError(f"{one}: capital {each.capital} would take {-difference} out of {cash} in cash")
    tx.run("positions_deposit", strategy_id=one, cash=real(cash + difference))
    tx.run("totals_deposit", strategy_id=one, equity=real(equity + difference))


def _open_run(tx: Transaction, each: Registration, now_ms: int) -> None:
    """The strategy goes on under a new run."""
    run_id = f"{each.strategy_id}.{_last_run(tx, each.strategy_id) + 1}"
    values = {"strategy_id": each.strategy_id, "run_id": run_id, "capital": real(each.capital)}
    tx.run("runs_insert", **values, now_ms=now_ms, configuration=each.configuration)
    tx.run("strategies_open_run", **values, kind=each.kind)
    tx.run("totals_open_run", strategy_id=each.strategy_id, run_id=run_id)


def _last_run(tx: Transaction, strategy_id: str) -> int:
    """The largest number that a run of this id ever had, whoever has that run now; 0 for none."""
    rows = tx.read("runs_numbered", first=f"{strategy_id}.", after=f"{strategy_id}/")  # `/` follows `.` in ASCII
    numbers = (row["run_id"].removeprefix(f"{strategy_id}.") for row in rows)
    return max((int(number) for number in numbers if number.isdecimal()), default=0)
