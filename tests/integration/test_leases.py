"""Claims and the lives of those who hold them: strategies and duties by the same code, over a real file."""

import pytest

from config.settings import Supervision
from db.fleet import events, leases, workers
from db.fleet.leases import Claim, Kind, Right
from db.fleet.workers import Worker
from db.sqlite.connection import connect, open_file
from db.sqlite.migrate import migrate
from db.statements import schema_version
from domain.errors import ConfigError, LeaseLost
from runtime import clock, heartbeat
from runtime.heartbeat import Heartbeat
from tests.integration.test_db_migrate import released
from tests.kit.rows import Error, rows
from tests.trading import living, run_out

NOW, LENGTH = 1_800_000_000_000, 6_000
DUTY = "backfill:kraken"


@pytest.fixture
def db(tmp_path):
    """A new database in which two workers live."""
    migrate(tmp_path / "trading.db", "simulated", any_filesystem=True)
    with connect(tmp_path / "trading.db", any_filesystem=True) as found:
        for name in ("one", "two"):
            begin(found, name)
        yield found


def begin(db, name, now_ms=NOW):
    """A worker lives from now on."""
    living(db, Worker(worker_id=name, room="backfiller", host="here", pid=1, started_ms=1), now_ms, LENGTH)


def taken(db, holder, now_ms=NOW):
    """What a holder gets of the duty."""
    return leases.claim(db, Kind.DUTY, [DUTY], holder, now_ms, LENGTH).get(DUTY)


def writes(db, holder, epoch, now_ms=NOW):
    """Whether a write under this right is not refused."""
    try:
        with db.write() as tx:
            leases.check(tx, Right(Kind.DUTY, DUTY, holder, epoch), now_ms)
    except LeaseLost:
        return False
    return True


def test_one_acts_and_the_other_takes_over_when_its_life_has_ended(db):
    """Under a new epoch; what the one before still writes is refused, and an event says who acts now."""
    assert (taken(db, "one"), taken(db, "two"), taken(db, "one")) == (Claim(1), None, Claim(1))
    assert (writes(db, "one", 1), writes(db, "two", 1), writes(db, "one", 2)) == (True, False, False)
    workers.end(db, ["one"])
    assert not writes(db, "one", 1)
    assert taken(db, "one") is None
    assert taken(db, "two") == Claim(2, "one")
    assert (writes(db, "one", 1), writes(db, "two", 2)) == (False, True)
    assert rows(db, "select code, holder, subject, epoch from events") == [("taken_over", "two", DUTY, 2)]
    assert rows(db, "select * from duties") == [(DUTY, "two", 2, NOW + LENGTH)]


def test_a_life_that_ran_out_gives_no_right(db):
    """Neither to write nor to claim, and it is not renewed; the other one takes over."""
    taken(db, "one")
    late = NOW + LENGTH
    assert not writes(db, "one", 1, late)
    assert not workers.beat(db, Worker(worker_id="one", room="b", host="h", pid=1, started_ms=1), late, LENGTH)
    assert taken(db, "one", late) is None
    begin(db, "two", late)
    assert taken(db, "two", late) == Claim(2, "one")


def test_what_is_given_back_is_nobodys_at_once(db):
    """It has no holder; who takes it next did not outlive anybody."""
    taken(db, "one")
    leases.give_up(db, Kind.DUTY, "two", [DUTY])
    assert writes(db, "one", 1)
    leases.give_up(db, Kind.DUTY, "one", [DUTY])
    assert rows(db, "select holder, epoch, expires_ms from duties") == [(None, 1, 0)]
    assert not writes(db, "one", 1)
    assert taken(db, "two") == Claim(2)
    assert rows(db, "select count(*) from events") == [(0,)]


def test_a_life_that_ends_later_than_any_can_holds_nothing(db):
    """It was written under a clock that has been set back."""
    begin(db, "one", NOW + 60_000)
    assert leases.claim(db, Kind.DUTY, [DUTY], "one", NOW + 60_000, LENGTH) == {DUTY: Claim(1)}
    assert leases.held(db, Kind.DUTY, NOW, LENGTH) == {}
    assert taken(db, "two") == Claim(2, "one")


def test_a_strategy_and_a_duty_of_one_name_are_two_claims(db):
    """Kinds are kept apart."""
    assert leases.claim(db, Kind.STRATEGY, [DUTY], "two", NOW, LENGTH) == {DUTY: Claim(1)}
    assert taken(db, "one") == Claim(1)
    assert rows(db, "select strategy_id, holder from leases") == [(DUTY, "two")]
    leases.release(db, "two")
    assert leases.held(db, Kind.DUTY, NOW, LENGTH) == {DUTY: "one"}
    assert leases.held(db, Kind.STRATEGY, NOW, LENGTH) == {}


