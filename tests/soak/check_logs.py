"""Did a worker stumble over itself? What it cannot help, a lock that is not to be had, is no mistake of its own."""

import json
from collections.abc import Iterator

from tests.soak.facts import Facts

HELPLESS = ("domain.errors.Unavailable", "domain.errors.DatabaseLost")


def no_turn_fails(facts: Facts) -> Iterator[str]:
    """No turn, look at the files or request ends in an exception that nobody has foreseen."""
    for file in sorted(facts.database.parent.glob("*.log")):
        for line in file.read_text(errors="replace").splitlines():
            said = json.loads(line) if line.startswith("{") and line.endswith("}") else {}
            raised = said.get("exception", "").strip().splitlines()
            if raised and not raised[-1].startswith(HELPLESS):
                yield f"{file.name} {said.get('time')}: {said.get('event')}: {raised[-1]}"
            elif "Traceback (most recent call last)" in line and not raised:
                yield f"{file.name}: a traceback outside of the log"


CHECKS = (no_turn_fails,)
