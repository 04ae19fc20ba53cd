"""Candles from text: every line is read by itself, so that whatever is wrong with one costs that one."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from db.files import numbers
from db.files.columns import TICKS, UNNAMED, Columns, find
from db.files.sheet import UNSAID, Rejects, Said, Sheet
from db.files.times import bare, moment
from domain.errors import Rejected

DELIMITERS = ";\t,"  # a comma may stand in numbers: it comes last where they are as many
SAMPLE = 500  # rows by which it is told what a comma in a number means
LONGEST = 1 << 16  # characters of one line
HEAD = 50  # lines in which the header, or the first row, must stand
NUMERIC = 3  # numbers among the cells behind the first that make a line a row, and no header
WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}  # how spreadsheets begin their "Unicode text"
CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:\.0+)?(?:\s*[AP]M)?", re.ASCII | re.IGNORECASE)  # a time of day
Lines = Iterator[tuple[int, str]]


class Head(NamedTuple):
    """How the rows of a file are to be read, and the first of them where there is no header."""

    delimiter: str
    columns: Columns
    first: list[tuple[int, str]]
    number: numbers.Read = float


def read(name: str, file: BinaryIO, symbol: str) -> Sheet:
    """All rows. `symbol`: by its currencies some call their volumes. Raises Rejected for what is no table, and what
    `file` raises.
    """
    sheet = Sheet(name)
    lines = _numbered(_opened(file), sheet.rejects)
    head = _head(name, lines, symbol)
    sheet.notes += [f"{name}: {head.columns.note}"] if head.columns.note else []
    sample = [*head.first, *islice(lines, SAMPLE)]
    take = partial(_take, sheet, head._replace(number=_number(name, head, sample)))
    for number, line in chain(sample, lines):
        try:
            take(number, line)
        except IndexError:
            sheet.rejects.add(number, "too few columns", line)
        except csv.Error:
            sheet.rejects.add(number, "a quotation mark that is not closed, or stands in a cell", line)
        except (ValueError, OverflowError) as error:
            sheet.rejects.add(number, error, line)
    return sheet


def columns(name: str, file: BinaryIO) -> Columns:
    """Where its columns stand. Raises what `read` raises."""
    return _head(name, _numbered(_opened(file), Rejects()), "").columns


def _opened(file: BinaryIO) -> io.TextIOWrapper:
    """Its text; bytes that are none are no numbers either, and cost their line."""
    buffered = io.BufferedReader(file, 1 << 18) if isinstance(file, io.RawIOBase) else file
    begins = buffered.peek(2)[:2] if isinstance(buffered, io.BufferedReader) else b""
    encoding = WIDE.get(begins) or ("utf-16-le" if begins[1:] == b"\0" else "utf-8-sig")
    return io.TextIOWrapper(buffered, encoding, errors="replace")


def _numbered(text: io.TextIOWrapper, rejects: Rejects) -> Lines:
    """The lines that hold something, counted from 1. One without an end is not read into memory."""
    number = 0
    while line := text.readline(LONGEST):
        number += 1
        if len(line) == LONGEST and line[-1] != "\n":
            rejects.add(number, f"longer than {LONGEST} characters", line)
            while line and line[-1] != "\n":
                line = text.readline(LONGEST)
        elif line := line.strip("\n\0 "):
            yield number, line


def _head(name: str, lines: Lines, symbol: str) -> Head:
    """The header, or the first row. Whatever stands above, such as the address of the site, is no table."""
    reason = Rejected(f"{name}: no columns: a candle needs timestamp, open, high, low, close, volume")
    for _, (number, line) in zip(range(HEAD), lines, strict=False):
        delimiter = max(DELIMITERS, key=line.count)
        row = line.replace('"', "").split(delimiter)
        if sum(_is_number(cell if delimiter == "," else cell.replace(",", "")) for cell in row[1:6]) >= NUMERIC:
            return Head(delimiter, _unnamed(row), [(number, line)])
        try:
            return Head(delimiter, find(name, row, symbol), [])
        except Rejected as error:
            if len(row) >= len(UNNAMED.places):
                raise
            reason = error if len(row) > 1 else reason
    raise reason


def _number(name: str, head: Head, sample: Sequence[tuple[int, str]]) -> numbers.Read:
    """How the numbers are read, by some lines. Raises Rejected where commas in them may mean either."""
    cells: list[str] = []
    for _, line in sample:
        with suppress(csv.Error):
            row = _cells(line, head.delimiter)
            cells += [row[place] for place in head.columns.places[1:] if place < len(row)]
    try:
        return numbers.reading(cells)
    except ValueError as error:
        raise Rejected(f"{name}: {error}") from error


def _unnamed(row: Sequence[str]) -> Columns:
    """Where columns without a header stand, by their first row."""
    return TICKS if len(row) > len(UNNAMED.places) and CLOCK.fullmatch(row[1].strip()) else UNNAMED


def _take(sheet: Sheet, head: Head, number: int, line: str) -> None:
    """One row."""
    row = _cells(line, head.delimiter)
    time, *prices = head.columns.places
    when = _time(row, time, head.columns.day)
    values = (moment(when), *[head.number(row[place]) for place in prices])
    rows = sheet.of(_said(row, head.columns))
    if not rows:
        sheet.bare |= bare(when)
    rows.add(number, values)


def _time(row: Sequence[str], place: int, day: int | None) -> str:
    """The time of a row, put together where the day stands in another column."""
    time = row[place]
    return time if day is None or not CLOCK.fullmatch(time.strip()) else f"{row[day].strip()} {time.strip()}"


def _said(row: Sequence[str], columns: Columns) -> Said:
    """What a row says of its series."""
    if columns.labels == UNNAMED.labels:
        return UNSAID
    said = Said(*("" if place is None else row[place].strip() for place in columns.labels))
    if not said.symbol and "symbol" in columns.labelled:
        raise ValueError("no symbol")
    return said


def _cells(line: str, delimiter: str) -> Sequence[str]:
    """The cells of one line; a quotation mark reaches no further. Raises csv.Error where one is not closed."""
    if '"' not in line:
        return line.split(delimiter)
    return next(csv.reader([line], delimiter=delimiter, strict=True))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
