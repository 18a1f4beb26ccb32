"""Rounding as the Department for Education rounds: once, half up, from the fraction."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from csc_core.indicators.declaration import Indicator

PER = {"count": 1, "per 10,000": 10_000, "%": 100, "ratio": 1}


def half_up(value: Any, decimals: int) -> Decimal:
    """The nearest number with so many decimals; of two equally near ones the one further from zero."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def of_fraction(numerator: Any, denominator: Any, asked: Indicator) -> Decimal | None:
    """The indicator's value rounded from its own fraction, which a float between would have bent; None where there is none."""
    if pd.isna(numerator) or (asked.denominator is not None and (pd.isna(denominator) or float(denominator) <= 0)):
        return None
    base = Fraction(1) if asked.denominator is None else Fraction(str(denominator))
    exact = PER[asked.unit] * Fraction(str(numerator)) / base
    scale = 10**asked.decimals
    whole = (2 * abs(exact) * scale + 1) // 2  # half up, in whole numbers
    return Decimal(int(whole) if exact >= 0 else -int(whole)).scaleb(-asked.decimals)


def written(value: Decimal | None, asked: Indicator) -> str:
    """`4,009`, `40.1%`, `30.2 per 10,000`, `17.6`."""
    if value is None:
        return "no figure"
    return f"{value:,}" + {"%": "%", "per 10,000": " per 10,000"}.get(asked.unit, "")
