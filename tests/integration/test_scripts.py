"""A market whose name is written in another script, as Binance lists one: fetched, traded, reported like any other."""

import csv
import io

from domain.candles import Series
from fleet import cli
from tests.backfilling import fleet, once, simulator, stored
from tests.replayed import STRATEGY, waves

SYMBOL = "币安人生/USDT"
SERIES = Series("binance", SYMBOL, "1h")


def test_it_is_fetched_traded_and_reported(tmp_path, capfd):
    """Over the real ccxt, whose request has its name percent-encoded."""
    file = tmp_path / f"binance__{SYMBOL.replace('/', '-')}__1h.csv"
    lines = [",".join(map(str, (c.timestamp, c.open, c.high, c.low, c.close, c.volume))) for c in waves(200)]
    file.write_text("timestamp,open,high,low,close,volume\n" + "\n".join(lines) + "\n")
    with simulator(start=None, replay=(file,)) as running:
        settings = fleet(tmp_path / "config", running, f"binance {SYMBOL} 1h 200")
        assert once(settings) == 0
    assert stored(settings, SERIES) == waves(200)
    (tmp_path / "config" / "strategies").mkdir()
    text = STRATEGY.format(name="one", symbol=SYMBOL, capital=1000)
    (tmp_path / "config" / "strategies" / "one.yaml").write_text(text)
    where, kept = ["--config", str(tmp_path / "config")], str(tmp_path / "kept.db")
    assert cli.main(["trade", "--replay", *where, "--database", str(settings.database), "--keep", kept]) == 0
    capfd.readouterr()
    assert cli.main(["report", *where, "--database", kept, "--view", "round_trips", "--format", "csv"]) == 0
    trips = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    assert len(trips) > 3
    assert {each["symbol"] for each in trips} == {SYMBOL}
