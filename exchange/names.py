"""Which names are exchanges, without loading the library that speaks to them (0.6 s, 75 MB)."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path


def is_exchange(name: str) -> bool:
    """Whether ccxt has an exchange of this name: a module of its own."""
    named = re.fullmatch(r"[a-z0-9]{2,30}", name) is not None
    return named and any((home / f"{name}.py").is_file() for home in _homes())


@cache
def _homes() -> tuple[Path, ...]:
    found = find_spec("ccxt")
    return tuple(map(Path, found.submodule_search_locations or ())) if found else ()
