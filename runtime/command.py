"""What the commands of all rooms share: the two options that every one has, and the configuration they name."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from config import environment, load
from config.complaints import ConfigurationInvalid, nearest
from config.settings import Settings
from db import migrate
from db.database import Database
from db.fleet import meta
from domain import dates, paths
from domain.dates import Date
from domain.errors import ConfigError, FleetError
from domain.file_errors import translated
from domain.kinds import Kind
from domain.secrets import hidden
from domain.text import is_text
from runtime import database_mismatch, log
from runtime.clock import Clock
from runtime.output import exit_status, prose, say, warn

Survey = Callable[[Iterable[Path]], tuple[Mapping[str, Kind], list[str]]]
WIDEST = 120  # columns of a text


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal; examples and tables stay as they are written."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """A description or an epilog."""
        return prose(text, min(width, WIDEST)) if not indent else super()._fill_text(text, width, indent)


class Parser(argparse.ArgumentParser):
    """A command line whose words are repeated as text, without secrets; every one of them is UTF-8."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **({"formatter_class": HelpFormatter} | more))

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """What the base class does. Bytes that are no text would be refused by whatever they come to, halfway."""
        words = sys.argv[1:] if args is None else list(args)
        for named in (*(f"{word!r}" for word in words if not is_text(word)), *environment.unreadable()):
            self.error(f"{named} is no UTF-8: name it in other letters")
        return super().parse_args(words, namespace)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """What the base class does, with what was perhaps meant; of verbs it names no others."""
        choices = None if action.choices is None else [str(each) for each in action.choices]
        if choices is None or str(value) in choices:
            return
        near = nearest(value, choices)
        hint, others = f"; did you mean {near}?" if near else "", f": choose from {', '.join(choices)}"
        if isinstance(action.choices, dict):  # verbs, each with its parser
            self.error(f"there is no verb {value!r}{hint or f': `{self.prog} --help` lists them'}")
        raise argparse.ArgumentError(action, f"there is no {value!r}{hint or others}")

    def _print_message(self, message: str, file: Any = None) -> None:
        """What the base class does, by the door for all texts."""
        if file is sys.stdout:
            say(hidden(message), end="")
        else:
            warn(message, end="")


def local(text: str) -> Path:
    """The type of an option that names a file or folder. Raises ArgumentTypeError for an address, unrepeated."""
    return _path(text, paths.local)


def database(text: str) -> Path:
    """The type of an option that names a database. Raises ArgumentTypeError for what cannot be one."""
    return _path(text, paths.file_named)


def _path(text: str, parse: Callable[[str], Path]) -> Path:
    """A path that was typed, or stands in the environment."""
    try:
        return parse(text)
    except ValueError as error:
        variable = environment.origin(text)
        raise argparse.ArgumentTypeError(f"{f'${variable} ' if variable else ''}{error}") from None


def common(parser: argparse.ArgumentParser) -> None:
    """Add --config and --database."""
    group = parser.add_argument_group("which fleet")
    configuration(group)
    group.add_argument(
        "--database",
        type=database,
        default=environment.database(),
        metavar="FILE",
        help="the shared database (default: $TRADEFLEET_DATABASE, else what fleet.yaml says)",
    )


def configuration(group: "argparse._ActionsContainer") -> None:
    """Add --config."""
    group.add_argument(
        "--config",
        type=local,
        default=environment.directory(),
        metavar="DIR",
        help="folder of fleet.yaml and strategies/ (default: $TRADEFLEET_CONFIG, else config)",
    )


class Plugins(Enum):
    """How the users' own kinds become known to a process: a trader runs their files, nobody else does. Others know them
    from the database, which is told by traders, and ask a child process where it does not know them; or they ask in
    any case, whatever stands in the database.
    """

    RUN = "run"
    KNOWN = "known"
    ASKED = "asked"


