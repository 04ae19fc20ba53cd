"""Times as files write them. What is no moment at which a coin was traded is refused, never taken for one of 1970."""

from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from domain.dates import EARLIEST

UNITS = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3), (0, 1))  # from here on nano-, micro-, milli-, seconds
COMPACT: Mapping[int, int] = {8: 10**6, 12: 10**2, 14: 1}  # digits of YYYYMMDD[hhmm[ss]], and what makes 14 of them
CENTURY = range(2009, 2100)


def moment(value: Any) -> float:
    """Unix seconds from seconds, milli-, micro- or nanoseconds, ``20240131``, a date, or a date and time (UTC without
    a zone).

    Raises ValueError for a time of day, a number that a spreadsheet has rounded, and whatever lies before 2009.
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
        found = _counted(number)
    if found < EARLIEST:
        raise ValueError(f"no candle is older than 2009: time {str(value).strip()[:40]}")
    return found


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
    factor = COMPACT.get(len(digits := str(int(number))))
    if factor is None or int(digits[:4]) not in CENTURY:
        return None
    try:
        return datetime.strptime(str(int(number) * factor), "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _dated(text: str) -> float:
    """Unix seconds from a date, or a date and time."""
    try:
        when = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        why = "a time of day without its date" if ":" in text and len(text) <= len("12:30:00.000000 PM") else "no time"
        raise ValueError(f"{why}: {text[:40]}") from None
    try:
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (OverflowError, OSError):
        raise ValueError(f"no time: {text[:40]}") from None


def _require_exact(text: str) -> None:
    """Raise ValueError for ``1.7208E+12``: a spreadsheet has left so few digits that many bars have the same time."""
    mantissa, _, exponent = text.strip().lower().partition("e")
    digits = len(mantissa.partition(".")[2])
    number = float(text)
    unit = next((unit for limit, unit in UNITS if abs(number) >= limit), 1)
    if isfinite(number) and 10.0 ** (int(exponent) - digits) > unit:
        raise ValueError(f"a spreadsheet has rounded this time: {text.strip()[:40]}")
