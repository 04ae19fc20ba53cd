"""What a hole means that remained although the exchange was asked for it twice. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from backfiller.validate import ValidatedRows
from db.market_data.ranges import Range, runs, subtract
from domain.gaps import Cause
from exchange.protocol import Capabilities


class SecondLook(NamedTuple):
    """One request of a second look: the bars that were asked for, and what came."""

    asked: Range
    answer: ValidatedRows


class GapCauses(NamedTuple):
    """The causes of a hole by range, ascending, and the ranges of it about which nothing is known yet.

    `likely`: causes that follow only if further looks say the same, since no answer could show both neighbours.
    """

    causes: list[tuple[Range, Cause]]
    likely: list[tuple[Range, Cause]]
    open: list[Range]


def gap_causes(hole: Range, looks: Sequence[SecondLook], capabilities: Capabilities, length: int) -> GapCauses:
    """What the answers of a second look say about the bars of `hole`, none of which they hold.

    Silence proves nothing: an answer counts where it shows neighbours on both sides.
    """
    bars = range(hole[0], hole[1] + 1, length)
    broken = {each for look in looks for each in look.answer.rejected}
    bad = runs([each for each in bars if each in broken], length)
    empty = Cause.NO_TRADES if capabilities.omits_empty else Cause.OUTAGE
    causes: list[tuple[Range, Cause]] = [(span, Cause.REJECTED) for span in bad]
    likely: list[tuple[Range, Cause]] = []
    left: list[Range] = []
    for span in subtract([hole], bad, length):
        if any(look.answer.surrounds(span) for look in looks):
            causes.append((span, empty))
        elif _shown_apart(span, looks, length):
            likely.append((span, empty))
        else:
            left.append(span)
    return GapCauses(sorted(causes), likely, left)


def _shown_apart(span: Range, looks: Sequence[SecondLook], length: int) -> bool:
    """Whether a hole longer than an answer begins and ends in answers that show the bar before it and the one behind.

    No answer may have been garbled, and none was asked for both bars: it would have shown them.
    """
    before, after = span[0] - length, span[1] + length
    begins = any(before < each.asked[1] and each.answer.holds(before) for each in looks)
    ends = any(each.asked[0] < after and each.answer.holds(after) for each in looks)
    together = any(each.asked[0] <= before and after <= each.asked[1] for each in looks)
    return begins and ends and not together and not any(each.answer.unplaced for each in looks)
