"""Entering care, and leaving it for a family: initial health assessments, adoptions, special guardianship.

What is made here hangs on the cases made before (`in_care`) and changes nothing of them: an adoption order is made on the day a case
closes because the child was adopted, and only a child whose case is open, or closes so, is placed for adoption.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo.days import NEVER, WORKING, YEAR, Flags, Ints, between, iso, number, position_from
from csc_core.sources.demo.targets import LAST, months, table

ADOPTABLE: Final = 7.5  # years of age on entering care, at most
IN_TIME: Final = (150, 420)  # days from entering care to moving in with the adoptive family, within 14 months
LATE: Final = (430, 1_100)  # and after them
TO_ORDER: Final = (75, 420)  # days from there to the adoption order; for some much longer
TO_ORDER_AT_MOST: Final = 900
EARLY: Final = 0.75  # share of the adopted placed within 14 months, where the order allows it
TO_DECISION: Final = (60, 140)  # days from entering care to the decision for adoption, at least
TO_PLACEMENT: Final = (30, 330)  # and from there to moving in, at most
UNDECIDED: Final = 3 * YEAR  # days since a child in care entered it, within which the decision may wait or be reversed
WAITING: Final = 45  # children with a decision for adoption who are not placed
REVERSED: Final = 20  # children whose decision was reversed

SEEN_IN_TIME: Final = (0.50, 0.72)  # share of initial health assessments in time, on the first day and on the last
NEVER_SEEN: Final = 0.03
DUE: Final = 20  # working days


def days(text: pd.Series) -> Ints:
    """ISO dates as days; NEVER where empty."""
    read = pd.to_datetime(text.replace("", None)).to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(read), NEVER, read.astype(np.int64))


def in_care(rows: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Children whose case brought them into care: person_id, born, entered, closed (days; NEVER while open), reason.

    They enter care on the day after the assessment that decided it, as their placement does (`people.addresses`), or when born.
    """
    decided = rows["cin_assessments"].query("assessment_outcome == 'CLA'").sort_values("assessment_auth_date", kind="stable")
    cases = decided.drop_duplicates("referral_id").merge(
        rows["cin_episodes"][["referral_id", "close_date", "close_reason"]], on="referral_id", validate="one_to_one"
    )
    cases = cases.merge(rows["persons"][["person_id", "dob"]], on="person_id", validate="many_to_one")
    frame = pd.DataFrame({
        "person_id": cases["person_id"],
        "born": days(cases["dob"]),
        "entered": np.maximum(days(cases["assessment_auth_date"]) + 1, days(cases["dob"])),
        "closed": days(cases["close_date"]),
        "reason": cases["close_reason"],
    })
    stayed = (frame["entered"] < frame["closed"]) & (frame["entered"] <= LAST)
    return frame[stayed].sort_values(["entered", "person_id"], kind="stable", ignore_index=True)


