"""Counting requests and refusing too many."""

from exchange.simulated.dialect import Call
from exchange.simulated.traffic import Traffic

CALL = Call("/api/v3/klines", "BTC/USDT", "1h")
TIME = Call("/api/v3/time")


def test_requests_are_counted_by_what_they_ask_for():
    """A line per path, symbol and timeframe."""
    traffic = Traffic()
    assert all(traffic.count(call) for call in (CALL, TIME, CALL))
    report = traffic.report()
    assert (report["requests"], report["most_per_second"], report["refused"]) == (3, 3, 0)
    assert {(line["path"], line["timeframe"], line["requests"]) for line in report["calls"]} == {
        ("/api/v3/klines", "1h", 2),
        ("/api/v3/time", None, 1),
    }


def test_more_than_the_limit_is_refused_and_reported():
    """Three in one second where two are allowed."""
    traffic = Traffic(2)
    assert [traffic.count(CALL) for _ in range(3)] == [True, True, False]
    assert traffic.report()["refused"] == 1


def test_a_limit_below_one_a_second_has_a_longer_window():
    """One request in ten seconds."""
    traffic = Traffic(0.1)
    assert [traffic.count(CALL) for _ in range(2)] == [True, False]
    assert traffic.retry_after == 10


def test_counting_begins_anew():
    """After a clear nothing was asked."""
    traffic = Traffic()
    traffic.count(CALL)
    traffic.clear()
    assert (traffic.report()["requests"], traffic.report()["calls"]) == (0, [])
