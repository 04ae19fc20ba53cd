"""What a person allows: pause, stop, exit, kill switch; at once, whoever trades, over restarts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from db.fleet import controls
from db.fleet.controls import Level
from db.sqlite.lock import WriteLock
from fleet import cli
from runtime import clock
from tests.kit.rows import rows
from tests.kit.series import at
from tests.trading import actions, assigned, feed, holding, ring
from trader.controls import apply_controls

NOW = 1000 * at(5)


@pytest.fixture
def room(tmp_path):
    """A trader with one strategy that holds since the bar 3."""
    with holding(tmp_path) as found:
        yield found


def order(db, level, *, reason="because"):
    """A person's wish."""
    controls.put(db, ["one"], [level], reason, clock.now_ms())


def test_a_paused_strategy_exits_but_does_not_enter(room):
    """The reason stands in the decision."""
    _, db, made = room
    order(db, Level.PAUSE)
    apply_controls(made, NOW)
    feed(db, 99, first=4)
    ring(made, 4)
    feed(db, 105, first=5)
    ring(made, 5)
    assert actions(db) == ["enter", "exit", "blocked"]
    assert rows(db, "select reason from decisions")[-1] == ("paused: because",)


def test_resuming(room):
    """It enters again."""
    _, db, made = room
    order(db, Level.PAUSE)
    apply_controls(made, NOW)
    controls.start(db, ["one"])
    apply_controls(made, NOW)
    for number, close in ((4, 99), (5, 105)):
        feed(db, close, first=number)
        ring(made, number)
    assert actions(db) == ["enter", "exit", "enter"]


def test_an_exit_sells_without_waiting_for_a_candle(room):
    """At the last decided close; no candle is decided by it, and it is done once."""
    _, db, made = room
    order(db, Level.EXIT)
    apply_controls(made, NOW)
    apply_controls(made, NOW)
    sells = rows(db, "select price, timestamp, filled_ms, late from trades where side = 'sell'")
    assert sells == [(100.94, at(3), NOW, 0)]
    assert actions(db) == ["enter"]
    assert controls.standing(db) == []
    assert rows(db, "select reason from orders where purpose = 'manual'") == [("because",)]
    feed(db, 101, first=4)
    assert ring(made, 4) == 1
    assert rows(db, "select cash + cost - 1000 - realised_pnl from positions")[0][0] == pytest.approx(0, abs=1e-9)


def test_a_stopped_strategy_is_let_go_once_flat(room):
    """Exits go on; then nobody holds its lease, also after a restart."""
    settings, db, made = room
    order(db, Level.STOP)
    apply_controls(made, NOW)
    assert set(made.active) == {"one"}
    feed(db, 99, first=4)
    ring(made, 4)
    apply_controls(made, NOW)
    assert made.active == {}
    assert made.claim() == set()
    again = assigned(settings, db, "second")
    apply_controls(again, NOW)
    assert again.active == {}
    controls.start(db, ["one"])
    apply_controls(again, NOW)
    assert again.claim() == {"one"}


def test_flat_positions_have_nothing_to_sell(room):
    """The order is gone all the same."""
    _, db, made = room
    feed(db, 99, first=4)
    ring(made, 4)
    order(db, Level.EXIT)
    apply_controls(made, NOW)
    assert len(rows(db, "select * from trades")) == 2
    assert controls.standing(db) == []


def test_a_disabled_strategy_can_be_sold(room):
    """It enters no more, but its position is not stuck: a person sells it, then it is let go."""
    _, db, made = room
    with db.write() as tx:
        tx.run("strategies_set_state", strategy_id="one", state="disabled", reason="failed")
        tx.run("strategies_changed")
    made.reload("one")
    order(db, Level.EXIT)
    apply_controls(made, NOW)
    assert made.active == {}
    feed(db, 105, first=4)
    assert ring(made, 4) == 0
    assert rows(db, "select side from trades order by trade_id") == [("buy",), ("sell",)]
    assert made.claim() == set()


