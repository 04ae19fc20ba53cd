"""Decisions on single bars, worked by hand."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from domain import exits
from domain.codes import Code, Why
from domain.decide import Situation, decide, failed, sold_beside, stale_after
from domain.executions import on_paper
from domain.holding import Holding
from domain.ledger import Ledger
from domain.position import Position
from domain.sizing import Refused
from domain.strategy import Action, Check, Distance, Exits, Signal, Stake, StakeKind, Terms
from domain.turns import Step, carried_out
from tests.kit import candles
from tests.kit.series import HOUR
from tests.unit.test_domain_ledger import market

D = Decimal


bar = partial(candles.bar, start=0, spread=0)  # the bar number `number` of 1 h


def terms(**changes):
    """Half of 1,000 a trade, no slippage."""
    values = {
        "capital": D(1000),
        "stake": Stake(StakeKind.FRACTION, D("0.5")),
        "exits": Exits(),
        "slippage_bps": D(0),
        "warmup": 10,
    }
    return Terms(**(values | changes))


def situation(candle, signal=None, **changes):
    """What is there to decide on a bar."""
    values = {
        "bar": candle, "seconds": HOUR, "signal": signal or Signal(), "atr": {}, "run_id": "a.1", "market": market(),
        "terms": terms(), "order_id": lambda purpose: f"t{purpose}", "filled_ms": (candle.timestamp + HOUR) * 1000,
    }  # fmt: skip
    return Situation(**(values | changes))


def holding(price=100, **changes):
    """A position entered on bar 1 at `price`."""
    values = {
        "entry_timestamp": HOUR,
        "entry_price": D(price),
        "run_id": "a.1",
        "round_trip": 1,
        "high_water": D(price),
    }
    return Holding(**(values | changes))


FLAT = Position(ledger=Ledger.opened(D(1000)))
GO = Signal(entry="it is time")
YOUNG = Why(Code.WARMING_UP, "warming up, 212 of 322")


def held(**changes):
    """A position of one unit bought at 100."""
    return Position(ledger=Ledger(D(1), D(100), D(900), D(0)), holding=holding(**changes), round_trips=1)


def step(each, position, decision=None):
    """The decision on a bar, with what paper makes of its orders."""
    decision = decision or decide(each, position)
    after, trades = carried_out(decision, position, on_paper, each.market, each.terms)
    return Step(bar=each.bar, decision=decision, position=after, trades=trades, decided_ms=each.filled_ms, equity=None)


def execution(made):
    """The only execution of a step."""
    (trade,) = made.trades
    return trade.execution


def test_an_entry_buys_what_the_stake_allows():
    """500 at 100 with a fee of 0.1 % buys floor(500 / 100.1) to the step."""
    decision = decide(situation(bar(1, 100.0), GO), FLAT)

    (order,) = decision.orders
    assert (decision.action, order.qty, order.price, order.round_trip) == (Action.ENTER, D("4.99500"), 100, 1)
    assert decision.holding is None  # until it is filled


@pytest.mark.parametrize(("signal", "position"), [(GO, "flat"), (Signal(exit="enough"), "held")])
def test_what_is_decided_is_not_filled(signal, position):
    """Nothing is bought or sold before somebody executes the orders: cash, coins and round trips are as before."""
    each, before = situation(bar(2, 100.0), signal), FLAT if position == "flat" else held()
    nobody, none = carried_out(decide(each, before), before, lambda *_: (), each.market, each.terms)
    assert (nobody, none) == (before, ())
    after, (trade,) = carried_out(decide(each, before), before, on_paper, each.market, each.terms)
    assert (after.holding is None, after.ledger.qty > 0) == ((True, False) if before.holding else (False, True))
    assert trade.execution.filled == trade.execution.order.qty


def test_risk_sizes_by_the_distance_of_the_stop():
    """One percent of 1,000 lost over a distance of 3 buys 3.33333."""
    rules = terms(stake=Stake(StakeKind.RISK, D("0.01")), exits=Exits(stop=Distance(D("0.03"))))
    entered = step(situation(bar(1, 100.0), GO, terms=rules), FLAT)

    assert execution(entered).qty == D("3.33333")
    assert entered.position.holding.stop == D(97)


@pytest.mark.parametrize(
    ("changes", "action", "code", "words"),
    [
        ({"entry_block": YOUNG}, Action.BLOCKED, "warming_up", "warming up, 212 of 322"),
        ({"stale": "400 s after the close"}, Action.STALE, "stale", "400 s"),
        ({"bar": bar(1, 100.0, volume=0.0)}, Action.BLOCKED, "not_traded", "nobody traded"),
        ({"market": market(active=False)}, Action.BLOCKED, "market_halted", "halted"),
        ({"atr": {20: float("nan")}}, Action.BLOCKED, "atr_unknown", "atr(20)"),
        ({"terms": terms(stake=Stake(StakeKind.FIXED, D(2000)))}, Action.BLOCKED, "cash_too_small", "does not suffice"),
        ({"terms": terms(stake=Stake(StakeKind.FIXED, D(5)))}, Action.BLOCKED, "unsellable", "could not be sold again"),
        ({"signal": Signal(reason="RSI is 50")}, Action.HOLD, "no_entry", "RSI is 50"),
        ({"signal": Signal(reason="no RSI", undefined=True)}, Action.HOLD, "undefined", "no RSI"),
    ],
)
def test_an_entry_is_refused_with_its_reason(changes, action, code, words):
    """Unsound data, lateness, an empty bar, too much and too little money each refuse by a code and in words."""
    decision = decide(replace(situation(bar(1, 100.0), GO), **changes), FLAT)

    assert (decision.action, decision.code) == (action, code)
    assert words in decision.reason
    assert (decision.orders, decision.holding) == ((), None)


@pytest.mark.parametrize(
    ("stake", "stop"), [(Stake(StakeKind.FRACTION, D("0.5")), None), (Stake(StakeKind.RISK, D("0.01")), "0.01")]
)
def test_fraction_and_risk_are_capped_by_the_cash(stake, stop):
    """A residue of 9 at 100 and 100 in cash are an equity of 1,000: half of it, or 10 lost over a distance of 1, would
    cost more than there is; 100 / 100.1 buys 0.99900.
    """
    rules = terms(stake=stake, exits=Exits(stop=Distance(D(stop)) if stop else None))
    left = Position(ledger=Ledger(D(9), D(900), D(100), D(0)), round_trips=1)
    entered = step(situation(bar(3, 100.0), GO, terms=rules), left)
    assert (entered.decision.action, execution(entered).qty) == (Action.ENTER, D("0.99900"))
    assert entered.position.ledger.cash >= 0


LATE = "400 s after the close"
PAUSED = Why(Code.PAUSED, "paused")
DARK = {"atr": {20: float("nan")}, "market": market(active=False)}
EMPTY = {"bar": bar(1, 100.0, volume=0.0)}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"entry_block": YOUNG, "stale": LATE} | DARK, "warming_up"),
        ({"entry_block": Why(Code.GAP, "gap"), "stale": LATE} | EMPTY, "gap"),
        ({"entry_block": YOUNG, "barred": PAUSED}, "paused"),
        ({"stale": LATE, "barred": PAUSED} | DARK, "stale"),
        ({"stale": LATE, "barred": PAUSED} | EMPTY, "paused"),
        ({"stale": LATE} | EMPTY | DARK, "not_traded"),
        ({"stale": LATE} | DARK, "stale"),
        ({"signal": Signal(), "entry_block": YOUNG, "stale": LATE}, "warming_up"),
        ({"signal": Signal(), "stale": LATE}, "no_entry"),
        (DARK, "market_halted"),
    ],
)
def test_of_several_reasons_the_first_counts(changes, code):
    """What is wished on unsound data, or in a bar that nobody traded, is no entry that could come too late: with less
    history than its warm-up a strategy does not enter, however late it is asked.
    """
    decision = decide(replace(situation(bar(1, 100.0), GO), **changes), FLAT)
    actions = {"stale": Action.STALE, "no_entry": Action.HOLD}
    assert (decision.code, decision.action) == (code, actions.get(code, Action.BLOCKED))


def test_unsound_data_never_stops_an_exit():
    """A gap blocks entries only."""
    left = step(situation(bar(2, 90.0), Signal(exit="enough"), entry_block=Why(Code.GAP, "gap")), held())

    assert (left.decision.action, left.decision.reason) == (Action.EXIT, "enough")
    assert left.trades[0].pnl == D("-10.09")


@pytest.mark.parametrize(
    ("levels", "close", "wish", "code"),
    [
        ({"stop": D(97)}, 97.0, None, "stop"),
        ({"stop": D(97), "trailing": D(2)}, 97.0, None, "trailing_stop"),
        ({"stop": D(97), "trailing": D(5)}, 96.0, "enough", "stop"),
        ({"target": D(105)}, 105.0, "enough", "target"),
        ({}, 100.0, "enough", "exit_signal"),
        ({}, 100.0, None, None),
    ],
)
@pytest.mark.parametrize("check", Check)
def test_an_exit_has_a_code(levels, close, wish, code, check):
    """Of the stop and the trailing stop it names the higher one; within the bar as at its close."""
    out = exits.due(bar(2, close), HOUR, holding(**levels), Exits(check=check), wish)
    assert (out and out.code) == code


@pytest.mark.parametrize(
    ("signal", "code"),
    [(Signal(), "holding"), (Signal(undefined=True), "undefined"), (Signal(exit="enough"), "exit_signal")],
)
def test_what_is_held_is_kept_with_a_code(signal, code):
    """An exit that cannot be known is said."""
    assert decide(situation(bar(2, 100.0), signal), held()).code == code


@pytest.mark.parametrize(("purpose", "code"), [("manual", "manual"), ("exit", "delisted")])
def test_a_sale_beside_the_decisions_has_a_code(purpose, code):
    """A person ordered it, or the market is gone; of nothing there is none."""
    sold = sold_beside(situation(bar(2, 90.0)), held(), "why", purpose)
    assert (sold.code, [order.code for order in sold.orders]) == (code, [code])
    assert sold_beside(situation(bar(2, 90.0)), FLAT, "why", purpose).code == "nothing_held"


@pytest.mark.parametrize(
    ("candle", "price", "words"),
    [
        (bar(2, 99.0, open_=96.0, high=99.0, low=95.0), "96", "opened"),
        (bar(2, 99.0, open_=98.0, high=120.0, low=97.0), "97", "stop"),
        (bar(2, 99.0, open_=98.0, high=110.0, low=98.0), "105", "target"),
        (bar(2, 107.0, open_=106.0, high=110.0, low=98.0), "106", "target"),
        (bar(5, 99.0), "99", "held for 4 bars"),
        (bar(2, 99.0), None, ""),
    ],
)
def test_the_order_of_events_within_a_bar(candle, price, words):
    """Stop at the open, stop, target, time: in this order, each at its own price."""
    rules = Exits(max_bars=4, check=Check.INTRABAR)
    out = exits.due(candle, HOUR, holding(stop=D(97), target=D(105)), rules, None)

    assert (out and str(out.price.normalize())) == price
    assert words in (out.reason if out else "")
    assert not out or out.code in {"stop", "target", "time_limit"}


def test_the_high_of_a_bar_moves_the_stop_of_the_next_bar_only():
    """A bar that makes the high and falls back is not stopped by its own high."""
    trailing = Exits(trailing=Distance(D("0.05")), check=Check.INTRABAR)
    first = step(
        situation(bar(2, 104.0, open_=101.0, high=110.0, low=101.0), terms=terms(exits=trailing)), held(trailing=D(5))
    )
    second = step(
        situation(bar(3, 104.0, open_=106.0, high=106.0, low=104.0), terms=terms(exits=trailing)), first.position
    )

    assert first.decision.action is Action.HOLD
    assert (second.decision.action, execution(second).price) == (Action.EXIT, D(105))


@pytest.mark.parametrize(
    ("levels", "candle", "price", "code"),
    [
        ({"stop": D(97)}, bar(2, 97.01, low=80.0), None, None),
        ({"stop": D(97)}, bar(2, 96.5, low=80.0), D("96.5"), Code.STOP),
        ({"target": D(105)}, bar(2, 104.99, high=130.0), None, None),
        ({"target": D(105)}, bar(2, 106.5, open_=105.5, high=130.0), D("106.5"), Code.TARGET),
        ({"trailing": D(5)}, bar(2, 95.01, low=80.0), None, None),
        ({"trailing": D(5)}, bar(2, 94.5, low=80.0), D("94.5"), Code.TRAILING_STOP),
        ({"trailing": D(5)}, bar(2, 104.0, high=110.0), None, None),
    ],
)
def test_on_the_close_a_level_is_tested_by_the_close_and_fills_at_it(levels, candle, price, code):
    """The default: what happened within the bar counts for nothing, and neither does the level itself as a price."""
    out = exits.due(candle, HOUR, holding(**levels), Exits(), None)
    assert (out and (out.price, out.code, out.resting, out.level)) == (price and (price, code, False, False))


def test_a_target_on_the_close_slips_and_pays_the_takers_fee():
    """No order rested: 106 less 1 % is 104.94, of which 0.2 % is the fee; intrabar it fills at 105 for the maker's."""
    given = {"market": market(maker=D("0.001"), taker=D("0.002"))}
    closing, resting = (
        execution(step(situation(bar(2, 106.0, open_=104.0), terms=rules, **given), held(target=D(105))))
        for rules in (terms(slippage_bps=D(100)), terms(slippage_bps=D(100), exits=Exits(check=Check.INTRABAR)))
    )
    assert (closing.price, closing.fee) == (D("104.94"), D("0.20988"))
    assert (resting.price, resting.fee) == (D(105), D("0.105"))


