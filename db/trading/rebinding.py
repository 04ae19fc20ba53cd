"""An id that has decided nothing of its own yet follows its file to another exchange, symbol, timeframe or mode.

That is one without an order and without any decision other than that it is still warming up: a typing error that is
mended at once costs no id. From the first other decision on, the id is bound for ever (DESIGN.md section 6).
"""

import json

from db.database import Database, Transaction
from domain.candles import Series
from domain.codes import Code

FORGOTTEN = (
    "rebinding_forget_decisions",
    "rebinding_forget_equity",
    "rebinding_forget_days",
    "rebinding_forget_runs",
    "rebinding_forget_retention",
    "rebinding_forget_totals",
    "rebinding_forget_position",
)


def bound(db: Database | Transaction, strategy_id: str) -> bool:
    """Whether an id has decided or ordered anything of its own; bars of which no row was written count too."""
    totals = db.read("totals_of_strategy", strategy_id=strategy_id)[0]
    days = [json.loads(row["codes"]) for row in db.read("reasons_days", strategy_id=strategy_id)]
    idle = sum(codes.get(Code.WARMING_UP, 0) for codes in days)
    return bool(idle != totals["decided"] or db.read("rebinding_ordered", strategy_id=strategy_id))


def rebind(tx: Transaction, strategy_id: str, series: Series, mode: str, quote: str) -> None:
    """Let an id that is not bound trade this. The few rows that it had are removed, its ledger and totals are still to
    be opened. Its runs stay: no number of theirs is used again, so that whatever somebody still decides under one of
    them is refused.
    """
    for name in FORGOTTEN:
        tx.run(name, strategy_id=strategy_id)
    identity = {"exchange": series.exchange, "symbol": series.symbol, "timeframe": series.timeframe, "mode": mode}
    tx.run("rebinding_bind", strategy_id=strategy_id, quote=quote, **identity)


def decided(tx: Transaction, strategy_id: str, series: Series, seconds: int) -> int | None:
    """The high-water mark with which an id, whose bars were so many seconds long, begins on another series: no bar that
    had closed with its newest one is decided, and of those that are stored only the newest. None: it never decided.

    Bars are compared by their close, so that none is decided again however often the file changes.
    """
    row = tx.read("rebinding_mark", strategy_id=strategy_id, exchange=series.exchange, symbol=series.symbol,
                  timeframe=series.timeframe)[0]  # fmt: skip
    mark, newest = row
    if mark is None:
        return None
    return int(max(mark + seconds - series.seconds, (newest or 0) - series.seconds))
