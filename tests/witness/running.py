"""One case through both: a life for each strategy, the product in a folder, and how they differ."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.witness.bars import Bar
from tests.witness.case import Away, Case, Change, Describe, Live, Order, Remove, Replay, Step, Vanish, Walk
from tests.witness.compare import Comparison, filled, marked, ordered
from tests.witness.life import Life
from tests.witness.living import lived, parts
from tests.witness.measures import DAY
from tests.witness.portfolio import deepest_drawdowns
from tests.witness.product import Product
from tests.witness.records import BESIDE, Decision
from tests.witness.views import VIEWS, daily_summaries, fleet_totals

TABLES = {
    "decisions": "select * from decisions where strategy_id = '{}' order by timestamp",
    "orders": "select o.* from trades t join orders o using (client_order_id) where t.strategy_id = '{}' "
    "order by trade_id",
    "trades": "select * from trades where strategy_id = '{}' order by trade_id",
    "equity": "select * from equity where strategy_id = '{}' order by timestamp",
    "positions": "select * from positions where strategy_id = '{}'",
}
SEEN_BY = ("strategy_id", "timestamp", "name")


def driven(case: Case, folder: Path) -> Product:
    """The product after the same."""
    product = Product(folder, case.series, case.settings)
    product.configure(case.terms)
    product.describe(case.market)
    terms, before = dict(case.terms), 0
    for step, bars in parts(case):
        if isinstance(step, Change):
            terms |= step.terms
        elif isinstance(step, Remove):
            terms = {name: each for name, each in terms.items() if name not in step.names}
        if isinstance(step, Change | Remove):
            product.configure(terms)
        elif bars:
            walked(case, product, step, bars, before)
            before = bars[-1].timestamp
        else:
            told(product, step)
            product.look(1000 * (before + case.step + 1))
    return product


def walked(case: Case, product: Product, step: Step, bars: Sequence[Bar], before: int) -> None:
    """The product's turns of a step; `before` opened the newest bar until then."""
    last = bars[-1].timestamp
    holes = [gap for gap in case.gaps if before < gap.last < last]
    if isinstance(step, Live):
        product.live(bars, holes, step.unseen, case.step)
        return
    product.feed(bars, holes)
    if isinstance(step, Walk):
        product.walk(before + 1, last)
    elif isinstance(step, Replay):
        product.replay(bars[step.begin].timestamp, last)
    elif isinstance(step, Away):
        product.turn(round(1000 * (last + case.step + step.late)))


def told(product: Product, step: Step) -> None:
    """What a person or the exchange says."""
    if isinstance(step, Describe):
        product.describe(step.market)
    elif isinstance(step, Vanish):
        product.vanish()
    elif isinstance(step, Order) and step.verb in ("halt", "release"):
        product.typed("kill-switch", "on" if step.verb == "halt" else "off")
    elif isinstance(step, Order):
        product.typed(step.verb, *step.names)


def recorded(case: Case, lives: Mapping[str, Life], product: Product, found: Comparison) -> None:
    """Every decision, trade, point of equity and position."""
    base, quote = case.series[1].split("/")
    for name, life in lives.items():
        theirs = {table: product.rows(sql.format(name)) for table, sql in TABLES.items()}
        records, ledger = life.records, life.ledger
        found.decisions(f"{case.name} {name}", theirs["decisions"], rowed(case, life))
        trades = [filled(fill, base, quote, name) for fill in records.fills]
        found.rows(f"{case.name} {name} trades", theirs["trades"], trades)
        found.rows(f"{case.name} {name} orders", theirs["orders"], [ordered(fill, name) for fill in records.fills])
        equity = [marked(point, name) for point in records.points if point.written]
        found.rows(f"{case.name} {name} equity", theirs["equity"], equity)
        held = {"qty": ledger.qty, "cost": ledger.cost, "cash": ledger.cash, "realised_pnl": ledger.realised}
        found.rows(f"{case.name} {name} positions", theirs["positions"], [held | life.remembered()])


def rowed(case: Case, life: Life) -> list[Decision]:
    """The decisions of which a row is left."""
    filled = {fill.timestamp for fill in life.records.fills if fill.code not in BESIDE}
    return [
        each
        for each in life.records.decisions
        if not case.brief or each.action in ("enter", "exit") or each.timestamp in filled
    ]


