"""Verbs that look at a fleet or steer it, wherever it runs: on this machine, or in the containers of this folder."""

import argparse
import sys
from collections.abc import Callable, Sequence

from domain.errors import ConfigError, FleetError, Unavailable
from runtime import command

Run = Callable[[argparse.Namespace], int]


def common(parser: argparse.ArgumentParser) -> None:
    """Add what names a fleet: files of this machine, or a project in containers."""
    command.common(parser)
    _project(parser.add_argument_group("a fleet in containers (found by itself where there is no database here)"))


def wherever(run: Run) -> Run:
    """A verb that is carried out here, or by itself inside a container of the fleet that runs there."""

    def carried_out(options: argparse.Namespace) -> int:
        name = options.project or (None if _here(options) else _running())
        return run(options) if name is None else _inside(name, options)

    return carried_out


def _project(group: "argparse._ActionsContainer") -> None:
    group.add_argument("--project", metavar="NAME", help="Compose's name of the fleet to look into")
    group.add_argument("--demo", action="store_true", help="its demo, where it runs both")


def _here(options: argparse.Namespace) -> bool:
    """Whether a database was named, or is where the configuration says. A broken configuration is told here too."""
    try:
        return options.database is not None or command.located(options)[0].exists()
    except ConfigError:
        return True


def _running() -> str | None:
    """The project of this folder, if its containers run."""
    from fleet import engine  # noqa: PLC0415  brings docker, which nobody needs whose database is here

    try:
        engine.containers(name := engine.project())
    except FleetError:
        return None
    print(f"there is no database here: asking the containers of the project {name}", file=sys.stderr)
    return name


def _inside(name: str, options: argparse.Namespace) -> int:
    """Carry the verb out in a worker of the project; prints what it prints, returns its exit status."""
    from fleet import engine  # noqa: PLC0415  as above

    if options.project and any(word.startswith(("--database", "--config")) for word in options.words):
        raise ConfigError("--config and --database name files of this machine: leave them out with --project")
    found = engine.containers(name)
    fleets = engine.FLEETS[1:] if options.demo else engine.FLEETS
    workers = [each for services in fleets for each in engine.workers(found, services)]
    if not workers:
        raise Unavailable(f"no worker of the project {name} runs: see `fleet ps --project {name}`")
    answer = engine.run(workers[0], ["fleet", *_rest(options.words)])
    print(answer.output, end="")
    print(answer.errors, end="", file=sys.stderr)
    return answer.status


def _rest(words: Sequence[str]) -> list[str]:
    """The command without what names the project."""
    parser = argparse.ArgumentParser(add_help=False)
    _project(parser)
    return parser.parse_known_args(words)[1]