def test_a_trailing_stop_on_the_close_follows_the_highs():
    """The high of 110 puts it at 105 for the next bar, whose close below it is what is had; that of the bar itself
    comes too late.
    """
    rules = terms(exits=Exits(trailing=Distance(D("0.05"))))
    first = situation(bar(2, 103.0, open_=101.0, high=110.0), terms=rules)
    second = situation(bar(3, 104.5, open_=106.0, high=120.0), terms=rules)
    kept, left = walked(held(trailing=D(5)), first, second)
    assert (kept.decision.action, kept.position.holding.high_water) == (Action.HOLD, D(110))
    assert (left.decision.code, execution(left).price) == (Code.TRAILING_STOP, D("104.5"))
    assert "105" in left.decision.reason


def test_levels_are_not_tested_on_the_entry_bar():
    """The bar that was bought on cannot stop the position."""
    assert exits.due(bar(1, 50.0), HOUR, holding(stop=D(97)), Exits(check=Check.CLOSE), "exit") is None


def walked(position, *situations):
    """The steps on bars, one after the other."""
    steps = []
    for each in situations:
        steps.append(step(each, position))
        position = steps[-1].position
    return steps


def told(steps):
    """What was done, and why."""
    return [(each.decision.action.value, each.decision.code.value) for each in steps]


