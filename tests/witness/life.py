"""The walk of one strategy over the bars of its series: decide, fill, record."""

from decimal import Decimal

from tests.witness import entering
from tests.witness.bars import Bar, History
from tests.witness.leaving import Leave, Position, leaving
from tests.witness.ledger import Ledger
from tests.witness.numbers import down, exact, unit
from tests.witness.records import Decision, Fill, Point, Records, Trip
from tests.witness.seen import Seen, UndefinedError
from tests.witness.terms import Terms, Test


def asked(test: Test, seen: Seen) -> bool | None:
    """A rule over a window; None while anything in it is undefined, which is never true."""
    try:
        return test(seen)
    except UndefinedError:
        return None


class Life:
    """One strategy from its first bar on, under one configuration after another."""

    def __init__(self, history: History, terms: Terms, windows: dict[tuple[int, int], Seen]) -> None:
        self.history = history
        self.windows = windows
        self.terms = terms
        self.run = 1
        self.enabled = True
        self.capital = self.first_capital = terms.capital
        self.capitals = [terms.capital]  # of each run
        self.ledger = Ledger(terms.capital, unit(terms.capital))
        self.position: Position | None = None
        self.records = Records()
        self.next = 0  # place of the next bar to decide
        self.trips = 0
        self.waiting: Leave | None = None  # an exit that was missed: it fills at the newest close
        self.entry: Fill | None = None
        self.entry_cost = Decimal(0)

    def change(self, terms: Terms) -> None:
        """Another configuration: a new run where it differs; a changed capital is paid in or out."""
        if terms == self.terms:
            return
        self.ledger.cash += terms.capital - self.capital
        self.terms, self.capital = terms, terms.capital
        self.capitals.append(terms.capital)
        self.run += 1

    def turn(self, upto: int, now_ms: int, *, replay: bool = False) -> None:
        """Decide all bars until the one that opens at `upto`, at this moment."""
        bars = self.history.bars
        due = [place for place in range(self.next, len(bars)) if bars[place].timestamp <= upto]
        if not self.records.decisions and not replay:
            due = due[-1:]  # a strategy that is seen for the first time decides the newest closed candle first
        for place in due:
            self._decide(place, now_ms, newest=place == due[-1])
            self.next = place + 1

    def open_pnl(self) -> Decimal:
        """What is held is worth more at the last close than it cost."""
        return self.records.points[-1].equity - self.ledger.cash - self.ledger.cost

    def _decide(self, place: int, now_ms: int, *, newest: bool) -> None:
        seen, bar = self._seen(place), self.history.bars[place]
        held = self.position is not None
        code = self._holding(seen, place, now_ms, newest=newest) if held else self._flat(seen, place, now_ms)
        held = self.position is not None
        values = {} if len(seen.window) < 2 else self._shown(seen)
        closed = bar.timestamp + self.history.step
        self.records.decisions.append(
            Decision(bar.timestamp, closed, code, values, self.run, held, bar.close, self._late(bar, now_ms))
        )
        self._mark(bar)

    def _seen(self, place: int) -> Seen:
        """The window of a bar, computed once for all strategies that see as far."""
        key = (place, self.terms.window)
        if key not in self.windows:
            self.windows[key] = Seen(self.history.window(*key))
        return self.windows[key]

    def _shown(self, seen: Seen) -> dict[str, float]:
        found = {}
        for name, value in self.terms.brain.shown.items():
            try:
                found[name] = value(seen)
            except UndefinedError:
                continue
        return found

    def _flat(self, seen: Seen, place: int, now_ms: int) -> str:
        terms, bar = self.terms, self.history.bars[place]
        if len(seen.window) < terms.window:
            return "warming_up"
        if self.history.hole(place, terms.window):
            return "gap"
        wished = asked(terms.brain.enter, seen)
        if not wished:
            return "undefined" if wished is None or asked(terms.brain.leave, seen) is None else "no_entry"
        if bar.volume == 0:
            return "not_traded"
        if self._late(bar, now_ms):
            return "stale"
        return self._enter(seen, place, now_ms)

    def _late(self, bar: Bar, now_ms: int) -> bool:
        step = self.history.step
        return now_ms - 1000 * (bar.timestamp + step) > 1000 * min(step / 4, 300)

    def _enter(self, seen: Seen, place: int, now_ms: int) -> str:
        terms, bar = self.terms, self.history.bars[place]
        price = entering.buying_price(terms, bar.close)
        levels = entering.levels(terms, price, seen)
        coins = entering.amount(terms, self.ledger, bar, price, levels.stop)
        refusal = entering.refusal(terms, self.ledger, price, coins, levels)
        if refusal:
            return refusal
        cash = self.ledger.cash
        fee, in_quote = self.ledger.buy(price, coins, terms.market)
        self.trips += 1
        self.entry_cost = cash - self.ledger.cash
        self.entry = Fill(
            "buy", bar.timestamp, now_ms, price, coins, fee, terms.market.coins, in_quote,
            self.ledger.money(coins * (price - exact(bar.close))), False, self.run, self.run, self.trips,
        )  # fmt: skip
        self.records.fills.append(self.entry)
        self.position = Position(place, price, levels, price, self.run, self.trips)
        return "signal"

    def _holding(self, seen: Seen, place: int, now_ms: int, *, newest: bool) -> str:
        assert self.position is not None
        bar = self.history.bars[place]
        if self.waiting:
            if newest and bar.volume > 0:
                self._sell(self.waiting, bar, now_ms, late=True)
            return "missed_exit"
        signal = asked(self.terms.brain.leave, seen)
        found = leaving(self.position, self.terms.exits, bar, place, signal=bool(signal))
        self.position.high = max(self.position.high, exact(bar.high))
        if found is None:
            return "undefined" if None in (signal, asked(self.terms.brain.enter, seen)) else "holding"
        if bar.made or (found.price is None and not newest):
            self.waiting = found._replace(price=None, rested=False)
            return found.code
        closed_ms = 1000 * (bar.timestamp + self.history.step)
        filled_ms = now_ms if found.price is None else closed_ms  # an order that rested is dated to its bar
        return self._sell(found, bar, filled_ms, late=not newest)

    def _sell(self, why: Leave, bar: Bar, now_ms: int, *, late: bool) -> str:
        assert self.position is not None
        assert self.entry is not None
        market, position = self.terms.market, self.position
        wished = exact(bar.close) if why.price is None else why.price
        moved = wished if why.rested else wished * (1 - self.terms.slippage_bps / 10000)
        price = down(moved, market.price_tick)
        coins = down(self.ledger.qty, market.amount_step)
        self.position = self.waiting = None
        if coins < market.min_amount or coins * price < market.min_cost:
            return "residue"
        fee, released, pnl = self.ledger.sell(price, coins, market.maker if why.rested else market.taker)
        lost = self.ledger.money(coins * (wished - price))
        fill = Fill(
            "sell", bar.timestamp, now_ms, price, coins, fee, False, fee, lost, late, self.run, position.run,
            position.trip, pnl, released,
        )  # fmt: skip
        self.records.fills.append(fill)
        self.records.trips.append(Trip(self.entry, fill, self.entry_cost, pnl, position.levels, why.code))
        return why.code

    def _mark(self, bar: Bar) -> None:
        close = exact(bar.close)
        ledger, points = self.ledger, self.records.points
        equity = ledger.equity(close)
        now = (self.run, equity, ledger.cash, ledger.qty)
        written = not points or (points[-1].run, points[-1].equity, points[-1].cash, points[-1].qty) != now
        closed = bar.timestamp + self.history.step
        found = Point(bar.timestamp, closed, ledger.cash, ledger.qty, close, equity, self.capital, self.run, written)
        points.append(found)
