"""The fleet's containers, seen from the host: ps, scale, restart."""

import argparse
import json
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from docker.models.containers import Container

from domain.errors import ConfigError, Unavailable
from fleet import docker_engine, render
from fleet.docker_engine import FILES, FLEETS, FOLDER, NUMBER, PROJECT, SERVICE, WORKERS
from runtime.output import say

ID = 12  # characters of a container's id that are its host name
MEGABYTE = 1 << 20
PATIENCE = 60.0  # seconds until a restarted worker must have told that it lives
VALIDATE = ("fleet", "validate", "--offline")
WRONG = 2  # exit status of a verb that finds the configuration broken
HEALTH = ("python", "-m", "fleet.health")


def ps(options: argparse.Namespace) -> int:
    """Print every container with what it does: replica, strategies, heartbeat, memory, restarts."""
    found = docker_engine.containers(options.project)
    states = _worker_states(found)
    with ThreadPoolExecutor(8) as threads:  # the engine takes a second for each
        rows = list(threads.map(lambda each: _row(each, states), found))
    title, table, wide = found[0].labels[PROJECT], options.format == "table", options.all_columns
    listed = (
        [{name: each for name, each in row.items() if name != "why"} for row in rows] if table and not wide else rows
    )
    render.listing(listed, options.format, raw=options.raw, title=title, like="containers", all_columns=wide)
    lines = dict.fromkeys(row["why"] for row in rows if row["why"])
    render.problems([*lines] if table else [])
    return 0


def restart(options: argparse.Namespace) -> int:
    """Restart the workers one after the other, each once the one before lives again: the others carry on.

    Raises ConfigError, and ends nobody, where a worker would not start again under the files that it sees.
    """
    workers = docker_engine.workers(docker_engine.containers(options.project), WORKERS)
    for container in workers:
        _refuse_broken(container)
    for container in workers:
        _refuse_broken(container)  # a file may have been changed since
        with docker_engine.answering(container.name):
            container.restart(timeout=15)
        _await(container)
        say(f"{container.name} restarted")
    return 0


def scale(options: argparse.Namespace) -> int:
    """Run so many replicas of the trader in the project that runs; Compose does it, with the files it was started with.

    Raises ConfigError where none runs: traders alone would be no fleet, and under another name a second one.
    """
    services = FLEETS[1] if options.demo else FLEETS[0]
    found = docker_engine.workers(docker_engine.containers(options.project), services)
    if not found:
        raise ConfigError(
            f"no {' or '.join(services)} runs: `docker compose up -d` starts a fleet, `scale` changes one"
        )
    name, profile = found[0].labels[PROJECT], ["--profile", "demo"] if options.demo else []
    wanted = ["--scale", f"{services[1]}={options.replicas}", *services]
    words = [*_compose(), "-p", name, *_files(found[0].labels), *profile, "up", "-d", "--no-recreate", *wanted]
    status = subprocess.run(words, check=False).returncode  # noqa: S603  words of ours, and paths that Compose wrote
    if status == 0:
        say(f"project {name}: {options.replicas} of {services[1]}")
    return 1 if status else 0


def _files(labels: Mapping[str, str]) -> list[str]:
    """The Compose files that a project was started with, as options. Raises ConfigError where one is gone."""
    place = Path(labels.get(FOLDER, "."))
    files = [place / each for each in labels.get(FILES, "").split(",") if each]
    missing = [str(each) for each in files if not each.is_file()]
    if missing:
        raise ConfigError(f"it was started with {', '.join(missing)}, which is not here: scale it where that is")
    return ["--project-directory", str(place), *(word for each in files for word in ("-f", str(each)))] if files else []


def _refuse_broken(container: Container) -> None:
    """Raise ConfigError where the configuration that a container sees is broken."""
    answer = docker_engine.run(container, VALIDATE)
    if answer.status == WRONG:
        raise ConfigError(f"{container.name} was not restarted: it would not start again\n{answer.errors.strip()}")


def _compose() -> list[str]:
    """Compose, by itself or as the plugin of Docker. Raises Unavailable."""
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    if shutil.which("docker"):
        return ["docker", "compose"]
    raise Unavailable("neither docker-compose nor docker is on the PATH: install Docker with Compose")


def _await(container: Container) -> None:
    """Wait until a worker tells that it lives. Raises Unavailable where it does not."""
    end = time.monotonic() + PATIENCE
    while docker_engine.run(container, HEALTH).status:
        if time.monotonic() > end:
            raise Unavailable(
                f"{container.name} has not come back in {PATIENCE:g} s: see `docker logs {container.name}`"
            )
        time.sleep(1)


def _worker_states(found: list[Container]) -> dict[str, dict[str, Any]]:
    """What the workers say of themselves, by host: asked of the first of each fleet that answers."""
    return {host: state for services in FLEETS for host, state in _asked(docker_engine.workers(found, services))}


def _asked(workers: list[Container]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the workers of one fleet say."""
    for container in workers:
        answer = docker_engine.run(container, ["fleet", "status", "--format", "json"])
        if answer.output:
            yield from _by_host(json.loads(answer.output)).items()
            return


def _by_host(rows: list[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Heartbeat and strategies of every worker."""
    workers = {row["worker_id"]: row for row in rows if row["section"] == "workers"}
    found: dict[str, dict[str, Any]] = {
        row["host"]: {**{name: row.get(name) for name in ("beat_ms", "state", "why")}, "strategies": []}
        for row in workers.values()
    }
    for row in rows:
        if row["section"] == "strategies" and row["trader"] in workers:
            found[workers[row["trader"]]["host"]]["strategies"].append(row["strategy_id"])
    return found


def _row(container: Container, inside: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """One container."""
    state = inside.get(container.id[:ID], {})
    with docker_engine.answering(container.name):
        stats = container.stats(stream=False)
    return {
        "container": container.name,
        "service": container.labels.get(SERVICE),
        "replica": int(container.labels.get(NUMBER, 0)),
        "status": container.attrs["State"].get("Health", {}).get("Status", container.status),
        "strategies": ", ".join(state.get("strategies", [])),
        "heartbeat": state.get("state"),
        "memory_mb": _memory(stats.get("memory_stats", {})),
        "restarts": container.attrs.get("RestartCount", 0),
        "why": state.get("why"),
    }


def _memory(stats: Mapping[str, Any]) -> float:
    """Megabytes that a container needs, as `docker stats` counts: without the file cache that can be given back."""
    detail = stats.get("stats", {})
    cache = detail.get("total_inactive_file", detail.get("inactive_file", 0))  # cgroup v1, v2
    return round(float(stats.get("usage", 0) - cache) / MEGABYTE, 1)
