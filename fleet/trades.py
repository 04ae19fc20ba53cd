"""`fleet trades`: round trips as a person reads them, newest first, and what is open now."""

import argparse
from collections.abc import Mapping
from typing import Any

from db.reading import reports
from fleet import reading, render
from runtime.command import counted_from

UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"))  # seconds


def trades(options: argparse.Namespace) -> int:
    """Print the round trips that were closed, newest first, and below them what is open."""
    with reading.reading(options) as db:
        if options.strategy:
            reading.tell_newcomers(db, options, [options.strategy])
            reports.narrow(db, strategy_ids=[options.strategy])
        since = counted_from(db, options.since)
        rows = [dict(row) for row in reports.open_trips(db)]
        closed = [] if options.open else [dict(row) for row in reports.rows(db, "round_trips")]
    closed = [row for row in closed if row["exit_ms"] >= since * 1000]
    rows = [*sorted(closed, key=lambda row: (row["exit_ms"], row["exit_trade_id"]), reverse=True), *rows]
    title = f"trades of {options.strategy}, in {rows[0]['quote']}" if options.strategy and rows else "trades"
    if options.format == "table":
        rows = [_line(row, alone=bool(options.strategy)) for row in rows]
    render.listing(rows, options.format, raw=options.raw, title=title)
    return 0


def _line(row: Mapping[str, Any], *, alone: bool) -> dict[str, Any]:
    """A round trip in 80 columns: with its strategy and quote, or where there is one only, with its entry."""
    names = ("entry_timestamp",) if alone else ("strategy_id", "quote")
    return {name: row[name] for name in names} | {
        "exit_timestamp": row["exit_timestamp"],
        "exit_code": row["exit_code"],
        "held": _duration(row["hours"] * 3600),
        "pnl": row["pnl"],
        "return": None if row["return"] is None else round(row["return"], 4),
    }


def _duration(seconds: float) -> str:
    """How long, in its two largest units: 3d 4h, 1h 5m."""
    rest = round(seconds)
    parts: list[str] = []
    for length, unit in UNITS:
        count, rest = divmod(rest, length)
        parts += [f"{count}{unit}"] if count or parts else []
    return " ".join(parts[:2]) or "0m"
