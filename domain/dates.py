"""Dates as people write them: one reading for files and command lines. They are UTC unless they name a zone."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum

from domain.clock_text import LAST_MS
from domain.scalars import WITHIN, within
from domain.timeframes import UNITS

EARLIEST = 1_230_768_000  # 2009-01-01 00:00 UTC: no coin is older
KNOWN = "a date such as 2024-01-01, 2024-01-01 12:00, 20240101, 7d (before now), yesterday, or Unix seconds"
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)", re.ASCII)
CALENDAR = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
    r"(?:(?:T|\s+)(\d{1,2}):?(\d{2})(?::?(\d{2})(?:\.0+)?)?)?\s*(?:(Z|UTC)|([+-])([01]\d|2[0-3]):?([0-5]\d)?)?",
    re.ASCII | re.IGNORECASE,
)
AGO = re.compile(rf"({WITHIN})\s*([hdw])", re.ASCII | re.IGNORECASE)
HINTS = (  # of what is no date: what to write instead
    (r"(\d{4})", "is a year: write {0}-01-01"),
    (r"(\d{4})-?(\d{2})", "is a month: write {0}-{1}-01"),
    (r"(\d{10})(?:\d{3}|\d{6}|\d{9})", "are parts of a second: write the seconds, {0}"),
    (r"(\d+)\s*m", "may be minutes or months: write hours or days, such as 12h or 90d"),
    (r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}.*", "has no year in front: write year-month-day, such as 2024-02-01"),
)


class Origin(Enum):
    """What a date is counted from."""

    EPOCH = "1970-01-01"
    NOW = "now"
    MIDNIGHT = "the last midnight"


@dataclass(frozen=True, slots=True)
class Date:
    """A moment as somebody wrote it: so many `seconds` after 1970, before now, or before the last midnight (UTC)."""

    seconds: int
    origin: Origin = Origin.EPOCH

    def at(self, now: int) -> int:
        """The moment in Unix seconds where it is `now`; never before there were candles."""
        if self.origin is Origin.EPOCH:
            return self.seconds
        end = now if self.origin is Origin.NOW else now - now % UNITS["d"]
        return max(end - self.seconds, EARLIEST)


WORDS = {
    "now": Date(0, Origin.NOW),
    "today": Date(0, Origin.MIDNIGHT),
    "yesterday": Date(UNITS["d"], Origin.MIDNIGHT),
}


def moment(seconds: float) -> str:
    """Unix seconds as a date and time, UTC; as the number where that is no year of ours."""
    if not 0 <= seconds <= LAST_MS / 1000:
        return f"{seconds:g} s"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


def parse(text: str) -> Date:
    """The date that somebody wrote. Raises ValueError, which says what to write instead."""
    text = text.strip()
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    if ago := AGO.fullmatch(text):
        return Date(_ago(ago[1]) * UNITS[ago[2].lower()], Origin.NOW)
    if found := CALENDAR.fullmatch(COMPACT.sub(r"\1-\2-\3", text, count=1)):
        seconds = _calendar(found)
    else:
        seconds = _unix(text)
    if seconds < EARLIEST:
        when = datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
        raise ValueError(f"is {when:%Y-%m-%d}, when there were no candles yet: write {KNOWN}")
    return Date(seconds)


def _ago(text: str) -> int:
    """How many hours, days or weeks. Raises ValueError for what is no whole number of them."""
    found = within(text)
    if not 0 <= found < 100_000 or found != found.to_integral_value():
        raise ValueError("must be a whole number of hours, days or weeks, such as 7d")
    return int(found)


def _calendar(found: re.Match[str]) -> int:
    """Unix seconds of a day, perhaps with a time and a zone. Raises ValueError for one that never was."""
    year, month, day, hour, minute, second = (int(found[place] or 0) for place in (1, 3, 4, 5, 6, 7))
    zone = timedelta(hours=int(found[10] or 0), minutes=int(found[11] or 0))
    try:
        when = datetime(year, month, day, hour, minute, second, tzinfo=timezone(-zone if found[9] == "-" else zone))
    except ValueError as error:
        raise ValueError(f"is no date: {error}") from None
    return int(when.timestamp())


def _unix(text: str) -> int:
    """Unix seconds. Raises ValueError for what is none."""
    for pattern, hint in HINTS:
        if found := re.fullmatch(pattern, text, re.ASCII | re.IGNORECASE):
            raise ValueError(hint.format(*found.groups()))
    if re.fullmatch(r"\d{1,10}", text, re.ASCII):
        return int(text)
    raise ValueError(f"is no date: write {KNOWN}")
