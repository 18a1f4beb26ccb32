"""How far chance alone could move a figure: confidence intervals, and tests against a fixed value.

Methods as in Public Health England, *Technical guide: confidence intervals* (OHID): Wilson's score for a percentage, the
exact Poisson limits for a rate. statsmodels computes both; it is imported when first needed because it takes most of a
second.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from csc_core.indicators.declaration import Indicator, Measure

FEWEST_EVENTS = 20  # fewer are not rated, ranked or compared
Z95, Z998 = 0.05, 0.002


def interval(numerator: pd.Series, denominator: pd.Series, unit: str, alpha: float = Z95) -> pd.DataFrame:
    """The limits of a percentage (0-100) or of a rate per 10,000, row by row; columns low, high.

    A count has no interval, nor has a ratio (cases for each worker are shared out, they do not befall anybody by chance), nor a
    row without numerator or denominator: NA. `alpha` is the share outside (0.05 for 95%, 0.002 for 99.8%).
    """
    from statsmodels.stats.proportion import proportion_confint
    from statsmodels.stats.rates import confint_poisson

    limits = pd.DataFrame({"low": pd.NA, "high": pd.NA}, index=numerator.index, dtype="Float64")
    known = numerator.notna() & denominator.notna() & (denominator > 0).fillna(False)
    if unit in ("count", "ratio") or not known.any():
        return limits
    n, base = numerator[known].to_numpy(dtype=float), denominator[known].to_numpy(dtype=float)
    if unit == "%":
        low, high = proportion_confint(n, base, alpha=alpha, method="wilson")
        scale = 100
    else:
        with np.errstate(invalid="ignore"):  # the lower limit of no events is 0, which the formula gives as NaN
            low, high = confint_poisson(n, base, method="exact-c", alpha=alpha)
        low, scale = np.nan_to_num(low), 10_000
    limits.loc[known, "low"], limits.loc[known, "high"] = np.maximum(low, 0) * scale, high * scale
    return limits


def beyond_chance(numerator: float | None, denominator: float | None, fixed: float, asked: Indicator) -> bool | None:
    """Whether a figure differs from a fixed value (a target, or the figure of a far larger area) by more than chance explains.

    The exact binomial test of a percentage, the exact Poisson test of a rate; two-sided, at 5%. The fixed value is taken as
    known without error. None where a test has no meaning: for counts, ratios and shares of hours or days, and under 20 events.
    Brothers and sisters count as if each came alone, so that chance is somewhat larger than the test takes it to be.
    """
    from statsmodels.stats.proportion import binom_test
    from statsmodels.stats.rates import test_poisson

    measures = [asked.numerator, asked.denominator]
    counted = all(measure.aggregate.startswith("count(") for measure in measures if isinstance(measure, Measure))
    if asked.unit not in ("%", "per 10,000") or not counted or numerator is None or not denominator:
        return None
    if (denominator if asked.unit == "%" else numerator) < FEWEST_EVENTS:
        return None
    if asked.unit == "%":
        return bool(binom_test(int(numerator), int(denominator), min(max(fixed / 100, 0.0), 1.0)) < Z95)
    return bool(test_poisson(int(numerator), denominator, value=fixed / 10_000, method="exact-c").pvalue < Z95)