def periods_of_care(rows: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The periods of care in the tables made so far, short breaks apart: person_id, born, entered, left (days; NEVER while they last)."""
    episodes = rows["cla_episodes"].assign(left=days(rows["cla_episodes"]["cla_episode_ceased_date"]))
    spells = episodes.groupby("cla_id", sort=False).agg(
        person_id=("person_id", "first"), entered_care_date=("entered_care_date", "first"), left=("left", "max")
    )
    first = rows["legal_status"].rename(columns={"legal_status_start_date": "entered_care_date"})
    spells = spells.merge(first[["person_id", "entered_care_date", "legal_status"]], on=["person_id", "entered_care_date"])
    spells = spells[~spells["legal_status"].isin(["V3", "V4"])].merge(rows["persons"][["person_id", "dob"]], on="person_id")
    spells = spells.assign(entered=days(spells["entered_care_date"]), born=days(spells["dob"]))
    spells = spells.drop_duplicates(["person_id", "entered"]).sort_values(["entered", "person_id"], kind="stable", ignore_index=True)
    return spells[["person_id", "born", "entered", "left"]]


def permanence(care: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The table `permanence`: adoptions, decisions for adoption that wait or were reversed, special guardianship orders.

    In each year as many children are placed for adoption, and so many within 14 months, as `data/demo_adoption.csv` says: those
    adopted later, and others still in care.
    """
    adopted = (care["closed"] < NEVER).to_numpy() & (care["reason"] == "RC1").to_numpy()
    placed = _placed(care, adopted, rng)
    entered = care["entered"].to_numpy()
    decided = np.maximum(entered + rng.integers(*TO_DECISION, len(care)), placed - rng.integers(*TO_PLACEMENT, len(care)))
    decided = np.where(placed < NEVER, np.minimum(decided, placed - 1), entered + rng.integers(*TO_DECISION, len(care)))
    may = (entered - care["born"].to_numpy() < ADOPTABLE * YEAR) & (entered > LAST - UNDECIDED) & (decided < LAST)
    left_over = rng.permutation(np.flatnonzero(may & (care["closed"] == NEVER).to_numpy() & (placed == NEVER)))
    turned_back = left_over[WAITING : WAITING + REVERSED]
    reversed_on = np.full(len(care), NEVER)
    reversed_on[turned_back] = between(decided[turned_back] + 1, np.full(len(turned_back), LAST), rng.random(len(turned_back)))
    for_adoption = placed < NEVER
    for_adoption[left_over[: WAITING + REVERSED]] = True
    guardian = (care["reason"] == "RC4").to_numpy()
    order = np.where(adopted | guardian, care["closed"], NEVER)
    frame = pd.DataFrame({
        "person_id": care["person_id"],
        "entered_care_date": iso(entered),
        "adm_decision_date": iso(np.where(for_adoption, decided, NEVER)),
        "placed_for_adoption_date": iso(placed),
        "decision_reversed_date": iso(reversed_on),
        "permanence_order_date": iso(order),
        "permanence_order_type": np.where(adopted, "ADOPTION", np.where(guardian, "SGO", "")),
    })[for_adoption | guardian]
    frame.insert(0, "table_id", [f"N{row:06}" for row in range(1, len(frame) + 1)])
    return frame


def _placed(care: pd.DataFrame, adopted: Flags, rng: np.random.Generator) -> Ints:
    """The day on which each moves in with an adoptive family; NEVER for most."""
    entered, closed = care["entered"].to_numpy(), care["closed"].to_numpy()
    early = entered + rng.integers(*IN_TIME, len(care))
    to_order = closed - early
    in_time = (rng.random(len(care)) < EARLY) & (to_order >= TO_ORDER[0]) & (to_order <= TO_ORDER_AT_MOST)
    late = np.maximum(closed - rng.integers(*TO_ORDER, len(care)), (entered + closed) // 2)
    placed = np.where(adopted, np.where(in_time, early, late), NEVER)

    turn, at = rng.random(len(care)), rng.random(len(care))
    may = (closed == NEVER) & (entered - care["born"].to_numpy() < ADOPTABLE * YEAR)
    for year, number_placed, number_in_time in table("adoption").itertuples(index=False, name=None):
        first, last = (number(pd.Timestamp(year, *day).date()) for day in ((1, 1), (12, 31)))
        in_year = (placed >= first) & (placed <= last)
        soon = placed - entered <= IN_TIME[1]
        for waits, wanted in ((IN_TIME, number_in_time), (LATE, number_placed - number_in_time)):
            there = int((in_year & (soon if waits == IN_TIME else ~soon)).sum())
            earliest, latest = np.maximum(entered + waits[0], first), np.minimum(entered + waits[1], last)
            could = np.flatnonzero(may & (placed == NEVER) & (earliest <= latest))
            if not there <= wanted <= there + len(could):
                raise ValueError(f"demo_adoption.csv asks for {wanted} of {year}, and {there} to {there + len(could)} are possible.")
            chosen = could[np.argsort(turn[could], kind="stable")[: wanted - there]]
            placed[chosen] = between(earliest, latest, at)[chosen]
    return placed


def cla_health(care: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The table `cla_health`: each entry to care (`periods_of_care`) since the records began, and its initial health assessment."""
    begin = months()[0].first
    entries = care[care["entered"] >= begin]
    entered, left = entries["entered"].to_numpy(), entries["left"].to_numpy()
    due = position_from(entered + 1) - 1 + DUE
    likely = np.interp(entered, (begin, LAST), SEEN_IN_TIME)
    in_time = rng.random(len(entries)) < likely
    wait = np.where(in_time, -rng.integers(0, 13, len(entries)), 1 + np.floor(rng.exponential(15, len(entries)))).astype(np.int64)
    seen = WORKING[np.minimum(due + wait, len(WORKING) - 1)]
    seen = np.where((rng.random(len(entries)) < NEVER_SEEN) | (seen >= left) | (seen > LAST), NEVER, seen)
    return pd.DataFrame({
        "health_check_id": [f"H{row:06}" for row in range(1, len(entries) + 1)],
        "person_id": entries["person_id"],
        "entered_care_date": iso(entered),
        "left_care_date": iso(left),
        "health_check_date": iso(seen),
    })
