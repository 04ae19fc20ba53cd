"""What a hole means that remained although the exchange was asked for it twice. Pure."""

from collections.abc import Sequence

from db.ranges import Range, runs
from domain.gaps import Cause
from exchange.protocol import Manners


def explained(
    hole: Range, answered: Sequence[int], rejected: frozenset[int], manners: Manners, oldest: int | None, length: int
) -> list[tuple[Range, Cause]]:
    """The causes of a hole, by range, in order; bars that remain unexplained are left out.

    `answered`: opens that the second answer held; it proves something only where it shows neighbours on both sides.
    `rejected`: bars of which only broken rows came. `oldest`: the oldest stored open, None where nothing is stored.
    """
    bad = [each for each in range(hole[0], hole[1] + 1, length) if each in rejected]
    found = [(span, Cause.REJECTED) for span in runs(bad, length)]
    rest = runs([each for each in range(hole[0], hole[1] + 1, length) if each not in rejected], length)
    for span in rest:
        cause = _cause(span, answered, manners, oldest)
        if cause is not None:
            found.append((span, cause))
    return sorted(found)


def _cause(span: Range, answered: Sequence[int], manners: Manners, oldest: int | None) -> Cause | None:
    """Why all bars of `span` are missing, None while that is not known."""
    after = any(each > span[1] for each in answered)
    if not after:
        return None
    if oldest is None or oldest > span[1]:  # nothing was ever seen before it
        return Cause.NOT_OFFERED if manners.newest_only else Cause.BEFORE_LISTING
    if not any(each < span[0] for each in answered):
        return None
    return Cause.NO_TRADES if manners.omits_empty else Cause.OUTAGE
