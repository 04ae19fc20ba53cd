"""The text in which a clock of candle time is kept: JSON ``{"start": ms, "origin": ms, "speed": x}``.

With ``"until": ms`` it waits when it shows that, until somebody writes a later one. With ``"file": path`` it shows what
the text in that file says, as long as there is one.
"""

from pathlib import Path
from typing import NamedTuple

from domain.small_files import Unfit, json_object, text_of, whole

LAST_MS = 253_402_300_799_000  # the end of the year 9999, in Unix milliseconds
FASTEST = 1_000_000  # candle seconds per second


class ClockText(NamedTuple):
    """At the real moment `origin_ms` the clock showed `start_ms`; it runs `speed` times as fast, 0: it stands still.

    It shows nothing later than `until_ms`; `file` is where its text is kept up to date.
    """

    start_ms: int
    origin_ms: int
    speed: float
    until_ms: int = LAST_MS
    file: Path | None = None

    def at(self, real_ms: int) -> int:
        """What it shows at a real moment, both in Unix milliseconds."""
        return min(self.start_ms + round((real_ms - self.origin_ms) * self.speed), self.until_ms)


def parse(text: str) -> ClockText:
    """What the text says. Raises Unfit where it is no such clock."""
    value = json_object(text)
    missing = {"start", "origin", "speed"} - value.keys()
    if missing:
        raise Unfit(0, f"says nothing of {', '.join(sorted(missing))}")
    speed = value["speed"]
    if isinstance(speed, bool) or not isinstance(speed, int | float) or not 0 <= speed <= FASTEST:
        raise Unfit(0, f"speed: a number from 0 to {FASTEST:,} is expected")
    until = _moment(value, "until") if "until" in value else LAST_MS
    return ClockText(_moment(value, "start"), _moment(value, "origin"), float(speed), until, _file(value))


def followed(file: Path) -> ClockText:
    """What the text in a file says now. Raises OSError and Unfit."""
    return parse(text_of(file))


def _file(value: dict[str, object]) -> Path | None:
    """The file in which the text is kept up to date, if there is one."""
    named = value.get("file")
    if named is not None and not (isinstance(named, str) and Path(named).is_absolute() and "\0" not in named):
        raise Unfit(0, "file: a whole path is expected")
    return None if named is None else Path(named)


def _moment(value: dict[str, object], key: str) -> int:
    """Unix milliseconds of this century or another."""
    try:
        return whole(value[key], 0, LAST_MS)
    except Unfit as error:
        raise Unfit(0, f"{key}: {error}") from error
