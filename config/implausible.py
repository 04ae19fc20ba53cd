"""What is well formed and hardly meant: 3 where 0.03 was, a fee in per cent, bars that no exchange has.

Nothing is refused for it: `fleet validate` tells it, with what to write. Pairs of key and reason.
"""

from collections.abc import Iterator
from decimal import Decimal

from config.settings import ExchangeSettings
from domain import timeframes
from domain.fees import usual
from domain.strategy import Distance, Exits, Stake, StakeKind

Pairs = Iterator[tuple[str, str]]
FAR = {"stop": Decimal("0.5"), "target": Decimal(1), "trailing": Decimal("0.5")}  # of the entry price
WIDE = 20  # times the ATR
RISKY = Decimal("0.2")  # of the equity, at one stop
DEAR = Decimal("0.02")  # of a fill: no exchange takes more than 1.2 %
SLIPPERY, SLIGHT = Decimal(100), Decimal("0.1")  # basis points
OFFERED = {"m": (1, 3, 5, 10, 15, 30), "h": (1, 2, 3, 4, 6, 8, 12), "d": (1, 2, 3, 4, 5, 7), "w": (1, 2, 3, 4)}
NAMES = frozenset(f"{count}{unit}" for unit, counts in OFFERED.items() for count in counts)  # known to ccxt 4.5


def exits(found: Exits, costs: ExchangeSettings) -> Pairs:
    """Distances that are never reached, or at once."""
    for name, far in FAR.items():
        distance = getattr(found, name)
        if distance is not None:
            yield from ((f"exits.{name}", reason) for reason in _distance(distance, far))
    lost = round_trip(costs)
    for name in ("stop", "trailing"):
        if 0 < fraction(getattr(found, name)) <= lost:
            yield (
                f"exits.{name}",
                f"lies within the costs of a round trip ({_percent(lost)}): nearly every entry ends there",
            )
    if (
        found.stop
        and found.trailing
        and found.stop.atr == found.trailing.atr
        and found.trailing.value < found.stop.value
    ):
        yield (
            "exits.stop",
            f"is never reached: the trailing stop ({found.trailing}) lies above it from the first bar on",
        )


def stake(found: Stake) -> Pairs:
    """A risk that a few stops would end."""
    if found.kind is StakeKind.RISK and found.value >= RISKY:
        yield "stake", f"loses {_percent(found.value)} of the equity at each stop: {meant(found.value)}"


def costs(found: ExchangeSettings) -> Pairs:
    """Fees in per cent, slippage as a fraction."""
    for name in ("taker", "maker"):
        fee = getattr(found, name)
        if fee is not None and fee >= DEAR:
            yield f"costs.{name}", f"takes {_percent(fee)} of each fill: {meant(fee)}"
    if found.slippage_bps >= SLIPPERY:
        yield "costs.slippage_bps", f"moves each fill by {_percent(found.slippage_bps / 10_000)}: 5 is 0.05 %"
    if 0 < found.slippage_bps < SLIGHT:
        yield "costs.slippage_bps", "is counted in basis points: 5 is 0.05 %, or 0.0005 of the price"


def timeframe(name: str) -> Pairs:
    """Bars that no exchange has."""
    if name not in NAMES:
        length = timeframes.seconds(name)
        near = sorted(
            sorted(NAMES, key=lambda each: abs(timeframes.seconds(each) - length))[:2], key=timeframes.seconds
        )
        yield "timeframe", f"no exchange has {name}: its bars are made from finer ones; usual are {' and '.join(near)}"


def round_trip(found: ExchangeSettings) -> Decimal:
    """What buying and selling takes, as a fraction of the price."""
    taker = usual(found.name).taker if found.taker is None else found.taker
    return 2 * taker + 2 * found.slippage_bps / 10_000


def fraction(distance: Distance | None) -> Decimal:
    """The distance as a fraction of the entry price; 0 where it is none or depends on the ATR."""
    return Decimal(0) if distance is None or distance.atr else distance.value


def _distance(distance: Distance, far: Decimal) -> Iterator[str]:
    """Why a distance is none that a price goes between entry and exit."""
    if distance.atr and distance.value > WIDE:
        yield f"is {distance.value} times the usual range of a bar: hardly ever reached"
    elif not distance.atr and distance.value >= far:
        yield f"is {_percent(distance.value)} of the entry price: {meant(distance.value)}"


def _percent(value: Decimal) -> str:
    """A fraction as people say it."""
    return f"{(value * 100).normalize():,f} %"


def meant(value: Decimal) -> str:
    """What to write where per cent were meant."""
    return f"write {(value / 100).normalize():f} where {value.normalize():f} % is meant"
