"""`python -m benchmarks [NAME]...`: print the figures; all of them without a name.

`python -m benchmarks growth --renew`: the figures of growth become those of the last release.
"""

import platform
import sys
import tempfile
from pathlib import Path

from benchmarks import (
    crowd,
    failover,
    growth,
    ingest,
    latency,
    logs,
    memory,
    reads,
    replay,
    reports,
    requests,
    start,
    turns,
    writers,
)
from benchmarks.measure import fsync_ms

ALL = {
    "ingest": ingest.run,
    "reads": reads.run,
    "reports": reports.run,
    "writers": writers.run,
    "turns": turns.run,
    "growth": growth.run,
    "latency": latency.run,
    "replay": replay.run,
    "memory": memory.run,
    "requests": requests.run,
    "failover": failover.run,
    "crowd": crowd.run,
    "logs": logs.run,
    "start": start.run,
}


def main() -> int:
    """Run what was asked for, the machine's own figures first."""
    if sys.argv[1:] == ["growth", "--renew"]:
        growth.run(renew=True)
        return 0
    names = sys.argv[1:] or list(ALL)
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(ALL)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        print(f"{platform.platform()}, Python {platform.python_version()}, fsync {fsync_ms(Path(folder)):.2f} ms")
    for name in names:
        ALL[name]()
    return 0


if __name__ == "__main__":  # processes that benchmarks start import this module too
    sys.exit(main())
