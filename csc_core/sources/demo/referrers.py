"""Who refers children and who makes enquiries."""

from __future__ import annotations

import numpy as np

from csc_core.sources.demo.days import Floats, Ints, Words, bank_holidays, in_school_holidays, pick, weekday
from csc_core.sources.demo.targets import shares

SCHOOLS = ("2A", "2B", "3C")
SCHOOLS_OFF = 0.2  # how often, against other days, schools write at weekends and in their holidays


def referrers(name: str, days: Ints, chance: Floats, school: Floats) -> Words:
    """Who made each enquiry or referral: a list of `demo_shares.json` kept as a whole, with few schools when schools are closed."""
    codes, weights = shares(name)
    a_school = np.isin(codes, SCHOOLS)
    off = (weekday(days) >= 5) | np.isin(days, bank_holidays()) | in_school_holidays(days)
    share = weights[a_school].sum() / weights.sum()
    likely = np.where(off, SCHOOLS_OFF * share, share * (1 - SCHOOLS_OFF * off.mean()) / (1 - off.mean()))
    by_school = pick(np.where(a_school, weights, 0.0), chance)
    by_others = pick(np.where(a_school, 0.0, weights), chance)
    return np.array(codes, dtype=object)[np.where(school < likely, by_school, by_others)]
