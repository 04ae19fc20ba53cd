"""Every recipe of docs/recipes.md trades: over 500 candles after its warm-up it closes at least one round trip."""

import math
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from db.reading import reports
from db.sqlite.connection import connect_readonly
from domain.candles import Candle
from tests.kit.series import at
from tests.replayed import settings, walked

PAGE = Path(__file__).resolve().parents[2] / "docs" / "recipes.md"
BLOCKS = re.findall(r"^## \d+\. (.+?)\n.*?```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
BARS = 500


def market(count: int) -> list[Candle]:
    """Candles of a market with long and short waves, noise, and volume that comes in bursts; the same at each call."""
    drawn, found, before = random.Random(7), [], 100.0
    for place in range(count):
        waves = 0.14 * math.sin(place / 45) + 0.05 * math.sin(place / 9.5) + 0.012 * math.sin(place / 2.1)
        close = round(100 * math.exp(waves + drawn.gauss(0, 0.008)), 2)
        high, low = (
            round(side * (1 + sign * abs(drawn.gauss(0, 0.004))), 2)
            for side, sign in ((max(before, close), 1), (min(before, close), -1))
        )
        volume = round(10 * math.exp(abs(drawn.gauss(0, 0.8))), 3)
        found.append(Candle(at(place), before, high, low, close, volume))
        before = close
    return found


def test_there_are_twenty():
    """Each with a strategy_id of its own."""
    assert len({re.search("strategy_id: (.+)", text)[1] for _, text in BLOCKS}) == len(BLOCKS) == 20


@pytest.fixture(scope="module")
def trips(tmp_path_factory):
    """The round trips within the last 500 candles, by strategy. All are walked on hourly candles of Binance: a rule
    counts candles, whatever their length.
    """
    folder = tmp_path_factory.mktemp("recipes")
    texts = [
        re.sub("exchange: .*", "exchange: binance", re.sub("timeframe: .*", "timeframe: 1h", text))
        for _, text in BLOCKS
    ]
    texts = [re.sub("symbol: (.*)/.*", r"symbol: \1/USDT", text) for text in texts]
    strategies = settings(folder, texts).strategies
    first = max(strategy.terms.warmup for strategy in strategies)
    candles = market(first + BARS)
    path = walked(folder, texts, dict.fromkeys({each.series.symbol for each in strategies}, candles))
    with connect_readonly(path) as db:
        rows = reports.rows(db, "round_trips")
    return Counter(row["strategy_id"] for row in rows if row["entry_timestamp"] >= candles[first].timestamp)


@pytest.mark.parametrize("text", [text for _, text in BLOCKS], ids=[name for name, _ in BLOCKS])
def test_a_recipe_trades(trips, text):
    """At least once."""
    assert trips[re.search("strategy_id: (.+)", text)[1]] >= 1
