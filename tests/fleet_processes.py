"""Workers as processes of their own, with their logs beside them."""

import json
import resource
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from config import environment
from config.settings import Settings

HEARS_CTRL_C = {"preexec_fn": partial(signal.signal, signal.SIGINT, signal.SIG_DFL)}  # also where the tests ignore it
LEAPING = Path(__file__).parent / "leaping"  # Python starts with what is there: a machine's clock that can be set


def begin(settings: Settings, room: str, name: str = "", **overrides: str) -> "subprocess.Popen[bytes]":
    """`python -m ROOM`; its log is kept under `name` (the room's without), one after the other."""
    variables = environment.child(settings.directory, settings.database, **overrides)
    variables |= {"PYTHONPATH": str(LEAPING), "TEST_CLOCK": str(machine_clock(settings))}
    with log_file(settings, name or room).open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", room], env=variables, stderr=log)


def command(settings: Settings, *words: str, full: bool = False) -> "subprocess.CompletedProcess[str]":
    """The `fleet` command, as a person types it, on this fleet, run to its end; `full`: it can write no byte, as on a
    full disk.
    """
    before = _no_byte if full else None
    return subprocess.run(spelled(settings, *words), capture_output=True, text=True, check=False, preexec_fn=before)


def _no_byte() -> None:
    """Let this process write no file."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def spelled(settings: Settings, *words: str) -> list[str]:
    """The words of the `fleet` command on this fleet: the verb first."""
    which = ["--config", str(settings.directory), "--database", str(settings.database)]
    return [str(Path(sys.executable).with_name("fleet")), words[0], *which, *words[1:]]


def machine_clock(settings: Settings) -> Path:
    """The file by whose seconds the machine's clock is wrong for these processes; without it the clock is right."""
    return settings.database.with_name("machine.clock")


def log_file(settings: Settings, name: str) -> Path:
    """Where a process logs."""
    return settings.database.with_name(f"{name}.log")


def events(settings: Settings, name: str, event: str) -> list[dict[str, Any]]:
    """What a process has told under this name, oldest first."""
    lines = log_file(settings, name).read_text().splitlines()
    found = [json.loads(line) for line in lines if line.startswith("{")]
    return [each for each in found if each["event"] == event]
