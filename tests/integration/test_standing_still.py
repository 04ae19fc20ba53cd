"""A price that stands still, and then ticks: nothing has happened that anybody could have bought on."""

from tests.kit.candles import bar
from tests.kit.rows import rows
from tests.kit.series import at
from tests.replayed import walked, waves

FILE = "strategy_id: s{}\nexchange: binance\nsymbol: BTC/USDT\ntimeframe: 1h\ncapital: 1000\nstrategy: {}\n"
ENTRIES = ("rsi(14) < 30", "stoch(14).k < 20 or willr(14) < -80", "cci(20) < 1 and mfi(14) < 60", "not adx(7).adx > 20")
RULES = [f"rules\nparams: {{ entry: '{entry}', exit: rsi(14) > 70 }}" for entry in ENTRIES]


def still(first, count, price):
    """Bars at one price, with volume."""
    return [bar(first + n, price, spread=0, volume=10.0) for n in range(count)]


def test_what_has_not_moved_is_not_bought(tmp_path):
    """Neither while it stands still nor on the bar of the tick; the decisions say that something is not defined."""
    price = waves(300)[-1].close
    candles = [*waves(300), *still(300, 400, price), *still(700, 1, price + 0.01)]
    texts = [FILE.format(number, kind) for number, kind in enumerate(["rsi", *RULES])]
    database = walked(tmp_path, texts, {"BTC/USDT": candles})
    found = rows(database, "select action, reason from decisions where timestamp >= ? order by timestamp", [at(680)])
    assert len(found) == 21 * len(texts)
    assert {action for action, _ in found} == {"hold"}
    assert all("undefined" in reason for _, reason in found[:-5])
