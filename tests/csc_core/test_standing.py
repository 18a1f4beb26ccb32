"""What stands beside a figure: earlier ones, targets, what was published by then. And what is said of a difference."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_core.access import Scope
from csc_core.change_log import broken_between, change_log
from csc_core.compare import Figure, Standing, printed, read_targets, series, standing
from csc_core.compare.figures import compared
from csc_core.compare.others import comparators, nothing_beside
from csc_core.compare.printed import _all
from csc_core.compare.published import AREAS, CAVEATS, RELEASES, SERIES_OF, known_by, neighbour_set, table
from csc_core.compare.targets import FILE, attained
from csc_core.disclosure import Audience
from csc_core.factors import GROUPS
from csc_core.indicators import INDICATORS
from csc_core.periods import parse
from csc_core.query import QueryError
from csc_core.rounding import half_up, of_fraction
from csc_core.snapshot import Snapshot
from csc_core.statistics import beyond_chance

AS_AT = date(2017, 12, 31)
DECEMBER, NOVEMBER, YEAR = parse("2017-12", AS_AT), parse("2017-11", AS_AT), parse("12m:2017-12", AS_AT)
IN_TIME, CARE, RATE = INDICATORS["assessments_in_45_days"], INDICATORS["looked_after"], INDICATORS["referral_rate"]


def figure(asked_id: str, period: str, numerator: float, denominator: float | None = None) -> Figure:
    asked, span = INDICATORS[asked_id], parse(period, AS_AT)
    return Figure(span, numerator, denominator, of_fraction(numerator, denominator, asked), False, "")


def stands(snapshot: Snapshot, id: str, period: str = "2017-12", **where: str) -> Standing:
    return standing(
        snapshot,
        id,
        scope=Scope.everything(),
        audience=Audience.MANAGER,
        period=parse(period, snapshot.as_at.date()),
        targets=read_targets(),
        where={name: [one] for name, one in where.items()},
    )


# Rounding


@pytest.mark.parametrize(
    ("id", "numerator", "denominator", "expected"),
    [
        ("re_referrals", 1, 800, "0.1"),  # 0.125
        ("re_referrals", 1, 2000, "0.1"),  # 0.05, half up
        ("re_referrals", 29, 400, "7.3"),  # 7.25, where a float rounds to even
        ("referral_rate", 4009, 143_525, "279.3"),
        ("average_caseload", 4312, 245.0, "17.6"),
        ("looked_after", 712, None, "712"),
        ("re_referrals", 0, 257, "0.0"),
    ],
)
def test_a_figure_is_rounded_once_half_up_from_its_fraction(id: str, numerator: float, denominator: float | None, expected: str) -> None:
    assert str(of_fraction(numerator, denominator, INDICATORS[id])) == expected


def test_without_a_fraction_there_is_no_figure() -> None:
    assert of_fraction(pd.NA, 1, IN_TIME) is None and of_fraction(1, 0, IN_TIME) is None and of_fraction(1, pd.NA, IN_TIME) is None


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_rounding_moves_a_figure_by_half_a_step_at_most(numerator: int, denominator: int) -> None:
    rounded = of_fraction(numerator, denominator, IN_TIME)
    assert rounded is not None and abs(float(rounded) - 100 * numerator / denominator) <= 0.05 + 1e-9


# Earlier figures


@pytest.mark.parametrize(
    ("id", "now", "earlier", "sentence"),
    [
        ("looked_after", (712,), (714,), "712, two fewer than on 30 November 2017 (714)."),
        ("looked_after", (715,), (714,), "715, one more than on 30 November 2017 (714)."),
        ("looked_after", (714,), (714,), "714, the same as on 30 November 2017 (714)."),
        ("open_cases", (5122,), (5262,), "5,122, 140 fewer than on 30 November 2017 (5,262)."),
        ("enquiries", (644,), (645,), "644, one fewer than in November 2017 (645)."),
        (
            "assessments_in_45_days",
            (298, 388),
            (330, 431),
            "76.8% (298 of 388), 0.2 percentage points higher than in November 2017 (76.6%, 330 of 431).",
        ),
        ("average_caseload", (4312, 245.0), (4520, 243.0), "17.6, 1.0 lower than on 30 November 2017 (18.6)."),
    ],
)
def test_the_fact_comes_first(id: str, now: tuple[float, ...], earlier: tuple[float, ...], sentence: str) -> None:
    asked = INDICATORS[id]
    assert compared(asked, figure(id, "2017-12", *now), figure(id, "2017-11", *earlier)).sentence == sentence


def test_the_difference_is_that_of_the_figures_as_they_are_read() -> None:
    # 41.45% and 41.34% are read as 41.5% and 41.3%
    now, then = figure("re_referrals", "2017-12", 829, 2000), figure("re_referrals", "2017-11", 4134, 10_000)
    assert (now.value, then.value) == (Decimal("41.5"), Decimal("41.3"))
    assert compared(INDICATORS["re_referrals"], now, then).difference == Decimal("0.2")


def test_what_is_missing_is_a_word_and_a_reason() -> None:
    none = Figure(NOVEMBER, None, None, None, True, "Withheld: fewer than 8")
    change = compared(CARE, figure("looked_after", "2017-12", 712), none)
    assert change.difference is None
    assert change.sentence == "No figure on 30 November 2017: withheld: fewer than 8."


def test_no_figure_is_set_against_one_from_before_its_codes_changed_without_a_word() -> None:
    asked = INDICATORS["factor_prevalence"]
    exploitation, neglect = {"factor_group": ["exploitation"]}, {"factor_group": ["neglect"]}
    assert len(broken_between(asked, date(2020, 12, 31), date(2021, 12, 31), exploitation)) == 1
    assert broken_between(asked, date(2020, 12, 31), date(2021, 12, 31), neglect) == ()
    assert broken_between(asked, date(2021, 4, 1), date(2021, 12, 31), exploitation) == ()  # both after it
    assert [one.day for one in change_log(asked)] == [date(2020, 4, 1), date(2021, 4, 1)]
    assert {one.day for group in GROUPS for one in change_log(asked, {"factor_group": [group]})} == {date(2020, 4, 1), date(2021, 4, 1)}


# Chance


@pytest.mark.parametrize(
    ("numerator", "denominator", "fixed", "expected"),
    [
        (9, 20, 50, False),
        # of 20 with an even chance, 5 or fewer or 15 or more: 2 x 21,700 / 1,048,576 = 4.1%; of 6 or fewer: 11.5%
        (5, 20, 50, True),
        (6, 20, 50, False),
        (298, 388, 85, True),
        (5, 19, 50, None),  # too few
    ],
)
def test_a_share_is_tested_exactly_against_a_fixed_value(numerator: int, denominator: int, fixed: float, expected: bool | None) -> None:
    assert beyond_chance(numerator, denominator, fixed, IN_TIME) is expected


def test_a_rate_is_tested_exactly_against_a_fixed_value() -> None:
    # the exact Poisson 95% limits of 100 events are 81.4 and 121.6 (standard tables)
    for fixed, expected in ((81, True), (82, False), (121, False), (122, True)):
        assert beyond_chance(100, 10_000, fixed, RATE) is expected
    assert beyond_chance(19, 10_000, 500, RATE) is None


@pytest.mark.parametrize("id", ["looked_after", "average_caseload", "agency_rate", "care_longest_placement_share"])
def test_what_does_not_befall_children_one_by_one_is_not_tested(id: str) -> None:
    assert beyond_chance(500, 1000, 10, INDICATORS[id]) is None


# Targets


@pytest.mark.parametrize(
    ("numerator", "status"),
    [(850, "met"), (8495, "met"), (8494, "within amber"), (800, "within amber"), (7995, "within amber"), (7994, "missed"), (1000, "met")],
)
def test_a_target_where_high_is_better(numerator: int, status: str) -> None:
    # as it is read: 84.95% is read as 85.0%, 79.95% as 80.0%
    now = figure("assessments_in_45_days", "2017-12", numerator, 10_000 if numerator > 1000 else 1000)
    found = attained(IN_TIME, now, read_targets())
    assert found is not None and found.status == status and found.sentence.endswith(f"{status}.")


def test_the_target_of_the_report_and_what_december_was() -> None:
    found = attained(IN_TIME, figure("assessments_in_45_days", "2017-12", 298, 388), read_targets())
    assert found is not None and found.target.value == 85
    assert (found.status, found.beyond_chance) == ("missed", True)
    assert found.sentence == "76.8% is 8.2 percentage points below the target of 85%, more than chance alone explains: missed."


def own_file(folder: Path, *rows: str) -> Path:
    (folder / FILE).write_text("\n".join(["indicator,period,target,amber_margin,owner", *rows, ""]), "utf-8")
    return folder


def test_a_target_where_low_is_better_and_one_where_nothing_is(tmp_path: Path) -> None:
    found = read_targets(own_file(tmp_path, "re_referrals,2017/18,20,2,Me", "referrals,2017/18,300,0,Me"))
    assert not found.said
    asked = INDICATORS["re_referrals"]
    statuses = [attained(asked, figure("re_referrals", "2017-12", n, 1000), found) for n in (200, 201, 220, 221)]
    assert [one.status for one in statuses if one] == ["met", "within amber", "within amber", "missed"]
    neither = attained(INDICATORS["referrals"], figure("referrals", "2017-12", 257), found)
    assert neither is not None and neither.status == "none" and "no direction is better" in neither.sentence


def test_no_row_no_target(tmp_path: Path) -> None:
    assert read_targets().of("looked_after", AS_AT) is None
    assert read_targets().of("assessments_in_45_days", date(2018, 4, 1)) is None  # another year
    nothing = read_targets(own_file(tmp_path))
    assert (nothing.rows, nothing.said) == ((), "")  # the council's own file counts, even empty


def test_the_shortest_period_in_force_counts(tmp_path: Path) -> None:
    found = read_targets(own_file(tmp_path, "looked_after,2017/18,700,5,Me", "looked_after,2017/18Q3,710,5,Me"))
    in_force = [found.of("looked_after", day) for day in (date(2017, 12, 31), date(2018, 1, 1))]
    assert [one.value for one in in_force if one] == [710, 700]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("drop,2017/18,85,5,Me", "no such indicator"),
        ("looked_after,soon,85,5,Me", "no such period"),
        ("looked_after,2017/18,many,5,Me", "must be numbers"),
        ("looked_after,2017/18,NaN,5,Me", "must be numbers"),
        ("looked_after,2017/18,85,-5,Me", "must be numbers"),
        ("re_referrals,2017/18,850,5,Me", "ends at 100"),
        ("looked_after", "no such period"),
    ],
)
def test_a_bad_row_is_said_in_one_sentence_and_the_rest_counts(tmp_path: Path, row: str, why: str) -> None:
    found = read_targets(own_file(tmp_path, row, "looked_after,2017/18,700,,Me"))
    assert "line 2" in found.said and why in found.said and found.said.count(". ") == 0
    assert [one.value for one in found.rows] == [700]


def test_a_file_that_is_no_table_of_targets_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00what")
    assert "cannot be read" in read_targets(tmp_path).said
    (tmp_path / FILE).write_text("goal\n85\n")
    assert "needs the columns" in read_targets(tmp_path).said


# What others have published


def test_each_published_series_is_of_a_declared_indicator_and_a_known_release() -> None:
    frame = table()
    assert set(frame["indicator"]) <= set(INDICATORS) and set(SERIES_OF.values()) <= set(frame["indicator"])
    assert set(CAVEATS) <= set(INDICATORS) and set(frame["release"]) == set(RELEASES)
    assert not frame.duplicated(["indicator", "year_ending", "area"]).any()
    assert {area.replace("_2021", "").replace("_2025", "") for area in frame["area"]} == set(AREAS)
    assert {one.indicator for one in _all()} <= set(INDICATORS)
    counts = {id for id in set(frame["indicator"]) if INDICATORS[id].unit == "count"}
    assert set(frame[frame["indicator"].isin(counts)]["area"]) == {"devon"}  # another council's number says nothing beside ours


@pytest.mark.parametrize(
    ("id", "day", "when", "value"),
    [
        ("assessments_in_45_days", "2017-12-31", "the year ending 31 March 2017", "82.9"),
        ("assessments_in_45_days", "2017-11-29", "the year ending 31 March 2016", "83.4"),
        ("re_referrals", "2017-12-31", "the year ending 31 March 2017", "21.9"),
        ("agency_rate", "2017-12-31", "30 September 2016", "16.1"),
        ("agency_rate", "2018-02-28", "30 September 2017", "15.8"),
        ("placements_3_or_more", "2017-12-31", "31 March 2017", "10"),
    ],
)
def test_beside_a_day_stands_the_last_figure_out_by_then(id: str, day: str, when: str, value: str) -> None:
    england = known_by(INDICATORS[id], date.fromisoformat(day))[0]
    assert (england.area, england.when, str(england.value)) == ("england", when, value)


def test_a_year_that_dfe_left_out_is_said_and_no_other_stands_for_it() -> None:
    asked = INDICATORS["cp_plans_over_2_years"]
    devon = {one.area: one for one in known_by(asked, AS_AT)}["devon"]
    assert devon.value is None and "31 March 2017" in devon.reason
    sentences = [one.sentence for one in comparators(asked, figure(asked.id, "12m:2017-12", 20, 600))]
    assert "Devon, as DfE has it, the year ending 31 March 2017: no figure. DfE gives none for the year ending 31 March 2017." in sentences


def test_before_the_first_publication_nothing_stands_beside_and_the_sentence_says_when_it_begins() -> None:
    asked = INDICATORS["long_term_stability"]
    ours = figure("long_term_stability", "2017-12", 145, 206)
    assert comparators(asked, ours) == ()
    assert "begins with 31 March 2018" in nothing_beside(asked, ours)


def test_the_set_of_neighbours_is_named_by_its_year() -> None:
    days = (date(2017, 12, 31), date(2022, 1, 1), date(2025, 4, 30), date(2025, 5, 1))
    assert [neighbour_set(day) for day in days] == [2021, 2021, 2021, 2025]
    mean = known_by(IN_TIME, AS_AT)[2]
    assert (mean.title, str(mean.value)) == ("Statistical neighbours, mean (2021 set, 9 of 10 authorities)", "84.56")


def test_a_trend_has_the_later_figures_too_marked() -> None:
    found = series(IN_TIME, AS_AT)
    england = found[found["area"] == "england"]
    assert [year.year for year in england["year_ending"][~england["later"]]] == [2016, 2017]
    assert england["later"].sum() == 8


def test_a_part_of_a_year_stands_aside_for_twelve_months(county: Snapshot) -> None:
    found = stands(county, "referral_rate", "2017/18YTD")
    assert str(found.now.value) == "279.3"
    assert found.beside.period.id == "12m:2017-12" and "not April to December 2017 (9 months)" in found.beside_words
    assert all(one.difference is None or found.beside.value is not None for one in found.comparators)
    whole = stands(county, "referral_rate", "12m:2017-12")
    assert whole.beside is whole.now and whole.beside_words == ""
    assert [one.difference for one in whole.comparators] == [one.difference for one in found.comparators]


def test_a_day_stands_beside_a_day(county: Snapshot) -> None:
    found = stands(county, "cp_plan_rate")
    assert found.beside is found.now and str(found.now.value) == "30.2"
    england = found.comparators[0]
    assert (str(england.value), england.difference, england.beyond_chance) == ("43.8", Decimal("-13.6"), True)


def test_the_comparators_of_the_report_that_still_hold(county: Snapshot) -> None:
    """The report's national figures of 2016-17, from DfE's series and not from the report."""
    assert str(stands(county, "re_referrals").comparators[0].value) == "21.9"
    assert str(stands(county, "assessments_in_45_days").comparators[0].value) == "82.9"
    for id, values in (("agency_rate", ["15.8", "13.3"]), ("caseload_dfe", ["17.7", "17.4"])):  # printed as 17.8 and 17.5
        assert [str(one.value) for one in known_by(INDICATORS[id], date(2018, 3, 31))[:2]] == values


def test_what_the_report_prints_is_quoted_with_its_label_and_its_doubts() -> None:
    (quoted,) = printed("referral_rate")
    assert quoted.sentence.startswith("England, as printed in the March 2018 report: 411.2 per 10,000.")
    assert "three quarters of an annual rate" in quoted.sentence
    (second,) = printed("assessment_rate")
    assert "386.3" in second.printed and "three quarters" in second.note
    assert printed("looked_after") == ()


def test_figures_of_another_group_are_shown_with_a_word_and_no_difference(county: Snapshot) -> None:
    found = stands(county, "care_leavers_eet")
    assert found.comparators and all(one.difference is None and one.beyond_chance is None for one in found.comparators)
    assert all("19 to 21" in one.sentence for one in found.comparators)


def test_beside_a_part_of_the_county_stand_others_but_not_its_own_series(county: Snapshot) -> None:
    exeter = stands(county, "re_referrals", "12m:2017-12", locality="exeter")
    assert [one.area for one in exeter.comparators] == ["england", "south_west", "neighbours_mean", "neighbours_median"]
    assert exeter.printed == ()
    girls = stands(county, "re_referrals", "12m:2017-12", sex="F")
    assert girls.comparators == () and "by sex" in girls.no_comparator
    number = stands(county, "looked_after", locality="exeter")
    assert number.comparators == () and "part of the county" in number.no_comparator


@pytest.mark.parametrize("id", [id for id, one in INDICATORS.items() if not one.numerator_only])
def test_every_indicator_stands_somewhere_also_where_there_is_nothing(small: Snapshot, id: str) -> None:
    for period in ("2017-12", "2014-12", "2017/18", "36m:2017-12"):
        found = stands(small, id, period)
        assert found.now.value is not None or found.now.reason
        assert found.before.sentence and found.year_before.sentence
        assert bool(found.comparators) != bool(found.no_comparator)
        said = " ".join([found.before.sentence, found.year_before.sentence, *(one.sentence for one in found.comparators)])
        assert not any(word in said for word in ("nan", "None", "inf ", "<NA>"))


def test_an_indicator_of_issues_needs_one(county: Snapshot) -> None:
    with pytest.raises(QueryError, match="choose an issue"):
        stands(county, "factor_prevalence")
    assert stands(county, "factor_prevalence", "12m:2017-12", factor_group="neglect").now.value is not None


def test_half_up_is_away_from_zero() -> None:
    assert [str(half_up(value, 0)) for value in (0.5, 1.5, 2.5, -0.5)] == ["1", "2", "3", "-1"]
