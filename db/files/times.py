"""Times as files write them. What is no moment at which a coin was traded is refused, never taken for one of 1970."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from domain.dates import EARLIEST

UNITS = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3), (0, 1))  # from here on nano-, micro-, milli-, seconds
COMPACT: Mapping[int, int] = {8: 10**6, 12: 10**2, 14: 1}  # digits of YYYYMMDD[hhmm[ss]], and what makes 14 of them
CENTURY = range(2009, 2100)
SHEET_DAYS = (39_814, 73_051)  # how a spreadsheet counts the days of these years
WRITTEN = re.compile(  # `2023.01.02 15:30`, `2023/1/2`, `2025-01-01 03-AM`, `2025-01-01 3:15 PM UTC`
    r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})"
    r"(?:[T\s]\s*(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,]0+)?)?)?[\s-]*(?:([AP])\.?M\.?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)
HINTS = (  # of what is no time: why, and what to write instead
    (r"\d{1,2}[-./]\d{1,2}[-./]\d{2,4}.*", "day and month may stand either way: write the year first, 2023-12-31"),
    (
        r"\d{4}.*\d\s*(?![AP]M$)[A-Z]{2,5}",
        "a zone's name may mean several: write its offset, 2023-12-31 23:00+01:00",
    ),
    (r".{0,9}:.{0,11}", "a time of day without its date"),
    (r"", "no time"),
    (r".*", "no time (write Unix seconds, or 2023-12-31 23:00)"),
)
LONGEST = 40  # characters of a time


def moment(value: Any) -> float:
    """Unix seconds from seconds, milli-, micro- or nanoseconds, ``20240131``, a date, or a date and time (UTC without
    a zone).

    Raises ValueError for a time of day, a date that does not begin with its year, a number that a spreadsheet has
    rounded or counts days with, and whatever lies before 2009.
    """
    try:
        number = float(value)
    except ValueError:
        found = _dated(value.strip())
    except TypeError:
        raise ValueError(f"no time: {value}") from None
    else:
        if isinstance(value, str) and ("e" in value or "E" in value):
            _require_exact(value)
        if SHEET_DAYS[0] <= number < SHEET_DAYS[1]:
            raise ValueError(f"a spreadsheet's number of a day: have it write dates, 2023-12-31 23:00: {_short(value)}")
        found = _counted(number)
    if found < EARLIEST:
        raise ValueError(f"no candle is older than 2009: time {_short(value)}")
    return found


def bare(value: Any) -> bool:
    """Whether this is a date and time that names no zone, of which only a person knows where its clock hangs."""
    try:
        return _compact(float(value)) is not None
    except (TypeError, ValueError):
        text = str(value).strip()
    try:
        return _when(text).tzinfo is None
    except ValueError:
        return False


def _short(value: Any) -> str:
    return str(value).strip()[:LONGEST]


def _counted(number: float) -> float:
    """Unix seconds from a number."""
    if not isfinite(number):
        raise ValueError(f"no time: {number}")
    if EARLIEST <= number < UNITS[2][0]:
        return number
    written = _compact(number) if number < UNITS[1][0] and number.is_integer() else None
    return number / next(unit for limit, unit in UNITS if abs(number) >= limit) if written is None else written


def _compact(number: float) -> float | None:
    """Unix seconds where the digits of a number are a date's, such as 20240131: as a count they mean no candle."""
    if not isfinite(number) or not number.is_integer():
        return None
    factor = COMPACT.get(len(digits := str(int(number))))
    if factor is None or int(digits[:4]) not in CENTURY:
        return None
    try:
        return datetime.strptime(str(int(number) * factor), "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _dated(text: str) -> float:
    """Unix seconds from a date, or a date and time."""
    when = _when(text)
    try:
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (OverflowError, OSError):
        raise ValueError(f"no time: {text[:LONGEST]}") from None


def _when(text: str) -> datetime:
    """A date and time as it is written, its year first. Raises ValueError, which says what to write instead."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        found = WRITTEN.fullmatch(text) if len(text) <= LONGEST else None
    if found is None or (found[8] and not 1 <= int(found[5]) <= 12):
        why = next(hint for pattern, hint in HINTS if re.fullmatch(pattern, text[:LONGEST], re.ASCII | re.I))
        raise ValueError(f"{why}: {text[:LONGEST]}")
    year, _, month, day, hour, minute, second, half, zone = found.groups()
    hours = int(hour or 0) if half is None else int(hour) % 12 + 12 * (half in "pP")
    iso = f"{year}-{int(month):02}-{int(day):02} {hours:02}:{minute or '00'}:{second or '00'}"
    try:
        return datetime.fromisoformat(iso + ("" if zone is None else "+00:00" if zone.isalpha() else zone))
    except ValueError as error:
        raise ValueError(f"no time: {text[:LONGEST]}: {error}") from None


def _require_exact(text: str) -> None:
    """Raise ValueError for ``1.7208E+12``: a spreadsheet has left so few digits that many bars have the same time."""
    mantissa, _, exponent = text.strip().lower().partition("e")
    digits = len(mantissa.partition(".")[2])
    number = float(text)
    unit = next((unit for limit, unit in UNITS if abs(number) >= limit), 1)
    if isfinite(number) and 10.0 ** (int(exponent) - digits) > unit:
        raise ValueError(f"a spreadsheet has rounded this time: {text.strip()[:LONGEST]}")
