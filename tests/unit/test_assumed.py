"""Markets that no exchange has described: their steps out of the candles, and the one table of fees."""

import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest

from config.fleet_file import exchange_defaults
from config.load import load
from domain import fees
from domain.assumed import assumed
from domain.candles import Series
from domain.fees import Fees
from exchange.markets import published
from strategies import kinds
from tests.kit.candles import bar, recorded
from tests.kit.series import HOURLY

D = Decimal
HOUSE = Path(__file__).resolve().parents[2]
RECORDED = 1_633_998_511  # when Binance was asked for its markets
COINS = ("AAVE", "ADA", "ALGO", "ATOM", "BTC", "DOGE", "ETH", "LINK", "SHIB", "SOL", "TRX", "XRP")


def made(prices, volumes, series=HOURLY):
    """The market of a series with these closes and volumes."""
    candles = [
        bar(n, price, spread=0, volume=volume) for n, (price, volume) in enumerate(zip(prices, volumes, strict=True))
    ]
    return assumed(series, candles, fees.KNOWN["binance"], D(5), "as binance publishes them")


def steps(prices, volumes):
    """Its price and amount steps."""
    market = made(prices, volumes).market
    return market.price_tick, market.amount_step


@pytest.fixture(scope="module")
def exchange_info(data):
    """Price and amount step of each symbol, as Binance described them on 12 October 2021."""
    name = "binance__api.binance.com_api_v3_exchangeInfo.json.gz"
    with gzip.open(data / "exchanges" / "raw_markets" / name, "rt") as file:
        symbols = json.load(file)["body"]["symbols"]
    filters = {each["symbol"]: {one["filterType"]: one for one in each["filters"]} for each in symbols}
    return {
        symbol: (D(found["PRICE_FILTER"]["tickSize"]), D(found["LOT_SIZE"]["stepSize"]))
        for symbol, found in filters.items()
    }


@pytest.mark.parametrize("coin", COINS)
def test_recorded_candles_show_the_steps_that_the_exchange_described(data, exchange_info, coin):
    """The tick, and the amount step or, where older orders were still finer, a tenth or a hundredth of it."""
    month = [
        candle
        for candle in recorded(data, f"binance__{coin}-USDT__1h.csv.gz")
        if RECORDED <= candle.timestamp < RECORDED + 30 * 86_400
    ]
    market = assumed(Series("binance", f"{coin}/USDT", "1h"), month, fees.KNOWN["binance"], D(5), "").market
    tick, step = exchange_info[f"{coin}USDT"]
    assert market.price_tick == tick
    assert market.amount_step in (step, step / 10, step / 100)


PRICES = [100 + n / 100 for n in range(60)]
VOLUMES = [5 + n / 1000 for n in range(60)]


def test_digits_are_those_that_were_written():
    """0.07 + 0.01 is 0.08000000000000002 as a float; many volumes added up are off by more."""
    noisy = [0.01 * n + 0.07 for n in range(60)]
    summed = [sum([0.001 * (n + 1)] * 1440) for n in range(60)]
    assert any(len(repr(price)) > 10 for price in noisy)
    assert any(len(repr(volume)) > 12 for volume in summed)
    assert steps(noisy, summed) == (D("0.01"), D("0.01"))


def test_a_stray_value_shows_no_digits():
    """One of 100 may be an average or a correction."""
    assert steps([*PRICES * 2, 100.123456], [*VOLUMES * 2, 5.1234567]) == (D("0.01"), D("0.001"))
    assert steps([*PRICES[:30], 100.123456], VOLUMES[:31])[0] == D("0.000001")  # one of 31 is none to leave out


def test_parts_of_a_coin_show_a_step_as_whole_ones_do():
    """Hours in which less than one coin was traded, and others in which none was."""
    assert steps(PRICES, [*[0.0] * 30, *[0.5 + n / 1000 for n in range(30)]]) == (D("0.01"), D("0.001"))


def test_ten_different_values_are_enough():
    """Of the prices as of the volumes; nine are not."""
    prices, volumes = PRICES[:10], VOLUMES[1:11]
    assert steps(prices, volumes) == (D("0.01"), D("0.001"))
    assert steps(prices, [*volumes[:9], volumes[0]]) == (D("0.01"), D("1e-8"))
    assert steps([*prices[:9], prices[0]], volumes)[0] == D("1e-15")


