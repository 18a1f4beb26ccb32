"""Care leavers: who they are, and what is recorded of each as the years pass."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo.cases import Cases
from csc_core.sources.demo.days import NEVER, YEAR, Flags, Floats, Ints, Words, between, iso, number, pick
from csc_core.sources.demo.homes import Homes
from csc_core.sources.demo.targets import LAST, shares, table

GROWN: Final = 170
"""Young people aged 18 to 21 on the first day of the quotas, whose time in care lay before the records: nothing else is known of them."""

LEFT_AT: Final = 16  # years of age, from which a child who leaves care becomes a care leaver
LONG_ENOUGH: Final = 91  # days in care, without which there is no such duty
RECORDED_BEFORE: Final = 300  # days before the first day of the quotas in which the first records lie
STEADY: Final = 0.65  # how much of what decides a young person's state is theirs for good; the rest is drawn each quarter
ELIGIBLE: Final = 10  # of the 17-year-olds still looked after, recorded already
NO_TEAM: Final = 0.05

# The codes recorded, and how likely, by state: not in touch; in education, employment or training and not; housed suitably and not.
NOT_IN_TOUCH: Final = {"NO": 0.6, "REFU": 0.2, "NREQ": 0.2}
IN_EET: Final = {"F2": 0.33, "P2": 0.08, "F5": 0.30, "P5": 0.11, "F4": 0.06, "P4": 0.02, "F1": 0.08, "P1": 0.02}
NOT_IN_EET: Final = {"G5": 0.72, "G4": 0.15, "G6": 0.13}
SUITABLE: Final = {"U": 0.36, "D": 0.16, "E": 0.12, "B": 0.12, "Z": 0.12, "T": 0.04, "K": 0.04, "C": 0.03, "Y": 0.01}
NOT_SUITABLE: Final = {"S": 0.26, "W": 0.14, "V": 0.14, "X": 0.22, "Y": 0.14, "K": 0.10}


def tables(
    cases: Cases, rows: dict[str, pd.DataFrame], care: pd.DataFrame, places: Homes, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """The table `care_leavers`, and `persons` and `addresses` with those added of whom nothing else is known.

    `care` are the periods of care (`permanence.periods_of_care`). At the end of each quarter as many young people are care leavers aged 17
    to 21, in touch, in education, employment or training, and suitably housed as `data/demo_leavers.csv` says; in between, each
    one's records change on days of their own.
    """
    home = places.anywhere(rng.random(GROWN))
    grown = _grown(rng)
    young = pd.concat([grown[["person_id", "born", "left"]].assign(lad=places.lad[home]), _known(cases, rows, care)], ignore_index=True)
    records = pd.concat([_followed(young, rng), _still_looked_after(young)]).sort_values(["start", "who"], kind="stable", ignore_index=True)
    teams = _teams(young["lad"].to_numpy(object))
    leavers = pd.DataFrame({
        "table_id": [f"V{row:06}" for row in range(1, len(records) + 1)],
        "person_id": young["person_id"].to_numpy(object)[records["who"]],
        "status_start_date": iso(records["start"].to_numpy()),
        "status_end_date": iso(records["end"].to_numpy()),
        "care_leaver_eligibility": records["eligibility"],
        "care_leaver_in_touch": records["in_touch"],
        "care_leaver_accommodation": records["accommodation"],
        "care_leaver_accom_suitable": records["suitable"],
        "care_leaver_activity": records["activity"],
        "care_leaver_allocated_team": np.where(rng.random(len(records)) < NO_TEAM, "", teams[records["who"]]),
    })
    moved_in = between(grown["left"].to_numpy(), grown["left"].to_numpy() + 200, rng.random(GROWN))
    addresses = pd.DataFrame({
        "table_id": [f"AY{row:04}" for row in range(1, GROWN + 1)],
        "person_id": grown["person_id"],
        "address_type": "HOME",
        "address_start_date": iso(moved_in),
        "address_end_date": "",
        "address_postcode": places.postcode[home],
    })
    return {
        "care_leavers": leavers,
        "persons": pd.concat([rows["persons"], grown[rows["persons"].columns]]),
        "addresses": pd.concat([rows["addresses"], addresses]),
    }


def birthday(born: Ints, years: int) -> Ints:
    """The day on which each turns so many years old; who was born on 29 February does on 1 March in other years."""
    month = born.astype("datetime64[D]").astype("datetime64[M]")
    day_of_month = born - month.astype("datetime64[D]").astype(np.int64)
    turned: Ints = (month + 12 * years).astype("datetime64[D]").astype(np.int64) + day_of_month
    return turned


def _grown(rng: np.random.Generator) -> pd.DataFrame:
    """Young people not known otherwise: the columns of `persons`, and born and left (care; days)."""
    age = 18 + 4 * (np.arange(GROWN) + rng.random(GROWN)) / GROWN
    born = _quotas()["day"].iloc[0] - np.floor(age * YEAR).astype(np.int64)
    codes, likely = shares("ethnicity")
    return pd.DataFrame({
        "person_id": [f"Y{row:04}" for row in range(1, GROWN + 1)],
        "sex": np.where(rng.random(GROWN) < 0.55, "M", "F"),
        "ethnicity": np.array(codes, dtype=object)[pick(likely, rng.random(GROWN))],
        "dob": iso(born),
        "expected_dob": "",
        "death_date": "",
        "restricted": "",
        "born": born,
        "left": birthday(born, 18),
    })


def _known(cases: Cases, rows: dict[str, pd.DataFrame], care: pd.DataFrame) -> pd.DataFrame:
    """Those who left care at 16 or later, or are still looked after at 17: person_id, born, left (day; NEVER if not yet), lad."""
    last = care.drop_duplicates("person_id", keep="last")
    last = last[last["person_id"].isin(rows["persons"].loc[rows["persons"]["death_date"] == "", "person_id"]) & (last["born"] < NEVER)]
    born, left = last["born"].to_numpy(), last["left"].to_numpy()
    old = (left >= birthday(born, LEFT_AT)) & (left - last["entered"] >= LONG_ENOUGH) & (birthday(born, 17) <= LAST)
    child = pd.Series(rows["persons"].index, index=rows["persons"]["person_id"])
    known: pd.DataFrame = last.loc[old, ["person_id", "born", "left"]]
    known["lad"] = cases.families.lad[cases.families.household[child[known["person_id"]].to_numpy()]]
    return known


def _quotas() -> pd.DataFrame:
    quotas = table("leavers")
    quotas["day"] = [number(pd.Timestamp(day).date()) for day in quotas["day"]]
    return quotas


def _followed(young: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The records of those who have left care: who, start, end, and what is recorded."""
    born, left = young["born"].to_numpy(), young["left"].to_numpy()
    count = len(young)
    joined = np.full(count, NEVER)
    own = {name: rng.random(count) for name in ("in_touch", "eet", "suitable")}
    chance = {name: rng.random(count) for name in ("not in touch", "eet", "not eet", "suitable", "not suitable")}
    seen, before = [], 0
    for day, leavers, in_touch, eet, suitable in _quotas().itertuples(index=False, name=None):
        of_age = (birthday(born, 17) <= day) & (birthday(born, 22) > day)
        more = leavers - int((of_age & (joined <= day)).sum())
        # who left sooner is likelier to be back with a parent, or owed advice only
        new = _lowest(left + NEVER * (left < birthday(born, 18)), of_age & (joined > day) & (left <= day), more, day)
        since = before + 1 if before else day - RECORDED_BEFORE
        joined[new] = between(np.full(count, since), np.full(count, day), rng.random(count))[new].clip(min=left[new])
        now = of_age & (joined <= day)
        turn = {name: STEADY * always + (1 - STEADY) * rng.random(count) for name, always in own.items()}
        touched = _where(count, _lowest(turn["in_touch"], now, in_touch, day))
        engaged = _where(count, _lowest(turn["eet"], now & touched, eet, day))
        reached = touched | (chance["not in touch"] >= NOT_IN_TOUCH["NO"])
        housed = _where(count, _lowest(turn["suitable"] + ~touched, now & reached, suitable, day))
        state = _recorded(touched, engaged, housed, reached, chance, birthday(born, 18) > day)
        start = np.where(_where(count, new), joined, between(np.full(count, since), np.full(count, day), rng.random(count)))
        seen.append(state.assign(who=np.arange(count), start=start)[now])
        before = day
    records = pd.concat([*seen, _never_counted(young, joined)]).sort_values(["who", "start"], kind="stable", ignore_index=True)
    said = ["in_touch", "activity", "accommodation", "suitable", "eligibility"]
    news = (records[said] != records.groupby("who")[said].shift()).any(axis=1)
    return _with_ends(_grown_up(records[news], born))