def test_the_kill_switch_works_while_somebody_holds_the_lock(room, monkeypatch, capsys):
    """The file stands at once; that its mirror has to wait is told."""
    settings, db, _ = room
    monkeypatch.setattr(WriteLock.__init__, "__defaults__", (0.2,))
    with db.write():
        assert run(settings, "kill-switch", "on", "--reason", "news") == 0
    assert controls.halt_file(settings.database).exists()
    assert "could not be told" in capsys.readouterr().err
    assert controls.load(db)["fleet"].level is Level.REDUCING


def test_the_kill_switch_is_a_file_and_its_mirror(room):
    """On and off; the reason stands in both."""
    settings, db, _ = room
    controls.halt(db, "news", 1)
    assert controls.halt_file(settings.database).exists()
    assert controls.load(db)["fleet"].reason == "news"
    controls.release(db)
    assert not controls.halt_file(settings.database).exists()
    assert controls.standing(db) == []


def test_a_halt_file_made_by_hand_counts(room):
    """Without its row too; a person takes it back."""
    settings, db, _ = room
    controls.halt_file(settings.database).touch()
    assert "by hand" in controls.load(db)["fleet"].reason
    assert run(settings, "kill-switch", "off") == 0
    assert controls.standing(db) == []


HALTS = {
    "endless": lambda file: file.write_text('{"reason": "x", "since_ms": 1e400}'),
    "nanoseconds": lambda file: file.write_text('{"reason": "x", "since_ms": 1700000000000000000}'),
    "deep": lambda file: file.write_text("[" * 200_000),
    "nested": lambda file: file.write_text('{"since_ms": 1, "reason": ' + "[" * 900 + "]" * 900 + "}"),
    "half": lambda file: file.write_text('{"reason": "\\ud800", "since_ms": 1}'),
    "bytes": lambda file: file.write_bytes(b"\xff"),
    "pipe": os.mkfifo,
    "folder": lambda file: file.mkdir(),
    "device": lambda file: file.symlink_to("/dev/zero"),
    "nowhere": lambda file: file.symlink_to("nowhere"),
}


@pytest.mark.parametrize("kind", HALTS)
def test_a_halt_file_may_be_anything(room, kind):
    """It blocks entries by being there; traders and verbs go on, the exits too."""
    settings, db, made = room
    HALTS[kind](controls.halt_file(settings.database))
    for number, close in ((4, 99), (5, 105)):
        feed(db, close, first=number)
        ring(made, number)
    assert actions(db) == ["enter", "exit", "blocked"]
    assert run(settings, "status") in {0, 1}
    assert run(settings, "kill-switch", "on", "--reason", "news") == 0
    assert run(settings, "status") in {0, 1}
    assert "news" in controls.load(db)["fleet"].reason


def test_the_kill_switch_is_written_through_no_link(room):
    """What a link of its name leads to stays as it is."""
    settings, db, _ = room
    victim = settings.database.with_name("victim")
    victim.write_text("mine")
    controls.halt_file(settings.database).symlink_to(victim)
    assert run(settings, "kill-switch", "on", "--reason", "news") == 0
    assert victim.read_text() == "mine"
    assert controls.load(db)["fleet"].reason == "news"


def test_the_row_counts_where_the_file_is_gone(room):
    """A database that was moved or restored without it stays halted: a trader enters nothing, status says why."""
    settings, db, made = room
    controls.halt(db, "news", 1)
    controls.halt_file(settings.database).unlink()
    for number, close in ((4, 99), (5, 105)):
        feed(db, close, first=number)
        ring(made, number)
    assert actions(db) == ["enter", "exit", "blocked"]
    assert "news (in the database; trading.db.halt is gone)" in controls.load(db)["fleet"].reason
    assert run(settings, "kill-switch", "off") == 0
    assert controls.standing(db) == []


