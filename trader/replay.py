"""Replay: the trader's own turn over stored candles, with the clock at each close, in a database apart."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import structlog

from config.settings import Settings, StrategySettings
from db import migrate, opened
from db.database import Database
from db.fleet import meta
from db.market_data import candles
from db.reading import excerpt
from db.trading import strategies
from domain.candles import Series
from domain.errors import Rejected
from domain.kinds import Kind
from runtime import clock, heartbeat
from runtime.stop import Stop
from trader import assuming, registration, replay_stretches
from trader.assignments import Assignments
from trader.assuming import Published
from trader.deciding import SeriesAdvance
from trader.replay_stretches import Extent
from trader.turn import take_due

log = structlog.get_logger()
TELL_MS = 1_000  # real milliseconds between two lines of progress
MARGIN = 100  # bars that are copied beyond the warm-up
LEASE = 365 * 86_400.0  # seconds: nobody else is there to take over, however long the process sleeps


def untracked(ends: Sequence[int]) -> Iterable[int]:
    """Nobody watches how far a walk has come."""
    return ends


class Part(NamedTuple):
    """What is replayed: the strategies with these ids (none: all), over candles that open from `first` to `last`.
    `track` hands on the ends of the stretches that are walked, one after the other, and may show how far that has come.
    """

    strategy_ids: Sequence[str]
    first: int
    last: int
    track: Callable[[Sequence[int]], Iterable[int]] = untracked


class Walked(NamedTuple):
    """From the open of the first candle to the close of the last one (Unix seconds), and how much was decided."""

    first: int
    last: int
    decisions: int


def run(
    settings: Settings,
    kinds: Mapping[str, Kind],
    part: Part,
    target: Path,
    stop: Stop,
    published: Published = assuming.nothing,
) -> tuple[Walked | None, dict[Series, str]]:
    """Walk over the candles of `settings.database` in a new database at `target`: what was walked, None where there is
    no candle, and the series over which that was not possible, or not to the end, with why.

    Every strategy starts there with its capital; the source is only read. A market that no exchange has described is
    assumed from the candles; `published` tells what an exchange charges. Raises ConfigError where the source or a
    strategy is not there, and Unavailable where `target` has no room.
    """
    chosen = registration.wanted(settings, part.strategy_ids)
    log.info("replay", source=str(settings.database), copy=str(target), strategies=len(chosen))
    with opened(settings.database, read_only=True) as source:
        meta.check_environment(source, settings.environment)
        migrate(target, settings.environment, clock=meta.clock_text(source), any_filesystem=True)
        with opened(target, any_filesystem=True) as db:
            excerpt.fleet(source, db)
            meta.set_replayed(db)
            short = _copied(source, db, chosen, part)
            assuming.assume(db, settings, {each.series for each in chosen.values()}, part.last, published)
    with opened(target, any_filesystem=True) as db:
        assignments = _seated(db, settings, chosen, kinds)
        walked = walk(assignments, (part.first, part.last), stop, part.track)
        assignments.beats.leave()
    return walked, short | dict(assignments.failed_series)


def _copied(source: Database, db: Database, chosen: Mapping[str, StrategySettings], part: Part) -> dict[Series, str]:
    """Copy what the strategies read, with the warm-up before the part; the series without any, and why."""
    bars: dict[Series, int] = {}
    for each in chosen.values():
        bars[each.series] = max(bars.get(each.series, 0), each.terms.warmup + MARGIN)
    short: dict[Series, str] = {}
    for series, before in sorted(bars.items()):
        older = candles.newest(source, series, before, part.first - 1)
        try:
            excerpt.market(source, db, series)
            excerpt.series(source, db, series, older[0].timestamp if older else part.first, part.last)
        except Rejected as error:
            short[series] = f"cannot be copied: {error}"
            continue
        if replay_stretches.extent(db, series, (part.first, part.last)) is None:
            short[series] = f"no candle of that time is stored in {source.store}; see `fleet gaps`"
    return short


def _seated(
    db: Database, settings: Settings, chosen: Mapping[str, StrategySettings], kinds: Mapping[str, Kind]
) -> Assignments:
    """All of these strategies, assigned to this process."""
    supervision = replace(settings.supervision, lease=LEASE)
    alone = replace(settings, database=db.store, strategies=tuple(chosen.values()), supervision=supervision)
    registration.register(db, alone, 0)
    built = registration.built(chosen, kinds)
    beats = heartbeat.begun(db, "replay", supervision)
    assignments = Assignments(db=db, settings=alone, wanted=chosen, built=built, beats=beats)
    assignments.claim()
    return assignments


def walk(
    assignments: Assignments,
    span: tuple[int, int],
    stop: Stop,
    track: Callable[[Sequence[int]], Iterable[int]] = untracked,
) -> Walked | None:
    """Decide every candle that opens within `span` (Unix seconds) as it was seen when it closed; what was walked, None
    where there is no candle.

    All series go from stretch to stretch together: each is read once and recorded in one transaction or a few. How long
    the stretches are changes nothing of what is decided.
    """
    extents = replay_stretches.extents(assignments.db, assignments.active.series, span)
    before, last, told_ms = strategies.decided(assignments.db), None, clock.steady_ms()
    for end in track(replay_stretches.ends(extents.values(), replay_stretches.bars(len(assignments.active)))):
        if not _decide_until(assignments, extents, end, stop):
            last = max(_closed(assignments), default=last)
            log.warning("replay_stopped", timestamp=last)
            break
        last = end
        if clock.steady_ms() - told_ms >= TELL_MS:
            log.info("replay", timestamp=end, decisions=strategies.decided(assignments.db) - before)
            told_ms = clock.steady_ms()
    made = strategies.decided(assignments.db) - before
    log.info("replayed", decisions=made, strategies=len(assignments.wanted))
    return None if last is None else Walked(min(each.first for each in extents.values()), last, made)


def _decide_until(assignments: Assignments, extents: Mapping[Series, Extent], end: int, stop: Stop) -> bool:
    """Decide what has closed until then, unless it is stopped; whether that was all."""
    whole = False
    while not whole and not stop.stopped:
        whole = take_due(assignments, list(_advances(assignments, extents, end))).whole
    return whole


def _closed(assignments: Assignments) -> list[int]:
    """When the newest bar closed that each strategy has decided, Unix seconds."""
    found = ((active.decided, active.settings.series) for active in assignments.active.values())
    return [decided + series.seconds for decided, series in found if decided is not None]


def _advances(assignments: Assignments, extents: Mapping[Series, Extent], end: int) -> Iterator[SeriesAdvance]:
    """How far each series goes; one that has failed does not go on in the middle.

    Bars before the first one were missed, if anybody has still to decide them: they are decided when it has closed.
    """
    for series, extent in extents.items():
        if extent.begin <= end <= extent.end and series not in assignments.failed_series:
            later = end > extent.begin
            yield SeriesAdvance(series=series, now_ms=end * 1000, upto=end - series.seconds, replayed=later)
