"""The verbs that change a database by hand: migrate and rename."""

import argparse

from db import strategies
from db.connection import connect
from runtime.clock import Clock
from runtime.command import configured, located, prepared
from runtime.output import say


def migrated(options: argparse.Namespace) -> int:
    """Create the database, or bring it to the schema of this program."""
    settings, _ = configured(options)
    clock = None if options.clock is None else Clock.parse(options.clock.read_text()).dump()
    version = prepared(settings, clock=clock, accept=options.accept)
    say(f"{settings.database}: schema {version}, {settings.environment} data")
    return 0


def renamed(options: argparse.Namespace) -> int:
    """Give a strategy another id, with everything it ever did."""
    path, any_filesystem = located(options)
    with connect(path, any_filesystem=any_filesystem) as db:
        strategies.rename(db, options.old, options.new)
    say(f"{options.old} is {options.new} now in {path}, with its history; {options.old} is free")
    return 0
