"""An import followed by a replay: on which market that trades, and that it is said."""

import json
from decimal import Decimal

import pytest

from db.sqlite.connection import connect_readonly
from domain.money import decimal
from fleet import cli
from tests.kit.rows import rows
from tests.replayed import settings as configured

KIND = "strategy_id: {name}\nexchange: {exchange}\nsymbol: {symbol}\ntimeframe: 1h\nstrategy: {kind}\ncapital: 1000\n"
SPRING = ["--from", "2024-03-01", "--to", "2024-05-31"]
WEEK = ["--from", "2024-03-01", "--to", "2024-03-08"]
COUNTS = "select strategy_id, sum(action = 'enter'), sum(action = 'failed') from decisions group by 1 order by 1"


class Import:
    """A database into which recorded candles were imported, and no exchange has described a market."""

    def __init__(self, folder, capfd):
        self.folder, self.capfd = folder, capfd

    def run(self, verb, *options, status=0, database="trading.db"):
        """What a command prints on both streams."""
        where = ["--config", str(self.folder / "config"), "--database", str(self.folder / database)]
        assert cli.main([verb, *options, *where]) == status
        return self.capfd.readouterr()

    def filled(self, data, *strategies):
        """Import the series of these strategies: exchange, symbol and kind of each."""
        texts = []
        for exchange, symbol, kind in strategies:
            name = f"{symbol.partition('/')[0]}-{kind}".lower()
            texts.append(KIND.format(name=name, exchange=exchange, symbol=symbol, kind=kind))
        configured(self.folder, texts)
        for exchange, symbol in {each[:2] for each in strategies}:
            file = data / "candles" / f"{exchange}__{symbol.replace('/', '-')}__1h.csv.gz"
            which = ["--exchange", exchange, "--symbol", symbol, "--timeframe", "1h"]
            self.run("import", str(file), *which)

    def replayed(self, *options, status=0):
        """The report as rows, what is said beside it, and the database that it was made in."""
        (self.folder / "kept.db").unlink(missing_ok=True)
        kept = ["--keep", str(self.folder / "kept.db")]
        told = self.run("trade", "--replay", "--format", "json", *kept, *options, status=status)
        return json.loads(told.out), told.err, connect_readonly(self.folder / "kept.db")


@pytest.fixture
def imported(tmp_path, capfd):
    """A folder for an import."""
    return Import(tmp_path, capfd)


def test_every_entry_on_cheap_coins_trades(imported, data):
    """SHIB and PEPE, all shipped kinds: 50 of 58 and 58 of 59 entries of macd had failed, and all of rsi."""
    cheap = [("binance", f"{coin}/USDT", kind) for coin in ("SHIB", "PEPE") for kind in ("macd", "rsi")]
    imported.filled(data, *cheap)
    _, _, kept = imported.replayed(*SPRING)
    with kept:
        found = rows(kept, COUNTS)
        assert [(name, failed) for name, _, failed in found] == [
            ("pepe-macd", 0), ("pepe-rsi", 0), ("shib-macd", 0), ("shib-rsi", 0),
        ]  # fmt: skip
        entered = dict(rows(kept, "select strategy_id, count(*) from trades where side = 'buy' group by 1"))
        assert entered == {name: count for name, count, _ in found}
        assert entered["pepe-macd"] >= 59
        assert entered["shib-macd"] >= 57
        assert rows(kept, "select count(*) from trades where qty <> round(qty)") == [(0,)]


def test_the_market_of_an_import_is_said_beside_its_report(imported, data):
    """On stderr of the replay, and of each report of what was kept; stdout is the report alone."""
    imported.filled(data, ("binance", "PEPE/USDT", "macd"))
    _, err, kept = imported.replayed(*WEEK)
    kept.close()
    report = imported.run("report", "--format", "json", database="kept.db")
    assert len(json.loads(report.out)) == 1
    for told in (err, report.err):
        assert "binance PEPE/USDT: price step 0.00000001, amount step 1, fees 0.1 %, of orders that" in told
        assert "taken from the coins of a buy; assumed, for no exchange has described it: price step as" in told
        assert "fees as binance publishes them" in told


def test_binance_takes_its_fee_from_the_coins(imported, data):
    """0.1 % of the amount in coins, to 1e-8; what is left is sold in whole coins."""
    imported.filled(data, ("binance", "PEPE/USDT", "macd"))
    _, _, kept = imported.replayed(*WEEK)
    with kept:
        buys = rows(kept, "select qty, fee, fee_currency from trades where side = 'buy'")
        assert {currency for _, _, currency in buys} == {"PEPE"}
        for qty, fee, _ in buys:
            assert decimal(fee) == (decimal(qty) / 1000).quantize(Decimal("1e-8"))
        sold = rows(kept, "select fee_currency, qty from trades where side = 'sell'")
        assert {currency for currency, _ in sold} == {"USDT"}
        assert all(qty == int(qty) for _, qty in sold)


@pytest.mark.parametrize(
    ("exchange", "symbol", "fee", "words"),
    [
        ("kraken", "ETH/USD", "0.0026", "fees as kraken publishes them"),
        ("bitstamp", "BTC/USD", "0.004", "fees as ccxt knows them of bitstamp"),
    ],
)
def test_other_exchanges_take_theirs_in_money(imported, data, exchange, symbol, fee, words):
    """Kraken's is in the table, Bitstamp's in ccxt, which needs no network to tell."""
    imported.filled(data, (exchange, symbol, "macd"))
    _, err, kept = imported.replayed("--from", "2021-06-01", "--to", "2021-06-20")
    assert words in err
    with kept:
        found = rows(kept, "select price, qty, fee, fee_currency from trades")
        assert len(found) > 5
        for price, qty, paid, currency in found:
            assert currency == "USD"
            assert decimal(paid) == (decimal(price) * decimal(qty) * Decimal(fee)).quantize(Decimal("1e-8"))


def test_fees_of_the_configuration_go_before(imported, data):
    """They are said to be so."""
    imported.filled(data, ("binance", "PEPE/USDT", "macd"))
    more = "any_filesystem: true\nexchanges: { binance: { costs: { taker: 0.00075 } } }\n"
    (imported.folder / "config" / "fleet.yaml").write_text(more)
    _, err, kept = imported.replayed(*WEEK)
    assert "fees 0.075 %, of orders that rested 0.1 %, taken from the coins" in err
    assert "fees by the configuration, taken where binance takes them" in err
    with kept:
        assert rows(kept, "select taker, maker, fee_in_base from markets") == [(0.00075, 0.001, 1)]
