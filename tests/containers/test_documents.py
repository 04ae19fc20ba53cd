"""What the documents and `fleet VERB --help` show for containers is typed as it stands there, in one session.

The folder is one that `fleet init` has made, with a network that leads nowhere.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.containers.test_no_internet import NO_WAY_OUT
from tests.stack import COMPOSE, IMAGE
from tests.typed_fleet import IN_CONTAINERS

NAME = "tradefleettyped"


@pytest.fixture(scope="module")
def terminal(image, tmp_path_factory):
    """Types a line on a terminal in the folder; whatever it has started is gone in the end."""
    folder = tmp_path_factory.mktemp("typed")
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    files = os.pathsep.join(("docker-compose.yml", "inside.yml"))
    own = {"PATH": programs, "COMPOSE_PROJECT_NAME": NAME, "COMPOSE_FILE": files, "TRADEFLEET_IMAGE": IMAGE}

    def run(line):
        words = ["script", "-qec", line.replace("docker compose", shlex.join(COMPOSE)), "/dev/null"]
        env = {**os.environ, **own}
        return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=600)

    assert run("fleet init .").returncode == 0
    (folder / "inside.yml").write_text(NO_WAY_OUT)
    yield run
    run("docker compose --profile demo down -v --remove-orphans -t 15")


@pytest.mark.skipif(shutil.which("script") is None, reason="there is no script")
@pytest.mark.parametrize("line", IN_CONTAINERS)
def test_a_line_works_as_it_stands(terminal, line):
    """After those before it."""
    done = terminal(line)
    assert done.returncode == 0, done.stdout


def test_the_backup_came_out_whole(terminal):
    """Byte by byte, out of the container."""
    asked = "import sqlite3; print(sqlite3.connect('2025-06-01.db').execute('pragma integrity_check').fetchall())"
    assert "[('ok',)]" in terminal(f'python -c "{asked}"').stdout
