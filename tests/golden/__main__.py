"""`python -m tests.golden` writes the golden file anew: where decisions are to change, and the commit says why."""

import tempfile
from pathlib import Path

from tests.golden.file import write
from tests.golden.walked import lived
from tests.witness.product import quiet

quiet()
with tempfile.TemporaryDirectory() as folder:
    print(f"{write(lived(Path(folder))):,} rows")
