"""Which column is which, by its header."""

from collections.abc import Sequence
from typing import NamedTuple

from domain.errors import Rejected

TIMES = (
    "timestamp",
    "unix",
    "unix timestamp",
    "open_time",
    "open time",
    "opentime",
    "time",
    "ts",
    "t",
    "date",
    "datetime",
    "index",
    "__index_level_0__",
)
INDEX = ("", "unnamed: 0", "level_0")  # how pandas calls the first column that has no name
PRICES = {"open": ("open", "o"), "high": ("high", "h"), "low": ("low", "l"), "close": ("close", "c", "close price")}
VOLUMES = ("volume", "vol", "v", "base volume", "base_volume", "volumefrom")
LABELS = {  # what tells of which series a row is
    "symbol": ("symbol", "pair", "market", "ticker", "instrument"),
    "exchange": ("exchange", "exchange_id", "exchange name", "venue"),
    "timeframe": ("timeframe", "time_frame", "interval", "granularity", "tf"),
}


class Columns(NamedTuple):
    """Where timestamp, open, high, low, close and volume stand, counted from 0, and the `labels` symbol, exchange and
    timeframe, None for nowhere. `day`: where the date stands whose time of day the timestamp may be. `note`: what a
    person should know of such tables.
    """

    places: tuple[int, ...]
    labels: tuple[int | None, ...] = (None,) * len(LABELS)
    day: int | None = None
    note: str | None = None

    @property
    def labelled(self) -> frozenset[str]:
        """Which of symbol, exchange and timeframe have a column."""
        return frozenset(name for name, place in zip(LABELS, self.labels, strict=True) if place is not None)


UNNAMED = Columns(tuple(range(6)))
METATRADER = (
    "its times are a broker's, whose zone MetaTrader does not name, and are taken for UTC: where that clock is another "
    "one, write them in UTC first"
)
TICKS = Columns((1, 2, 3, 4, 5, 6), day=0, note=f"{METATRADER}; its volume counts changes of the price, not coins")


def find(name: str, header: Sequence[str], symbol: str) -> Columns:
    """The columns of the file `name`. By the currencies of `symbol` (BASE/QUOTE, or nothing) some call their volumes:
    that of the quote currency is another number, and is not taken. Raises Rejected where a column is missing.
    """
    names = [each.strip().strip('"<>').lower() for each in header]
    names[:1] = ["index"] if names[0] in INDEX else names[:1]
    base, _, quote = symbol.lower().partition("/")
    others = [each for each in names if base and each.startswith("volume") and each not in _volumes(quote)]
    wanted = {"timestamp": TIMES, **PRICES, "volume": (*_volumes(base), *VOLUMES, *others)}
    found = {column: next((names.index(alias) for alias in aliases if alias in names), None)
             for column, aliases in wanted.items()}  # fmt: skip
    missing = [column for column, place in found.items() if place is None]
    if missing:
        raise Rejected(f"{name}: no column for {', '.join(missing)} among {', '.join(names)[:200]}")
    labels = (next((names.index(alias) for alias in aliases if alias in names), None) for aliases in LABELS.values())
    places = tuple(place for place in found.values() if place is not None)
    day = names.index("date") if names[places[0]] == "time" and "date" in names else None
    note = METATRADER if any(each.strip().startswith("<") for each in header) else None
    return Columns(places, tuple(labels), day, note)


def _volumes(currency: str) -> tuple[str, ...]:
    """How the volume in a currency is called."""
    return tuple(f"volume{each}" for each in (f" {currency}", f"_{currency}", f" ({currency})", f"_({currency})"))
