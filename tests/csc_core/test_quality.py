"""The rules of data quality: each finds what was planted and nothing else, and what it found can be read from the snapshot."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_core.__main__ import main
from csc_core.access import Scope
from csc_core.brings import BROUGHT_BY, SOURCES, what_brings
from csc_core.check import check
from csc_core.disclosure import LEAST, Audience
from csc_core.factors import BREAKS
from csc_core.indicators import INDICATORS
from csc_core.load import load
from csc_core.notes import notes
from csc_core.periods import Period, parse
from csc_core.pseudonyms import key, references
from csc_core.quality import RULES, marks, rows, summary
from csc_core.quality.find import codes_in_use, rule_of
from csc_core.quality.rules import AT_THE_DOOR, OF_THE_RECORDS
from csc_core.query import query
from csc_core.snapshot import Snapshot, open_current
from csc_core.sources import csv
from csc_core.tables import TABLES, Records, quiet
from tests.csc_core.door import AS_AT, GOOD, more, raw
from tests.csc_core.door import records as good
from tests.small_county import records as small_county

MANAGER, COMMISSIONER = Audience.MANAGER, Audience.COMMISSIONER
Planted = Callable[..., Snapshot]


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    """Publish the good records of two children with some tables changed, and open them."""

    def go(**instead: str) -> Snapshot:
        load(good(AS_AT, **instead), tmp_path, quiet)
        return open_current(tmp_path)

    return go


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The good records as they are."""
    data = tmp_path_factory.mktemp("good")
    load(good(), data, quiet)
    return open_current(data)


def found(snapshot: Snapshot, rule: str) -> int:
    counts = summary(snapshot, audience=MANAGER).rules
    return int(counts.loc[counts["rule"] == rule, "found"].sum())


def listed(snapshot: Snapshot, rule: str) -> pd.DataFrame:
    return rows(snapshot, rule, scope=Scope.everything(), audience=MANAGER).rows


# A rule, the load in which it is broken, the row that breaks it once, and how often the good records break it anyhow. Those of one load
# do not touch one another.
BREAKING = [
    ("value_missing", 0, "contacts", "K3,C1,,6,", 0),
    ("value_impossible", 0, "contacts", "K4,C1,2017-02-30,6,", 0),
    ("date_in_the_future", 0, "contacts", "K5,C1,2018-01-01,6,", 0),
    ("closed_before_opened", 1, "cin_episodes", "R3,C1,2017-12-05,N1,6,N,RC8,2017-12-04,T1,W1", 0),
    ("key_repeated", 0, "contacts", "K1,C1,2017-12-05,6,", 0),
    ("child_not_known", 0, "contacts", "K6,C9,2017-12-05,6,", 0),
    ("reference_not_known", 1, "cin_episodes", "R4,C1,2016-01-05,N1,6,N,RC8,2016-02-04,T9,W1", 0),
    ("code_not_in_list", 0, "contacts", "K7,C1,2017-12-05,ZZ,", 0),
    ("factor_empty", 0, "assessment_factors", "F3,S2,", 0),
    ("factor_21_beside_others", 0, "assessment_factors", "F4,S2,21", 0),
    ("postcode_terminated", 0, "addresses", "A4,C2,HOME,2017-01-01,,EX31 1AA", 1),  # C1 lived at the same postcode
    ("postcode_out_of_county", 0, "addresses", "A5,C2,HOME,2017-01-01,,PL4 6AB", 0),
    ("postcode_malformed", 0, "addresses", "A6,C2,HOME,2017-01-01,,EX4", 0),
    ("postcode_missing", 0, "addresses", "A7,C2,HOME,2017-01-01,,", 0),
    ("home_not_known", 1, "cin_episodes", "R5,C2,2016-03-01,N1,6,N,RC8,2016-04-01,T1,W1", 1),  # C2 has no home in any year
    ("team_not_mapped", 2, "involvements", "I3,W1,CASE_HOLDER,T7,C1,2017-12-06,,R1", 0),
    ("before_birth", 2, "persons", "C2,M,MWBC,2017-11-22,,,N", 0),  # in care from the day before
    ("begun_without_case", 0, "cp_plans", "L3,C2,,2017-12-20,,,NEG,NEG,", 0),  # the case is over; C1's plan of 2016 is not looked at
    ("referred_after_death", 0, "cin_episodes", "R3,C2,2017-12-21,N1,6,N,,,T1,W1", 0),
    ("referred_twice_in_a_day", 1, "cin_episodes", "R6,C1,2017-12-05,N1,6,N,,,T1,W1", 0),
    ("referred_while_open", 2, "cin_episodes", "R3,C2,2017-12-19,N1,6,N,,,T1,W1", 0),
    ("code_of_another_year", 0, "assessment_factors", "F5,S2,24A", 0),
    ("assessment_without_factor", 0, "cin_assessments", "S3,C1,R1,2017-12-06,2017-12-20,CIN_PLAN,N,T1,W1", 0),
]


