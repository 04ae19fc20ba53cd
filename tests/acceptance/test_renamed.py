"""An exchange renames a market that is traded: with an alias it goes on under its old name, by the steps of today."""

from contextlib import contextmanager

import pytest

from exchange.simulated.faults import parse
from tests.backfilling import fleet, simulator, until
from tests.fleet_processes import begin
from tests.kit.rows import rows

SERIES = "binance SOL/USDT 1m 50"
STRATEGY = """\
strategy_id: one
exchange: binance
symbol: SOL/USDT
timeframe: 1m
strategy: rules
params: { entry: close > 0, exit: close < 0 }
exits: { max_bars: 1 }
capital: 1000
warmup: 2
"""
SPEED = 15.0  # a bar every four seconds; an entry is stale a second after its close
RENAMED = "renamed:binance,symbol=SOL/USDT,word=NEWSOL/USDT,amount=0"
BOUGHT = "select qty from trades where side = 'buy' and symbol = 'SOL/USDT' order by trade_id desc limit 1"


def configured(folder, running):
    """A configuration with one strategy that buys whatever comes, and its database."""
    (folder / "strategies").mkdir()
    (folder / "strategies" / "one.yaml").write_text(STRATEGY)
    return fleet(folder, running, SERIES)


def name_the_alias(settings):
    """What the documentation says a person does."""
    file = settings.directory / "fleet.yaml"
    text = file.read_text()
    file.write_text(text.replace('/binance" }', '/binance", aliases: { SOL/USDT: NEWSOL/USDT } }'))


@contextmanager
def working(settings):
    """A backfiller and a trader in processes of their own."""
    processes = [begin(settings, room) for room in ("backfiller", "trader")]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        assert [process.wait(60) for process in processes] == [0, 0]


def newest(settings):
    """How much was bought last, None before."""
    found = rows(settings.database, BOUGHT)
    return found[0][0] if found else None


@pytest.fixture(params=["a new database", "an old one"])
def renamed(request, tmp_path):
    """A fleet whose market was renamed before it began, or while it held the market's coins; the alias is written."""
    old = request.param == "an old one"
    with simulator(speed=SPEED, faults=() if old else (RENAMED,)) as running:
        settings = configured(tmp_path, running)
        if not old:
            name_the_alias(settings)
        with working(settings):
            if old:
                until(lambda: newest(settings))
                assert newest(settings) % 1 > 0  # steps of a thousandth
                running.faults.add(parse(RENAMED))
                name_the_alias(settings)
            yield settings


def test_a_renamed_market_is_traded_by_the_rules_of_today(renamed):
    """Its steps are whole coins now: what is bought from then on is."""
    until(lambda: (newest(renamed) or 0.5) % 1 == 0)
    assert rows(renamed.database, "select market_id, base, amount_step, missing_since_ms from markets") == [
        ("NEWSOLUSDT", "SOL", 1.0, None)
    ]
    assert rows(renamed.database, "select distinct fee_currency from trades where side = 'buy'") == [("SOL",)]
