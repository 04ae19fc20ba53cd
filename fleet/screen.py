"""What a person sees of a running fleet: a live table on a terminal, plain lines off it, all read from the database."""

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from rich.console import Group, RenderableType
from rich.live import Live
from rich.text import Text

from db import opened
from db.fleet import controls, meta
from db.fleet.controls import Control
from db.reading import problems, status
from db.reading.status import Status
from domain.dates import moment
from domain.errors import DatabaseLost
from domain.text import counted, visible
from fleet import render
from fleet.render import TableOptions
from runtime import clock
from runtime.clock import Clock
from runtime.output import console, say

log = structlog.get_logger()
EVERY = 0.5  # seconds between two looks
SUMMARY = 10.0  # seconds between two summaries off a terminal


class Screen:
    """A look at the fleet whenever `show` is called; `passed` says how much is over at a candle time (ms)."""

    def __init__(self, path: Path, title: str, passed: Callable[[int], str] | None = None) -> None:
        self._db = opened(path, read_only=True)
        self._clock = Clock.parse(meta.clock_text(self._db))
        self._title, self._passed, self._began = title, passed, time.monotonic()
        self._live = (
            Live(console=console(sys.stdout), transient=True, auto_refresh=False) if sys.stdout.isatty() else None
        )
        self._due, self._summary, self._trade = 0.0, self._began + SUMMARY, status.newest_trade(self._db)
        self.first_trade: float | None = None
        self._trouble = ""  # what went wrong at the last look that failed

    def show(self, *, last: bool = False) -> None:
        """Look, if it is time (at the `last` look it is), and show what has changed. Raises DatabaseLost where the file
        is another one now.

        Whatever else goes wrong is logged once and tried again: the fleet goes on where it cannot be looked at.
        """
        self._due = 0.0 if last else self._due
        try:
            self._look()
        except (DatabaseLost, BrokenPipeError):
            raise
        except Exception as error:
            if self._trouble != str(error):
                log.exception("screen_failed", goes_on="the fleet, unseen")
            self._trouble = str(error)

    def _look(self) -> None:
        """Show what has changed since the last look, if it is time."""
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + EVERY
        self._db.refuse_lost()
        trades = status.trades_after(self._db, self._trade)
        if trades:
            self._trade = trades[-1]["trade_id"]
            self.first_trade = self.first_trade or now - self._began
        if self._live is not None:
            found = status.status(self._db, self._clock.now_ms())
            below = _problems(found, controls.standing(self._db))
            shown = table(found, self._live.console.width)
            self._live.update(Group(self._head(), Text(), shown, *below), refresh=True)
            return
        for trade in trades:
            say(visible(_trade_line(trade)))
        if now >= self._summary:
            self._summary = now + SUMMARY
            self._summarise()

    def __enter__(self) -> "Screen":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
        self._db.close()

    def _head(self) -> Text:
        now_ms = self._clock.now_ms()
        passed = "" if self._passed is None else f", {self._passed(now_ms)}"
        return render.plain(f"{self._title}  candle time {moment(now_ms // 1000)}{passed}, Ctrl-C stops")

    def _summarise(self) -> None:
        """One line for the fleet, and one for each problem."""
        found = status.status(self._db, self._clock.now_ms())
        sums: dict[str, float] = {}
        for row in found.strategies:
            sums[row["quote"]] = sums.get(row["quote"], 0) + row["realised_pnl"] + row["open_pnl"]
        pnl = ", ".join(f"{value:+.2f} {quote}" for quote, value in sorted(sums.items()))
        trades = sum(row["total_trades"] for row in found.strategies)
        summary = f"{counted(len(found.strategies), 'strategy')}, {counted(trades, 'trade')}"
        say(f"{self._head().plain.strip()}: {summary}, pnl {pnl}")
        for line in _problems(found, controls.standing(self._db)):
            say(line.plain)


def _trade_line(trade: Mapping[str, Any]) -> str:
    pnl = "" if trade["pnl"] is None else f" pnl {trade['pnl']:+.4f} {trade['quote']}"
    done = f"{trade['side']:<4} {trade['qty']:.8g} {trade['symbol']} at {trade['price']:.8g}{pnl}"
    return f"{moment(trade['timestamp'])}  {trade['strategy_id']}  {done}: {trade['reason']}"


def table(found: Status, width: int) -> RenderableType:
    """A row for every strategy, within `width` cells."""
    styles = {row["strategy_id"]: _styles(row) for row in found.strategies}

    def style(shown: Mapping[str, Any], name: str) -> str:
        return styles[shown["strategy"]].get(name, "")

    table_options = TableOptions("live", more="fleet status", one_line=True, style=style)
    return render.table([_row(row) for row in found.strategies], table_options, width) if styles else Text()


def _row(row: Mapping[str, Any]) -> dict[str, str]:
    """What is shown of a strategy."""
    decision = f"{row['action']}: {row['reason']}" if row["action"] else row["series_state"] or "waiting for candles"
    return {
        "strategy": row["strategy_id"],
        "market": f"{row['exchange']} {row['symbol']} {row['timeframe']}",
        "candle": moment(row["last_timestamp"]) if row["last_timestamp"] else "",
        "close": render.text("close", row["last_close"]),
        "position": "flat" if row["entry_timestamp"] is None else render.text("open_qty", row["open_qty"]),
        "decision": decision,
        "trades": str(row["total_trades"]),
        "pnl": f"{'+' if _pnl(row) > 0 else ''}{render.text('pnl', _pnl(row), row['quote'])}",
        "equity": f"{render.text('equity', row['equity'], row['quote'])} {row['quote']}",
    }


def _pnl(row: Mapping[str, Any]) -> float:
    """What a strategy has made, what it holds included."""
    return float(row["realised_pnl"] + row["open_pnl"])


def _styles(row: Mapping[str, Any]) -> dict[str, str]:
    """The colours of a strategy's row."""
    colour = {"enter": "green", "exit": "yellow", "failed": "red", "blocked": "dim"}.get(row["action"] or "", "")
    pnl = "green" if _pnl(row) > 0 else "red" if _pnl(row) < 0 else ""
    return {"strategy": "bold", "decision": colour, "pnl": pnl}


def _problems(found: Status, controlled: Iterable[tuple[str, Control]]) -> list[Text]:
    """What keeps the fleet from trading, and workers that say nothing."""
    now_ms = clock.now_ms()
    sentences = problems.problems(found, controlled, now_ms) + problems.silent(found, now_ms, int(SUMMARY * 1000))
    return [render.problem(each) for each in sentences]
