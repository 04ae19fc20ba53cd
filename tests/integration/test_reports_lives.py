"""Every column of both reports against the definition, over lives that were drawn: whole, and from any moment on."""

import random

import pytest

from db.reading import reports
from db.sqlite.connection import connect_readonly
from db.trading import retention
from tests.definition import DAY, Definition, differing
from tests.kit.rows import rows
from tests.kit.series import START
from tests.lives import Life

SEEDS = range(8)
BRIEF = "retention: { decisions: 0 }\n"


@pytest.fixture(scope="module", params=SEEDS)
def life(request, tmp_path_factory):
    """A life of three strategies over some weeks."""
    return Life(tmp_path_factory.mktemp("life"), request.param, ("4h", "1h", "1d")[request.param % 3]).walk(250)


def moments(life):
    """None for the whole life, then before it, midnights and moments within days, and after it."""
    draw = random.Random(life.now)
    inside = [draw.randrange(START, life.now) for _ in range(6)]
    return [None, START - DAY, *(each // DAY * DAY for each in inside), *inside, life.now + 5 * DAY]


def test_every_column_of_every_strategy(life):
    """Whole, and from moments on."""
    for since in moments(life):
        history = Definition(life.path, since)
        with connect_readonly(life.path) as db:
            if since is not None:
                reports.narrow(db, since=since)
            found = {row["strategy_id"]: row for row in reports.rows(db, "strategy_performance")}
        assert found.keys() >= life.levels.keys()
        wrong = {one: differing(row, history.strategy(one)) for one, row in found.items()}
        assert {one: each for one, each in wrong.items() if each} == {}, since


def test_every_column_of_every_run(life):
    """Whole, and from moments on."""
    for since in moments(life):
        history = Definition(life.path, since)
        with connect_readonly(life.path) as db:
            if since is not None:
                reports.narrow(db, since=since)
            found = {row["run_id"]: row for row in reports.rows(db, "run_performance")}
        assert found.keys() == history.runs.keys()
        wrong = {run_id: differing(row, history.run(run_id)) for run_id, row in found.items()}
        assert {run_id: each for run_id, each in wrong.items() if each} == {}, since


def report(path, since=None):
    """Both reports as they are printed, and the moment from which they count."""
    with connect_readonly(path) as db:
        begin = None if since is None else reports.narrow(db, since=since)
        views = ("strategy_performance", "run_performance")
        return begin, [tuple(row) for view in views for row in reports.rows(db, view)]


def test_decisions_that_did_nothing_need_no_row(tmp_path):
    """Of two equal lives, one without such rows: both report the same, that one from midnight instead of noon."""
    full, brief = (Life(tmp_path / name, 7, more=more).walk(200) for name, more in (("full", ""), ("brief", BRIEF)))
    assert {str(row[0]) for row in rows(brief.db, "select distinct action from decisions")} == {"enter", "exit"}
    midnight = START // DAY * DAY + 20 * DAY
    assert report(brief.path) == report(full.path)
    assert report(brief.path, midnight) == report(full.path, midnight)
    assert report(brief.path, midnight + 50_000) == report(full.path, midnight)


def test_no_thinning_moves_a_report(tmp_path):
    """Whole, from any midnight on, and from a day's noon if it is not thinned yet."""
    life = Life(tmp_path, 11, "1h").walk(900)
    midnights = range(START // DAY * DAY, life.now, 3 * DAY)
    noon = life.now // DAY * DAY - DAY + 40_000
    before = [report(life.path), *(report(life.path, each) for each in [*midnights, noon])]
    thinned = 0
    while (step := retention.step(life.db, 1000 * life.now, 3, 3)) and not step.done:
        thinned += step.equity
    assert thinned + step.equity > 100
    assert [report(life.path), *(report(life.path, each) for each in [*midnights, noon])] == before
    assert report(life.path, midnights[5] + 40_000) == report(life.path, midnights[5])
