"""A trader's container that the engine starts again frees what its process before held, however long the lease."""

import pytest

from tests.stack import STRATEGIES, Stack, inspected, running, until

LONG = """
services:
  demo-trader:
    environment: { TRADEFLEET_SUPERVISION__LEASE: "3600" }
"""


@pytest.fixture
def stack(image, tmp_path):
    """The demo with one trader, whose lease does not run out while this lasts."""
    (tmp_path / "long.yml").write_text(LONG)
    with running(Stack("tradefleetback", (tmp_path / "long.yml",)), 1) as found:
        yield found


def test_nobody_waits_for_the_lease_of_a_process_that_was_killed(stack):
    """kill -9 of the one trader: the next process in its container holds every strategy, and says who has died."""
    until(lambda: stack.balanced(1))
    (name,), before = stack.containers(), {holder for _, holder in stack.facts()["held"]}
    stack.signal(name, "SIGKILL")
    until(lambda: not before & {holder for _, holder in stack.facts()["held"]})
    until(lambda: stack.balanced(1))
    assert int(inspected(name, "{{.RestartCount}}")) == 1
    assert len(stack.facts()["held"]) == STRATEGIES
    assert "worker_died" in stack.logs()
    stack.sound()
