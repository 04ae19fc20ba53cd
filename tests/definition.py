"""What every column of the reports means, worked out from the rows by plain loops (TRADING.md, sections 5 and 7).

It reads the whole history of decisions, trades and equity; nothing of it comes from the product.
"""

import math
import statistics
from collections.abc import Mapping
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any

from tests.kit.rows import records
from tests.kit.series import DAY

UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
EXACT = {
    "total_trades",
    "round_trips",
    "wins",
    "losses",
    "total_pnl",
    "fees",
    "best_pnl",
    "worst_pnl",
    "first_trade_ms",
    "last_trade_ms",
    "open_qty",
    "open_pnl",
    "equity",
}
Rows = list[dict[str, Any]]
Worth = tuple[Decimal, Decimal]  # profit, capital
Point = tuple[int, Decimal, Decimal]  # when, profit, capital


def exact(value: float) -> Decimal:
    """The decimal that a REAL of at most 15 digits stands for."""
    return Decimal(repr(value))


TABLES = ("strategies", "runs", "decisions", "trades", "positions", "equity", "ohlcv_data")
CLOSE = ("exchange", "symbol", "timeframe", "timestamp", "close")


def stored(path: Path) -> dict[str, Rows]:
    """What is read of a database."""
    return {table: records(path, f"select * from {table}") for table in TABLES}


