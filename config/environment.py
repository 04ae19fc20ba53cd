"""The environment variables of the fleet; nothing else reads them.

``TRADEFLEET_CONFIG`` and ``TRADEFLEET_DATABASE`` stand for the options of the same name, ``TRADEFLEET_IMAGE`` is read
by docker-compose.yml. Any other key of fleet.yaml is
overridden by ``TRADEFLEET_`` and its path with two underscores between the parts, such as
``TRADEFLEET_SUPERVISION__TRADERS=4`` or ``TRADEFLEET_EXCHANGES__BINANCE__BASE_URL=http://127.0.0.1:8000/binance``.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from domain.text import is_text

PREFIX = "TRADEFLEET_"
CONFIG, DATABASE = f"{PREFIX}CONFIG", f"{PREFIX}DATABASE"
OPTIONS = (CONFIG, DATABASE)
OTHERS = {*OPTIONS, f"{PREFIX}IMAGE"}  # no keys of fleet.yaml; the last is Compose's, and stands in the same shell
SECRET = re.compile(  # the whole words of which one is the end, or nearly: MY_API_KEY, PGPASSWORD, TOKEN_2
    r"(?i)(?:passw(?:or)?d|passphrase|secret|token|credentials?|mnemonic|(?:^|_)(?:pwd|pass|key|auth|bearer|cookie)"
    r"|apikey|pepper)s?(?:_?[a-z]?\d*|_id|_base64|_value)?$"
)
OPEN = {"PWD", "OLDPWD", "GPG_KEY"}  # folders, and the public key of whoever built Python


def directory() -> str:
    """The folder of the configuration: TRADEFLEET_CONFIG, else config."""
    return os.environ.get(CONFIG) or "config"


def database() -> str | None:
    """The database: TRADEFLEET_DATABASE, else None."""
    return os.environ.get(DATABASE) or None


def completing() -> str | None:
    """The line that a shell wants completed (argcomplete's script says so); None where a command was typed."""
    return os.environ.get("COMP_LINE") if "_ARGCOMPLETE" in os.environ else None


def origin(text: str) -> str | None:
    """The variable that stands for an option and holds this text, None where none does."""
    return next((name for name in OPTIONS if os.environ.get(name) == text), None)


def overrides(environ: Mapping[str, str] | None = None) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Path of the key, value and name of every variable that overrides fleet.yaml."""
    for name, value in sorted((os.environ if environ is None else environ).items()):
        if name.startswith(PREFIX) and name not in OTHERS:
            yield tuple(name.removeprefix(PREFIX).lower().split("__")), value, name


def columns() -> int | None:
    """How wide the terminal is, where COLUMNS says so: of a person, or of who shows what a container's process says."""
    text = os.environ.get("COLUMNS", "")
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,5}", text) else None


def unreadable() -> Iterator[str]:
    """The variables of the fleet that are no text."""
    return (f"${name}" for name, value in os.environ.items() if name.startswith(PREFIX) and not is_text(name + value))


def secrets() -> Iterator[str]:
    """The values of all variables whose names say that they are one: nothing this process says may repeat them. A path
    is none: what is told about files would have holes.
    """
    named = (value for name, value in os.environ.items() if _names_secret(name))
    return (value for value in named if not (Path(value).is_absolute() and os.path.lexists(value)))


def child(config: Path, path: Path, **replaced: str) -> dict[str, str]:
    """The environment of a child process: ours without its secrets, with this configuration, this database and these
    overrides. Traders run a user's Python, which has no business with them.
    """
    ours = {name: value for name, value in os.environ.items() if not _names_secret(name)}
    own = {CONFIG: str(config), DATABASE: str(path)}
    return {**ours, **own, **{f"{PREFIX}{key}".upper(): value for key, value in replaced.items()}}


def _names_secret(name: str) -> bool:
    """Whether a variable's name says that its value is a secret."""
    return SECRET.search(name) is not None and name not in OPEN
