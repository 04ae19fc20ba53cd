"""The walk of one strategy over the bars of its series: decide, fill, record."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tests.witness import entering
from tests.witness.bars import Bar, History
from tests.witness.leaving import Leave, Position, leaving
from tests.witness.ledger import Ledger
from tests.witness.numbers import down, exact, unit
from tests.witness.records import Decision, Fill, Point, Records, Trip
from tests.witness.seen import Seen, UndefinedError
from tests.witness.terms import Market, Terms, Test

BARRED = {"stop": "stopped", "pause": "paused"}  # what a person has ordered, and why there is no entry then


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
        self.orders: set[str] = set()  # a person's, that stand

    def order(self, verb: str) -> None:
        """A person pauses, resumes, stops or starts the strategy, or halts or releases the whole fleet."""
        lifted = {"resume": {"pause"}, "start": {"pause", "stop"}, "release": {"halt"}}
        self.orders = self.orders - lifted[verb] if verb in lifted else self.orders | {verb}

    def describe(self, market: Market) -> None:
        """The market takes other amounts from now on; no new run."""
        self.terms = replace(self.terms, market=market)

    def change(self, terms: Terms) -> None:
        """Another configuration: a new run where it differs; a changed capital is paid in or out."""
        if terms == self.terms:
            return
        self.ledger.cash += terms.capital - self.capital
        self.terms, self.capital = terms, terms.capital
        self.capitals.append(terms.capital)
        self.run += 1

    def turn(self, upto: int, now_ms: int, *, replay: bool = False) -> None:
        """Decide all bars until the one that opens at `upto`, at this moment; who may only exit is let go once flat."""
        bars = self.history.bars
        if self.position is None and (not self.enabled or "stop" in self.orders):
            return
        due = [place for place in range(self.next, len(bars)) if bars[place].timestamp <= upto]
        if not self.records.decisions and not replay:
            due = due[-1:]  # a strategy that is seen for the first time decides the newest closed candle first
        for place in due:
            self.next = place + 1
            self._decide(place, now_ms, newest=place == due[-1])

    def sell_beside(self, code: str, now_ms: int) -> None:
        """Sell all at the newest decided close: a person wants it (`manual`), or the market is gone (`delisted`).

        It takes the place of the equity there, and is no decision. A person's order sells what was too little before,
        and waits where the market does not take that now.
        """
        self.orders.discard("exit")
        if self.position is None and (code == "delisted" or not self.ledger.qty):
            return
        place = self.next - 1
        sold = self._sell(Leave(code), self.history.bars[place], now_ms, late=self.waiting is not None)
        if sold == "unsellable":
            self.orders |= {"exit"} if code == "manual" else set()
            self.position = self.position if code == "manual" else None  # of a market that is gone it counts as flat
            return
        last = self.records.points.pop()
        self._mark(self.history.bars[place])
        corrected = self.records.points[-1]
        corrected.written = last.written or corrected.written

    def remembered(self) -> dict[str, object]:
        """What the row of its position says beside the ledger; of an open position what its exits depend on."""
        found: dict[str, object] = {"round_trip": self.trips, "due_code": self.waiting.code if self.waiting else None}
        if self.position is None or self.entry is None:
            empty = ("entry_timestamp", "entry_price", "stop", "target", "trailing_distance", "high_water")
            return found | dict.fromkeys(empty)
        opened = {"entry_timestamp": self.entry.timestamp, "entry_price": self.entry.price}
        return found | opened | self.entry.levels._asdict() | {"high_water": self.position.high}

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
        stale = self._late(bar, now_ms)
        found = Decision(bar.timestamp, closed, code, values, self.run, held, bar.close, stale, not newest, now_ms)
        self.records.decisions.append(found)
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
        wished = asked(terms.brain.enter, seen)
        barred = [code for verb, code in BARRED.items() if verb in self.orders] + ["exits_only"] * (not self.enabled)
        if barred:
            return "stale" if wished and bar.volume and self._late(bar, now_ms) else barred[0]
        if unsound := self._unsound(seen, place):
            return unsound
        if not wished:
            return "undefined" if wished is None or asked(terms.brain.leave, seen) is None else "no_entry"
        if bar.volume == 0:
            return "not_traded"
        return "stale" if self._late(bar, now_ms) else self._enter(seen, place, now_ms)

    def _unsound(self, seen: Seen, place: int) -> str | None:
        if len(seen.window) < self.terms.window:
            return "warming_up"
        return "gap" if self.history.hole(place, self.terms.window) else None

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
        if "halt" in self.orders:
            return "halted"
        cash = self.ledger.cash
        fee, in_quote = self.ledger.buy(price, coins, terms.market)
        self.trips += 1
        self.entry = Fill(
            "buy", bar.timestamp, now_ms, price, coins, fee, terms.market.coins, in_quote,
            self.ledger.money(coins * (price - exact(bar.close))), False, self.run, self.run, self.trips, "signal",
            now_ms, cash - self.ledger.cash, levels=levels,
        )  # fmt: skip
        self.records.fills.append(self.entry)
        self.position = Position(bar.timestamp, price, levels, price, self.run, self.trips)
        return "signal"

    def _holding(self, seen: Seen, place: int, now_ms: int, *, newest: bool) -> str:
        assert self.position is not None
        bar = self.history.bars[place]
        if self.waiting:
            sold = self._sell(self.waiting, bar, now_ms, late=True) if newest and bar.volume > 0 else ""
            return sold if sold in ("residue", "unsellable") else "missed_exit"
        signal = asked(self.terms.brain.leave, seen)
        found = leaving(self.position, self.terms.exits, bar, self.history.step, signal=bool(signal))
        self.position.high = max(self.position.high, exact(bar.high))
        if found is None:
            return "undefined" if None in (signal, asked(self.terms.brain.enter, seen)) else "holding"
        if bar.made or (found.price is None and not newest):
            self.waiting = found._replace(price=None, rested=False)
            return found.code
        return self._sell(found, bar, now_ms, late=not newest)

    def _sell(self, why: Leave, bar: Bar, now_ms: int, *, late: bool) -> str:
        assert self.entry is not None
        market, entry = self.terms.market, self.entry
        wished = exact(bar.close) if why.price is None else why.price
        moved = wished if why.rested else wished * (1 - self.terms.slippage_bps / 10000)
        price = down(moved, market.price_tick)
        coins = down(self.ledger.qty, market.amount_step)
        if self.position and self._too_little(price) and self._too_little(self.position.price):
            return "unsellable"  # the market describes itself otherwise now: it is kept with its levels
        self.position = self.waiting = None
        if self._too_little(price):
            return "residue"
        fee, released, pnl = self.ledger.sell(price, coins, market.maker if why.rested else market.taker)
        lost = self.ledger.money(coins * (wished - price))
        closed_ms = 1000 * (bar.timestamp + self.history.step)
        filled_ms = now_ms if why.price is None else closed_ms  # an order that rested is dated to its bar
        fill = Fill(
            "sell", bar.timestamp, filled_ms, price, coins, fee, False, fee, lost, late, self.run, entry.run,
            entry.trip, why.code, now_ms, released, pnl,
        )  # fmt: skip
        self.records.fills.append(fill)
        trips: Sequence[Trip] = self.records.trips
        if trips and trips[-1].entry is entry:
            trips[-1].sales.append(fill)
        else:
            self.records.trips.append(Trip(entry, [fill]))
        return why.code

    def _too_little(self, price: Decimal) -> bool:
        market = self.terms.market
        coins = down(self.ledger.qty, market.amount_step)
        return coins < max(market.min_amount, market.amount_step) or coins * price < market.min_cost

    def _mark(self, bar: Bar) -> None:
        close = exact(bar.close)
        ledger, points = self.ledger, self.records.points
        equity = ledger.equity(close)
        now = (self.run, equity, ledger.cash, ledger.qty)
        written = not points or (points[-1].run, points[-1].equity, points[-1].cash, points[-1].qty) != now
        closed = bar.timestamp + self.history.step
        found = Point(bar.timestamp, closed, ledger.cash, ledger.qty, close, equity, self.capital, self.run, written)
        points.append(found)
