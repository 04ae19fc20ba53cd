"""`fleet validate`: what is wrong, what would not trade, and proofs on stored candles. Changes nothing."""

import argparse
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from config.complaints import Complaint
from config.files import FOLDER
from config.settings import ExchangeSettings, Settings, StrategySettings
from db import opened
from db.database import Database
from db.trading import registration
from domain.errors import ConfigError, FleetError
from domain.text import counted
from domain.timeframes import UNITS, seconds
from exchange.ccxt_exchange import Connection, connect
from fleet import budgets, render, strategy_warnings
from fleet.budgets import RequestLoad
from fleet.series_facts import series_facts
from fleet.strategy_checks import checked
from runtime.agreement import registrations
from runtime.candle_checks import CandleChecks
from runtime.command import Plugins, configured
from runtime.output import say

Row = dict[str, Any]
AND = "; "  # between two remarks
COUNTED = ("candles", "entries", "exits")  # how many were looked at, and on how many of them a signal was true
NAMED = 5  # strategies that a line of warning names


@dataclass
class UnsharedPacer:
    """The pacer of a process that asks an exchange only a few things: one request at a time."""

    seconds: float = 0.2

    def wait(self, _exchange: str) -> None:
        """Pause before a request."""
        time.sleep(self.seconds)

    def pause(self, _exchange: str, _milliseconds: int, _reason: str) -> None:
        """Nothing is asked twice."""


def validate(options: argparse.Namespace) -> int:
    """Print what each strategy may expect, and warnings; 1 where one would not trade. Raises ConfigError with every
    mistake.
    """
    settings, known = configured(options, Plugins.ASKED)
    chosen = [each for each in settings.strategies if each.enabled]
    needed = set() if options.offline else {each.series.exchange for each in settings.series}
    worlds = {name: _listed(settings.exchanges[name]) for name in sorted(needed)}
    stored = opened(settings.database, read_only=True) if settings.database.exists() else None
    complaints: list[tuple[str | None, Complaint]] = [(None, each) for each in settings.warnings]
    complaints += [] if chosen else [(None, _nobody(settings))]
    same = strategy_warnings.duplicates(chosen)
    found: dict[str, tuple[Row, list[Complaint]]] = {}
    try:
        if stored is not None:
            _refuse_changed(stored, settings)
        for each, facts, proven in checked(series_facts(stored, chosen), known, settings.plugins):
            asked = ["no exchange was asked (--offline)"] * options.offline
            of_candles = strategy_warnings.warnings(each, facts, proven.counts)
            said = [*each.warnings, *same.get(each.strategy_id, ()), *of_candles]
            found[each.strategy_id] = _row(each, _world(each, worlds), proven, asked), said
    finally:
        if stored is not None:
            stored.close()
    rows = [found[each.strategy_id][0] for each in chosen]
    complaints += [(each.strategy_id, one) for each in chosen for one in found[each.strategy_id][1]]
    offered = {name: world[1] for name, world in worlds.items() if not isinstance(world, str)}
    loads = list(budgets.loads(settings, offered))
    for load in (each for each in loads if each.late):
        ids: list[str | None] = [*budgets.stale(load, settings, offered)]
        complaints += [(one, budgets.warning(load, settings)) for one in ids or [None]]
    _show(
        rows,
        loads,
        complaints,
        options,
        f"{settings.directory}: {counted(len(chosen), 'strategy')}, {len(settings.series)} series",
    )
    return 1 if any(row["trades"] == "no" for row in rows) else 0


def _nobody(settings: Settings) -> Complaint:
    """That nothing would be traded, and what to do."""
    reason = "no strategy in it is enabled, so nothing is traded: write one (docs/strategies.md shows one to copy)"
    return Complaint(str(settings.directory / FOLDER), 0, "folder", None, reason)


