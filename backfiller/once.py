"""`--once`: everything is filled or explained, or said why it could not be."""

from backfiller.completeness import shortfall
from backfiller.follow import Follower
from domain.candles import Series

TRIES = 5  # attempts until an exchange is given up
LOOKS = 3  # of them that were answered, until bars that did not come are given up


def once(follower: Follower) -> None:
    """Fill every series of an exchange; the tally says of each why it could not be."""
    tally, stop = follower.supply.tally, follower.supply.stop
    answered = 0
    for attempt in range(1, TRIES + 1):
        if stop.stopped:
            break
        answered += follower.reach.turn(lambda: _fill_all(follower))
        short = _short(follower)
        if (answered and not short) or answered == LOOKS or attempt == TRIES:
            break
        for course in follower.courses:
            course.filled = course.filled and course.wanted.series not in short
        stop.wait(follower.reach.backoff.next())
    for series, reason in _short(follower).items():
        tally.failed.setdefault(series, reason)


def _fill_all(follower: Follower) -> None:
    """Fill every series that is not filled yet."""
    follower.listing.refresh()
    follower.courses.look_again()
    for course in follower.courses.asked():
        if not course.filled and not follower.supply.stop.stopped:
            follower.keeper.fill(course)
    follower.keeper.derive()


def _short(follower: Follower) -> dict[Series, str]:
    """The series that are not what was wished for, and why; those that say so themselves are left out."""
    tally, found = follower.supply.tally, {}
    for course in follower.courses:
        reason = course.waits if course.fill_failures else shortfall(follower.supply, course.wanted) or course.waits
        if not course.filled:
            reason = tally.state if tally.state != "ok" else reason or "not filled"
        if reason is not None and course.wanted.series not in tally.failed:
            found[course.wanted.series] = reason
    return found
