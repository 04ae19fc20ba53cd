"""Kinds of strategies as data: what their parameters are, so that configuration can be checked without loading them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from domain.strategy import Exits

Params = Mapping[str, Any]


def no_complaints(_params: Params) -> list[tuple[str, str]]:
    """For kinds whose parameters are fully described by their ranges."""
    return []


class KindFailed(Exception):
    """What became of a kind's own code in another process, in words behind its name: `raised ValueError: no such
    length`, `took longer than 10 s`.
    """


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: its type, default (None: must be given) and inclusive range, with its meaning in one line."""

    type: type[int] | type[float] | type[str]
    default: int | float | str | None
    doc: str
    low: float | None = None
    high: float | None = None


class Origin(NamedTuple):
    """The user's file that defines a kind, and the SHA-256 of what stood in it."""

    file: Path
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of strategy.

    `build(params)` makes the strategy; `warmup(params)` is how many bars must precede a decision. `check(params)` tells
    what ranges cannot: pairs of parameter name and complaint, such as `fast` not below `slow`, or an error in a rule
    with its place. `exits` are the kind's own, used where a strategy's file names none. `origin` is the
    user's file that defines it, None for a shipped one.
    """

    name: str
    doc: str
    params: Mapping[str, Param]
    build: Callable[[Params], Any]
    warmup: Callable[[Params], int]
    check: Callable[[Params], list[tuple[str, str]]] = field(default=no_complaints)
    exits: Exits = Exits()
    origin: Origin | None = None
