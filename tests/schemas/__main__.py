"""`python -m tests.schemas` writes the population of the newest schema: the first thing after a migration is added."""

import tempfile
from pathlib import Path

from db import statements
from tests.schemas import dump, life, populations
from tests.witness.product import quiet

quiet()
with tempfile.TemporaryDirectory() as folder:
    number = statements.schema_version()
    file = populations.file(number)
    file.write_text(dump.text(life.live(Path(folder)), f"Schema {number}, as its own code has written it."), "utf-8")
    print(f"{file}: {file.stat().st_size:,} bytes")
