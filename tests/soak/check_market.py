"""Was a candle lost, doubled, changed, or explained by something that is not true?"""

from collections.abc import Iterator

from tests.soak.facts import Facts, seconds

EXPECTED = {"no_trades", "outage", "not_offered", "before_listing", "delisted"}  # causes that are believed for good


def file_is_sound(facts: Facts) -> Iterator[str]:
    """SQLite finds nothing wrong, and no reference dangles."""
    for row in facts.rows("pragma integrity_check"):
        if row["integrity_check"] != "ok":
            yield row["integrity_check"]
    yield from (f"dangling: {row}" for row in facts.rows("pragma foreign_key_check"))


def candles_are_the_exchanges(facts: Facts) -> Iterator[str]:
    """Every stored candle is the closed bar that the exchange serves, to the last digit."""
    for series, bars in facts.stored.items():
        for opened, bar in bars.items():
            true = facts.truth.get(series, {}).get(opened)
            if true != bar:
                yield f"{series} {opened}: stored {bar}, the exchange says {true}"


def nothing_is_missing(facts: Facts) -> Iterator[str]:
    """Between the oldest and the newest, every bar is stored or in a gap, never both."""
    for series, bars in facts.stored.items():
        for opened in range(min(bars), max(bars) + 1, seconds(series.split()[2])):
            if (opened in bars) == (opened in facts.gaps[series]):
                yield f"{series} {opened}: {'stored and in a gap' if opened in bars else 'neither stored nor in a gap'}"


def causes_are_true(facts: Facts) -> Iterator[str]:
    """No bar that the exchange serves is explained away, and after a quiet minute none is still to be fetched."""
    for series, gaps in facts.gaps.items():
        bars = facts.stored[series]
        for opened, cause in gaps.items():
            if opened in facts.truth.get(series, {}) and (cause in EXPECTED or min(bars) < opened < max(bars)):
                yield f"{series} {opened}: {cause}, but the exchange serves it"


def nothing_was_stored_unfinished(facts: Facts) -> Iterator[str]:
    """The exchange of a soak corrects nothing: a revision means that a bar was stored before it had closed."""
    for row in facts.rows("select * from ohlcv_revisions"):
        yield f"{row['exchange']} {row['symbol']} {row['timeframe']} {row['timestamp']}: was stored with other values"


CHECKS = (file_is_sound, candles_are_the_exchanges, nothing_is_missing, causes_are_true, nothing_was_stored_unfinished)
