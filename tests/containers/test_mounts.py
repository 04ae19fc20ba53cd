"""What a container shares with others, and what it must not: the database's folder, the host's name."""

import pytest

from db.migrate import migrate
from tests.stack import IMAGE, Stack, inspected, run, running, until

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
