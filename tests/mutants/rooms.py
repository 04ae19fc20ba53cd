"""Which sources are broken, by room, and which tests are asked: the fast ones of the room, unit tests first.

The breaks are those of tests/witness/mutations.py, which knows which names of the field are easily taken for another.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Room(NamedTuple):
    """Sources and tests, as globs from the root; `-` before a source leaves it out."""

    sources: Sequence[str]
    tests: Sequence[str]


ROOMS: Mapping[str, Room] = {
    "domain": Room(
        ("domain/*.py",),
        (
            "tests/unit/test_domain_*.py", "tests/unit/test_timeframes.py", "tests/unit/test_paths.py",
            "tests/unit/test_scalars.py", "tests/unit/test_clock_text.py", "tests/unit/test_kind_description.py",
            "tests/unit/test_turn_log.py", "tests/unit/test_counted.py",
            "tests/unit/test_output.py", "tests/unit/test_assumed.py", "tests/unit/test_catalogue.py",
            "tests/unit/test_dates.py", "tests/unit/test_numbers_within.py", "tests/unit/test_small_files.py",
            "tests/unit/test_foreign.py", "tests/unit/test_secrets.py",
        ),
    ),
    "strategies": Room(
        ("strategies/*.py",),
        (
            "tests/unit/test_indicator_*.py", "tests/unit/test_strategies.py", "tests/unit/test_rules.py",
            "tests/unit/test_rule_warnings.py", "tests/unit/test_column_strategies.py", "tests/unit/test_catalogue.py",
            "tests/unit/test_strategy_warnings.py", "tests/unit/test_candidates.py", "tests/unit/test_foreign.py",
            "tests/unit/test_lookahead_analysis.py", "tests/integration/test_kind_files.py",
        ),
    ),
    "leases": Room(
        ("db/fleet/leases.py", "db/fleet/workers.py"),
        ("tests/integration/test_leases.py", "tests/integration/test_db_workers.py"),
    ),
    "leases-sql": Room(
        ("db/fleet/fleet.sql", "db/fleet/views.sql"),
        (
            "tests/integration/test_leases.py", "tests/integration/test_db_workers.py",
            "tests/integration/test_db_controls.py",
        ),
    ),
    "trading": Room(
        ("db/trading/*.py",),
        (
            "tests/unit/test_db_retention.py", "tests/unit/test_db_stretch.py",
            "tests/integration/test_known_strategies.py", "tests/integration/test_stored_kinds.py",
            "tests/integration/test_trader_runs.py", "tests/integration/test_registration.py",
            "tests/integration/test_db_retention.py", "tests/integration/test_rebinding.py",
            "tests/integration/test_reset.py", "tests/integration/test_delisted.py",
            "tests/integration/test_partial_fills.py",
            "tests/integration/test_exact_money.py", "tests/integration/test_assignments.py",
            "tests/integration/test_totals.py",
        ),
    ),
    "trading-sql": Room(
        ("db/trading/*.sql",),
        (
            "tests/integration/test_known_strategies.py", "tests/integration/test_stored_kinds.py",
            "tests/integration/test_registration.py", "tests/integration/test_db_retention.py",
            "tests/integration/test_rebinding.py", "tests/integration/test_reset.py",
            "tests/integration/test_manual_orders.py", "tests/integration/test_trader_runs.py",
            "tests/integration/test_exact_money.py", "tests/integration/test_assignments.py",
            "tests/integration/test_totals.py",
        ),
    ),
    "trader": Room(
        ("trader/*.py",),
        (
            "tests/unit/test_assignment.py", "tests/unit/test_draining.py", "tests/unit/test_undecided.py",
            "tests/unit/test_active_strategies.py",
            "tests/unit/test_turn_log.py", "tests/unit/test_strategy_timings.py",
            "tests/unit/test_replay_stretches.py", "tests/integration/test_replay_walk.py",
            "tests/integration/test_assignments.py", "tests/integration/test_trader_worker.py",
            "tests/integration/test_trader_parts.py", "tests/integration/test_configuration_sync.py",
            "tests/integration/test_controls.py", "tests/integration/test_manual_orders.py",
            "tests/integration/test_delisted.py", "tests/integration/test_unsellable.py",
            "tests/integration/test_fair_share.py", "tests/integration/test_removed.py",
            "tests/integration/test_failed_series.py", "tests/integration/test_failing_exits.py",
            "tests/integration/test_assumed_markets.py", "tests/integration/test_replay.py",
        ),
    ),
}  # fmt: skip


def found(patterns: Sequence[str]) -> list[str]:
    """The files of these patterns, in their order; each matches something."""
    files = [sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(pattern)) for pattern in patterns]
    empty = [pattern for pattern, matched in zip(patterns, files, strict=True) if not matched]
    if empty:
        raise LookupError(f"tests/mutants/rooms.py: {', '.join(empty)}: no such file, name another")
    return [file for matched in files for file in matched]