def configured(options: argparse.Namespace, plugins: Plugins = Plugins.KNOWN) -> tuple[Settings, Mapping[str, Kind]]:
    """The settings that the options name, and the kinds of strategies there are. Raises ConfigError, also where
    fleet.yaml does not fit the fleet that lives in the database.
    """
    with defining(options, plugins) as survey:
        found: dict[str, Kind] = {}

        def kinds(folders: Iterable[Path]) -> Mapping[str, Kind]:
            known, troubles = survey(folders)
            if troubles:
                raise ConfigError("\n".join(troubles))
            found.update(known)
            return known

        settings = load.load(options.config, kinds, database=named(options))
    wrong = database_mismatch.mismatch(settings)
    if wrong is not None:
        raise ConfigurationInvalid([wrong])
    return settings, found


@contextmanager
def defining(options: argparse.Namespace, plugins: Plugins) -> Iterator[Survey]:
    """What tells the kinds of strategies, given the folders of the users' own, and what is wrong with their files."""
    from runtime.plugin_kinds import DescribedKinds  # noqa: PLC0415  brings numpy, as the next
    from strategies import kinds  # noqa: PLC0415  whoever only reads the database does without

    def database() -> Path | None:
        return located(options)[0] if plugins is Plugins.KNOWN else None

    with DescribedKinds(database) as described:
        define = kinds.run if plugins is Plugins.RUN else described.define
        yield lambda folders: kinds.survey(folders, define)


def located(options: argparse.Namespace) -> tuple[Path, bool]:
    """The database that the options name, and whether any file system will do. Raises ConfigError."""
    return load.located(options.config, database=named(options))


def named(options: argparse.Namespace) -> Path | None:
    """The database that is named outside of fleet.yaml, or was while that said something; None where none is."""
    path: Path | None = options.database
    return path or database_mismatch.last_used(Path(options.config))


def prepared(settings: Settings, *, clock: str | None = None, accept: str | None = None) -> int:
    """Create the database or bring it to this program's schema; the schema's version. What a person should know of the
    way there is told on stderr. Raises what `db.migrate` raises.
    """
    fits = settings.any_filesystem
    done = migrate(settings.database, settings.environment, clock=clock, any_filesystem=fits, accept=accept)
    for note in done.notes:
        warn(note)
    return done.version


def main(room: str, run: Callable[[argparse.Namespace], int], parser: Parser, argv: Sequence[str] | None) -> int:
    """The command line of a room: its exit status."""
    return exit_status(lambda: guarded(room, run, parser.parse_args(argv)))


def guarded(
    room: str, run: Callable[[argparse.Namespace], int], options: argparse.Namespace, *, starts: bool = True
) -> int:
    """Run a command with logs on stderr; errors of the fleet become one message and an exit status. One that `starts`
    something says of a wrong configuration that nothing was started.

    1 failed, 2 wrong configuration; an interrupted command that drained returns what it returns.
    """
    log.configure(room)
    try:
        with translated():
            return run(options)
    except ConfigurationInvalid as error:
        heading, _, complaints = str(error).partition("\n")
        warn(f"{heading}{'; nothing was started' if starts else ''}\n{complaints}")
        return 2
    except ConfigError as error:
        warn(error)
        return 2
    except FleetError as error:
        warn(error)
        return 1


def date(text: str) -> Date:
    """A date that somebody has typed, as `domain.dates` reads it. Raises ArgumentTypeError."""
    try:
        return dates.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} {error}") from None


def candle_time(db: Database) -> int:
    """What is now for whoever types `7d` or `today`: Unix seconds of the clock that the candles follow."""
    return Clock.parse(meta.clock_text(db)).now_ms() // 1000


def counted_from(db: Database, since: Date | None) -> int:
    """The moment that --since names, Unix seconds, 0 without one. Raises ConfigError where it is still to come."""
    now = candle_time(db)
    moment = since.at(now) if since else 0
    if moment > now:
        asked, latest = (f"{datetime.fromtimestamp(each, UTC):%Y-%m-%d %H:%M}" for each in (moment, now))
        raise ConfigError(f"--since {asked} is still to come: it is {latest} UTC on the clock of the candles")
    return moment


def number(text: str, kind: Callable[[str], float]) -> float:
    """A number that somebody has typed, made by `kind`. Raises ArgumentTypeError where it is none."""
    try:
        return kind(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no {'whole ' if kind is int else ''}number") from None
