"""The cases of the suite, by name: each a few hundred recorded bars, chosen for what happens in them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests.witness import bars, brains
from tests.witness.assumed import market
from tests.witness.bars import Bar
from tests.witness.case import Away, Case, Change, Describe, Live, Order, Remove, Replay, Step, Vanish, Walk
from tests.witness.drawn import missing
from tests.witness.expressions import brain
from tests.witness.markets import RECORDINGS, Recording
from tests.witness.rules import RULES
from tests.witness.terms import Brain, Distance, Exits, Market, Terms
from tests.witness.vocabulary import close

INTRABAR = Exits(
    stop=Distance(Decimal("0.006")),
    target=Distance(Decimal("0.01")),
    trailing=Distance(Decimal("0.008")),
    intrabar=True,
)
RISING = brain((close > close[1]) & (close > close[2]), close < close[2])
SHIPPED = {"rsi": brains.RSI, "macd": brains.MACD, "scalping": brains.SCALPING, "trend": brains.TREND}


def terms(chosen: Brain, market: Market, stake: tuple[str, str] = ("fraction", "0.9"), **more: object) -> Terms:
    """A strategy with a capital of 1000, or of what `more` says."""
    given = {"capital": Decimal(1000), "exits": chosen.exits} | more
    return Terms(brain=chosen, stake=(stake[0], Decimal(stake[1])), market=market, **given)  # type: ignore[arg-type]


def case(
    name: str, recording: Recording, found: list[Bar], chosen: Mapping[str, Terms], script: tuple[Step, ...] = ()
) -> Case:
    """A case over these bars, reported since a midnight, a mid-day, before the start and after the end."""
    middle = found[len(found) // 2].timestamp
    moments = (middle // 86400 * 86400, middle + 1234, found[0].timestamp - 5000, found[-1].timestamp + 10**5)
    return Case(
        name, recording.series, recording.step, found, chosen, recording.market, missing(found, recording), script,
        recording.costs, moments,
    )  # fmt: skip


def kinds(data: Path) -> Case:
    """The shipped kinds over six weeks of BTC, with what they say themselves and with orders that rest."""
    recording = RECORDINGS["btc"]
    chosen = {name: terms(each, recording.market) for name, each in SHIPPED.items()}
    resting = {
        f"{name}-in": replace(each, exits=replace(each.exits, trailing=Distance(Decimal("0.03")), intrabar=True))
        for name, each in chosen.items()
    }
    return case("kinds", recording, bars.recorded(data, recording.file, 1700000000, 1000), chosen | resting)


def scalping(data: Path) -> Case:
    """Scalping where it belongs, on 5m."""
    recording = RECORDINGS["btc-5m"]
    chosen = {"scalping": terms(brains.SCALPING, recording.market, ("risk", "0.01"))}
    return case("scalping", recording, bars.recorded(data, recording.file, 1709500000, 700), chosen)


def unsold(data: Path) -> Case:
    """Kraken's early BTC/USD, where nobody traded in many an hour; fees in dollars."""
    recording = RECORDINGS["kraken"]
    near, far = Distance(Decimal("0.015")), Distance(Decimal("0.02"))
    exits = [
        Exits(), Exits(stop=far, max_bars=10), INTRABAR, Exits(trailing=far, intrabar=True),
        Exits(stop=near, trailing=far),
    ]  # fmt: skip
    stakes = [("fraction", "0.9"), ("fixed", "250"), ("fraction", "1")]
    chosen = {
        name: terms(each, recording.market, stakes[place % 3], exits=exits[place % 5], warmup=60)
        for place, (name, each) in enumerate(RULES.items())
    }
    return case("unsold", recording, bars.recorded(data, recording.file, 1450000000, 300), chosen)


def ruled(data: Path) -> Case:
    """A dozen rules of every part of the language, each with the warm-up that it needs."""
    recording = RECORDINGS["eth-15m"]
    chosen = {name: terms(each, recording.market) for name, each in RULES.items()}
    return case("ruled", recording, bars.recorded(data, recording.file, 1690000000, 450), chosen)


