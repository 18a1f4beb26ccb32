"""What assessments found: factors, as many of each as DfE published for Devon in 2017-18, that come together as they do in life.

`demo_factors.csv` has a row for each code of the 2017-18 set: how many of DfE's 3,977 episodes with a factor had it (1B, 2B, 3A, 3B,
4A, 4B, 11A, 13A, 16A, 17A, 18A and 20 as published; the others, and all that follows, are ours), how that changes from year to year,
the ages at which it occurs and how it changes over ten years of age, whether it is of the family (1) or of each child (0), and how
strongly it hangs on each of `LEANINGS`: what goes on in a home comes together, and for its brothers and sisters too.
`demo_factor_areas.csv` says how these differ between districts. Like everything below the county, both are made up.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo.cases import Cases
from csc_core.sources.demo.days import NEVER, YEAR, Flags, Floats, Ints, Words, number
from csc_core.sources.demo.targets import table

FACTORS_SINCE: Final = date(2014, 4, 1)  # older assessments have none in the records
YEAR_OF_COUNTS: Final = 2017  # 2017-18
EPISODES: Final = 3_977  # with a factor, DfE's 2017-18
RECORDED: Final = 0.81  # share of completed assessments with a factor: 3,977 of about 4,928 in DfE's 2017-18
NONE: Final = "21"

LEANINGS: Final = ("conflict", "strain", "substance", "harm", "mood", "risk", "disability")
OF_CHILD: Final = ("mood", "risk", "disability")  # brothers and sisters differ in these
COMMON: Final = 0.5  # how far the leanings of a home go together
OF_HOUSEHOLD: Final = 0.75  # how much of them stays from one referral to the next
DISTRICT: Final = 0.14  # spread between postcode districts of one LAD
TEAM: Final = 0.5  # spread between teams in how many of their assessments have a factor recorded

# What the need recorded at referral says of the factors found: shifts of a leaning, or of a code.
OF_NEED: Final = {
    "N1": {"conflict": 0.25, "harm": 0.4},
    "N2": {"disability": 2.2, "conflict": -0.6, "substance": -0.6, "harm": -0.5},
    "N3": {"strain": 0.7, "6B": 0.8, "5B": 0.6},
    "N4": {"strain": 0.3, "mood": 0.2},
    "N5": {"conflict": 0.3},
    "N6": {"risk": 0.5, "14A": 1.0},
}


def factors(cases: Cases, assessments: pd.DataFrame, addresses: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The table `assessment_factors` of the table `assessments` (indexed as `cases.assessments`), in its order.

    `addresses` are child, kind, start and postcode as typed.
    """
    done = _completed(cases, assessments, addresses)
    codes = table("factors")
    score = _scores(cases, done, codes, rng)
    has = np.zeros(score.shape, bool)
    recorded = _recorded(done, rng)
    found_nothing = rng.random(len(done))
    for year in sorted(done["year"].unique()):
        rows = np.flatnonzero((done["year"] == year) & recorded)
        count = np.rint(_counts(codes, int(year)) * len(rows) / EPISODES).astype(np.int64)
        # `none identified` is only for an assessment that closed the case and found nothing
        closed = rows[done["closes"].to_numpy()[rows]]
        nothing = closed[np.argsort(found_nothing[closed], kind="stable")[: count[codes["code"] == NONE][0]]]
        others = np.setdiff1d(rows, nothing)
        has[np.ix_(nothing, np.flatnonzero(codes["code"] == NONE))] = True
        columns = np.flatnonzero(codes["code"] != NONE)
        has[np.ix_(others, columns)] = _choose(score[np.ix_(others, columns)], count[columns])
    row, column = np.nonzero(has)
    return pd.DataFrame({
        "table_id": [f"F{one:06}" for one in range(1, len(row) + 1)],
        "assessment_id": done["assessment_id"].to_numpy(object)[row],
        "assessment_factor": codes["code"].to_numpy(object)[column],
    })


def _completed(cases: Cases, assessments: pd.DataFrame, addresses: pd.DataFrame) -> pd.DataFrame:
    """The completed assessments: id, team, episode, closes, finish, year, child, household, event, need, age, lad, district."""
    kept = cases.assessments.loc[assessments.index]
    done = kept.assign(
        assessment_id=assessments["assessment_id"].to_numpy(object), team=assessments["assessment_team"].to_numpy(object)
    )
    done = done[(done["finish"] < NEVER) & (done["finish"] >= number(FACTORS_SINCE))].reset_index(drop=True)
    day = pd.to_datetime(done["finish"].to_numpy().astype("datetime64[D]"))
    done["year"] = day.year - (day.month < 4)
    episode = cases.episodes.loc[done["episode"]]
    done["child"], done["event"] = episode["child"].to_numpy(), episode["event"].to_numpy()
    done["household"] = cases.families.household[done["child"]]
    done["need"] = cases.events["need"].to_numpy(object)[done["event"]]
    done["age"] = (done["finish"] - cases.born[done["child"]]) / YEAR
    done["lad"] = cases.families.lad[done["household"]]
    done["district"] = _districts(done, addresses)
    return done


