"""What a verb becomes when it is carried out in a container: pure parts."""

import argparse
from importlib import import_module
from pathlib import Path

import pytest

from domain.errors import ConfigError
from fleet import cli, docker_engine, in_container, verbs
from fleet.verbs import VERBS


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        (["pause", "one", "--project", "main", "--reason", "news"], ["pause", "one", "--reason", "news"]),
        (["status", "--project=main", "--demo"], ["status"]),
        (["status", "--proj", "main"], ["status"]),
        (["report", "--since", "2025-06-01"], ["report", "--since", "2025-06-01"]),
        (["stop", "one", "--config", "here"], ["stop", "one"]),
    ],
)
def test_what_names_the_project_stays_outside(words, rest):
    """Everything else goes in as it was typed."""
    assert in_container._rest(words) == rest


def label(project, folder=None):
    """The labels of a container, as the engine lists it."""
    return {"Labels": {docker_engine.PROJECT: project, **({docker_engine.FOLDER: folder} if folder else {})}}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a Compose file, and Compose's variables gone."""
    (tmp_path / "Mÿ Fleet.v2" / "docs").mkdir(parents=True)
    (tmp_path / "Mÿ Fleet.v2" / "docker-compose.yml").touch()
    monkeypatch.chdir(tmp_path / "Mÿ Fleet.v2")
    for name in ("COMPOSE_PROJECT_NAME", "COMPOSE_FILE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "Mÿ Fleet.v2"


def test_a_project_is_ours_that_was_started_here(place, monkeypatch):
    """Whatever it is called; also seen from a folder below, as Compose does."""
    found = [label("bots", str(place)), label("mfleetv2", "/elsewhere"), label("other", str(place.parent))]
    assert docker_engine.ours(found) == {"bots"}
    monkeypatch.chdir(place / "docs")
    assert docker_engine.ours(found) == {"bots"}


def test_the_environment_names_the_project(place, monkeypatch):
    """It comes before everything else."""
    monkeypatch.setenv("COMPOSE_PROJECT_NAME", "Other-One")
    assert docker_engine.ours([label("bots", str(place))]) == {"other-one"}


def test_files_elsewhere_make_a_project_elsewhere(place, monkeypatch):
    """COMPOSE_FILE, from the environment or from `.env`."""
    found = [label("bots", str(place)), label("far", str(place.parent / "far"))]
    (place / ".env").write_text("# ours\nexport COMPOSE_FILE='../far/compose.yml'\n")
    assert docker_engine.ours(found) == {"far"}
    monkeypatch.setenv("COMPOSE_FILE", "docker-compose.yml:more.yml")
    assert docker_engine.ours(found) == {"bots"}


@pytest.mark.parametrize(("said", "name"), [("", "mfleetv2"), ("COMPOSE_PROJECT_NAME=_Bots # here\n", "bots")])
def test_without_a_folder_in_its_labels_the_name_decides(place, said, name):
    """The folder's in lower case without what is no letter, digit, dash or underscore; `.env` comes first."""
    (place / ".env").write_text(said)
    assert docker_engine.ours([label(name), label("another")]) == {name}


def test_files_of_this_machine_mean_nothing_inside():
    """Bad input: said, and nothing is asked of the engine."""
    options = argparse.Namespace(project="main", demo=False, words=["status", "--project", "main", "--database", "x"])
    with pytest.raises(ConfigError, match="leave them out"):
        in_container._in_container("main", options)


def test_every_verb_has_its_help(capsys):
    """Each one is filled when it is named."""
    for verb in VERBS:
        assert cli.main([verb, "--help"]) == 0
        assert f"usage: fleet {verb}" in capsys.readouterr().out


def test_every_verb_that_a_module_holds_is_listed():
    """Under the module that holds it, and nowhere else: what is not listed could not be typed."""
    folder = Path(verbs.__file__).parent
    modules = {each.stem for each in folder.glob("*.py")} - {"__init__", "options", "verb"}
    held = {(name, module) for module in modules for name in import_module(f"fleet.verbs.{module}").VERBS}
    assert held == {(name, listed.module) for name, listed in VERBS.items()}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["scale", "²"], "'²' is no whole number"),
        (["scale", "x"], "'x' is no whole number"),
        (["scale", "0"], "must be from 1 to 200"),
        (["demo", "--seconds", "x"], "'x' is no number"),
        (["report", "--since", "²"], "'²' is no date"),
        (["report", "--since", "2024"], "'2024' is a year: write 2024-01-01"),
    ],
)
def test_what_is_no_number_is_told_in_words(capsys, words, said):
    """Not by the name of a function."""
    assert cli.main(words) == 2
    assert said in capsys.readouterr().err
