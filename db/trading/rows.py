"""The rows of a transaction, collected statement by statement, so that each table is written in one go."""

from collections.abc import Mapping
from typing import Any

from db.database import Transaction


class Rows:
    """Rows that are still to be written: of a statement in the order in which they came, the statements in the order
    in which each came first.
    """

    def __init__(self) -> None:
        self._found: dict[str, list[Mapping[str, Any]]] = {}

    def add(self, statement: str, row: Mapping[str, Any]) -> None:
        """One more row, by the names of the statement's parameters."""
        self._found.setdefault(statement, []).append(row)

    def write(self, tx: Transaction) -> None:
        """Write what was collected; nothing is left then. Raises Rejected where a row breaks a rule."""
        for statement, rows in self._found.items():
            tx.run_many(statement, rows)
        self._found.clear()
