"""Walking: the strategies of a desk decide the bars that are due, for as long as one part may take."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest

from domain.candles import Series
from trader.desk import Desk
from trader.look import View, look, newest
from trader.part import Part, Question
from trader.seat import Seat, window_size
from trader.turn import Conditions, Walk

DECIDING = "its bars cannot be decided"
APART = 200  # bars that are asked for in one child process


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """What rings for a turn: a series has advanced.

    `now_ms` is candle time, `stored_ms` when its newest candle came in. With `upto` the series ends there: at its head,
    or in a replay.
    """

    series: Series
    now_ms: int
    stored_ms: int | None = None
    upto: int | None = None


def walked(desk: Desk, bells: Sequence[Bell]) -> Part:
    """A part of what is due, series with the fewest missed bars first, so that nobody waits for those who were away;
    those that are slow, or may end the process, come after the others.
    """
    part = Part(desk.leasing.length_ms, desk.pace)
    apart, quick = desk.by_series(desk.apart), desk.by_series(lambda seat: not desk.apart(seat))
    ordered = _in_order(bells, quick)
    for place, bell in enumerate(ordered, 1):
        desk.failed_series.attempt(bell.series, DECIDING, partial(_walk, desk, part, bell, quick[bell.series]))
        if part.over and place < len(ordered):
            part.whole = False
            break
    if desk.pace.turn_of_the_slow(part.spent_ms, whole=part.whole):
        part.ask(_questions(desk, part, _in_order(bells, apart), apart), desk.leasing.keep)
    return part


def _walk(desk: Desk, part: Part, bell: Bell, seats: Sequence[Seat]) -> None:
    """Those who sit on one series, bar by bar, so that each indicator of a window is computed once for all."""
    walks = _walks(desk, part, bell, seats)
    for view in _views(desk, bell, [walk.seat for walk in walks]):
        for walk in walks:
            if walk.seat.strategy_id not in part.resting and walk.due(view):
                part.decide(walk, view)
            if part.over:
                part.whole = False
                return


def _questions(desk: Desk, part: Part, bells: Sequence[Bell], apart: Mapping[Series, Sequence[Seat]]) -> list[Question]:
    """What is to be asked of those that are asked apart: the next bar of each, then another of each."""
    rung = {bell.series: bell for bell in bells}
    waiting = desk.pace.in_order(seat for series in rung for seat in apart[series])
    seats, found = waiting[:APART], list[list[Question]]()
    part.whole = part.whole and len(seats) == len(waiting)
    for seat in seats:
        bell = rung[seat.settings.series]
        asked = partial(_asked, desk, part, bell, seat, APART // len(seats))
        found.append(desk.failed_series.attempt(bell.series, DECIDING, asked) or [])
    return [each for row in zip_longest(*found) for each in row if each is not None]


def _asked(desk: Desk, part: Part, bell: Bell, seat: Seat, most: int) -> list[Question]:
    """The next bars that one strategy is to be asked about; `most` at a time."""
    found: list[Question] = []
    for walk in _walks(desk, part, bell, [seat]):
        for view in _views(desk, bell, [seat]):
            if len(found) == most:
                part.whole = False
                break
            view.sight(seat.bars).require_candles()
            found.append((walk, view))
    return found


def _walks(desk: Desk, part: Part, bell: Bell, seats: Sequence[Seat]) -> list[Walk]:
    """Walks of these, which are part of the part; none where the market is not known yet."""
    market = desk.market(bell.series)
    if market is None:
        return []
    conditions = Conditions(fleet_id=desk.fleet_id, market=market, now_ms=bell.now_ms, stored_ms=bell.stored_ms)
    walks = [Walk(seat, replace(conditions, halted=seat.barred or desk.barred.get(seat.strategy_id))) for seat in seats]
    part.walks += walks
    return walks


def _views(desk: Desk, bell: Bell, seats: Sequence[Seat]) -> Iterator[View]:
    """The bars that one of these has not decided. One that never decided starts with the newest."""
    last = newest(desk.db, bell.series, bell.upto)
    if not seats or last is None:
        return iter(())
    newly = last.timestamp - bell.series.seconds
    since = min(newly if seat.decided is None else seat.decided for seat in seats)
    return look(desk.db, bell.series, window_size(seats), since, bell.upto)


def _in_order(bells: Sequence[Bell], seats: Mapping[Series, Sequence[Seat]]) -> list[Bell]:
    """The bells that ring for some of these, the series first on which they have missed the fewest bars."""

    def missed(bell: Bell) -> tuple[float, Series]:
        decided = [seat.decided for seat in seats[bell.series] if seat.decided is not None]
        behind = bell.upto - min(decided) if bell.upto is not None and decided else 0
        return behind / bell.series.seconds, bell.series

    return sorted((bell for bell in bells if bell.series in seats), key=missed)