class Definition:
    """The rows of one database, and what follows from them, from `since` on."""

    def __init__(self, source: Path | Mapping[str, Rows], since: int | None = None) -> None:
        """`source` is a database, or what its tables hold."""
        tables = stored(source) if isinstance(source, Path) else source
        self.since = since
        self.strategies = {row["strategy_id"]: row for row in tables["strategies"]}
        self.runs = {row["run_id"]: row for row in tables["runs"]}
        self.decisions = sorted(tables["decisions"], key=itemgetter("timestamp"))
        self.trades = sorted(tables["trades"], key=itemgetter("trade_id"))
        self.positions = {row["strategy_id"]: row for row in tables["positions"]}
        self.equity = sorted(tables["equity"], key=itemgetter("timestamp"))
        closes = sorted(tables["ohlcv_data"], key=itemgetter("timestamp"))
        self.closes = [tuple(row[name] for name in CLOSE) for row in closes]
        self.decider = {(row["strategy_id"], row["timestamp"]): row["run_id"] for row in self.decisions}

    def seconds(self, strategy_id: str) -> int:
        """Length of a bar."""
        timeframe = self.strategies[strategy_id]["timeframe"]
        return int(timeframe[:-1]) * UNITS[timeframe[-1]]

    def strategy(self, strategy_id: str) -> dict[str, Any]:
        """The columns of a row of strategy_performance."""
        bars = [row for row in self.decisions if row["strategy_id"] == strategy_id]
        fills = [row for row in self.trades if row["strategy_id"] == strategy_id]
        capital = self.strategies[strategy_id]["capital"]
        return self._curve(strategy_id, bars) | self._trades(strategy_id, fills, capital) | self._standing(strategy_id)

    def run(self, run_id: str) -> dict[str, Any]:
        """The columns of a row of run_performance."""
        run = self.runs[run_id]
        bars = [row for row in self.decisions if row["run_id"] == run_id]
        fills = [row for row in self.trades if row["entry_run_id"] == run_id]
        strategy_id = str(run["strategy_id"])
        found = self._curve(strategy_id, bars) | self._trades(strategy_id, fills, run["capital"])
        return found | self._standing_of_run(strategy_id, run_id)

    def _standing_of_run(self, strategy_id: str, run_id: str) -> dict[str, Any]:
        """What is held belongs to the run that bought it; the equity of a run that is over is its last."""
        last = [row["entry_run_id"] for row in self.trades if row["strategy_id"] == strategy_id][-1:]
        points = [point for point in self._points(strategy_id) if point[3] == run_id]
        now = self._standing(strategy_id)
        held = {name: now[name] if last == [run_id] else 0 for name in ("open_qty", "open_pnl")}
        if self.strategies[strategy_id]["run_id"] == run_id:
            return held | {"equity": now["equity"]}
        return held | {"equity": float(points[-1][1] + points[-1][2]) if points else None}

    def _points(self, strategy_id: str) -> list[tuple[int, Decimal, Decimal, str]]:
        """When a bar closed, profit, capital, and the run that decided it, where the equity changed."""
        seconds, found = self.seconds(strategy_id), []
        for row in self.equity:
            if row["strategy_id"] == strategy_id:
                decider = self.decider[strategy_id, row["timestamp"]]
                profit = exact(row["equity"]) - exact(self.runs[row["run_id"]]["capital"])
                found.append((row["timestamp"] + seconds, profit, exact(self.runs[decider]["capital"]), decider))
        return found

    def _curve(self, strategy_id: str, bars: Rows) -> dict[str, Any]:
        """What the equity did on these bars, and how long something was held."""
        names = ("max_drawdown", "sharpe", "sortino", "calmar", "exposure")
        if not bars:
            return dict.fromkeys(names)
        seconds = self.seconds(strategy_id)
        opened, newest = bars[0]["timestamp"], bars[-1]["timestamp"] + seconds
        mine, before = [], (Decimal(0), exact(self.runs[bars[0]["run_id"]]["capital"]))
        for closed, profit, capital, _ in self._points(strategy_id):
            if closed <= opened:
                before = (profit, before[1])
            elif closed <= newest:
                mine.append((closed, profit, capital))
        start = opened if self.since is None else max(opened, self.since)
        counted = [row for row in bars if row["timestamp"] + seconds > start]
        held = sum(row["held"] for row in counted)
        found = measured(start, newest, before, mine)
        return found | {"exposure": held / len(counted) if counted else None}

    def _trades(self, strategy_id: str, fills: Rows, capital: float) -> dict[str, Any]:
        """What the fills and the round trips brought."""
        begin = 0 if self.since is None else 1000 * self.since
        counted = [row for row in fills if row["filled_ms"] >= begin]
        trips = [t for t in self._trips(strategy_id, fills) if t["exit_ms"] >= begin]
        pnl = [float(t["pnl"]) for t in trips]
        gains, lost = sum(p for p in pnl if p > 0), -sum(p for p in pnl if p < 0)
        total = sum((exact(row["pnl"]) for row in counted if row["pnl"] is not None), Decimal(0))
        spread = statistics.stdev(pnl) if len(pnl) > 1 else 0
        return {
            "total_trades": len(counted),
            "round_trips": len(trips),
            "wins": sum(p > 0 for p in pnl),
            "losses": sum(p < 0 for p in pnl),
            "win_rate": sum(p > 0 for p in pnl) / len(pnl) if pnl else None,
            "total_pnl": float(total),
            "total_return": float(total) / capital,
            "avg_pnl": statistics.mean(pnl) if pnl else None,
            "avg_return": statistics.mean(float(t["pnl"] / t["cost"]) for t in trips) if trips else None,
            "profit_factor": gains / lost if lost else None,
            "best_pnl": max((p for p in pnl if p > 0), default=None),
            "worst_pnl": min((p for p in pnl if p < 0), default=None),
            "avg_bars": statistics.mean(t["bars"] for t in trips) if trips else None,
            "avg_hours": statistics.mean(t["hours"] for t in trips) if trips else None,
            "fees": float(sum((exact(row["fee_quote"]) for row in counted), Decimal(0))),
            "sqn": math.sqrt(len(pnl)) * statistics.mean(pnl) / spread if spread else None,
            "first_trade_ms": min((row["filled_ms"] for row in counted), default=None),
            "last_trade_ms": max((row["filled_ms"] for row in counted), default=None),
        }

    def _trips(self, strategy_id: str, fills: Rows) -> list[dict[str, Any]]:
        """The closed round trips of these fills."""
        held = self.positions[strategy_id]
        found, quote, seconds = [], self.strategies[strategy_id]["quote"], self.seconds(strategy_id)
        for number in sorted({row["round_trip"] for row in fills}):
            mine = [row for row in fills if row["round_trip"] == number]
            sells = [row for row in mine if row["side"] == "sell"]
            if not sells or (number == held["round_trip"] and held["entry_timestamp"] is not None):
                continue
            paid = Decimal(0)
            for row in mine:
                if row["side"] == "buy":
                    paid += exact(row["price"]) * exact(row["qty"])
                    paid += exact(row["fee_quote"]) if row["fee_currency"] == quote else 0
            stamps = [row["timestamp"] for row in mine]
            length = max(stamps) - min(stamps)
            found.append(
                {
                    "pnl": sum((exact(row["pnl"]) for row in sells), Decimal(0)),
                    "cost": paid,
                    "bars": length // seconds,
                    "hours": length / 3600,
                    "exit_ms": max(row["filled_ms"] for row in mine),
                }
            )
        return found

    def _standing(self, strategy_id: str) -> dict[str, Any]:
        """What is held, and the equity: at the close of the newest decided bar."""
        held, strategy = self.positions[strategy_id], self.strategies[strategy_id]
        decided = [row["timestamp"] for row in self.decisions if row["strategy_id"] == strategy_id]
        value = exact(held["qty"]) * (exact(self._close(strategy, decided[-1])) if decided else 0)
        value = value.quantize(Decimal("1e-8"))
        return {
            "open_qty": held["qty"],
            "open_pnl": float(value - exact(held["cost"])),
            "equity": float(exact(held["cash"]) + value),
        }

    def _close(self, strategy: dict[str, Any], timestamp: int) -> float:
        """The close of a bar; of one that nobody traded in the close before it."""
        series = (strategy["exchange"], strategy["symbol"], strategy["timeframe"])
        known = [row for row in self.closes if row[:3] == series and row[3] <= timestamp]
        return float(known[-1][4])


