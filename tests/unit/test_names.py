"""Names that nobody would search for do not come back: neither as names of modules, nor in the code of the product.

A row is an old name and the one that took its place. Prose, strings and the names of files that users see are not read.
"""

import ast

import pytest

from tests.unit.test_architecture import HOUSE, MODULES

MODULE = {  # a file or package that was called so
    "absence": "backfiller/delisting.py",
    "accounts": "db/trading/positions.py",
    "apart": "runtime/isolated_process.py",
    "asleep": "runtime/sleep_time.py",
    "controlling": "fleet/strategy_controls.py",
    "course": "backfiller/schedule.py",
    "courses": "backfiller/exchange_schedules.py",
    "daylight": "backfiller/daylight_saving.py",
    "desk": "trader/assignments.py",
    "door": "strategies/light_pandas.py",
    "enrolment": "trader/configuration_sync.py",
    "explaining": "backfiller/explain_gaps.py",
    "farewell": "fleet/demo_summary.py",
    "fills": "domain/executions.py",
    "fit": "runtime/database_mismatch.py",
    "good": "runtime/last_good.py",
    "halting": "fleet/kill_switch.py",
    "house": "exchange/simulated/simulated_exchange.py",
    "inside": "fleet/in_container.py",
    "keeper": "backfiller/series_updater.py",
    "labels": "backfiller/file_names.py",
    "look": "trader/undecided.py",
    "manners": "exchange/capabilities.py",
    "obedience": "trader/controls.py",
    "part": "trader/time_slice.py",
    "proof": "runtime/candle_checks.py",
    "reach": "backfiller/exchange_health.py",
    "recall": "trader/draining.py",
    "remarks": "fleet/strategy_warnings.py",
    "roster": "trader/registration.py",
    "rule_doubts": "strategies/rule_warnings.py",
    "seat": "trader/active_strategy.py",
    "sift": "backfiller/validate.py",
    "spoilage": "exchange/simulated/candle_faults.py",
    "supply": "backfiller/series_fetcher.py",
    "telling": "trader/turn_log.py",
    "together": "backfiller/overlap.py",
    "walking": "trader/strategy_turn.py",
    "whereabouts": "fleet/fleet_location.py",
}
IDENTIFIER = {  # a class, function, argument, attribute or variable
    "Alone": "UnsharedPacer",
    "Course": "SeriesSchedule",
    "Courses": "ExchangeSchedules",
    "Doubts": "LookaheadFinding",
    "FollowedClock": "PacedClock",
    "Follower": "ExchangeBackfiller",
    "Heard": "ServerDate",
    "House": "SimulatedExchange",
    "Keeper": "SeriesUpdater",
    "Lossy": "LossyStream",
    "Manners": "Capabilities",
    "Reach": "ExchangeHealth",
    "Sifted": "ValidatedRows",
    "Silence": "NeverTrue",
    "Spoil": "FaultContext",
    "Spoiler": "CandleFault",
    "Supply": "SeriesFetcher",
    "Temper": "WalkParameters",
    "begun_anew": "reset",
    "courses": "schedules",
    "doubt": "reload_next_time",
    "here_only": "local_only",
    "lenient": "configured_or_last_good",
    "lively": "made_up_candles",
    "manners": "capabilities",
    "misfit": "mismatch",
    "mistaken": "wrong_spacing",
    "parting": "exit_status",
    "passable": "storable",
    "say_farewell": "say_summary",
    "sift": "validate",
    "sifted": "validated",
    "spoil": "context",
    "supply": "fetcher",
    "temper": "walk",
    "wherever": "in_container_if_remote",
}
FIELDS = ("name", "id", "attr", "arg", "asname", "module")  # of syntax nodes that hold a name


def identifiers(tree):
    """Every name that stands in a module's code, a dotted one in its parts."""
    for node in ast.walk(tree):
        found = [getattr(node, field, None) for field in FIELDS]
        found += getattr(node, "names", ()) if isinstance(node, ast.Global | ast.Nonlocal) else ()
        for name in found:
            yield from name.split(".") if isinstance(name, str) else ()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_old_names_are_gone(path):
    """Whoever brings one back is told what it is called now."""
    modules, code = {*path.relative_to(HOUSE).with_suffix("").parts}, {*identifiers(ast.parse(path.read_text()))}
    old = {name: MODULE[name] for name in MODULE.keys() & modules}
    old |= {name: IDENTIFIER[name] for name in IDENTIFIER.keys() & code}
    assert not old, f"{path.relative_to(HOUSE)}: these are called otherwise now: {old}"


@pytest.mark.parametrize("now", MODULE.values())
def test_what_took_the_place_of_a_module_is_there(now):
    """Else the table would lead nowhere."""
    assert (HOUSE / now).is_file()


@pytest.mark.parametrize(
    "text",
    [
        "import exchange.manners",
        "from exchange import manners as how",
        "def manners(): ...",
        "async def ask(*, manners): ...",
        "class Manners: ...",
        "each.manners.page = 7",
        "call(manners=1)",
        "global manners",
        "match found:\n    case manners: ...",
        "try: ...\nexcept OSError as manners: ...",
    ],
)
def test_a_name_is_seen_wherever_code_may_hold_it(text):
    """As a module, alias, function, argument, class, attribute, keyword, global, pattern or caught error."""
    assert {*identifiers(ast.parse(text))} & {"manners", "Manners"}


def test_prose_is_not_read():
    """A docstring may say manners, and so may what users see."""
    assert "manners" not in {*identifiers(ast.parse('"""Manners."""\nprint("manners")'))}
