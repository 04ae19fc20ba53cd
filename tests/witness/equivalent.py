"""Breaks that change nothing, each judged by hand: by file and the broken line, why nobody can notice."""

EQUIVALENT: dict[tuple[str, str], str] = {}
