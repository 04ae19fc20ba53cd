"""How a strategy stands now, as far as that keeps it from trading, each with what helps where that is obvious."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from db.database import Database
from db.fleet import controls, meta
from db.fleet.controls import Level
from db.fleet.workers import Worker, living
from db.market_data import windows
from db.reading.problems import MARKET_UNKNOWN
from db.reading.reasons import Reasons
from db.reading.status import SeriesStatus, status
from domain.candles import Series, SeriesState
from domain.codes import Code, plain
from domain.dates import moment
from domain.text import counted

FILE = "put its file back into strategies/ beside fleet.yaml"
RUN = "`fleet up` runs the fleet (in containers: `docker compose up -d`)"
REPLAYED = "`fleet up` trades it from now on, in the fleet's own database"
UNREACHED = "the backfiller asks again by itself; mend the address or the network where one of them is wrong"
PROOF = "`fleet validate` counts on the stored candles how often its rules were true"


class StateFact(NamedTuple):
    """Something about a strategy now, in words, and what to do about it; None where that is not obvious."""

    state: str
    advice: str | None = None


MONEY = StateFact("its stake does not do for the market", "raise `stake` or `capital` in its file")
LATE = StateFact(
    "its newest entry came too late", "let a trader run when candles close: `fleet status` says how things stand"
)
NOTHING = StateFact("")
CODES = {  # what a decision says of how a strategy stands
    Code.GAP: StateFact(
        "candles are missing in its warm-up", "`fleet gaps` names them, `fleet backfill --recheck` asks again"
    ),
    Code.RAISED: StateFact("its own code failed", "`fleet validate` names file and line"),
    Code.STALE: LATE,
    Code.AMOUNT_TOO_SMALL: MONEY,
    Code.CASH_TOO_SMALL: MONEY,
    Code.UNSELLABLE: MONEY,
    Code.STOP_TOO_NEAR: StateFact("its stop is not below the price", "widen `exits.stop` in its file"),
}
REFUSED = (  # codes of an entry that was wished
    Code.STALE, Code.AMOUNT_TOO_SMALL, Code.CASH_TOO_SMALL, Code.UNSELLABLE, Code.NOT_TRADED, Code.MARKET_HALTED,
    Code.ATR_UNKNOWN, Code.STOP_TOO_NEAR,
)  # fmt: skip


def strategy_state(db: Database, strategy_id: str, found: Reasons, now_ms: int, candle_ms: int) -> list[StateFact]:
    """All that is to be said of a known strategy, the most important first. `now_ms` is real time, `candle_ms` that of
    the clock which its candles follow.
    """
    now = status(db, candle_ms)
    row = next((each for each in now.strategies if each["strategy_id"] == strategy_id), None)
    if row is None:
        return [StateFact("removed: it has no file", FILE)]
    if meta.replayed(db):
        return [StateFact("the end of a replay", REPLAYED), *_held(row)]
    traded = Series(row["exchange"], row["symbol"], row["timeframe"])
    series = next(each for each in now.series if each.series == traded)
    unreached = _unreached(row["exchange"], living(db, now_ms))
    facts = [
        *_ordered(row, controls.load(db), controls.exit_orders(db)),
        *unreached,
        *_supplied(row, series),
        *_acted_for(row, now_ms),
        *_held(row),
    ]
    return [*facts, *_decided(db, series, found)] or [StateFact("active, and flat")]


def summary(facts: Iterable[StateFact]) -> StateFact:
    """All of it in one: what is said, one behind the other, and the first thing that helps."""
    found = list(facts)
    advice = next((fact.advice for fact in found if fact.advice), None)
    return StateFact("; ".join(fact.state for fact in found), advice)


def _ordered(
    row: Mapping[str, Any], ordered: Mapping[str, controls.Control], to_sell: Mapping[str, controls.Control]
) -> Iterator[StateFact]:
    """What a person, its file or its failures forbid it."""
    one = row["strategy_id"]
    if not row["enabled"]:
        yield StateFact("removed: exits only, until flat", FILE)
    if row["state"] == "disabled":
        yield StateFact(row["state_reason"], f"mend what it raised, then `fleet start {one}`")
    if controls.FLEET in ordered:
        yield StateFact(ordered[controls.FLEET].text, "`fleet kill-switch off`")
    if one in ordered:
        verb = "resume" if ordered[one].level is Level.PAUSE else "start"
        yield StateFact(ordered[one].text, f"`fleet {verb} {one}`")
    if one in to_sell:
        yield StateFact(to_sell[one].text)
    if row["state"] == "active" and row["state_reason"]:
        yield StateFact(row["state_reason"], "mend its file: `fleet validate` names the line")


def _unreached(exchange: str, workers: Iterable[Worker]) -> Iterator[StateFact]:
    """That the exchange of its candles does not answer a backfiller."""
    for states in (worker.detail.get("exchanges") for worker in workers):
        state = states.get(exchange) if isinstance(states, Mapping) else None
        if state is not None:
            yield StateFact(f"{exchange}: {state}", UNREACHED)


def _supplied(row: Mapping[str, Any], series: SeriesStatus) -> Iterator[StateFact]:
    """What its candles lack."""
    name = series.series
    if series.state is not None:
        gone = series.state_code in (SeriesState.DELISTED, SeriesState.NOT_LISTED)
        yield StateFact(f"{name}: {series.state}", "trade another market, under a new id" if gone else None)
    elif series.empty:
        yield StateFact(
            f"{name} is empty: not one candle is stored", f"{RUN}, `fleet backfill --once` fetches candles now"
        )
    elif series.stale:
        newest = f"the newest candle opened {moment(series.last_timestamp)}"
        yield StateFact(
            f"{name} is stale, {counted(series.behind, 'candle')} behind: {newest}", f"let a backfiller run: {RUN}"
        )
    if row["market_unknown"]:
        yield StateFact(MARKET_UNKNOWN, RUN)


def _acted_for(row: Mapping[str, Any], now_ms: int) -> Iterator[StateFact]:
    """Whether somebody acts for it who should."""
    if not (row["expires_ms"] and row["expires_ms"] > now_ms):
        yield StateFact("no trader acts for it", RUN)


def _held(row: Mapping[str, Any]) -> Iterator[StateFact]:
    """What it holds."""
    if row["entry_timestamp"] is not None:
        yield StateFact(f"holds {row['open_qty']:g} since {moment(row['entry_timestamp'])}")


def _decided(db: Database, series: SeriesStatus, found: Reasons) -> Iterator[StateFact]:
    """What its newest decision says, and whether it ever entered."""
    entered, refused = found.ever.get(Code.SIGNAL, 0), sum(found.ever.get(code, 0) for code in REFUSED)
    if found.newest is None:
        yield StateFact("it has decided nothing yet")
    elif found.newest == Code.WARMING_UP and found.warmup:
        yield _warming_up(db, series, found.warmup)
    elif found.newest in CODES:
        yield CODES[Code(found.newest)]
    elif refused and not entered:
        most = max(REFUSED, key=lambda code: found.ever.get(code, 0))
        yield StateFact(
            f"it never entered, its wishes were refused ({refused:,}, mostly: {plain(most)})",
            CODES.get(most, NOTHING).advice,
        )
    elif not entered:
        yield StateFact("it never wished to enter", PROOF)


def _warming_up(db: Database, series: SeriesStatus, warmup: int) -> StateFact:
    """How many candles are still missing, and when they are there if one comes after the other."""
    window = windows.window(db, series.series, warmup)
    missing, length = warmup - len(window), series.series.seconds
    if missing <= 0:
        return StateFact("warm: enough candles are stored for its next decision")
    there = moment(series.last_timestamp + (missing + 1) * length)
    return StateFact(
        f"warming up: {len(window):,} of {counted(warmup, 'candle')}, {missing:,} are missing",
        f"it may enter from {there} on; older candles come sooner with `fleet backfill` or `fleet import`",
    )