def away(data: Path) -> Case:
    """Downtime of several lengths, restarts, deposits and new runs in mid-position."""
    recording = RECORDINGS["btc"]
    found = bars.recorded(data, recording.file, 1700000000, 335)
    base = terms(
        RISING,
        recording.market,
        exits=Exits(stop=Distance(Decimal("0.01")), trailing=Distance(Decimal("0.015"))),
        warmup=5,
    )
    chosen = {
        "closing": base, "resting": replace(base, exits=replace(INTRABAR, max_bars=12)),
        "risking": replace(base, stake=("risk", Decimal("0.005"))),
        "fixed": replace(base, stake=("fixed", Decimal(300))),
    }  # fmt: skip
    once = terms(brain(close > 0, close < 0), recording.market, warmup=5)  # has one trade when its file goes
    richer = Change({name: replace(each, capital=Decimal(1500)) for name, each in chosen.items()})
    smaller = Change(
        {
            name: replace(each, capital=Decimal(1500), stake=("fraction", Decimal("0.5")))
            for name, each in chosen.items()
        }
    )
    script = (
        Walk(50), Away(7), Walk(20), Away(3, 400), Walk(30), richer, Walk(60), Away(10, 299), smaller, Walk(100),
        Away(5, 300.5), Walk(20),
    )  # fmt: skip
    return case("away", recording, found, chosen | {"once": once}, (*script, Remove(["fixed", "once"]), Live(30)))


def steered(data: Path) -> Case:
    """A person pauses, stops, sells, halts the fleet and takes it back; candles come unseen; a file goes."""
    recording = RECORDINGS["btc"]
    stopped = Exits(stop=Distance(Decimal("0.01")), max_bars=9)
    chosen = {
        name: terms(RULES[rule], recording.market, exits=exits, warmup=8)
        for name, rule, exits in (
            ("paused", "always", stopped), ("sold", "simple", Exits()), ("stopped", "always", INTRABAR),
            ("removed", "simple", replace(INTRABAR, trailing=None)), ("free", "before", stopped),
        )
    }  # fmt: skip
    script = (
        Live(30), Order("pause", ["paused"]), Live(14), Order("exit", ["sold", "free"]), Live(11, unseen=5),
        Order("resume", ["paused"]), Live(7), Order("exit", ["sold", "paused", "removed"]), Order("stop", ["stopped"]),
        Live(16), Order("start", ["stopped"]), Live(9), Order("halt"), Live(15), Order("release"), Live(8),
        Order("pause", ["stopped"]), Order("stop", ["stopped"]), Order("resume", ["stopped"]), Live(10), Order("halt"),
        Live(12, unseen=6), Order("start", ["stopped"]), Order("release"), Remove(["removed"]), Live(20),
        Order("exit", ["stopped", "free"]), Away(4), Live(14),
    )  # fmt: skip
    return case("steered", recording, bars.recorded(data, recording.file, 1702000000, 170), chosen, script)


def delisted(then: str) -> Callable[[Path], Case]:
    """A market that the exchange does not list for a day and a half, twice; it is sold or held."""

    def made(data: Path) -> Case:
        recording = replace(RECORDINGS["btc"], cause="delisted")
        found = bars.recorded(data, recording.file, 1702000000, 170)
        chosen = {
            "always": terms(RULES["always"], recording.market, exits=Exits(max_bars=20), warmup=5),
            "resting": terms(RULES["simple"], recording.market, exits=INTRABAR, warmup=8),
            "longer": terms(RISING, recording.market, exits=Exits(trailing=Distance(Decimal("0.05"))), warmup=20),
        }
        script: tuple[Step, ...] = (
            Live(40),
            Vanish(),
            Live(31),
            Vanish(),
            Order("exit", ["always"]),
            Away(30),
            Live(9),
        )
        script += (Remove([*chosen]), Vanish())  # nobody knows of the exchange any more
        held = recording.costs.replace("} }\n", ", delisted: { then: hold } } }\n")
        settings = held if then == "hold" else ""  # sold by default; the fees are those of the defaults
        gone = found[:40] + found[75:106] + found[131:]
        return replace(case(f"delisted-{then}", recording, gone, chosen, script), settings=settings)

    return made


