"""Several sources in one load: children united by id, every other table from the last source that has it, and both said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from csc_core import sources
from csc_core.access import Scope
from csc_core.check import check
from csc_core.disclosure import Audience
from csc_core.load import load
from csc_core.periods import parse
from csc_core.quality import summary
from csc_core.query import query
from csc_core.snapshot import open_current
from csc_core.sources import csv
from csc_core.tables import TABLES, Finding, Records, Unusable, quiet
from csc_core.together import together
from tests.csc_core.door import GOOD, holds, raw

CASES, CARE = datetime(2017, 12, 31, 18, 0), datetime(2017, 3, 31)


def part(source: str, as_at: datetime | None, **texts: str) -> Records:
    return Records({name: raw(name, text) for name, text in texts.items()}, source, synthetic=True, as_at=as_at)


def cases() -> Records:
    """A case system: two children, a referral each, episodes of care."""
    return part("cases here", CASES, persons=GOOD["persons"], cin_episodes=GOOD["cin_episodes"], cla_episodes=GOOD["cla_episodes"])


def care() -> Records:
    """A return of looked-after children: C2, whose ethnicity it knows otherwise and whose death it does not know, and C3."""
    return part(
        "care there",
        CARE,
        persons="C2,M,BAFR,2011-03-01,,\nC3,F,WIRI,2012-01-01,,",
        cla_episodes="E9,C3,,2016-06-01,S,N1,,,,,,EX4 4QJ",
    )


OF_C1 = {"cin_episodes": raw("cin_episodes", "R1,C1,2017-01-02,,,,,,,")}


def children(*parts: Records) -> dict[str, list[str]]:
    """Who is there once several sources are checked and united, as text."""
    frame = check(together(parts)).frames["persons"].set_index("person_id")
    return {str(id): ["" if pd.isna(cell) else str(cell).removesuffix(" 00:00:00") for cell in row] for id, row in frame.T.items()}


def test_children_are_united_and_what_the_later_source_fills_holds() -> None:
    assert children(cases(), care()) == {
        "C1": ["F", "WBRI", "2009-05-14", "", "", ""],
        "C2": ["M", "BAFR", "2011-03-01", "", "2017-12-20", "N"],
        "C3": ["F", "WIRI", "2012-01-01", "", "", ""],
    }
    assert children(care(), cases())["C2"] == ["M", "MWBC", "2011-02-28", "", "2017-12-20", "N"]


def test_each_source_has_its_own_count_of_children_and_its_own_file_in_what_is_found() -> None:
    """Five rows and two are six rows kept, one rejected, and five children; what one source has wrong the other may still know."""
    first = part("cases here", CASES, persons="C1,F,,,,,\nC2,F,,,,,\nC3,F,ZZ,,,,\nC4,F,,,,,\nC1,M,,,,,")
    other = part("care there", CARE, persons="C2,M,,2011-03-01,,\nC5,M,,2019-01-01,,", cla_episodes="E9,C2,,2016-06-01,S,,,,,,,")
    named = replace(other.tables["persons"], file="header.csv")
    both = together([first, replace(other, tables={**other.tables, "persons": named})])
    checked = check(replace(both, tables={**both.tables, "cin_episodes": raw("cin_episodes", "R1,C9,2017-01-01,,,,,,,")}))
    counts = checked.counts[checked.counts["table"] == "persons"].to_numpy().tolist()
    assert counts == [["persons", 5, 4, 1, 0, "cases here"], ["persons", 2, 2, 0, 0, "care there"]]
    assert checked.frames["persons"]["person_id"].to_list() == ["C1", "C2", "C3", "C4", "C5"]
    assert checked.frames["persons"]["sex"].to_list() == ["F", "M", "F", "F", "M"]
    found = [(one.file, one.row, one.column, one.key, one.outcome) for one in checked.findings if one.table == "persons"]
    assert found == [
        ("persons.csv", 4, "ethnicity", "C3", "kept"),
        ("persons.csv", 6, "person_id", "C1", "rejected"),
        ("header.csv", 3, "dob", "C5", "kept"),  # after the return's own day
    ]
    (referral,) = [one.reason for one in checked.findings if one.table == "cin_episodes"]
    assert referral == "is not in persons.csv or header.csv, or was rejected there"


def test_a_table_of_which_every_row_is_rejected_is_not_taken_for_one_without_events(tmp_path: Path) -> None:
    """No enquiry can be read: that is a reason, not 0 enquiries."""
    records = part("cases here", CASES, persons="C1,F,,,,,", cin_episodes="R1,C1,2017-01-02,,,,,,,", contacts="K1,C1,,6,\nK2,C1,,6,")
    checked = check(records)
    assert checked.supplied == {"persons", "cin_episodes"}
    load(replace(records, complete_from=date(2017, 1, 1)), tmp_path, quiet)
    snapshot = open_current(tmp_path)
    (row,) = query(snapshot, "enquiries", scope=Scope.everything(), period=parse("2017-02", CASES.date())).to_dict("records")
    assert pd.isna(row["numerator"])
    assert row["reason"] == "All 2 rows of the contacts table were rejected (see Data quality), so enquiries cannot be counted."
    read = summary(snapshot, audience=Audience.MANAGER).read.set_index("table")[["read", "kept", "rejected"]]
    assert list(read.loc["contacts"]) == [2, 0, 2]


def test_who_is_restricted_in_one_source_is_restricted() -> None:
    first = part("cases here", CASES, persons="C1,F,,,,,Y\nC2,F,,,,,N\nC3,F,,,,,by order")
    other = part("care there", CARE, persons="C1,F,,,,,N\nC2,F,,,,,false\nC3,F,,,,,0\nC4,F,,,,,")
    for both in (together([first, other]), together([other, first])):
        restricted = check(replace(both, tables={**both.tables, **OF_C1})).frames["persons"].set_index("person_id")["restricted"]
        assert restricted[["C1", "C2", "C3"]].to_list() == ["Y", "N", "Y"] and pd.isna(restricted["C4"])


def test_any_other_table_is_whole_from_the_last_that_has_it() -> None:
    both = together([cases(), care()])
    assert both.tables["cla_episodes"].rows["cla_episode_id"].to_list() == ["E9"]
    assert both.tables["cin_episodes"].rows["referral_id"].to_list() == ["R1", "R2"]
    said = "Episodes of care are taken from care there (1 row) and not from cases here (2 rows); 0 children are in both."
    assert said in both.notes
    assert [one.name for one in both.taken_from("cla_episodes")] == ["care there"]
    assert [one.name for one in both.taken_from("persons")] == ["cases here", "care there"]
    assert both.taken_from("posts") == ()


def test_rows_that_are_not_used_are_counted_where_they_came_from(tmp_path: Path) -> None:
    """Two episodes of care and one that cannot be split, in whose place the return's one is taken."""
    first, unsplit = cases(), Finding("cla_episodes.csv", "cla_episodes", 4, "(whole row)", "E3", "has 2 fields", "rejected", "E3")
    broken = replace(first.tables["cla_episodes"], broken=(unsplit,))
    both = together([replace(first, tables={**first.tables, "cla_episodes": broken}), care()])
    checked = check(both)
    counts = checked.counts[checked.counts["table"] == "cla_episodes"].to_numpy().tolist()
    assert counts == [["cla_episodes", 1, 1, 0, 0, "care there"], ["cla_episodes", 3, 0, 0, 3, "cases here"]]
    assert [one for one in checked.findings if one.table == "cla_episodes"] == []
    load(both, tmp_path, quiet)
    snapshot = open_current(tmp_path)
    read = summary(snapshot, audience=Audience.MANAGER).read.query("table == 'cla_episodes'")
    assert read[["source", "read", "not_used"]].to_numpy().tolist() == [["care there", 1, 0], ["cases here", 3, 3]]
    looked_at = snapshot.sql("select checked from quality_rule where rule = 'row_damaged'")
    assert set(looked_at["checked"]) == {int(checked.counts["kept"].sum() + checked.counts["rejected"].sum())}


