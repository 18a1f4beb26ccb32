"""Enquiries to MASH: those that were forwarded and became referrals, and the greater number that were not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csc_core.sources.demo.cases import Cases, lowest
from csc_core.sources.demo.days import NEVER, YEAR, Ints, Words, busyness, draw_days, pick
from csc_core.sources.demo.families import GROWN
from csc_core.sources.demo.referrers import referrers
from csc_core.sources.demo.targets import Month, months, shares

DAYS_BEFORE = (0.62, 0.25, 0.08, 0.05)  # share of referrals that follow on the day of the enquiry, a day later ...
KNOWN = 0.33  # share of the enquiries not forwarded that are about a child referred lately
BACK = 0.30  # of the rest, share about a child enquired about before
LATELY = 540  # days
CLEAR_OF = 14  # days that the case of an enquiry forwarded in error has been open, and goes on


def enquire(cases: Cases, rng: np.random.Generator) -> tuple[pd.DataFrame, Ints]:
    """Every enquiry (child, day, source, outcome), and when each child was born, those met only by enquiry included."""
    born = cases.born.copy()
    parts = [_forwarded(cases, rng)]
    known = began = cases.households
    met_in = [began]
    for month in months():
        parts.append(_although_open(cases, month, rng))
        others = month.enquiries - month.referrals - month.forwarded_open
        about_known = _about_known(cases, month, round(KNOWN * others), rng)
        back = round(BACK * (others - len(about_known))) if known > began else 0
        new, known = _about_new(cases, born, month, others - len(about_known) - back, known, rng)
        again = _about_again(cases, born, month, back, met_in[-12:][0], met_in[-1], rng)
        met_in.append(known)
        parts += [about_known, new, again]
    enquiries = pd.concat(parts, ignore_index=True)
    unforwarded = np.flatnonzero(enquiries["outcome"] == "")
    codes, likely = shares("enquiry_outcome")
    enquiries.loc[unforwarded, "outcome"] = np.array(codes, dtype=object)[pick(likely, rng.random(len(unforwarded)))]
    by_others = np.flatnonzero(enquiries["source"] == "")
    days = enquiries["day"].to_numpy()[by_others]
    enquiries.loc[by_others, "source"] = referrers("enquiry_source", days, rng.random(len(days)), rng.random(len(days)))
    return enquiries, born


def _rows(child: Ints, day: Ints, outcome: str = "", source: Words | str = "") -> pd.DataFrame:
    return pd.DataFrame({"child": child, "day": day, "source": source, "outcome": outcome})


def _forwarded(cases: Cases, rng: np.random.Generator) -> pd.DataFrame:
    """One enquiry for each referral, on the day or a few days before, but in the same month: so a month's figures hang together."""
    episodes = cases.episodes[cases.episodes["opened"] >= months()[0].first]
    opened = episodes["opened"].to_numpy()
    event = episodes["event"].to_numpy()
    of_month = np.searchsorted([month.first for month in months()], opened, "right") - 1
    first = np.array([month.first for month in months()])[of_month]
    day = np.maximum(opened - pick(np.array(DAYS_BEFORE), rng.random(len(cases.events)))[event], first)
    return _rows(episodes["child"].to_numpy(), day, "REFERRAL", cases.events["source"].to_numpy(object)[event])


def _although_open(cases: Cases, month: Month, rng: np.random.Generator) -> pd.DataFrame:
    """Enquiries forwarded although the child's case was open: no referral follows."""
    episodes = cases.episodes
    open_on = (episodes["opened"] < month.first - CLEAR_OF) & (episodes["closed"] > month.last + CLEAR_OF)
    child = episodes["child"][open_on & (month.last - cases.born[episodes["child"]] < GROWN * YEAR)].to_numpy()
    chosen = child[lowest(rng.random(len(child)), month.forwarded_open, "enquiries about open cases", month)]
    return _rows(chosen, _any_day(month, len(chosen), rng), "REFERRAL")


def _about_known(cases: Cases, month: Month, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Not forwarded, about children referred lately. There is one on every day: an emergency duty team works round the clock."""
    episodes = cases.episodes
    lately = episodes[(episodes["opened"] < month.first) & (episodes["opened"] >= month.first - LATELY)]
    child = lately["child"].unique()
    child = child[(month.last - cases.born[child] < GROWN * YEAR) & (cases.died[child] == NEVER)]
    chosen = child[lowest(rng.random(len(child)), min(count, len(child)), "enquiries about known children", month)]
    days = np.arange(month.first, month.last + 1)
    day = _any_day(month, len(chosen), rng)
    day[: len(days)] = days[: len(day)]
    return _rows(chosen, day)


def _about_new(
    cases: Cases, born: Ints, month: Month, count: int, known: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, int]:
    """Not forwarded, about families never referred: brothers and sisters on the same day. Also the households known after it."""
    families = cases.families
    child = families.next_children(known, count)
    if len(child) < count:
        raise ValueError("The synthetic county has run out of families: draw more of them.")
    until = int(families.household[child[-1]]) + 1
    everyone = families.between(known, until)
    of_household = _any_day(month, until - known, rng)
    born[everyone] = of_household[families.household[everyone] - known] - families.age[everyone]
    return _rows(child, of_household[families.household[child] - known]), until


def _about_again(
    cases: Cases, born: Ints, month: Month, count: int, known: int, until: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Not forwarded, about children enquired about in the year before."""
    span = cases.families.between(known, until)
    child = np.arange(span.start, span.stop)[cases.families.concerned[span]]
    child = child[month.last - born[child] < GROWN * YEAR]
    chosen = child[lowest(rng.random(len(child)), count, "repeated enquiries", month)]
    return _rows(chosen, _any_day(month, len(chosen), rng))


def _any_day(month: Month, count: int, rng: np.random.Generator) -> Ints:
    days = np.arange(month.first, month.last + 1)
    return draw_days(days, busyness(days, at_weekends=2.0), rng.random(count))
