"""The deal: every strategy in exactly one hand, hands that differ by one at most, series together."""

from hypothesis import given
from hypothesis import strategies as some

from domain.candles import Series
from trader.assignment import fair_share

NAMES = some.sets(some.text("abcdef", min_size=1, max_size=4), min_size=1, max_size=9)


def pool(count, series=7):
    """Strategies on some series."""
    return {f"s{number:03}": Series("x", f"C{number % series}/USDT", "1h") for number in range(count)}


@given(NAMES, some.integers(0, 60))
def test_every_strategy_is_in_exactly_one_hand(replicas, count):
    """Whatever the numbers; hands differ by one at most."""
    hands = [fair_share(me, replicas, pool(count)) for me in replicas]
    dealt = sorted(strategy_id for each in hands for strategy_id in each)
    assert dealt == sorted(pool(count))
    assert max(map(len, hands)) - min(map(len, hands)) <= 1


def test_strategies_of_a_series_stay_together():
    """Twenty on four series over four replicas: one series each."""
    found = pool(20, series=4)
    for me in "abcd":
        assert len({found[strategy_id] for strategy_id in fair_share(me, "abcd", found)}) == 1


def test_a_replica_to_spare_stands_by():
    """More replicas than strategies."""
    assert sorted(len(fair_share(me, "abcde", pool(3))) for me in "abcde") == [0, 0, 1, 1, 1]


def test_who_is_not_listed_yet_counts_itself():
    """Before its first heartbeat is seen."""
    assert fair_share("b", "a", pool(4)) == {"s002", "s003"}