def test_a_table_of_which_nothing_can_be_read_takes_the_place_of_none() -> None:
    empty = replace(raw("cin_episodes", ""), broken=raw_with_a_row_too_short())
    later = Records({"cin_episodes": empty}, "annex", synthetic=True)
    both = together([cases(), later])
    assert both.tables["cin_episodes"].rows["referral_id"].to_list() == ["R1", "R2"]
    assert "Referrals are taken from cases here (2 rows) and not from annex (0 rows); 0 children are in both." in both.notes


def raw_with_a_row_too_short() -> tuple[Finding, ...]:
    return (Finding("annex.xlsx, List 3", "cin_episodes", 2, "(whole row)", "", "cannot be read", "rejected"),)


def test_the_share_of_children_known_to_the_others_is_said() -> None:
    notes = together([cases(), care(), part("hr", None, professionals=GOOD["professionals"])]).notes
    assert "Of the 2 children of cases here, 1 (50.0%) are known to another source." in notes
    assert "Of the 2 children of care there, 1 (50.0%) are known to another source." in notes
    assert "hr names no child." in notes
    strangers = part("elsewhere", None, cla_visits="V1,,X1,2017-12-08,Y,Y")
    said = "None of the 1 children of elsewhere is known to another source: do both use the same ids?"
    assert said in together([cases(), strangers]).notes


