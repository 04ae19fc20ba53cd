"""The verbs that only read: report, status, gaps."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from config import fallback
from db import opened
from db.database import Database
from db.fleet import controls, meta
from db.reading import problems, reports, status, status_rows
from db.trading import strategies
from domain.dates import moment
from domain.errors import ConfigError
from fleet import render
from runtime import clock
from runtime.clock import Clock
from runtime.command import counted_from, located
from runtime.output import say, warn

VIEWS = reports.VIEWS
FETCH = (
    "`fleet up` fetches while it runs, `fleet backfill --once` what the configuration names, `fleet import FILE` files"
)
BEGIN = "`fleet up` starts a fleet, after `fleet validate`; --database FILE names another one"


def reading(options: argparse.Namespace) -> Database:
    """The database of the options, for reading. Raises ConfigError where there is none."""
    path, _ = located(options)
    return opened(path, read_only=True)


def report(options: argparse.Namespace) -> int:
    """Print one of the reports."""
    options.strategy = [*options.strategy, *options.strategies]
    if options.strategy and options.view in reports.FLEET:
        raise ConfigError(f"{options.view} is about the fleet as a whole: leave out {', '.join(options.strategy)}")
    with reading(options) as db:
        tell_newcomers(db, options, options.strategy)
        alone = options.strategy if options.view not in reports.AMONG_ALL else []
        if options.since is not None or alone:
            since = counted_from(db, options.since)
            tell_cut(since, reports.narrow(db, since=since, strategy_ids=alone))
        rows = [dict(row) for row in reports.rows(db, options.view, options.strategy)]
        totals = [] if options.strategy else [dict(row) for row in reports.totals(db)]
        sentences = problems.of_report(db)
    show(rows, totals, options)
    for sentence in sentences:
        warn(sentence)
    return 0


def tell_newcomers(db: Database, options: argparse.Namespace, strategy_ids: Sequence[str]) -> bool:
    """Say which of some strategies are configured and not in the database, since no trader has run with them yet;
    whether there are such. Raises ConfigError for ids that nobody knows.
    """
    known = strategies.ids(db)
    missing = [each for each in strategy_ids if each not in known]
    named = fallback.ids_in(Path(options.config)) if missing else []
    strategies.refuse_unknown(missing, {*known, *named}, db.store)
    if missing:
        warn(
            f"{', '.join(missing)}: configured, and no trader has run with it on {db.store} yet: `fleet up` starts some"
        )
    return bool(missing)


def show(rows: list[dict[str, Any]], totals: list[dict[str, Any]], options: argparse.Namespace) -> None:
    """A report in the wanted format; people also get the totals."""
    people, wide = options.format == "table", options.all_columns
    chosen = [_marked(row) for row in rows] if people and options.view == "strategy_performance" else rows
    render.listing(chosen, options.format, raw=options.raw, title=options.view, all_columns=wide)
    if people and options.view == "strategy_performance" and not options.strategy:
        say()
        render.listing(totals, "table", title="fleet, by quote currency", like="totals", all_columns=wide)


def tell_cut(since: int, begin: int) -> None:
    """Say where a report counts from another moment than was asked for."""
    if begin != since:
        reason = f"rows of that day were thinned, so everything counts from its midnight, {moment(begin)}"
        warn(f"--since {moment(since)}: {reason}")


def _marked(row: Mapping[str, Any]) -> dict[str, Any]:
    """A strategy whose file is gone is marked."""
    marked = row["strategy_id"] if row["enabled"] else f"{row['strategy_id']} (removed)"
    return dict(row) | {"strategy_id": marked}


def gaps(options: argparse.Namespace) -> int:
    """Print every range of missing bars with its cause; of what was never fetched nobody knows what is missing."""
    with reading(options) as db:
        rows = status.missing_ranges(db)
        found = status.status(db, Clock.parse(meta.clock_text(db)).now_ms()).series
        empty = [str(each.series) for each in found if each.empty]
        what = ", ".join(empty) or (f"{db.store} holds no candles" if not found else "")
    if what:
        warn(f"nothing was fetched yet: {what}. {FETCH}")
    if not rows and options.format == "table" and len(empty) == len(found):
        return 0
    render.listing(rows, options.format, raw=options.raw, title="gaps", all_columns=options.all_columns)
    return 0


def state(options: argparse.Namespace) -> int:
    """Print where workers, series and strategies stand; 1 when something is stale or disabled."""
    with reading(options) as db:
        now_ms = Clock.parse(meta.clock_text(db)).now_ms()
        found, controlled, took = status.status(db, now_ms), controls.standing(db), status.latencies(db)
        if options.strategy is not None:
            tell_newcomers(db, options, [options.strategy])
            found, controlled = status_rows.only(options.strategy, found, controlled)
    sections = status_rows.sections(found, controlled, took, clock.now_ms())
    if options.format == "table":
        for title, rows in sections.items():
            shown = rows if options.all_columns else [_brief(row) for row in rows]
            render.listing(shown, "table", title=title, all_columns=options.all_columns)
            say()
        render.problems(problems.problems(found, (), clock.now_ms()))
    else:
        rows = [{"section": title, **row} for title, rows in sections.items() for row in rows]
        render.listing(rows if options.format == "json" else render.even(rows), options.format, raw=options.raw)
    if not (found.workers or found.series or found.strategies):
        warn(f"nothing lives in {db.store}, and nothing has been fetched or traded: no worker ever ran on it. {BEGIN}")
        return 1
    return int(status_rows.has_problems(found, clock.now_ms()))


def _brief(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a table: why something is so stands below the tables."""
    return {name: value for name, value in row.items() if name != "why"}
