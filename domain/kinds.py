"""Kinds of strategies as data: what their parameters are, so that configuration can be checked without loading them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.strategy import Exits

Params = Mapping[str, Any]


def no_complaints(_params: Params) -> list[tuple[str, str]]:
    """For kinds whose parameters are fully described by their ranges."""
    return []


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: its type, default (None: must be given) and inclusive range, with its meaning in one line."""

    type: type[int] | type[float] | type[str]
    default: int | float | str | None
    doc: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of strategy.

    `build(params)` makes the strategy; `warmup(params)` is how many bars must precede a decision. `check(params)` tells
    what ranges cannot: pairs of parameter name and complaint, such as `fast` not below `slow`, or an error in a rule
    with its place. `exits` are the kind's own, used where a strategy's file names none.
    """

    name: str
    doc: str
    params: Mapping[str, Param]
    build: Callable[[Params], Any]
    warmup: Callable[[Params], int]
    check: Callable[[Params], list[tuple[str, str]]] = field(default=no_complaints)
    exits: Exits = Exits()
