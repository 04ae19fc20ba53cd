"""Breaks by text, one of each area at least: what a line is and what it becomes. The witness must notice them all.

`make breaks` draws others by seed, but its draw changes with every change of the code; these stay.
"""

from typing import NamedTuple

from tests.witness.breaks import ROOT, VIEWS
from tests.witness.mutations import Break


class Fixed(NamedTuple):
    """A line of a file, what it becomes, and the case that walks over it."""

    area: str
    file: str
    before: str
    after: str
    case: str = "falling"

    def broken(self) -> Break:
        """It as a break of today's file. Raises LookupError where the line is not there, or more than once."""
        lines = (ROOT / self.file).read_text().splitlines()
        found = [number for number, line in enumerate(lines, 1) if line.strip() == self.before]
        if len(found) != 1:
            told = f"{self.file} has {len(found)} lines {self.before!r}, a break of the area {self.area}"
            raise LookupError(f"{told}: renew it in {__name__}, by a line that decides there today")
        line = lines[found[0] - 1]
        start = len(line) - len(line.lstrip())
        return Break(self.file, found[0], len(line[:start].encode()), len(line.encode()), self.after)


def python() -> list[Fixed]:
    """Those of modules."""
    return [each for each in FIXED if each.file not in VIEWS]


def sql() -> list[Fixed]:
    """Those of views."""
    return [each for each in FIXED if each.file in VIEWS]


OVER = "found[1:] = (a <= b)[:-1] & (a > b)[1:]"
UP = "return ceil_to(price * (1 + slippage_bps * BASIS_POINT), tick)"
RELEASED = "released = cents(self.cost * sold / self.qty, unit) if left and self.qty else self.cost"
RANK = "rank() over (partition by quote order by total_return {}) as place,"
BOUGHT = "sum(t.cost) filter (where t.side = '{}') as entry_cost,"
MONTH = "(b.profit - b.start_profit)"
WINS = "sum(case when pnl {} 0 then 1 else 0 end) as wins,"
REPORTS, OWN = VIEWS
FIXED = (
    Fixed("deciding", "domain/decide.py", "kept = holding.seen(situation.bar.high)", "kept = holding", "late"),
    Fixed("kinds", "strategies/crossing.py", OVER, "found[1:] = (a > b)[1:]", "replayed"),
    Fixed("exits", "domain/exits.py", "if exits.max_bars is not None and held >= exits.max_bars:", "if False:"),
    Fixed("fills", "domain/executions.py", UP, UP.replace("ceil_to", "floor_to")),
    Fixed(
        "sizing", "domain/sizing.py", "return left < _least(market) or left * price < market.min_cost",
        "return left < _least(market)",
    ),
    Fixed("ledger", "domain/ledger.py", RELEASED, "released = self.cost"),
    Fixed("recording", "db/trading/turns.py", '"late": int(step.late),', '"late": 0,', "late"),
    Fixed(
        "sales", "trader/sales.py", "if active.position.ledger.qty == 0:", "if active.position.holding is None:",
        "regrained",
    ),
    Fixed("totals", "domain/tally.py", "fees=kept(self.fees + fee),", "fees=kept(fee),"),
    Fixed("since", "db/reading/since.py", "if self.since >= whole.curve.ended:", "if self.since >= 0:"),
    Fixed("round_trips", REPORTS, BOUGHT.format("buy"), BOUGHT.format("sell")),
    Fixed("equity_curve", REPORTS, "e.timestamp + s.seconds as closed,", "e.timestamp as closed,"),
    Fixed(
        "measures", REPORTS, "1.0 * held / nullif(decided, 0) as exposure,",
        "1.0 * held / nullif(decided + 1, 0) as exposure,",
    ),
    Fixed("inner views", REPORTS, "select 0 as since;", "select 1700050000 as since;"),
    Fixed("daily_summaries", REPORTS, "where day is not null;", "where day is null;"),
    Fixed(
        "strategy_performance", REPORTS, "m.total_pnl / s.capital as total_return,",
        "m.total_pnl / w.equity as total_return,",
    ),
    Fixed("run_performance", REPORTS, "m.total_pnl / r.capital as total_return,", "m.total_pnl as total_return,"),
    Fixed("leaderboard", REPORTS, RANK.format("desc"), RANK.format("asc")),
    Fixed("daily_pnl", REPORTS, "count(*) as total_trades,", "count(t.pnl) as total_trades,"),
    Fixed(
        "indicator_values", OWN, "join json_each(d.indicators) v;",
        "join json_each(d.indicators) v where v.key <> 'close';",
    ),
    Fixed("latency", REPORTS, "where d.recorded_ms is not null;", "where d.recorded_ms is not null and d.held = 0;"),
    Fixed("exposure", REPORTS, "sum(value) / nullif(sum(equity), 0) as share,", "sum(value) as share,"),
    Fixed("overlap", REPORTS, "where trading > 1", "where trading > 2"),
    Fixed(
        "monthly_returns", REPORTS, f'{MONTH} / nullif(b.capital + b.start_profit, 0) as "return",',
        f'{MONTH} as "return",',
    ),
    Fixed("exit_reasons", REPORTS, WINS.format(">"), WINS.format("<")),
    Fixed("buy_and_hold", REPORTS, "last_price / first_price - 1 as hold_return,", "last_price - 1 as hold_return,"),
    Fixed("drawdowns", REPORTS, "where d.place = 1 and d.depth > 0", "where d.place = 2 and d.depth > 0"),
)  # fmt: skip
