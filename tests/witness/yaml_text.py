"""A strategy's terms in the words of a configuration file."""

from decimal import Decimal

from tests.witness.terms import Distance, Exits, Terms

STRATEGY = """\
strategy_id: {name}
exchange: {exchange}
symbol: {symbol}
timeframe: {timeframe}
{brain}
capital: {capital}
stake: {{ {stake} }}
exits: {{ {exits} }}
"""


def text(name: str, series: tuple[str, str, str], terms: Terms) -> str:
    """The strategy's file."""
    exchange, symbol, timeframe = series
    kind, value = terms.stake
    written = STRATEGY.format(
        name=name, exchange=exchange, symbol=symbol, timeframe=timeframe, brain=terms.brain.words,
        capital=terms.capital, stake=f"{kind}: {value}", exits=_exits(terms.exits),
    )  # fmt: skip
    return written + (f"warmup: {terms.warmup}\n" if terms.warmup else "")


def _exits(exits: Exits) -> str:
    distances = {"stop": exits.stop, "target": exits.target, "trailing": exits.trailing}
    words = [f"{name}: {_distance(distance)}" for name, distance in distances.items() if distance]
    words += [f"max_bars: {exits.max_bars}"] if exits.max_bars else []
    return ", ".join([*words, f"check: {'intrabar' if exits.intrabar else 'close'}"])


def _distance(distance: Distance) -> str:
    value: Decimal = distance.value
    return f"{value} atr({distance.atr})" if distance.atr else str(value)