def measured(start: int, newest: int, before: Worth, points: list[Point]) -> dict[str, Any]:
    """Drawdown and ratios of a curve of profits with its capital from `start` on, with `before` where no point is."""
    for closed, profit, capital in points:
        if closed <= start:
            before = (profit, capital)
    after = [point for point in points if point[0] > start]
    highest, deepest = before[0], 0.0
    for _, profit, capital in after:
        highest = max(highest, profit)
        if capital + highest > 0:
            deepest = max(deepest, float((highest - profit) / (capital + highest)))
    return {"max_drawdown": deepest, **_ratios(start, newest, before, after, deepest)}


def _ratios(start: int, newest: int, before: Worth, after: list[Point], deepest: float) -> dict[str, Any]:
    """Of the returns between midnights, and of the whole way."""
    days = _returns(start, newest, before, after)
    mean = statistics.mean(days) if days else 0.0
    spread = statistics.stdev(days) if len(days) > 1 else 0.0
    down = math.sqrt(sum(min(day, 0.0) ** 2 for day in days) / len(days)) if days else 0.0
    profit, capital = after[-1][1:] if after else before
    length, base = (newest - start) / DAY, capital + before[0]
    calm = length < 30 or deepest == 0 or base <= 0
    return {
        "sharpe": mean / spread * math.sqrt(365) if spread else None,
        "sortino": mean / down * math.sqrt(365) if down else None,
        "calmar": None if calm else (float((capital + profit) / base) ** (365 / length) - 1) / deepest,
    }


def _returns(start: int, newest: int, before: Worth, after: list[Point]) -> list[float]:
    """Between the midnights from the first at or after the start to the last before the newest close."""
    found, midnight, last = [], math.ceil(start / DAY) * DAY, None
    while midnight < newest:
        now = before
        for closed, profit, capital in after:
            if closed <= midnight:
                now = (profit, capital)
        if last is not None and now[1] + last[0] > 0:
            found.append(float((now[0] - last[0]) / (now[1] + last[0])))
        last, midnight = now, midnight + DAY
    return found


def differing(row: Mapping[str, Any], must: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What a row says otherwise than it must."""
    return {name: (row[name], value) for name, value in must.items() if not same(name, row[name], value)}


def same(name: str, value: Any, must: Any) -> bool:
    """Counts and money to the last digit, ratios to nine digits."""
    if value is None or must is None or name in EXACT:
        return value == must
    return math.isclose(value, must, rel_tol=1e-9, abs_tol=1e-12) and (value == 0) == (must == 0)
