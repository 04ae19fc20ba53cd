"""What others ask of the strategies that are known: who is configured, who holds something, who is on the way out."""

from pathlib import Path

import pytest

from db.trading import positions, strategies
from domain.candles import Series
from domain.errors import ConfigError
from tests.kit.rows import change, column, rows
from tests.kit.series import ETHER, HOURLY
from tests.trading import assigned, feed, high, opened, ring
from trader import registration

FILES = {"flat": ETHER, "gone": Series("binance", "SOL/USDT", "1h"), "held": HOURLY, "left": HOURLY}


@pytest.fixture
def db(tmp_path):
    """`held` and `left` hold something; `gone` and `left` are configured no more."""
    files = [high(name).replace("BTC/USDT", series.symbol) for name, series in FILES.items()]
    settings, found = opened(tmp_path, *files)
    with found:
        feed(found, 99, 98, 101)
        made = assigned(settings, found)
        ring(made, 2)
        made.release()
        change(found, "update strategies set enabled = 0 where strategy_id in ('gone', 'left')")
        yield found


def test_who_is_configured_and_who_holds(db):
    """The series of either, each once; those that are on the way out hold something and are configured no more."""
    assert strategies.enabled(db) == {ETHER, HOURLY}
    assert strategies.held(db) == {HOURLY}
    assert positions.holding(db) == {"held", "left"}
    assert strategies.known(db) == ["flat", "held", "left"]
    assert strategies.ids(db) == FILES.keys()


def test_a_strategy_as_its_last_run_was_configured(db):
    """Where it is configured or holds something; `held` says which."""
    found = {each.strategy_id: each for each in strategies.last_runs(db, (*FILES, "nobody"))}
    assert {each: (run.series, run.held) for each, run in found.items()} == {
        "flat": (ETHER, False),
        "held": (HOURLY, True),
        "left": (HOURLY, True),
    }
    assert strategies.draining(db) == [found["left"]]
    stored = rows(db, "select mode, kind, configuration from strategies natural join runs where strategy_id = 'left'")
    assert found["left"][2:5] == stored[0]


def test_what_every_trader_knows_of_all(db):
    """Runs and states; whoever remembers them hears that something has changed."""
    before = strategies.version(db)
    with db.write() as tx:
        tx.run("strategies_set_state", strategy_id="held", state="disabled", reason="failed")
        strategies.changed(tx)
    assert strategies.version(db) != before
    standing = {each.strategy_id: (each.run_id, each.active) for each in strategies.standing(db)}
    assert standing == {each: (f"{each}.1", each != "held") for each in FILES}


def test_a_state_is_set_of_one_and_forgets_its_failures(db):
    """Why it may only exit is still said of one whose state is as it was; another state says why it is so."""
    change(db, "update strategies set failures = 3, state_reason = 'broken' where strategy_id in ('held', 'flat')")
    said = []
    for state, reason in (("active", None), ("disabled", "failed"), ("disabled", "again"), ("active", None)):
        with db.write() as tx:
            tx.run("strategies_set_state", strategy_id="held", state=state, reason=reason)
        said += rows(db, "select state, state_reason, failures from strategies where strategy_id = 'held'")
    assert said == [("active", "broken", 0), ("disabled", "failed", 0), ("disabled", "failed", 0), ("active", None, 0)]
    assert rows(db, "select strategy_id from strategies where failures = 3") == [("flat",)]


def test_an_unknown_id_is_told_with_what_was_perhaps_meant(db):
    """And those that there are."""
    assert strategies.found(db, "gone")["symbol"] == "SOL/USDT"
    with pytest.raises(ConfigError, match=r"no strategy hold in .*; did you mean held\?"):
        strategies.found(db, "hold")
    with pytest.raises(ConfigError, match=r"there are: flat, gone, held, left$"):
        strategies.found(db, "xyz")


def test_why_one_was_disabled_is_not_written_over(db):
    """What is said of a file that does not fit is said of active strategies only, each by itself."""
    change(db, "update strategies set state = 'disabled', state_reason = 'failed' where strategy_id = 'held'")
    for name in ("held", "flat"):
        with db.write() as tx:
            tx.run("strategies_remark", strategy_id=name, reason="its file is broken")
    told = rows(db, "select strategy_id, state_reason from strategies where state_reason is not null order by 1")
    assert told == [("flat", "its file is broken"), ("held", "failed")]


def test_a_turn_that_went_well_forgets_what_failed_before_it(db):
    """The count and the error, either of which may stand alone; of one strategy. The limit itself is too many."""
    change(db, "update strategies set failures = 2, last_error = 'boom'")
    for name, what in (("held", "failures = 0"), ("gone", "last_error = null")):
        change(db, f"update strategies set {what} where strategy_id = '{name}'")
        with db.write() as tx:
            tx.run("strategies_went_well", strategy_id=name)
    found = "select strategy_id from strategies where failures = 0 and last_error is null order by 1"
    assert column(db, found) == ["gone", "held"]
    for name, limit in (("flat", 3), ("left", 2)):
        with db.write() as tx:
            tx.run("strategies_disable", strategy_id=name, limit=limit, reason="too many")
    assert column(db, "select strategy_id from strategies where state = 'disabled'") == ["left"]


@pytest.mark.parametrize(("count", "ends"), [(0, "there are: none"), (20, ", s19"), (23, ", s19 and 3 more")])
def test_of_many_ids_the_first_are_named(count, ends):
    """And how many more there are."""
    with pytest.raises(ConfigError, match=f"{ends}$"):
        strategies.refuse_unknown(["xyz"], {f"s{number:02}" for number in range(count)}, Path("trading.db"))


def test_registering_again_enables_what_was_gone(db, tmp_path):
    """Under the run that it had."""
    files = [high(name).replace("BTC/USDT", series.symbol) for name, series in FILES.items()]
    (tmp_path / "again").mkdir()
    settings, other = opened(tmp_path / "again", *files)
    other.close()
    registration.register(db, settings, 5)
    assert rows(db, "select distinct enabled, run_id = strategy_id || '.1' from strategies") == [(1, 1)]
