"""What a file comes apart into: rows of six numbers under the market that they name, and the lines that are none."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from domain.errors import Rejected

COLUMNS = 6
SHOWN = 20  # bad lines of a file that are told, the others are counted
WIDTH = 80  # characters of a bad line that are told
LABELS = 10_000  # series in one file: more is no column that tells them


class Said(NamedTuple):
    """What the columns of a file say of the series of a row, as they write it; ``""`` where there is no such column."""

    symbol: str = ""
    exchange: str = ""
    timeframe: str = ""


UNSAID = Said()


class Reject(NamedTuple):
    """A line that holds no candle: where it stood, counted from 1, why, and what stood there."""

    number: int
    reason: str
    text: str


@dataclass(slots=True)
class Rejects:
    """How many lines hold no candle, and the first of them, ascending as long as they are added so."""

    count: int = 0
    first: list[Reject] = field(default_factory=list)

    def add(self, number: int, reason: object, text: str) -> None:
        """One more."""
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append(Reject(number, str(reason), text[:WIDTH]))

    def merge(self, other: "Rejects") -> None:
        """Those of another look at the same lines."""
        self.count += other.count
        self.first = sorted([*self.first, *other.first])[:SHOWN]


@dataclass(slots=True)
class Rows:
    """Rows in the order of the file: 56 bytes each, so that half a gigabyte of text fits."""

    _numbers: "array[int]" = field(default_factory=lambda: array("q"))
    _values: "array[float]" = field(default_factory=lambda: array("d"))

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, number: int, values: Iterable[float]) -> None:
        """The row of a line: timestamp (Unix seconds), open, high, low, close, volume."""
        self._values.extend(values)
        self._numbers.append(number)

    @property
    def numbers(self) -> npt.NDArray[np.int64]:
        """The line of each row; nothing can be added while somebody looks."""
        return np.frombuffer(self._numbers, dtype=np.int64)

    @property
    def table(self) -> npt.NDArray[np.float64]:
        """The numbers of each row, (n, 6); nothing can be added while somebody looks."""
        return np.frombuffer(self._values, dtype=np.float64).reshape(-1, COLUMNS)


@dataclass(slots=True)
class Sheet:
    """A file, or a member of a zip. `rows` by what its columns say of their series. `bare`: its times are dates
    without a zone. `notes`: what a person should know of it, in sentences.
    """

    name: str
    rows: dict[Said, Rows] = field(default_factory=dict)
    rejects: Rejects = field(default_factory=Rejects)
    bare: bool = False
    notes: list[str] = field(default_factory=list)

    def of(self, said: Said) -> Rows:
        """The rows of one series. Raises Rejected where the file names too many."""
        found = self.rows.get(said)
        if found is None:
            if len(self.rows) == LABELS:
                raise Rejected(f"{self.name}: more than {LABELS} series in its columns")
            found = self.rows[said] = Rows()
        return found
