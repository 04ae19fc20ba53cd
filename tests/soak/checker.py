"""`python -m tests.soak.checker FOLDER`: everything that a soak left, judged. It shares no code with the product."""

import sys
from pathlib import Path

from tests.soak import check_logs, check_market, check_rights, check_trading
from tests.soak.facts import Facts

CHECKS = (*check_market.CHECKS, *check_rights.CHECKS, *check_trading.CHECKS, *check_logs.CHECKS)
SHOWN = 5  # violations of one kind that are printed


def violations(facts: Facts) -> dict[str, list[str]]:
    """By check, what is violated; every check is there."""
    return {check.__name__: list(check(facts)) for check in CHECKS}


def decision(found: dict[str, list[str]]) -> int:
    """Print it; the exit status."""
    for name, each in found.items():
        print(f"  {name.replace('_', ' ')}: {len(each)} violations")
        for line in each[:SHOWN]:
            print(f"    {line}")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(decision(violations(Facts.load(Path(sys.argv[1])))))
