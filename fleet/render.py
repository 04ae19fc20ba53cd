"""Listings as a table for people, or as JSON, CSV or Markdown for everything else."""

import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

from rich.table import Table
from rich.text import Text

from domain.clock_text import LAST_MS
from domain.text import visible
from runtime.output import console, say, written

FORMATS = ("table", "json", "csv", "md")
Rows = Sequence[Mapping[str, Any]]
DIGITS = 6  # significant digits that people read; every other format has all of them
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would carry out


def listing(rows: Rows, form: str, *, title: str = "", out: TextIO | None = None, raw: bool = False) -> None:
    """Print rows that all have the same columns: `json` is an array of objects with every digit, nothing else.

    With `raw` the texts of a CSV stand as they are; without it none can be taken for a formula.
    """
    stream = out or sys.stdout
    if form == "json":
        say(json.dumps([dict(row) for row in rows], indent=1, default=str), out=stream)
    elif form == "csv":
        _csv(rows, stream, raw=raw)
    elif form == "md":
        _markdown(rows, stream)
    else:
        with written(stream):
            console(stream).print(table(rows, title) if rows else plain(f"{title or 'nothing'}: none"))


def even(rows: Rows) -> list[dict[str, Any]]:
    """Rows of several sections with the same columns in every row."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]


def plain(text: object, style: str = "") -> Text:
    """A text from wherever as a cell or line: nothing in it is markup, a style or an escape."""
    return Text(visible(str(text)), style)


def table(rows: Rows, title: str = "") -> Table:
    """Rows as a table; numbers stand on the right."""
    grid = Table(
        title=plain(title, "italic") if title else None,
        title_justify="left",
        box=None,
        pad_edge=False,
        header_style="bold",
    )
    for name in rows[0]:
        numeric = all(isinstance(row[name], int | float | None) for row in rows)
        grid.add_column(plain(name), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(plain(text(name, value)) for name, value in row.items()))
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
    """Unix seconds as a date and time, UTC; as the number where that is no year of ours."""
    if not 0 <= seconds <= LAST_MS / 1000:
        return f"{seconds:g} s"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


def _csv(rows: Rows, stream: TextIO, *, raw: bool) -> None:
    if rows:
        lines = io.StringIO()
        writer = csv.DictWriter(lines, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value, raw=raw) for name, value in row.items()} for row in rows)
        say(lines.getvalue(), end="", out=stream)


def _cell(value: object, *, raw: bool) -> object:
    """A value in a CSV: a number as it is, a text in one line that no spreadsheet takes for a formula."""
    if not isinstance(value, str):
        return value
    return f"{'' if raw or not value.startswith(FORMULAS) else chr(39)}{visible(value)}"


def _markdown(rows: Rows, stream: TextIO) -> None:
    if rows:
        say("| " + " | ".join(rows[0]) + " |", out=stream)
        say("|" + " --- |" * len(rows[0]), out=stream)
    for row in rows:
        cells = (visible(text(name, value)).replace("|", "\\|") for name, value in row.items())
        say("| " + " | ".join(cells) + " |", out=stream)
