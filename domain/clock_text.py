"""The text in which a clock of candle time is kept: JSON ``{"start": ms, "origin": ms, "speed": x}``."""

from typing import NamedTuple

from domain.small_files import Unfit, json_object, whole

LAST_MS = 253_402_300_799_000  # the end of the year 9999, in Unix milliseconds
FASTEST = 1_000_000  # candle seconds per second


class ClockText(NamedTuple):
    """At the real moment `origin_ms` the clock showed `start_ms`; it runs `speed` times as fast, 0: it stands still."""

    start_ms: int
    origin_ms: int
    speed: float


def parse(text: str) -> ClockText:
    """What the text says. Raises Unfit where it is no such clock."""
    value = json_object(text)
    missing = {"start", "origin", "speed"} - value.keys()
    if missing:
        raise Unfit(0, f"says nothing of {', '.join(sorted(missing))}")
    speed = value["speed"]
    if isinstance(speed, bool) or not isinstance(speed, int | float) or not 0 <= speed <= FASTEST:
        raise Unfit(0, f"speed: a number from 0 to {FASTEST:,} is expected")
    return ClockText(_moment(value, "start"), _moment(value, "origin"), float(speed))


def _moment(value: dict[str, object], key: str) -> int:
    """Unix milliseconds of this century or another."""
    try:
        return whole(value[key], 0, LAST_MS)
    except Unfit as error:
        raise Unfit(0, f"{key}: {error}") from error
