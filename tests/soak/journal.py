"""What the workers of a soak have written down: transactions, and what each was at when it died."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Commit:
    """One transaction. `at`: steady nanoseconds, `acked`: it heard of its commit.

    `began`: when it had the write lock, steady nanoseconds, and what its process's wall clock showed then, ms. From
    there on nobody else can write, however long a process that is frozen takes to its commit.
    `writes`: table and telling values of every row; `leases`: (strategy_id, holder, epoch, expires_ms) at that moment.
    """

    pid: int
    at: int
    began: tuple[int, int]
    writes: list[tuple[str, dict[str, Any]]]
    leases: list[tuple[str, str, int, int]]
    acked: bool

    def rows(self, *tables: str) -> Iterator[dict[str, Any]]:
        """The rows that it wrote into these tables."""
        return (row for table, row in self.writes if table in tables)


def commits(folder: Path) -> list[Commit]:
    """Every transaction of every process, in the order of the write lock."""
    found = [each for file in folder.glob("*.jsonl") for each in _of(int(file.stem), file)]
    return sorted(found, key=lambda commit: commit.at)


def _of(pid: int, file: Path) -> Iterator[Commit]:
    lines = [json.loads(line) for line in file.read_text().splitlines() if line.endswith("}")]
    acked = {(line["c"], line["acked"]) for line in lines if "acked" in line}
    for line in lines:
        if "n" in line:
            writes = [(table, row) for table, row in line["w"]]
            leases = [(one, holder, epoch, expires) for one, holder, epoch, expires in line["leases"]]
            steady, wall = line["began"]
            yield Commit(pid, line["t"], (steady, wall), writes, leases, (line["c"], line["n"]) in acked)


def last_write(folder: Path, pid: int) -> tuple[int, str]:
    """When a process wrote last (steady nanoseconds, 0 for never), and which table."""
    try:
        words = (folder / f"{pid}.now").read_bytes().decode().split()
    except FileNotFoundError:
        return 0, ""
    return (int(words[0]), f"{words[1]} ({words[2]})") if len(words) >= 3 else (0, "")
