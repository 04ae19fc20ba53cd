"""Complaints: what is wrong in a file, where, and what would be right; told all at once, without secrets."""

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from domain.errors import ConfigError
from domain.secrets import HIDDEN, hidden, is_secret, shown, without

SHOWN = 80  # characters of a value that are repeated in a complaint
LOOKED_AT = 20  # entries of a list or mapping that are looked at for that
MOST = 100  # complaints that are told one by one


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
        text = "" if self.value is None else _shown(self.key, self.value)
        value = f" = {text if text == HIDDEN else repr(text)}" if text else ""
        hint = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        return f"{place}: {hidden(self.key)}{value}: {hidden(self.reason)}{hint}"

    def columns(self) -> dict[str, object]:
        """The same as columns; what must not be shown is hidden there too."""
        value = None if self.value is None else _shown(self.key, self.value)
        return {
            "file": self.file,
            "line": self.line,
            "key": hidden(self.key),
            "value": value,
            "why": hidden(self.reason),
        }


class ConfigurationInvalid(ConfigError):
    """The configuration has mistakes: every one of them is in `complaints`."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        once = {str(each): each for each in complaints}  # a matrix makes the same mistake in each of its cells
        self.complaints, lines = tuple(once.values()), list(once)
        heading = f"{len(lines)} mistake{'s' if len(lines) > 1 else ''} in the configuration"
        more = [f"and {len(lines) - MOST} more"] if len(lines) > MOST else []
        super().__init__("\n".join([heading, *lines[:MOST], *more]))


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The valid spelling that is nearest to `word`, None where none is near."""
    close = difflib.get_close_matches(str(word)[:SHOWN].lower(), [*known], n=1, cutoff=0.6)
    return close[0] if close else None


def _shown(key: str, value: object) -> str:
    """The beginning of a value; `***` for a secret's."""
    if any(map(is_secret, key.split("."))):
        return HIDDEN
    return (shown(value) if isinstance(value, str) else _written(without(_beginning(value))))[:SHOWN]


def _written(value: object) -> str:
    """A value as YAML would spell it in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)


def _beginning(value: object) -> object:
    """The first entries of a list or mapping."""
    if isinstance(value, dict):
        return dict(islice(value.items(), LOOKED_AT))
    return value[:LOOKED_AT] if isinstance(value, list) else value
