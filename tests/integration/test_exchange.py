"""The door to exchanges: the real ccxt against the simulated exchange, what it answers and what its failures become."""

import threading

import pytest

from domain.candles import Series
from domain.errors import ConfigError, Forbidden, NotListed, RateLimited, Unavailable
from exchange import ccxt_exchange
from exchange.ccxt_exchange import Connection
from exchange.errors import LastAnswer
from exchange.simulated import Simulator, SimulatorConfig
from tests.backfilling import NOW, simulator
from tests.kit.series import HOURLY

SYMBOLS = {"binance": "BTC/USDT", "kraken": "BTC/USD", "coinbase": "BTC/USD"}
FEES = {"binance": ("0.001", "0.001"), "kraken": ("0.0026", "0.0016"), "coinbase": ("0.012", "0.006")}


class Freely:
    """A pacer that lets everything through and remembers the pauses."""

    def __init__(self):
        self.waits, self.pauses = [], []

    def wait(self, exchange):
        """Now."""
        self.waits.append(exchange)

    def pause(self, exchange, milliseconds, reason):
        """Noted."""
        self.pauses.append((exchange, milliseconds, reason))


@pytest.fixture(scope="module")
def running():
    """A simulated exchange."""
    with simulator() as found:
        yield found


def reached(running, name, **settings):
    """The exchange through ccxt."""
    return ccxt_exchange.connect(name, Freely(), Connection(base_url=f"{running.url}/{name}", timeout=0.5, **settings))


@pytest.mark.parametrize("name", SYMBOLS)
def test_markets_are_described(running, name):
    """Steps, minima, fees and the exchange's own id."""
    market = reached(running, name).markets().markets[SYMBOLS[name]]
    assert (market.exchange, market.base) == (name, "BTC")
    assert market.amount_step > 0
    assert market.price_tick > 0
    assert (str(market.taker), str(market.maker)) == FEES[name]
    assert market.fee_in_base is (name == "binance")
    assert market.active


