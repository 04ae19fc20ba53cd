"""The demo in real containers: scaling, crashes, frozen and cut-off replicas; `make containers` runs it.

After each of them every strategy is held exactly once, no decision is missing or doubled, no trade is doubled, and the
file is sound. It builds the image, so it takes some minutes and needs a Docker engine and Compose.
"""

import json
import os
import subprocess

import pytest

from db.sqlite.migrate import migrate
from tests.stack import HOUSE, STRATEGIES, Stack, inspected, run, running, until

FLEET = str(HOUSE / ".venv/bin/fleet")


@pytest.fixture(scope="module")
def stack(image):
    """The demo with two traders, trading."""
    with running(Stack("tradefleettest"), 2) as found:
        yield found


@pytest.mark.parametrize("replicas", [1, 5, 2])
def test_scaling_spreads_the_strategies(stack, replicas):
    """Up and down, by themselves."""
    stack.scale(replicas)
    until(lambda: stack.balanced(replicas))
    stack.sound()


def test_spare_replicas_stand_by_and_say_so(stack):
    """More replicas than strategies."""
    stack.scale(STRATEGIES + 1)
    until(lambda: stack.balanced(STRATEGIES + 1))
    until(lambda: "stands_by" in stack.logs())
    stack.sound()


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_process_that_crashes_in_the_middle_of_a_turn_is_replaced(stack, place):
    """kill -9 inside its write transaction: another one decides the candle, the engine starts it again."""
    stack.scale(3)
    until(lambda: stack.balanced(3))
    name = stack.containers()[place]
    before = int(inspected(name, "{{.RestartCount}}"))
    stack.crash_in_a_turn(name)
    until(lambda: len(stack.facts()["held"]) == STRATEGIES)
    until(lambda: stack.balanced(3))
    assert int(inspected(name, "{{.RestartCount}}")) == before + 1
    stack.sound()


def test_a_frozen_replica_goes_on_when_it_wakes(stack):
    """SIGSTOP past its lease, then SIGCONT: the others have its strategies, and it takes its new part."""
    stack.scale(2)
    until(lambda: stack.balanced(2))
    name = stack.containers()[0]
    stack.signal(name, "SIGSTOP")
    until(lambda: len(stack.facts()["held"]) == STRATEGIES and len(stack.facts()["workers"]) == 1)
    stack.signal(name, "SIGCONT")
    until(lambda: stack.balanced(2))
    assert "lease_taken_over" in stack.logs()
    assert "lease_lost" in stack.logs() or "fenced" in stack.logs()
    stack.sound()


def test_traders_have_no_network_and_trade(stack):
    """They need the file only; each has a host name of its own, and no interface but its own."""
    stack.scale(2)
    until(lambda: stack.balanced(2))
    names = stack.containers()
    assert {inspected(name, "{{.HostConfig.NetworkMode}}") for name in names} == {"none"}
    assert {tuple(interfaces(name)) for name in names} == {("lo",)}
    assert interfaces(stack.containers("backfiller")[0]) != ["lo"]
    assert len({inspected(name, "{{.Config.Hostname}}") for name in names}) == 2
    before = dict(stack.facts()["decisions"])
    until(lambda: all(count > before.get(one, 0) for one, count in stack.facts()["decisions"]))
    assert stack.balanced(2)
    stack.sound()


def interfaces(name):
    """The network interfaces of a container."""
    code = "import socket; print(*(name for _, name in socket.if_nameindex()))"
    return run("docker", "exec", name, "python", "-c", code).stdout.split()


def test_containers_restart_one_by_one(stack):
    """The others carry on."""
    stack.scale(3)
    until(lambda: stack.balanced(3))
    said = run(FLEET, "restart", "--project", stack.name).stdout
    assert said.count("restarted") == 4
    until(lambda: stack.balanced(3))
    stack.sound()


