"""Faults of the answer as a whole: late, refused, dropped, cut."""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import NamedTuple


class Cut(Enum):
    """Where an answer ends before its end."""

    BEFORE = auto()  # the connection is dropped instead of an answer
    MIDDLE = auto()  # the connection is dropped in the middle of the body
    SHORT = auto()  # the body is half of the JSON, sent as if it were all


class Disturbance(NamedTuple):
    """What happens instead of an answer, or to it. `status` replaces the answer by an error; `html` by a web page."""

    delay: float = 0.0
    status: int | None = None
    retry_after: float | None = None
    cut: Cut | None = None
    html: bool = False
    in_words: bool = False


def hangs(amount: float | None) -> Disturbance:
    """No answer for `amount` seconds (3600), then 504: the client's timeout passes."""
    return Disturbance(delay=3600 if amount is None else amount, status=504, html=True)


def slow(amount: float | None) -> Disturbance:
    """The right answer, `amount` seconds late (2)."""
    return Disturbance(delay=2 if amount is None else amount)


def limited(amount: float | None) -> Disturbance:
    """Status 429 with Retry-After `amount` seconds (2)."""
    return Disturbance(status=429, retry_after=2 if amount is None else amount)


def banned(amount: float | None) -> Disturbance:
    """Status 418, Binance's ban of an address, with Retry-After `amount` seconds (120)."""
    return Disturbance(status=418, retry_after=120 if amount is None else amount)


def busy(_amount: float | None) -> Disturbance:
    """Too many requests, in the exchange's own words; Kraken says so with status 200."""
    return Disturbance(in_words=True)


def blocked(_amount: float | None) -> Disturbance:
    """Status 451: this country is not served."""
    return Disturbance(status=451)


def broken(amount: float | None) -> Disturbance:
    """Status `amount` (503) with a proxy's web page."""
    return Disturbance(status=503 if amount is None else int(amount), html=True)


def webpage(_amount: float | None) -> Disturbance:
    """Status 200 with a web page where JSON should be."""
    return Disturbance(status=200, html=True)


def dropped(_amount: float | None) -> Disturbance:
    """The connection is dropped before the answer."""
    return Disturbance(cut=Cut.BEFORE)


def torn(_amount: float | None) -> Disturbance:
    """The connection is dropped in the middle of the answer."""
    return Disturbance(cut=Cut.MIDDLE)


def truncated(_amount: float | None) -> Disturbance:
    """Half of the JSON, sent as if it were all."""
    return Disturbance(cut=Cut.SHORT)


DISTURBANCES: Mapping[str, Callable[[float | None], Disturbance]] = {
    made.__name__: made
    for made in (hangs, slow, limited, banned, busy, blocked, broken, webpage, dropped, torn, truncated)
}
