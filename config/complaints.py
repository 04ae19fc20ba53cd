"""Complaints: what is wrong in a file, where, and what would be right; told all at once."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from domain.errors import ConfigError

SHOWN = 80  # characters of a value that are repeated in a complaint


@dataclass(frozen=True, slots=True)
class Complaint:
    """One mistake. `line` counts from 1, 0 where there is none; `key` is the path of the key, such as params.length."""

    file: str
    line: int
    key: str
    value: object
    reason: str
    suggestion: str | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        value = "" if self.value is None else f" = {str(self.value)[:SHOWN]!r}"
        hint = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        return f"{place}: {self.key}{value}: {self.reason}{hint}"


class ConfigurationInvalid(ConfigError):
    """The configuration has mistakes: every one of them is in `complaints`."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(complaints)
        count = len(self.complaints)
        heading = f"{count} mistake{'s' if count > 1 else ''} in the configuration; nothing was started"
        super().__init__("\n".join([heading, *map(str, self.complaints)]))


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The valid spelling that is nearest to `word`, None where none is near."""
    close = difflib.get_close_matches(str(word).lower(), [*known], n=1, cutoff=0.6)
    return close[0] if close else None
