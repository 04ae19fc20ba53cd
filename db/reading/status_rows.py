"""How a fleet stands, as rows with words: what `fleet status` shows, and every other door says the same."""

from collections.abc import Mapping
from typing import Any

from db.fleet import controls
from db.fleet.controls import WORDS, Control, Level
from db.fleet.workers import Worker
from db.reading import problems
from db.reading.problems import MARKET_UNKNOWN, REMOVED, SILENT_MS
from db.reading.status import Latency, SeriesStatus, Status
from domain.candles import Series

Controlled = list[tuple[str, Control]]  # what people have ordered, as `db.fleet.controls.standing` gives it


def sections(
    found: Status, controlled: Controlled, took: Mapping[Series, Latency], now_ms: int
) -> dict[str, list[dict[str, Any]]]:
    """All of it: workers, series, strategies, controls. `took`: how long the candles of the series did; `now_ms` is
    real time.
    """
    forbidden = {scope: control for scope, control in controlled if control.level is not Level.EXIT}
    return {
        "workers": [worker_row(each, now_ms) for each in found.workers],
        "series": [series_row(each, took.get(each.series)) for each in found.series],
        "strategies": [strategy_row(row, now_ms, forbidden.get(row["strategy_id"])) for row in found.strategies],
        "controls": [{"scope": scope, **control._asdict()} for scope, control in controlled],
    }


def only(strategy_id: str, found: Status, controlled: Controlled) -> tuple[Status, Controlled]:
    """What is of one strategy: its row, its series, the workers, and what forbids it anything."""
    rows = [row for row in found.strategies if row["strategy_id"] == strategy_id]
    traded = {Series(row["exchange"], row["symbol"], row["timeframe"]) for row in rows}
    shown = Status(found.workers, [each for each in found.series if each.series in traded], rows)
    return shown, [(scope, each) for scope, each in controlled if scope in {strategy_id, controls.FLEET}]


def strategy_row(row: Mapping[str, Any], now_ms: int, control: Control | None = None) -> dict[str, Any]:
    """A strategy as people look at it; `control` is what a person has forbidden it, `now_ms` is real time."""
    held = row["holder"] if row["expires_ms"] and row["expires_ms"] > now_ms else None
    state_word, why = _going(row, control)
    decided = row["action"] and f"{row['action']}: {row['reason']}"
    return {
        "strategy_id": row["strategy_id"],
        "series": f"{row['exchange']} {row['symbol']} {row['timeframe']}",
        "state": state_word,
        "trader": held,
        "failures": row["failures"],
        "decision_timestamp": row["decision_timestamp"],
        "decision": decided,
        "open_qty": row["open_qty"],
        "open_pnl": row["open_pnl"],
        "realised_pnl": row["realised_pnl"],
        "equity": row["equity"],
        "quote": row["quote"],
        "trades": row["total_trades"],
        "why": row["state_reason"] or why or row["last_error"],
    }


def _going(row: Mapping[str, Any], control: Control | None) -> tuple[str, str | None]:
    """How a strategy stands in a word or two, and why."""
    if row["state"] == "disabled":
        return "disabled", row["state_reason"]
    if row["series_state"]:
        return "stands still", row["series_state"]
    if row["market_unknown"]:
        return "no market", MARKET_UNKNOWN
    if control is not None:
        return WORDS[control.level], control.text
    if not row["enabled"]:
        return "removed", REMOVED
    return ("exits only" if row["state_reason"] else row["state"]), row["state_reason"]


def worker_row(worker: Worker, now_ms: int) -> dict[str, Any]:
    """A worker; `now_ms` is real time."""
    silent = now_ms - worker.beat_ms
    alive = "stands by" if _idle(worker) else "alive"
    return {
        "worker_id": worker.worker_id,
        "host": worker.host,
        "pid": worker.pid,
        "started_ms": worker.started_ms,
        "beat_ms": worker.beat_ms,
        "state": f"silent for {silent // 1000} s" if silent > SILENT_MS else alive,
        "why": "; ".join(problems.of_worker(worker)) or None,
    }


def _idle(worker: Worker) -> bool:
    """Whether others do all that a worker could do: a trader without strategies, a backfiller that acts for nobody."""
    if worker.room == "trader":
        return not worker.detail.get("strategies")
    return bool(worker.detail.get("stands_by")) and not worker.detail.get("exchanges")


def series_row(each: SeriesStatus, took: Latency | None) -> dict[str, Any]:
    """A series, and how long its candles took until they were decided."""
    return {
        "series": str(each.series),
        "candles": each.candles,
        "last_timestamp": each.last_timestamp,
        "behind": each.behind,
        "missing": ", ".join(f"{count} {cause}" for cause, count in sorted(each.missing.items())),
        "state": _standing(each),
        "latency_p50_ms": None if took is None else took.p50_ms,
        "latency_p99_ms": None if took is None else took.p99_ms,
        "why": each.state,
    }


def _standing(each: SeriesStatus) -> str:
    """How a series stands, in a word."""
    if each.state_code is not None:
        return each.state_code.value
    if each.empty:
        return "empty"
    return "stale" if each.stale else "fresh"


def has_problems(found: Status, now_ms: int) -> bool:
    """Whether a strategy is disabled or may only exit, its market unknown, its series stale or empty, a configuration
    refused, an exchange out of reach, a series not to be decided; what nobody trades may be old, what a worker that
    died has said does not count. `now_ms` is real time.
    """
    traded = {Series(row["exchange"], row["symbol"], row["timeframe"]) for row in found.strategies}
    stale = any(each.stale or each.empty for each in found.series if each.series in traded)
    barred = any(row["state"] == "disabled" or row["state_reason"] or row["market_unknown"] for row in found.strategies)
    return stale or barred or any(problems.of_worker(each) for each in problems.alive(found, now_ms))
