"""However many answers are silent, and wherever: no final word is said of a bar in which somebody traded."""

import shutil
from contextlib import closing, contextmanager
from dataclasses import replace
from random import Random
from types import SimpleNamespace

import pytest

from backfiller import exchange_health, plan, schedule
from backfiller.backfill_once import backfill_once
from backfiller.exchange_backfiller import ExchangeBackfiller
from backfiller.exchange_thread import connection
from backfiller.series_fetcher import SeriesFetcher
from db.fleet import meta
from db.fleet.budgets import Budget
from db.sqlite.connection import connect
from domain.candles import Series
from exchange import capabilities, ccxt_exchange
from exchange.simulated.faults import parse
from runtime.clock import Clock
from runtime.stop import Stop
from tests.backfilling import fleet, holes, simulator, stored, unexplained

PAGE, SHORT, DEEP = 25, 15, 160
EXCHANGES = {"coinbase": ("ETH/USD", "1m"), "binance": ("ETH/USDT", "1h"), "kraken": ("ETH/USD", "1h")}
ODDITIES = (
    *6 * ("oldest_part:{0},amount=0",),
    "wrong:{0}",
    "wrong:{0},share=0.3",
    "wrong:{0},word=null,share=0.5",
    "newest_part:{0},amount=2",
    "newest_part:{0},amount=12",
    "oldest_part:{0},amount=1",
    "oldest_part:{0},amount=12",
)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Pages are short, and nobody waits between two attempts."""
    table = {name: replace(each, page=min(each.page, PAGE)) for name, each in capabilities.TABLE.items()}
    monkeypatch.setattr(capabilities, "TABLE", table | {"kraken": capabilities.TABLE["kraken"]})
    for module in (schedule, exchange_health):
        monkeypatch.setattr(module, "FIRST_WAIT", 0.0)


@pytest.fixture(scope="module")
def running():
    """One simulated exchange for all."""
    with simulator() as found:
        yield found


@pytest.fixture(params=EXCHANGES)
def world(request, running, tmp_path):
    """An exchange, every bar in which somebody traded, and by how many bars a database begins with: that database."""
    name = request.param
    running.faults.clear()
    series = Series(name, *EXCHANGES[name])
    depths = {"truth": 3 * DEEP, "short": SHORT, "deep": DEEP}
    told = f"{name} {series.symbol} {series.timeframe}"
    kept = {each: fleet(tmp_path / each, running, f"{told} {depth}") for each, depth in depths.items()}
    with opened(kept["truth"].database) as db:
        budget = Budget(db, {name: 500}, lambda: False)
        with closing(ccxt_exchange.connect(name, budget, connection(kept["deep"].exchanges[name]))) as exchange:
            for each in ("truth", "short"):
                assert filled(kept[each], kept[each].database, exchange)
            traded = [candle.timestamp for candle in stored(kept["truth"], series)]
            yield SimpleNamespace(
                name=name, series=series, exchange=exchange, traded=set(traded), newest=traded[-1],
                settings=kept["deep"], begun={0: kept["deep"].database, SHORT: kept["short"].database},
            )  # fmt: skip


def opened(file):
    """A database, wherever it lies."""
    return connect(file, any_filesystem=True)


def filled(settings, file, exchange):
    """What `backfill --once` does for one exchange; whether the series is what was wished for."""
    with opened(file) as db:
        fetcher = SeriesFetcher(
            db=db, exchange=exchange, settle=2.0, clock=Clock.parse(meta.clock_text(db)), stop=Stop()
        )
        backfill_once(ExchangeBackfiller(fetcher=fetcher, kept=settings.series))
        return not fetcher.status.failed


def check(running, world, begin, name, trouble):
    """Fill a series amid `trouble`, then without: nothing false was found out, and all is there at the end."""
    file, series = world.begun[begin].with_name(name), world.series
    shutil.copy(world.begun[begin], file)
    settings = replace(world.settings, database=file)
    with trouble():
        filled(settings, file, world.exchange)
    final = [gap for gap in holes(settings, series) if gap.cause not in plan.OPEN]
    told = {each for gap in final for each in range(gap[0], gap[1] + 1, series.seconds)}
    assert not told & world.traded, f"{name}: {len(told & world.traded)} traded bars have a final cause: {final}"
    running.faults.clear()
    assert filled(settings, file, world.exchange), name
    first = world.newest - (DEEP - 1) * series.seconds
    assert {candle.timestamp for candle in stored(settings, series)} >= {each for each in world.traded if each >= first}
    assert not unexplained(settings, series, first, world.newest)


@pytest.mark.parametrize("world", ["binance", "coinbase"], indirect=True)
def test_however_many_answers_are_silent(running, world):
    """When a series is made deeper."""

    @contextmanager
    def silence():
        about = f"{world.name},timeframe={world.series.timeframe}"
        running.faults.add(parse(f"oldest_part:{about},amount=0,count={count}"))
        yield

    for count in range(31):
        check(running, world, SHORT, f"{count}.db", silence)


def test_wherever_answers_are_wrong(running, world, monkeypatch):
    """Empty, cut off at either end, or broken in whole or in part: four of five, as chance will have it."""
    real = SeriesFetcher.fetch

    @contextmanager
    def disorder():
        chance, about = Random(seed), f"{world.name},timeframe={world.series.timeframe}"

        def fetch(self, *span):
            running.faults.clear()
            if chance.random() < 0.8:
                running.faults.add(parse(chance.choice(ODDITIES).format(about)))
            return real(self, *span)

        with monkeypatch.context() as patched:
            patched.setattr(SeriesFetcher, "fetch", fetch)
            yield

    for seed in range(6):
        check(running, world, 0 if seed % 2 else SHORT, f"{seed}.db", disorder)