def test_the_file_keeps_the_reason(room):
    """Also where the database could not be told."""
    settings, db, _ = room
    controls.make_halt_file(settings.database, "news", 7)
    assert controls.load(db)["fleet"] == (Level.REDUCING, "news", 7)


def test_the_kill_switch_is_the_same_by_a_link(room):
    """On by the link, seen by whoever opened the file itself; off by the file."""
    settings, db, _ = room
    link = settings.database.with_name("alt") / "t.db"
    link.parent.mkdir()
    link.symlink_to("../trading.db")
    assert cli.main(["kill-switch", "on", "--config", str(settings.directory), "--database", str(link)]) == 0
    assert controls.load(db)["fleet"].level is Level.REDUCING
    assert run(settings, "kill-switch", "off") == 0
    assert [each.name for each in link.parent.iterdir()] == ["t.db"]


def test_a_database_that_cannot_be_opened_is_halted_all_the_same(room, capsys):
    """Of another schema: an older program may trade on it. The file counts."""
    settings, db, _ = room
    with db.write() as tx:
        tx.run("meta_write", key="schema_version", value="0")
    assert run(settings, "kill-switch", "on") == 0
    assert controls.halt_file(settings.database).exists()
    assert "could not be told" in capsys.readouterr().err


def test_a_broken_file_of_the_fleet_does_not_hide_the_database(room):
    """Its line is enough."""
    settings, db, _ = room
    (settings.directory / "fleet.yaml").write_text(f"series: {{\nany_filesystem: true\ndatabase: {settings.database}\n")
    assert cli.main(["kill-switch", "on", "--config", str(settings.directory)]) == 0
    assert "fleet" in controls.load(db)


def test_without_its_file_the_row_is_tried_and_the_status_is_bad(room, monkeypatch, capsys):
    """Not even an empty file can be made: loud, and 1."""
    settings, db, _ = room
    monkeypatch.setattr(controls, "halt_file", lambda path: path / "no folder")
    assert run(settings, "kill-switch", "on", "--reason", "news") == 1
    assert "file of the kill switch could not be made" in capsys.readouterr().err
    assert "news" in controls.load(db)["fleet"].reason


def test_a_second_name_of_the_database_stops_nobody_and_says_so(room, capsys):
    """Its file would stand beside the other name, where no trader looks."""
    settings, db, _ = room
    other = settings.database.with_name("other.db")
    other.hardlink_to(settings.database)
    assert cli.main(["kill-switch", "on", "--config", str(settings.directory), "--database", str(other)]) == 1
    assert "NOT on" in capsys.readouterr().err
    assert controls.standing(db) == []


def test_nobody_is_stopped_by_a_wrong_name(room, capsys):
    """No file is made where there is no database."""
    settings, _, _ = room
    words = ["kill-switch", "on", "--config", str(settings.directory), "--database", str(settings.database) + "x"]
    assert cli.main(words) == 2
    assert "nobody was stopped" in capsys.readouterr().err


def test_a_broken_configuration_holds_up_nobody_who_wants_to_stop(room):
    """Only the place of the database is read from it."""
    settings, db, _ = room
    (settings.directory / "strategies" / "0.yaml").write_text("strategy_id: {")
    (settings.directory / "fleet.yaml").write_text("any_filesystem: true\nseries: 7\n")
    assert run(settings, "kill-switch", "on") == 0
    assert run(settings, "pause", "one") == 0
    assert run(settings, "status") == 1  # its candles are old; 2 would be the configuration
    assert set(controls.load(db)) == {"fleet", "one"}


def run(settings, *words):
    """The command."""
    return cli.main([words[0], "--config", str(settings.directory), "--database", str(settings.database), *words[1:]])


