"""The Docker engine: the containers of a Compose project, found by the labels that Compose gives them.

Which project is this folder's is not guessed from its name: the labels of what runs say where it was started. What the
workers do is asked inside one of them, of the database: nothing in a container gets the engine's socket.
"""

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import docker
from docker.context import ContextAPI
from docker.errors import DockerException, NotFound
from docker.models.containers import Container

from config import compose
from domain.errors import ConfigError, Unavailable
from runtime.output import width_of

PROJECT, SERVICE, NUMBER, FOLDER, FILES = (
    f"com.docker.compose.{name}"
    for name in ("project", "service", "container-number", "project.working_dir", "project.config_files")
)
FLEETS = (("backfiller", "trader"), ("demo-backfiller", "demo-trader"))  # the workers of each database
WORKERS = frozenset(service for fleet in FLEETS for service in fleet)
ENGINE = "the Docker engine (is it running, and may you use it?)"
SOCKET = Path("/var/run/docker.sock")  # where an engine is that nothing names
STATUSES = {0, 1, 2}
Labels = Mapping[str, str]
Summary = Mapping[str, Any]  # a container in the engine's list: Id, Labels, Mounts


class CommandOutput(NamedTuple):
    """What a command inside a container has printed, and its exit status."""

    status: int
    output: str
    errors: str


@contextmanager
def answering(what: str) -> Iterator[None]:
    """Whatever the engine refuses in the block is Unavailable: it is down, or a container is gone or being replaced."""
    try:
        yield
    except DockerException as error:
        raise Unavailable(f"{what} does not answer: {error}") from error


def running() -> list[Summary]:
    """Every running container that Compose has started; none where this machine has no engine. Raises Unavailable."""
    if _nowhere():
        return []
    with answering(ENGINE):
        found: list[Summary] = _client().api.containers(filters={"label": PROJECT})
    return found


def containers(name: str | None) -> list[Container]:
    """The running containers of a project, of this folder's without a name, by service and number.

    Raises Unavailable; ConfigError where none runs or several do.
    """
    found = running()
    names = {name} if name else ours(found)
    if len(names) > 1:
        raise ConfigError(f"several projects of this folder run: say which with --project: {', '.join(sorted(names))}")
    wanted = [each["Id"] for each in found if each["Labels"][PROJECT] in names]
    with answering(ENGINE):
        client = _client()
        present = [container for one in wanted if (container := _present(client, one))]
    if not present:
        raise ConfigError(_none(name, found))
    return sorted(present, key=lambda each: (each.labels.get(SERVICE, ""), int(each.labels.get(NUMBER, 0))))


def ours(found: Sequence[Summary]) -> set[str]:
    """The projects of this folder: the one that the environment names, else those that were started from here.

    Containers that do not say where they were started count by their project's name.
    """
    here, name = Path.cwd(), compose.named()
    if name:
        return {name}
    place, usual = compose.folder(here), compose.usual(here)
    return {each["Labels"][PROJECT] for each in found if _started_here(each["Labels"], place, usual)}


def workers(found: Sequence[Container], services: Collection[str]) -> list[Container]:
    """Those that run one of these services."""
    return [each for each in found if each.labels.get(SERVICE) in services]


def run(container: Container, words: Sequence[str]) -> CommandOutput:
    """Run a command in a container to its end. Raises Unavailable where the container is gone or is being replaced."""
    columns = width_of(sys.stdout)
    width = {"COLUMNS": str(columns)} if columns else {}
    with answering(container.name):
        status, (output, errors) = container.exec_run(list(words), demux=True, environment=width)
    result = status if status in STATUSES else 1  # killed, or cut off
    return CommandOutput(result, (output or b"").decode(errors="replace"), (errors or b"").decode(errors="replace"))


def first_output(found: Sequence[Container], words: Sequence[str]) -> CommandOutput:
    """What a command prints in the first of some containers that lets it run: one may hang or be on its way out."""
    for container in found[:-1]:
        with suppress(Unavailable):
            return run(container, words)
    return run(found[-1], words)


def _client() -> docker.DockerClient:
    """A client of the engine that `docker` itself would speak to: DOCKER_HOST, else the context's.

    Raises ConfigError for a context that is not there; the library would take the engine of this machine instead.
    """
    if not compose.docker_host() and ContextAPI.get_context(compose.docker_context()) is None:
        raise ConfigError(
            "the Docker context that is chosen does not exist: see DOCKER_CONTEXT and `docker context ls`"
        )
    return docker.from_env(use_ssh_client=True)


def _nowhere() -> bool:
    """Whether nothing names an engine and none is where it usually is."""
    named = compose.docker_host() or compose.docker_context()
    return not named and not SOCKET.exists() and ContextAPI.get_context() is ContextAPI.DEFAULT_CONTEXT


def _started_here(labels: Labels, place: Path, usual: str) -> bool:
    """Whether Compose has started a container from this folder."""
    if FOLDER in labels:
        return Path(labels[FOLDER]).resolve() == place
    return labels[PROJECT] == usual


def _present(client: docker.DockerClient, one: str) -> Container | None:
    """A container, None where it is gone by now."""
    with suppress(NotFound):
        return client.containers.get(one)
    return None


def _none(name: str | None, found: Sequence[Summary]) -> str:
    """That nothing runs, with what to do about it."""
    others = {f"{each['Labels'][PROJECT]} (from {each['Labels'].get(FOLDER, '?')})" for each in found}
    what = f"the project {name}" if name else f"a project of {compose.folder(Path.cwd())}"
    running_too = f"; with --project you may name: {', '.join(sorted(others))}" if others else ""
    return f"no containers of {what} run: `docker compose up -d` starts them{running_too}"
