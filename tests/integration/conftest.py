"""What several files of integration tests use."""

import pytest

from fleet import cli


@pytest.fixture
def imports(tmp_path):
    """Runs `fleet import` on a configuration of its own, beside which trading.db is made."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "fleet.yaml").write_text("any_filesystem: true\n")

    def run(*words):
        common = ["--config", str(tmp_path / "config"), "--database", str(tmp_path / "trading.db")]
        return cli.main(["import", *common, *map(str, words)])

    return run
