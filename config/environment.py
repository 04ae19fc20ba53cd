"""The environment variables of the fleet; nothing else reads them.

``TRADEFLEET_CONFIG`` and ``TRADEFLEET_DATABASE`` stand for the options of the same name. Any key of fleet.yaml is
overridden by ``TRADEFLEET_`` and its path with two underscores between the parts, such as
``TRADEFLEET_SUPERVISION__TRADERS=4`` or ``TRADEFLEET_EXCHANGES__BINANCE__BASE_URL=http://127.0.0.1:8000/binance``.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from domain.secrets import is_secret
from domain.text import is_text

PREFIX = "TRADEFLEET_"
CONFIG, DATABASE = f"{PREFIX}CONFIG", f"{PREFIX}DATABASE"
OPTIONS = (CONFIG, DATABASE)


def directory() -> str:
    """The folder of the configuration: TRADEFLEET_CONFIG, else config."""
    return os.environ.get(CONFIG) or "config"


def database() -> str | None:
    """The database: TRADEFLEET_DATABASE, else None."""
    return os.environ.get(DATABASE) or None


def origin(text: str) -> str | None:
    """The variable that stands for an option and holds this text, None where none does."""
    return next((name for name in OPTIONS if os.environ.get(name) == text), None)


def overrides(environ: Mapping[str, str] | None = None) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Path of the key, value and name of every variable that overrides fleet.yaml."""
    for name, value in sorted((os.environ if environ is None else environ).items()):
        if name.startswith(PREFIX) and name not in OPTIONS:
            yield tuple(name.removeprefix(PREFIX).lower().split("__")), value, name


def unreadable() -> Iterator[str]:
    """The variables of the fleet that are no text."""
    return (f"${name}" for name, value in os.environ.items() if name.startswith(PREFIX) and not is_text(name + value))


def secrets() -> Iterator[str]:
    """The values of all variables whose names are a secret's: nothing this process says may repeat them. What is there
    as a file or folder (PWD, SSH_AUTH_SOCK) is none.
    """
    named = (value for name, value in os.environ.items() if is_secret(name.replace("_", " ").lower()))
    return (value for value in named if not (value.startswith("/") and os.path.lexists(value)))


def child(config: Path, path: Path, **replaced: str) -> dict[str, str]:
    """The environment of a child process: ours, with this configuration, this database and these overrides."""
    own = {CONFIG: str(config), DATABASE: str(path)}
    return {**os.environ, **own, **{f"{PREFIX}{key}".upper(): value for key, value in replaced.items()}}
