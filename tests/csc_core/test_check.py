"""The door: each rule by one row that breaks it and one that just does not, then any corruption at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_core.check import Checked, check
from csc_core.tables import TABLES, Finding, RawTable, Records, Unusable
from tests.csc_core.door import AS_AT, GOOD, good, holds, records


def changed(table: str, column: str, value: str, row: int = 2, *, whole: bool = False) -> Records:
    """The good records with one cell changed: of other tables those that must be there and those that the row may name, or the whole."""
    named = {"persons", "cin_episodes", table}
    while more := {c.refers_to for name in named for c in TABLES[name].columns if c.refers_to} - named:
        named |= more
    tables = {name: raw for name, raw in good().items() if whole or name in named or table == "persons"}
    tables[table].rows.loc[row, column] = value
    return Records(tables, "test", synthetic=True, as_at=AS_AT)


def keys(checked: Checked, table: str) -> list[str]:
    return list(checked.frames[table][TABLES[table].key])


def test_good_records_pass_whole() -> None:
    checked = check(records())
    assert checked.findings == ()
    written = [len(GOOD[name].splitlines()) for name in TABLES]
    assert checked.counts.to_dict("list") == {
        "table": list(TABLES), "read": written, "kept": written, "rejected": [0] * len(TABLES), "not_used": [0] * len(TABLES),
        "source": ["test"] * len(TABLES),
    }  # fmt: skip
    assert checked.supplied == frozenset(TABLES)
    assert checked.as_at == AS_AT
    holds(records(), checked)


def test_values_are_typed() -> None:
    frames = check(records()).frames
    assert frames["persons"].loc[3].to_dict() == {
        "person_id": "C2",
        "sex": "M",
        "ethnicity": "MWBC",
        "dob": pd.Timestamp(2011, 2, 28),
        "expected_dob": pd.NaT,
        "death_date": pd.Timestamp(2017, 12, 20),
        "restricted": "N",
    }
    assert frames["professionals"]["full_time_equivalency"].to_list() == [0.8, 1.0]
    assert pd.isna(frames["contacts"]["contact_outcome"].loc[3])


@pytest.mark.parametrize("supplied", [True, False])
def test_every_declared_column_has_its_type_with_rows_and_without(*, supplied: bool) -> None:
    faulty = records()
    if not supplied:
        faulty = replace(faulty, tables={name: faulty.tables[name] for name in ("persons", "cin_episodes")})
    kinds = {"id": "str", "text": "str", "code": "str", "date": "datetime64[s]", "number": "float64"}
    for name, frame in check(faulty).frames.items():
        assert {column: str(dtype) for column, dtype in frame.dtypes.items()} == {c.name: kinds[c.kind] for c in TABLES[name].columns}


LONG = "x" * 4_000

REJECTED = [
    ("cin_episodes", "referral_date", "29/02/2017", "calendar", "2017 had no 29 February"),
    ("cin_episodes", "referral_date", "2017-13-01", "calendar", "no thirteenth month"),
    ("cin_episodes", "referral_date", "12/31/2017", "calendar", "American order is not guessed"),
    ("cin_episodes", "referral_date", "2017-12-05 24:01", "not a date", "a time that is none makes the whole doubtful"),
    ("cin_episodes", "referral_date", "05/12/17", "not a date", "a year of two figures is not guessed"),
    ("cin_episodes", "referral_date", "43074", "not a date", "a day as Excel numbers it"),
    ("cin_episodes", "referral_date", "today", "not a date", "pandas would read today's date"),
    ("cin_episodes", "referral_date", "２０１７-12-05", "not a date", "figures of another script, which pandas would read"),
    ("cin_episodes", "referral_date", "1753-01-01", "before 1900", "a database's earliest day, standing for none"),
    ("cin_episodes", "referral_date", "", "required", "a referral without a day cannot be counted"),
    ("cin_episodes", "referral_date", " \xa0", "required", "spaces are nothing"),
    ("cin_episodes", "referral_date", "2018-01-01", "after 2017-12-31", "not made yet when the records were taken"),
    ("cin_episodes", "close_date", "2017-12-04", "before referral_date", "closed before it began"),
    ("cin_episodes", "close_date", "1753-01-01", "before 1900", "said once, not also to be before the referral"),
    ("cin_episodes", "close_date", LONG + "x", "longer than 4,000", "said once, not also to be no date"),
    ("cin_episodes", "close_date", "NULL", "not a date", "an unreadable end would leave the case open"),
    ("cin_assessments", "assessment_auth_date", "2018-01-01", "after 2017-12-31", "nothing is authorised in advance"),
    ("cin_episodes", "person_id", "C9", "not in persons.csv", "no such child"),
    ("cin_episodes", "person_id", "c1", "not in persons.csv", "ids are not matched by another case"),
    ("involvements", "professional_team", "", "required", "an involvement is there for its team"),
    ("professionals", "full_time_equivalency", "full", "not a number", "a word"),
    ("professionals", "full_time_equivalency", "nan", "not a number", "a word to people, something to Python"),
    ("professionals", "full_time_equivalency", "37.5", "between 0 and 1", "hours, not a share of full time"),
    ("professionals", "full_time_equivalency", "inf", "between 0 and 1", "a number to Python alone"),
    ("departments", "team_name", LONG + "x", "longer than 4,000", "no name is that long"),
    ("departments", "team_name", "Exe\x00ter", "cannot be read", "a damaged file"),
    ("persons", "person_id", "C\ufffd", "cannot be read", "two such ids could be one"),
    ("persons", "sex", "F\nC7,M", "line break", "a lost quotation mark has swallowed a row"),
]


@pytest.mark.parametrize(("table", "column", "value", "reason"), [case[:4] for case in REJECTED], ids=[case[4] for case in REJECTED])
def test_a_row_that_would_change_a_count_is_rejected(table: str, column: str, value: str, reason: str) -> None:
    faulty = changed(table, column, value)
    checked = check(faulty)
    assert 2 not in checked.frames[table].index
    assert 3 in checked.frames[table].index
    mine = [finding for finding in checked.findings if (finding.table, finding.row) == (table, 2)]
    assert [(finding.file, finding.column, finding.outcome) for finding in mine] == [(TABLES[table].file, column, "rejected")]
    assert reason in mine[0].reason
    assert len(mine[0].value) <= 80
    holds(faulty, checked)


NOTED = [
    ("persons", "sex", "Z", None, "not known", "no such code"),
    ("cin_episodes", "referral_source_code", "6.0", None, "not known", "a code that went through a spreadsheet as a number"),
    ("departments", "team_locality", "cornwall", None, "not known", "not one of the county's localities"),
    ("persons", "restricted", "Restricted", "Y", "read as Y", "no clear no: must not be shown by place"),
    ("addresses", "address_type", "SAFE HOUSE", "OTHER", "OTHER", "may be a refuge: must not be taken for a home"),
    ("persons", "dob", "31/02/2009", None, "calendar: read as not known", "the child stays, or all its referrals would go"),
    ("persons", "dob", "2018-01-01", None, "after 2017-12-31", "a birth still to come belongs in expected_dob"),
    ("persons", "expected_dob", "in spring", None, "not a date", "the child stays"),
    ("persons", "death_date", "2009-05-13", None, "before dob: read as not known", "died before birth: which one is wrong is not known"),
    ("departments", "valid_to", "2014-03-31", None, "before valid_from: read as not known", "the team stays, with its referrals"),
    ("cin_episodes", "referral_team", "T9", "T9", "not in departments.csv", "a team the mapping file lacks"),
    ("cin_episodes", "referral_worker_id", "W9", "W9", "not in professionals.csv", "a worker who left"),
    ("cin_assessments", "referral_id", "R9", "R9", "not in cin_episodes.csv", "a referral before the extract begins"),
    ("assessment_factors", "assessment_factor", "8A", None, "not known", "a factor that never was"),
    ("assessment_factors", "assessment_factor", "", None, "empty: read as not known", "a null in a list of factors"),
    ("assessment_factors", "assessment_factor", "21", "21", "beside others", "none identified, and another of the same assessment"),
    ("assessment_factors", "assessment_id", "S9", "S9", "not in cin_assessments.csv", "an assessment that was not loaded"),
]


@pytest.mark.parametrize(
    ("table", "column", "value", "read_as", "reason"), [case[:5] for case in NOTED], ids=[f"{case[1]}: {case[5]}" for case in NOTED]
)
def test_a_row_that_can_be_counted_is_kept_and_said_so(table: str, column: str, value: str, read_as: str | None, reason: str) -> None:
    faulty = changed(table, column, value)
    checked = check(faulty)
    assert [(f.table, f.row, f.column, f.value, f.outcome) for f in checked.findings] == [(table, 2, column, value, "kept")]
    assert reason in checked.findings[0].reason
    read = checked.frames[table][column].loc[2]
    assert pd.isna(read) if read_as is None else read == read_as
    holds(faulty, checked)


FINE = [
    ("cin_episodes", "referral_date", "05/12/2017", pd.Timestamp(2017, 12, 5), "as the UK writes it"),
    ("cin_episodes", "referral_date", "5/2/2017", pd.Timestamp(2017, 2, 5), "without noughts"),
    ("cin_episodes", "referral_date", "\xa02017-12-05 ", pd.Timestamp(2017, 12, 5), "spaces around it"),
    ("cin_episodes", "referral_date", "2017-12-05 23:59:59.999", pd.Timestamp(2017, 12, 5), "a time is not rounded up"),
    ("cin_episodes", "referral_date", "2017-12-05T09:30:00Z", pd.Timestamp(2017, 12, 5), "as programs write it"),
    ("cin_episodes", "referral_date", "05/12/2017 00:00", pd.Timestamp(2017, 12, 5), "as Excel writes it"),
    ("cin_episodes", "referral_date", "2017-12-31", pd.Timestamp(2017, 12, 31), "the as-at day itself"),
    ("addresses", "address_start_date", "29/02/2016", pd.Timestamp(2016, 2, 29), "a leap year"),
    ("cin_episodes", "close_date", "2017-12-05", pd.Timestamp(2017, 12, 5), "closed on the day it began"),
    ("cin_episodes", "close_date", "2018-02-01", pd.Timestamp(2018, 2, 1), "a closure planned"),
    ("cin_episodes", "close_date", "9999-12-31", pd.Timestamp("9999-12-31"), "how some systems write: open"),
    ("cin_episodes", "cin_primary_need_code", "n1 ", "N1", "a code in small letters"),
    ("departments", "team_locality", "COUNTY", "county", "a code in capitals"),
    ("persons", "restricted", "true", "Y", "yes, as a program says it"),
    ("persons", "restricted", "1", "Y", "yes, as a database says it"),
    ("persons", "restricted", "Yes", "Y", "yes, in full"),
    ("persons", "restricted", "No", "N", "no, in full"),
    ("persons", "restricted", "FALSE", "N", "no, as a program says it"),
    ("persons", "restricted", "0", "N", "no, as a database says it"),
    ("contacts", "contact_id", " K1 ", "K1", "spaces around an id"),
    ("departments", "team_name", LONG, LONG, "the longest there can be"),
    ("departments", "team_name", "Exeter\nand Mid Devon", "Exeter\nand Mid Devon", "text may run over two lines"),
    ("professionals", "full_time_equivalency", "1.0", 1.0, "the most there can be"),
]


@pytest.mark.parametrize(
    ("table", "column", "value", "read_as"), [case[:4] for case in FINE], ids=[f"{case[1]}: {case[4]}" for case in FINE]
)
def test_a_value_that_is_right_passes_unsaid(table: str, column: str, value: str, read_as: object) -> None:
    checked = check(changed(table, column, value))
    assert [finding for finding in checked.findings if finding.table == table] == []
    assert checked.frames[table].loc[2, column] == read_as


def test_what_is_said_of_a_date_repeats_no_other_date() -> None:
    faulty = records(
        persons="C1,F,WBRI,2010-02-28,,2010-02-27,\nC2,M,MWBC,2011-02-28,,,", addresses="A1,C1,HOME,2010-02-28,2010-02-27,EX31 1AA"
    )
    assert [(f.column, f.reason) for f in check(faulty).findings] == [
        ("death_date", "is before dob: read as not known"),
        ("address_end_date", "is before address_start_date"),
    ]


def test_each_finding_knows_the_child_whose_row_it_is() -> None:
    """Also of a row rejected, and of one that hangs on a row rejected; a post is nobody's, and so is what hangs on nothing."""
    faulty = records(
        contacts="K3,C9,2017-12-05,6,",
        cin_assessments="S1,C1,,none,,,,T1,\nS2,C2,R2,2017-11-21,2017-12-19,CLOSED,Y,T2,W2",
        assessment_factors="F1,S1,3B\nF2,S2,\nF3,S9,3B",
        posts="P1,T1,STAFF,x,,2016-04-01,",
    )
    assert [(f.key, f.child) for f in check(faulty).findings] == [
        ("K3", "C9"), ("S1", "C1"), ("F1", "C1"), ("F2", "C2"), ("F3", ""), ("P1", "")
    ]  # fmt: skip


