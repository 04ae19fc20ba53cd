"""Drives the product over the same candles by its public ways, and reads what it wrote with SQL."""

import contextlib
import io
import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog

from db.database import Database
from db.market_data import candles, gaps, markets, storing
from db.reading import reports
from db.sqlite.connection import connect
from db.sqlite.dialect import written_out
from db.sqlite.migrate import migrate
from db.trading import retention
from domain.candles import Candle, Series, SeriesState, Source
from domain.gaps import Cause
from domain.market import Market as Described
from fleet.cli import main as fleet
from runtime import clock, heartbeat
from runtime.clock import Clock
from runtime.heartbeat import Heartbeat
from runtime.reload import Configuration
from runtime.stop import Stop
from strategies import kinds
from tests.kit.rows import pragma, records, seen
from tests.replayed import settings
from tests.trading import take
from tests.witness.bars import Bar, Gap
from tests.witness.terms import Market, Terms
from tests.witness.yaml_text import text
from trader import registration, replay
from trader.assignments import Assignments
from trader.configuration_sync import ConfigurationSync
from trader.deciding import SeriesAdvance
from trader.exchange_time import ExchangeTime
from trader.worker import TraderWorker

Row = dict[str, Any]


def quiet() -> None:
    """No log of every trade."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


class Product:
    """A fleet of one series in a folder of its own."""

    def __init__(self, folder: Path, series: tuple[str, str, str], more: str = "") -> None:
        self.folder = folder
        self.series = Series(*series)
        self.more = "supervision: { lease: 3600 }\n" + more
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
            pragma(db, "synchronous = OFF")  # no test of the disk
            yield db

    def describe(self, market: Market | None) -> None:
        """What the exchange says of the market, None for nothing."""
        with self.opened() as db:
            markets.save(db, [self._described(market)] if market else [], 1)

    def vanish(self) -> None:
        """The exchange does not list the market any more."""
        with self.opened() as db:
            candles.set_state(db, self.series, "not listed", SeriesState.DELISTED)

    def feed(self, bars: Sequence[Bar], holes: Sequence[Gap] = ()) -> None:
        """Store candles and gaps."""
        with self.opened() as db:
            found = [Candle(*bar[:6]) for bar in bars]
            storing.store(db, self.series, found, Source.EXCHANGE, 1)
            for gap in holes:
                gaps.mark(db, self.series, gap.first, gap.last, Cause(gap.cause))

    def configure(self, strategies: Mapping[str, Terms]) -> None:
        """Write the files anew."""
        series = (self.series.exchange, self.series.symbol, self.series.timeframe)
        for old in (self.folder / "config" / "strategies").glob("*.yaml"):
            old.unlink()
        self.fleet = settings(self.folder, [text(name, series, terms) for name, terms in strategies.items()], self.more)

    @contextmanager
    def assigned(self) -> Iterator[Assignments]:
        """A trader that holds all strategies, for the length of the block."""
        with self.opened() as db, Heartbeat(db, heartbeat.worker("trader"), self.fleet.supervision) as beats:
            beats.renew()
            registration.register(db, self.fleet, 1)
            chosen = registration.wanted(self.fleet, [])
            made = Assignments(
                db=db, settings=self.fleet, wanted=chosen, built=registration.built(chosen, kinds.load()),
                beats=beats,
            )  # fmt: skip
            made.claim()
            yield made
            made.release()

    def walk(self, first: int, last: int) -> None:
        """A turn at each close of the candles from the first to the last."""
        with self.assigned() as made:
            replay.walk(made, (first, last), Stop())

    def turn(self, now_ms: int) -> None:
        """One turn at this moment, over all that is due."""
        with self.assigned() as made:
            take(made, SeriesAdvance(series=self.series, now_ms=now_ms, stored_ms=1, seen_ms=2))

    @contextmanager
    def trader(self) -> Iterator[Callable[[int], None]]:
        """A trader's process, for the length of the block; what is called makes it look at a moment of candle time."""
        who = heartbeat.worker("trader")
        configuration = Configuration(lambda: (self.fleet, kinds.load()))
        with self.opened() as db, Heartbeat(db, who, self.fleet.supervision) as beats:
            sync = ConfigurationSync(db=db, who=who, configuration=configuration, now_ms=clock.now_ms)
            made = Assignments(db=db, settings=self.fleet, wanted={}, built={}, beats=beats)
            watch = TraderWorker(assignments=made, time=ExchangeTime(Clock()), configuration=configuration, sync=sync)

            def look(now_ms: int) -> None:
                watch.time = ExchangeTime(Clock(now_ms, clock.now_ms(), 1e-9))
                watch.version = -1
                watch.turn()
                while watch.behind:
                    watch.turn()

            yield look
            made.release()

    def look(self, now_ms: int) -> None:
        """A new process looks once."""
        with self.trader() as look:
            look(now_ms)

    def live(self, bars: Sequence[Bar], holes: Sequence[Gap], unseen: int, step: int) -> None:
        """A new process looks a second after each close, the first time when so many more have come before."""
        with self.trader() as look:
            for place in range(unseen, len(bars)):
                newest = bars[place]
                came = bars[: place + 1] if place == unseen else [newest]
                self.feed(came, [gap for gap in holes if gap.last < newest.timestamp])
                look(1000 * (newest.timestamp + step + 1))

    def typed(self, *words: str) -> None:
        """A command of a person's; `resume` ends with 1 where a stop stands."""
        where = ["--config", str(self.fleet.directory), "--database", str(self.database)]
        self._ran(*words, *where, status=int(words[0] == "resume" and "stopped" in words))

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
        which = ["--config", str(self.fleet.directory), "--database", str(self.database), "--format", "json"]
        found: list[Row] = json.loads(self._ran(verb, *which, *arguments))
        return found

    def _ran(self, *words: str, status: int = 0) -> str:
        """What a command prints; it must end with this status."""
        out, log = io.StringIO(), self.folder / "stderr.log"
        with contextlib.redirect_stdout(out), log.open("w") as told, contextlib.redirect_stderr(told):
            ended = fleet(list(words))
        quiet()  # the command has set up logs of its own
        assert ended == status, f"{words}: {log.read_text()}"
        return out.getvalue()

    def totals(self) -> list[Row]:
        """The sums over all strategies below a report, for each quote currency."""
        with self.opened() as db:
            return [dict(row) for row in reports.totals(db)]

    def grow_old(self) -> None:
        """Years later: retention deletes what it may."""
        with self.opened() as db:
            while not retention.step(db, 2**41, 1, 1).done:
                pass

    @contextmanager
    def views(self, source: str) -> Iterator[None]:
        """With these views in the place of its own, for the length of the block."""
        with self.opened() as db:
            own = [row["sql"] for row in self.rows("select sql from sqlite_master where type = 'view'")]
            self._made(db, re.split(r";\n", written_out(source)))
        yield
        with self.opened() as db:
            self._made(db, own)

    def _made(self, db: Database, views: Sequence[str]) -> None:
        for row in self.rows("select name from sqlite_master where type = 'view'"):
            seen(db, f"drop view {row['name']}")
        for view in views:
            seen(db, view)

    def rows(self, sql: str) -> list[Row]:
        """Rows of a query."""
        return records(self.database, sql)

    def _described(self, market: Market) -> Described:
        base, quote = self.series.symbol.split("/")
        return Described(
            exchange=self.series.exchange, symbol=self.series.symbol, market_id=base + quote, base=base, quote=quote,
            amount_step=market.amount_step, price_tick=market.price_tick, min_amount=market.min_amount,
            min_cost=market.min_cost, maker=market.maker, taker=market.taker, fee_in_base=market.coins,
        )  # fmt: skip