def test_everybody_has_what_is_his_own(db):
    """By kind; what one gives back is nobody else's, and who holds nothing is no holder."""
    begin(db, "three")
    leases.claim(db, Kind.STRATEGY, ["s", "t"], "one", NOW, LENGTH)
    leases.claim(db, Kind.DUTY, ["s"], "two", NOW, LENGTH)
    for kind, name, found in ((Kind.STRATEGY, "one", {"s", "t"}), (Kind.DUTY, "one", set()), (Kind.DUTY, "two", {"s"})):
        assert (leases.held_by(db, kind, name), leases.count(db, kind, name)) == (found, len(found))
    assert [leases.holders(db, kind, NOW, LENGTH) for kind in (Kind.STRATEGY, Kind.DUTY)] == [{"one"}, {"two"}]
    assert rows(db, "select * from leases order by 1") == [(each, "one", 1, NOW + LENGTH) for each in ("s", "t")]
    assert rows(db, "select * from duties") == [("s", "two", 1, NOW + LENGTH)]
    leases.give_up(db, Kind.STRATEGY, "one", ["s"])
    leases.give_up(db, Kind.DUTY, "one", ["s", "t"])
    assert leases.held(db, Kind.STRATEGY, NOW, LENGTH) == {"t": "one"}
    leases.release(db, "one")
    assert leases.held(db, Kind.DUTY, NOW, LENGTH) == {"s": "two"}


def test_another_id_or_another_life_of_a_strategy_is_no_other_claims(db):
    """Its claim goes with it, or is vacated: neither a duty of its name nor another strategy's is touched."""
    leases.claim(db, Kind.STRATEGY, ["s", "t"], "one", NOW, LENGTH)
    leases.claim(db, Kind.DUTY, ["s", "u"], "two", NOW, LENGTH)
    with db.write() as tx:
        tx.run("claims_rename", old="s", new="u")
    assert leases.held(db, Kind.STRATEGY, NOW, LENGTH) == {"t": "one", "u": "one"}
    with db.write() as tx:
        tx.run("claims_vacate", kind=Kind.STRATEGY, claim="u")
    assert leases.held(db, Kind.STRATEGY, NOW, LENGTH) == {"t": "one"}
    assert leases.held(db, Kind.DUTY, NOW, LENGTH) == {"s": "two", "u": "two"}


def test_a_process_whose_life_ran_out_goes_on_under_another_name(db):
    """What it held is lost to it until it claims it anew."""
    now = clock.now_ms()
    with Heartbeat(db, heartbeat.worker("backfiller"), Supervision()) as beats:
        assert beats.beat({})
        before = beats.holder
        assert leases.claim(db, Kind.DUTY, [DUTY], before, now, beats.length_ms) == {DUTY: Claim(1)}
        run_out(db, before)
        beats.renew()
        assert beats.holder != before
        assert beats.former == {before}
        assert leases.count(db, Kind.DUTY, beats.holder) == 0
        assert leases.claim(db, Kind.DUTY, [DUTY], beats.holder, now, beats.length_ms) == {DUTY: Claim(2, before)}
        assert before not in [each.worker_id for each in workers.workers(db)]
    assert rows(db, "select expires_ms from duties") == [(0,)]


def test_events_are_forgotten_by_age(db):
    """Those before a moment; the newest are read first."""
    taken(db, "one")
    workers.end(db, ["one"])
    taken(db, "two")
    assert [each["code"] for each in events.newest(db, 5)] == ["taken_over"]
    assert (events.forget(db, NOW), events.forget(db, NOW + 1), events.forget(db, NOW + 1)) == (0, 1, 0)


BEFORE = """
insert into strategies (strategy_id, exchange, symbol, timeframe, mode, kind, quote, capital)
values ('held', 'b', 'A/B', '1h', 'paper', 'rsi', 'B', 1000), ('free', 'b', 'A/B', '1h', 'paper', 'rsi', 'B', 1000);
insert into leases values ('held', 'trader-1', 7, {ends}), ('free', 'trader-1', 3, 0);
insert into workers values ('trader-1', 'trader', 'h', 1, 1, 1, '{{"shares": true}}');
"""


def test_leases_of_the_release_before_are_kept_and_its_traders_fenced(tmp_path, monkeypatch):
    """Holder and epoch stay; a trader of it that still runs can neither write for a strategy, nor renew, nor beat."""
    path = released(tmp_path, monkeypatch, 8, BEFORE.format(ends=NOW + LENGTH))
    old = open_file(path, "rw")
    migrate(path, "real", any_filesystem=True)
    for refused in (
        "update leases set expires_ms = 1 where holder = 'trader-1'",
        "insert into workers values ('trader-1', 'trader', 'h', 1, 1, 2, '{}')",
        "update positions set trailing = 1",
    ):
        with pytest.raises(Error, match=r"view|trailing"):
            old.execute(refused)
    right = "select holder, epoch, expires_ms from leases where strategy_id = 'held'"
    assert [tuple(row) for row in old.execute(right).fetchall()] == [("trader-1", 7, 0)]
    old.close()
    with connect(path, any_filesystem=True) as db:
        begin(db, "two")
        found = leases.claim(db, Kind.STRATEGY, ["held", "free"], "two", NOW, LENGTH)
        assert found == {"held": Claim(8, "trader-1"), "free": Claim(4)}


@pytest.mark.parametrize(("ahead", "refused"), [(0, False), (1, True)])
def test_a_newer_schema_is_written_where_it_allows_that(db, ahead, refused):
    """`meta.writable_from` is the oldest schema whose programs may go on while the next release starts."""
    newer = {"schema_version": schema_version() + 1, "writable_from": schema_version() + ahead}
    with db.write() as tx:
        for key, value in newer.items():
            tx.run("meta_write", key=key, value=str(value))
    if refused:
        with pytest.raises(ConfigError, match="update the program"):
            connect(db.path, any_filesystem=True)
    else:
        with connect(db.path, any_filesystem=True) as other:
            assert taken(other, "one") == Claim(1)