def test_the_verbs(room, capsys):
    """As a person types them."""
    settings, db, _ = room
    assert run(settings, "pause", "one", "--reason", "holiday") == 0
    assert controls.load(db)["one"][:2] == (Level.PAUSE, "holiday")
    assert run(settings, "resume", "--all") == 0
    assert controls.standing(db) == []
    assert run(settings, "stop", "one", "--flatten") == 0
    assert [each.level for _, each in controls.standing(db)] == [Level.STOP, Level.EXIT]
    assert run(settings, "start", "one") == 0
    assert run(settings, "exit", "one") == 0
    assert run(settings, "kill-switch", "on", "--reason", "x") == 0
    assert run(settings, "kill-switch", "off") == 0
    assert run(settings, "pause", "nix") == 2
    assert run(settings, "pause") == 2
    assert "there are: one" in capsys.readouterr().err


def test_a_pause_of_all_takes_no_stop_back(room, capsys):
    """Nor does the end of that pause: who was stopped or disabled trades again when somebody starts it."""
    settings, db, _ = room
    run(settings, "stop", "one", "--reason", "exchange quits")
    assert run(settings, "pause", "--all", "--reason", "night") == 0
    assert "one stays stopped: exchange quits" in capsys.readouterr().out
    assert run(settings, "resume", "--all") == 0
    assert run(settings, "resume", "one") == 1
    assert "fleet start one" in capsys.readouterr().out
    assert controls.load(db)["one"][:2] == (Level.STOP, "exchange quits")
    run(settings, "start", "one")
    with db.write() as tx:
        tx.run("strategies_set_state", strategy_id="one", state="disabled", reason="failed")
        tx.run("strategies_changed")
    assert run(settings, "resume", "one") == 1
    assert "disabled" in capsys.readouterr().out
    run(settings, "kill-switch", "on")
    assert run(settings, "start", "one") == 0
    assert "one trades again once the kill switch is off" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["resume", "--all"], ["stop", "--all", "--flatten"]])
def test_what_is_ordered_is_done_before_it_is_told(room, words):
    """All of it, also where nobody can be told."""
    settings, db, _ = room
    run(settings, "pause", "one")
    places = ["--config", str(settings.directory), "--database", str(settings.database)]
    with Path("/dev/full").open("w") as full:
        line = [sys.executable, "-m", "fleet.cli", words[0], *places, *words[1:]]
        assert subprocess.run(line, stdout=full, stderr=subprocess.DEVNULL, check=False).returncode == 1
    assert [scope for scope, _ in controls.standing(db)] == (["one", "one"] if "stop" in words else [])


def test_an_order_to_sell_what_was_released_goes_away(room):
    """Nobody holds its lease any more: somebody takes it for as long as it takes to look."""
    _, db, made = room
    feed(db, 99, first=4)
    ring(made, 4)
    order(db, Level.STOP)
    apply_controls(made, NOW)
    assert made.active == {}
    order(db, Level.EXIT)
    apply_controls(made, NOW)
    made.claim()
    apply_controls(made, NOW)
    assert (made.active, [each.level for _, each in controls.standing(db)]) == ({}, [Level.STOP])


def test_status_says_who_is_held_back(room, capsys):
    """In the strategy's own row, and among the controls."""
    settings, _, _ = room
    run(settings, "stop", "one", "--reason", "holiday")
    run(settings, "kill-switch", "on", "--reason", "news")
    capsys.readouterr()
    run(settings, "status", "--format", "json")
    found = json.loads(capsys.readouterr().out)
    assert [row["state"] for row in found if row["section"] == "strategies"] == ["stopped"]
    told = [(row["scope"], row["level"], row["reason"]) for row in found if row["section"] == "controls"]
    assert told == [("fleet", "REDUCING", "news"), ("one", "stop", "holiday")]


def test_starting_takes_back_a_disabling(room):
    """A strategy that failed too often may try again."""
    settings, db, _ = room
    with db.write() as tx:
        tx.run("strategies_set_state", strategy_id="one", state="disabled", reason="failed")
        tx.run("strategies_changed")
    assert run(settings, "start", "one") == 0
    assert rows(db, "select state, state_reason from strategies") == [("active", None)]
