"""The verbs that keep a database safe: backup and restore."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import Progress

from db import opened
from db.fleet import meta
from db.sqlite import backup
from db.sqlite.restore import Expected, restore
from db.statements import schema_version
from domain.errors import FleetError
from domain.text import counted
from runtime.clock import now_ms
from runtime.command import configured, located
from runtime.output import console, say, warn


def back_up(options: argparse.Namespace) -> int:
    """Make a backup beside whatever runs, and say what it holds."""
    path, any_filesystem = located(options)
    with opened(path, any_filesystem=any_filesystem) as db:
        with _shown() as progress:
            done = backup.back_up(db, options.file, progress)
        size = done.file.stat().st_size
        held = f"{size:,} bytes, {counted(done.rows, 'row')}"
        say(f"{done.file}: {path} as it was at {_moment(done.copied_ms)}, {held}, checked")
        try:
            backup.note(db, done)
        except FleetError as error:
            warn(f"the backup is whole, but the database could not note it: {error}")
    return 0


def restore_backup(options: argparse.Namespace) -> int:
    """Put a backup back; says what is kept of what it replaces."""
    path, any_filesystem = located(options)
    expected = Expected(_environment(path, options), options.accept)
    done = restore(options.file, path, expected, _moment(now_ms(), "%Y%m%dT%H%M%SZ"), any_filesystem=any_filesystem)
    say(f"{path} is the backup {options.file} of the fleet {done.fleet_id} now")
    for file in done.kept:
        say(f"what was there before is kept as {file}")
    if done.version < schema_version():
        say(f"it has schema {done.version}: `fleet up` or `fleet migrate` brings it to {schema_version()}")
    return 0


def _environment(path: Path, options: argparse.Namespace) -> str | None:
    """Real or simulated: what lives here, else what is configured. A mistake in a file must not hold up a restore."""
    with suppress(FleetError), opened(path, read_only=True) as db:  # gone or damaged: that is why somebody restores
        return meta.environment(db)
    try:
        return configured(options)[0].environment
    except FleetError:
        return None


@contextmanager
def _shown() -> Iterator[backup.Progress]:
    """On a terminal, how far the copy is."""
    with Progress(console=console(), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("copying", total=None)
        yield lambda done, pages: bar.update(task, completed=done, total=pages)


def _moment(moment_ms: int, form: str = "%Y-%m-%d %H:%M:%S UTC") -> str:
    return datetime.fromtimestamp(moment_ms / 1000, UTC).strftime(form)
