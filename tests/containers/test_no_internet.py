"""`docker compose up` as shipped, on a machine whose network is gone: everything starts, waits, and says why."""

import json

import pytest

from tests.stack import Stack, inspected, run, until

NO_WAY_OUT = """
networks:
  default: { internal: true }
"""
SHIPPED = 9  # strategies in config/strategies
EXCHANGES = ("binance", "coinbase", "kraken")


@pytest.fixture
def stack(image, tmp_path):
    """The real stack with two traders in a network that leads nowhere."""
    (tmp_path / "inside.yml").write_text(NO_WAY_OUT)
    found = Stack("tradefleetreal", (tmp_path / "inside.yml",), demo=False)
    found.down()
    try:
        found.scale(2)
        yield found
    finally:
        found.down()


def test_it_starts_and_says_what_is_wrong(stack):
    """The traders share the strategies, every worker is healthy, nothing was invented."""
    until(lambda: stack.balanced(2, SHIPPED))
    names = [*stack.containers(), *stack.containers("backfiller")]
    until(lambda: {inspected(name, "{{.State.Health.Status}}") for name in names} == {"healthy"})
    assert {inspected(name, "{{.RestartCount}}") for name in names} == {"0"}
    until(lambda: all(f"{exchange}: cannot be reached" in told(names[0]) for exchange in EXCHANGES))
    assert {inspected(name, "{{.HostConfig.NetworkMode}}") for name in stack.containers()} == {"none"}
    assert stack.facts()["decisions"] == []


def told(name):
    """Why the backfiller stands still, as `fleet status` in a container says, or nothing yet; it exits with 1, since no
    series has a candle.
    """
    done = run("docker", "exec", name, "fleet", "status", "--format", "json", check=False)
    assert done.returncode == 1
    rows = json.loads(done.stdout)
    return next(row["why"] for row in rows if row.get("worker_id", "").startswith("backfiller")) or ""
