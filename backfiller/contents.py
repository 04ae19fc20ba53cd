"""What a file or some members of an archive bring: rows by series, and in sentences what is wrong with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from zipfile import ZipFile

from backfiller import notation, pairs
from backfiller.bar_spacing import wrong_spacing
from backfiller.daylight_saving import local_times
from backfiller.file_bars import Bars, bars, contradicted
from backfiller.file_names import few
from backfiller.manifest import Load
from config import values
from db.files import reading
from db.files.sheet import SHOWN, Reject, Rejects, Rows, Said, Sheet
from domain.candles import Series
from domain.errors import Rejected

Parts = list[tuple[str, Rows]]  # rows with the name of the file or member that they stand in


class SeriesColumn(NamedTuple):
    """A column of a file that tells something of the series; `means`: whether what it says is what was told."""

    file: str
    name: str
    means: Callable[[str, str], bool]


MEANS: dict[str, Callable[[str, str], bool]] = {
    "exchange": notation.same_exchange,
    "timeframe": notation.same_timeframe,
    "symbol": lambda said, wanted: not said or pairs.fits(said, wanted),
}


@dataclass(slots=True)
class Contents:
    """`bars`: closed bars by series, ascending; `files`: what their parts are called. In sentences `refused`: what
    could not be read or is not what it is said to be, `left`: what was not asked for, and what else is to be known.
    `rejects`: lines that are no candles, by file.
    """

    load: Load
    bars: dict[Series, Bars] = field(default_factory=dict)
    files: dict[Series, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    rejects: dict[str, Rejects] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many bars it brings."""
        return sum(len(each.table) for each in self.bars.values())

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
    found = Contents(load)
    parts: dict[Series, Parts] = {}
    for member in load.members:
        try:
            sheet = reading.read(load.path, load.symbol or "", member, archive)
        except Rejected as error:
            found.refused.append(str(error))
            continue
        found.reject(sheet.name, sheet.rejects)
        found.left += sheet.notes
        for said, rows in _wanted(found, load, sheet).items():
            _spread(found, parts, sheet, said, rows)
    for series, each in parts.items():
        found.bars[series], wrong = bars([rows for _, rows in each], series.seconds, now)
        found.files[series] = [name for name, _ in each]
        for name, rejects in zip(found.files[series], wrong, strict=True):
            found.reject(name, rejects)
    return found


def contradict(several: Sequence[Contents]) -> None:
    """Take out of loads the bars that they say differently: nobody knows which of them is right."""
    for series in {series for each in several for series in each.bars}:
        mine = [each for each in several if series in each.bars]
        for each, wrong in zip(mine, contradicted([each.bars[series] for each in mine]), strict=True):
            left_out, each.bars[series] = each.bars[series].of(wrong), each.bars[series].of(~wrong)
            for part, name in enumerate(each.files[series]):
                each.reject(name, left_out.rejects(part, "a row of another file for the same bar differs"))


def _spread(found: Contents, parts: dict[Series, Parts], sheet: Sheet, said: Said, rows: Rows) -> None:
    """The rows of one series in one file join the others of it, if they stand as far apart as its bars do."""
    try:
        series = _series(found.load, said)
    except ValueError as error:
        found.reject(sheet.name, _all(rows, str(error)))
        return
    reason = wrong_spacing(rows.table[:, 0], series.seconds)
    if reason is None and sheet.bare:
        reason = local_times(rows.table, series.seconds)
    if reason is None:
        parts.setdefault(series, []).append((sheet.name, rows))
    else:
        found.refused.append(f"{sheet.name}: {series}: {reason}: nothing of it is stored")


def _series(load: Load, said: Said) -> Series:
    """The series of rows by their load and by what their columns say. Raises ValueError where these do not tell it."""
    exchange = None if load.guessed_exchange and said.exchange else load.exchange
    exchange = exchange or _read("exchange", said.exchange, notation.exchange)
    known = load.known._replace(exchange=exchange)
    symbol = load.symbol or _read("symbol", said.symbol, lambda text: values.symbol(pairs.read(text, known)))
    return Series(exchange, symbol, load.timeframe or _read("timeframe", said.timeframe, notation.timeframe))


def _read(name: str, said: str, read: Callable[[str], str]) -> str:
    """What a column says. Raises ValueError, with its name."""
    try:
        return read(said)
    except ValueError as error:
        raise ValueError(f"{name} {said[:40]!r} {error}") from error


def _wanted(found: Contents, load: Load, sheet: Sheet) -> Mapping[Said, Rows]:
    """The rows of a file that are of what is imported, by all that their columns say."""
    rows: Mapping[Said, Rows] = sheet.rows
    for name, means in MEANS.items():
        rows = _meant(found, load, SeriesColumn(sheet.name, name, means), rows)
    return rows


def _meant(found: Contents, load: Load, column: SeriesColumn, rows: Mapping[Said, Rows]) -> Mapping[Said, Rows]:
    """Those of some rows of which a column says what is imported."""
    label = getattr(load, column.name)
    if label is None or (column.name == "exchange" and load.guessed_exchange):
        return rows
    others = {said: part for said, part in rows.items() if not column.means(getattr(said, column.name), label)}
    wanted = {said: part for said, part in rows.items() if said not in others}
    says = f"{column.file}: its {column.name} column says {few({getattr(said, column.name) for said in others})}"
    if others and not wanted:  # a person who gives an archive another name than its one table may know better
        renamed = column.name == "symbol" and "symbol" in load.chosen and load.nameless and len(others) == 1
        asked = f"; give --{column.name} as the file says" if column.name in load.chosen else ""
        found.refused.append(f"{says}: taken for {label}" if renamed else f"{says}, not {label}{asked}")
        return others if renamed else wanted
    if others and column.name in load.chosen:
        found.left.append(f"{says} too: {sum(map(len, others.values()))} rows left out")
        return wanted
    for said, part in others.items():
        found.reject(column.file, _all(part, f"a row of {getattr(said, column.name)[:40]}, not of {label}"))
    return wanted


def _all(rows: Rows, reason: str) -> Rejects:
    """All of some rows, for one reason."""
    first = [
        Reject(int(number), reason, ",".join(f"{value:.10g}" for value in row))
        for number, row in zip(rows.numbers[:SHOWN], rows.table[:SHOWN].tolist(), strict=True)
    ]
    return Rejects(len(rows), first)
