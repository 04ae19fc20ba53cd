"""The verbs that change a database by hand: migrate, rename and reset."""

import argparse
from pathlib import Path

from config import values
from db import opened
from db.trading import resetting, strategies
from domain.errors import ConfigError
from domain.small_files import Unfit, text_of, why
from runtime import agreement, clock
from runtime.clock import Clock
from runtime.command import located, prepared
from runtime.last_good import configured_or_last_good
from runtime.output import say, warn


def migrate(options: argparse.Namespace) -> int:
    """Create the database, or bring it to the schema of this program."""
    settings, _ = configured_or_last_good(options)
    if settings.complaint is not None:
        warn(settings.complaint)
    text = None if options.clock is None else _clock(options.clock).dump()
    version = prepared(settings, clock=text, accept=options.accept)
    with opened(settings.database, any_filesystem=settings.any_filesystem) as db:
        agreement.store_last_good(db, settings, runs=False)
    say(f"{settings.database}: schema {version}, {settings.environment} data")
    return 0


def _clock(file: Path) -> Clock:
    """The clock that a file holds. Raises ConfigError for whatever else it is."""
    try:
        return Clock.parse(text_of(file))
    except (OSError, Unfit) as error:
        raise ConfigError(f"--clock {file} {why(error)}") from error
    except ConfigError as error:
        raise ConfigError(f"--clock {file}: {error}") from error


def rename(options: argparse.Namespace) -> int:
    """Give a strategy another id, with everything it ever did. Raises ConfigError where that is no id, or not free."""
    old, new = options.old, _an_id(options.new)
    path, any_filesystem = located(options)
    with opened(path, any_filesystem=any_filesystem) as db:
        strategies.rename(db, old, new, clock.now_ms())
    say(
        f"{old} is {new} now in {path}, with its history, and {old} is free. The files still say {old}: a strategy of "
        f"that name begins anew with the next candle; write `strategy_id: {new}` to go on with the one "
        "that has the history"
    )
    return 0


def reset(options: argparse.Namespace) -> int:
    """Let a strategy begin anew, and keep what it did under another id."""
    one = options.strategy
    path, any_filesystem = located(options)
    with opened(path, any_filesystem=any_filesystem) as db:
        archive = resetting.reset(db, one, clock.now_ms())
    if archive is None:
        say(f"{one} has decided nothing yet in {path}: it is at its beginning")
    else:
        say(
            f"{one} begins anew with the next candle in {path}; what it did until now is {archive}: "
            f"`fleet report --strategy {archive}`, `fleet trades {archive}`"
        )
    return 0


def _an_id(text: str) -> str:
    """An id as a file could have it. Raises ConfigError."""
    try:
        return values.strategy_id(text)
    except ValueError as error:
        raise ConfigError(f"{text!r} is no id: {error}") from error
