"""`python -m tests.witness`: the cases of the suite, cases by seed, or breaks of the product that must be noticed."""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import DATA
from tests.witness import breaks, drawn
from tests.witness.case import Case
from tests.witness.cases import CASES
from tests.witness.product import quiet
from tests.witness.running import compared


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.witness", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of recorded candles")
    parser.add_argument("--case", action="append", choices=CASES, help="only this case of the suite (repeatable)")
    parser.add_argument("--breaks", type=int, help="break the product so often, drawn by the seed, and walk each time")
    parser.add_argument("--seed", type=int, help="cases drawn from this seed on, instead of the suite's")
    parser.add_argument("--count", type=int, default=10, help="how many cases by seed")
    parser.add_argument("--bars", type=int, default=1000, help="candles of a case by seed")
    return parser.parse_args()


def chosen(given: argparse.Namespace) -> Iterator[Case]:
    """The cases that were asked for."""
    if given.seed is not None:
        yield from (drawn.case(given.data, given.seed + place, given.bars) for place in range(given.count))
    else:
        yield from (CASES[name](given.data) for name in given.case or CASES)


def main() -> int:
    """Walk, or break and walk; 1 with the first differences of the first case that differs."""
    given = arguments()
    quiet()
    return broken(given) if given.breaks else walk(given)


def broken(given: argparse.Namespace) -> int:
    """Break the product again and again; 1 where a break that matters was not noticed."""
    chosen, survived = breaks.drawn(given.seed or 1, given.breaks), 0
    walked = breaks.walks(CASES[name](given.data) for name in given.case or breaks.WALKED)
    for area, each in chosen:
        before, after = breaks.lines(each)
        judged = breaks.judged(each)
        why = "" if judged else breaks.noticed(each, walked)
        survived += not judged and not why
        verdict = f"judged: {judged}" if judged else f"caught: {why}" if why else "survived: NOT NOTICED"
        print(f"{area} {each.file}:{each.line}: {before}  ->  {after}\n    {verdict}", flush=True)
    print(f"{len(chosen)} breaks, {survived} not noticed")
    return 1 if survived else 0


def walk(given: argparse.Namespace) -> int:
    """Walk the cases; 1 where one differs."""
    counts = Counter[str]()
    for case in chosen(given):
        with tempfile.TemporaryDirectory() as folder:
            found = compared(case, Path(folder))
        counts += found.counts
        print(f"{case.name}: {'agrees' if not found.differences else 'differs'}", flush=True)
        if found.differences:
            print(*found.differences[:10], sep="\n")
            return 1
    print(f"compared: {', '.join(f'{count} {what}' for what, count in counts.items())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
