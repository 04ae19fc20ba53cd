"""Verbs that look at a fleet or steer it act where workers live: on this machine, or in containers of this folder."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial

from domain.errors import ConfigError, FleetError, Unavailable
from domain.file_errors import translated
from fleet import fleet_location
from fleet.fleet_location import ChosenFleet
from runtime import command
from runtime.output import say, warn

Run = Callable[[argparse.Namespace], int]


def common(parser: argparse.ArgumentParser) -> None:
    """Add what names a fleet: files of this machine, or a project in containers."""
    command.common(parser)
    _project(parser.add_argument_group("a fleet in containers (found by itself where its workers live)"))


def in_container_if_remote(run: Run, *, changes: bool = False, makes: bool = False, followed: bool = True) -> Run:
    """A verb that is carried out where the workers live: here, or by itself inside a container of the fleet.

    One that `changes` something is refused where workers live in both; one that `makes` the database needs none.
    What is not `followed` by workers is about the file only.
    """

    def carried_out(options: argparse.Namespace) -> int:
        if options.project or options.demo:
            return _in_container(options.project, options)
        if options.database is not None:
            return run(options)
        local = fleet_location.local(options)
        remote = fleet_location.remote(local)
        choice = fleet_location.choose(local, remote, changes=changes, makes=makes, followed=followed)
        return _chosen(run, options, choice)

    return carried_out


def everywhere(run: Run) -> Run:
    """A verb that is carried out wherever workers live, here and in containers: here first, before anything is asked of
    an engine. What fails in one place does not hold up the other.
    """

    def carried_out(options: argparse.Namespace) -> int:
        if options.project or options.demo or options.database is not None:
            return in_container_if_remote(run)(options)
        local = fleet_location.local(options)
        if local.living:
            warn(fleet_location.living(local))
        statuses = [_attempted(run, options)] if local.may_live else []
        remote = fleet_location.remote(local)
        if not statuses and len(remote.projects) <= 1:
            return _chosen(run, options, fleet_location.choose(local, remote, changes=True))
        if remote.trouble:
            warn(fleet_location.unknown(remote))
        for name in remote.projects:
            warn(f"asking the containers of the project {name}")
            statuses.append(_attempted(partial(_in_container, name), options))
        return max(statuses)

    return carried_out


def local_only(run: Run) -> Run:
    """A verb that reads files of this machine: refused where the fleet lives in containers, out of its reach."""

    def carried_out(options: argparse.Namespace) -> int:
        local = fleet_location.local(options)
        looks = options.database is None and not local.living
        if looks and (projects := fleet_location.remote(local).projects):
            raise ConfigError(
                f"this folder's fleet lives in the containers of the project {projects[0]}, whose database this does "
                'not reach. Use `docker compose run --rm -v "$PWD:/in:ro" backfiller fleet import /in/FILE`, or name '
                "the database of this machine with --database"
            )
        return run(options)

    return carried_out


def _chosen(run: Run, options: argparse.Namespace, choice: ChosenFleet) -> int:
    """Carry the verb out where that was chosen, and say where."""
    for note in choice.notes:
        warn(note)
    if choice.project is not None:
        return _in_container(choice.project, options)
    return run(options) or int(choice.unsure)


def _attempted(run: Run, options: argparse.Namespace) -> int:
    """The exit status of a verb; what went wrong is told."""
    try:
        with translated():
            return run(options)
    except FleetError as error:
        warn(error)
        return 2 if isinstance(error, ConfigError) else 1


def _project(group: "argparse._ActionsContainer") -> None:
    group.add_argument("--project", metavar="NAME", help="Compose's name of the fleet to look into")
    group.add_argument("--demo", action="store_true", help="its demo, where it runs both")


def _in_container(name: str | None, options: argparse.Namespace) -> int:
    """Carry the verb out in a worker of a project, of this folder's without a name; print what it prints."""
    from fleet import docker_engine  # noqa: PLC0415  brings docker, which nobody needs whose database was named

    named = options.project or options.demo
    if named and any(word.startswith(("--database", "--config")) for word in options.words):
        raise ConfigError(
            "--config and --database name files of this machine: leave them out with --project and --demo"
        )
    found = docker_engine.containers(name)
    fleets = docker_engine.FLEETS[1:] if options.demo else docker_engine.FLEETS
    workers = [each for services in fleets for each in docker_engine.workers(found, services)]
    if not workers:
        raise Unavailable(f"no worker of {'the demo' if options.demo else name or 'this folder'} runs: see `fleet ps`")
    answer = docker_engine.first_output(workers, ["fleet", *_rest(options.words)])
    say(answer.output, end="")
    warn(answer.errors, end="")
    return answer.status


def _rest(words: Sequence[str]) -> list[str]:
    """The command without what names a fleet of this machine or a project."""
    parser = argparse.ArgumentParser(add_help=False)
    _project(parser)
    parser.add_argument("--config")
    return parser.parse_known_args(words)[1]
