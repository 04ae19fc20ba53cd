"""Listings as a table for people, or as JSON, CSV or Markdown for everything else.

A table fits the terminal: `fleet.columns` says which columns stay longest, `fleet.column_widths` how wide they are. For
people ratios are per cent and money has cents (`fleet.number_format`); JSON and CSV have the figures as SQL has them.
"""

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from rich.console import Group
from rich.table import Table
from rich.text import Text

from domain.text import visible
from fleet import column_widths
from fleet.column_widths import TableColumn
from fleet.columns import brief, ranked
from fleet.number_format import is_number, is_rigid, text
from runtime.output import console, say, width_of, written

__all__ = ["FORMATS", "TableOptions", "even", "listing", "people", "plain", "table", "text"]

FORMATS = ("table", "json", "csv", "md")
Row = Mapping[str, Any]
Rows = Sequence[Row]
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would carry out


class TableOptions(NamedTuple):
    """How people see a listing: `like` names its columns' order of importance, `more` says how to see what is left out.

    With `one_line` every row has one line, and long texts end early; `style` gives the style of a row's cell.
    """

    like: str = ""
    title: str = ""
    all_columns: bool = False
    more: str = "--all-columns, --format json"
    one_line: bool = False
    style: Callable[[Row, str], str] = lambda _row, _name: ""


def listing(
    rows: Rows, form: str, *, title: str = "", like: str | None = None, all_columns: bool = False, raw: bool = False
) -> None:
    """Print rows that all have the same columns: `json` is an array of objects with every digit, nothing else.

    A table has the columns that fit, those of `like` (else of the title) in their order of importance; with
    `all_columns` it has all, below one another where they do not fit. With `raw` the texts of a CSV stand as they are;
    without it none can be taken for a formula.
    """
    if form == "json":
        say(json.dumps([dict(row) for row in rows], indent=1, default=str))
    elif form == "csv":
        _csv(rows, raw=raw)
    elif form == "md":
        _markdown(rows)
    else:
        people(rows, TableOptions(title if like is None else like, title, all_columns))


def people(rows: Rows, table_options: TableOptions) -> None:
    """Print rows for people."""
    width = width_of(sys.stdout)
    none = f"{table_options.title}: none" if table_options.title else "no rows"
    shown = table(rows, table_options, width) if rows else plain(none)
    with written(sys.stdout):
        console(sys.stdout, width).print(shown)


def below(lines: Sequence[Text]) -> None:
    """Print lines below tables, folded between words where the terminal is narrow."""
    width = width_of(sys.stdout)
    with written(sys.stdout):
        console(sys.stdout, width).print(*lines, sep="\n", end="\n" if lines else "")


def problems(lines: Sequence[str]) -> None:
    """Print what keeps a fleet from trading below tables."""
    below([problem(each) for each in lines])


def problem(line: str) -> Text:
    """A line of it, as it stands below a table."""
    return plain(f"! {line}", style="red")


def drawn(picture: str) -> None:
    """Print a picture of our own making, whose colours are ANSI codes: a terminal shows them, a file has none."""
    with written(sys.stdout):
        console(sys.stdout).print(Text.from_ansi(picture))


def even(rows: Rows) -> list[dict[str, Any]]:
    """Rows of several sections with the same columns in every row."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]


def plain(text: object, style: str = "") -> Text:
    """A text from wherever as a cell or line: nothing in it is markup, a style or an escape."""
    return Text(visible(str(text)), style)


def table(rows: Rows, table_options: TableOptions, width: int | None) -> Group:
    """Rows as a table of at most `width` cells (None: as many as it takes), and what is left out of it."""
    names = list(rows[0]) if table_options.all_columns else brief(rows[0], table_options.like)
    columns = [_column(name, rows) for name in names]
    empty = {each.name for each in columns if not any(each.cells)}
    order = sorted(ranked(names, table_options.like), key=empty.__contains__)
    widths = column_widths.fitted(columns, order, width)
    if table_options.all_columns and len(widths) < len(columns):
        return _blocks(columns, table_options, width or 0)
    kept = [each for each in columns if each.name in widths]
    grid = _grid()
    for each in kept:
        head = _stacked(column_widths.heading(each.name, widths[each.name]))
        grid.add_column(head, justify="right" if _numeric(each) else "left", width=widths[each.name], no_wrap=True)
    for place, row in enumerate(rows):
        cells = ((each.cells[place], widths[each.name], table_options.style(row, each.name)) for each in kept)
        grid.add_row(*(_cell(*cell, one_line=table_options.one_line) for cell in cells))
    hidden = [name for name in rows[0] if name not in widths]
    below = [plain(column_widths.left_out(hidden, table_options.more, width), "dim")] if hidden else []
    return Group(*_title(table_options), grid, *below)


def _blocks(columns: Sequence[TableColumn], table_options: TableOptions, width: int) -> Group:
    """Every column of every row, below one another."""
    names = max(len(each.name) for each in columns)
    parts: list[Table | Text] = _title(table_options)
    for place in range(len(columns[0].cells)):
        grid = _grid()
        grid.show_header = False
        grid.add_column(width=names, style="bold", no_wrap=True)
        room = max(1, width - names - column_widths.GAP)
        grid.add_column(width=room, no_wrap=True)
        for each in columns:
            grid.add_row(plain(each.name), _cell(each.cells[place], room, ""))
        parts += [grid, Text()]
    return Group(*parts[:-1])


def _title(table_options: TableOptions) -> list[Table | Text]:
    """The line above a table."""
    return [plain(table_options.title, "italic")] if table_options.title else []


def _grid() -> Table:
    """A table without lines."""
    return Table(box=None, pad_edge=False, header_style="bold")


def _column(name: str, rows: Rows) -> TableColumn:
    """What people see of a column."""
    cells = [visible(text(name, row[name], row.get("quote"))) for row in rows]
    return TableColumn(name, cells, all(map(is_rigid, cells)))


def _numeric(column: TableColumn) -> bool:
    """Whether a column stands on the right."""
    return all(is_number(cell) for cell in column.cells if cell) and any(column.cells)


def _cell(shown: str, width: int, style: str, *, one_line: bool = False) -> Text:
    """A value in the lines that its column's width makes of it."""
    return _stacked([column_widths.cropped(shown, width)] if one_line else column_widths.lines(shown, width), style)


def _stacked(lines: Sequence[str], style: str = "") -> Text:
    """Lines below one another."""
    return Text("\n").join(plain(line, style) for line in lines)


def _csv(rows: Rows, *, raw: bool) -> None:
    if rows:
        lines = io.StringIO()
        writer = csv.DictWriter(lines, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _csv_cell(value, raw=raw) for name, value in row.items()} for row in rows)
        say(lines.getvalue(), end="")


def _csv_cell(value: object, *, raw: bool) -> object:
    """A value in a CSV: a number as it is, a text in one line that no spreadsheet takes for a formula."""
    if not isinstance(value, str):
        return value
    return f"{'' if raw or not value.startswith(FORMULAS) else chr(39)}{visible(value)}"


def _markdown(rows: Rows) -> None:
    if rows:
        say("| " + " | ".join(rows[0]) + " |")
        say("|" + " --- |" * len(rows[0]))
    for row in rows:
        cells = (visible(text(name, value, row.get("quote"))).replace("|", "\\|") for name, value in row.items())
        say("| " + " | ".join(cells) + " |")
