"""Kinds as text: what is written is read back; what anybody else might have written is refused."""

import json
from decimal import Decimal

import numpy as np
import pytest

from domain.kind_description import dump, params_key, parse
from domain.kinds import Kind, Param
from domain.small_files import Unfit
from domain.strategy import Check, Distance, Exits
from strategies import kinds

EXITS = Exits(stop=Distance(Decimal("0.05")), target=Distance(Decimal(2), 14), max_bars=24, check=Check.INTRABAR)
PARAMS = {
    "length": Param(int, 14, "bars", 2, 200),
    "rule": Param(str, None, "text"),
    "level": Param(float, 0.5, "", 0.1),
}
OWN = Kind(name="own", doc="mine: \u2192", params=PARAMS, build=dict, warmup=len, exits=EXITS)


@pytest.mark.parametrize("kind", [*kinds.SHIPPED.values(), OWN], ids=lambda kind: kind.name)
def test_a_kind_comes_back_as_it_was(kind):
    """All but its code."""
    assert parse(dump(kind)) == (kind.name, kind.doc, dict(kind.params), kind.exits)


def test_numbers_of_a_library_are_numbers():
    """A default that numpy made is one of Python's afterwards."""
    own = Kind(name="own", doc="", params={"n": Param(int, np.int64(3), "", np.float64(1))}, build=dict, warmup=len)
    assert parse(dump(own)).params == {"n": Param(int, 3, "", 1)}
    assert type(parse(dump(own)).params["n"].default) is int
    own = Kind(name="own", doc="", params={"x": Param(float, np.float32(0.5), "")}, build=dict, warmup=len)
    assert parse(dump(own)).params["x"].default == 0.5


def test_the_order_of_parameters_says_nothing():
    """The same values are the same text."""
    assert params_key({"a": 1, "b": "x"}) == params_key({"b": "x", "a": 1}) != params_key({"a": 1.5, "b": "x"})


GOOD = json.loads(dump(OWN))


@pytest.mark.parametrize(
    "change",
    [
        {"name": "n" * 100},
        {"doc": "x" * 2_000},
        {"params": {f"p{number}": GOOD["params"]["length"] for number in range(200)}},
        {"params": {"p": GOOD["params"]["level"] | {"default": 1, "high": 2.5}}},
        {"params": {"p": GOOD["params"]["length"] | {"low": None, "high": None}}},
        {"exits": GOOD["exits"] | {"max_bars": 1_000_000}},
        {"exits": GOOD["exits"] | {"max_bars": 1}},
        {"exits": GOOD["exits"] | {"target": ["999999999.123456789012", 1_000_000]}},
        {"exits": GOOD["exits"] | {"target": ["2", 1], "stop": None}},
    ],
)
def test_what_a_kind_may_just_be_is_read(change):
    """Each limit belongs to what is allowed."""
    assert json.loads(dump(Kind(**parse(json.dumps(GOOD | change))._asdict(), build=dict, warmup=len))) == GOOD | change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "own\x1b[31m"}, "name"),
        ({"name": 7}, "name"),
        ({"name": ""}, "name"),
        ({"doc": "x" * 2_001}, "doc"),
        ({"name": "n" * 101}, "name"),
        ({"params": [1]}, "params"),
        ({"params": {"x" * 2_001: GOOD["params"]["length"]}}, "params"),
        ({"params": {"p": [1]}}, "params.p"),
        ({"params": {f"p{number}": GOOD["params"]["length"] for number in range(201)}}, "params"),
        ({"params": {"p": GOOD["params"]["length"] | {"type": "bool"}}}, "params.p"),
        ({"params": {"p": GOOD["params"]["length"] | {"default": "x"}}}, "params.p"),
        ({"params": {"p": GOOD["params"]["length"] | {"low": "x"}}}, "params.p"),
        ({"params": {"p": GOOD["params"]["length"] | {"default": True}}}, "params.p"),
        ({"params": {"p": GOOD["params"]["length"] | {"low": False}}}, "params.p"),
        ({"params": {"p": GOOD["params"]["length"] | {"high": "x"}}}, "params.p"),
        ({"params": {"p": GOOD["params"]["rule"] | {"default": 1}}}, "params.p"),
        ({"exits": None}, "exits"),
        ({"exits": GOOD["exits"] | {"stop": "5%"}}, "exits.stop"),
        ({"exits": GOOD["exits"] | {"stop": ["1"]}}, "exits.stop"),
        ({"exits": GOOD["exits"] | {"stop": ["1", 14, 7]}}, "exits.stop"),
        ({"exits": GOOD["exits"] | {"stop": [1, None]}}, "exits.stop"),
        ({"exits": GOOD["exits"] | {"stop": ["-1", None]}}, "exits.stop"),
        ({"exits": GOOD["exits"] | {"stop": ["NaN", None]}}, "exits.stop"),
        ({"exits": GOOD["exits"] | {"target": ["2", 0]}}, "exits.target"),
        ({"exits": GOOD["exits"] | {"target": ["2", 1_000_001]}}, "exits.target"),
        ({"exits": GOOD["exits"] | {"target": ["2", 14.5]}}, "exits.target"),
        ({"exits": GOOD["exits"] | {"max_bars": 0}}, "exits.max_bars"),
        ({"exits": GOOD["exits"] | {"max_bars": 1_000_001}}, "exits.max_bars"),
        ({"exits": GOOD["exits"] | {"max_bars": 2.5}}, "exits.max_bars"),
        ({"exits": GOOD["exits"] | {"check": "never"}}, "exits"),
    ],
)
def test_what_no_kind_can_be_is_refused(change, told):
    """By the name of what is wrong."""
    assert parse(json.dumps(GOOD)).name == "own"
    with pytest.raises(Unfit, match=told):
        parse(json.dumps(GOOD | change))


@pytest.mark.parametrize("text", ["", "[]", "{", "{}", '{"name": 1e999}', "[" * 100_000])
def test_what_is_no_object_is_refused(text):
    """Nothing else is raised."""
    with pytest.raises(Unfit):
        parse(text)