def test_tables_that_no_source_has_are_named_once() -> None:
    notes = together([cases(), care()]).notes
    assert notes.count("No visits to looked-after children were supplied: visits cannot be counted.") == 1
    assert not any("No episodes of care" in note for note in notes)


def test_a_child_twice_in_one_source_or_without_an_id_is_rejected_and_none_is_lost() -> None:
    doubled = part("care there", CARE, persons="C2,F,,,,\nC2,M,,,,\n,F,,,,\n C1 ,,AIND,,,")
    both = together([cases(), doubled])
    checked = check(both)
    holds(both, checked)
    assert checked.frames["persons"].set_index("person_id")["sex"].to_dict() == {"C1": "F", "C2": "F"}
    assert checked.frames["persons"].set_index("person_id")["ethnicity"].to_dict() == {"C1": "AIND", "C2": "MWBC"}
    assert [(one.key, one.reason) for one in checked.findings if one.table == "persons"] == [
        ("C2", "repeats the key of row 2"),
        ("", "is required and empty"),
    ]


def test_each_source_is_held_to_its_own_as_at() -> None:
    late = part("care there", CARE, cla_episodes="E1,C1,,2017-03-31,S,,,,,,,\nE2,C1,,2017-04-01,P,,,,,,,")
    checked = check(together([cases(), late]))
    assert checked.frames["cla_episodes"]["cla_episode_id"].to_list() == ["E1"]
    assert len(checked.frames["cin_episodes"]) == 2  # in December, after the return was taken
    assert checked.as_at == CASES
    assert [one.as_at for one in checked.sources] == [CASES, CARE]


def test_a_source_that_does_not_know_its_as_at_has_that_of_its_latest_event() -> None:
    hr, names = part("hr", None, posts="P1,,STAFF,1,,2016-04-01,"), part("x", None, persons="C1,,,,,")
    checked = check(together([replace(cases(), as_at=None), hr, names]))
    assert [one.as_at for one in checked.sources] == [datetime(2017, 12, 6), datetime(2016, 4, 1), None]
    assert checked.as_at == datetime(2017, 12, 6)


def test_only_all_synthetic_is_synthetic() -> None:
    mixed = together([cases(), replace(care(), synthetic=False)])
    assert not mixed.synthetic
    assert "Only cases here is synthetic, so all of these records are taken for those of real people." in mixed.notes
    assert together([cases(), care()]).synthetic


def test_records_are_complete_from_the_latest_day_that_a_source_says() -> None:
    since = [replace(cases(), complete_from=date(2015, 4, 1)), replace(care(), complete_from=date(2016, 4, 1))]
    assert together(since).complete_from == date(2016, 4, 1)


