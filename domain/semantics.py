"""Which rules the figures of a run were made by."""

from typing import Final

RULES: Final = 2
"""The version of all that turns candles into decisions, fills and a ledger.

It stands in the configuration of every run, so that a release which computes something differently opens new runs: no
row of `run_performance` mixes two definitions. Raise it by one in each release that lets any strategy decide, fill,
size, charge or book otherwise than before on the same candles and files, and say in CHANGELOG.md which columns move.
How recorded things are shown does not count. Runs that name none were made by rules 1.
"""
