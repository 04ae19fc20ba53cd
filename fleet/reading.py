"""The verbs that only read: report, status, gaps."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from config import fallback
from db.fleet import controls, meta
from db.fleet.controls import WORDS, Control
from db.fleet.workers import Worker
from db.market_data import markets
from db.reading import reports, status
from db.reading.status import SeriesStatus, Status
from db.sqlite.connection import Database, connect_readonly
from db.trading import strategies
from domain.candles import Series
from domain.errors import ConfigError
from domain.text import counted
from fleet import render, troubles
from fleet.troubles import MARKET_UNKNOWN, REMOVED, SILENT_MS
from runtime import clock
from runtime.clock import Clock
from runtime.command import counted_from, located
from runtime.output import say, warn

VIEWS = reports.VIEWS
FETCH = (
    "`fleet up` fetches while it runs, `fleet backfill --once` what the configuration names, `fleet import FILE` files"
)
BEGIN = "`fleet up` starts a fleet, after `fleet validate`; --database FILE names another one"


def reading(options: argparse.Namespace) -> Database:
    """The database of the options, for reading. Raises ConfigError where there is none."""
    path, _ = located(options)
    return connect_readonly(path)


def report(options: argparse.Namespace) -> int:
    """Print one of the reports."""
    options.strategy = [*options.strategy, *options.strategies]
    if options.strategy and options.view in reports.FLEET:
        raise ConfigError(f"{options.view} is about the fleet as a whole: leave out {', '.join(options.strategy)}")
    with reading(options) as db:
        tell_newcomers(db, options, options.strategy)
        alone = options.strategy if options.view not in reports.AMONG_ALL else []
        if options.since is not None or alone:
            since = counted_from(db, options.since)
            tell_cut(since, reports.narrow(db, since=since, strategy_ids=alone))
        rows = [dict(row) for row in reports.rows(db, options.view, options.strategy)]
        totals = [] if options.strategy else [dict(row) for row in reports.totals(db)]
        told = notes(db)
    show(rows, totals, options)
    for sentence in told:
        warn(sentence)
    return 0


def tell_newcomers(db: Database, options: argparse.Namespace, strategy_ids: Sequence[str]) -> bool:
    """Say which of some strategies are configured and not in the database, since no trader has run with them yet;
    whether there are such. Raises ConfigError for ids that nobody knows.
    """
    known = strategies.ids(db)
    missing = [each for each in strategy_ids if each not in known]
    named = fallback.ids_in(Path(options.config)) if missing else []
    strategies.refuse_unknown(missing, {*known, *named}, db.path)
    if missing:
        warn(
            f"{', '.join(missing)}: configured, and no trader has run with it on {db.path} yet: `fleet up` starts some"
        )
    return bool(missing)


def notes(db: Database) -> list[str]:
    """What must be known beside a report: markets that were assumed, strategies that failed."""
    return [*markets.assumptions(db).values(), *failures(db)]


def failures(db: Database) -> list[str]:
    """The strategies that failed: their report is not of all their bars."""
    return [_failure(row) for row in status.failures(db)]


def _failure(row: Mapping[str, Any]) -> str:
    if row["disabled"]:
        return f"{row['strategy_id']}: {row['disabled']}; its report is of the bars until then"
    return f"{row['strategy_id']}: failed on {counted(row['bars'], 'bar')}, the last time with {row['reason']}"


def show(rows: list[dict[str, Any]], totals: list[dict[str, Any]], options: argparse.Namespace) -> None:
    """A report in the wanted format; people also get the totals."""
    people, wide = options.format == "table", options.all_columns
    chosen = [_marked(row) for row in rows] if people and options.view == "strategy_performance" else rows
    render.listing(chosen, options.format, raw=options.raw, title=options.view, all_columns=wide)
    if people and options.view == "strategy_performance" and not options.strategy:
        say()
        render.listing(totals, "table", title="fleet, by quote currency", like="totals", all_columns=wide)


def tell_cut(since: int, begin: int) -> None:
    """Say where a report counts from another moment than was asked for."""
    if begin != since:
        told = f"rows of that day were thinned, so everything counts from its midnight, {render.moment(begin)}"
        warn(f"--since {render.moment(since)}: {told}")


def _marked(row: Mapping[str, Any]) -> dict[str, Any]:
    """A strategy whose file is gone is marked."""
    marked = row["strategy_id"] if row["enabled"] else f"{row['strategy_id']} (removed)"
    return dict(row) | {"strategy_id": marked}


def gaps(options: argparse.Namespace) -> int:
    """Print every range of missing bars with its cause; of what was never fetched nobody knows what is missing."""
    with reading(options) as db:
        rows = status.missing_ranges(db)
        found = status.status(db, Clock.parse(meta.clock_text(db)).now_ms()).series
        empty = [str(each.series) for each in found if each.empty]
        what = ", ".join(empty) or (f"{db.path} holds no candles" if not found else "")
    if what:
        warn(f"nothing was fetched yet: {what}. {FETCH}")
    if not rows and options.format == "table" and len(empty) == len(found):
        return 0
    render.listing(rows, options.format, raw=options.raw, title="gaps", all_columns=options.all_columns)
    return 0


def state(options: argparse.Namespace) -> int:
    """Print where workers, series and strategies stand; 1 when something is stale or disabled."""
    with reading(options) as db:
        now_ms = Clock.parse(meta.clock_text(db)).now_ms()
        found, controlled = status.status(db, now_ms), controls.load(db)
        if options.strategy is not None:
            tell_newcomers(db, options, [options.strategy])
            found, controlled = _only(options.strategy, found, controlled)
    sections = {
        "workers": [_worker(each, clock.now_ms()) for each in found.workers],
        "series": [_series(each) for each in found.series],
        "strategies": [strategy(row, clock.now_ms(), controlled.get(row["strategy_id"])) for row in found.strategies],
        "controls": [{"scope": scope, **control._asdict()} for scope, control in controlled.items()],
    }
    if options.format == "table":
        for title, rows in sections.items():
            shown = rows if options.all_columns else [_brief(row) for row in rows]
            render.listing(shown, "table", title=title, all_columns=options.all_columns)
            say()
        render.below(troubles.shown(troubles.troubles(found, {})))
    else:
        rows = [{"section": title, **row} for title, rows in sections.items() for row in rows]
        render.listing(rows if options.format == "json" else render.even(rows), options.format, raw=options.raw)
    if not (found.workers or found.series or found.strategies):
        warn(f"nothing lives in {db.path}, and nothing has been fetched or traded: no worker ever ran on it. {BEGIN}")
        return 1
    return _problems(found)


def _only(strategy_id: str, found: Status, controlled: dict[str, Control]) -> tuple[Status, dict[str, Control]]:
    """What is of one strategy: its row, its series, the workers, and what forbids it anything."""
    rows = [row for row in found.strategies if row["strategy_id"] == strategy_id]
    traded = {Series(row["exchange"], row["symbol"], row["timeframe"]) for row in rows}
    scopes = {strategy_id, controls.exit_scope(strategy_id), controls.FLEET}
    shown = Status(found.workers, [each for each in found.series if each.series in traded], rows)
    return shown, {scope: each for scope, each in controlled.items() if scope in scopes}


def strategy(row: Mapping[str, Any], now_ms: int, control: Control | None = None) -> dict[str, Any]:
    """A strategy as people look at it; `control` is what a person has forbidden it."""
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


def _brief(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a table: why something is so stands below the tables."""
    return {name: value for name, value in row.items() if name != "why"}


