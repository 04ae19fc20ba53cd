"""What a container shares with others, and what it must not: the database's folder, the host's name."""

import re

import pytest

from db.sqlite.migrate import migrate
from tests.stack import HOUSE, IMAGE, Stack, inspected, run, running, until

OWN = """\
strategy_id: own
exchange: binance
symbol: BTC/USDT
timeframe: 1h
strategy: falls
capital: 1000
"""
HOST_NETWORK = """
services:
  demo-trader: { network_mode: host }
"""


def test_a_database_without_its_folder_is_refused(image, tmp_path):
    """Only the file is mounted: two such containers would corrupt it within seconds."""
    tmp_path.chmod(0o755)
    migrate(tmp_path / "trading.db", "real", any_filesystem=True)
    for folder in (["--tmpfs", "/data"], []):
        mounts = [*folder, "-v", f"{tmp_path / 'trading.db'}:/data/trading.db"]
        done = run("docker", "run", "--rm", "--user", "0", *mounts, IMAGE, "fleet", "status", check=False)
        assert done.returncode == 1
        assert "mounted without its folder" in done.stderr


@pytest.fixture
def mounted(image, tmp_path):
    """A command in a container that sees a user's configuration, with a kind of their own and more Python beside it."""
    kind, _ = re.findall(r"```python\n(.*?)```", (HOUSE / "docs" / "strategies.md").read_text(), re.DOTALL)
    files = {
        "fleet.yaml": "plugins: [my_strategies]\nany_filesystem: true\n",
        "strategies/own.yaml": OWN,
        "my_strategies/falls.py": kind,
        "__init__.py": "raise SystemExit('a user's file was imported')",
        "environment.py": "raise SystemExit('a user's file was imported')",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    run("chmod", "-R", "a+rX", str(tmp_path.parent.parent), check=False)
    return lambda *words: run("docker", "run", "--rm", "-v", f"{tmp_path}:/app/config:ro", IMAGE, *words, check=False)


@pytest.mark.parametrize("words", [["python", "-m", "trader", "--help"], ["python", "-m", "backfiller", "--help"]])
def test_no_python_of_a_mounted_configuration_is_imported(mounted, words):
    """The folder is called as a package of the program is, and stands in the folder where that starts."""
    done = mounted(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--config DIR" in done.stdout


def test_a_kind_of_ones_own_is_mounted_with_the_configuration(mounted):
    """As docs/strategies.md says: a folder beside fleet.yaml, named relative to it."""
    done = mounted("fleet", "validate", "--offline")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^own +binance BTC/USDT 1h +falls ", done.stdout, re.MULTILINE)


@pytest.fixture
def stack(image, tmp_path):
    """The demo with traders that share the host's network, and so its name."""
    (tmp_path / "host.yml").write_text(HOST_NETWORK)
    with running(Stack("tradefleethost", (tmp_path / "host.yml",)), 2) as found:
        yield found


def test_only_the_worker_that_hangs_is_unhealthy(stack):
    """Its neighbour beats under the same host name."""
    hung, well = stack.containers()
    hosts = {inspected(name, "{{.Config.Hostname}}") for name in (hung, well)}
    assert len(hosts) == 1
    until(lambda: health(hung) == health(well) == "healthy")
    stack.signal(hung, "SIGSTOP")
    until(lambda: (health(hung), health(well)) == ("unhealthy", "healthy"), 180)
    stack.signal(hung, "SIGCONT")
    until(lambda: health(hung) == "healthy")


def health(name):
    """What the engine says of a container."""
    return inspected(name, "{{.State.Health.Status}}")
