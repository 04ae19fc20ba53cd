"""The command line of the simulated exchange."""

import argparse
import json
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from domain import clock_text, dates
from domain.small_files import text_of
from exchange.simulated.clock import real_ms
from exchange.simulated.faults import KEYS, TABLE, Fault, parse
from exchange.simulated.server import DIALECTS, Simulator, SimulatorConfig

LOG = logging.getLogger("simulator")


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Exit status 0 when stopped so, 1 when it could not listen, 2 when used wrongly."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        simulator = Simulator(_config(arguments))
        if arguments.clock is not None:
            _keep_clock(simulator, arguments.clock)
    except (ValueError, OSError) as exc:
        LOG.error("%s", exc)  # noqa: TRY400 (a message for a person)
        return 2
    try:
        url = simulator.start()
    except OSError as exc:
        LOG.error("cannot listen: %s", exc)  # noqa: TRY400 (a message for a person)
        return 1
    print(json.dumps({"url": url, **simulator.clock.triple()}), flush=True)
    LOG.info("listening at %s for %s", url, ", ".join(DIALECTS))
    received = signal.sigwait(signals)
    LOG.info("stopped by %s", signal.Signals(received).name)
    simulator.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m exchange.simulated",
        description="Simulates the public REST interfaces of " + ", ".join(DIALECTS) + " on one port.",
        epilog="Its first line on stdout is JSON: url, and the clock as start, origin and speed.\n\nfaults:\n"
        + "\n".join(f"  {name:<11} {meaning}" for name, meaning in TABLE.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one (%(default)s)")
    parser.add_argument(
        "--start", type=_date, metavar="DATE", help="candle time to begin at: 2025-01-01, 2025-01-01 12:00, 7d"
    )
    parser.add_argument(
        "--speed", type=float, default=1.0, help="candle seconds per real second; 0 stands still (%(default)s)"
    )
    parser.add_argument(
        "--clock",
        type=Path,
        metavar="FILE",
        help="keep the clock in this file; where it is there already, go on from it",
    )
    parser.add_argument(
        "--follow", type=Path, metavar="FILE", help="show what this file says of the clock, which another process paces"
    )
    parser.add_argument("--seed", type=int, default=1, help="makes walks and faults repeatable (%(default)s)")
    parser.add_argument(
        "--replay",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="PATH",
        help="serve EXCHANGE__BASE-QUOTE__TIMEFRAME.csv[.gz] files, or folders of them, instead of a walk",
    )
    parser.add_argument(
        "--rate-limit",
        type=_rate,
        action="append",
        default=[],
        metavar="EXCHANGE=N",
        help="answer 429 to more than N requests per second",
    )
    parser.add_argument(
        "--fault",
        type=_fault,
        action="append",
        default=[],
        metavar="NAME[:EXCHANGE][,KEY=VALUE…]",
        help=f"have a fault from the start; keys are {', '.join(KEYS)}; names below",
    )
    return parser


def _config(arguments: argparse.Namespace) -> SimulatorConfig:
    return SimulatorConfig(
        port=arguments.port,
        host=arguments.host,
        start=arguments.start,
        speed=arguments.speed,
        seed=arguments.seed,
        replay=tuple(arguments.replay),
        faults=tuple(arguments.fault),
        rate_limit=dict(arguments.rate_limit),
        follow=arguments.follow,
    )


def _keep_clock(simulator: Simulator, file: Path) -> None:
    """Let a restarted exchange show the time that it would show had it never stopped. Raises ValueError, OSError."""
    if file.exists():
        clock = simulator.clock
        kept = clock_text.parse(text_of(file))
        clock.start_ms, clock.origin_ms, clock.speed = kept.start_ms, kept.origin_ms, kept.speed
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=file.parent, prefix=file.name, delete=False) as part:  # its owner's only
        part.write(json.dumps(simulator.clock.triple()))
    Path(part.name).replace(file)


def _date(text: str) -> int:
    """Unix seconds of a date that somebody has typed."""
    try:
        return dates.parse(text).at(real_ms() // 1000)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{text!r} {exc}") from exc


def _fault(text: str) -> Fault:
    try:
        return parse(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(str(exc)) from exc


def _rate(text: str) -> tuple[str, float]:
    """``binance=10``."""
    name, _, rate = text.partition("=")
    if name not in DIALECTS:
        raise argparse.ArgumentTypeError(f"{name!r} is not simulated: use one of {', '.join(DIALECTS)}")
    return name, float(rate)
