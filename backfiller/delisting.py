"""When a market that is not listed any more counts as gone, and which answers prove nothing. Pure."""

from db.market_data.markets import Absence

LOOKS = 3  # that must have missed it, from the first to the last at least the time that the configuration asks for
MOST = 0.5  # share of the markets of before; an answer that lists fewer is silence about the others


def missed_again(before: Absence | None, now_ms: int, after_ms: float) -> Absence:
    """The absence of a market after one more look that missed it. Looks are counted once they are far enough apart.

    `now_ms` is candle time; `after_ms` lies between the first look and the one that proves it.
    """
    if before is None or before.since_ms > now_ms:
        return Absence(now_ms, 1)
    due = before.since_ms + before.looks * after_ms / (LOOKS - 1)
    return before._replace(looks=before.looks + 1) if before.looks < LOOKS and now_ms >= due else before


def delisted(absence: Absence) -> bool:
    """Whether enough looks, far enough apart, have missed it."""
    return absence.looks >= LOOKS


def says_nothing(listed: int, before: int) -> bool:
    """Whether an answer that lists so many markets, where there were `before`, says nothing yet of those it leaves out.

    One that lists none never says anything; another one is a look, which counts once it proves that a market is gone.
    """
    return not listed or listed < MOST * before
