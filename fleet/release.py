"""Which release this is, what it runs on, and where its documents are."""

import argparse
import platform
import sysconfig
from pathlib import Path
from typing import Any

from runtime.output import say

CHECKOUT = Path(__file__).resolve().parents[1] / "docs"
INSTALLED = Path("share", "doc", "tradefleet")  # below the environment that a wheel was installed into


def documents() -> Path | None:
    """The folder of docs/*.md; None where they were left out, as in the image."""
    folders = (CHECKOUT, Path(sysconfig.get_path("data")) / INSTALLED)
    return next((each for each in folders if (each / "configuration.md").is_file()), None)


def release() -> str:
    """The program, Python, SQLite and the schema of the database, in one line: what a report of a fault should name."""
    from importlib.metadata import version  # noqa: PLC0415  an eighth of a verb's start, as the next: none needs them

    from db.sqlite.engine import LIBRARY  # noqa: PLC0415  brings SQLite
    from db.statements import schema_version  # noqa: PLC0415

    below = f"Python {platform.python_version()}, SQLite {LIBRARY}, schema {schema_version()}"
    return f"tradefleet {version('tradefleet')} ({below})"


class Version(argparse.Action):
    """The option that prints it and ends."""

    def __init__(self, option_strings: list[str], dest: str, **rest: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the release and what it runs on", **rest)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Print and end."""
        say(release())
        parser.exit()
