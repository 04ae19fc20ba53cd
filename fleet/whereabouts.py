"""Where the workers of a fleet live: in the database of this machine, in the containers of this folder, or nowhere."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from db import identity, workers
from db.connection import connect_readonly
from domain.errors import ConfigError, FleetError, Unavailable
from domain.file_errors import translated
from runtime import clock
from runtime.command import located

INSIDE = Path("/data/trading.db")  # a container's database


class Here(NamedTuple):
    """The database of this machine (None where its place is not to be read), how many workers live in it, and why that
    could not be looked up.
    """

    path: Path | None
    exists: bool = False
    living: int = 0
    trouble: str | None = None

    @property
    def may_live(self) -> bool:
        """Whether workers live in it, or it cannot be told."""
        return self.exists and bool(self.living or self.trouble)


class There(NamedTuple):
    """The projects of this folder whose workers run in containers on a database of their own, or why none was seen."""

    projects: Sequence[str] = ()
    trouble: str | None = None


class Choice(NamedTuple):
    """Where a verb acts: in a project, here without one. `unsure`: nobody lives here, and an engine did not answer."""

    notes: Sequence[str]
    project: str | None = None
    unsure: bool = False


def here(options: argparse.Namespace) -> Here:
    """Look into the database of the options."""
    try:
        path, _ = located(options)
    except ConfigError as error:
        return Here(None, trouble=str(error))
    try:
        with translated():
            if not path.is_file():
                return Here(path)
    except FleetError as error:
        return Here(path, trouble=str(error))
    try:
        with connect_readonly(path) as db:
            return Here(path, True, len(workers.living(db, clock.now_ms())))
    except FleetError as error:
        return Here(path, True, trouble=str(error))


def there(here: Here) -> There:
    """Ask the engine. Containers that write the very file of this machine are no other fleet."""
    from fleet import engine  # noqa: PLC0415  brings docker, which costs a look where the database was named

    try:
        found = engine.running()
    except FleetError as error:
        return There(trouble=str(error))
    ours = engine.ours(found)
    working = [each for each in found if each["Labels"].get(engine.SERVICE) in engine.WORKERS]
    apart = [each for each in working if not shares(each, here.path)]
    return There(sorted({each["Labels"][engine.PROJECT] for each in apart} & ours))


def shares(container: Any, path: Path | None) -> bool:
    """Whether a container (as the engine lists it) has this file of ours as its database: its folder is mounted."""
    if path is None:
        return False
    file, mounts = path.resolve(), [each for each in container.get("Mounts", ()) if each.get("Source")]
    above = [each for each in mounts if file.is_relative_to(Path(each["Source"]).resolve())]
    return any(Path(each["Destination"]) / file.relative_to(Path(each["Source"]).resolve()) == INSIDE for each in above)


def choose(here: Here, there: There, *, changes: bool, makes: bool = False, followed: bool = True) -> Choice:
    """Where a verb acts; one that `makes` the database acts here also where that is missing. What it changes is
    `followed` by workers, or is about the file only. Raises ConfigError where it could mean two fleets, Unavailable
    where none is to be seen.
    """
    names = " and ".join(there.projects)
    if here.living and there.projects and changes:
        raise ConfigError(
            f"workers live in {here.path} and in the containers of the project {names}: nothing was done. Say which "
            f"fleet is meant with --database {here.path} or --project {there.projects[0]}"
        )
    if here.living:
        more = f"; others live in the containers of the project {names} (--project)" if names else ""
        count = "lives 1 worker" if here.living == 1 else f"live {here.living} workers"
        return Choice([f"in {here.path} {count}{more}"])
    if len(there.projects) > 1:
        raise ConfigError(f"workers live in the containers of the projects {names}: say which with --project NAME")
    if there.projects:
        return Choice([f"{_absent(here)}: asking the containers of the project {names}"], there.projects[0])
    if makes and here.path and not here.exists:
        notes = [f"{here.path} does not exist: it is made", *([unknown(there)] if there.trouble else [])]
        return Choice(notes, unsure=there.trouble is not None)
    return _nobody(here, there, changes=changes, followed=followed)


def unknown(there: There) -> str:
    """That containers may run unseen."""
    return f"whether containers of this folder run is not known: {there.trouble}"


def _absent(here: Here) -> str:
    """Why a verb does not act here."""
    if not here.exists:
        return "there is no database here" if here.path else f"the database here is not known ({here.trouble})"
    return f"{here.path} cannot be read ({here.trouble})" if here.trouble else f"no worker lives in {here.path}"


def _nobody(here: Here, there: There, *, changes: bool, followed: bool) -> Choice:
    """Where nobody lives as far as is known, the database of this machine is meant."""
    if here.exists:
        effect = ": nobody follows it until one starts" if changes else ""
        notes = [f"no worker lives in {here.path}{effect}"] * followed + [unknown(there)] * bool(there.trouble)
        return Choice(notes, unsure=changes and there.trouble is not None)
    if there.trouble and here.path:
        raise Unavailable(f"{_absent(here)}, and {unknown(there)}")
    if here.path:
        identity.refuse_gone(here.path)
    raise ConfigError(
        here.trouble
        or f"there is no fleet here: {here.path} does not exist (`fleet up` makes it, --database FILE names another), "
        "and no containers of this folder run (`docker compose up -d`; --project NAME names others)"
    )
