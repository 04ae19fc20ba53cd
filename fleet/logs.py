"""`fleet logs`: what the workers did, of one strategy or of all, as a terminal shows it."""

import argparse
from collections import deque
from collections.abc import Callable
from contextlib import closing

from db.sqlite.filesystem import real
from domain.errors import ConfigError, Unavailable
from fleet import fleet_location
from fleet.log_sources import Containers, Files, Line, Source
from runtime.command import located
from runtime.log import readable
from runtime.output import say, warn


def logs(options: argparse.Namespace) -> int:
    """Print the newest lines, and with --follow those that come; 1 where no line is about the strategy."""
    source, where = _source(options)
    named: set[str] = set()

    def wanted(line: Line) -> bool:
        """Whether a line is about the strategy; the strategies of all lines are noted."""
        about = line.event and line.event.get("strategy_id")
        named.update([str(about)] if about else [])
        return options.strategy is None or about == options.strategy

    with closing(source):
        found = newest(source, wanted, options.tail)
        for line in found:
            _say(line, raw=options.raw)
        if not found and options.tail:
            about = f" about {options.strategy}" if options.strategy else ""
            warn(f"no line{about} in {where}; there are lines about: {', '.join(sorted(named)) or 'nothing'}")
        if options.follow:
            for line in filter(wanted, source.following()):
                _say(line, raw=options.raw)
    return 1 if options.tail and not found else 0


def newest(source: Source, wanted: Callable[[Line], bool], count: int) -> list[Line]:
    """The newest wanted lines of all logs together, oldest first."""
    ends = [deque(filter(wanted, lines), maxlen=count) for lines in source.logs()]
    together = sorted((line for end in ends for line in end), key=lambda line: line.when)
    return together[len(together) - min(count, len(together)) :]


def _say(line: Line, *, raw: bool) -> None:
    """A line as it is, or as a terminal shows it."""
    say(line.text if raw or line.event is None else readable(dict(line.event)))


def _source(options: argparse.Namespace) -> tuple[Source, str]:
    """The logs of the fleet that is meant, and where they are. Raises ConfigError where there are none."""
    if not (options.project or options.demo or options.database):
        local = fleet_location.local(options)
        choice = fleet_location.choose(local, fleet_location.remote(local), changes=False)
        for note in choice.notes:
            warn(note)
        options.project = choice.project
    if options.project or options.demo:
        return _containers(options)
    path, _ = located(options)
    folder = real(path).parent / "logs"
    if not folder.is_dir():
        raise ConfigError(f"{folder} does not exist: `fleet up` writes its logs there; --database FILE names another")
    return Files(folder), str(folder)


def _containers(options: argparse.Namespace) -> tuple[Source, str]:
    """What the workers of a project say. Raises Unavailable where none runs."""
    from fleet import docker_engine  # noqa: PLC0415  brings docker, which nobody needs whose fleet is here

    services = docker_engine.FLEETS[1] if options.demo else tuple(docker_engine.WORKERS)
    found = docker_engine.workers(docker_engine.containers(options.project), services)
    if not found:
        raise Unavailable(f"no worker of {options.project or 'this folder'} runs: see `fleet ps`")
    return Containers(found), f"the containers of the project {found[0].labels[docker_engine.PROJECT]}"
