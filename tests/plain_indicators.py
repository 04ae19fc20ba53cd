"""Every indicator that rules offer as plain loops over its published definition: the reference of the tests.

Slow on purpose: lists of floats, one window after the other, nothing of the product. `nan` is undefined. What smooths
for ever starts with its first value here, in the product with a mean: after the warm-up both are the same.
"""

from math import comb, cos, exp, isnan, log, log10, nan, pi, sin, sqrt
from statistics import fmean, median, pstdev

# what the others are made of


def each(function, *columns):
    """`function` of the values of one bar, for every bar."""
    return [function(*values) for values in zip(*columns, strict=True)]


def windows(function, values, n):
    """`function` of the last n values, nan before there are so many, and while one of them is."""
    found = []
    for end in range(1, len(values) + 1):
        window = values[max(0, end - n) : end]
        found.append(nan if len(window) < n or any(map(isnan, window)) else function(window))
    return found


def back(values, n=1):
    """The values n bars before."""
    return [nan] * n + values[: len(values) - n] if n else values


def diff(values, n=1):
    """The change over n bars."""
    return each(lambda now, then: now - then, values, back(values, n))


def div(one, other):
    """A quotient, undefined where something is divided by zero."""
    return each(lambda a, b: nan if isnan(b) or abs(b) < 1e-300 else a / b, one, other)


def minus(one, other):
    """A difference."""
    return each(lambda a, b: a - b, one, other)


def times(factor, values):
    """A multiple."""
    return [factor * value for value in values]


def smooth(values, part):
    """`part` of the newest value, the rest of what was before."""
    found, now = [], nan
    for value in values:
        now = value if isnan(now) else now + part * (value - now)
        found.append(now)
    return found


def sma(values, n):
    """Mean."""
    return windows(fmean, values, n)


def ema(values, n):
    """Exponential average, 2 / (n + 1)."""
    return smooth(values, 2 / (n + 1))


def rma(values, n):
    """Wilder's average, 1 / n."""
    return smooth(values, 1 / n)


def sums(values, n):
    """Sum."""
    return windows(sum, values, n)


def top(values, n):
    """Highest."""
    return windows(max, values, n)


def bottom(values, n):
    """Lowest."""
    return windows(min, values, n)


def dot(values, weights):
    """Mean with weights, that of the oldest first."""
    total = sum(weights)
    return windows(lambda w: sum(a * b for a, b in zip(w, weights, strict=True)) / total, values, len(weights))


def line(window):
    """Least squares: slope and mean of a window over 0, 1, 2, …"""
    n, middle, mean = len(window), (len(window) - 1) / 2, fmean(window)
    slope = sum((x - middle) * (y - mean) for x, y in enumerate(window)) / sum((x - middle) ** 2 for x in range(n))
    return slope, mean


def signs(values):
    """-1, 0, 1."""
    return [nan if isnan(v) else (v > 1e-12) - (v < -1e-12) for v in values]


# averages and statistics


def wma(x, n):
    return dot(x, range(1, n + 1))


def dema(x, n):
    one = ema(x, n)
    return minus(times(2, one), ema(one, n))


def tema(x, n):
    one = ema(x, n)
    two = ema(one, n)
    return each(lambda a, b, c: 3 * a - 3 * b + c, one, two, ema(two, n))


def t3(x, n, a):
    """Tillson, "Smoothing techniques for more accurate signals", 1998: three times (1 + a) EMA − a EMA of EMA."""
    for _ in range(3):
        one = ema(x, n)
        x = each(lambda p, q: (1 + a) * p - a * q, one, ema(one, n))
    return x


def trima(x, n):
    return dot(x, [min(k + 1, n - k) for k in range(n)])


