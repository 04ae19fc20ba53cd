"""Cases by seed: a stretch of a recording, strategies of every sort, a trader that is away or restarted."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random

from tests.witness import bars, brains
from tests.witness.bars import Bar, Gap
from tests.witness.case import Away, Case, Change, Step, Walk
from tests.witness.expressions import Rule, brain, crosses_above, crosses_below
from tests.witness.markets import RECORDINGS, Recording
from tests.witness.terms import Brain, Distance, Exits, Market, Terms
from tests.witness.vocabulary import (
    adx,
    atr,
    bbands,
    close,
    donchian,
    ema,
    high,
    low,
    macd,
    mom,
    open_,
    roc,
    rsi,
    sma,
    stoch,
    volume,
    willr,
)  # fmt: skip

SHIPPED = (brains.RSI, brains.MACD, brains.SCALPING, brains.TREND)


def case(data: Path, seed: int, count: int) -> Case:
    """A case of so many candles."""
    draw = Random(seed)
    name, recording = draw.choice(sorted(RECORDINGS.items()))
    since = recording.first + draw.randrange(300) * 24 * recording.step
    found = bars.recorded(data, recording.file, since, count)
    terms = {f"s{number}": drawn_terms(draw, recording.market) for number in range(6)}
    return Case(
        f"{name}-{seed}", recording.series, recording.step, found, terms, recording.market,
        missing(found, recording), script(draw, terms, len(found)), recording.costs, moments(draw, found),
    )  # fmt: skip


def missing(found: list[Bar], recording: Recording, cause: str = "") -> list[Gap]:
    """The holes of a stretch, with their cause."""
    step = recording.step
    return [
        Gap(before.timestamp + step, after.timestamp - step, cause or recording.cause)
        for before, after in pairwise(found)
        if after.timestamp - before.timestamp > step
    ]


def drawn_terms(draw: Random, market: Market) -> Terms:
    """A strategy."""
    chosen = draw.choice(SHIPPED) if draw.random() < 0.3 else drawn_brain(draw)
    capital = Decimal(draw.choice((50, 1000, 20000))) * (Decimal("0.001") if market.min_cost < Decimal("0.01") else 1)
    exits = merged(chosen.exits, drawn_exits(draw))
    stakes = ["fraction", "fixed", "risk"] if exits.stop else ["fraction", "fixed"]
    kind = draw.choice(stakes)
    value = {"fraction": Decimal(draw.choice(("0.5", "0.95", "1"))), "fixed": capital / 4, "risk": Decimal("0.01")}[
        kind
    ]
    return Terms(chosen, capital, (kind, value), exits, market, warmup=0 if draw.random() < 0.5 else 40)


def merged(own: Exits, more: Exits) -> Exits:
    """What the kind says, and what the file says beside and instead of it."""
    given = {name: value for name, value in vars(more).items() if value}
    return replace(own, **given)


def drawn_exits(draw: Random) -> Exits:
    """Some of the exits."""

    def some(*values: str) -> Distance | None:
        if draw.random() < 0.5:
            return None
        if draw.random() < 0.4:
            return Distance(Decimal(draw.choice(("1", "1.5", "2.5"))), atr=draw.choice((5, 10)))
        return Distance(Decimal(draw.choice(values)))

    return Exits(
        stop=some("0.01", "0.03"), target=some("0.02", "0.04"), trailing=some("0.01", "0.02"),
        max_bars=draw.choice((None, None, 5, 24)), intrabar=draw.random() < 0.5,
    )  # fmt: skip


def drawn_brain(draw: Random) -> Brain:
    """Rules of one to three parts."""
    return brain(drawn_rule(draw, rising=True), drawn_rule(draw, rising=False))


def drawn_rule(draw: Random, *, rising: bool) -> Rule:
    """A rule that is true now and then."""
    found = simple(draw, rising=rising)
    while draw.random() < 0.4:
        other = simple(draw, rising=draw.random() < 0.5)
        found = draw.choice((found & other, found | other, found & ~other))
    return found


def simple(draw: Random, *, rising: bool) -> Rule:
    """A comparison or a crossing."""
    short, long = draw.choice(((3, 10), (5, 20), (8, 21)))
    above = draw.choice((
        lambda: close > sma(long), lambda: rsi(short) > 55, lambda: crosses_above(ema(short), ema(long)),
        lambda: close > donchian(short, "upper")[1], lambda: stoch(long, 3, 3, "k") > stoch(long, 3, 3, "d"),
        lambda: macd(short, long, 5, "histogram") > 0, lambda: roc(short) > 0.5, lambda: mom(short) >= 0,
        lambda: willr(long) > -40, lambda: (close - low) / (high - low) > 0.6, lambda: close > open_,
        lambda: volume > volume[1] * 1.5, lambda: high - low > atr(short), lambda: crosses_above(close, sma(long)),
    ))  # fmt: skip
    below = draw.choice((
        lambda: close < ema(long), lambda: rsi(short) < 40, lambda: crosses_below(ema(short), ema(long)),
        lambda: close < donchian(short, "lower")[1], lambda: stoch(long, 3, 3, "d") < 40,
        lambda: macd(short, long, 5, "macd") < macd(short, long, 5, "signal"), lambda: roc(short) < -0.3,
        lambda: adx(short, "plus") < adx(short, "minus"), lambda: close < bbands(long, 2, "lower"),
        lambda: close <= close[short], lambda: crosses_below(close, sma(short)), lambda: willr(long) < -70,
    ))  # fmt: skip
    return above() if rising else below()


def script(draw: Random, terms: dict[str, Terms], count: int) -> list[Step]:
    """Walks, restarts between them, downtime and new terms, until the candles are used up."""
    steps: list[Step] = [Walk(min(count, 60))]
    left = count - 60
    now = dict(terms)
    while left > 0:
        size = min(left, draw.randrange(20, 200))
        if draw.random() < 0.3:
            size = min(left, draw.randrange(1, 12))
            steps.append(Away(size, draw.choice((1.0, 30.0, 299.0, 301.0))))
        else:
            steps.append(Walk(size))
        left -= size
        if left > 0 and draw.random() < 0.2:
            now = {name: changed(draw, each) for name, each in now.items()}
            steps.append(Change(now))
    return steps


def changed(draw: Random, terms: Terms) -> Terms:
    """The same strategy with more capital, or another stake."""
    if draw.random() < 0.5:
        return replace(terms, capital=terms.capital * Decimal("1.5"))
    return replace(terms, stake=("fraction", Decimal(draw.choice(("0.3", "0.7")))))


def moments(draw: Random, found: list[Bar]) -> list[int]:
    """Midnights, mid-days, before the start and after the end."""
    first, last = found[0].timestamp, found[-1].timestamp
    inside = [draw.randrange(first, last) for _ in range(2)]
    return [inside[0] // 86400 * 86400, inside[1], first - 5000, last + 100000]
