"""Children and their addresses, as a case system holds them: with siblings at one address, moves, gaps and slips of the pen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csc_core.sources.demo.cases import Cases
from csc_core.sources.demo.days import NEVER, Flags, Ints, Words, iso, pick
from csc_core.sources.demo.homes import Homes
from csc_core.sources.demo.targets import LAST, shares, table

NOT_RECORDED = {"sex": 0.004, "ethnicity": 0.012, "dob": 0.003}
OWN_ETHNICITY = 0.04  # share of children whose ethnic group is not that of the first child of the household
DUE_DATE_ERROR = 8.0  # days, standard deviation
MOVES = (0.77, 0.18, 0.05)  # share of families who moved home no time, once, twice
LEFT_OPEN, LATE = 0.05, 0.05  # share of moves where the old address was never ended; where the new one was noted late

# What is the matter with an address, by share of addresses.
FAULTS = {"": 0.9635, "no address": 0.004, "empty": 0.006, "malformed": 0.004, "unlisted": 0.003, "elsewhere": 0.013}
HIDDEN = {"CONFIDENTIAL": 0.004, "REFUGE": 0.0025}
MALFORMED = ("EX4", "unknown", "N/A", "EX31 !AA", "Exeter", "EX39 1A", "TBC", "no fixed abode")
UNLISTED = ("EX4 9ZZ", "EX31 9ZZ", "TQ12 9ZZ", "EX2 0ZZ", "EX16 0ZZ")  # of the county's districts, on no list
# How a postcode was typed: "EX31 1AA", "EX311AA", "ex31 1aa", "EX31  1AA", " EX31 1AA ", "ex311aa".
TYPED = (0.82, 0.09, 0.03, 0.025, 0.025, 0.01)


def persons(cases: Cases, born: Ints, first_seen: Ints, rng: np.random.Generator) -> pd.DataFrame:
    """The table `persons` of the children who occur in it (`first_seen` is not NEVER), in the order of first occurrence.

    Its index is the child's number in `cases`.
    """
    children = len(born)
    codes, likely = shares("ethnicity")
    household = cases.families.household
    own = rng.random(children) < OWN_ETHNICITY
    ethnicity = np.where(own, rng.random(children), rng.random(len(cases.families.first))[household])
    sex = np.where(rng.random(children) < 0.513, "M", "F").astype(object)
    known_unborn = first_seen < born
    expected = np.where(known_unborn, born + np.rint(rng.normal(0, DUE_DATE_ERROR, children)).astype(np.int64), NEVER)
    lost = known_unborn & _left_before_birth(cases, born) & (rng.random(children) < 0.15)
    dob = np.where((born > LAST) | lost, NEVER, born)
    sex[dob == NEVER] = "U"
    frame = pd.DataFrame({
        "person_id": "",
        "sex": np.where(rng.random(children) < NOT_RECORDED["sex"], "", sex),
        "ethnicity": np.where(rng.random(children) < NOT_RECORDED["ethnicity"], "", np.array(codes, dtype=object)[pick(likely, ethnicity)]),
        "dob": iso(np.where((rng.random(children) < NOT_RECORDED["dob"]) & ~known_unborn, NEVER, dob)),
        "expected_dob": iso(expected),
        "death_date": iso(cases.died),
        "restricted": "",
    })
    frame = frame.iloc[np.argsort(first_seen, kind="stable")[: np.count_nonzero(first_seen < NEVER)]]
    frame["person_id"] = [f"C{number:06}" for number in range(1, len(frame) + 1)]
    return frame


def _left_before_birth(cases: Cases, born: Ints) -> Flags:
    """Whether each child's last case was closed before birth."""
    last = cases.episodes.groupby("child")["closed"].max()
    children = last.index.to_numpy()
    before = np.zeros(len(born), bool)
    before[children] = last.to_numpy() < born[children]
    return before


def addresses(cases: Cases, homes: Homes, born: Ints, first_seen: Ints, rng: np.random.Generator) -> pd.DataFrame:
    """The addresses of the children seen: child, kind, start, end (days), postcode as typed; in order of child and start."""
    stays = _stays(cases, homes, first_seen, rng)
    stays["postcode"] = _as_written(homes, stays, rng)
    rows = pd.DataFrame({"child": np.flatnonzero(first_seen < NEVER)})
    rows["household"] = cases.families.household[rows["child"]]
    rows = rows.merge(stays, on="household", how="inner")
    child = rows["child"].to_numpy()
    begins = np.minimum(first_seen[child], np.maximum(rows["moved_in"].to_numpy(), born[child]))
    rows["start"] = np.maximum(rows["start"].to_numpy(), begins)
    rows = rows[(rows["end"] > rows["start"]) & (rows["start"] <= LAST) & (rows["fault"] != "no address")]
    rows = pd.concat([rows[["child", "kind", "start", "end", "postcode"]], _placements(cases, homes, rng)])
    return rows.sort_values(["child", "start", "kind"], kind="stable", ignore_index=True)


