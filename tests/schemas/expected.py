"""What must stand in a database after an upgrade: worked out of the old rows by plain Python, a step for each schema.

Nothing of it comes from the product. A schema without a step changes no row that there was and adds no column.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from typing import Any

from tests.definition import exact

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]
FOLDED = ("strategy_totals", "run_totals", "daily_totals")  # made by the upgrade to 7 out of all others
NAMES = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"


def stored(dumped: str) -> Tables:
    """All rows of a population by table, read by Python's own SQLite in memory."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(dumped)
        connection.row_factory = sqlite3.Row
        names = [str(row["name"]) for row in connection.execute(NAMES)]
        return {name: list(map(dict, connection.execute(f"select * from {name}"))) for name in names}


def schema(tables: Tables) -> int:
    """Which schema these rows are of."""
    return next(int(row["value"]) for row in tables["meta"] if row["key"] == "schema_version")


def carried(tables: Tables, upto: int) -> Tables:
    """The rows as they must be in the schema `upto`. Where totals are still to be folded, their rows hold only what
    was told of them before.
    """
    found = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for number in range(schema(tables) + 1, upto + 1):
        if number in STEPS:
            STEPS[number](found)
        _fact(found, "schema_version", str(number))
    return found


def _nothing_from_silence(found: Tables) -> None:
    for gap in found["gaps"]:
        if gap["cause"] in {"before_listing", "delisted", "not_offered"}:
            gap["cause"] = "not_fetched"
    _add(found, "series_heads", state_code=None)
    _add(found, "markets", missing_since_ms=None, missing_looks=0)
    _add(found, "decisions", refusal=None)
    _add(found, "budgets", paused_from_ms=0, reserved_ms=0)


def _held(found: Tables) -> None:
    """What a decision did, else what was traded until its bar had closed: whoever sells a moment later, as people do,
    sells in the next bar.
    """
    by_hand = {order["client_order_id"] for order in found["orders"] if order["purpose"] == "manual"}
    timeframes = {each["strategy_id"]: each["timeframe"] for each in found["strategies"]}
    for decision in found["decisions"]:
        one = decision["strategy_id"]
        closed = decision["timestamp"] + LENGTHS[timeframes[one]]
        before = [
            trade
            for trade in found["trades"]
            if trade["strategy_id"] == one
            and trade["timestamp"] <= decision["timestamp"]
            and (trade["filled_ms"] <= 1000 * closed or trade["client_order_id"] not in by_hand)
        ]
        last = max(before, key=lambda trade: int(trade["trade_id"]), default={"side": "sell"})
        decision["held"] = {"enter": 1, "exit": 0}.get(decision["action"], int(last["side"] == "buy"))


def _codes(found: Tables) -> None:
    for decision in found["decisions"]:
        decision["code"] = decision.pop("refusal") or decision["action"]
    for order in found["orders"]:
        order["code"] = order["purpose"]
    _add(found, "trades", stop=None, target=None, trailing=None)


def _many_coins(found: Tables) -> None:
    _add(found, "positions", due_code=None, due_reason=None)


def _derived_bars_follow(found: Tables) -> None:
    _add(found, "series_heads", finer=None)


def _totals(found: Tables) -> None:
    """High-water marks and the counts of bars go over; the rest is folded."""
    found["strategy_totals"] = [
        {"strategy_id": each["strategy_id"], "decided_timestamp": each.pop("decided_timestamp")}
        for each in found["strategies"]
    ]
    counts = {row["run_id"]: row for row in found.pop("decided")}
    found["run_totals"] = [
        {"run_id": run["run_id"], "strategy_id": run["strategy_id"]}
        | {new: counts[run["run_id"]][old] if run["run_id"] in counts else 0 for new, old in COUNTED}
        for run in found["runs"]
    ]


def _exact_reports(found: Tables) -> None:
    quotes = {each["strategy_id"]: each["quote"] for each in found["strategies"]}
    for trade in found["trades"]:
        worth, fee = exact(trade["price"]) * exact(trade["qty"]), exact(trade["fee_quote"])
        if trade["side"] == "buy":
            cost = worth + (fee if trade["fee_currency"] == quotes[trade["strategy_id"]] else 0)
        else:
            cost = worth - fee - exact(trade["pnl"])
        trade["cost"] = _cents(cost)
    capitals = {run["run_id"]: exact(run["capital"]) for run in found["runs"]}
    for point in found["equity"]:
        point["profit"] = _cents(exact(point["equity"]) - capitals[point["run_id"]])
    for total in (*found["strategy_totals"], *found["run_totals"]):
        if total.get("point_equity") is not None:
            total["point_profit"] = _cents(exact(total["point_equity"]) - exact(total["point_capital"]))


def _holders(found: Tables) -> None:
    """Who held what goes over, no life does; given back is who has nothing."""
    found["claims"] = [
        {"kind": "strategy", "claim": lease["strategy_id"], "epoch": lease["epoch"]}
        | {"holder": lease["holder"] if lease["expires_ms"] else None}
        for lease in found.pop("leases")
    ]
    del found["workers"]
    for row in (*found["positions"], *found["trades"]):
        row["trailing_distance"] = row.pop("trailing")
    _fact(found, "writable_from", "9")
    _fact(found, "strategies_changed", "0")


def _changes(found: Tables) -> None:
    for table in ("decisions", "trades", "events"):
        _add(found, table, transaction_id=0)


def _backfill_requests(found: Tables) -> None:
    """What was still to be asked again is."""
    found["backfill_requests"] = [
        row | {"first_timestamp": None, "recheck": 1, "reason": None}
        for row in found.pop("rechecks", [])
        if row["done_ms"] is None
    ]
    _fact(found, "writable_from", "13")


def _exit_orders(found: Tables) -> None:
    orders = [each for each in found["controls"] if each["level"] == "exit"]
    found["controls"] = [each for each in found["controls"] if each["level"] != "exit"]
    ids = {each["strategy_id"] for each in found["strategies"]}
    found["exit_orders"] = [
        {"strategy_id": one, "reason": each["reason"], "since_ms": each["since_ms"]}
        for each in orders
        if (one := each["scope"].removesuffix("/exit")) in ids
    ]
    _fact(found, "writable_from", "14")


def _latency(found: Tables) -> None:
    _add(found, "decisions", seen_ms=None, recorded_ms=None)


LENGTHS = {"1h": 3600, "4h": 14_400}  # seconds
COUNTED = (("decided", "candles"), ("held", "held"))
STEPS: dict[int, Callable[[Tables], None]] = {
    2: _nothing_from_silence,
    3: _held,
    4: _codes,
    5: _many_coins,
    6: _derived_bars_follow,
    7: _totals,
    8: _exact_reports,
    9: _holders,
    12: _changes,
    13: _backfill_requests,
    14: _exit_orders,
    15: _latency,
}


def _add(found: Tables, table: str, **values: object) -> None:
    """New columns, the same in every row."""
    for row in found.get(table, []):
        row.update(values)


def _fact(found: Tables, key: str, value: str) -> None:
    found["meta"] = [row for row in found["meta"] if row["key"] != key] + [{"key": key, "value": value}]


def _cents(money: Decimal) -> float:
    """Money as it is stored: whole units of 1e-8."""
    return float(round(money, 8))
