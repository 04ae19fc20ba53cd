"""The fleet's containers, seen from the host through the Docker engine: ps, scale, restart, logs.

Containers are found by the labels that Compose gives them. What a replica holds is read inside one of them, from the
database: nothing in a container gets the engine's socket.
"""

import argparse
import json
import shutil
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docker
from docker.errors import DockerException
from docker.models.containers import Container

from domain.errors import ConfigError, Unavailable
from fleet import render

PROJECT, SERVICE, NUMBER = (f"com.docker.compose.{name}" for name in ("project", "service", "container-number"))
WORKERS = ("backfiller", "trader", "demo-backfiller", "demo-trader")
ID = 12  # characters of a container's id that are its host name
MEGABYTE = 1 << 20


def ps(options: argparse.Namespace) -> int:
    """Print every container with what it does: replica, strategies, heartbeat, memory, restarts."""
    found = _containers(options.project)
    inside = _inside(found)
    with ThreadPoolExecutor(8) as threads:  # the engine takes a second for each
        rows = list(threads.map(lambda each: _row(each, inside), found))
    render.listing(rows, options.format, title=options.project)
    return 0 if rows else 1


def restart(options: argparse.Namespace) -> int:
    """Restart the workers one after the other, so that the others carry on."""
    for container in _containers(options.project):
        if container.labels[SERVICE] in WORKERS:
            container.restart(timeout=15)
            print(f"{container.name} restarted")
    return 0


def logs(options: argparse.Namespace) -> int:
    """Print the logs of the container that holds a strategy."""
    found = _containers(options.project)
    held = {strategy_id: host for host, held in _inside(found).items() for strategy_id in held["strategies"]}
    host = held.get(options.strategy)
    container = next((each for each in found if host and each.id.startswith(host)), None)
    if container is None:
        raise Unavailable(f"no container holds {options.strategy}; held are: {', '.join(sorted(held)) or 'none'}")
    for line in container.logs(stream=True, follow=options.follow, tail=options.tail):
        print(line.decode(errors="replace"), end="")
    return 0


def scale(options: argparse.Namespace) -> int:
    """Run so many replicas of the trader; Compose does it, with the file that is here."""
    service = "demo-trader" if options.demo else "trader"
    profile = ["--profile", "demo"] if options.demo else []
    words = [
        *_compose(),
        "-p",
        options.project,
        *profile,
        "up",
        "-d",
        "--no-recreate",
        "--scale",
        f"{service}={options.replicas}",
        service,
    ]
    return 1 if subprocess.run(words, check=False).returncode else 0  # noqa: S603  words of ours


def project() -> str:
    """What Compose calls the fleet of this folder."""
    return "".join(sign for sign in Path.cwd().name.lower() if sign.isalnum() or sign in "-_")


def _compose() -> list[str]:
    """Compose, by itself or as the plugin of Docker. Raises Unavailable."""
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    if shutil.which("docker"):
        return ["docker", "compose"]
    raise Unavailable("neither docker-compose nor docker is on the PATH: install Docker with Compose")


def _containers(name: str) -> list[Container]:
    """The running containers of a project, by service and number. Raises Unavailable, ConfigError."""
    try:
        found = docker.from_env().containers.list(filters={"label": f"{PROJECT}={name}"})
    except DockerException as error:
        raise Unavailable(f"the Docker engine does not answer: {error}. Is it running, and may you use it?") from error
    if not found:
        raise ConfigError(f"no containers of the project {name} run: `docker compose up -d`, or name it with --project")
    return sorted(found, key=lambda each: (each.labels.get(SERVICE, ""), int(each.labels.get(NUMBER, 0))))


def _inside(found: list[Container]) -> dict[str, dict[str, Any]]:
    """What the workers say of themselves, by host: asked of the first one that answers."""
    for container in found:
        if container.labels.get(SERVICE) in WORKERS:
            answer = container.exec_run(["fleet", "status", "--format", "json"], demux=True)
            if answer.output[0]:
                return _by_host(json.loads(answer.output[0]))
    return {}


def _by_host(rows: list[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Heartbeat and strategies of every worker."""
    workers = {row["worker_id"]: row for row in rows if row["section"] == "workers"}
    found = {
        row["host"]: {"beat_ms": row["beat_ms"], "state": row["state"], "strategies": []} for row in workers.values()
    }
    for row in rows:
        if row["section"] == "strategies" and row["trader"] in workers:
            found[workers[row["trader"]]["host"]]["strategies"].append(row["strategy_id"])
    return found


def _row(container: Container, inside: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """One container."""
    told = inside.get(container.id[:ID], {})
    memory = container.stats(stream=False).get("memory_stats", {}).get("usage", 0)
    return {
        "container": container.name,
        "service": container.labels.get(SERVICE),
        "replica": int(container.labels.get(NUMBER, 0)),
        "status": container.attrs["State"].get("Health", {}).get("Status", container.status),
        "strategies": ", ".join(told.get("strategies", [])),
        "heartbeat": told.get("state"),
        "memory_mb": round(memory / MEGABYTE, 1),
        "restarts": container.attrs.get("RestartCount", 0),
    }