def _stays(cases: Cases, homes: Homes, first_seen: Ints, rng: np.random.Generator) -> pd.DataFrame:
    """Where each household lived and when: household, moved_in (to its first address), start, end, home, kind, fault."""
    household = cases.families.household
    seen = np.full(len(cases.families.first), NEVER)
    np.minimum.at(seen, household, first_seen)
    count = len(seen)
    moved_in = np.minimum(seen, LAST) - 30 - np.floor(rng.exponential(3 * 365, count)).astype(np.int64)
    moves = pick(np.array(MOVES), rng.random(count))
    # a move is noted while the family is known: from a year before to the end
    span = np.maximum(LAST - (seen - 365), 1)
    when = np.sort(np.minimum(seen, LAST)[:, None] - 365 + rng.random((count, 2)) * span[:, None], axis=1).astype(np.int64)
    when = np.maximum(when, moved_in[:, None] + 20)
    first_move = np.where(moves == 0, NEVER, np.where(moves == 1, when[:, 1], when[:, 0]))
    second_move = np.where(moves == 2, np.maximum(when[:, 1], first_move + 20), NEVER)
    home = [homes.in_lad(cases.families.lad, rng.random(count))]
    for _ in range(2):
        home.append(homes.move(home[-1], rng.random(count), rng.random(count)))
    starts = [moved_in, first_move, second_move]
    ends = [first_move, second_move, np.full(count, NEVER)]
    stays = pd.concat(
        pd.DataFrame({"household": np.arange(count), "moved_in": moved_in, "start": start, "end": end, "home": where})
        for start, end, where in zip(starts, ends, home, strict=True)
    )
    stays = stays[(stays["start"] <= LAST) & (np.tile(seen, 3) < NEVER)].reset_index(drop=True)
    stays.loc[stays["end"] > LAST, "end"] = NEVER
    stays.loc[rng.random(len(stays)) < LEFT_OPEN, "end"] = NEVER
    late = (rng.random(len(stays)) < LATE) & (stays["start"] > stays["moved_in"])
    stays.loc[late, "start"] += rng.integers(10, 60, len(stays))[late]
    odd = pick(np.array([*FAULTS.values(), *HIDDEN.values()]), rng.random(len(stays)))
    stays["fault"] = np.array([*FAULTS, *HIDDEN], dtype=object)[odd]
    stays["kind"] = np.where(stays["fault"].isin(list(HIDDEN)), stays["fault"], "HOME")
    return stays


def _as_written(homes: Homes, stays: pd.DataFrame, rng: np.random.Generator) -> Words:
    """The postcode of each stay, as somebody typed it, or what stands in its place."""
    count = len(stays)
    fault = stays["fault"].to_numpy(object)
    elsewhere = table("elsewhere")["postcode"].to_numpy(object)
    real = np.where(fault == "elsewhere", rng.choice(elsewhere, count), homes.postcode[stays["home"]])
    written = pd.Series(np.where(fault == "unlisted", rng.choice(np.array(UNLISTED, dtype=object), count), real), dtype="str")
    how = pick(np.array(TYPED), rng.random(count))
    variants = (
        written,
        written.str.replace(" ", ""),
        written.str.lower(),
        written.str.replace(" ", "  "),
        " " + written + " ",
        written.str.lower().str.replace(" ", ""),
    )
    written = pd.Series(np.choose(how, [variant.to_numpy(object) for variant in variants]), dtype=object)
    written[fault == "malformed"] = rng.choice(np.array(MALFORMED, dtype=object), count)[fault == "malformed"]
    written[fault == "empty"] = ""
    return written.to_numpy(object)


def _placements(cases: Cases, homes: Homes, rng: np.random.Generator) -> pd.DataFrame:
    """The placements of children whose assessment brought them into care: addresses that must not place them on a map."""
    into_care = cases.assessments[cases.assessments["outcome"] == "CLA"].drop_duplicates("episode")
    episode = cases.episodes.loc[into_care["episode"]]
    placed = pd.DataFrame({
        "child": episode["child"].to_numpy(),
        "kind": "PLACEMENT",
        "start": into_care["finish"].to_numpy() + 1,
        "end": episode["closed"].to_numpy(),
        "postcode": homes.postcode[homes.anywhere(rng.random(len(episode)))],
    })
    return placed[(placed["start"] < placed["end"]) & (placed["start"] <= LAST)]
