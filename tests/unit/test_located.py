"""Which database a configuration names, whatever else is wrong with it."""

from pathlib import Path

import pytest

from config.complaints import ConfigurationInvalid
from config.load import located

BROKEN = "exchanges: {\n"  # no YAML


def where(folder, text, database=None):
    """What a fleet.yaml leads to."""
    (folder / "fleet.yaml").write_text(text)
    return located(folder, database=database, environ={})


@pytest.mark.parametrize(
    ("text", "file", "anywhere"),
    [
        ("", "data/trading.db", False),
        ("database: /srv/x.db\nseries: 7\n", "/srv/x.db", False),
        (BROKEN + "database: /srv/x.db # the large disk\n", "/srv/x.db", False),
        (BROKEN + "database: '/srv/x.db'\nany_filesystem: true\n", "/srv/x.db", True),
        ("series: []\nseries: []\n", "data/trading.db", False),
    ],
)
def test_a_mistake_elsewhere_does_not_matter(tmp_path, text, file, anywhere):
    """The line is read where the file is no YAML at all."""
    assert where(tmp_path, text) == (Path(file), anywhere)


@pytest.mark.parametrize(
    "text", [BROKEN, BROKEN + "database: a\ndatabase: b\n", "database: a\ndatabase: b\n", "database: [x]\n"]
)
def test_nothing_is_guessed(tmp_path, text):
    """Where the file does not say it, it is to be named; then everything else does not matter."""
    with pytest.raises(ConfigurationInvalid, match="name the file with --database"):
        where(tmp_path, text)
    assert where(tmp_path, text, Path("named.db"))[0] == Path("named.db")
