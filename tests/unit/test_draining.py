"""Terms come back from the JSON of a run as they were written."""

import json
from dataclasses import asdict, replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from config.settings import StrategySettings
from domain.semantics import RULES
from domain.strategy import Check, Distance, Exits, Stake, StakeKind, Terms
from tests.kit.series import HOURLY
from trader import draining

MONEY = st.decimals(Decimal("0.00000001"), Decimal("1e9"), places=8)
DISTANCE = st.none() | st.builds(Distance, MONEY, st.none() | st.integers(1, 500))
TERMS = st.builds(
    Terms,
    capital=MONEY,
    stake=st.builds(Stake, st.sampled_from(StakeKind), MONEY),
    exits=st.builds(
        Exits,
        stop=DISTANCE,
        target=DISTANCE,
        trailing=DISTANCE,
        max_bars=st.none() | st.integers(1, 1_000_000),
        check=st.sampled_from(Check),
    ),
    slippage_bps=MONEY,
    warmup=st.integers(2, 20_000),
    taker=st.none() | MONEY,
    maker=st.none() | MONEY,
    min_cost=MONEY,
)


@given(TERMS)
def test_terms_come_back(terms):
    """Every kind of stake and exit, to the last digit, from what a run is registered with."""
    settings = StrategySettings(
        strategy_id="one", series=HOURLY, mode="paper", kind="rsi", params={"length": 14}, terms=terms
    )
    written = json.loads(settings.configuration)
    assert draining.terms(written.pop("terms")) == terms
    assert written == {"kind": "rsi", "params": {"length": 14}, "rules": RULES}
    assert replace(settings, recorded="as it was").configuration == "as it was"


@given(TERMS)
def test_terms_of_a_release_that_knew_no_fees(terms):
    """They come back without them."""
    written = json.loads(json.dumps(asdict(terms), default=str))
    for name in ("taker", "maker", "min_cost"):
        del written[name]
    assert draining.terms(written) == replace(terms, taker=None, maker=None, min_cost=Decimal(0))
