"""Candles from JSON: a list of rows ``[milliseconds, open, high, low, close, volume]``, as freqtrade and others write.

Each row is read by itself, so that a file needs no more memory than its text.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from db.files.sheet import COLUMNS, UNSAID, Sheet
from db.files.times import moment
from domain.errors import Rejected

ROW = re.compile(r"\s*(,?)\s*\[([^\[\]]*)\]")
START, END = re.compile(r"\s*\["), re.compile(r"\s*\]\s*")
FORM = "no list of rows such as [[milliseconds, open, high, low, close, volume], …]"


def read(name: str, content: bytes) -> Sheet:
    """All rows. Raises Rejected for what is no such list, or was cut."""
    sheet = Sheet(name)
    for number, text in enumerate(_rows(name, content.decode("utf-8-sig", errors="replace")), 1):
        try:
            values = _values(json.loads(f"[{text}]"))
        except (TypeError, ValueError, OverflowError) as error:
            sheet.rejects.add(number, error, text)
        else:
            sheet.of(UNSAID).add(number, values)
    return sheet


def _values(row: list[Any]) -> tuple[float, ...]:
    """The six numbers of a row. Raises ValueError and TypeError where they are none."""
    if len(row) < COLUMNS:
        raise ValueError("too few columns")
    if None in row[:COLUMNS]:
        raise ValueError("a cell is empty")
    return moment(row[0]), *map(float, row[1:COLUMNS])


def _rows(name: str, text: str) -> Iterator[str]:
    """What stands in the brackets of each row."""
    begin = START.match(text)
    if begin is None:
        raise Rejected(f"{name}: {FORM}")
    place = begin.end()
    while (found := ROW.match(text, place)) is not None and bool(found[1]) is (place > begin.end()):
        yield found[2]
        place = found.end()
    if not END.fullmatch(text, place):
        raise Rejected(f"{name}: {FORM if place == begin.end() else 'damaged: it is no list of rows to its end'}")
