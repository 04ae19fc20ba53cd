"""The exchange's own clock, by which a bar counts as closed: asked for every few minutes, and witnessed by each answer.

Between two answers it is carried on by a clock of the machine that nobody sets or slews (`runtime.clock.raw_ms`). So
what happens to the machine's wall clock does not matter: it may be set, slewed by NTP, or stand still in a paused
machine. What candle time on this machine lacks is kept in the database for those who only know the machine's clock.
Where candle time is paced, the simulated exchange reads the same file: there is one clock, and nobody is asked.
"""

from dataclasses import dataclass

import structlog

from db.database import Database
from db.market_data import exchanges
from domain.errors import NotListed
from exchange.protocol import Exchange, ServerDate
from runtime.clock import Clock, raw_ms

log = structlog.get_logger()
DRIFT = 500e-6  # the most that a clock which nobody sets runs too fast or too slow
SOONEST, LATEST = 60_000, 300_000  # real milliseconds between two times that the exchange's clock is asked for
SECOND = 1000  # milliseconds: how coarse a Date header is, and the clocks of some exchanges
OFFSET_STEP = 1000  # milliseconds by which an offset must have changed to be written down again


@dataclass(kw_only=True)
class ExchangeClock:
    """The clock of one exchange; used by one thread. `clock` is candle time on this machine, `settle` in seconds."""

    db: Database
    exchange: Exchange
    clock: Clock
    settle: float
    _anchor: tuple[float, int] | None = None  # what the exchange's clock showed, and the raw clock
    _witness: ServerDate | None = None
    _stored_offset: int | None = None

    def now_ms(self) -> int:
        """Candle time by the exchange's clock; by the machine's as long as nobody was asked."""
        return self.at(raw_ms())

    def at(self, moment: int) -> int:
        """What the exchange's clock showed when the raw clock showed `moment`."""
        if self._anchor is None:
            return self.clock.now_ms()
        theirs, ours = self._anchor
        return round(theirs + (moment - ours) * self.clock.speed)

    def refresh(self) -> None:
        """Ask where it is time; tell others when the machine's clock has moved against the exchange's."""
        if self.clock.paced:
            return
        if self._anchor is None or raw_ms() - self._anchor[1] > self.period_ms:
            self.ask()
        else:
            self._store_offset()

    @property
    def period_ms(self) -> float:
        """Real milliseconds after which drift alone may have eaten up half of `settle`."""
        return min(max(self.settle * 1000 / 2 / DRIFT, SOONEST), LATEST)

    def ask(self) -> None:
        """Learn what the exchange's clock shows. It is never put later than it can be: no bar closes too early."""
        began = raw_ms()
        theirs = self._theirs()
        server_date, ended = self.exchange.server_date, raw_ms()
        asked, arrived = (began, ended) if server_date is None else (server_date.asked_ms, server_date.arrived_ms)
        self._anchor, self._witness = (self._within(theirs, asked, arrived), arrived), server_date
        self._store_offset()

    def contradicted(self) -> bool:
        """Whether the last answer's own Date cannot be, by what is known: the clock must be asked before it is used."""
        before, server_date = self._witness, self.exchange.server_date
        if before is None or server_date is None:
            return False
        passed, speed = server_date.date_ms - before.date_ms, self.clock.speed
        least = (server_date.asked_ms - before.arrived_ms) * speed - SECOND
        most = (server_date.arrived_ms - before.asked_ms) * speed + SECOND
        return not least <= passed <= most

    def _theirs(self) -> int:
        """What it shows; the last answer's Date where the exchange has no clock that can be asked for."""
        try:
            return self.exchange.now_ms()
        except NotListed:
            server_date = self.exchange.server_date
            return self.clock.now_ms() if server_date is None else server_date.date_ms

    def _within(self, theirs: int, asked: int, arrived: int) -> float:
        """What it showed when the answer arrived: at least `theirs`; the machine's word where it is as good."""
        coarse = SECOND if theirs % SECOND == 0 else 0
        width = (arrived - asked) + coarse / self.clock.speed
        mine = self.clock.now_ms() - (raw_ms() - arrived) * self.clock.speed
        trusted = width <= self.settle * 1000 / 2
        return mine if trusted and theirs <= mine <= theirs + width * self.clock.speed else theirs

    def _store_offset(self) -> None:
        """Keep what candle time on this machine lacks, where it has changed."""
        offset = self.now_ms() - self.clock.now_ms()
        if self._stored_offset is None:
            self._stored_offset = exchanges.offsets(self.db).get(self.exchange.name, 0)
        if abs(offset - self._stored_offset) < OFFSET_STEP:
            return
        exchanges.set_offset(self.db, self.exchange.name, offset)
        log.warning("clocks_differ", exchange=self.exchange.name, ahead_ms=offset, before_ms=self._stored_offset)
        self._stored_offset = offset
