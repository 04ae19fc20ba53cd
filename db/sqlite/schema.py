"""Whether the schema of a file that somebody else made is one that our migrations make."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from db.sqlite import library
from db.sqlite.dialect import views
from db.statements import migrations
from domain.errors import ConfigError


class Object(NamedTuple):
    """A row of ``sqlite_master``: a table, index, view or trigger, and the text that made it."""

    kind: str
    name: str
    table: str
    sql: str | None


def refuse_other_schema(connection: library.Connection, file: Path) -> int:
    """The version of the file's schema. Raises ConfigError where anything in it is not ours.

    Tables and indexes must be made of the very words of the migrations; a trigger is never ours, since it would act
    whenever we write. Views are read by nobody before they are renewed; one whose name is not ours is refused.
    """
    found = objects(connection)
    strange = [each for each in found if each.kind == "view" and each.name not in _view_names()]
    solid = [each for each in found if each.kind != "view"]
    for version in range(len(migrations()), 0, -1):
        if solid == made(version) and not strange:
            return version
    strange += [each for each in solid if each not in made(len(migrations()))]
    what = f"such as the {strange[0].kind} {strange[0].name}" if strange else "tables are missing"
    raise ConfigError(f"{file} has another schema than this program makes ({what}): it is no backup of a fleet")


def refuse_other_version(connection: library.Connection, file: Path, version: int) -> None:
    """Raise ConfigError where a file whose `meta` names a version is not of that one: a migration would meet tables
    that it is to make, or miss those that it is to change. What else lies in the file does not matter.
    """
    found, then, now = set(objects(connection)), set(made(version)), set(made(len(migrations())))
    if then - found or found & (now - then):
        raise ConfigError(
            f"{file} says that its schema is {version}, but its tables are not: put a backup back with "
            "`fleet restore FILE`"
        )


def objects(connection: library.Connection) -> list[Object]:
    """Everything in a schema, in order; SQLite's own statistics apart."""
    rows = connection.rows("select type, name, tbl_name, sql from sqlite_master order by type, name, sql")
    return [Object(*row) for row in rows if not row[1].startswith("sqlite_stat")]


def made(version: int) -> list[Object]:
    """The tables and indexes that the first migrations make."""
    return _objects_of(statement for step in migrations()[:version] for statement in step.statements)


def _view_names() -> set[str]:
    """The names of our views."""
    return {each.name for each in _objects_of(views())}


def _objects_of(statements: Iterable[str]) -> list[Object]:
    with closing(library.Connection(":memory:")) as connection:
        for statement in statements:
            connection.execute(statement)
        return objects(connection)