def hma(x, n):
    """Hull 2005."""
    return wma(minus(times(2, wma(x, n // 2)), wma(x, n)), int(sqrt(n)))


def zlma(x, n):
    """Ehlers and Way, "Zero lag (well, almost)", 2010."""
    return ema(minus(times(2, x), back(x, (n - 1) // 2)), n)


def er(x, n):
    """Kaufman 1995."""
    return div(list(map(abs, diff(x, n))), sums(list(map(abs, diff(x))), n))


def kama(x, n, fast, slow):
    """Kaufman, "Smarter Trading", 1995."""
    found, now = [], nan
    for value, part in zip(x, er(x, n), strict=True):
        if isnan(part):
            now = value
        else:
            now += (part * (2 / (fast + 1) - 2 / (slow + 1)) + 2 / (slow + 1)) ** 2 * (value - now)
        found.append(now)
    return found


def alma(x, n, sigma, offset):
    """Legoux and Kouzis-Loukas 2009: Gaussian weights, `offset` 1 is the newest bar."""
    return dot(x, [exp(-((k - offset * (n - 1)) ** 2) / (2 * (n / sigma) ** 2)) for k in range(n)])


def fwma(x, n):
    weights = [1, 1]
    while len(weights) < n:
        weights.append(weights[-1] + weights[-2])
    return dot(x, weights[:n])


def pwma(x, n):
    return dot(x, [comb(n - 1, k) for k in range(n)])


def sinwma(x, n):
    return dot(x, [sin((k + 1) * pi / (n + 1)) for k in range(n)])


def linreg(x, n):
    def end(window):
        slope, mean = line(window)
        return mean + slope * (n - 1) / 2

    return windows(end, x, n)


def ssf(x, n, poles):
    """Ehlers, "Cybernetic Analysis", 2004, chapter 13."""
    if poles == 2:
        a = exp(-sqrt(2) * pi / n)
        c = [2 * a * cos(sqrt(2) * pi / n), -a * a, 0]
    else:
        a = exp(-pi / n)
        b, d = 2 * a * cos(sqrt(3) * pi / n), a * a
        c = [b + d, -(d + b * d), d * d]
    found = x[:3]
    for value in x[3:]:
        found.append((1 - sum(c)) * value + c[0] * found[-1] + c[1] * found[-2] + c[2] * found[-3])
    return found


def quantile(x, n, q):
    def at(window):
        ordered, place = sorted(window), q * (n - 1)
        low = int(place)
        return ordered[low] + (place - low) * (ordered[min(low + 1, n - 1)] - ordered[low])

    return windows(at, x, n)


def vwma(c, v, n):
    return div(sums(each(lambda a, b: a * b, c, v), n), sums(v, n))


def stdev(x, n):
    return windows(pstdev, x, n)


def zscore(x, n, std):
    return div(minus(x, sma(x, n)), times(std, stdev(x, n)))


def mad(x, n):
    return windows(lambda w: fmean(abs(v - fmean(w)) for v in w), x, n)


def entropy(x, n, base):
    """Shannon's, of the values' parts of the sum of n."""
    parts = div(x, sums(x, n))
    return sums([nan if isnan(p) else -p * log(p) / log(base) for p in parts], n)


def _moment(window, power):
    mean = fmean(window)
    return fmean((v - mean) ** power for v in window)


def skew(x, n):
    """G1 of Joanes and Gill 1998."""
    return windows(lambda w: sqrt(n * (n - 1)) / (n - 2) * _moment(w, 3) / _moment(w, 2) ** 1.5, x, n)


def kurtosis(x, n):
    """G2 of Joanes and Gill 1998."""
    return windows(
        lambda w: (n - 1) / (n - 2) / (n - 3) * ((n + 1) * (_moment(w, 4) / _moment(w, 2) ** 2 - 3) + 6), x, n
    )


# oscillators over one column


def gains(x):
    return [nan if isnan(v) else max(v, 0) for v in diff(x)]


def losses(x):
    return [nan if isnan(v) else max(-v, 0) for v in diff(x)]


def rsi(x, n):
    """Wilder, "New Concepts in Technical Trading Systems", 1978: 100 − 100 / (1 + RS)."""
    up, down = rma(gains(x), n), rma(losses(x), n)
    return [nan if isnan(u) or u + d == 0 else 100 * u / (u + d) for u, d in zip(up, down, strict=True)]


def cmo(x, n):
    return [2 * value - 100 for value in rsi(x, n)]


def roc(x, n):
    return times(100, div(diff(x, n), back(x, n)))


def macd(x, fast, slow, signal):
    """Appel 1979."""
    found = minus(ema(x, fast), ema(x, slow))
    return found, minus(found, ema(found, signal)), ema(found, signal)


def _percent(fast, slow, signal):
    found = times(100, div(minus(fast, slow), slow))
    known = [0.0 if isnan(v) else v for v in found]
    return found, minus(found, ema(known, signal)), ema(known, signal)


def ppo(x, fast, slow, signal):
    return _percent(sma(x, fast), sma(x, slow), signal)


def pvo(x, fast, slow, signal):
    return _percent(ema(x, fast), ema(x, slow), signal)


def trix(x, n, signal):
    """Hutson 1983."""
    found = roc(ema(ema(ema(x, n), n), n), 1)
    return found, sma(found, signal)


def tsi(x, fast, slow, signal):
    """Blau, "True strength index", 1991."""
    moves = diff(x)[1:]
    found = [nan, *times(100, div(ema(ema(moves, slow), fast), ema(ema(list(map(abs, moves)), slow), fast)))]
    return found, ema(found, signal)


def smi(x, fast, slow, signal):
    found, average = tsi(x, fast, slow, signal)
    return times(0.01, found), times(0.01, average), times(0.01, minus(found, average))


def vhf(x, n):
    """White 1991."""
    return div(minus(top(x, n), bottom(x, n)), sums(list(map(abs, diff(x))), n))


def coppock(x, n, fast, slow):
    return wma(each(lambda a, b: a + b, roc(x, fast), roc(x, slow)), n)


def kst(x, *lengths):
    parts = [sma(roc(x, rate), n) for rate, n in zip(lengths[:4], lengths[4:8], strict=True)]
    found = each(lambda a, b, c, d: 100 * (a + 2 * b + 3 * c + 4 * d), *parts)
    return found, sma(found, lengths[8])


def cfo(x, n):
    return times(100, div(minus(x, linreg(x, n)), x))


def cg(x, n):
    """Ehlers, "The CG oscillator", 2002; negative as in its code."""
    return windows(lambda w: -sum((n - k) * v for k, v in enumerate(w)) / sum(w), x, n)


def cti(x, n):
    """Pearson's r between the values and 0, 1, 2, …"""

    def correlation(window):
        slope, _ = line(window)
        return slope * sqrt((n * n - 1) / 12) / pstdev(window)

    return windows(correlation, x, n)


def psl(x, n):
    return times(100, sma([nan if isnan(v) else float(v > 0) for v in diff(x)], n))


def rvi(x, n):
    """Dorsey 1993, with one length and exponential averages."""
    spread, moves = stdev(x, n), signs(diff(x))
    up = [nan if isnan(s) else s * (m > 0) for s, m in zip(spread, moves, strict=True)]
    down = [nan if isnan(s) else s * (m < 0) for s, m in zip(spread, moves, strict=True)]
    up, down = ema(up, n), ema(down, n)
    return times(100, div(up, each(lambda a, b: a + b, up, down)))


def stochrsi(x, n, rsi_length, k, d):
    """Chande and Kroll, "The New Technical Trader", 1994."""
    strength = rsi(x, rsi_length)
    low = bottom(strength, n)
    found = sma(times(100, div(minus(strength, low), minus(top(strength, n), low))), k)
    return found, sma(found, d)


def ui(x, n):
    """Martin 1987."""
    falls = div(minus(x, top(x, n)), top(x, n))
    return [sqrt(value) for value in sma([(100 * fall) ** 2 for fall in falls], n)]


def amat(x, fast, slow, lookback):
    quick, calm = signs(diff(ema(x, fast), lookback)), signs(diff(ema(x, slow), lookback))
    return each(lambda a, b: float(a > 0 and b != 0), quick, calm), each(
        lambda a, b: float(a < 0 and b != 0), quick, calm
    )


def bbands(x, n, std):
    """Bollinger 1983."""
    mid, width = sma(x, n), times(std, stdev(x, n))
    low, high = minus(mid, width), each(lambda a, b: a + b, mid, width)
    return low, mid, high, times(100, div(minus(high, low), mid)), div(minus(x, low), minus(high, low))


# oscillators over prices


def hlc3(h, l, c):
    return each(lambda *values: fmean(values), h, l, c)


def cci(h, l, c, n, factor):
    """Lambert 1980."""
    x = hlc3(h, l, c)
    return div(minus(x, sma(x, n)), times(factor, mad(x, n)))


def fast_k(h, l, c, n):
    low = bottom(l, n)
    return times(100, div(minus(c, low), minus(top(h, n), low)))


def willr(h, l, c, n):
    high = top(h, n)
    return times(-100, div(minus(high, c), minus(high, bottom(l, n))))


def stoch(h, l, c, k, d, smooth_k):
    found = sma(fast_k(h, l, c, k), smooth_k)
    return found, sma(found, d)


def kdj(h, l, c, n, signal):
    k = rma(fast_k(h, l, c, n), signal)
    d = rma(k, signal)
    return k, d, each(lambda a, b: 3 * a - 2 * b, k, d)


def true_range(h, l, c):
    """Wilder 1978."""
    return each(lambda high, low, close: nan if isnan(close) else max(high, close) - min(low, close), h, l, back(c))


def atr(h, l, c, n):
    return rma(true_range(h, l, c), n)


def uo(h, l, c, *lengths):
    """Williams, "The ultimate oscillator", 1985."""
    pressure = each(lambda now, low, close: now - (nan if isnan(close) else min(low, close)), c, l, back(c))
    parts = [div(sums(pressure, n), sums(true_range(h, l, c), n)) for n in lengths]
    return each(lambda a, b, d: 100 * (4 * a + 2 * b + d) / 7, *parts)


def ao(h, l, fast, slow):
    middle = each(lambda a, b: (a + b) / 2, h, l)
    return minus(sma(middle, fast), sma(middle, slow))


def brar(o, h, l, c, n):
    before = back(c)
    up = each(lambda a, b: nan if isnan(b) else max(a - b, 0), h, before)
    down = each(lambda a, b: nan if isnan(b) else max(b - a, 0), l, before)
    ar = div(sums(minus(h, o), n), sums(minus(o, l), n))
    return times(100, ar), times(100, div(sums(up, n), sums(down, n)))


def eri(h, l, c, n):
    average = ema(c, n)
    return minus(h, average), minus(l, average)


def pgo(h, l, c, n):
    return div(minus(c, sma(c, n)), ema(atr(h, l, c, n), n))


def rvgi(o, h, l, c, n, swma_length):
    """Ehlers 2002."""
    weights = [min(k + 1, swma_length - k) for k in range(swma_length)]
    found = div(sums(dot(minus(c, o), weights), n), sums(dot(minus(h, l), weights), n))
    return found, dot(found, weights)


def fisher(h, l, n, signal):
    """Ehlers, "Using the Fisher transform", 2002."""
    middle = each(lambda a, b: (a + b) / 2, h, l)
    found, value, fish = [], 0.0, 0.0
    for price, low, high in zip(middle, bottom(middle, n), top(middle, n), strict=True):
        if high > low:
            value = 0.33 * 2 * ((price - low) / (high - low) - 0.5) + 0.67 * value
            value = 0.999 if value > 0.99 else -0.999 if value < -0.99 else value
            fish = 0.5 * log((1 + value) / (1 - value)) + 0.5 * fish
        found.append(fish)
    return found, back(found, signal)


# trends, ranges, volume


def _squeeze(h, l, c, bb_length, bb_std, kc_length, scalars, mom_length, mom_smooth):
    low, _, high, _, _ = bbands(c, bb_length, bb_std)
    mid, ranges = sma(c, kc_length), sma(true_range(h, l, c), kc_length)

    def state(scalar, a, b, m, r):
        inside = float(a > m - scalar * r and b < m + scalar * r)
        return inside, float(a < m - scalar * r and b > m + scalar * r)

    states = [[state(scalar, *bar) for bar in zip(low, high, mid, ranges, strict=True)] for scalar in scalars]
    ons, off = [[inside for inside, _ in each_] for each_ in states], [outside for _, outside in states[0]]
    return sma(diff(c, mom_length), mom_smooth), *ons, off, each(lambda a, b: 1.0 - a - b, ons[0], off)


def squeeze(h, l, c, bb_length, bb_std, kc_length, scalar, *moms):
    return _squeeze(h, l, c, bb_length, bb_std, kc_length, [scalar], *moms)


def squeeze_pro(h, l, c, bb_length, bb_std, kc_length, wide, normal, narrow, *moms):
    return _squeeze(h, l, c, bb_length, bb_std, kc_length, [wide, normal, narrow], *moms)


def adx(h, l, c, n, lensig):
    """Wilder 1978."""
    up, down = diff(h), times(-1, diff(l))
    plus = rma(each(lambda a, b: nan if isnan(a) else a * (a - b > 1e-12 and a > 0), up, down), n)
    fall = rma(each(lambda a, b: nan if isnan(a) else b * (b - a > 1e-12 and b > 0), up, down), n)
    ranges = atr(h, l, c, n)
    dx = each(lambda a, b: nan if isnan(a) or a + b == 0 else 100 * abs(a - b) / (a + b), plus, fall)
    return (
        rma([0.0 if isnan(v) else v for v in dx], lensig),
        times(100, div(plus, ranges)),
        times(100, div(fall, ranges)),
    )


def aroon(h, l, n):
    """Chande 1995."""
    up = windows(lambda w: 100 * max(range(n + 1), key=lambda k: (w[k], k)) / n, h, n + 1)
    down = windows(lambda w: 100 * min(range(n + 1), key=lambda k: (w[k], -k)) / n, l, n + 1)
    return down, up, minus(up, down)


def vortex(h, l, c, n):
    """Botes and Siepman 2010."""
    ranges = sums(true_range(h, l, c), n)
    plus = sums(each(lambda a, b: abs(a - b), h, back(l)), n)
    return div(plus, ranges), div(sums(each(lambda a, b: abs(a - b), l, back(h)), n), ranges)


def chop(h, l, c, n, atr_length):
    """Dreiss 1993."""
    parts = div(sums(atr(h, l, c, atr_length), n), minus(top(h, n), bottom(l, n)))
    return [nan if isnan(part) else 100 * log10(part) / log10(n) for part in parts]


def cksp(h, l, c, p, x, q):
    away = times(x, atr(h, l, c, p))
    return top(minus(top(h, p), away), q), bottom(each(lambda a, b: a + b, bottom(l, p), away), q)


def supertrend(h, l, c, n, multiplier):
    """Seban; the bands follow only until the close has crossed them."""
    low = high = nan
    side, stops, sides = 1, [], []
    closes = back(c)
    for a, b, close, before, width in zip(h, l, c, closes, atr(h, l, c, n), strict=True):
        if isnan(width):
            stops.append(nan), sides.append(nan)
            continue
        under, over = (a + b) / 2 - multiplier * width, (a + b) / 2 + multiplier * width
        low = under if isnan(low) or before < low else max(under, low)
        high = over if isnan(high) or before > high else min(over, high)
        side = 1 if (side < 0 and close > high) else -1 if (side > 0 and close < low) else side
        stops.append(low if side > 0 else high), sides.append(side)
    rising = [stop if side > 0 else nan for stop, side in zip(stops, sides, strict=True)]
    return stops, sides, rising, [stop if side < 0 else nan for stop, side in zip(stops, sides, strict=True)]


def ttm_trend(h, l, c, n):
    average = sma(each(lambda a, b: (a + b) / 2, h, l), n)
    return each(lambda close, mean: nan if isnan(mean) else 1.0 if close > mean else -1.0, c, average)


def aberration(h, l, c, n, atr_length):
    middle, width = sma(hlc3(h, l, c), n), atr(h, l, c, atr_length)
    return middle, each(lambda a, b: a + b, middle, width), minus(middle, width), width


def accbands(h, l, c, n, factor):
    """Headley 2002."""
    low = each(lambda a, b: b * (1 - factor * (a - b) / (a + b)), h, l)
    high = each(lambda a, b: a * (1 + factor * (a - b) / (a + b)), h, l)
    return sma(low, n), sma(c, n), sma(high, n)


def donchian(h, l, lower, upper):
    low, high = bottom(l, lower), top(h, upper)
    return low, each(lambda a, b: (a + b) / 2, low, high), high


def kc(h, l, c, n, scalar):
    middle, width = ema(c, n), times(scalar, ema(true_range(h, l, c), n))
    return minus(middle, width), middle, each(lambda a, b: a + b, middle, width)


def massi(h, l, fast, slow):
    """Dorsey 1992."""
    ranges = ema(minus(h, l), fast)
    return sums(div(ranges, ema(ranges, fast)), slow)


def pdist(o, h, l, c):
    return each(lambda a, b, d, e, before: 2 * (b - d) + abs(a - before) - abs(e - a), o, h, l, c, back(c))


def thermo(h, l, n, long, short):
    move = each(lambda a, b: max(abs(a), abs(b)), diff(l), diff(h))
    usual = ema(move, n)
    calm = each(lambda a, b: float(a < long * b), move, usual)
    return move, usual, calm, each(lambda a, b: float(a > short * b), move, usual)


def flow(h, l, c, v):
    return each(lambda a, b, d, e: 0.0 if a == b else e * ((d - b) - (a - d)) / (a - b), h, l, c, v)


def adosc(h, l, c, v, fast, slow):
    line_, total = [], 0.0
    for part in flow(h, l, c, v):
        total += part
        line_.append(total)
    return minus(ema(line_, fast), ema(line_, slow))


def cmf(h, l, c, v, n):
    """Chaikin."""
    return div(sums(flow(h, l, c, v), n), sums(v, n))


def efi(c, v, n):
    """Elder 1993."""
    return ema(each(lambda a, b: a * b, diff(c), v), n)


def kvo(h, l, c, v, fast, slow, signal):
    signed = each(lambda a, b: a * b, v, signs(diff(hlc3(h, l, c))))
    found = minus(ema(signed, fast), ema(signed, slow))
    return found, ema(found, signal)


def mfi(h, l, c, v, n):
    """Quong and Soudack 1989."""
    x = hlc3(h, l, c)
    money, moves = each(lambda a, b: a * b, x, v), signs(diff(x))
    up = sums(each(lambda a, b: nan if isnan(b) else a * (b > 0), money, moves), n)
    down = sums(each(lambda a, b: nan if isnan(b) else a * (b < 0), money, moves), n)
    return times(100, div(up, each(lambda a, b: a + b, up, down)))


def pvr(c, v):
    return each(lambda a, b: nan if isnan(a) else 1 + 2 * (a < 0) + (b < 0), diff(c), diff(v))


FORMULAS = {
    **{f.__name__: f for f in (sma, ema, rma, wma, dema, tema, t3, trima, hma, zlma, kama, alma, fwma, pwma, sinwma)},
    **{
        f.__name__: f for f in (linreg, ssf, quantile, vwma, stdev, zscore, mad, entropy, skew, kurtosis, rsi, cmo, roc)
    },
    **{
        f.__name__: f for f in (macd, ppo, pvo, trix, tsi, smi, er, vhf, coppock, kst, cfo, cg, cti, psl, rvi, stochrsi)
    },
    **{
        f.__name__: f for f in (ui, amat, bbands, hlc3, cci, willr, stoch, kdj, true_range, atr, uo, ao, brar, eri, pgo)
    },
    **{f.__name__: f for f in (rvgi, fisher, squeeze, squeeze_pro, adx, aroon, vortex, chop, cksp, supertrend)},
    **{f.__name__: f for f in (ttm_trend, aberration, accbands, donchian, kc, massi, pdist, thermo, adosc, cmf, efi)},
    **{f.__name__: f for f in (kvo, mfi, pvr)},
    "swma": trima,
    "highest": top,
    "lowest": bottom,
    "median": lambda x, n: windows(median, x, n),
    "midpoint": lambda x, n: each(lambda a, b: (a + b) / 2, top(x, n), bottom(x, n)),
    "midprice": lambda h, l, n: each(lambda a, b: (a + b) / 2, top(h, n), bottom(l, n)),
    "hl2": lambda h, l: each(lambda a, b: (a + b) / 2, h, l),
    "ohlc4": lambda o, h, l, c: each(lambda *values: fmean(values), o, h, l, c),
    "wcp": lambda h, l, c: each(lambda a, b, d: (a + b + 2 * d) / 4, h, l, c),
    "variance": lambda x, n: [value**2 for value in stdev(x, n)],
    "mom": diff,
    "percent_return": lambda x, n: div(diff(x, n), back(x, n)),
    "log_return": lambda x, n: each(lambda a, b: log(a) - log(b) if b > 0 else nan, x, back(x, n)),
    "slope": lambda x, n: [value / n for value in diff(x, n)],
    "increasing": lambda x, n: [nan if isnan(v) else float(v > 0) for v in diff(x, n)],
    "decreasing": lambda x, n: [nan if isnan(v) else float(v < 0) for v in diff(x, n)],
    "apo": lambda x, fast, slow: minus(sma(x, fast), sma(x, slow)),
    "bias": lambda x, n: [value - 1 for value in div(x, sma(x, n))],
    "inertia": lambda x, n, rvi_length: linreg(rvi(x, rvi_length), n),
    "bop": lambda o, h, l, c: div(minus(c, o), minus(h, l)),
    "natr": lambda h, l, c, n: times(100, div(atr(h, l, c, n), c)),
    "qstick": lambda o, c, n: sma(minus(c, o), n),
    "pvol": lambda c, v: each(lambda a, b: a * b, c, v),
}