def _show(
    rows: list[Row],
    loads: list[RequestLoad],
    complaints: Iterable[tuple[str | None, Complaint]],
    options: argparse.Namespace,
    title: str,
) -> None:
    """The listing, and the warnings: for people one line each, however many strategies have it."""
    if options.format != "table":
        sections = [{"section": "strategies", **row, "remarks": AND.join(row["remarks"])} for row in rows]
        sections += [{"section": "exchanges", **budgets.row(each)} for each in loads]
        sections += [{"section": "warnings", "strategy_id": one, **each.columns()} for one, each in complaints]
        render.listing(sections if options.format == "json" else render.even(sections), options.format, raw=options.raw)
        return
    shared = _shared(rows)
    shown = [_for_people(row, shared) for row in rows]
    render.listing(shown, "table", title=title, like="validate", all_columns=options.all_columns)
    for remark in shared:
        say(f"of all {len(rows)}: {remark}")
    say()
    timing = "bars that the request budget of an exchange brings in time for an entry"
    render.listing([budgets.row(each) for each in loads], "table", title=timing, like="budgets")
    lines: dict[str, list[str]] = {}
    for one, each in complaints:
        lines.setdefault(str(each), []).extend([one] if one else [])
    for line, ids in lines.items():
        more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
        say(f"warning: {line}" + (f" ({', '.join(ids[:NAMED])}{more})" if ids else ""))


def _shared(rows: list[Row]) -> list[str]:
    """The remarks that every one of several strategies has: they are told once."""
    return [one for one in rows[0]["remarks"] if all(one in row["remarks"] for row in rows)] if len(rows) > 1 else []


def _for_people(row: Row, shared: list[str]) -> Row:
    """A row whose remarks are those of its strategy alone, and its signals in words."""
    signals = [] if row["candles"] is None else [_signals(row)]
    remarks = AND.join([*signals, *(each for each in row["remarks"] if each not in shared)])
    return {name: value for name, value in row.items() if name not in COUNTED} | {"remarks": remarks}


def _signals(row: Row) -> str:
    """How often a strategy wished to enter and to exit."""
    return f"entry true on {row['entries']:,} of {counted(row['candles'], 'candle')}, exit on {row['exits']:,}"


def _row(each: StrategySettings, world: list[str], proven: CandleChecks, asked: list[str]) -> Row:
    series = f"{each.series.exchange} {each.series.symbol} {each.series.timeframe}"
    found = proven.counts if proven.counts.bars else (None, None, None)
    return {"strategy_id": each.strategy_id, "series": series, "kind": each.kind, "warmup": each.terms.warmup,
            "trades": "yes" if proven.works and not world else "no", "remarks": [*world, *asked, *proven.problems],
            **dict(zip(COUNTED, found[:3], strict=True))}  # fmt: skip


def _refuse_changed(db: Database, settings: Settings) -> None:
    """Raise ConfigError where a known id is to mean something else."""
    complaints = registration.changed_identity(db, registrations(settings))
    if complaints:
        raise ConfigError("\n".join(complaints.values()))


def _listed(exchange: ExchangeSettings) -> tuple[frozenset[str], frozenset[str]] | str:
    """The symbols and timeframes of an exchange, or why they cannot be had."""
    connection = Connection(base_url=exchange.base_url, timeout=exchange.timeout, aliases=exchange.aliases)
    asked = connect(exchange.name, UnsharedPacer(), connection)
    try:
        return asked.markets().symbols, asked.timeframes()
    except FleetError as error:
        return str(error)
    finally:
        asked.close()


def _world(each: StrategySettings, worlds: Mapping[str, tuple[frozenset[str], frozenset[str]] | str]) -> list[str]:
    """Why a strategy would not trade today, whatever its file says."""
    world = worlds.get(each.series.exchange)
    if world is None:
        return []
    if isinstance(world, str):
        return [world]
    symbols, timeframes = world
    if each.series.symbol not in symbols:
        near = [symbol for symbol in sorted(symbols) if symbol.startswith(each.series.symbol.partition("/")[0] + "/")]
        instead = ", ".join(near[:5]) or "nothing like it"
        return [f"{each.series.exchange} does not list {each.series.symbol}; it lists {instead}"]
    if each.series.timeframe not in timeframes and not _finer(each.series.seconds, timeframes):
        return [f"{each.series.exchange} offers no timeframe {each.series.timeframe}, nor one to make it from"]
    return []


def _finer(length: int, timeframes: frozenset[str]) -> bool:
    """Whether a bar of `length` seconds can be made from bars that are offered."""
    return any(length % seconds(each) == 0 for each in timeframes if each[-1] in UNITS)