def test_a_return_beside_the_cases_limits_its_own_tables_only() -> None:
    of_a_year = replace(care(), complete_from=date(2016, 4, 1), history=False)
    both = together([cases(), of_a_year])
    assert (both.complete_from, both.history) == (None, True)
    assert [one.begins for one in both.sources] == [None, date(2016, 4, 1)]
    alone = together([of_a_year])
    assert (alone.complete_from, alone.history) == (date(2016, 4, 1), False)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The case system with its own HR file beside it: a folder that holds nothing else."""
    csv.write(cases(), tmp_path / "cases")
    csv.write(part("hr", None, posts=GOOD["posts"], professionals=GOOD["professionals"]), tmp_path / "hr")
    (tmp_path / "hr" / "about.csv").unlink()
    return tmp_path / "cases", tmp_path / "hr"


@pytest.mark.slow
def test_a_folder_may_bring_only_what_another_source_lacks(folders: tuple[Path, Path], tmp_path: Path) -> None:
    records = sources.read([("csv", str(folders[0])), ("csv", str(folders[1]))], quiet, synthetic=True)
    assert not any(note.startswith("There is no") for note in records.notes)
    load(records, tmp_path / "data", quiet)
    opened = open_current(tmp_path / "data")
    counts = opened.counts.set_index("table")
    assert counts.loc[["cin_episodes", "posts", "cla_visits"], "source"].to_list() == [
        f"csv {folders[0]}",
        f"csv {folders[1]}",
        "not supplied",
    ]
    assert [(one.kind, one.where, one.as_at) for one in opened.sources] == [
        ("csv", str(folders[0]), CASES),
        ("csv", str(folders[1]), datetime(2017, 1, 1)),
    ]
    assert opened.synthetic and opened.as_at == CASES


def test_one_folder_is_as_it_was_alone(folders: tuple[Path, Path]) -> None:
    alone = sources.read([("csv", str(folders[0]))], quiet)
    assert (alone.source, alone.notes, alone.taken) == (f"csv {folders[0]}", csv.read(folders[0]).notes, ())
    with pytest.raises(Unusable, match=r"There is no persons\.csv"):
        sources.read([("csv", str(folders[1]))], quiet)


def test_a_folder_beside_another_source_must_hold_something(folders: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(Unusable, match="holds none of the files"):
        sources.read([("csv", str(folders[0])), ("csv", str(tmp_path / "empty"))], quiet)


def test_without_a_required_table_nothing_is_loaded(folders: tuple[Path, Path]) -> None:
    with pytest.raises(Unusable, match="have no persons"):
        check(sources.read([("csv", str(folders[1])), ("csv", str(folders[1]))], quiet))


def test_every_kind_on_the_command_line_is_a_module_that_reads() -> None:
    assert set(sources.SOURCES) <= set(sources.KINDS)
    assert "csv" in sources.SOURCES and "persons" in TABLES


@pytest.mark.slow
def test_of_the_time_after_its_year_a_return_says_nothing(tmp_path: Path) -> None:
    """The return of care goes up to March 2017, the cases to December: no child of it is looked after for ever."""
    statuses = {**care().tables, "legal_status": raw("legal_status", "G9,C3,C2,2016-06-01,")}
    returned = replace(care(), tables=statuses, as_at=datetime(2017, 3, 28), complete_from=date(2016, 4, 1), history=False)
    load(together([replace(cases(), complete_from=date(2016, 4, 1)), returned]), tmp_path, quiet)
    snapshot = open_current(tmp_path)

    def answer(id: str, period: str) -> tuple[object, object]:
        (row,) = query(snapshot, id, scope=Scope.everything(), period=parse(period, snapshot.as_at.date())).to_dict("records")
        return (None, row["reason"]) if pd.isna(row["numerator"]) else (row["numerator"], None)

    assert answer("looked_after", "2017-03-31") == (1, None)  # E9; the case system's own episodes are not used
    assert answer("looked_after", "2017-04-01") == (None, "Records of episodes of care end on 31 March 2017, before the period does.")
    assert answer("looked_after", "latest") == (None, "Records of episodes of care end on 31 March 2017, before the period does.")
    assert answer("referrals", "2017-12") == (1, None)
