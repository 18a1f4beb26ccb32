"""Why a figure moved: parts counted by hand in the small county, and for any question that they add up to what the query gives."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_core.__main__ import main
from csc_core.access import Scope
from csc_core.changes import EVENTS, ON_BOTH, ON_EARLIER, ON_LATER, STOCK, TOTAL, Movement, movement, to_withhold
from csc_core.dimensions import titles
from csc_core.disclosure import WITHHELD, Audience
from csc_core.indicators import INDICATORS
from csc_core.indicators.declaration import TIME
from csc_core.periods import parse
from csc_core.query import QueryError, query
from csc_core.snapshot import Snapshot

EVERYTHING = Scope.everything()


def between(
    snapshot: Snapshot,
    id: str,
    earlier: str,
    later: str,
    where: Mapping[str, Sequence[str]] | None = None,
    audience: Audience = Audience.MANAGER,
    scope: Scope = EVERYTHING,
) -> Movement:
    first, last = (parse(text, snapshot.as_at.date()) for text in (earlier, later))
    return movement(snapshot, id, scope=scope, audience=audience, earlier=first, later=last, where=where)


def parts(found: Movement, measure: str = "numerator") -> dict[str, tuple[float, float]]:
    """part: earlier, later; parts that are nought on both sides left out."""
    rows = found.rows[found.rows["measure"] == measure].to_dict("records")
    return {row["part"]: (row["earlier"], row["later"]) for row in rows if row["earlier"] or row["later"]}


@pytest.mark.parametrize(
    ("earlier", "later", "where", "expected", "why"),
    [
        ("2017-11-30", "2017-12-31", {}, {"new": (0, 4), "closed": (2, 0), "stayed": (4, 4)},
         "C02 C08 C09 C11 are new; C03 and C12 closed, C12 on the last day; C01 C05 C07 C10 stay"),
        ("2016-12-31", "2017-12-01", {}, {"new": (0, 4), "re_opened": (0, 1), "closed": (1, 0)},
         "C05 C07 C10 C12 are new; C01, known in June 2016, is back; C04's case closed on 1 January"),
        ("2016-12-15", "2017-12-10", {"district": ["EX31"]}, {"new": (0, 2), "interrupted": (1, 1)},
         "C04's first case closed on 1 January 2017 and the second opened on 2 December; C05 and C12 are new"),
        ("2017-10-31", "2017-11-30", {"locality": ["northern-devon"]}, {"moved_in": (0, 1), "stayed": (2, 2)},
         "C05 moved there on 1 November; C03 and C12 stay"),
        ("2017-10-31", "2017-11-30", {"locality": ["exeter"]}, {"moved_out": (1, 0), "stayed": (2, 2)}, "C05 left; C01 and C10 stay"),
        ("2017-10-31", "2017-11-30", {"team": ["T-BAR-1"]}, {"moved_in": (0, 1), "stayed": (1, 1)},
         "C05 went from W1 to W2 of this team; W2 works with C01"),
        ("2017-06-30", "2017-07-01", {"age_band": ["5-9"]}, {"stayed": (1, 1)}, "C01; C05, who turns seven that month, is not open yet"),
    ],
)  # fmt: skip
def test_open_cases_are_split_by_their_children(
    small: Snapshot, earlier: str, later: str, where: dict[str, list[str]], expected: dict[str, tuple[int, int]], why: str
) -> None:
    found = parts(between(small, "open_cases", earlier, later, where))
    found.pop(TOTAL)
    assert found == expected, why


@pytest.mark.parametrize(
    ("earlier", "later", "where", "expected", "why"),
    [
        ("2017-10", "2017-12", {}, {"first": (3, 4), "again": (0, 1)},
         "C03 twice on one day and C05; C02 C08 C09 C11, and C04, referred a year and a day before"),
        ("2017-06", "2017-09", {"team": ["T-EXE-1"]}, {"again": (0, 1), "moved": (1, 0)},
         "C01 by this team, before by none; C10 twice by this team"),
        ("12m:2017-11", "12m:2017-12", {}, {"first": (8, 11), "again": (2, 3)},
         "R06 leaves the window, R03 R07 R11 R12 R15 come into it; R04 R05 R08 R09 R10 R13 R16 and R02 R14 are in both"),
    ],
)  # fmt: skip
def test_events_are_split_by_whether_the_child_had_one_before(
    small: Snapshot, earlier: str, later: str, where: dict[str, list[str]], expected: dict[str, tuple[int, int]], why: str
) -> None:
    found = parts(between(small, "referrals", earlier, later, where))
    found.pop(TOTAL)
    assert found == expected, why


def test_a_share_moves_by_what_is_counted_and_by_what_it_is_a_share_of(small: Snapshot) -> None:
    """In February S02 in time, S03 not: 1 of 2. In November S04 in time: 1 of 1."""
    found = between(small, "assessments_in_45_days", "2017-02", "2017-11")
    assert parts(found)[TOTAL] == (1, 1) and parts(found, "denominator")[TOTAL] == (2, 1)
    value = found.rows[found.rows["measure"] == "value"].set_index("part")
    assert list(value.loc[TOTAL, ["earlier", "later", "change"]]) == [50, 100, 50]
    assert value["change"].to_dict() == {"numerator": 0, "denominator": 50, TOTAL: 50}


def test_a_rate_moves_with_the_population_too(county: Snapshot) -> None:
    """Mid-2016 142,159 children, mid-2017 143,525."""
    found = between(county, "looked_after_rate", "2016-12", "2017-12")
    (children,) = found.rows[found.rows["measure"] == "denominator"].to_dict("records")
    assert (children["earlier"], children["later"], children["part"]) == (142_159, 143_525, TOTAL)
    assert "no parts" in children["reason"]


def test_the_report_can_say_why_there_were_140_fewer_open_cases(county: Snapshot) -> None:
    found = parts(between(county, "open_cases", "2017-11", "2017-12"))
    assert found.pop(TOTAL) == (5_262, 5_122)
    assert sum(later - earlier for earlier, later in found.values()) == -140
    assert found["closed"][0] > found["new"][1] + found["re_opened"][1] > 0


def test_a_rate_of_a_month_is_not_set_against_one_of_a_quarter(small: Snapshot) -> None:
    found = between(small, "referral_rate", "2017-11", "2017/18Q3")
    value = found.rows[found.rows["measure"] == "value"].iloc[0]
    assert pd.isna(value["change"]) and "over one length of time" in value["reason"]
    assert any("not equally long" in note for note in found.notes)


def test_windows_that_overlap_say_so(small: Snapshot) -> None:
    assert any("overlap" in note for note in between(small, "referrals", "12m:2017-11", "12m:2017-12").notes)


def test_what_a_scope_does_not_allow_is_nowhere(small: Snapshot) -> None:
    """Who may see Exeter only cannot know that C05 lives in Barnstaple now."""
    exeter = Scope({"locality": frozenset({"exeter"})})
    assert parts(between(small, "open_cases", "2017-10-31", "2017-11-30", scope=exeter)) == {
        "closed": (1, 0), "stayed": (2, 2), TOTAL: (3, 2),
    }  # fmt: skip


def test_a_commissioner_sees_the_county_and_no_few_children(small: Snapshot, county: Snapshot) -> None:
    found = between(small, "open_cases", "2017-11-30", "2017-12-31", audience=Audience.COMMISSIONER)
    rows = found.rows.set_index("part")
    assert list(rows.loc[TOTAL, ["earlier", "later"]]) == [6, 8]
    assert rows.loc[["new", "closed", "stayed"], "reason"].eq(WITHHELD).all()
    assert rows.loc[["new", "closed", "stayed"], ["earlier", "later", "change"]].isna().all(axis=None)
    below = between(small, "open_cases", "2017-11-30", "2017-12-31", {"locality": ["exeter"]}, Audience.COMMISSIONER)
    assert below.rows.empty and below.reason == WITHHELD
    # 38 new, 12 re-opened, 4 moved in, 81 closed, 989 stay: the 4 could be found by subtraction, so the 12 go too
    exeter = {"team_locality": ["exeter"]}
    true, seen = (between(county, "open_cases", "2017-11", "2017-12", exeter, audience).rows.set_index("part")
                  for audience in (Audience.MANAGER, Audience.COMMISSIONER))  # fmt: skip
    few = true[["earlier", "later"]].max(axis=1).between(1, 7)
    assert few.sum() == 1 and seen["withheld"].sum() == 2 and seen.loc[few, "withheld"].all()
    assert true.loc[seen["withheld"], ["earlier", "later"]].max(axis=None) == true.loc[
        ~few & (true[["earlier", "later"]].max(axis=1) > 0), ["earlier", "later"]].max(axis=1).min()  # fmt: skip


COUNTS = st.integers(0, 12)


@given(st.lists(COUNTS, min_size=9, max_size=9), st.lists(st.tuples(COUNTS, COUNTS), min_size=3, max_size=3))
def test_nothing_withheld_can_be_worked_out_from_the_totals(stock: list[int], events: list[tuple[int, int]]) -> None:
    """For each part of few that is withheld there are other numbers that give the same totals, wherever there can be."""
    ends = [(0, count) if part in ON_LATER else (count, 0) if part in ON_EARLIER else (count, count)
            for part, count in zip(STOCK, stock, strict=True)]  # fmt: skip
    for names, pairs in ((STOCK, ends), (EVENTS, events)):
        parts = pd.DataFrame(pairs, index=list(names), columns=["earlier", "later"])
        hidden = to_withhold(parts)
        few = ((parts > 0) & (parts < 8)).any(axis=1)
        assert hidden[few].all()
        steps = [[(0, 0)] if not hidden[part] else _steps(part) for part in parts.index]
        changes = [change for change in itertools.product(*steps) if all(sum(one) == 0 for one in zip(*change, strict=True))]
        possible = np.array([change for change in changes if (parts.to_numpy() + np.array(change) >= 0).all()])
        for number, part in enumerate(parts.index):
            assert not few[part] or hidden.all() or (possible[:, number] != 0).any(), (part, parts)


def _steps(part: str) -> list[tuple[int, int]]:
    """A withheld part one more or one less, in the columns in which it can be."""
    if part in ON_LATER:
        return [(0, 0), (0, 1), (0, -1)]
    if part in ON_EARLIER:
        return [(0, 0), (1, 0), (-1, 0)]
    return [(0, 0), (1, 1), (-1, -1)] if part in ON_BOTH else [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)]


@pytest.mark.parametrize(
    ("id", "earlier", "later", "message"),
    [
        ("open_cases", "2017-12", "2017-11", "Name the earlier period first"),
        ("open_cases", "2017-12", "2017-12-31", "Name the earlier period first"),
        ("factor_prevalence", "2017-11", "2017-12", "choose the issue"),
        ("opencases", "2017-11", "2017-12", "the nearest is 'open_cases'"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(small: Snapshot, id: str, earlier: str, later: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        between(small, id, earlier, later)


def test_a_period_before_the_data_or_after_them_has_a_reason(small: Snapshot) -> None:
    assert "Records begin" in str(between(small, "open_cases", "2014-12", "2017-12").reason)
    assert "no records yet" in str(between(small, "open_cases", "2017-12", "2019-12").reason)


MONTHS = [f"{year}-{month:02d}" for year in (2016, 2017) for month in range(1, 13)]


@pytest.mark.slow
@given(st.data())
def test_the_parts_add_up_to_what_the_query_gives(small: Snapshot, data: st.DataObject) -> None:
    asked = INDICATORS[data.draw(st.sampled_from(sorted(INDICATORS)))]
    first, last = sorted(data.draw(st.lists(st.sampled_from(MONTHS), min_size=2, max_size=2, unique=True)))
    offered = [name for name in asked.dimensions if name not in (*TIME, *asked.numerator_only)]
    chosen = data.draw(st.sets(st.sampled_from(offered), max_size=2))
    where = {name: [data.draw(st.sampled_from(sorted(titles(small, name))))] for name in sorted(chosen)}
    if asked.numerator_only:
        where |= {"factor_group": [data.draw(st.sampled_from(sorted(titles(small, "factor_group"))))]}
    found = between(small, asked.id, first, last, where)
    periods = [parse(month, small.as_at.date()) for month in (first, last)]
    ends = [query(small, asked.id, scope=EVERYTHING, period=period, where=where).iloc[0] for period in periods]
    if found.reason:
        assert ends[0]["reason"] or ends[1]["reason"]
        return
    for name in ("numerator", "denominator"):
        rows = found.rows[found.rows["measure"] == name].set_index("part")
        assert rows.empty == (name == "denominator" and asked.denominator is None)
        for column, end in zip(("earlier", "later"), ends, strict=True):
            of_parts, of_all = rows[column].drop(TOTAL, errors="ignore"), rows[column].reindex([TOTAL])
            assert rows.empty or (of_all.isna().all() if pd.isna(end[name]) else of_all.eq(end[name]).all())
            assert of_parts.empty or of_parts.sum() == end[name]
    value = found.rows[found.rows["measure"] == "value"].set_index("part")["change"]
    if len(value) > 1:
        assert value.drop(TOTAL).sum() == pytest.approx(ends[1]["value"] - ends[0]["value"], abs=1e-9)


@pytest.mark.parametrize("by", ["locality", "team_locality", "team"])
@pytest.mark.parametrize("id", ["open_cases", "looked_after", "cp_plans"])
def test_what_moves_out_of_one_place_moves_into_another(small: Snapshot, by: str, id: str) -> None:
    moved = {"moved_in": 0.0, "moved_out": 0.0}
    for member in titles(small, by):
        found = parts(between(small, id, "2017-06", "2017-12", {by: [member]}))
        for part in moved:
            moved[part] += max(found.get(part, (0, 0)))
    assert moved["moved_in"] == moved["moved_out"]


@pytest.mark.slow
def test_the_command_prints_the_parts(small_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["changes", "--data", str(small_data), *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    code, out, err = run("open_cases", "--from", "2017-11", "--to", "2017-12")
    assert (code, err) == (0, "")
    assert re.search(r"New: open on the later day, never before +0 +4 +4\n", out) and re.search(r"In all +6 +8 +2\n", out)
    code, out, _ = run("open_cases", "--by", "locality", "--from", "2017-10-31", "--to", "2017-11-30", "--format", "json")
    moved = {(row["locality"], row["part"]): row["change"] for row in json.loads(out)}
    assert (moved["northern-devon", "moved_in"], moved["exeter", "moved_out"]) == (1, -1)
    code, out, _ = run("open_cases", "--disclosed", "--format", "csv")
    assert code == 0 and "Withheld: fewer than 8" in out
    # all of them, by default from the month before the latest
    code, out, _ = run("--format", "json")
    assert code == 0 and {row["indicator"] for row in json.loads(out)} == {id for id, one in INDICATORS.items() if not one.numerator_only}
    code, out, _ = run("--where", "team=T-BAR-1")
    assert code == 0 and "from November 2017 to December 2017" in out and "Enquiries to MASH" not in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["open_cases", "--by", "month"], "Two periods are compared already"),
        (["referral_rate", "--by", "team"], "no population belongs to a team"),
        (["open_cases", "--from", "2018-01", "--to", "2017-12"], "Name the earlier period first"),
        (["open_cases", "--to", "yesterday"], "is not a period"),
        (["opencases"], "the nearest is 'open_cases'"),
    ],
)
def test_the_command_says_what_is_wrong(
    small_data: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["changes", "--data", str(small_data), *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == "" and sentence in said.err
