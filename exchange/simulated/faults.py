"""Faults that a simulated exchange can be told to have: what they are, how they are written, when they strike.

On the command line a fault is ``NAME[:EXCHANGE][,key=value…]``, such as ``limited:kraken,count=3,amount=5`` or
``missing:coinbase,symbol=BTC/USD,timeframe=1h,share=0.02``; the control plane takes the same as a JSON object.
"""

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from exchange.simulated.candle_faults import ANSWER_FAULTS, BAR_FAULTS, NONSENSE
from exchange.simulated.dialect import Call
from exchange.simulated.disturbances import DISTURBANCES
from exchange.simulated.venue import TICKS


def vanished() -> None:
    """The market is gone: from the lists, and unknown when asked for."""


def halted() -> None:
    """The market is listed but not traded, as during maintenance; its candles go on."""


def odd() -> None:
    """The market is described wrongly: its price tick is `word` zero, huge, nan or digits (17), or it is nameless."""


def renamed() -> None:
    """The market goes by the symbol `word` and is unknown by its old one; amounts get `amount` decimals, if told."""


def skewed() -> None:
    """The exchange's clock is off by `amount` seconds (60), and its candles with it."""


STATES: Mapping[str, Callable[..., Any]] = {made.__name__: made for made in (vanished, halted, odd, renamed, skewed)}
TABLE: Mapping[str, str] = {
    name: " ".join((made.__doc__ or "").split())
    for table in (DISTURBANCES, BAR_FAULTS, ANSWER_FAULTS, STATES)
    for name, made in table.items()
}
SYMBOL = r"[A-Z0-9]+/[A-Z0-9]+"
DECIMALS = ("share", "seconds", "amount")
WHOLES = ("count", "first", "last")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault, and when it strikes; what is left out matches everything.

    `exchange`, `path` (a part of it), `symbol`, `timeframe` choose requests. `count`: how many requests it touches,
    then it is over; `seconds` of real time, then it is over. `share` (0 to 1) is the share of requests that are
    disturbed, or of bars that are changed, always the same ones. `first` and `last` are opens of bars in Unix seconds.
    `amount` and `word` are the fault's own number and kind: see TABLE.
    """

    name: str
    exchange: str | None = None
    path: str | None = None
    symbol: str | None = None
    timeframe: str | None = None
    count: int | None = None
    share: float = 1.0
    seconds: float | None = None
    first: int | None = None
    last: int | None = None
    amount: float | None = None
    word: str | None = None

    def concerns(self, exchange: str, call: Call) -> bool:
        """Whether a request is one that it may touch."""
        wanted = ((self.exchange, exchange), (self.symbol, call.symbol), (self.timeframe, call.timeframe))
        return (self.path is None or self.path in call.path) and all(want in (None, found) for want, found in wanted)


KEYS = tuple(field.name for field in fields(Fault))


def parse(text: str) -> Fault:
    """A fault as it is written on the command line. Raises ValueError that says what is wrong."""
    head, *pairs = text.split(",")
    name, _, exchange = head.partition(":")
    values: dict[str, Any] = {"name": name}
    if exchange:
        values["exchange"] = exchange
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise ValueError(f"fault {text!r}: {pair!r} is not key=value")
        values[key] = value
    return fault(values)


def fault(values: Mapping[str, Any]) -> Fault:
    """A fault out of names and values. Raises ValueError that says what is wrong."""
    unknown = set(values) - set(KEYS)
    if unknown:
        raise ValueError(f"fault: {', '.join(sorted(unknown))} is not one of {', '.join(KEYS)}")
    if values.get("name") not in TABLE:
        raise ValueError(f"fault {values.get('name')!r}: use one of {', '.join(TABLE)}")
    _require_word(values)
    given = {key: value for key, value in values.items() if value is not None}
    numbers = {key: float(given[key]) for key in DECIMALS if key in given}
    made = Fault(**{**given, **numbers, **{key: int(given[key]) for key in WHOLES if key in given}})
    if not 0 <= made.share <= 1:
        raise ValueError(f"fault share {made.share}: use 0 to 1")
    return made


def _require_word(values: Mapping[str, Any]) -> None:
    """Raise ValueError where the word of a fault is none that it knows."""
    if values["name"] == "renamed":
        if not re.fullmatch(SYMBOL, str(values.get("word"))) or "symbol" not in values:
            raise ValueError("fault renamed: use symbol=BASE/QUOTE,word=BASE/QUOTE")
        return
    words = TICKS if values["name"] == "odd" else NONSENSE
    if values.get("word", next(iter(words))) not in words:
        raise ValueError(f"fault word {values['word']!r}: use one of {', '.join(words)}")


class Active:
    """A fault while it lasts."""

    def __init__(self, number: int, fault: Fault, seed: int) -> None:
        self.number = number
        self.fault = fault
        self.hits = 0
        self.seed = seed + number
        self._random = random.Random(self.seed)  # noqa: S311 (repeatable, not secret)
        self._until = None if fault.seconds is None else time.monotonic() + fault.seconds

    @property
    def over(self) -> bool:
        """Whether it has touched its last request or its time has passed."""
        spent = self.fault.count is not None and self.hits >= self.fault.count
        return spent or (self._until is not None and time.monotonic() >= self._until)

    def strikes(self) -> bool:
        """Whether it disturbs this request; counts it if so."""
        struck = self.fault.share == 1 or self._random.random() < self.fault.share
        self.hits += struck
        return struck

    def report(self) -> dict[str, Any]:
        """What it is and how often it struck."""
        columns = {key: value for key, value in asdict(self.fault).items() if value is not None}
        return {"id": self.number, **columns, "hits": self.hits, "over": self.over}


class Faults:
    """The faults of a simulation, in the order in which they were told."""

    def __init__(self, seed: int, faults: Iterable[Fault] = ()) -> None:
        self._seed = seed
        self._next = 1
        self._all: tuple[Active, ...] = ()
        for each in faults:
            self.add(each)

    def add(self, fault: Fault) -> Active:
        """Have one more fault from now on."""
        active = Active(self._next, replace(fault), self._seed)
        self._next += 1
        self._all = (*self._all, active)
        return active

    def clear(self, number: int | None = None) -> int:
        """End one fault, or all; returns how many."""
        kept = tuple(active for active in self._all if number is not None and active.number != number)
        ended = len(self._all) - len(kept)
        self._all = kept
        return ended

    def report(self) -> list[dict[str, Any]]:
        """Every fault that was told and not cleared, also those that are over."""
        return [active.report() for active in self._all]

    def concerning(self, exchange: str, call: Call, names: Mapping[str, Any]) -> Iterator[Active]:
        """The faults of `names` that are not over and may touch a request."""
        for active in self._all:
            if active.fault.name in names and not active.over and active.fault.concerns(exchange, call):
                yield active

    def states(self, exchange: str, name: str) -> Iterator[Fault]:
        """The faults called `name` that an exchange is in, whatever is asked."""
        for active in self._all:
            if active.fault.name == name and not active.over and active.fault.exchange in (None, exchange):
                yield active.fault