def reported(
    case: Case, lives: Mapping[str, Life], product: Product, found: Comparison, moments: Sequence[int] | None = None
) -> None:
    """Every column of every report, whole and since each moment: those of the case unless others are given."""
    for since in (0, *(case.moments if moments is None else moments)):
        for view, (ours, keys) in VIEWS.items():
            if view == "equity_curve" and since not in (0, *case.moments[:2]):
                continue  # as long as the whole
            begin = from_midnight(case, since) if case.brief else since
            theirs, rows = (
                sorted(each, key=lambda row: [row[key] for key in keys])
                for each in (product.report(view, since), ours(case, lives, begin))
            )
            found.rows(f"{case.name} since {since} {view}", theirs, rows)


def summed(case: Case, lives: Mapping[str, Life], product: Product, found: Comparison) -> None:
    """Days of each run, and the sums over all strategies."""
    codes: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for name, life in lives.items():
        for each in life.records.decisions:
            codes[f"{name}.{each.run}", (each.closed - 1) // DAY * DAY][each.code] += 1
    ours = [row | {"codes": codes[row["run_id"], row["timestamp"]]} for row in daily_summaries(lives)]
    theirs = [row | {"codes": json.loads(row["codes"])} for row in product.rows("select * from daily_summaries")]
    by_day, rows = (sorted(each, key=lambda row: (row["run_id"], row["timestamp"])) for each in (theirs, ours))
    found.rows(f"{case.name} daily_summaries", by_day, rows)
    theirs = {}
    for row in sorted(product.report("drawdowns"), key=lambda row: (row["strategy_id"], -row["depth"])):
        theirs.setdefault(row["strategy_id"], row)
    found.rows(f"{case.name} drawdowns", theirs.values(), deepest_drawdowns(case, lives))
    found.rows(f"{case.name} totals", product.totals(), [fleet_totals(case, lives)])


def thinned(case: Case, lives: Mapping[str, Life], product: Product, found: Comparison) -> None:
    """The same reports once retention has deleted what it may; inside a day it counts from that day's midnight."""
    product.grow_old()
    for since in (0, *case.moments):
        midnight = from_midnight(case, since)
        for view in set(VIEWS) - {"equity_curve"}:
            ours, keys = VIEWS[view]
            theirs, rows = (
                sorted(each, key=lambda row: [row[key] for key in keys])
                for each in (product.report(view, since), ours(case, lives, midnight))
            )
            found.rows(f"{case.name} old {since} {view}", theirs, rows)


def from_midnight(case: Case, since: int) -> int:
    """From when reports count where rows of the cut day are gone; there must have been some."""
    midnight = since // DAY * DAY
    return midnight if any(midnight < bar.timestamp + case.step <= midnight + DAY for bar in case.bars) else since


def shown(case: Case, _lives: Mapping[str, Life], product: Product, found: Comparison) -> None:
    """The report of indicators: one row for each value of each decision."""
    decisions = product.rows("select * from decisions order by strategy_id, timestamp")
    exchange, symbol, timeframe = case.series
    series = {"exchange": exchange, "symbol": symbol, "timeframe": timeframe}
    values = [
        series | {"strategy_id": each["strategy_id"], "timestamp": each["timestamp"], "name": name, "value": value}
        for each in decisions
        for name, value in sorted(json.loads(each["indicators"]).items())
    ]
    theirs = sorted(product.report("indicator_values"), key=lambda row: [row[key] for key in SEEN_BY])
    found.rows(f"{case.name} indicator_values", theirs, values)


def timed(case: Case, _lives: Mapping[str, Life], product: Product, found: Comparison) -> None:
    """The report of latencies: one row for each decision for whose candle somebody waited."""
    exchange, symbol, timeframe = case.series
    series = {"exchange": exchange, "symbol": symbol, "timeframe": timeframe}
    columns = ("strategy_id", "timestamp", "stored_ms", "seen_ms", "recorded_ms")
    decisions = product.rows("select * from decisions where recorded_ms is not null order by strategy_id, timestamp")
    values = [
        series
        | {name: each[name] for name in columns}
        | {f"{name}_after_ms": each[f"{name}_ms"] - each["stored_ms"] for name in ("seen", "recorded")}
        for each in decisions
    ]
    found.rows(f"{case.name} latency", product.report("latency"), values)


def compared(case: Case, folder: Path, lives: Mapping[str, Life] | None = None) -> Comparison:
    """The first differences of a case; `lives` where the witness has walked it already."""
    ours, product, found = lives or lived(case), driven(case, folder), Comparison()
    for each in (recorded, reported, shown, timed, summed, thinned):
        if not found.differences:
            each(case, ours, product, found)
    return found
