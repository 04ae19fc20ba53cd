"""The demo stack in real containers: scaling, crashes, frozen and cut-off replicas; `make containers` runs it.

After each of them every strategy is held exactly once, no decision is missing or doubled, no trade is doubled, and the
file is sound. It builds the image, so it takes some minutes and needs a Docker engine and Compose.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
PROJECT = "tradefleettest"
STRATEGIES = 7
COMPOSE = ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]
FACTS = """
import json
from pathlib import Path
from db.connection import connect_readonly
from runtime.clock import now_ms
QUERIES = {
    'held': f'select strategy_id, holder from leases where expires_ms > {now_ms()}',
    'workers': "select worker_id, host, detail from workers where room = 'trader'"
        f' and beat_ms > {now_ms() - 8000}',
    'integrity': 'pragma integrity_check',
    'decisions': 'select strategy_id, count(*) from decisions group by 1',
    'bars': 'select s.strategy_id, count(*) from strategies s join ohlcv_data o using (exchange, symbol, timeframe)'
        ' where o.timestamp between (select min(timestamp) from decisions d where d.strategy_id = s.strategy_id)'
        ' and s.decided_timestamp group by 1',
    'doubled': 'select client_order_id from trades group by 1 having count(*) > 1',
    'trades': 'select count(*) from trades',
}
with connect_readonly(Path('/data/trading.db')) as db, db.snapshot():
    found = {name: db._connection.execute(sql).fetchall() for name, sql in QUERIES.items()}
print(json.dumps({name: [tuple(row) for row in rows] for name, rows in found.items()}))
"""


def run(*words, check=True):
    """A command on the host."""
    return subprocess.run(words, cwd=HOUSE, capture_output=True, text=True, check=check, timeout=600)


def compose(*words):
    """Compose, on the demo of a project of its own."""
    return run(*COMPOSE, "-p", PROJECT, "--profile", "demo", *words)


def containers(service="demo-trader"):
    """The names of the running containers of a service."""
    label = f"label=com.docker.compose.project={PROJECT}"
    found = run(
        "docker",
        "ps",
        "--filter",
        label,
        "--filter",
        f"label=com.docker.compose.service={service}",
        "--format",
        "{{.Names}}",
    )
    return sorted(found.stdout.split())


def facts():
    """What the database says, read inside a container."""
    done = run("docker", "exec", containers("demo-backfiller")[0], "python", "-c", FACTS)
    return json.loads(done.stdout)


def until(met, seconds=60):
    """Wait for a condition; the seconds it took."""
    began = time.monotonic()
    while not met():
        assert time.monotonic() - began < seconds, "not met in time"
        time.sleep(0.5)
    return time.monotonic() - began


def balanced(replicas):
    """Whether every strategy is held once and the replicas are within one of each other."""
    found = facts()
    counts = [len(json.loads(detail)["strategies"]) for _, _, detail in found["workers"]]
    return len(found["held"]) == STRATEGIES and len(counts) == replicas and max(counts) - min(counts) <= 1


def sound():
    """Nothing lost, nothing doubled."""
    found = facts()
    assert found["integrity"] == [["ok"]]
    assert found["doubled"] == []
    assert found["decisions"] == found["bars"]


def scale(replicas):
    """So many traders."""
    compose("up", "-d", "--no-recreate", "--scale", f"demo-trader={replicas}", "demo-trader")


@pytest.fixture(scope="module")
def stack():
    """The demo with two traders, trading."""
    if run("docker", "info", check=False).returncode:
        pytest.skip("no Docker engine answers on this machine")
    run("docker", "build", "-q", "-t", "tradefleet", ".")
    compose("down", "-v", "--remove-orphans")
    scale(2)
    until(lambda: containers("demo-backfiller") and facts()["trades"][0][0] > 0, 120)
    yield
    compose("down", "-v", "--remove-orphans")


@pytest.mark.parametrize("replicas", [1, 5, 2])
def test_scaling_spreads_the_strategies(stack, replicas):
    """Up and down, by themselves."""
    scale(replicas)
    assert until(lambda: balanced(replicas)) < 30
    sound()


def test_a_crashed_process_is_replaced(stack):
    """kill -9 of its process: the others take over, the engine starts it again."""
    scale(3)
    until(lambda: balanced(3))
    pid = int(run("docker", "inspect", "-f", "{{.State.Pid}}", containers()[0]).stdout)
    os.kill(pid, signal.SIGKILL)
    until(lambda: len(facts()["held"]) == STRATEGIES, 20)
    until(lambda: balanced(3))
    sound()


def test_a_frozen_replica_is_refused_when_it_wakes(stack):
    """SIGSTOP past its lease, then SIGCONT: the others have its strategies, and it goes on with its new part."""
    scale(2)
    until(lambda: balanced(2))
    name = containers()[0]
    run("docker", "pause", name)
    until(lambda: len(facts()["held"]) == STRATEGIES and len(facts()["workers"]) == 1, 30)
    run("docker", "unpause", name)
    until(lambda: balanced(2))
    sound()


def test_a_replica_without_network_trades_on(stack):
    """Traders need the file only."""
    scale(2)
    until(lambda: balanced(2))
    run("docker", "network", "disconnect", f"{PROJECT}_default", containers()[0])
    time.sleep(10)
    assert balanced(2)
    sound()


def test_containers_restart_one_by_one(stack):
    """The others carry on."""
    scale(3)
    until(lambda: balanced(3))
    for service in ("demo-trader", "demo-backfiller"):
        for name in containers(service):
            run("docker", "restart", "-t", "15", name)
    until(lambda: balanced(3))
    sound()


def test_ps_and_logs_from_the_host(stack):
    """Which container holds what."""
    scale(2)
    until(lambda: balanced(2))
    found = json.loads(run(str(HOUSE / ".venv/bin/fleet"), "ps", "--project", PROJECT, "--format", "json").stdout)
    held = [strategy for row in found if row["service"] == "demo-trader" for strategy in row["strategies"].split(", ")]
    assert len(set(held)) == STRATEGIES
    assert all(row["memory_mb"] < 256 for row in found if row["service"] == "demo-trader")
    logs = run(str(HOUSE / ".venv/bin/fleet"), "logs", "--project", PROJECT, held[0]).stdout
    assert "strategies_taken" in logs
