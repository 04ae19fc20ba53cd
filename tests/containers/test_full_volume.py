"""The volume runs full while the fleet trades: nobody crashes, nothing is lost, and it goes on once there is room."""

import pytest

from tests.stack import Stack, inspected, running, until

VOLUMES = """
volumes:
  demo:
    driver_opts: { type: tmpfs, device: tmpfs, o: "size=24m,uid=10001" }
"""


@pytest.fixture
def stack(image, tmp_path):
    """The demo on a volume of 24 MB."""
    (tmp_path / "small.yml").write_text(VOLUMES)
    with running(Stack("tradefleetfull", (tmp_path / "small.yml",)), 2) as found:
        yield found


def test_a_full_volume_stops_nobody_for_good(stack):
    """No process ends; it goes on by itself; the kill switch works meanwhile."""
    until(lambda: stack.balanced(2))
    before = restarts(stack)
    stack.inside("sh", "-c", "cat /dev/zero > /data/filler 2>/dev/null; true")
    until(lambda: "full" in stack.logs(), 60)
    assert "kill switch on" in stack.inside("fleet", "kill-switch", "on")
    stack.inside("rm", "/data/filler")
    stack.inside("fleet", "kill-switch", "off")
    count = stack.trades()
    until(lambda: stack.balanced(2) and stack.trades() > count, 120)
    stack.sound()
    assert restarts(stack) == before


def restarts(stack):
    """How often the engine had to start a worker again."""
    names = [*stack.containers(), *stack.containers("backfiller")]
    return [inspected(name, "{{.RestartCount}} {{.State.StartedAt}}") for name in names]