def test_after_downtime_a_close_exit_fills_at_the_newest_close():
    """The bar that hit the stop was missed: what can be had is the newest close, whatever happened in between."""
    again = situation(bar(3, 120.0), Signal(exit="over", entry="again"), missed=True)
    steps = walked(held(stop=D(97)), situation(bar(2, 90.0), missed=True), again, situation(bar(9, 80.0), GO))

    assert told(steps) == [("exit", "stop"), ("blocked", "missed_exit"), ("blocked", "missed_exit")]
    found, order = execution(steps[-1]), execution(steps[-1]).order
    assert (found.price, order.timestamp, order.late, order.code) == (D(80), 9 * HOUR, True, Code.STOP)
    assert [each.trades for each in steps[:-1]] == [(), ()]
    assert steps[-1].position.holding is None


@pytest.mark.parametrize("check", list(Check))
def test_an_exit_decided_where_nobody_traded_fills_where_somebody_does(check):
    """At that close, late and slipped, wherever it was tested; the first reason wins. A printed bar without volume is
    none in which somebody traded.
    """
    rules = {"terms": terms(exits=Exits(max_bars=2, check=check), slippage_bps=D(100))}
    made = [situation(bar(n, 97.0, volume=0.0), made=True, missed=True, **rules) for n in (2, 3)]
    printed, traded = situation(bar(4, 50.0, volume=0.0), **rules), situation(bar(5, 99.0), **rules)
    steps = walked(held(stop=D(97)), *made, printed, traded)

    assert told(steps) == [("exit", "stop"), *[("blocked", "missed_exit")] * 3]
    found = execution(steps[-1])
    assert (found.price, found.order.timestamp, found.order.late) == (D("98.01"), 5 * HOUR, True)
    assert (found.order.code, found.order.reason.partition(" ")[0]) == (
        Code.STOP,
        "opened" if check is Check.INTRABAR else "close",
    )


