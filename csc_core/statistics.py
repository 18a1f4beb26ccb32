"""How far chance alone could move a figure: confidence intervals.

Methods as in Public Health England, *Technical guide: confidence intervals* (OHID): Wilson's score for a percentage, the
exact Poisson limits for a rate. statsmodels computes both; it is imported when first needed because it takes most of a
second.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

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
