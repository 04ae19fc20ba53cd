"""Listings as a table for people, or as JSON, CSV or Markdown for everything else."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

FORMATS = ("table", "json", "csv", "md")
Rows = Sequence[Mapping[str, Any]]
DIGITS = 6  # significant digits that people read; every other format has all of them
WIDE = 1_000  # columns of a table that is not printed on a terminal


def listing(rows: Rows, form: str, *, title: str = "", out: TextIO | None = None) -> None:
    """Print rows that all have the same columns: `json` is an array of objects with every digit, nothing else."""
    stream = out or sys.stdout
    if form == "json":
        print(json.dumps([dict(row) for row in rows], indent=1, default=str), file=stream)
    elif form == "csv":
        _csv(rows, stream)
    elif form == "md":
        _markdown(rows, stream)
    else:
        console(stream).print(table(rows, title) if rows else f"{title or 'nothing'}: none")


def console(stream: TextIO) -> Console:
    """A console on `stream`; off a terminal it never folds a line."""
    return Console(file=stream) if stream.isatty() else Console(file=stream, width=WIDE)


def table(rows: Rows, title: str = "") -> Table:
    """Rows as a table; numbers stand on the right."""
    grid = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for name in rows[0]:
        numeric = all(isinstance(row[name], int | float | None) for row in rows)
        grid.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(text(name, value) for name, value in row.items()))
    return grid


def text(name: str, value: object) -> str:
    """One value as people read it: times as dates, numbers to six digits, nothing for NULL."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if name.endswith("_ms") and value > 0:
            return moment(value / 1000)
        if name.endswith("timestamp") and value > 0:
            return moment(value)
    if isinstance(value, float):
        return f"{value:,.{DIGITS}g}" if abs(value) < 10**DIGITS else f"{value:,.0f}"
    return str(value)


def moment(seconds: float) -> str:
    """Unix seconds as a date and time, UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


def _csv(rows: Rows, stream: TextIO) -> None:
    if rows:
        writer = csv.DictWriter(stream, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _markdown(rows: Rows, stream: TextIO) -> None:
    if rows:
        print("| " + " | ".join(rows[0]) + " |", file=stream)
        print("|" + " --- |" * len(rows[0]), file=stream)
    for row in rows:
        cells = (text(name, value).replace("|", "\\|") for name, value in row.items())
        print("| " + " | ".join(cells) + " |", file=stream)
