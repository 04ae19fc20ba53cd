"""`fleet init`: a folder to start in. Asks nothing, overwrites nothing."""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from domain.errors import ConfigError
from domain.file_errors import translated
from domain.text import counted
from fleet import release
from runtime.command import WIDEST
from runtime.output import prose, say, width_of

PACKAGES = Path(__file__).resolve().parents[1]  # a checkout, or wherever a wheel was installed
CONFIG, STARTER = PACKAGES / "config", Path(__file__).resolve().parent / "starter"
SHIPPED = ("btc-rsi", "btc-trend", "eth-macd", "eth-rules", "kraken-trend", "sol-scalping")  # none of a user's own
CONFIGURATION = ("fleet.yaml", *(f"strategies/{name}.yaml" for name in SHIPPED), "schema/*.json")
NAMES = {
    "compose.yml": "docker-compose.yml",
    "env": ".env.example",
    "gitignore": ".gitignore",
}  # hidden ones are easily lost


def init(options: argparse.Namespace) -> int:
    """Make the folder, and say what to type next. Raises ConfigError, and writes nothing, where anything is there."""
    folder: Path = options.folder
    found = dict(files())
    with translated(folder):
        taken = sorted({name.partition("/")[0] for name in found if os.path.lexists(folder / name.partition("/")[0])})
        if taken:
            raise ConfigError(
                f"{folder}: nothing was written, because nothing is overwritten: there already: {', '.join(taken)}. "
                "Name a new folder, such as `fleet init my-fleet`"
            )
        for name, text in found.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("x", encoding="utf-8") as file:
                file.write(text)
    _say_next_steps(folder, list(found))
    return 0


def files() -> Iterator[tuple[str, str]]:
    """The files of a new folder by their names in it: the configuration as it is shipped, and what goes with it."""
    for pattern in CONFIGURATION:
        for file in sorted(CONFIG.glob(pattern)):
            yield f"config/{file.relative_to(CONFIG)}", file.read_text(encoding="utf-8")
    for name, called in NAMES.items():
        yield called, (STARTER / name).read_text(encoding="utf-8")


def _say_next_steps(folder: Path, names: list[str]) -> None:
    """What was made, and what to type next."""
    strategies = counted(sum(name.startswith("config/strategies/") for name in names), "strategy")
    there = [] if folder.resolve() == Path.cwd() else [f"  cd {folder}"]
    documents = release.documents()
    lines = [
        f"{folder}: config/fleet.yaml, {strategies} in config/strategies/, {', '.join(NAMES.values())}",
        "",
        "Next:",
        *there,
        "  fleet validate     what is wrong in config/, and what the exchanges do not list",
        "  fleet up           real exchanges, public data, paper money; until Ctrl-C",
        "  fleet status       what workers, series and strategies are doing",
        "  fleet report       how every strategy performed",
        "",
        "One file in config/strategies/ is one strategy: change them, delete them, add yours.",
        "docker-compose.yml runs the same fleet in containers, and says in its first lines where the image comes from.",
        *([f"The documents are in {documents}."] if documents else []),
    ]
    say(prose("\n".join(lines), width_of(sys.stdout) or WIDEST))