def test_the_first_row_of_a_key_stays() -> None:
    faulty = records(contacts="K1,C1,2017-12-04,6,\nK1,C1,2017-12-04,6,\nK1,C2,2017-12-05,6,\nK2,C2,2017-12-05,6,")
    checked = check(faulty)
    assert list(checked.frames["contacts"].index) == [2, 5]
    assert [(f.row, f.column, f.value, f.reason) for f in checked.findings] == [
        (3, "contact_id", "K1", "repeats the key of row 2"),
        (4, "contact_id", "K1", "repeats the key of row 2"),
    ]
    holds(faulty, checked)


def test_a_good_copy_is_not_lost_to_a_bad_one() -> None:
    checked = check(records(contacts="K1,C1,04-12-2017,6,\nK1,C1,2017-12-04,6,"))
    assert list(checked.frames["contacts"].index) == [3]
    assert [(f.row, f.column) for f in checked.findings] == [(2, "contact_date")]


def test_ids_differing_by_case_are_two() -> None:
    assert keys(check(records(contacts="K1,C1,2017-12-04,6,\nk1,C1,2017-12-04,6,")), "contacts") == ["K1", "k1"]


def test_with_a_child_go_its_records() -> None:
    faulty = records(persons="C1,F,WBRI,2009-05-14,,\nC1,F,WBRI,2009-05-14,,\n,M,WBRI,2011-02-28,,")
    checked = check(faulty)
    assert keys(checked, "persons") == ["C1"]
    assert keys(checked, "cin_episodes") == ["R1"]
    assert keys(checked, "addresses") == ["A1", "A2"]
    holds(faulty, checked)


