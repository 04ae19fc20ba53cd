"""What a verb becomes when it is carried out in a container: pure parts."""

import argparse

import pytest

from domain.errors import ConfigError
from fleet import cli, engine, inside


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        (["pause", "one", "--project", "main", "--reason", "news"], ["pause", "one", "--reason", "news"]),
        (["status", "--project=main", "--demo"], ["status"]),
        (["status", "--proj", "main"], ["status"]),
        (["report", "--since", "2025-06-01"], ["report", "--since", "2025-06-01"]),
    ],
)
def test_what_names_the_project_stays_outside(words, rest):
    """Everything else goes in as it was typed."""
    assert inside._rest(words) == rest


@pytest.mark.parametrize(
    ("folder", "variable", "name"),
    [
        ("Mÿ Fleet.v2", None, "mfleetv2"),
        ("_bots", None, "bots"),
        ("fleet", "Other-One", "other-one"),
    ],
)
def test_the_project_is_called_as_compose_calls_it(tmp_path, monkeypatch, folder, variable, name):
    """The folder in lower case without what is no letter, digit, dash or underscore; the variable comes first."""
    (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path / folder)
    monkeypatch.delenv("COMPOSE_PROJECT_NAME", raising=False)
    if variable:
        monkeypatch.setenv("COMPOSE_PROJECT_NAME", variable)
    assert engine.project() == name


def test_files_of_this_machine_mean_nothing_inside():
    """Bad input: said, and nothing is asked of the engine."""
    options = argparse.Namespace(project="main", demo=False, words=["status", "--project", "main", "--database", "x"])
    with pytest.raises(ConfigError, match="leave them out"):
        inside._inside("main", options)


def test_every_verb_has_its_help(capsys):
    """Each one is filled when it is named."""
    for verb in cli.VERBS:
        with pytest.raises(SystemExit) as ended:
            cli.main([verb, "--help"])
        assert ended.value.code == 0
        assert f"usage: fleet {verb}" in capsys.readouterr().out
