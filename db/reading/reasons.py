"""Why a strategy did or did not trade: its decisions counted by code, and the newest of each.

The counts come from the daily summaries, which no retention thins; sentences and indicator values from the decisions,
as far as they are kept.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from db.database import Database, Row
from domain.codes import plain
from domain.timeframes import DAY

UNCOUNTED = "of an older release, not kept"  # what stands for the codes of such decisions
Days = Sequence[tuple[int, Mapping[str, int]]]  # midnight, decisions by code; oldest first


class Last(NamedTuple):
    """The newest decision of a code: its bar's open, what was done and why, and what was seen where that is kept."""

    code: str
    timestamp: int
    action: str
    reason: str
    indicators: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One code: how many `decisions` it has, the midnight before the newest of them, and that one (None: forgotten)."""

    code: str
    decisions: int
    last_day: int
    last: Last | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """The reasons of a strategy, most frequent first, of all bars that closed after `since` (Unix seconds).

    `uncounted`: decisions of older releases whose codes are gone. `ever`: the codes of its whole life; `newest`: that
    of its newest decision, None before the first. `warmup`: bars that it needs before an entry,
    None where its run does not say.
    """

    since: int
    found: list[Reason]
    uncounted: int
    ever: Mapping[str, int]
    newest: str | None
    warmup: int | None

    @property
    def decisions(self) -> int:
        """How many there were in all."""
        return self.uncounted + sum(each.decisions for each in self.found)


def reasons(db: Database, strategy_id: str, seconds: int, since: int = 0) -> Reasons:
    """The reasons of a known strategy, whose bars are so many `seconds` long, since a moment: since the midnight before
    it where rows of its day are gone.
    """
    with db.snapshot():
        days = [
            (row["timestamp"], json.loads(row["codes"])) for row in db.read("reasons_days", strategy_id=strategy_id)
        ]
        begin, counted = _since(db, strategy_id, days, seconds, since)
        rows = db.read("reasons_last", strategy_id=strategy_id, first=begin - seconds + 1)
        standing = db.read("reasons_newest", strategy_id=strategy_id)[0]
    ever, counts, last = _sum(days), _sum(counted), _last(rows, standing)
    last_days = {code: midnight for midnight, codes in counted for code in codes}
    found = [
        Reason(
            code=code, decisions=count, last_day=day, last=known if known and known.timestamp + seconds > day else None
        )
        for code, count in counts.most_common()
        for day, known in ((last_days[code], last.get(code)),)
    ]
    return Reasons(
        since=begin,
        found=found,
        uncounted=0 if since else max(0, standing["decided"] - ever.total()),
        ever=ever,
        newest=standing["code"],
        warmup=json.loads(standing["configuration"]).get("terms", {}).get("warmup"),
    )


def rows(found: Reasons) -> list[dict[str, Any]]:
    """A row for each code, and one for decisions whose codes are gone."""
    counted = [_row(each) for each in found.found]
    return [*counted, {"what": UNCOUNTED, "decisions": found.uncounted}] if found.uncounted else counted


def _row(each: Reason) -> dict[str, Any]:
    """A reason: `last_timestamp` and what follows are NULL where that decision is forgotten."""
    last = each.last
    return {
        "code": each.code,
        "what": plain(each.code),
        "decisions": each.decisions,
        "last_day_timestamp": each.last_day,
        "last_timestamp": last.timestamp if last else None,
        "action": last.action if last else None,
        "reason": last.reason if last else None,
        "indicators": json.dumps(dict(last.indicators)) if last else None,
    }


def _since(db: Database, strategy_id: str, days: Days, seconds: int, since: int) -> tuple[int, Days]:
    """The days after a moment, the one that it cuts counted from its rows; where some are gone, from its midnight."""
    midnight = since // DAY * DAY
    after = [(day, codes) for day, codes in days if day >= since]
    cut = [(day, codes) for day, codes in days if day == midnight < since]
    if not cut:
        return since, after
    span = {"first": midnight - seconds + 1, "last": midnight + DAY - seconds}
    rows = db.read("reasons_kept", strategy_id=strategy_id, **span)
    if len(rows) != _sum(cut).total():
        return midnight, [*cut, *after]
    return since, [(midnight, Counter(row["code"] for row in rows if row["timestamp"] + seconds > since)), *after]


def _sum(days: Days) -> Counter[str]:
    """Several days as one."""
    found: Counter[str] = Counter()
    for _, codes in days:
        found.update(codes)
    return found


def _last(rows: Sequence[Row], standing: Row) -> dict[str, Last]:
    """The newest decision of each code: those that are kept, and the newest of all, which is always known."""
    found = {row["code"]: _decision(row, json.loads(row["indicators"])) for row in rows}
    newest = None if standing["code"] is None else _decision(standing, {})
    if newest and (newest.code not in found or found[newest.code].timestamp < newest.timestamp):
        found[newest.code] = newest
    return found


def _decision(row: Row, indicators: Mapping[str, Any]) -> Last:
    return Last(row["code"], row["timestamp"], row["action"], row["reason"], indicators)