def _worker(worker: Worker, now_ms: int) -> dict[str, Any]:
    silent = now_ms - worker.beat_ms
    idle = worker.room == "trader" and not worker.detail.get("strategies")
    alive = "stands by" if idle else "alive"
    return {
        "worker_id": worker.worker_id,
        "host": worker.host,
        "pid": worker.pid,
        "started_ms": worker.started_ms,
        "beat_ms": worker.beat_ms,
        "state": f"silent for {silent // 1000} s" if silent > SILENT_MS else alive,
        "why": "; ".join(troubles.of_worker(worker)) or None,
    }


def _series(each: SeriesStatus) -> dict[str, Any]:
    return {
        "series": str(each.series),
        "candles": each.candles,
        "last_timestamp": each.last_timestamp,
        "behind": each.behind,
        "missing": ", ".join(f"{count} {cause}" for cause, count in sorted(each.missing.items())),
        "state": _standing(each),
        "why": each.state,
    }


def _standing(each: SeriesStatus) -> str:
    """How a series stands, in a word."""
    if each.state_code is not None:
        return each.state_code.value
    if each.empty:
        return "empty"
    return "stale" if each.stale else "fresh"


def _problems(found: Status) -> int:
    """1 when a strategy is disabled or may only exit, its market unknown, its series stale or empty, a configuration
    refused, an exchange out of reach, a series not to be decided; what nobody trades may be old, what a worker that
    died has said does not count.
    """
    traded = {Series(row["exchange"], row["symbol"], row["timeframe"]) for row in found.strategies}
    stale = any(each.stale or each.empty for each in found.series if each.series in traded)
    barred = any(row["state"] == "disabled" or row["state_reason"] or row["market_unknown"] for row in found.strategies)
    living = [each for each in found.workers if clock.now_ms() - each.beat_ms <= SILENT_MS]
    troubled = any(troubles.of_worker(each) for each in living)
    return 1 if stale or barred or troubled else 0