@pytest.mark.parametrize(("close", "step"), [(10.0, "1"), (10.01, "1e-8")])
def test_a_step_of_amounts_is_worth_ten_at_most(close, step):
    """Ten dollars for the smallest amount may be; more is no step in coins."""
    assert steps([*PRICES[:59], close], [float(n + 1) for n in range(60)])[1] == D(step)


@pytest.mark.parametrize(("price", "tick"), [(1e-10, "1e-13"), (5e-9, "1e-12"), (1e-5, "1e-8")])
def test_cheap_coins_have_fine_ticks_and_whole_coins(price, tick):
    """Four digits of a price of 1e-10 are steps of 1e-13."""
    found = steps([price * (1000 + n) / 1000 for n in range(60)], [1e12 + n for n in range(60)])
    assert found == (D(tick), 1)


@pytest.mark.parametrize(
    ("prices", "volumes", "why"),
    [
        ([50_000.0 + n for n in range(60)], [1_000_000 + n / 100 for n in range(60)], "would be worth 500.59 USDT"),
        (PRICES, [float(n + 1) for n in range(60)], "as 1 by the volumes would be worth 100.59 USDT"),
        (PRICES, [0.0] * 51 + VOLUMES[:9], "as the volumes of 60 candles show too little"),
        (PRICES, [10.0] * 60, "as the volumes of 60 candles show too little"),
        (PRICES[:9], VOLUMES[:9], "as the volumes of 9 candles show too little"),
        (PRICES, [v + 1e-11 * n for n, v in enumerate(VOLUMES)], "as the volumes of 60 candles show it"),
    ],
)
def test_what_volumes_do_not_show_is_the_finest_step(prices, volumes, why):
    """Volume in quote currency, in round numbers, hardly any of it: it says why."""
    found = made(prices, volumes)
    assert found.market.amount_step == D("1e-8")
    assert why in found.words


def test_few_candles_show_no_tick():
    """Prices of whole dollars by chance: a fill is rounded to the last of 15 digits instead of a dollar."""
    found = made([100.0, 101.0, 102.0], [1.0, 2.0, 3.0])
    assert found.market.price_tick == D("1e-15")
    assert "price step none, as 3 candles show too little" in found.words


def test_words_say_what_is_used_and_where_it_comes_from():
    """Steps, fees, whence."""
    assert made(PRICES, VOLUMES).words == (
        "binance BTC/USDT: price step 0.01, amount step 0.001, fees 0.1 %, of orders that rested 0.1 %, taken from "
        "the coins of a buy; assumed, for no exchange has described it: price step as 60 candles show it, amount "
        "step as the volumes of 60 candles show it, fees as binance publishes them"
    )


@pytest.mark.parametrize("name", fees.KNOWN)
def test_the_table_says_what_ccxt_knows(name):
    """Of every exchange in it; and what traders are told of it is the table's."""
    assert published(name) == fees.KNOWN[name]
    found = exchange_defaults(name)
    assert (found.taker, found.maker) == (fees.KNOWN[name].taker, fees.KNOWN[name].maker)


def test_the_table_says_what_the_semantics_say():
    """Binance 0.10 %, Kraken 0.26 %, Coinbase 1.20 %; Binance takes it from what is received."""
    told = {name: (float(100 * each.taker), each.in_base) for name, each in fees.KNOWN.items()}
    assert told == {
        "binance": (0.1, True), "binanceus": (0.1, True), "kraken": (0.26, False), "coinbase": (1.2, False),
    }  # fmt: skip


def test_an_exchange_that_is_not_in_the_table():
    """What ccxt knows of it, else what is common."""
    assert fees.usual("bybit", published("bybit")).in_base is True
    assert fees.usual("bitstamp", published("bitstamp")) == Fees(D("0.004"), D("0.004"))
    assert published("bittrex") is None
    assert fees.usual("bittrex") == fees.COMMON


@pytest.mark.parametrize("folder", ["config", "config/demo"])
def test_shipped_files_repeat_the_table(folder):
    """Whoever deletes their lines of costs trades at the same fees."""
    found = load(HOUSE / folder, kinds.load).exchanges
    for name in found.keys() & fees.KNOWN.keys():
        assert (found[name].taker, found[name].maker) == (fees.KNOWN[name].taker, fees.KNOWN[name].maker)
