"""Whether what `meta` says of a database is what a fleet writes there: each fact by its key."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from db.fleet import configurations
from db.sqlite import identity, library
from db.sqlite.dialect import statements
from domain import clock_text
from domain.errors import ConfigError
from domain.small_files import Unfit

ENVIRONMENTS = ("real", "simulated")


def _matching(pattern: str) -> Callable[[str], object]:
    """Raises Unfit for a text that does not match."""

    def check(text: str) -> None:
        if not re.fullmatch(pattern, text):
            raise Unfit(0, "is none")

    return check


def _runs(text: str) -> None:
    """Raises Unfit for what is no clock, or one that stands still."""
    if not clock_text.parse(text).speed:
        raise Unfit(0, "stands still")


MOMENT = _matching(r"[0-9]{1,15}")
CHECKS: Mapping[str, Callable[[str], object]] = {
    "environment": _matching("|".join(ENVIRONMENTS)),
    "fleet_id": _matching(identity.ID.pattern),
    "clock": _runs,
    configurations.AGREED: configurations.parsed,
    identity.COPIED: MOMENT,
    "backup_ms": MOMENT,
}


def refuse_unfit(connection: library.Connection, file: Path, version: int) -> None:
    """Raise ConfigError where the facts of a file are none that a fleet of this `version` of the schema writes: nothing
    would start on it.
    """
    found = dict(connection.rows(statements()["meta_all"]))
    for key, text in found.items():
        try:
            CHECKS.get(key, str)(text)
        except Unfit as error:
            raise ConfigError(f"{file} is no sound backup: its {key} in `meta` {error}") from error
    if found.get("schema_version") != str(version):
        raise ConfigError(f"{file} is no sound backup: its schema is {version}, `meta` does not say so")