def test_an_exit_on_a_printed_bar_fills_at_its_close():
    """The exchange has shown that close, though nobody traded at it."""
    found = execution(step(situation(bar(2, 90.0, volume=0.0)), held(stop=D(97))))
    assert (found.price, found.order.late) == (D(90), False)


def test_a_level_that_a_missed_bar_reached_fills_at_that_level():
    """The order rested at the exchange: dated to its bar, and late."""
    rules = terms(exits=Exits(check=Check.INTRABAR))
    left = step(situation(bar(2, 99.0, open_=99.0, low=96.0), terms=rules, missed=True), held(stop=D(97)))
    found, order = execution(left), execution(left).order
    assert (found.price, order.timestamp, order.late) == (D(97), 2 * HOUR, True)
    assert found.filled_ms == 3 * HOUR * 1000


@pytest.mark.parametrize(("check", "filled"), [(Check.INTRABAR, 3 * HOUR * 1000), (Check.CLOSE, 7 * HOUR * 1000)])
def test_what_fills_within_a_bar_is_filled_by_its_close(check, filled):
    """However late it is decided; at a close it is filled when that is decided, four hours later here."""
    given = {"terms": terms(exits=Exits(check=check)), "filled_ms": 7 * HOUR * 1000}
    left = step(situation(bar(2, 96.0, open_=99.0, low=96.0), **given), held(stop=D(97)))
    assert execution(left).filled_ms == filled
    entered = step(situation(bar(2, 100.0), GO, **given), FLAT)
    assert execution(entered).filled_ms == 7 * HOUR * 1000


