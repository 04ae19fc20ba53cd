"""What a file or some members of an archive bring: rows by series, and in sentences what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zipfile import ZipFile

from backfiller import pairs
from backfiller.bars import bars
from backfiller.labels import few
from backfiller.manifest import Load
from backfiller.spacing import mistaken
from config.values import symbol
from db.checks import Table
from db.files import reading
from db.files.sheet import SHOWN, Reject, Rejects, Rows, Sheet
from domain.candles import Series
from domain.errors import Rejected

Parts = list[tuple[str, Rows]]  # rows with the name of the file or member that they stand in


@dataclass(slots=True)
class Contents:
    """`bars`: closed bars by series, ascending. `refused`: what could not be read or is not what it is said to be,
    `left`: what was not asked for; in sentences. `rejects`: lines that are no candles, by file.
    """

    bars: dict[Series, Table] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    rejects: dict[str, Rejects] = field(default_factory=dict)

    @property
    def rejected(self) -> int:
        """Lines and files that were not taken."""
        return len(self.refused) + sum(each.count for each in self.rejects.values())

    def reject(self, name: str, more: Rejects) -> None:
        """More lines of a file."""
        if more.count:
            self.rejects.setdefault(name, Rejects()).merge(more)


def contents(load: Load, now: int, archive: ZipFile | None = None) -> Contents:
    """Read a load, out of its archive if it has one. `now`, Unix seconds: bars that close later are none."""
    found = Contents()
    parts: dict[Series, Parts] = {}
    for member in load.members:
        try:
            sheet = reading.read(load.path, load.symbol or "", member, archive)
        except Rejected as error:
            found.refused.append(str(error))
            continue
        found.reject(sheet.name, sheet.rejects)
        for said, rows in _wanted(found, load, sheet).items():
            _spread(found, parts, load, (said, sheet.name, rows))
    for series, each in parts.items():
        found.bars[series], wrong = bars([rows for _, rows in each], series.seconds, now)
        for (name, _), rejects in zip(each, wrong, strict=True):
            found.reject(name, rejects)
    return found


def _spread(found: Contents, parts: dict[Series, Parts], load: Load, part: tuple[str, str, Rows]) -> None:
    """The rows of one symbol in one file join those of their series, if they stand as far apart as its bars do."""
    said, name, rows = part
    try:
        series = Series(load.exchange, load.symbol or symbol(pairs.read(said, load.known)), load.timeframe)
    except ValueError as error:
        found.reject(name, _all(rows, f"symbol {said[:40]!r} {error}"))
        return
    reason = mistaken(rows.table[:, 0], series.seconds)
    if reason is None:
        parts.setdefault(series, []).append((name, rows))
    else:
        found.refused.append(f"{name}: {series}: {reason}: nothing of it is stored")


def _wanted(found: Contents, load: Load, sheet: Sheet) -> Mapping[str, Rows]:
    """The rows of a file under the symbols that are imported."""
    if load.symbol is None:
        return sheet.rows
    wanted = {said: rows for said, rows in sheet.rows.items() if not said or pairs.fits(said, load.symbol)}
    others = {said: rows for said, rows in sheet.rows.items() if said not in wanted}
    says = f"{sheet.name}: its symbol column says {few(others)}"
    if others and not wanted:  # a person who gives an archive another name than its one table may know better
        renamed = load.chosen and load.nameless and len(others) == 1
        found.refused.append(f"{says}{': taken for' if renamed else ', not'} {load.symbol}")
        return others if renamed else wanted
    if load.chosen and others:
        found.left.append(f"{says} too: {sum(map(len, others.values()))} rows left out")
        return wanted
    for said, rows in others.items():
        found.reject(sheet.name, _all(rows, f"a row of {said[:40]}, not of {load.symbol}"))
    return wanted


def _all(rows: Rows, reason: str) -> Rejects:
    """All of some rows, for one reason."""
    first = [
        Reject(int(number), reason, ",".join(f"{value:.10g}" for value in row))
        for number, row in zip(rows.numbers[:SHOWN], rows.table[:SHOWN].tolist(), strict=True)
    ]
    return Rejects(len(rows), first)
