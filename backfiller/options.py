"""What a person has told a backfiller."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BackfillOptions:
    """`only`: the names of the series to keep, such as ``binance:BTC/USDT:1h``, none for all. `once`: end when they are
    filled, by us or by whoever acts for their exchange. `recheck`: with that, every cause of a missing bar is found out
    again.
    """

    only: frozenset[str] = frozenset()
    once: bool = False
    recheck: bool = False