@pytest.mark.parametrize("purpose", ["manual", "exit"])
def test_what_earlier_exits_have_left_is_sold_beside_the_decisions(purpose):
    """No position is open, and nothing was late."""
    left = Position(ledger=Ledger(D(1), D(100), D(900), D(0)), round_trips=3)
    (order,) = sold_beside(situation(bar(2, 90.0)), left, "why", purpose).orders
    assert (order.qty, order.price, order.late, order.entry_run_id, order.round_trip) == (1, 90, False, "a.1", 3)


@pytest.mark.parametrize("changes", [{"made": True, "missed": True, "stale": "3600 s after the close"}, {}])
def test_a_bar_that_nobody_traded_is_decided_as_such(changes):
    """Made or printed, early or late: an entry is blocked because nobody traded, and never stale."""
    decision = decide(situation(bar(2, 100.0, volume=0.0), GO, **changes), FLAT)
    assert (decision.action, decision.code) == (Action.BLOCKED, Code.NOT_TRADED)
    assert decision.reason == "nobody traded in this bar: it is time"
    silent = decide(situation(bar(2, 100.0, volume=0.0), **changes), FLAT)
    assert (silent.action, silent.code) == (Action.HOLD, Code.NO_ENTRY)


def little(qty):
    """A position bought at 100 in a market whose minimum cost is 5."""
    return Position(ledger=Ledger(D(qty), D(qty) * 100, D(900), D(0)), holding=holding(), round_trips=1)


def test_too_little_to_sell_stays_in_the_ledger():
    """Bought for 5.40, worth 4.86 by now: the position counts as flat."""
    decision = decide(situation(bar(2, 90.0), Signal(exit="enough")), little("0.054"))

    assert (decision.action, decision.refusal, decision.orders) == (Action.HOLD, None, ())
    assert (decision.code, decision.holding) == (Code.RESIDUE, None)
    assert decision.reason.endswith("counts as flat")


def test_what_a_changed_market_does_not_take_is_kept():
    """Bought for 1 when that was enough: the trailing stop follows the high, and the decision says what is wanted."""
    decision = decide(situation(bar(2, 90.0, high=110.0), Signal(exit="enough")), little("0.01"))

    assert (decision.action, decision.refusal, decision.orders) == (Action.HOLD, Refused.UNSELLABLE, ())
    assert decision.holding == holding(high_water=D(110))
    assert decision.reason.startswith("enough; cannot be sold: of 0.01 BTC an order can name 0.01, worth 0.9 USDT: ")
    assert decision.reason.endswith("the market wants 0.00001 BTC and 5 USDT")


def test_entries_grow_stale_after_a_quarter_of_the_bar_or_five_minutes():
    """The smaller of both."""
    assert (stale_after(60), stale_after(86400)) == (15, 300)


def test_an_entry_waits_for_the_atr_that_its_exits_are_measured_in():
    """A level that is not known cannot be kept."""
    decision = decide(situation(bar(2, 100), GO, atr={14: float("nan")}), FLAT)
    assert (decision.action, decision.reason) == (Action.BLOCKED, "atr(14) is not known yet: it is time")


@pytest.mark.parametrize(
    ("position", "signal", "action", "orders"),
    [(FLAT, GO, "failed", 0), (held(), Signal(), "failed", 0), (held(stop=D(97)), Signal(), "exit", 1)],
)
def test_what_raised_buys_nothing_and_still_leaves(position, signal, action, orders):
    """An entry is dropped, a holding is kept with the bar seen, an exit that was due goes on."""
    each = situation(bar(2, 96.0, high=120.0), signal)
    left = failed(decide(each, position), position, "ZeroDivisionError")
    assert (left.action, len(left.orders)) == (action, orders)
    assert left.holding == (position.holding and position.holding.seen(120.0))