def test_with_no_child_left_nothing_is() -> None:
    broken = Finding("persons.csv", "persons", 2, "(whole row)", "C1", "has not 6 fields like the heading, but 1", "rejected")
    persons = RawTable("persons", "persons.csv", good()["persons"].rows[:0], (broken,))
    faulty = Records({**good(), "persons": persons}, "test", synthetic=True)
    checked = check(faulty)
    assert checked.frames["cin_episodes"].empty
    holds(faulty, checked)


def test_a_reference_is_to_a_row_kept() -> None:
    checked = check(changed("cin_episodes", "referral_date", "no day", whole=True))
    noted = {(f.table, f.column, f.value) for f in checked.findings if f.outcome == "kept"}
    assert noted == {("involvements", "referral_id", "R1")}


def test_a_table_not_supplied_is_not_held_against_every_row() -> None:
    faulty = records()
    faulty = replace(faulty, tables={n: t for n, t in faulty.tables.items() if n not in ("departments", "professionals")})
    checked = check(faulty)
    assert checked.findings == ()
    assert checked.supplied == frozenset(TABLES) - {"departments", "professionals"}
    assert checked.counts.set_index("table").T["departments"].to_list() == [0, 0, 0, 0, "not supplied"]


def test_all_faults_of_a_row_are_listed_and_the_row_counted_once() -> None:
    faulty = records(cin_episodes="R1,C9,soon,N99,6,N,,,T1,W1\nR2,C2,2017-11-20,N4,1A,N,RC8,2017-12-20,T2,W2")
    checked = check(faulty)
    mine = [(f.column, f.outcome) for f in checked.findings if f.table == "cin_episodes"]
    assert sorted(mine) == [("person_id", "rejected"), ("referral_date", "rejected")]  # N99 is not kept, so it is not listed as kept
    holds(faulty, checked)


