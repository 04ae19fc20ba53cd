"""Where the workers of a fleet live: in the database of this machine, in the containers of this folder, or nowhere."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from db import opened
from db.fleet import workers
from db.sqlite import identity
from domain.errors import ConfigError, FleetError, Unavailable
from domain.file_errors import translated
from domain.text import counted
from runtime import clock
from runtime.command import located

INSIDE = Path("/data/trading.db")  # a container's database


class LocalFleet(NamedTuple):
    """The fleet on this machine: the file of its database (None where its place is not to be read), how many workers
    live in it, and why that could not be looked up.
    """

    path: Path | None
    exists: bool = False
    living: int = 0
    trouble: str | None = None

    @property
    def may_live(self) -> bool:
        """Whether workers live in it, or it cannot be told."""
        return self.exists and bool(self.living or self.trouble)


class RemoteFleets(NamedTuple):
    """The fleets of this folder that run in containers, on databases of their own: their Compose projects, or why none
    was seen.
    """

    projects: Sequence[str] = ()
    trouble: str | None = None


class ChosenFleet(NamedTuple):
    """Where a verb acts: in a project, here without one. `unsure`: nobody lives here, and an engine did not answer."""

    notes: Sequence[str]
    project: str | None = None
    unsure: bool = False


def local(options: argparse.Namespace) -> LocalFleet:
    """Look into the database of the options."""
    try:
        path, _ = located(options)
    except ConfigError as error:
        return LocalFleet(None, trouble=str(error))
    try:
        with translated():
            if not path.is_file():
                return LocalFleet(path)
    except FleetError as error:
        return LocalFleet(path, trouble=str(error))
    try:
        with opened(path, read_only=True) as db:
            return LocalFleet(path, True, len(workers.living(db, clock.now_ms())))
    except FleetError as error:
        return LocalFleet(path, True, trouble=str(error))


def remote(local: LocalFleet) -> RemoteFleets:
    """Ask the engine. Containers that write the very file of this machine are no other fleet."""
    from fleet import docker_engine  # noqa: PLC0415  brings docker, which costs a look where the database was named

    try:
        found = docker_engine.running()
    except FleetError as error:
        return RemoteFleets(trouble=str(error))
    ours = docker_engine.ours(found)
    working = [each for each in found if each["Labels"].get(docker_engine.SERVICE) in docker_engine.WORKERS]
    apart = [each for each in working if not shares(each, local.path)]
    return RemoteFleets(sorted({each["Labels"][docker_engine.PROJECT] for each in apart} & ours))


def shares(container: Any, path: Path | None) -> bool:
    """Whether a container (as the engine lists it) has this file of ours as its database: its folder is mounted."""
    if path is None:
        return False
    file, mounts = path.resolve(), [each for each in container.get("Mounts", ()) if each.get("Source")]
    above = [each for each in mounts if file.is_relative_to(Path(each["Source"]).resolve())]
    return any(Path(each["Destination"]) / file.relative_to(Path(each["Source"]).resolve()) == INSIDE for each in above)


def choose(
    local: LocalFleet, remote: RemoteFleets, *, changes: bool, makes: bool = False, followed: bool = True
) -> ChosenFleet:
    """Where a verb acts; one that `makes` the database acts here also where that is missing. What it changes is
    `followed` by workers, or is about the file only. Raises ConfigError where it could mean two fleets, Unavailable
    where none is to be seen.
    """
    names = " and ".join(remote.projects)
    if local.living and remote.projects and changes:
        raise ConfigError(
            f"workers live in {local.path} and in the containers of the project {names}: nothing was done. Say which "
            f"fleet is meant with --database {local.path} or --project {remote.projects[0]}"
        )
    if local.living:
        more = f"; others live in the containers of the project {names} (--project)" if names else ""
        return ChosenFleet([f"{living(local)}{more}"])
    if len(remote.projects) > 1:
        raise ConfigError(f"workers live in the containers of the projects {names}: say which with --project NAME")
    if remote.projects:
        return ChosenFleet([f"{_absent(local)}: asking the containers of the project {names}"], remote.projects[0])
    if makes and local.path and not local.exists:
        notes = [f"{local.path} does not exist: it is made", *([unknown(remote)] if remote.trouble else [])]
        return ChosenFleet(notes, unsure=remote.trouble is not None)
    return _nobody(local, remote, changes=changes, followed=followed)


def living(local: LocalFleet) -> str:
    """How many workers live here."""
    return f"in {local.path} {'lives' if local.living == 1 else 'live'} {counted(local.living, 'worker')}"


def unknown(remote: RemoteFleets) -> str:
    """That containers may run unseen."""
    return f"whether containers of this folder run is not known: {remote.trouble}"


def _absent(local: LocalFleet) -> str:
    """Why a verb does not act here."""
    if not local.exists:
        return "there is no database here" if local.path else f"the database here is not known ({local.trouble})"
    return f"{local.path} cannot be read ({local.trouble})" if local.trouble else f"no worker lives in {local.path}"


def _nobody(local: LocalFleet, remote: RemoteFleets, *, changes: bool, followed: bool) -> ChosenFleet:
    """Where nobody lives as far as is known, the database of this machine is meant."""
    if local.exists:
        effect = ": nobody follows it until one starts" if changes else ""
        notes = [f"no worker lives in {local.path}{effect}"] * followed + [unknown(remote)] * bool(remote.trouble)
        return ChosenFleet(notes, unsure=changes and remote.trouble is not None)
    if remote.trouble and local.path:
        raise Unavailable(f"{_absent(local)}, and {unknown(remote)}")
    if local.path:
        identity.refuse_gone(local.path)
    raise ConfigError(
        local.trouble
        or f"there is no fleet here: {local.path} does not exist (`fleet up` makes it, --database FILE names another), "
        "and no containers of this folder run (`docker compose up -d`; --project NAME names others)"
    )
