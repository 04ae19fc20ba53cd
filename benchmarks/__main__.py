"""`python -m benchmarks [NAME]...`: print the figures; all of them without a name.

`python -m benchmarks growth --renew`: the figures of growth become those of the last release.
"""

import argparse
import platform
import sys
import tempfile
from contextlib import suppress
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
from runtime.ctrl_c import INTERRUPTED

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
    parser = _parser()
    options = parser.parse_args()
    unknown = [name for name in options.name if name not in ALL]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(ALL)}")
    if options.renew and options.name != ["growth"]:
        parser.error("--renew belongs to growth: python -m benchmarks growth --renew")
    with tempfile.TemporaryDirectory() as folder:
        print(f"{platform.platform()}, Python {platform.python_version()}, fsync {fsync_ms(Path(folder)):.2f} ms")
    for name in options.name or ALL:
        growth.run(renew=True) if options.renew else ALL[name]()
    return 0


def _parser() -> argparse.ArgumentParser:
    """The command line; its help says what each benchmark is about, in its own words."""
    docs = {name: sys.modules[run.__module__].__doc__ or "" for name, run in ALL.items()}
    told = "\n".join(f"  {name:10} {doc.splitlines()[0]}" for name, doc in docs.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog=told,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="*", metavar="NAME", help="what to measure (default: all)")
    parser.add_argument("--renew", action="store_true", help="of growth: its figures become those of the last release")
    return parser


if __name__ == "__main__":  # processes that benchmarks start import this module too
    with suppress(KeyboardInterrupt):
        sys.exit(main())
    sys.exit(INTERRUPTED)