def brief(data: Path) -> Case:
    """`retention: decisions: 0`: decisions that did nothing leave no row, and every report is the same."""
    recording = RECORDINGS["btc"]
    chosen = {
        "rising": terms(RISING, recording.market, exits=INTRABAR, warmup=5),
        "stale": terms(RULES["always"], recording.market, exits=Exits(max_bars=3), warmup=5),
        "idle": terms(brain(close < 0, close > 0), recording.market, warmup=5),
    }
    script = (Walk(60), Away(5, 400), Live(70, unseen=3), Order("exit", ["rising"]), Walk(65))
    found = case("brief", recording, bars.recorded(data, recording.file, 1700000000, 200), chosen, script)
    return replace(found, settings=found.settings + "retention: { decisions: 0 }\n", brief=True)


def regrained(data: Path) -> Case:
    """Steps become coarser, so that much is left of a sale, and finer again: then a person sells what was left."""
    recording = RECORDINGS["btc"]
    coarse = replace(recording.market, amount_step=Decimal("0.01"), min_amount=Decimal("0.01"))
    chosen = {
        name: terms(RISING, recording.market, stake, capital=Decimal(1000), exits=exits, warmup=5)
        for name, stake, exits in (
            ("most", ("fraction", "0.9"), Exits(max_bars=6)), ("some", ("fixed", "700"), Exits()),
        )
    }  # fmt: skip
    whole = replace(coarse, amount_step=Decimal(1), min_amount=Decimal(1))
    script = (
        Live(25), Describe(coarse), Live(31), Describe(recording.market), Order("exit", ["most", "some"]), Live(20),
        Describe(coarse), Live(14), Order("exit", ["most", "some"]), Describe(recording.market), Live(2),
        Order("exit", ["most", "some"]), Order("exit", ["some"]), Live(28), Describe(whole), Live(11),
        Order("exit", ["most", "some"]), Live(2), Describe(recording.market), Live(17), Describe(whole), Live(4),
        Vanish(), Live(6), Describe(recording.market), Live(20),
    )  # fmt: skip
    return case("regrained", recording, bars.recorded(data, recording.file, 1702000000, 180), chosen, script)


def cheap(data: Path) -> Case:
    """PEPE at a millionth of a dollar."""
    recording = RECORDINGS["pepe"]
    found = bars.recorded(data, recording.file, 1700000000, 250)
    chosen = {
        f"p{capital}-{place}": terms(RISING, recording.market, capital=Decimal(capital), exits=exits, warmup=5)
        for capital in (20, 1000, 50000)
        for place, exits in enumerate((Exits(), INTRABAR, Exits(trailing=Distance(Decimal("0.02")))))
    } | {
        f"risk-{stop}": terms(
            RISING, recording.market, ("risk", "0.01"), exits=Exits(stop=Distance(Decimal(stop))), warmup=5
        )
        for stop in ("0.004", "0.03")  # the tick is almost a hundredth: the first stop is rounded up to the price
    }
    return case("cheap", recording, found, chosen)


def daily(data: Path) -> Case:
    """Days."""
    recording = RECORDINGS["btc-1d"]
    chosen = {
        "rising": terms(RISING, recording.market, warmup=5),
        "resting": terms(RISING, recording.market, exits=INTRABAR),
    }
    return case("daily", recording, bars.recorded(data, recording.file, 1640995200, 120), chosen)


