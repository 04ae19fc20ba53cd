"""`make mutants`: mutants of each room by seed, those that survive by name, and the score of each room."""

import argparse
import sys

from tests.mutants.killing import drawn, passed, survives, told, tree_of
from tests.mutants.rooms import ROOMS, found


def score(room: str, seed: int, count: int) -> tuple[int, int]:
    """How many of the mutants of a room were killed, of how many."""
    chosen, tests, killed = drawn(room, seed, count), found(ROOMS[room].tests), 0
    with tree_of(room) as tree:
        if not passed(tree, tests):
            raise SystemExit(f"{room}: its own tests fail over the product as it is, and would kill every mutant")
        for broken in chosen:
            if survives(tree, broken, tests):
                print(f"  survives: {told(broken)}", flush=True)
            else:
                killed += 1
    return killed, len(chosen)


def main() -> int:
    """Print the scores; 1 where a room has less than 85 of 100."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20, help="mutants of each room")
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(ROOMS)}; all unless named")
    given = parser.parse_args()
    short = 0
    for room in given.rooms or ROOMS:
        killed, of = score(room, given.seed, given.count)
        print(f"{room}: {killed} of {of} killed, {100 * killed / of:.0f} %", flush=True)
        short += killed < 0.85 * of
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