def test_rows_that_could_not_be_split_count_as_rejected() -> None:
    broken = Finding("contacts.csv", "contacts", 3, "(whole row)", "K9", "has 2 fields where the heading has 5", "rejected")
    tables = good()
    rows = tables["contacts"].rows.set_axis(pd.Index([2, 4]))
    faulty = Records({**tables, "contacts": RawTable("contacts", "contacts.csv", rows, (broken,))}, "test", synthetic=True)
    checked = check(faulty)
    assert checked.findings == (broken,)
    assert checked.counts.set_index("table").T["contacts"].to_list() == [3, 2, 1, 0, "test"]
    holds(faulty, checked)


def test_findings_come_by_table_and_row() -> None:
    checked = check(records(contacts="K1,C9,2017-12-04,6,\nK2,C2,2017-12-04,Q,\nK3,C1,x,6,", persons="C1,Z,,,,\nC2,Y,,,,"))
    assert [(f.table, f.row) for f in checked.findings] == [
        ("persons", 2),
        ("persons", 3),
        ("contacts", 2),
        ("contacts", 3),
        ("contacts", 4),
    ]


def test_without_as_at_the_latest_event_gives_it() -> None:
    checked = check(records(as_at=None))
    assert checked.findings == ()
    assert checked.as_at == datetime(2017, 12, 19)  # S2 was authorised; closures may be plans, C2's death is no event of the service