def test_steering_from_inside(stack):
    """A person pauses everything in one container: whoever trades obeys, and it survives a restart."""
    stack.inside("fleet", "pause", "--all", "--reason", "holiday")
    run("docker", "restart", "-t", "15", stack.containers()[0])
    paused = [row for row in json.loads(stack.inside("fleet", "status", "--format", "json")) if "level" in row]
    assert len(paused) == STRATEGIES
    stack.inside("fleet", "resume", "--all")
    stack.sound()


def test_steering_from_the_host(stack, tmp_path):
    """The verbs find the containers of the project by themselves, also beside the database of an earlier fleet here."""
    migrate(tmp_path / "data" / "trading.db", "real", any_filesystem=True)
    home = {**os.environ, "COMPOSE_PROJECT_NAME": stack.name, "TRADEFLEET_CONFIG": str(HOUSE / "config")}

    def fleet(*words):
        return subprocess.run([FLEET, *words], cwd=tmp_path, env=home, capture_output=True, text=True, check=False)

    one = json.loads(fleet("report", "--format", "json").stdout)[0]["strategy_id"]
    assert fleet("pause", one, "--reason", "news").returncode == 0
    shown = json.loads(fleet("status", "--format", "json").stdout)
    assert [row["scope"] for row in shown if row["section"] == "controls"] == [one]
    assert fleet("resume", one, "--project", stack.name).returncode == 0
    assert fleet("kill-switch", "on").returncode == 0
    assert "fleet" in [row.get("scope") for row in json.loads(stack.inside("fleet", "status", "--format", "json"))]
    assert fleet("kill-switch", "off").returncode == 0
    wrong = fleet("resume", "nix")
    assert (wrong.returncode, "there are:" in wrong.stderr) == (2, True)


def test_nothing_in_a_container_can_do_harm(stack):
    """Read from the engine: a fixed user, no capabilities, a root that cannot be written, limits, no socket."""
    names = run("docker", "ps", "-q", "--filter", f"label=com.docker.compose.project={stack.name}").stdout.split()
    found = json.loads(run("docker", "inspect", *names).stdout)
    assert len(found) >= 4
    for each in found:
        limits = each["HostConfig"]
        assert each["Config"]["User"] == "10001:10001"
        hardened = [limits[name] for name in ("ReadonlyRootfs", "Init", "CapDrop", "SecurityOpt")]
        assert hardened == [True, True, ["ALL"], ["no-new-privileges:true"]]
        assert min(limits["Memory"], limits["PidsLimit"]) > 0
        assert limits["LogConfig"]["Config"]["max-size"]
        assert not any("docker.sock" in mount["Source"] for mount in each["Mounts"])
    inside = run("docker", "exec", names[0], "sh", "-c", "id -u; touch /app/x; which gcc cc make", check=False)
    assert inside.stdout.split() == ["10001"]


def test_ps_scale_and_logs_from_the_host(stack):
    """Which container holds what; the project is known by the folder that it was started from."""
    run(FLEET, "scale", "2", "--demo")
    until(lambda: stack.balanced(2))
    found = json.loads(run(FLEET, "ps", "--project", stack.name, "--format", "json").stdout)
    traders = [row for row in found if row["service"] == "demo-trader"]
    held = [strategy for row in traders for strategy in row["strategies"].split(", ")]
    assert len(set(held)) == STRATEGIES
    assert all(row["memory_mb"] < 256 for row in traders)
    logs = run(FLEET, "logs", "--project", stack.name, held[0]).stdout
    assert "lease_taken" in logs


def test_two_projects_side_by_side(stack):
    """Another fleet on the same machine: neither sees the other."""
    with running(Stack("tradefleettest2"), 2) as other:
        until(lambda: other.balanced(2))
        hosts = [{host for _, host, _ in each.facts()["workers"]} for each in (stack, other)]
        assert not hosts[0] & hosts[1]
        other.sound()
    until(lambda: stack.balanced(2))
    stack.sound()
