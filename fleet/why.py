"""`fleet why`: why a strategy traded or did not, from its decisions."""

import argparse
import re
from typing import Any

from db.database import Row
from db.fleet import meta
from db.reading import strategy_state
from db.reading.reasons import UNCOUNTED, Reason, Reasons, reasons, rows
from db.trading import strategies
from domain import timeframes
from domain.codes import plain
from domain.dates import moment
from domain.text import counted
from fleet import reading, render
from runtime import clock
from runtime.clock import Clock
from runtime.command import counted_from
from runtime.output import say


def why(options: argparse.Namespace) -> int:
    """Print the reasons of a strategy's decisions, how it stands, and what to do next."""
    with reading.reading(options) as db:
        if reading.tell_newcomers(db, options, [options.strategy]):
            render.listing([], options.format, title="decisions")
            return 0
        known = strategies.found(db, options.strategy)
        since = counted_from(db, options.since)
        found = reasons(db, options.strategy, timeframes.seconds(known["timeframe"]), since)
        candle_ms = Clock.parse(meta.clock_text(db)).now_ms()
        facts = strategy_state.strategy_state(db, options.strategy, found, clock.now_ms(), candle_ms)
    if options.since:
        reading.tell_cut(since, found.since)
    state, next_step = strategy_state.summary(facts)
    if options.format == "table":
        _say_text(known, found, state, next_step)
    else:
        _listed(options, found, state, next_step)
    return 0


def _say_text(known: Row, found: Reasons, state: str, next_step: str | None) -> None:
    """All of it for a person; the counts in one line, then what was last so of each."""
    since = f" since {moment(found.since)}" if found.since else ""
    say(f"{known['strategy_id']}: {known['exchange']} {known['symbol']} {known['timeframe']}, {known['mode']}")
    counts = [f"{each.decisions:,} × {plain(each.code)}" for each in found.found]
    counts += [f"{found.uncounted:,} × {UNCOUNTED}"] if found.uncounted else []
    say(f"{counted(found.decisions, 'decision')}{since}: {', '.join(counts)}" if counts else f"no decisions{since}")
    say()
    if found.found:
        render.listing([_line(each) for each in found.found], "table", title="the newest of each")
        say()
    say(f"now: {state}")
    if next_step:
        say(f"next: {next_step}")


def _line(each: Reason) -> dict[str, Any]:
    """A reason as people read it."""
    when, said = moment(each.last_day)[:10], "(no longer kept)"
    if each.last is not None:
        words = set(re.split(r"[^\w.+-]+", each.last.reason))
        values = {name: render.text(name, value) for name, value in each.last.indicators.items()}
        seen = ", ".join(f"{name} {value}" for name, value in values.items() if value not in words)
        when, said = moment(each.last.timestamp), f"{each.last.reason} [{seen}]" if seen else each.last.reason
    return {"decisions": each.decisions, "why": plain(each.code), "last": when, "said": said}


def _listed(options: argparse.Namespace, found: Reasons, state: str, next_step: str | None) -> None:
    """The same for programs: a row for each code, and one for how it stands."""
    one = {"strategy_id": options.strategy}
    listed = [{"section": "decisions", **one, **row} for row in rows(found)]
    since = {"since_timestamp": found.since or None, "decisions": found.decisions}
    listed.append({"section": "now", **one, **since, "state": state, "next": next_step})
    render.listing(listed if options.format == "json" else render.even(listed), options.format, raw=options.raw)
