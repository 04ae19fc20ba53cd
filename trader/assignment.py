"""Who trades what: every replica works out the same shares from the same facts, and takes its own. Pure.

Strategies are laid out in the order of their series and cut into shares that differ by one at most, so that those on
one series mostly stay together and its window is read once. Leases decide where replicas see different facts for a
moment.
"""

from collections.abc import Collection, Mapping

from domain.candles import Series


def fair_share(me: str, replicas: Collection[str], pool: Mapping[str, Series]) -> frozenset[str]:
    """The strategies of `pool` (id to series) that `me` is to hold among `replicas`; empty for one to spare.

    `me` counts as a replica whether or not it is named.
    """
    names = sorted({me, *replicas})
    ids = sorted(pool, key=lambda strategy_id: (pool[strategy_id], strategy_id))
    place, count = names.index(me), len(names)
    size, rest = divmod(len(ids), count)
    start = place * size + min(place, rest)
    return frozenset(ids[start : start + size + (place < rest)])
