"""What a hole means that remained although the exchange was asked for it twice. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from backfiller.sift import Sifted
from db.ranges import Range, runs, subtract
from domain.gaps import Cause
from exchange.protocol import Manners


class Judged(NamedTuple):
    """The causes of a hole by range, ascending, and the ranges of it about which nothing is known yet."""

    causes: list[tuple[Range, Cause]]
    open: list[Range]


def judged(hole: Range, answers: Sequence[Sifted], manners: Manners, length: int, *, asked: bool) -> Judged:
    """What the answers of a second look say about the bars of `hole`, none of which they hold.

    `asked`: the look was for exactly this hole with its neighbours. Silence proves nothing: an answer counts where it
    shows neighbours on both sides, or where the hole is longer than an answer, the two that show one each.
    """
    bars = range(hole[0], hole[1] + 1, length)
    broken = {each for answer in answers for each in answer.rejected}
    bad = runs([each for each in bars if each in broken], length)
    causes, left = [(span, Cause.REJECTED) for span in bad], []
    for span in subtract([hole], bad, length):
        if any(answer.surrounds(span) for answer in answers) or (asked and _shown_apart(span, answers, length)):
            causes.append((span, Cause.NO_TRADES if manners.omits_empty else Cause.OUTAGE))
        else:
            left.append(span)
    return Judged(sorted(causes), left)


def _shown_apart(span: Range, answers: Sequence[Sifted], length: int) -> bool:
    """Whether the bars on both sides were answered, if not together; no answer may have been garbled."""
    before, after = span[0] - length, span[1] + length
    shown = any(each.holds(before) for each in answers) and any(each.holds(after) for each in answers)
    return shown and not any(each.unplaced for each in answers)