def _lowest(keys: Floats | Ints, among: Flags, count: int, day: int) -> Ints:
    """The `count` of `among` with the lowest keys, equal ones in order."""
    rows = np.flatnonzero(among)
    if not 0 <= count <= len(rows):
        raise ValueError(f"demo_leavers.csv asks for {count} on day {day}, and 0 to {len(rows)} are possible.")
    return rows[np.argsort(keys[rows], kind="stable")[:count]]


def _where(count: int, rows: Ints) -> Flags:
    flags = np.zeros(count, bool)
    flags[rows] = True
    return flags


def _drawn(codes: dict[str, float], at: Floats) -> Words:
    return np.array(list(codes), dtype=object)[pick(np.array(list(codes.values())), at)]


def _recorded(touched: Flags, engaged: Flags, housed: Flags, reached: Flags, chance: dict[str, Floats], under_18: Flags) -> pd.DataFrame:
    """The codes of each state; of those out of reach nothing more is known."""
    doing = np.where(engaged, _drawn(IN_EET, chance["eet"]), np.where(reached, _drawn(NOT_IN_EET, chance["not eet"]), "0"))
    living = np.where(housed, _drawn(SUITABLE, chance["suitable"]), np.where(reached, _drawn(NOT_SUITABLE, chance["not suitable"]), "0"))
    return pd.DataFrame({
        "in_touch": np.where(touched, "YES", _drawn(NOT_IN_TOUCH, chance["not in touch"])),
        # nobody under 18 is at a university, or stays on with former foster carers
        "activity": np.where(under_18 & np.isin(doing, ["F1", "P1"]), "F2", doing),
        "accommodation": np.where(under_18 & (living == "Z"), "E", living),
        "suitable": np.where(housed, "Y", np.where(reached, "N", "")),
        "eligibility": "FORMER_RELEVANT",
    })