def with_faults(faults: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The good rows of each table with these after them; of a child who is there already, in place of the good one."""
    found: dict[str, str] = {}
    for table, row in faults:
        text = found.get(table, GOOD[table])
        kept = [line for line in text.splitlines() if table != "persons" or line.split(",")[0] != row.split(",")[0]]
        found[table] = "\n".join((*kept, row))
    return found


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Snapshot]:
    """The good records with the faults of each load."""
    found = {}
    for number in {one[1] for one in BREAKING}:
        data = tmp_path_factory.mktemp("broken")
        load(good(AS_AT, **with_faults((table, row) for _, where, table, row, _ in BREAKING if where == number)), data, quiet)
        found[number] = open_current(data)
    return found


def test_every_rule_is_put_to_the_test() -> None:
    apart = {"row_damaged", "nothing_recorded", "sudden_fall", "something_else", "fewer_than_before"}
    assert {rule for rule, *_ in BREAKING} == set(RULES) - apart


@pytest.mark.parametrize(("rule", "number", "before"), [(rule, number, before) for rule, number, _, _, before in BREAKING])
@pytest.mark.slow
def test_a_rule_finds_what_breaks_it_once_more(
    clean: Snapshot, broken: Mapping[int, Snapshot], rule: str, number: int, before: int
) -> None:
    assert found(clean, rule) == before
    assert found(broken[number], rule) == before + 1 == len(listed(broken[number], rule))


@pytest.mark.slow
def test_the_day_a_case_closes_another_may_open(planted: Planted) -> None:
    assert found(planted(**more("cin_episodes", "R3,C2,2017-12-20,N1,6,N,,,T1,W1")), "referred_while_open") == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("born", "early"),
    [("2017-11-21,", []), (",2018-09-16", ["cla_episodes"]), (",2018-09-17", ["cla_episodes", "cin_episodes"]), (",", [])],
    ids=["in care on the day of birth", "300 days before the day expected", "301 days before the day expected", "not known"],
)
def test_a_child_is_referred_before_birth_and_not_long_before_it(planted: Planted, born: str, early: list[str]) -> None:
    """C2 was referred on 20 November 2017, in care and assessed the day after, and had a section 47 enquiry and a plan later still:
    300 days after the referral is 16 September 2018."""
    snapshot = planted(persons=f"C1,F,WBRI,2009-05-14,,,\nC2,M,MWBC,{born},,N")
    assert sorted(listed(snapshot, "before_birth")["table"]) == sorted(early)


@pytest.mark.slow
def test_a_record_with_two_codes_is_looked_at_once(clean: Snapshot) -> None:
    """The referral of C2 has a source and a reason for closing, that of C1 a source."""
    looked_at = summary(clean, audience=MANAGER).rules.set_index(["rule", "table_name"])["checked"]
    assert looked_at["code_of_another_year", "cin_episodes"] == 2


@pytest.mark.slow
def test_a_table_that_lost_more_than_half_since_the_load_before_is_found(tmp_path: Path) -> None:
    """Three enquiries, then one; two referrals both times. From another kind of source nothing is compared."""

    def go(kind: str, **instead: str) -> Snapshot:
        load(replace(good(AS_AT, **instead), source=kind), tmp_path, quiet)
        return open_current(tmp_path)

    assert "fewer_than_before" not in set(summary(go("test", **more("contacts", "K3,C1,2017-12-05,6,")), audience=MANAGER).rules["rule"])
    second = go("test", contacts="K1,C1,2017-12-04,6,")
    assert listed(second, "fewer_than_before")[["table", "detail"]].to_numpy().tolist() == [["contacts", "1 kept; 3 at the load before"]]
    assert "fewer_than_before" in marks(second)["enquiries"] and "fewer_than_before" not in marks(second).get("referrals", ())
    assert found(go("other", contacts=""), "fewer_than_before") == 0


@pytest.mark.slow
def test_postcodes_are_a_figure(planted: Planted) -> None:
    """Six homes: one matched, two terminated (C1's and one of C2), one out of county, one that is none, and one without."""
    snapshot = planted(
        addresses="A1,C1,HOME,2015-09-01,2017-01-01,EX31 1AA\nA2,C1,HOME,2017-01-01,,ex4 4qj\nA4,C2,HOME,2016-01-01,,EX31 1AA\n"
        "A5,C2,HOME,2016-02-01,,PL4 6AB\nA6,C2,HOME,2016-03-01,,EX4\nA7,C2,HOME,2016-04-01,,"
    )
    told = summary(snapshot, audience=MANAGER).postcodes
    assert told[["postcode", "rows"]].to_numpy().tolist() == [
        ["matched", 1], ["terminated", 2], ["out of county", 1], ["malformed", 1], ["missing", 1]
    ]  # fmt: skip
    assert told["share"].round(1).to_list() == [16.7, 33.3, 16.7, 16.7, 16.7]
    seen = summary(snapshot, audience=COMMISSIONER).postcodes
    assert seen["withheld"].all() and seen["rows"].isna().all()


def test_the_door_s_rules_on_children_and_addresses_touch_figures() -> None:
    rule = RULES["child_not_known"]
    every, placed = {one.id for one in rule.touches("persons")}, {one.id for one in rule.touches("addresses")}
    assert {"referrals", "factor_rate", "looked_after"} <= every and set(INDICATORS) - every == {
        one.id for one in INDICATORS.values() if one.tables == ("posts",)
    }
    assert placed == {one.id for one in INDICATORS.values() if "district" in one.dimensions} and "referrals" in placed


@pytest.mark.slow
def test_dfe_numbers_stand_beside_their_own_table(planted: Planted) -> None:
    """C2's birth is still to come, a referral and an enquiry are dated after the as-at; an enquiry repeats a key."""
    told = summary(
        planted(
            persons="C1,F,WBRI,2009-05-14,,,\nC2,M,MWBC,2018-02-28,,,",
            **more("contacts", "K1,C1,2017-12-05,6,", "K3,C1,2018-01-01,6,"),
        ),
        audience=MANAGER,
    ).rules.set_index(["rule", "table_name"])["dfe"]
    assert told["date_in_the_future", "persons"] == "8520"
    assert told["date_in_the_future", "contacts"] == "" == told["key_repeated", "contacts"]


@pytest.mark.slow
def test_a_code_is_judged_by_the_list_of_its_year(planted: Planted) -> None:
    use = codes_in_use().set_index(["list", "code"])
    assert use.loc[("assessment_factor", "18A"), "last_day"] == date(2020, 3, 31)
    assert use.loc[("assessment_factor", "24A"), "first_day"] == date(2021, 4, 1) == BREAKS[1].day
    snapshot = planted(
        **more("assessment_factors", "F3,S2,18A", "F4,S2,18B"),  # 18A was in use in 2017
        **more("cin_episodes", "R3,C1,2016-01-05,N1,6,N,RC9,2016-02-04,T1,W1", "R4,C1,2016-03-05,N1,5D,N,RC8,2016-04-04,T1,W1"),
    )
    assert found(snapshot, "code_of_another_year") == 3
    assert sorted(listed(snapshot, "code_of_another_year")["detail"].str.split().str[:2].str.join(" ")) == [
        "assessment_factor 18B", "close_reason RC9", "referral_source 5D"
    ]  # fmt: skip


@pytest.mark.slow
def test_a_row_that_cannot_be_split_is_found_and_counted(tmp_path: Path) -> None:
    example = tmp_path / "files"
    csv.write(small_county(), example)
    path = example / "contacts.csv"
    path.write_text(path.read_text("utf-8") + "K99,C01\n", "utf-8")
    load(csv.read(example, quiet, synthetic=True), tmp_path / "data", quiet)
    snapshot = open_current(tmp_path / "data")
    assert found(snapshot, "row_damaged") == 1
    read = summary(snapshot, audience=MANAGER).read.set_index("table").loc["contacts"]
    assert (read["read"], read["rejected"]) == (read["kept"] + 1, 1)


def months(*counts: int) -> Records:
    """So many enquiries in each month from January 2016 on, as at the end of the last."""
    lines, number = [], 0
    for place, count in enumerate(counts):
        for _ in range(count):
            number += 1
            lines.append(f"K{number},C1,{2016 + place // 12}-{place % 12 + 1:02d}-15,6,")
    end = date(2016 + len(counts) // 12, len(counts) % 12 + 1, 1) - timedelta(days=1)
    tables = {
        "persons": raw("persons", "C1,F,WBRI,2009-05-14,,,"),
        "contacts": raw("contacts", "\n".join(lines)),
        "cin_episodes": raw("cin_episodes", "R1,C1,2016-01-01,N1,6,N,,,,"),
    }
    return Records(tables, "test", synthetic=True, as_at=datetime(end.year, end.month, end.day), complete_from=date(2016, 1, 1))


@pytest.mark.parametrize(
    ("counts", "fallen"),
    [((24,) * 12 + (11,), 1), ((24,) * 12 + (12,), 0), ((24,) * 12 + (1,), 1), ((19,) * 12 + (1,), 0), ((24,) * 11 + (1,), 0)],
    ids=["under half", "half", "one alone", "too few to say", "not twelve before"],
)
@pytest.mark.slow
def test_a_month_falls_suddenly_under_half_of_the_middle_of_twelve(tmp_path: Path, counts: tuple[int, ...], fallen: int) -> None:
    load(months(*counts), tmp_path, quiet)
    snapshot = open_current(tmp_path)
    assert len(listed(snapshot, "sudden_fall").query("table == 'contacts'")) == fallen
    assert ("sudden_fall" in marks(snapshot).get("enquiries", ())) is bool(fallen)


@pytest.mark.parametrize(
    ("counts", "empty"),
    [((10, 10, 0, 10), ["2016-03"]), ((9, 9, 0, 9), []), ((0, 0, 30, 0, 10, 10), ["2016-01", "2016-02", "2016-04"]), ((0, 0, 0), [])],
    ids=["a gap", "too few to say", "before the first too", "never any"],
)
@pytest.mark.slow
def test_a_month_without_a_record_has_a_reason_and_no_nought(tmp_path: Path, counts: tuple[int, ...], empty: list[str]) -> None:
    """Where months usually hold ten or more, none at all is not taken for 0: by month, for the county and each locality."""
    load(months(*counts), tmp_path, quiet)
    snapshot = open_current(tmp_path)
    assert sorted(str(day)[:7] for day in listed(snapshot, "nothing_recorded").query("table == 'contacts'")["day"]) == empty
    assert listed(snapshot, "sudden_fall").query("table == 'contacts'").empty
    span = Period("all", date(2016, 1, 1), snapshot.as_at.date())
    whole = query(snapshot, "enquiries", scope=Scope.everything(), period=span)
    assert whole["numerator"].tolist() == [sum(counts)] and whole["reason"].isna().all()
    for by in (["month"], ["month", "locality"]):
        rows = query(snapshot, "enquiries", scope=Scope.everything(), period=span, by=by)
        gone = rows["month"].isin(empty)
        assert gone.any() == bool(empty)
        assert rows.loc[gone, ["numerator", "value"]].isna().all(axis=None)
        words = "No enquiries at all are recorded for .* 2016: other months hold many, so this is not taken for 0[.]"
        assert rows.loc[gone, "reason"].str.fullmatch(words).all()
        assert rows.loc[~gone, "numerator"].notna().all()
        assert rows.loc[~gone, "numerator"].sum() == sum(counts)


@pytest.mark.slow
def test_nothing_recorded_in_a_latest_month_marks_the_figures_that_rest_on_it(tmp_path: Path) -> None:
    load(months(*(24,) * 12, 0, *(24,) * 11), tmp_path, quiet)
    assert "nothing_recorded" in marks(open_current(tmp_path))["enquiries"]
    load(months(*(24,) * 12, 0, *(24,) * 12), tmp_path, quiet)  # more than a year ago
    assert "enquiries" not in marks(open_current(tmp_path))


@pytest.mark.slow
def test_a_longer_period_says_which_of_its_months_are_missing(tmp_path: Path) -> None:
    load(months(24, 24, 0, 0, 24, 24), tmp_path, quiet)
    snapshot, asked = open_current(tmp_path), INDICATORS["enquiries"]
    said = "No enquiries at all are recorded for March 2016, April 2016: a longer period lacks what was not loaded."
    for period, expected in (("2016-01..2016-06", (said,)), ("2016-02", ()), ("2016-03", ()), ("2016-05..2016-06", ())):
        assert notes(snapshot, asked, parse(period, snapshot.as_at.date())) == expected
    assert notes(snapshot, INDICATORS["open_cases"], parse("2016-03", snapshot.as_at.date())) == ()


def test_a_fall_of_long_ago_is_listed_and_marks_nothing(tmp_path: Path) -> None:
    load(months(*(24,) * 12, 5, *(24,) * 8), tmp_path, quiet)
    snapshot = open_current(tmp_path)
    assert listed(snapshot, "sudden_fall")["day"].tolist() == ["2017-01-01"]
    assert "enquiries" not in marks(snapshot)


@pytest.mark.slow
def test_a_figure_is_marked_from_one_in_twenty_on_and_only_by_rules_that_touch_it(clean: Snapshot, planted: Planted) -> None:
    faulty = marks(planted(**more("cin_assessments", "S3,C1,R1,2017-12-06,2017-12-20,CIN_PLAN,N,T1,W1")))
    assert "assessment_without_factor" not in marks(clean).get("factor_prevalence", ())
    assert "assessment_without_factor" in faulty["factor_prevalence"]
    assert "assessment_without_factor" not in faulty["assessments_completed"]
    information = marks(planted(**more("addresses", "A4,C2,HOME,2017-01-01,,PL4 6AB")))
    assert all("postcode_out_of_county" not in ids for ids in information.values())


@pytest.mark.slow
def test_records_are_listed_under_references_and_for_managers_only(tmp_path: Path) -> None:
    load(good(AS_AT, **more("addresses", "A4,C2,HOME,2017-01-01,,EX4")), tmp_path, quiet)
    snapshot = open_current(tmp_path)
    (row,) = listed(snapshot, "postcode_malformed").to_dict("records")
    assert [row["child"], row["record"]] == references(key(tmp_path), ["C2", "A4"])
    hidden = rows(snapshot, "postcode_malformed", scope=Scope.everything(), audience=COMMISSIONER)
    assert hidden.rows.empty and "managers only" in str(hidden.reason)
    limited = rows(snapshot, "postcode_malformed", scope=Scope({"locality": frozenset({"exeter"})}), audience=MANAGER)
    assert limited.rows.empty and limited.reason


@pytest.mark.slow
def test_a_commissioner_sees_no_number_of_one_to_seven(planted: Planted) -> None:
    seen = summary(planted(**more("addresses", "A4,C2,HOME,2017-01-01,,EX4")), audience=COMMISSIONER).rules
    row = seen[seen["rule"] == "postcode_malformed"].iloc[0]
    assert row["withheld"] and pd.isna(row["found"]) and pd.isna(row["share"])
    assert not seen["found"].dropna().between(1, LEAST - 1).any()


@pytest.mark.slow
def test_a_number_of_months_is_no_number_of_children_and_withheld_from_nobody(tmp_path: Path) -> None:
    load(months(*(24,) * 12, 0, 5), tmp_path, quiet)
    seen = summary(open_current(tmp_path), audience=COMMISSIONER).rules.set_index("rule")
    for rule in ("nothing_recorded", "sudden_fall"):
        assert seen.loc[[rule], "found"].sum() == 1 and not seen.loc[[rule], "withheld"].any()


@pytest.mark.slow
def test_a_restricted_child_is_counted_and_not_listed(planted: Planted) -> None:
    """C2 is referred while a case is open, and has an enquiry without a day, which is rejected."""
    snapshot = planted(
        **more("cin_episodes", "R3,C2,2017-12-19,N1,6,N,,,T1,W1"),
        **more("contacts", "K3,C2,,6,", "K4,C1,,6,"),
        persons="C1,F,WBRI,2009-05-14,,,\nC2,M,MWBC,2011-02-28,,2017-12-20,Y",
    )
    assert found(snapshot, "referred_while_open") == 1
    told = rows(snapshot, "referred_while_open", scope=Scope.everything(), audience=MANAGER)
    assert told.rows.empty and told.reason == "1 of the 1 records found is not listed: restricted, or taken out since."
    assert found(snapshot, "value_missing") == 2
    assert len(listed(snapshot, "value_missing")) == 1


@pytest.mark.slow
def test_no_day_of_birth_is_kept_with_what_was_found(planted: Planted) -> None:
    """C1 died, and left a home, before the day of birth; C2 is still to be born."""
    snapshot = planted(
        persons="C1,F,WBRI,2010-02-28,,2010-02-27,\nC2,M,MWBC,2018-02-28,2018-02-28,,",
        addresses="A1,C1,HOME,2010-02-28,2010-02-27,EX31 1AA",
    )
    assert listed(snapshot, "closed_before_opened")["detail"].to_list() == [
        "address_end_date is before address_start_date",
        "death_date is before dob: read as not known",
    ]
    assert "02-28" not in snapshot.sql("from quality").to_csv()


@pytest.mark.slow
def test_what_the_rules_found_is_listed_with_the_ids_of_the_case_system(
    planted: Planted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside a row of the door, and of a restricted child too: the file is for who may read the records anyway."""
    snapshot = planted(
        **more("cin_episodes", "R3,C2,2017-12-19,N1,6,N,,,T9,W1"), persons="C1,F,WBRI,2009-05-14,,,\nC2,M,MWBC,2011-02-28,,2017-12-20,Y"
    )
    path = tmp_path / "snapshots" / snapshot.id / "findings.csv"
    assert path.stat().st_mode & 0o777 == 0o600
    written = pd.read_csv(path, dtype="str", keep_default_na=False)
    assert ["departments", "", "", "T9", "Teams that the mapping file does not place (rule team_not_mapped)"] in written[
        ["table", "row", "child", "key", "reason"]
    ].to_numpy().tolist()
    again = written[written["reason"].str.contains("referred_while_open")]
    assert again[["table", "key", "child", "outcome"]].to_numpy().tolist() == [["cin_episodes", "R3", "C2", "kept"]]
    at_the_door = written[written["reason"].str.contains("departments.csv", regex=False)]
    assert at_the_door[["row", "key", "child"]].to_numpy().tolist() == [["4", "R3", "C2"]]
    assert main(["check", "--rule", "referred_while_open", "--data", str(tmp_path)]) == 0
    assert str(path) in capsys.readouterr().out


@settings(max_examples=15)
@given(st.lists(st.sampled_from([(table, row) for _, _, table, row, _ in BREAKING]), max_size=4))
@pytest.mark.slow
def test_whatever_is_wrong_every_row_is_kept_or_rejected_and_has_a_rule(faults: list[tuple[str, str]]) -> None:
    checked = check(good(AS_AT, **with_faults(faults)))
    assert (checked.counts["read"] == checked.counts["kept"] + checked.counts["rejected"]).all()
    assert all(rule_of(finding) in AT_THE_DOOR for finding in checked.findings)


@pytest.mark.slow
def test_a_rule_that_needs_what_is_not_there_is_not_run(tmp_path: Path) -> None:
    given_ = small_county()
    load(replace(given_, tables={name: raw for name, raw in given_.tables.items() if name != "addresses"}), tmp_path, quiet)
    run = set(summary(open_current(tmp_path), audience=MANAGER).rules["rule"])
    assert not run & {rule.id for rule in OF_THE_RECORDS if "addresses" in rule.needs}
    assert {rule.id for rule in AT_THE_DOOR} <= run


def test_every_rule_says_what_it_means_and_touches_something() -> None:
    for rule in RULES.values():
        assert rule.title and rule.means.endswith((".", "?")) and bool(rule.said) != bool(rule.sql)
        assert set(rule.indicators) <= set(INDICATORS) and set(rule.needs) <= set(TABLES)
    for rule in OF_THE_RECORDS:
        assert any(rule.touches(name) for name in TABLES)


def test_the_command_says_it_in_every_format(small_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: str) -> tuple[int, str, str]:
        code = main(["check", *words, "--data", str(small_data)])
        told = capsys.readouterr()
        return code, told.out, told.err

    code, out, _ = run()
    assert code == 0 and "read = kept + rejected + not used" in out and "postcode_malformed" in out
    code, out, _ = run("--format", "json")
    both = json.loads(out)
    every = both["rules"]
    assert {row["table"]: row["rejected"] for row in both["counts"]}["contacts"] == 0
    assert all(row["read"] == row["kept"] + row["rejected"] + row["not_used"] for row in both["counts"])
    assert {row["rule"] for row in every} <= set(RULES) and all(row["found"] <= row["checked"] for row in every if row["checked"])
    code, out, _ = run("--rule", "postcode_malformed", "--format", "csv")
    assert code == 0 and out.splitlines()[0] == "table,record,child,team,day,detail" and len(out.splitlines()) == 2
    assert run("--rule", "nope")[0] == 2
    code, out, _ = run("--counts", "--format", "csv")
    heading, *lines = out.splitlines()
    assert code == 0 and heading == "table,source,read,kept,rejected,not_used" and "persons,small county,12,12,0,0" in lines


@pytest.mark.slow
def test_a_share_is_rounded_as_elsewhere(planted: Planted, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One of the three enquiries read has no day."""
    planted(**more("contacts", "K3,C1,,6,"))
    assert main(["check", "--format", "csv", "--data", str(tmp_path)]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("value_missing")]
    assert ",3,1,33.3," in line


def test_every_table_is_brought_by_some_source() -> None:
    assert set(BROUGHT_BY) == set(TABLES)
    for name, kinds in BROUGHT_BY.items():
        assert set(kinds) <= set(SOURCES) and kinds[-1] == "csv"
        assert "They come with" in what_brings(name)
