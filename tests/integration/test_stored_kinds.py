"""What is remembered of the users' own kinds: by the digest of their file, the newest states of each."""

import pytest

from db.trading import plugin_kinds
from db.trading.plugin_kinds import KEPT, StoredKind, StoredWarmup
from tests.db_files import fresh
from tests.kit.rows import changes, column, rows


@pytest.fixture
def db(tmp_path):
    """A new database."""
    with fresh(tmp_path) as found:
        yield found


def kind(number, name="own"):
    """A state of a kind's file."""
    return StoredKind(f"{name}-{number}", name, f'{{"state": {number}}}')


def test_what_a_trader_has_kept_is_known_by_the_digest(db):
    """The description of the kind, and the warm-up of each set of parameters; of what nobody has run nothing."""
    plugin_kinds.keep(db, [kind(1)], [StoredWarmup("own-1", "{}", 30), StoredWarmup("own-1", '{"n": 2}', 40)], 1)
    assert [plugin_kinds.description(db, digest) for digest in ("own-1", "own-2")] == ['{"state": 1}', None]
    assert [plugin_kinds.warmup(db, "own-1", params) for params in ("{}", '{"n": 2}', "[]")] == [30, 40, None]
    assert plugin_kinds.warmup(db, "own-2", "{}") is None


def test_only_what_is_new_is_written(db):
    """Nothing where all is known; what has changed takes the place of what was known, and counts as of now."""
    known = [kind(1), kind(2)], [StoredWarmup("own-1", "{}", 30)]
    plugin_kinds.keep(db, *known, 1)
    before = changes(db)
    plugin_kinds.keep(db, *known, 2)
    assert changes(db) == before
    plugin_kinds.keep(db, [kind(1)._replace(description="[]"), kind(2)], [StoredWarmup("own-1", "{}", 31)], 3)
    assert (plugin_kinds.description(db, "own-1"), plugin_kinds.warmup(db, "own-1", "{}")) == ("[]", 31)
    assert rows(db, "select digest, stored_ms from plugin_kinds order by 1") == [("own-1", 3), ("own-2", 1)]
    plugin_kinds.keep(db, [kind(3)], [], 4)
    plugin_kinds.keep(db, [], [StoredWarmup("own-3", "{}", 5)], 5)
    assert (plugin_kinds.description(db, "own-3"), plugin_kinds.warmup(db, "own-3", "{}")) == ('{"state": 3}', 5)


def test_of_each_kind_the_newest_states_stay(db):
    """Older ones go with their warm-ups; those of another kind are as old as they like."""
    plugin_kinds.keep(db, [kind(0, "other")], [], 0)
    for number in range(KEPT + 2):
        plugin_kinds.keep(db, [kind(number)], [StoredWarmup(f"own-{number}", "{}", number)], 100 + number)
    kept = {f"own-{number}" for number in range(2, KEPT + 2)}
    assert set(column(db, "select digest from plugin_kinds")) == kept | {"other-0"}
    assert set(column(db, "select digest from plugin_warmups")) == kept
    assert KEPT == 10
