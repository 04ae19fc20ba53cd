"""What a value may look like, in the words of JSON Schema (draft 7): it stands at the function that reads the value.

A pattern holds for texts, a range for numbers: one shape says both, as a number may stand between quotes.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from domain import scalars

F = TypeVar("F", bound=Callable[..., Any])
Shape = Mapping[str, Any]
NUMBER = f"{scalars.DECIMAL.pattern}|{scalars.BASED.pattern}"
TRUTH = [True, False, *(word for word in scalars.TRUTH if word.lower() not in {"true", "false"})]


def shaped(**words: Any) -> Callable[[F], F]:
    """Note at a function that reads a value what that may look like."""

    def note(parse: F) -> F:
        vars(parse)["shape"] = words
        return parse

    return note


def shape(parse: Callable[..., Any]) -> Shape:
    """What a value may look like that this function reads; in the function's own words, where it has some."""
    words, found = (parse.__doc__ or "").replace("``", "`").split(), vars(parse)["shape"]
    return {**({"description": " ".join(words)} if words else {}), **found}


@lru_cache  # asked for again with each strategy of a file
def numeric(low: Any = None, high: Any = None, *more: str, whole: bool = False) -> Shape:
    """A number within a range, both ends included, or a text of one; or a text like one of `more` patterns."""
    found: dict[str, Any] = {"type": ["integer" if whole else "number", "string"]}
    found |= {"minimum": plain(low)} if low is not None else {}
    found |= {"maximum": plain(high)} if high is not None else {}
    return found | {"pattern": whole_text("|".join((NUMBER, *more)))}


def whole_text(pattern: str) -> str:
    """A pattern that holds for a text as a whole, with space around it."""
    return rf"^\s*(?:{pattern})\s*$"


def plain(value: Any) -> int | float:
    """A number of JSON."""
    found = float(value)
    return int(found) if found.is_integer() else found
