"""Issues from assessments, counted by hand: eight of nine completed assessments have a factor recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_core import facts
from csc_core.__main__ import main
from csc_core.access import Scope
from csc_core.check import check
from csc_core.classes import year_breaks
from csc_core.codes import CODE_LISTS
from csc_core.compare import ranked_issues
from csc_core.disclosure import LEAST, WITHHELD, Audience, read
from csc_core.factors import BREAKS, GROUP_OF, GROUPS, ISSUES, OVERLAP, breaks, code_set, not_in_use, notes, selected
from csc_core.indicators import INDICATORS
from csc_core.load import load
from csc_core.periods import parse
from csc_core.query import AllOf, QueryError, query, rows_by
from csc_core.snapshot import Snapshot, open_current
from csc_core.tables import TABLES, RawTable, Records, quiet
from tests import small_county

EVERYTHING = Scope.everything()
Q3 = "2017/18Q3"

# C01, C02 and C10 live in Exeter (EX4), C03, C04 and C12 in Barnstaple (EX31), C07 in Plymouth, C06 nowhere that is known.
OCTOBER, NOVEMBER = "2017-10-20", "2017-11-10"
ASSESSED: Mapping[str, tuple[str, str, Sequence[str]]] = {
    "A1": ("C01", OCTOBER, ["1A", "1B", "1C", "4B", "16A"]),  # three codes of substance use: one assessment with it
    "A2": ("C02", OCTOBER, ["3B", "4B"]),
    "A3": ("C03", OCTOBER, ["3A", "3B", "3B", "17A"]),  # a factor written twice is one
    "A4": ("C04", OCTOBER, ["21"]),  # none identified: in the base
    "A5": ("C10", OCTOBER, ["21", "16A"]),  # none identified beside neglect: both stand, and it is listed
    "A6": ("C12", OCTOBER, [""]),  # a factor left empty: not known, and in the base
    "A7": ("C07", OCTOBER, ["99Z", "2B"]),  # one not in the code list: not known
    "A8": ("C06", OCTOBER, []),  # no factor recorded: not in the base
    "A9": ("C01", NOVEMBER, ["3b"]),  # the child of A1, assessed again: counts again
    "AX": ("C09", "", ["3B"]),  # not yet authorised: not counted
}


def county_of(assessed: Mapping[str, tuple[str, str, Sequence[str]]]) -> Records:
    """The small county with other assessments: by id, the child, the day of authorisation and the factors as written."""
    assessments = [[id, child, "2017-10-02", day] for id, (child, day, _) in assessed.items()]
    factors = [[id, factor] for id, (_, _, written) in assessed.items() for factor in written]
    records = small_county.records()
    tables = {
        "cin_assessments": pd.DataFrame(
            assessments, columns=["assessment_id", "person_id", "assessment_start_date", "assessment_auth_date"], dtype="str"
        ),
        "assessment_factors": pd.DataFrame(factors, columns=["assessment_id", "assessment_factor"], dtype="str"),
    }
    tables["assessment_factors"].insert(0, "table_id", [f"F{number}" for number in range(len(factors))])
    return replace(records, tables={**records.tables, **{name: _raw(name, rows) for name, rows in tables.items()}})


def _raw(name: str, rows: pd.DataFrame) -> RawTable:
    whole = rows.reindex(columns=[column.name for column in TABLES[name].columns], fill_value="")
    return RawTable(name, f"{name}.csv", whole.set_axis(pd.RangeIndex(2, len(whole) + 2)))


def published(given: Records, data: Path) -> Snapshot:
    load(given, data, quiet)
    return open_current(data)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("factors")
    load(county_of(ASSESSED), folder, quiet)
    return folder


@pytest.fixture(scope="module")
def assessed(data: Path) -> Snapshot:
    return open_current(data)


def ask(
    snapshot: Snapshot, id: str, period: str = Q3, by: Sequence[str] = (), where: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    return query(snapshot, id, scope=EVERYTHING, period=parse(period, snapshot.as_at.date()), by=by, where=where)


def fractions(frame: pd.DataFrame, by: str) -> dict[str, tuple[int, int]]:
    """(numerator, denominator) of each row with either."""
    return {row[by]: (row["numerator"], int(row["denominator"])) for row in frame.to_dict("records") if row["denominator"]}


# what is counted


def test_each_assessment_counts_once_in_each_group_over_those_with_a_factor(assessed: Snapshot) -> None:
    counts = {group: n for group, (n, base) in fractions(ask(assessed, "factor_prevalence"), "factor_group").items() if base == 8}
    assert counts == {
        "domestic-abuse": 3,  # A2, A3, A9
        "parental-mental-health": 2,  # A1, A2
        "child-mental-health": 0,
        "substance-use": 2,  # A1, A7
        "neglect": 2,  # A1, A5
        "abuse": 1,  # A3
        "exploitation": 0,
        "disability-and-health": 0,
        "young-carer": 0,
        "other": 0,
        "none-identified": 2,  # A4, A5
        "not known": 2,  # A6, A7
    }


def test_values_are_shares_of_those_with_a_factor(assessed: Snapshot) -> None:
    (value,) = ask(assessed, "factor_prevalence", where={"factor_group": ["domestic-abuse"]})["value"]
    assert value == 37.5
    (row,) = ask(assessed, "factor_recorded").to_dict("records")
    assert (row["numerator"], row["denominator"], row["value"]) == (8, 9, pytest.approx(800 / 9))


def test_a_rate_counts_the_same_assessments_over_children(assessed: Snapshot) -> None:
    (row,) = ask(assessed, "factor_rate", where={"factor_group": ["domestic-abuse"]}).to_dict("records")
    assert (row["numerator"], row["denominator"]) == (3, 143_525)
    assert row["value"] == pytest.approx(3 / 143_525 * 10_000)
    frame = ask(assessed, "factor_rate", by=["age_band"])
    assert frame["value"].isna().all() and frame["reason"].str.contains("No population by age").all()


def test_single_factors_of_a_group_are_its_codes_alone(assessed: Snapshot) -> None:
    frame = ask(assessed, "factor_prevalence", by=["factor"], where={"factor_group": ["domestic-abuse"]})
    assert fractions(frame, "factor") == {"3A": (1, 8), "3B": (3, 8), "3C": (0, 8)}
    both = ask(assessed, "factor_prevalence", by=["factor_group", "factor"], where={"factor": ["1A", "1B", "4B"]})
    assert both[["factor_group", "factor"]].to_numpy().tolist() == [
        ["parental-mental-health", "4B"],
        ["substance-use", "1A"],
        ["substance-use", "1B"],
    ]


def test_a_place_splits_numerator_and_denominator_and_an_issue_the_numerator_alone(assessed: Snapshot) -> None:
    frame = ask(assessed, "factor_prevalence", by=["district"], where={"factor_group": ["substance-use"]})
    # A8 has no address and no factor: there is no base at an unknown place
    assert fractions(frame, "district") == {"EX4": (1, 4), "EX31": (0, 3), "out of county": (1, 1)}
    assert frame.loc[frame["district"] == "EX1", "reason"].str.startswith("There are none in the period").all()
    crossed = ask(assessed, "factor_prevalence", by=["district", "factor_group"])
    away = crossed[crossed["district"] == "out of county"]
    assert set(away["factor_group"]) == {*GROUPS, "not known"} and (away["denominator"] == 1).all()
    assert not crossed.duplicated(["district", "factor_group"]).any()


def test_a_month_without_assessments_is_a_reason(assessed: Snapshot) -> None:
    months = ask(assessed, "factor_prevalence", by=["month"], where={"factor_group": ["domestic-abuse"]}).to_dict("records")
    assert [(row["month"], row["numerator"], row["denominator"]) for row in months] == [
        ("2017-10", 2, 7),
        ("2017-11", 1, 1),
        ("2017-12", 0, 0),
    ]
    assert pd.isna(months[2]["value"]) and months[2]["reason"].startswith("There are none")


def test_several_issues_are_any_of_them_or_all_of_them(assessed: Snapshot) -> None:
    def count(where: Mapping[str, Sequence[str]]) -> int:
        (numerator,) = ask(assessed, "factor_prevalence", where=where)["numerator"]
        return int(numerator)

    assert count({"factor_group": ["neglect", "substance-use"]}) == 3  # A1, A5, A7
    assert count({"factor_group": AllOf(["neglect", "substance-use"])}) == 1  # A1
    assert count({"factor_group": AllOf(["domestic-abuse", "parental-mental-health"])}) == 1  # A2
    assert count({"factor": AllOf(["1A", "1C", "1A"])}) == 1
    assert count({"factor": AllOf(["1A", "2B"])}) == 0
    assert count({"factor_group": ["not known"]}) == 2
    assert count({"factor": ["3B"], "district": ["EX4"]}) == 2


def test_all_of_is_for_issues_alone(assessed: Snapshot) -> None:
    with pytest.raises(QueryError, match="any of them can be asked for"):
        ask(assessed, "factor_prevalence", where={"district": AllOf(["EX4", "EX31"])})


def test_the_scope_limits_numerator_and_denominator(assessed: Snapshot) -> None:
    exeter = Scope({"locality": frozenset({"exeter"})})
    frame = query(assessed, "factor_prevalence", scope=exeter, period=parse(Q3, assessed.as_at.date()))
    assert fractions(frame, "factor_group")["domestic-abuse"] == (2, 4)


def test_what_is_not_understood_is_listed_and_nothing_is_dropped() -> None:
    checked = check(county_of(ASSESSED))
    found = [finding for finding in checked.findings if finding.table == "assessment_factors"]
    assert [(one.value, one.outcome) for one in found] == [("21", "kept"), ("", "kept"), ("99Z", "kept")]
    assert [one.reason for one in found] == [
        "stands beside others of the same assessment_id: left as it stands",
        "is empty: read as not known",
        "is not in the code list assessment_factor: read as not known",
    ]
    assert len(checked.frames["assessment_factors"]) == 19


@pytest.mark.slow
def test_without_the_table_it_says_so(tmp_path: Path) -> None:
    whole = county_of(ASSESSED)
    without = replace(whole, tables={name: raw for name, raw in whole.tables.items() if name != "assessment_factors"})
    snapshot = published(without, tmp_path)
    for id in ("factor_prevalence", "factor_rate", "factor_recorded"):
        frame = ask(snapshot, id)
        assert frame["value"].isna().all() and frame["reason"].str.contains("no assessment_factors table").all()


LISTS = st.lists(st.lists(st.sampled_from([*GROUP_OF, "", "99Z"]), max_size=4), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def made() -> Any:
    """The facts of assessments with these factors, as (assessment_id, factor_group) rows and the ids of the base."""

    def make(lists: list[list[str]]) -> tuple[set[tuple[str, str]], set[str]]:
        children = [f"C{number:02}" for number in (1, 2, 3, 4, 5, 7, 10, 12)]
        given = county_of({f"A{n}": (children[n % 8], OCTOBER, factors) for n, factors in enumerate(lists)})
        with facts.build(dict(check(given).frames), quiet) as con:
            rows = con.execute("select assessment_id, factor_group from assessment_factor").fetchall()
            base = con.execute("select assessment_id from assessment where factor_recorded").fetchall()
        return set(rows), {id for (id,) in base}

    return make


@settings(deadline=None, max_examples=6)  # each builds every fact
@given(LISTS)
@pytest.mark.slow
def test_no_assessment_with_a_factor_is_lost_and_none_counts_twice(made: Any, lists: list[list[str]]) -> None:
    rows, base = made(lists)
    assert base == {f"A{n}" for n, factors in enumerate(lists) if factors}
    assert rows == {(f"A{n}", GROUP_OF.get(factor, "not known")) for n, factors in enumerate(lists) for factor in factors}
    for group in {group for _, group in rows}:
        assert len([id for id, of in rows if of == group]) <= len(base)  # a share is never above 100


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.sampled_from(ISSUES), min_size=1, max_size=4, unique=True),
    st.sampled_from(["locality", "planning_area", "age_band", "team", "month"]),
)
def test_shares_keep_their_bounds_whatever_is_mixed(county: Snapshot, groups: list[str], by: str) -> None:
    def numerators(where: Sequence[str]) -> pd.Series:
        frame = ask(county, "factor_prevalence", by=[by], where={"factor_group": where}).set_index(by)
        assert (frame["numerator"] <= frame["denominator"]).all()
        return frame["numerator"]

    each = pd.DataFrame({group: numerators([group]) for group in groups})
    any_of, all_of = numerators(groups), numerators(AllOf(groups))
    assert (any_of <= each.sum(axis=1)).all() and (any_of >= each.max(axis=1)).all()
    assert (all_of <= each.min(axis=1)).all()


# the groups, their codes and the breaks


def test_every_code_is_in_one_group() -> None:
    codes = [code for group in GROUPS.values() for code in group.codes]
    assert sorted(codes) == sorted(CODE_LISTS["assessment_factor"])
    assert all(id == id.lower() and " " not in id for id in GROUPS)


def test_the_codes_of_a_year_are_those_of_its_census() -> None:
    assert len(code_set(2017)) == len(code_set(2019)) == 39
    assert {"18A", "19A"} <= code_set(2019) and not {"18A", "19A"} & code_set(2020)
    assert len(code_set(2020)) == 41 and "24A" not in code_set(2020)
    assert len(code_set(2021)) == len(code_set(2024)) == 42  # today's list


@pytest.mark.parametrize(
    ("first", "last", "groups", "crossed"),
    [
        ("2017-04-01", "2017-12-31", [*GROUPS], 0),
        ("2019-04-01", "2020-03-31", [*GROUPS], 0),  # to the eve of the break
        ("2020-04-01", "2021-03-31", [*GROUPS], 0),  # from the day itself: all in the new codes
        ("2020-03-31", "2020-04-01", [*GROUPS], 1),
        ("2019-04-01", "2022-03-31", [*GROUPS], 2),
        ("2019-04-01", "2022-03-31", ["neglect"], 0),
        ("2019-04-01", "2022-03-31", ["abuse"], 1),
        ("2019-04-01", "2022-03-31", ["exploitation"], 1),
    ],
)
def test_a_trend_says_which_breaks_it_crosses(first: str, last: str, groups: list[str], crossed: int) -> None:
    assert len(breaks(date.fromisoformat(first), date.fromisoformat(last), selected({"factor_group": groups}))) == crossed


@pytest.mark.parametrize(
    ("codes", "period", "every", "words"),
    [
        (["24A"], "2020/21", False, "(24A) has a code of its own only from April 2021 on."),
        (["24A"], "2021/22", False, None),
        (["24A"], "2021-03..2021-04", False, None),  # some of the period has it
        (["18A"], "2020-04", False, "(18A) has been recorded under other codes since April 2020."),
        (["18A"], "2020-03", False, None),
        (["18B", "16A"], "2017-12", False, None),  # one of them can be carried
        (["18B", "16A"], "2017-12", True, "(18B) has a code of its own only from April 2020 on."),  # both cannot
        (["18A", "18B"], "2017-12", False, None),
        (["18A", "18B"], "2021-12", False, None),
    ],
)
def test_a_code_that_does_not_exist_says_so(codes: list[str], period: str, every: bool, words: str | None) -> None:
    said = not_in_use(codes, parse(period, date(2024, 3, 31)), every=every)
    assert (said or "").endswith(words or "") and bool(said) == bool(words)


def test_a_code_that_does_not_exist_has_no_figure_and_a_reason(assessed: Snapshot) -> None:
    (row,) = ask(assessed, "factor_prevalence", where={"factor": ["24A"]}).to_dict("records")
    assert pd.isna(row["numerator"]) and pd.isna(row["denominator"]) and pd.isna(row["value"])
    assert row["reason"] == "Child criminal exploitation (24A) has a code of its own only from April 2021 on."
    single = ask(assessed, "factor_rate", by=["locality", "factor"], where={"factor_group": ["exploitation"]})
    given = single["value"].notna()
    assert not given[single["factor"] == "24A"].any() and given[single["factor"] == "13A"].any()
    group = ask(assessed, "factor_prevalence", where={"factor_group": ["exploitation"]})
    assert group["value"].tolist() == [0]
    both = ask(assessed, "factor_prevalence", where={"factor": AllOf(["13A", "24A"])})
    assert both["value"].isna().all() and both["reason"].str.contains("24A").all()


@pytest.mark.slow
def test_a_code_recorded_before_its_time_is_counted_all_the_same(tmp_path: Path) -> None:
    early = published(county_of({**ASSESSED, "A99": ("C01", "2017-12-20", ["24A"])}), tmp_path)
    (row,) = ask(early, "factor_prevalence", where={"factor": ["24A"]}).to_dict("records")
    assert (row["numerator"], pd.isna(row["reason"])) == (1, True)


def test_the_notes_say_overlap_and_breaks() -> None:
    asked = INDICATORS["factor_prevalence"]
    period = parse("2019-04..2022-03", date(2023, 3, 31))
    assert notes(asked, period, rows_by(asked, [], {}), {}) == (OVERLAP, BREAKS[0].words, BREAKS[1].words)
    assert notes(asked, period, ["year"], {"factor_group": ["exploitation"]}) == (BREAKS[1].words,)
    assert notes(INDICATORS["referrals"], period, ["year"], {}) == ()


# what each audience sees


def see(snapshot: Snapshot, id: str, by: Sequence[str] = (), where: Mapping[str, Sequence[str]] | None = None) -> pd.DataFrame:
    period = parse(Q3, snapshot.as_at.date())
    return read(snapshot, id, scope=EVERYTHING, audience=Audience.COMMISSIONER, period=period, by=by, where=where)


def test_a_split_by_issue_is_no_county_total(assessed: Snapshot) -> None:
    seen = see(assessed, "factor_prevalence").set_index("factor_group")
    assert seen.loc["domestic-abuse", "withheld"] and not seen.loc["young-carer", "withheld"]
    assert seen.loc["young-carer", "value"] == 0  # none of eight


@pytest.mark.slow
def test_few_assessments_are_few_however_many_issues_they_carry(tmp_path: Path) -> None:
    """Four with three issues each are twelve in the rows and still four: a zero would say what all of them do not carry."""
    four = {f"A{n}": (child, "2017-10-20", ["3B", "4B", "1B"]) for n, child in enumerate(["C01", "C02", "C03", "C04"])}
    seen = see(published(county_of(four), tmp_path), "factor_rate", by=["factor_group"])
    assert seen["withheld"].all() and (seen["reason"] == WITHHELD).all()


@pytest.mark.slow
def test_an_issue_of_few_is_withheld_in_every_place_though_others_are_many(tmp_path: Path) -> None:
    """Twelve with neglect, two of them with self-harm: the places of the two must not follow from zeros."""
    children = ["C01", "C02", "C03", "C04", "C10", "C12"]
    many = {f"A{n}": (children[n % 6], "2017-10-20", ["16A", "15A"] if n < 2 else ["16A"]) for n in range(12)}
    seen = see(published(county_of(many), tmp_path), "factor_rate", by=["lad", "factor_group"]).set_index(["factor_group", "lad"])
    withheld = {group: [key[1] for key in seen.index[seen["withheld"]] if key[0] == group] for group in GROUPS}
    assert len(withheld["child-mental-health"]) == 8  # every district
    assert withheld["domestic-abuse"] == []
    assert len(withheld["neglect"]) == 2  # Exeter and North Devon, six each: zeros elsewhere stand


def test_a_mix_is_for_managers(assessed: Snapshot) -> None:
    for where in ({"factor_group": ["neglect", "abuse"]}, {"factor": AllOf(["3A", "3B"])}):
        with pytest.raises(QueryError, match="managers only"):
            see(assessed, "factor_prevalence", where=where)
    assert see(assessed, "factor_prevalence", where={"factor_group": ["neglect"]})["withheld"].tolist() == [True]


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from(["factor_prevalence", "factor_rate", "factor_recorded"]),
    st.sampled_from([[], ["district"], ["planning_area"], ["age_band"], ["district", "month"]]),
    st.sampled_from(["2017-12", "2017-10", Q3]),
)
def test_no_small_number_leaves(county: Snapshot, id: str, by: list[str], period: str) -> None:
    when = parse(period, county.as_at.date())
    seen = read(county, id, scope=EVERYTHING, audience=Audience.COMMISSIONER, period=when, by=by)
    if by:
        assert not seen["numerator"].between(1, LEAST - 1).any()
    assert seen.loc[seen["value"].isna(), "reason"].notna().all()


# the page's frame


def test_issues_are_ranked_with_those_withheld_and_those_that_are_none_last(county: Snapshot) -> None:
    period = parse("12m:2017-12", county.as_at.date())
    ranked = ranked_issues(county, scope=EVERYTHING, audience=Audience.COMMISSIONER, period=period, where={"district": ["TQ13"]})
    shown = ranked[ranked["value"].notna() & ranked["factor_group"].isin(ISSUES)]
    assert shown["value"].is_monotonic_decreasing and len(shown) >= 5
    assert shown.index.tolist() == list(range(len(shown)))
    assert ((shown["low"] <= shown["value"]) & (shown["value"] < shown["high"])).all()
    assert ranked["factor_group"].tolist()[len(ISSUES) :] == ["none-identified"]
    assert ranked["county"].notna().all() and shown["versus"].notna().all()
    hidden = ranked.loc[ranked["withheld"] & ranked["factor_group"].isin(ISSUES), "factor_group"].tolist()
    assert hidden == [id for id in ISSUES if id in hidden]  # their order says nothing
    whole = ranked_issues(county, scope=EVERYTHING, audience=Audience.MANAGER, period=period)
    assert whole["versus"].isna().all() and (whole["value"] == whole["county"]).all()
    assert set(whole.loc[: len(ISSUES) - 1, "factor_group"]) == set(ISSUES)


def test_each_issue_has_classes_of_its_own(county: Snapshot) -> None:
    asked = INDICATORS["factor_prevalence"]
    common = year_breaks(county, asked, "planning_area", {"factor_group": ["domestic-abuse"]})
    rare = year_breaks(county, asked, "planning_area", {"factor_group": ["exploitation"]})
    assert len(common) == len(rare) == 4 and max(rare) < min(common)
    with pytest.raises(QueryError, match="choose one"):
        year_breaks(county, asked, "planning_area")


# the command line


@pytest.fixture
def show(data: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def go(*arguments: str) -> tuple[int, str, str]:
        code = main(["show", *arguments, "--period", Q3, "--data", str(data)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return go


def test_show_gives_a_row_for_each_group_and_says_that_they_overlap(show: Any) -> None:
    code, out, err = show("factor_prevalence", "--format", "json")
    rows = json.loads(out)
    assert code == 0 and [row["factor_group"] for row in rows] == [*GROUPS, "not known"]
    assert rows[0] | {"factor_group": ""} == {
        "factor_group": "", "numerator": 3, "denominator": 8, "value": 37.5, "unit": "%", "period": Q3, "from": "2017-10-01",
        "to": "2017-12-31", "reason": None,
    }  # fmt: skip
    assert err == OVERLAP + "\n"
    code, out, err = show("factor_prevalence", "--by", "locality")
    assert (code, err) == (0, "") and OVERLAP in out and "Domestic abuse" in out


def test_show_with_a_choice_gives_what_was_asked(show: Any) -> None:
    code, out, err = show("factor_prevalence", "--where", "factor_group=neglect", "factor_group=substance-use", "--format", "json")
    assert (code, err) == (0, "") and [row["numerator"] for row in json.loads(out)] == [3]
    code, out, _ = show("factor_prevalence", "--where", "factor_group=neglect+substance-use", "--format", "json")
    assert [row["numerator"] for row in json.loads(out)] == [1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--where", "factor=3D"], "There is no issue '3D'"),
        (["--where", "factor_group=Neglect"], "the nearest is 'neglect'"),
        (["--where", "factor_group=neglect+abuse", "factor_group=other"], "not both"),
        (["--disclosed", "--where", "factor_group=neglect+abuse"], "managers only"),
        (["--where", "district=EX4+EX31"], "any of them can be asked for"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(show: Any, arguments: list[str], words: str) -> None:
    code, out, err = show("factor_prevalence", *arguments)
    assert (code, out) == (2, "") and words in err and err.count("\n") == 1