def weekly(data: Path) -> Case:
    """Weeks from Monday on, made of the days."""
    days = RECORDINGS["btc-1d"]
    week = 7 * 86400
    found = bars.recorded(data, days.file, 1600646400, 7 * 110)
    made = [
        Bar(
            part[0].timestamp, part[0].open, max(bar.high for bar in part), min(bar.low for bar in part),
            part[-1].close, sum(bar.volume for bar in part),
        )
        for part in (found[place : place + 7] for place in range(0, len(found), 7))
    ]  # fmt: skip
    recording = replace(days, series=("binance", "BTC/USDT", "1w"), step=week)
    return case("weekly", recording, made, {"rising": terms(RISING, recording.market, warmup=5)})


def rich(data: Path) -> Case:
    """So many PEPE that their number, their fee and what is left of them need all 15 digits."""
    recording = RECORDINGS["pepe"]
    chosen = {
        f"c{capital}": terms(RISING, recording.market, capital=Decimal(capital), warmup=5)
        for capital in (3_000_000, 500_000_000)
    }
    return case("rich", recording, bars.recorded(data, recording.file, 1700000000, 120), chosen)


def coins(data: Path) -> Case:
    """ADA in BTC, minute by minute, on an exchange that leaves out the minutes in which nobody traded."""
    recording = RECORDINGS["ada"]
    found = bars.recorded(data, recording.file, 1515700000, 250)
    chosen = {
        "most": terms(RISING, recording.market, capital=Decimal(1), warmup=5),
        "little": terms(
            RISING, recording.market, ("fixed", "0.01"), capital=Decimal("0.05"), warmup=5,
            exits=Exits(stop=Distance(Decimal("0.01")), max_bars=10),
        ),
    }  # fmt: skip
    return case("coins", recording, found, chosen)


def small(data: Path) -> Case:
    """A capital that is hardly enough to be sold again."""
    recording = RECORDINGS["btc"]
    exits = {
        "none": Exits(),
        "stop": Exits(stop=Distance(Decimal("0.05"))),
        "trail": Exits(trailing=Distance(Decimal("0.10"))),
    }
    chosen = {
        f"c{place}-{name}": terms(
            RISING, recording.market, ("fraction", "1"), capital=Decimal(capital), exits=each, warmup=5
        )
        for place, capital in enumerate(("5.3", "6", "7"))
        for name, each in exits.items()
        if capital != "5.3" or name == "none"
    }
    return case("small", recording, bars.recorded(data, recording.file, 1700000000, 200), chosen)


def large(data: Path) -> Case:
    """A capital whose money is kept to less than 1e-8."""
    recording = RECORDINGS["btc"]
    chosen = {
        f"c{place}": terms(RISING, recording.market, ("fraction", "1"), capital=Decimal(capital), warmup=5)
        for place, capital in enumerate(("999999", "1000000", "20000000", "987654321.12"))
    }
    return case("large", recording, bars.recorded(data, recording.file, 1700000000, 150), chosen)


def falling(_data: Path) -> Case:
    """Prices that halve, so that a position becomes too little to be sold and goes out with the next one."""
    recording = RECORDINGS["btc"]
    closes = [100.0, 101.0, 102.0, 60.0, 61.0, 62.0, 50.0, 51.0, 52.0, 53.0, 54.0, 60.0, 70.0, 80.0, 70.0]
    found = []
    for place in range(60):
        low, high = sorted((closes[(place - 1) % 15] if place else 100.0, closes[place % 15]))
        found.append(Bar(1699999200 + 3600 * place, low, high + 1, low - 1, closes[place % 15], 5.0))
    chosen = {
        "rule": terms(RISING, recording.market, ("fixed", "6"), capital=Decimal(40), warmup=5),
        "limit": terms(
            RISING, recording.market, ("fixed", "6"), capital=Decimal(40), warmup=5, exits=Exits(max_bars=2)
        ),
    }
    return case("falling", recording, found, chosen)


def replayed(data: Path) -> Case:
    """The command that replays, from the 500th candle on."""
    recording = RECORDINGS["btc"]
    chosen = {
        "macd": terms(brains.MACD, recording.market, exits=Exits(stop=Distance(Decimal("0.02")))),
        "rising": terms(RISING, recording.market, ("fixed", "400"), exits=INTRABAR, warmup=5),
    }
    found = bars.recorded(data, recording.file, 1690000000, 640)
    return case("replayed", recording, found, chosen, (Replay(640, 500),))


