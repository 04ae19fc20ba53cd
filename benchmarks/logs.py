"""What a line of a trader's log costs, and how much of that is looking for secrets."""

import os
import statistics
import time
from collections.abc import Callable
from contextlib import redirect_stderr
from pathlib import Path

import structlog

from benchmarks.measure import table
from domain.secrets import hidden
from runtime import log

ROUNDS, LINES = 9, 2_000
TRADER = {"strategy_id": "btc-rsi-0001", "series": "binance BTC/USDT 1h", "holder": "trader-3f2a", "epoch": 3}
REASON = "RSI(14) crossed above 70: 71.23 after 69.12"
EVENTS: dict[str, dict[str, object]] = {
    "turn": TRADER
    | {"timestamp": 1_600_000_000, "action": "exit", "reason": REASON, "equity": "1012.34567", "decisions": 1},
    "trade": TRADER
    | {
        "timestamp": 1_600_000_000,
        "side": "sell",
        "price": "30123.45",
        "qty": "0.0123",
        "pnl": "12.3",
        "reason": REASON,
    },
    "turns": {"seconds": 60, "turns": 1_000, "hold": 990, "blocked": 10},
}
REASONS = (
    "close 216.49 within 210.09 and 220.18",
    REASON,
    "MACD(12, 26, 9) crossed below its signal: -0.0089 against 0.0111",
    "binance: candles of BTC/USDT 1h: answered 502",
)


def run() -> None:
    """CPU time of each line as JSON into nothing, and of each reason."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stderr(nowhere):
        log.configure("trader", terminal=False)
        logger = structlog.get_logger()
        lines = {name: _us(lambda: logger.info(name, **event)) for name, event in EVENTS.items()}  # noqa: B023  called at once
        processors = structlog.get_config()["processors"]
        structlog.configure(processors=[each for each in processors if each is not log.redacted])
        bare = _us(lambda: logger.info("turn", **EVENTS["turn"]))
    structlog.reset_defaults()
    table(
        "a line of the log, CPU time",
        [
            *((f"`{name}`", f"{figure:.1f} µs") for name, figure in lines.items()),
            ("`turn` / the same without looking for secrets", f"{lines['turn'] / bare:.2f}"),
            *((f"hidden({reason[:45]!r})", f"{_us(lambda: hidden(reason)):.2f} µs") for reason in REASONS),  # noqa: B023
        ],
    )


def _us(action: Callable[[], object]) -> float:
    """Microseconds of processor time of one call, the median of some rounds."""
    return statistics.median(_round(action) for _ in range(ROUNDS))


def _round(action: Callable[[], object]) -> float:
    """Microseconds of one call in a round."""
    start = time.process_time()
    for _ in range(LINES):
        action()
    return 1e6 * (time.process_time() - start) / LINES
