"""What Docker Compose goes by in this folder: its variables, its `.env` file, and where its files are."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from domain.small_files import Unfit, beginning

NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
LINE = re.compile(r"""^\s*(?:export\s+)?(COMPOSE_\w+)\s*=\s*["']?([^"'#\n]*?)["']?\s*(?:#.*)?$""", re.MULTILINE)


def folder(start: Path) -> Path:
    """The folder that Compose takes for a project's own when it is called in `start`: that of the first file it reads.

    COMPOSE_FILE names it; else it is the nearest folder above that holds a Compose file, `start` where none does.
    """
    files = _said(start, "COMPOSE_FILE")
    if files:
        return (start / files.split(os.environ.get("COMPOSE_PATH_SEPARATOR", os.pathsep))[0]).resolve().parent
    above = (start.resolve(), *start.resolve().parents)
    return next((each for each in above if any((each / name).is_file() for name in NAMES)), above[0])


def named() -> str | None:
    """The project that the environment names: COMPOSE_PROJECT_NAME, else None."""
    name = os.environ.get("COMPOSE_PROJECT_NAME")
    return _normal(name) if name else None


def usual(start: Path) -> str:
    """The project's name where only `.env` or the folder gives it."""
    place = folder(start)
    return _normal(_said(place, "COMPOSE_PROJECT_NAME") or place.name)


def docker_context() -> str | None:
    """The context of Docker that the environment names."""
    return os.environ.get("DOCKER_CONTEXT") or None


def docker_host() -> str | None:
    """The Docker engine that the environment names; it comes before any context."""
    return os.environ.get("DOCKER_HOST") or None


def _normal(name: str) -> str:
    """A name as Compose writes it into labels."""
    return re.sub("[^a-z0-9_-]", "", name.lower()).lstrip("-_")


def _said(place: Path, variable: str) -> str | None:
    """A variable of the environment, else of the file `.env` in a folder."""
    return os.environ.get(variable) or _dotenv(place).get(variable)


def _dotenv(place: Path) -> Mapping[str, str]:
    """What `.env` says of Compose; nothing where there is none."""
    try:
        return dict(LINE.findall(beginning(place / ".env").decode("utf-8", errors="replace")))
    except (OSError, Unfit):
        return {}