def imported(name: str, min_cost: str, maker: str, taker: str) -> Callable[[Path], Case]:
    """A recording of which no exchange has described the market: a replay takes its steps from the candles."""

    def made(data: Path) -> Case:
        recording = replace(RECORDINGS[name], cause="no_trades")
        found = bars.recorded(data, recording.file, 1620000000, 300)
        assumed = market(found, min_cost, maker, taker, coins=recording.market.coins)
        chosen = {
            "close": terms(RISING, assumed, warmup=5),
            "resting": terms(RISING, assumed, ("fraction", "1"), exits=INTRABAR, warmup=5),
            "risk": terms(RISING, assumed, ("risk", "0.01"), exits=Exits(stop=Distance(Decimal("0.03"))), warmup=5),
            "reserve": terms(  # soon so little that a stop could leave less than the minimum
                RISING, assumed, ("fraction", "1"), capital=Decimal(min_cost) * Decimal("1.12"), warmup=5,
                exits=Exits(stop=Distance(Decimal("0.05"))),
            ),
        }  # fmt: skip
        made = case(f"imported-{name}", recording, found, chosen, (Replay(300, 10),))
        return replace(made, market=None, settings="")

    return made


def late(data: Path) -> Case:
    """Strategies that are first seen when there are candles already; some see too little to know anything."""
    recording = RECORDINGS["btc"]
    chosen = {
        "rising": terms(RISING, recording.market, exits=INTRABAR, warmup=5),
        "blind": terms(brains.MACD, recording.market, warmup=20),
        "dim": terms(brains.RSI, recording.market, warmup=10),
        "narrow": terms(brains.TREND, recording.market, warmup=15),
    }
    found = bars.recorded(data, recording.file, 1680000000, 140)
    return case("late", recording, found, chosen, (Away(20), Walk(50), Away(2, 200), Walk(68)))


def silent(data: Path) -> Case:
    """SHIB around an outage, with an hour that the exchange printed although nobody traded in it."""
    recording = RECORDINGS["shib"]
    chosen = {
        "rising": terms(RISING, recording.market, warmup=5),
        "always": terms(RULES["always"], recording.market, warmup=3),
        "resting": terms(RULES["simple"], recording.market, exits=INTRABAR, warmup=10),
    }
    found = bars.recorded(data, recording.file, 1679659200 - 3600 * 80, 130)
    return case("silent", recording, found, chosen)


def outage(cause: str) -> Callable[[Path], Case]:
    """BTC around a hole of four hours, for each cause that it may have."""

    def made(data: Path) -> Case:
        recording = replace(RECORDINGS["btc"], cause=cause)
        found = bars.recorded(data, recording.file, 1608559200 - 3600 * 60, 140)
        chosen = {
            "short": terms(RISING, recording.market, warmup=5),
            "long": terms(RISING, recording.market, warmup=20, exits=Exits(max_bars=30, stop=Distance(Decimal("0.1")))),
        }
        return case(cause, recording, found, chosen)

    return made


CAUSES = ("outage", "not_fetched", "rejected", "not_offered", "before_listing", "delisted", "no_trades")
CASES: dict[str, Callable[[Path], Case]] = (
    {
        each.__name__: each
        for each in (
            late,
            falling,
            away,
            steered,
            regrained,
            brief,
            silent,
            replayed,
            weekly,
            rich,
            daily,
            large,
            coins,
            scalping,
            cheap,
            small,
            unsold,
            ruled,
            kinds,
        )
    }
    | {
        "imported-btc": imported("btc", "5", "0.001", "0.001"),
        "imported-kraken": imported("kraken", "0.5", "0.0016", "0.0026"),
    }
    | {f"delisted-{then}": delisted(then) for then in ("sell", "hold")}
    | {cause: outage(cause) for cause in CAUSES}
)
