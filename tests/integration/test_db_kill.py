"""kill -9 while candles are stored: nothing acknowledged is lost, nothing is half there, nobody has to repair."""

import random
import subprocess
import sys

from db.market_data import candles, gaps
from db.sqlite.connection import connect
from domain.gaps import Cause
from tests.db_files import fresh
from tests.kit.rows import pragma
from tests.kit.series import HOURLY, at

KILLS = 20
ROWS = 200
FAR = 2_000_000
WRITER = """
import sys
from pathlib import Path
from db.market_data import candles, storing
from db.sqlite.connection import connect
from domain.candles import Source
from tests.kit.candles import bars
from tests.kit.series import HOUR, HOURLY, START

with connect(Path(sys.argv[1]), any_filesystem=True) as db:
    extent = candles.extent(db, HOURLY)
    number = 0 if extent is None else (extent[1] - START) // HOUR + 1
    while True:
        storing.store(db, HOURLY, bars(*range(number, number + int(sys.argv[2]))), Source.EXCHANGE, number + 1)
        number += int(sys.argv[2])
        print(number, flush=True)
"""


def acknowledged(path, lines):
    """Bars that a writer says are stored when it is killed after so many of its messages."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, path, str(ROWS)], stdout=subprocess.PIPE, text=True)
    for _ in range(lines):
        writer.stdout.readline()
    writer.kill()
    said = [line for line in writer.communicate()[0].split("\n") if line]
    return int(said[-1]) if said else 0


def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path):
    """After every kill the stored bars are whole batches, and the gaps are exactly what is missing."""
    draw = random.Random(5)
    with fresh(tmp_path) as db:
        gaps.mark(db, HOURLY, at(0), at(FAR), Cause.NOT_FETCHED)
        said = 0
        for _ in range(KILLS):
            said = max(said, acknowledged(db.path, draw.randrange(1, 12)))
            head = candles.heads(db)[HOURLY]
            assert head.candles >= said
            assert head.candles % ROWS == 0
            assert [gap[:2] for gap in gaps.gaps(db, HOURLY)] == [(at(head.candles), at(FAR))]
            assert candles.missing(db, HOURLY, at(0), at(FAR)) == [(at(head.candles), at(FAR))]
        assert pragma(db, "integrity_check") == "ok"
        assert len(candles.newest(db, HOURLY, FAR)) == candles.heads(db)[HOURLY].candles
    with connect(db.path, any_filesystem=True) as again:
        assert candles.heads(again)[HOURLY].candles >= said
