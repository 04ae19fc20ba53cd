"""Drives the product over the same candles by its public ways, and reads what it wrote with SQL."""

import contextlib
import io
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog

from db import candles, gaps, markets, reports, retention
from db.connection import Database, connect
from db.migrate import migrate
from domain.candles import Candle, Series, Source
from domain.gaps import Cause
from domain.market import Market as Described
from fleet.cli import main as fleet
from runtime.stop import Stop
from strategies import kinds
from tests.replayed import settings
from tests.trading_desk import take
from tests.witness.bars import Bar, Gap
from tests.witness.terms import Market, Terms
from tests.witness.yaml_text import text
from trader import replay, roster
from trader.desk import Desk
from trader.walking import Bell

Row = dict[str, Any]


def quiet() -> None:
    """No log of every trade."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


class Product:
    """A fleet of one series in a folder of its own."""

    def __init__(self, folder: Path, series: tuple[str, str, str], costs: str = "") -> None:
        self.folder = folder
        self.series = Series(*series)
        self.more = "supervision: { lease: 3600 }\n" + costs
        self.holder = 0
        self.fleet = settings(folder, [], self.more)
        self.kept: Path | None = None
        migrate(self.fleet.database, "real", any_filesystem=True)

    @property
    def database(self) -> Path:
        """The file in which the decisions are: the fleet's own, or what a replay kept."""
        return self.kept or self.fleet.database

    @contextmanager
    def opened(self) -> Iterator[Database]:
        """The database for the length of the block."""
        with connect(self.database, any_filesystem=True) as db:
            yield db

    def feed(self, bars: Sequence[Bar], holes: Sequence[Gap] = (), market: Market | None = None) -> None:
        """Store candles, gaps and what the exchange says of the market."""
        with self.opened() as db:
            found = [Candle(*bar[:6]) for bar in bars]
            candles.store(db, self.series, found, Source.EXCHANGE, 1)
            for gap in holes:
                gaps.mark(db, self.series, gap.first, gap.last, Cause(gap.cause))
            if market:
                markets.save(db, [self._described(market)], 1)

    def configure(self, strategies: Mapping[str, Terms]) -> None:
        """Write the files anew."""
        series = (self.series.exchange, self.series.symbol, self.series.timeframe)
        for old in (self.folder / "config" / "strategies").glob("*.yaml"):
            old.unlink()
        self.fleet = settings(self.folder, [text(name, series, terms) for name, terms in strategies.items()], self.more)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """A trader that holds all strategies, for the length of the block."""
        self.holder += 1
        with self.opened() as db:
            roster.register(db, self.fleet, 1)
            chosen = roster.wanted(self.fleet, [])
            made = Desk(
                db=db, settings=self.fleet, wanted=chosen, strategies=roster.built(chosen, kinds.load()),
                holder=f"holder-{self.holder}",
            )  # fmt: skip
            made.claim()
            yield made
            made.release()

    def walk(self, first: int, last: int) -> None:
        """A turn at each close of the candles from the first to the last."""
        with self.desk() as made:
            replay.walk(made, (first, last), Stop())

    def turn(self, now_ms: int) -> None:
        """One turn at this moment, over all that is due."""
        with self.desk() as made:
            take(made, Bell(series=self.series, now_ms=now_ms, stored_ms=1))

    def replay(self, first: int, last: int) -> None:
        """`fleet trade --replay` over stored candles, from the first to the last."""
        kept = self.folder / "kept.db"
        self.said("trade", "--replay", "--from", str(first), "--to", str(last), "--keep", str(kept))
        self.kept = kept

    def report(self, view: str, since: int = 0) -> list[Row]:
        """What `fleet report` prints of a view, since a moment."""
        return self.said("report", "--view", view, *(["--since", str(since)] if since else []))

    def said(self, verb: str, *arguments: str) -> list[Row]:
        """What a command prints as JSON."""
        out, log = io.StringIO(), self.folder / "stderr.log"
        which = ["--config", str(self.fleet.directory), "--database", str(self.database), "--format", "json"]
        with contextlib.redirect_stdout(out), log.open("w") as told, contextlib.redirect_stderr(told):
            status = fleet([verb, *which, *arguments])
        quiet()  # the command has set up logs of its own
        assert status == 0, log.read_text()
        found: list[Row] = json.loads(out.getvalue())
        return found

    def totals(self) -> list[Row]:
        """The sums over all strategies below a report, for each quote currency."""
        with self.opened() as db:
            return [dict(row) for row in reports.totals(db)]

    def grow_old(self) -> None:
        """Years later: retention deletes what it may."""
        with self.opened() as db:
            while not retention.step(db, 2**41, 1, 1).done:
                pass

    def rows(self, sql: str) -> list[Row]:
        """Rows of a query."""
        with self.opened() as db:
            cursor = db._connection.execute(sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _described(self, market: Market) -> Described:
        base, quote = self.series.symbol.split("/")
        return Described(
            exchange=self.series.exchange, symbol=self.series.symbol, market_id=base + quote, base=base, quote=quote,
            amount_step=market.amount_step, price_tick=market.price_tick, min_amount=market.min_amount,
            min_cost=market.min_cost, maker=market.maker, taker=market.taker, fee_in_base=market.coins,
        )  # fmt: skip