def _districts(done: pd.DataFrame, addresses: pd.DataFrame) -> Words:
    """The postcode district of each child's home on the day, as far as the postcode was typed well; '' if it was not."""
    homes = addresses[addresses["kind"] != "PLACEMENT"].sort_values("start", kind="stable")
    outward = homes["postcode"].astype("str").str.upper().str.replace(" ", "").str.extract(r"^([A-Z]+\d+)\d[A-Z]{2}$")[0]
    homes = homes.assign(district=outward.fillna("").to_numpy(object))[["child", "start", "district"]]
    days = done[["child", "finish"]].reset_index().sort_values("finish", kind="stable")
    placed = pd.merge_asof(days, homes, left_on="finish", right_on="start", by="child").set_index("index")
    return placed["district"].reindex(done.index).fillna("").to_numpy(object)


def _recorded(done: pd.DataFrame, rng: np.random.Generator) -> Flags:
    """Which assessments have a factor recorded: the share asked for in each financial year, more in some teams than in others."""
    turn = rng.normal(size=len(done)) + TEAM * _of_each(done["team"].to_numpy(object), rng)
    recorded = np.zeros(len(done), bool)
    for year in done["year"].unique():
        rows = np.flatnonzero(done["year"] == year)
        recorded[rows[np.argsort(turn[rows], kind="stable")[: round(RECORDED * len(rows))]]] = True
    return recorded


def _counts(codes: pd.DataFrame, year: int) -> Floats:
    """How many of `EPISODES` carry each code in a year."""
    counts: Floats = codes["count"].to_numpy(float) * (1 + codes["yearly"].to_numpy(float)) ** (year - YEAR_OF_COUNTS)
    return counts


def _scores(cases: Cases, done: pd.DataFrame, codes: pd.DataFrame, rng: np.random.Generator) -> Floats:
    """How near each assessment is to each code; -inf at ages at which it does not occur."""
    leaning = _leanings(cases, done, rng)
    load = codes[list(LEANINGS)].to_numpy(float)
    family = codes["family"].to_numpy(float)
    shape = (len(done), len(codes))
    of_event = rng.normal(size=(len(cases.events), len(codes)))[done["event"]]
    noise = np.sqrt(family) * of_event + np.sqrt(1 - family) * rng.normal(size=shape)
    age = done["age"].to_numpy(float)
    score = leaning @ load.T + noise * np.sqrt(np.maximum(1 - (load**2).sum(axis=1), 0.1))
    score += np.clip(age[:, None] - 8, -8, 10) / 10 * codes["older"].to_numpy(float)
    for need, shifts in OF_NEED.items():
        for code in set(shifts) - set(LEANINGS):
            score[np.ix_(np.asarray(done["need"] == need), np.asarray(codes["code"] == code))] += shifts[code]
    possible = (age[:, None] >= codes["youngest"].to_numpy(float)) & (age[:, None] < codes["oldest"].to_numpy(float))
    return np.where(possible, score, -np.inf)


def _leanings(cases: Cases, done: pd.DataFrame, rng: np.random.Generator) -> Floats:
    """What each assessment leans to, a column for each of `LEANINGS`: by home, by referral, by place, by need."""
    count = len(LEANINGS)
    households = len(cases.families.first)

    def of(rows: int) -> Floats:
        common = rng.normal(size=(rows, 1))
        drawn: Floats = COMMON * common + np.sqrt(1 - COMMON**2) * rng.normal(size=(rows, count))
        return drawn

    of_home, of_referral = of(households)[done["household"]], of(len(cases.events))[done["event"]]
    leaning: Floats = OF_HOUSEHOLD * of_home + np.sqrt(1 - OF_HOUSEHOLD**2) * of_referral
    of_child = rng.normal(size=(len(cases.families.household), count))[done["child"]]
    differ = np.isin(LEANINGS, OF_CHILD)
    leaning[:, differ] = 0.4 * leaning[:, differ] + np.sqrt(1 - 0.4**2) * of_child[:, differ]
    areas = table("factor_areas").set_index("lad")
    leaning += areas.loc[done["lad"], list(LEANINGS)].to_numpy(float)
    for column in range(count):
        leaning[:, column] += DISTRICT * _of_each(done["district"].to_numpy(object), rng)
    for need, shifts in OF_NEED.items():
        for name in set(shifts) & set(LEANINGS):
            leaning[done["need"] == need, LEANINGS.index(name)] += shifts[name]
    return leaning


def _of_each(names: Words, rng: np.random.Generator) -> Floats:
    """A number for each row, the same for all rows of a name; 0 for none."""
    unique, place = np.unique(names.astype(str), return_inverse=True)
    drawn: Floats = np.where(unique == "", 0.0, rng.normal(size=len(unique)))
    of_row: Floats = drawn[place]
    return of_row


def _choose(score: Floats, count: Ints) -> Flags:
    """Who has which code: `count` rows of each column, those nearest to it, and every row at least one.

    A row that is near to none gets the code it is nearest to, from the row with several that is furthest from it.
    """
    has = np.zeros(score.shape, bool)
    margin = np.full(score.shape, -np.inf)
    for column, wanted in enumerate(count):
        nearest = np.argsort(-score[:, column], kind="stable")[:wanted]
        if wanted == 0 or not np.isfinite(score[nearest[-1], column]):
            if wanted:
                raise ValueError("demo_factors.csv asks for more of a factor than there are children of its age.")
            continue
        has[nearest, column] = True
        margin[:, column] = score[:, column] - score[nearest[-1], column]
    for row in np.flatnonzero(~has.any(axis=1)):
        several = has.sum(axis=1) > 1
        for column in np.argsort(-margin[row], kind="stable"):
            givers = np.flatnonzero(has[:, column] & several)
            if len(givers):
                giver = givers[np.argmin(margin[givers, column])]
                has[giver, column], has[row, column] = False, True
                break
    return has
