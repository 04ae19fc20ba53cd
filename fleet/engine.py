"""The Docker engine: the containers of a Compose project, found by the labels that Compose gives them.

What they do is asked inside one of them, of the database: nothing in a container gets the engine's socket.
"""

import re
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import docker
from docker.errors import DockerException
from docker.models.containers import Container

from config import environment
from domain.errors import ConfigError, Unavailable

PROJECT, SERVICE, NUMBER = (f"com.docker.compose.{name}" for name in ("project", "service", "container-number"))
FLEETS = (("backfiller", "trader"), ("demo-backfiller", "demo-trader"))  # the workers of each database
WORKERS = frozenset(service for fleet in FLEETS for service in fleet)


class Answer(NamedTuple):
    """What a command inside a container has printed, and its exit status."""

    status: int
    output: str
    errors: str


def project() -> str:
    """What Compose calls the fleet of this folder."""
    name = environment.compose_project() or Path.cwd().name
    return re.sub("[^a-z0-9_-]", "", name.lower()).lstrip("-_")


@contextmanager
def answering(what: str) -> Iterator[None]:
    """Whatever the engine refuses in the block is Unavailable: it is down, or a container is gone or being replaced."""
    try:
        yield
    except DockerException as error:
        raise Unavailable(f"{what} does not answer: {error}") from error


def containers(name: str) -> list[Container]:
    """The running containers of a project, by service and number. Raises Unavailable, ConfigError."""
    with answering("the Docker engine (is it running, and may you use it?)"):
        found = docker.from_env().containers.list(filters={"label": f"{PROJECT}={name}"})
    if not found:
        raise ConfigError(f"no containers of the project {name} run: `docker compose up -d`, or name it with --project")
    return sorted(found, key=lambda each: (each.labels.get(SERVICE, ""), int(each.labels.get(NUMBER, 0))))


def workers(found: Sequence[Container], services: Collection[str]) -> list[Container]:
    """Those that run one of these services."""
    return [each for each in found if each.labels.get(SERVICE) in services]


def run(container: Container, words: Sequence[str]) -> Answer:
    """Run a command in a container to its end. Raises Unavailable where the container is gone or is being replaced."""
    width = {"COLUMNS": str(shutil.get_terminal_size().columns)}
    with answering(container.name):
        status, (output, errors) = container.exec_run(list(words), demux=True, environment=width)
    return Answer(status, (output or b"").decode(errors="replace"), (errors or b"").decode(errors="replace"))
