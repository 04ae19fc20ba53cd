"""`fleet schema`: the JSON Schema of the files, the kinds of one's own included."""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from config import files, json_schema, load
from domain.kinds import Kind
from runtime.output import say, warn
from runtime.plugin_kinds import DescribedKinds
from strategies import kinds

FILES = ("fleet", "strategy")


def schema(options: argparse.Namespace) -> int:
    """Print the schema of one file, or of both by their names; 1 where a plugin could not be read."""
    troubles: list[str] = []
    with DescribedKinds() as described:
        known = kinds.SHIPPED if options.file == "fleet" else _kinds(options.config, described.define, troubles)
        both = {"fleet": json_schema.fleet(), "strategy": json_schema.strategy(known)}
    found: Any = (
        both[options.file] if options.file else {"fleet.yaml": both["fleet"], "strategies/*.yaml": both["strategy"]}
    )
    say(json.dumps(found, indent=2, ensure_ascii=False))
    for trouble in troubles:
        warn(trouble)
    return 1 if troubles else 0


def _kinds(directory: Path, define: Callable[[Path], Kind], troubles: list[str]) -> Mapping[str, Kind]:
    """The kinds that a configuration knows, whatever else is wrong with it: the shipped ones where there is none."""
    found: list[Mapping[str, Kind]] = []

    def survey(plugins: Iterable[Path]) -> Mapping[str, Kind]:
        known, wrong = kinds.survey(plugins, define)
        troubles.extend(wrong)
        found.append(known)
        return known

    load.reading(files.read(directory), survey)
    return found[0]