def _never_counted(young: pd.DataFrame, joined: Ints) -> pd.DataFrame:
    """One record each of those who left care and are not in the cohort: back with a parent, or owed advice only, in turn."""
    others = np.flatnonzero((joined == NEVER) & (young["left"] <= LAST))
    back = np.arange(len(others)) % 2 == 0
    return pd.DataFrame({
        "who": others,
        "start": young["left"].to_numpy()[others],
        "in_touch": np.where(back, "RHOM", "YES"),
        "activity": np.where(back, "0", "F2"),
        "accommodation": np.where(back, "0", "B"),
        "suitable": np.where(back, "", "Y"),
        "eligibility": np.where(back, "FORMER_RELEVANT", "QUALIFYING"),
    })


def _grown_up(records: pd.DataFrame, born: Ints) -> pd.DataFrame:
    """The same, and a further record on the 18th birthday of those recorded before, who until then are relevant children."""
    adult = birthday(born, 18)[records["who"]]
    early = (records["start"] < adult) & (records["eligibility"] == "FORMER_RELEVANT")
    last_before = records[early].groupby("who").tail(1)
    coming_of_age = last_before.assign(start=birthday(born, 18)[last_before["who"]])
    records = records.assign(eligibility=records["eligibility"].mask(early, "RELEVANT"))
    coming_of_age = coming_of_age[(coming_of_age["start"] <= LAST) & ~pd.MultiIndex.from_frame(coming_of_age[["who", "start"]]).isin(
        pd.MultiIndex.from_frame(records[["who", "start"]]))]  # fmt: skip
    return pd.concat([records, coming_of_age])


def _with_ends(records: pd.DataFrame) -> pd.DataFrame:
    """Each record ends when the next one of the same person begins."""
    records = records.sort_values(["who", "start"], kind="stable", ignore_index=True)
    return records.assign(end=records.groupby("who")["start"].shift(-1).fillna(NEVER).astype(np.int64))


def _still_looked_after(young: pd.DataFrame) -> pd.DataFrame:
    """Records of 17-year-olds still looked after, made ahead of the day they leave."""
    there = young[young["left"] == NEVER].sort_values(["born", "person_id"]).head(ELIGIBLE)
    return pd.DataFrame({
        "who": there.index,
        "start": birthday(there["born"].to_numpy(), 17),
        "end": NEVER,
        "in_touch": "",
        "activity": "F2",
        "accommodation": "",
        "suitable": "",
        "eligibility": "ELIGIBLE",
    })


def _teams(lad: Words) -> Words:
    """The permanence and transition team that serves each LAD."""
    teams = table("teams").query("service == 'Permanence and transition'")
    serving = {place: team for team, places in teams[["team_id", "serves"]].itertuples(index=False, name=None) for place in places.split()}
    return np.array([serving[place] for place in lad], dtype=object)