@pytest.mark.parametrize("name", SYMBOLS)
def test_candles_come_as_rows_of_seconds(running, name):
    """Ascending opens of hours, six numbers each."""
    rows = reached(running, name).candles(Series(name, SYMBOLS[name], "1h"), NOW // 3600 * 3600 - 10 * 3600, 5)
    assert len(rows) >= 5
    assert [row[0] % 3600 for row in rows[:5]] == [0] * 5
    assert all(len(row) == 6 for row in rows)


@pytest.mark.parametrize("name", SYMBOLS)
def test_clock_and_price(running, name):
    """The exchange's own clock, and the last trade."""
    exchange = reached(running, name)
    exchange.markets()
    assert abs(exchange.now_ms() - running.clock.now_ms()) < 2_000
    assert exchange.last_price(SYMBOLS[name]) > 0


def test_a_timeframe_that_is_not_offered(running):
    """Coinbase has no 4h: nothing is asked."""
    with pytest.raises(NotListed, match="no timeframe 4h"):
        reached(running, "coinbase").candles(Series("coinbase", "BTC/USD", "4h"), NOW, 5)


@pytest.mark.parametrize("name", SYMBOLS)
def test_a_market_that_is_not_listed(running, name):
    """Whichever words the exchange has for it."""
    with pytest.raises(NotListed):
        reached(running, name).candles(Series(name, "NIX/USD", "1h"), NOW - 36_000, 5)


def test_an_exchange_that_nobody_knows():
    """Is a mistake in the configuration."""
    with pytest.raises(ConfigError, match="nixchange"):
        ccxt_exchange.connect("nixchange", Freely())


def test_an_alias_is_asked_for_by_its_new_name(running):
    """The symbol of the configuration stays."""
    exchange = reached(running, "binance", aliases={"XBT/USDT": "BTC/USDT"})
    assert exchange.markets().markets["XBT/USDT"].market_id == "BTCUSDT"
    assert exchange.candles(Series("binance", "XBT/USDT", "1h"), NOW - 36_000, 3)


def test_an_alias_brings_the_market_of_today_under_our_name():
    """Its steps and the exchange's own id, and nothing that the exchange still lists under our name."""
    with simulator(faults=("renamed:binance,symbol=SOL/USDT,word=POL/USDT,amount=1",)) as running:
        exchange = reached(running, "binance", aliases={"SOL/USDT": "POL/USDT", "BTC/USDT": "GONE/USDT"})
        listed = exchange.markets()
        found = listed.markets["SOL/USDT"]
        assert (found.symbol, found.base, found.quote, found.market_id) == ("SOL/USDT", "SOL", "USDT", "POLUSDT")
        assert (str(found.amount_step), str(listed.markets["POL/USDT"].amount_step)) == ("0.1", "0.1")
        assert "BTC/USDT" not in listed.symbols
        assert exchange.candles(Series("binance", "SOL/USDT", "1h"), NOW - 36_000, 3)


FAULTS = {
    "hangs": Unavailable,
    "limited": RateLimited,
    "banned": RateLimited,
    "busy": RateLimited,
    "blocked": Forbidden,
    "broken": Unavailable,
    "webpage": Unavailable,
    "dropped": Unavailable,
    "torn": Unavailable,
    "truncated": Unavailable,
}


@pytest.mark.parametrize("name", SYMBOLS)
@pytest.mark.parametrize("fault", FAULTS)
def test_every_failure_becomes_one_of_ours(name, fault):
    """The answer to "what do I do now?"; never a foreign exception."""
    with simulator() as running:
        exchange = reached(running, name)
        exchange.markets()
        running.faults.add(_fault(f"{fault}:{name},amount={503 if fault == 'broken' else 3}"))
        with pytest.raises(FAULTS[fault]) as caught:
            exchange.candles(Series(name, SYMBOLS[name], "1h"), NOW - 36_000, 5)
    assert name in str(caught.value)
    assert caught.value.__cause__ is not None


def _fault(text):
    from exchange.simulated.faults import parse  # noqa: PLC0415

    return parse(text)


@pytest.mark.parametrize("fault", ["limited", "banned"])
def test_retry_after_pauses_the_whole_fleet(fault):
    """As long as the exchange says."""
    with simulator(faults=(f"{fault}:binance,amount=7",)) as running:
        pacer = Freely()
        exchange = ccxt_exchange.connect("binance", pacer, Connection(base_url=f"{running.url}/binance"))
        with pytest.raises(RateLimited):
            exchange.markets()
    assert [(name, milliseconds) for name, milliseconds, _ in pacer.pauses] == [("binance", 7000)]


def test_a_refused_country_is_told_of_the_alternatives():
    """451."""
    with simulator(faults=("blocked:binance",)) as running, pytest.raises(Forbidden, match="binanceus"):
        reached(running, "binance").markets()


def test_messages_carry_no_query():
    """Signatures live in queries."""
    with simulator(faults=("broken:binance,amount=500",)) as running:
        exchange = reached(running, "binance")
        with pytest.raises(Unavailable) as caught:
            exchange.candles(HOURLY, NOW - 36_000, 5)
    assert "?" not in str(caught.value)


def test_without_retry_after_a_pause_is_assumed():
    """Longer for a ban."""
    pauses = [each.pause_ms() for each in (LastAnswer(429), LastAnswer(418), LastAnswer(429, "3"))]
    assert pauses == [10_000, 120_000, 3_000]


def test_every_request_waits_for_the_budget(running):
    """Markets, candles and clock alike."""
    pacer = Freely()
    exchange = ccxt_exchange.connect("binance", pacer, Connection(base_url=f"{running.url}/binance"))
    exchange.markets()
    exchange.now_ms()
    assert len(pacer.waits) >= 2


def test_a_shared_budget_is_never_exceeded(tmp_path):
    """Four threads, twenty requests a second for all of them: an exchange that refuses more than forty refuses none.

    Twenty for each would be eighty; the rest is for a busy machine, on which requests arrive in heaps.
    """
    from db.fleet.budgets import Budget  # noqa: PLC0415
    from db.sqlite.connection import connect  # noqa: PLC0415
    from db.sqlite.migrate import migrate  # noqa: PLC0415

    path = tmp_path / "trading.db"
    migrate(path, "simulated", any_filesystem=True)
    with Simulator(SimulatorConfig(start=NOW, rate_limit={"binance": 40})) as running:

        def work():
            with connect(path, any_filesystem=True) as db:
                budget = Budget(db, {"binance": 20.0}, lambda: False)
                exchange = ccxt_exchange.connect("binance", budget, Connection(base_url=f"{running.url}/binance"))
                for _ in range(15):
                    exchange.now_ms()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        report = running.traffic["binance"].report()
    assert (report["requests"], report["refused"]) == (60, 0)
