"""Saved questions: files of SQL in config/queries/, each one SELECT under a comment that says what it answers.

Those that come with the program are in its own folder; a file of the same name in the configuration replaces one.
"""

from dataclasses import dataclass
from pathlib import Path

from domain import small_files
from domain.errors import ConfigError
from domain.small_files import Unfit

FOLDER = "queries"
SHIPPED = Path(__file__).parent / FOLDER


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved question: its name, what it answers, its SQL."""

    name: str
    description: str
    sql: str


def saved(directory: Path) -> dict[str, Saved]:
    """Every saved question by name, those of this configuration before those that come with the program.

    Raises ConfigError for a file that cannot be read.
    """
    files = [file for folder in (SHIPPED, directory / FOLDER) for file in sorted(folder.glob("[!._]*.sql"))]
    return {file.stem: _read(file) for file in files}


def _read(file: Path) -> Saved:
    """One file. Raises ConfigError."""
    try:
        text = small_files.text_of(file)
    except (OSError, Unfit) as error:
        raise ConfigError(f"{file} {small_files.why(error)}") from error
    lines = text.strip().splitlines()
    length = next((count for count, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return Saved(file.stem, " ".join(line.removeprefix("--").strip() for line in lines[:length]), text.strip())
