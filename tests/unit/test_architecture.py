"""The shape of the house: who may import whom, which library lives where, and how modules look."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
FLOORS = (
    ("fleet",),
    ("backfiller", "trader"),
    ("runtime",),
    ("config", "strategies", "db", "exchange"),
    ("domain",),
)
ROOMS = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
HOME = {
    "ccxt": {"exchange"},
    "aiohttp": {"exchange"},
    "apsw": {"db"},
    "pysqlite3": set(),
    "sqlite3": set(),
    "sqlite_utils": set(),
    "pyarrow": {"db"},
    "pandas_ta": {"strategies"},
    "talib": {"strategies"},
    "pandas": {"strategies"},
    "yaml": {"config"},
    "numpy": {"db", "exchange", "strategies", "backfiller"},
    "structlog": {"runtime", "backfiller", "trader", "fleet"},
    "rich": {"backfiller", "fleet", "runtime"},
    "argcomplete": {"fleet"},
    "docker": {"fleet"},
    "plotext": {"fleet"},
}
ENGINE = {  # what reaches around `db.opened`, and why
    "db/__init__.py": "opens",
    "db/fleet/controls.py": "the kill switch's file",
    "db/reading/excerpt.py": "the note of whose database it is",
    "db/reading/query.py": "a person's own SQL, confined",
    "fleet/backups.py": "backups and restoring",
    "fleet/chart.py": "files of our own",
    "fleet/demo.py": "files of our own",
    "fleet/fleet_location.py": "a file that is gone",
    "fleet/kill_switch.py": "the kill switch's file",
    "fleet/logs.py": "logs lie beside the file",
    "fleet/pacing.py": "files of our own",
    "fleet/release.py": "names the library",
    "fleet/replaying.py": "files of our own",
    "fleet/up.py": "logs lie beside the file",
    "runtime/agreement.py": "files of our own",
    "runtime/log_file.py": "files of our own",
}
FORBIDDEN = re.compile(r"manager|helper|utils?$|^process_|^handle_|^get_", re.IGNORECASE)
MODULES = sorted(path for room in ROOMS for path in (HOUSE / room).rglob("*.py"))


def names(path):
    """The modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def room(path):
    """The room a file is in."""
    return path.relative_to(HOUSE).parts[0]


def test_every_room_is_known():
    """A folder with Python files is a room, the tests, or the benchmarks."""
    folders = {
        path.relative_to(HOUSE).parts[0] for path in HOUSE.glob("*/*.py") if not path.parent.name.startswith(".")
    }
    assert folders - {"tests", "benchmarks", "build"} == set(ROOMS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_imports_point_down(path):
    """Rooms on one line never meet; relative imports do not exist."""
    here = room(path)
    for name in names(path):
        other = name.partition(".")[0]
        if other in ROOMS and other != here:
            assert ROOMS[other] > ROOMS[here], f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_libraries_stay_in_their_rooms(path):
    """What is not in the standard library has a home; the domain knows nothing else."""
    for name in names(path):
        library = name.partition(".")[0]
        if library in ROOMS or library in sys.stdlib_module_names:
            continue
        assert room(path) in HOME[library], f"{path} imports {library}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_the_engine_has_one_door(path):
    """Who reads and writes does not know which engine keeps the data; who reaches for its files is named above."""
    here = path.relative_to(HOUSE)
    reaches = any(name == "db.sqlite" or name.startswith("db.sqlite.") for name in names(path))
    assert here.is_relative_to("db/sqlite") or reaches == (str(here) in ENGINE)


@pytest.mark.parametrize(("words", "expected"), [(["--help"], set()), (["gaps", "--help"], {"gaps"})])
def test_a_verb_is_loaded_when_it_is_named(words, expected):
    """And no other one with it: each is a module of its own."""
    look = f"import sys; from fleet import cli; cli.main({words})"
    code = f"{look}; print('|', *(name for name in sys.modules if name.startswith('fleet.verbs.')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=HOUSE, check=True, capture_output=True, text=True)
    loaded = done.stdout.rpartition("|")[2].split()
    assert {name.removeprefix("fleet.verbs.") for name in loaded} - {"verb", "options"} == expected


TRADERS = {"trader/__main__.py", "fleet/replaying.py"}  # who runs a user's file
RUNNING = {"runtime/command.py", "runtime/plugin_answers.py"}  # by the first for those, by the second in a child


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_users_python_runs_in_traders_and_children(path):
    """Whoever loads kinds says how those of a user's own become known; only a trader asks for running them."""
    here, tree = str(path.relative_to(HOUSE)), ast.parse(path.read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    loads = [node for node in calls if ast.unparse(node.func) in {"kinds.load", "kinds.survey", "catalogue.load"}]
    assert [node.lineno for node in loads if len(node.args) + len(node.keywords) < 2] == []
    used = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert here in RUNNING or "kinds.run" not in used
    assert here in TRADERS | RUNNING or "Plugins.RUN" not in used


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_the_environment_is_read_in_config_only(path):
    """os.environ has one reader."""
    assert room(path) == "config" or "environ" not in {
        node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_modules_are_short_and_documented(path):
    """At most 300 lines of code; every public thing says what it is; nothing has a name that says nothing."""
    tree = ast.parse(path.read_text())
    lines = {node.lineno for node in ast.walk(tree) if hasattr(node, "lineno")}
    assert len(lines) <= 300
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    bodies = [*tree.body, *(node for each in classes for node in each.body)]
    public = [node for node in bodies if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    for node in public:
        assert not FORBIDDEN.search(node.name), f"{path}: {node.name}"
        assert node.name.startswith("_") or ast.get_docstring(node), f"{path}: {node.name} has no docstring"
    assert ast.get_docstring(tree)


DOORS = {"runtime/output.py", "exchange/simulated/cli.py"}  # the second prints one line of JSON, of its own making


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_one_door_prints(path):
    """Text from outside reaches a terminal by runtime/output.py and fleet/render.py only, which show it as text."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    called = {ast.unparse(call.func).removeprefix("sys.") for call in calls}
    here = str(path.relative_to(HOUSE))
    if here not in DOORS:
        assert not called & {"print", "Console", "stdout.write", "stderr.write"}
    if here != "fleet/render.py":
        assert not {call for call in calls if ast.unparse(call.func) == "Text" and call.args}
