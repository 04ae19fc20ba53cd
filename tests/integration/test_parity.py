"""Invariant 7: a trader candle by candle, a replay of the same candles, and the witness make the same trades."""

from dataclasses import replace

import pytest

from runtime.stop import Stop
from strategies import kinds
from tests.kit.rows import rows
from tests.witness.case import Live, Replay
from tests.witness.cases import CASES
from tests.witness.compare import Comparison
from tests.witness.living import lived
from tests.witness.product import quiet
from tests.witness.running import driven, recorded
from trader import replay

UNSEEN = 500  # candles that are there already: the longest warm-up is shorter
SIDES = {"trader": Live, "replay": Replay}
TRADES = (
    "select strategy_id, client_order_id, side, price, qty, fee, pnl, timestamp, round_trip from trades"
    " order by strategy_id, timestamp, trade_id"
)
DECISIONS = "select strategy_id, timestamp, action, reason, indicators from decisions order by 1, 2"


@pytest.fixture(scope="module")
def sides(data, tmp_path_factory):
    """The shipped kinds, each with exits on closes and with resting orders, on each side: the case and its product."""
    quiet()
    whole = CASES["kinds"](data)
    cases = {name: replace(whole, script=(step(len(whole.bars), UNSEEN),)) for name, step in SIDES.items()}
    return {name: (case, driven(case, tmp_path_factory.mktemp(name))) for name, case in cases.items()}


@pytest.mark.parametrize("side", SIDES)
def test_each_side_trades_as_the_witness_does(sides, side):
    """Every decision, order, trade, point of equity and position, by rules that share no code with either side."""
    case, product = sides[side]
    found = Comparison()
    recorded(case, lived(case), product, found)
    assert found.differences[:5] == []
    assert found.counts["trades"] > 40


def test_replay_and_trader_make_the_same_trades_and_decisions(sides, tmp_path):
    """To the last digit, under the same names of orders; what was traded before counts for nothing."""
    case, product = sides["trader"]
    part = replay.Part([], case.bars[UNSEEN].timestamp, case.bars[-1].timestamp)
    replay.run(product.fleet, kinds.load(), part, tmp_path / "copy.db", Stop())
    one, other = ((rows(path, TRADES), rows(path, DECISIONS)) for path in (product.database, tmp_path / "copy.db"))
    assert {trade[0] for trade in one[0]} >= {"rsi", "macd", "scalping", "trend"}
    assert one == other
