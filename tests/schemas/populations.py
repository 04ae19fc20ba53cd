"""The populations: a database of every schema since 1, as the code of its time has written it."""

from pathlib import Path

FOLDER = Path(__file__).with_name("written")


def file(number: int) -> Path:
    """Where the population of a schema stands."""
    return FOLDER / f"schema_{number:02}.sql"


def files() -> list[Path]:
    """All there are, by schema."""
    return sorted(FOLDER.glob("schema_*.sql"))


def number(path: Path) -> int:
    """The schema of a population."""
    return int(path.stem.split("_")[1])