def test_without_as_at_only_days_still_to_come_are_refused() -> None:
    yesterday, later = date.today() - timedelta(days=1), date.today() + timedelta(days=2)
    faulty = records(as_at=None, contacts=f"K1,C1,{later},6,\nK2,C1,{yesterday},6,")
    checked = check(faulty)
    assert keys(checked, "contacts") == ["K2"]
    assert [f.reason for f in checked.findings] == ["is still to come"]
    assert checked.as_at == datetime.combine(yesterday, datetime.min.time())


def test_without_any_event_there_is_no_as_at() -> None:
    nothing = dict.fromkeys((name for name in GOOD if name not in ("persons", "cin_episodes")), "")
    checked = check(records(as_at=None, cin_episodes="R1,C1,never,,,,,,,", **nothing))
    assert checked.as_at is None


@pytest.mark.parametrize(
    ("name", "without"), [("persons", "nothing can be counted"), ("cin_episodes", "referrals and open cases cannot be counted")]
)
def test_without_a_required_table_nothing_is_checked(name: str, without: str) -> None:
    faulty = records()
    with pytest.raises(Unusable, match=f"have no {name}, and without them {without}"):
        check(replace(faulty, tables={n: t for n, t in faulty.tables.items() if n not in (name, "cla_episodes")}))


def test_episodes_of_care_do_without_referrals() -> None:
    faulty = records()
    checked = check(replace(faulty, tables={n: t for n, t in faulty.tables.items() if n != "cin_episodes"}))
    assert (len(checked.frames["cin_episodes"]), len(checked.frames["cla_episodes"])) == (0, 2)


def test_progress_is_told_in_the_words_of_the_service() -> None:
    told: list[tuple[str, float]] = []
    check(records(), lambda what, share: told.append((what, share)))
    assert "Checked referrals" in [what for what, _ in told]
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


NASTY = ["", " ", "\x00", "\ufffd", "\n", "C1\x1c", "\u200bC1", "x" * 5_000, "C1", "C2", "R1", "T1", "N1", "HOME", "-1", "1e9"]
NASTY += ["2017-12-05", "05/12/2017", "2018-06-01", "29/02/2017", "9999-12-31", "now"]
CELLS = [(table.name, column.name) for table in TABLES.values() for column in table.columns]


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    edits=st.lists(
        st.tuples(st.sampled_from(CELLS), st.integers(2, 4), st.one_of(st.sampled_from(NASTY), st.text(max_size=12))), max_size=12
    ),
    gone=st.sets(st.sampled_from([name for name, table in TABLES.items() if not table.required]), max_size=2),
    as_at=st.sampled_from([AS_AT, None]),
)
def test_no_corruption_of_cells_loses_a_row(edits: list[tuple[tuple[str, str], int, str]], gone: set[str], as_at: datetime | None) -> None:
    tables = {name: table for name, table in good().items() if name not in gone}
    for (name, column), row, value in edits:
        if name in tables and row in tables[name].rows.index:
            tables[name].rows.loc[row, column] = value
    faulty = Records(tables, "test", synthetic=True, as_at=as_at)
    holds(faulty, check(faulty))
