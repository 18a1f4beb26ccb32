"""Two case systems as one series, small enough to be counted by hand. The later one took over on 1 October 2016."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from csc_core import pseudonyms
from csc_core.__main__ import main
from csc_core.access import Scope
from csc_core.check import Checked, check
from csc_core.continuity import History, joined, mapping
from csc_core.load import load
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot, kept, open_current, open_kept
from csc_core.sources import csv
from csc_core.tables import TABLES, RawTable, Records, Unusable, quiet
from csc_core.together import together as sources_together

CUT_OVER = date(2016, 10, 1)
COLUMNS = {
    "persons": "person_id sex dob",
    "addresses": "table_id person_id address_type address_start_date address_postcode",
    "cin_episodes": "referral_id person_id referral_date close_date referral_source_code close_reason",
    "cin_assessments": "assessment_id person_id referral_id assessment_start_date assessment_auth_date",
    "assessment_factors": "table_id assessment_id assessment_factor",
    "contacts": "contact_id person_id contact_date",
    "cla_episodes": "cla_episode_id person_id cla_placement_id cla_episode_start_date cla_episode_start_reason cla_episode_ceased_date "
    "cla_episode_ceased_reason cla_id",
    "cla_placements": "cla_placement_id person_id cla_id cla_placement_start_date cla_placement_type",
}
# Record 1 is another thing in each system.
EARLIER = {
    "persons": "A1 F 2010-01-01\nA2 M -\nA3 F 2012-03-03\nA5 M 2011-05-05",
    "cin_episodes": """
        1 A1 2016-05-01 2016-06-01 6 RC8   over before the cut-over
        2 A2 2016-08-01 -          6 -     open on the day
        3 A3 2016-09-30 -          6 -     open on the day, and not in the later system
        4 A1 2016-10-05 -          6 -     entered in both systems after the day
        5 A5 2016-02-01 2016-03-01 6 RC8   never came over""",
    "cin_assessments": "1 A2 2 2016-09-20 -\n2 A1 1 2016-05-02 2016-05-20",
    "assessment_factors": "1 2 4B",
    "contacts": "1 A1 2016-04-30\n2 A2 2016-10-01",
    "cla_episodes": "1 A1 1 2016-09-01 S - - 7",
    "cla_placements": "1 A1 7 2016-09-01 U6",
}
LATER = {
    "addresses": "1 106 HOME 2016-06-01 EX44QJ",
    "persons": "101 F 2010-01-01\n102 M 2009-09-09\n103 F -\n106 F 2015-01-01",
    "cin_episodes": """
        1 101 2016-05-01 2016-06-01 1A RC8  brought over: the first of the earlier system
        2 102 2016-08-01 2016-12-01 1A RC1  brought over open, and closed since
        3 101 2016-10-05 -          1A -
        4 103 2016-07-01 2016-07-15 1A RC8  brought over, and not in the earlier system
        5 102 2016-09-01 -          1A -    the same, and still open
        6 106 2017-01-10 -          1A -    a child that only the later system knows""",
    "cin_assessments": "1 102 2 2016-09-20 2016-10-20\n2 101 1 2016-05-02 2016-05-20",
    "assessment_factors": "1 1 3B\n2 2 4B\n3 2 3A",
    "contacts": "1 101 2016-09-15\n2 106 2017-01-09",
    "cla_episodes": "1 101 1 2016-09-01 S 2016-11-01 X1 9\n2 101 2 2016-11-01 P - - 9",
    "cla_placements": "1 101 9 2016-09-01 U6\n2 101 9 2016-11-01 K2",
}
SAME = {"A1": "101", "A2": "102", "A3": "103"}


def records(texts: Mapping[str, str], source: str) -> Records:
    tables = {}
    for name, text in texts.items():
        columns = COLUMNS[name].split()
        cells = [["" if cell == "-" else cell for cell in line.split()[: len(columns)]] for line in text.strip().splitlines()]
        rows = pd.DataFrame(cells, columns=columns, dtype="str").reindex(columns=[c.name for c in TABLES[name].columns], fill_value="")
        tables[name] = RawTable(name, f"{name}.csv", rows.set_axis(pd.RangeIndex(2, len(rows) + 2)))
    return Records(tables, source, synthetic=True, as_at=datetime(2017, 1, 31, 12) if texts is LATER else datetime(2016, 10, 20))


def one_series(same: Mapping[str, str] = SAME) -> tuple[Checked, tuple[str, ...]]:
    before, after = records(EARLIER, "csv history"), records(LATER, "ssd now")
    return joined(History(before, same, CUT_OVER), check(before), check(after))


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    data = tmp_path_factory.mktemp("series")
    load(records(LATER, "ssd now"), data, quiet, history=History(records(EARLIER, "csv history"), SAME, CUT_OVER))
    return open_current(data)


def counted(series: Snapshot, indicator: str, period: str) -> float:
    return float(query(series, indicator, scope=Scope.everything(), period=parse(period, series.as_at.date()))["numerator"].item())


def test_no_referral_counts_twice_and_none_is_lost(series: Snapshot) -> None:
    months = {"2016-02": 1, "2016-05": 1, "2016-07": 0, "2016-08": 1, "2016-09": 2, "2016-10": 1, "2016-12": 0, "2017-01": 1}
    assert {month: counted(series, "referrals", month) for month in months} == months
    assert series.sql("select count(*) as n from referral")["n"].item() == 7


def test_a_case_open_on_the_day_goes_on_and_ends_as_the_later_system_has_it(series: Snapshot) -> None:
    # A2: one case of August, closed in December, and one of September; A3; A1 from 5 October
    assert {day: counted(series, "open_cases", day) for day in ("2016-09-30", "2016-10-31", "2016-12-31", "2017-01-31")} == {
        "2016-09-30": 2, "2016-10-31": 3, "2016-12-31": 3, "2017-01-31": 4,
    }  # fmt: skip
    frame = one_series()[0].frames["cin_episodes"].set_index("referral_id")
    case = frame.loc["history 2"]
    assert (str(case["close_date"].date()), case["close_reason"], case["person_id"]) == ("2016-12-01", "RC1", "102")
    assert case["referral_source_code"] == "6"  # what it began with is the earlier system's to say


@pytest.mark.slow
def test_a_child_is_the_same_across_the_systems(series: Snapshot) -> None:
    found = series.sql("select date, re_referral from referral order by date")
    # A1 in May and October, A2 in August and September
    assert found.loc[found["re_referral"], "date"].dt.strftime("%Y-%m-%d").to_list() == ["2016-09-01", "2016-10-05"]
    (row,) = one_series()[0].frames["persons"].query("person_id == '102'").to_dict("records")
    assert str(row["dob"].date()) == "2009-09-09" and len(one_series()[0].frames["persons"]) == 5


def test_an_assessment_under_way_on_the_day_is_one_with_the_factors_of_the_system_that_ended_it(series: Snapshot) -> None:
    assert counted(series, "assessments_completed", "2016-10") == 1 and counted(series, "assessments_completed", "2016-05") == 1
    found = series.sql("select date, factor, referral_source, working_days from assessment_factor order by date, factor")
    assert found["factor"].to_list() == ["4B", "3B"]  # of May the earlier system's alone: 3A came with the later one's copy
    assert found["referral_source"].to_list() == ["6", "6"]  # of the referral that is counted
    assert found["working_days"].to_list()[1] == 22


def test_events_without_an_end_belong_to_the_system_of_their_day(series: Snapshot) -> None:
    """A1 on 30 April by the earlier system, 106 in January by the later; each system's copy of the other's time is left out."""
    assert series.sql("select date from enquiry order by 1")["date"].dt.strftime("%Y-%m-%d").to_list() == ["2016-04-30", "2017-01-09"]


def test_a_period_of_care_over_the_day_is_one(series: Snapshot) -> None:
    frame = one_series()[0].frames["cla_episodes"]
    assert frame[["cla_id", "cla_placement_id"]].to_numpy().tolist() == [["history 7", "history 1"], ["history 7", "2"]]
    for day in ("2016-09-30", "2016-10-31", "2017-01-31"):
        found = series.sql(f"select entered from looked_after where start_date <= '{day}' and coalesce(end_date > '{day}', true)")  # noqa: S608
        assert found["entered"].dt.strftime("%Y-%m-%d").to_list() == ["2016-09-01"]


def test_rows_that_are_not_used_stay_so_beside_a_history() -> None:
    before, now = records(EARLIER, "csv history"), records(LATER, "ssd now")
    after = sources_together([records(LATER, "ssd of last week"), now])
    counts = joined(History(before, SAME, CUT_OVER), check(before), check(after))[0].counts
    assert (counts["read"] == counts["kept"] + counts["rejected"] + counts["not_used"]).all() and (counts["kept"] >= 0).all()
    of_referrals = {source: rows for table, *rows, source in counts.to_numpy().tolist() if table == "cin_episodes"}
    assert of_referrals == {"csv history": [5, 4, 1, 0], "ssd now": [6, 3, 3, 0], "ssd of last week": [6, 0, 0, 6]}


def test_every_row_is_accounted_for_and_what_overlaps_is_listed() -> None:
    checked, notes = one_series()
    assert (checked.counts["read"] == checked.counts["kept"] + checked.counts["rejected"]).all()
    counts = {(table, source): rows for table, *rows, source in checked.counts.to_numpy().tolist()}
    assert counts["cin_episodes", "csv history"] == [5, 4, 1, 0] and counts["cin_episodes", "ssd now"] == [6, 3, 3, 0]  # seven referrals
    assert [source for table, source in counts if table == "posts"] == ["not supplied"]
    listed = {(one.file, one.key): one.outcome for one in checked.findings if one.table == "cin_episodes"}
    assert listed == {
        ("cin_episodes.csv (earlier)", "4"): "rejected",
        ("cin_episodes.csv (later)", "1"): "rejected",
        ("cin_episodes.csv (later)", "2"): "rejected",
        ("cin_episodes.csv (later)", "4"): "rejected",
        ("cin_episodes.csv (later)", "5"): "kept",
    }
    assert "Of the 4 children of csv history, 3 have an id in the later source." in notes
    assert "Referrals: 2 in the later source, each of which is in the earlier source too, and counted once." in notes
    assert "Placements: 1 in the later source, which is in the earlier source too, and counted once." in notes


def test_what_is_listed_names_the_child_by_the_later_id() -> None:
    """A2 is 102; the later system's factors of 101's assessment are not used, since the earlier has one."""
    listed = {(one.file, one.key): one.child for one in one_series()[0].findings}
    assert listed["contacts.csv (earlier)", "2"] == "102"
    assert {file_key: child for file_key, child in listed.items() if file_key[0].startswith("assessment_factors")} == {
        ("assessment_factors.csv (later)", "2"): "101",
        ("assessment_factors.csv (later)", "3"): "101",
    }


def test_rows_of_two_systems_have_unlike_ids() -> None:
    for name, frame in one_series()[0].frames.items():
        assert frame[TABLES[name].key].is_unique, name


def test_the_snapshot_says_when_and_from_what(series: Snapshot) -> None:
    assert series.cut_over == CUT_OVER and series.source == "csv history until 2016-10-01 and ssd now"
    assert [one.kind for one in series.sources] == ["csv", "ssd"] and f"{series.as_at:%Y-%m-%d}" == "2017-01-31"


@pytest.mark.parametrize("listed", ["A1", "101"])
@pytest.mark.slow
def test_the_removal_list_reaches_a_child_under_either_id(tmp_path: Path, listed: str) -> None:
    both = History(records(EARLIER, "csv history"), SAME, CUT_OVER)
    before = load(records(LATER, "ssd now"), tmp_path, quiet, history=both).folder
    (gone,) = pseudonyms.references(pseudonyms.key(tmp_path), ["101"])
    assert gone in set(open_current(tmp_path).sql("from referral")["person_id"])
    (tmp_path / "removals.csv").write_text(listed)
    assert load(records(LATER, "ssd now"), tmp_path, quiet, history=both).taken_out.rebuilt == 1
    found, rebuilt = open_current(tmp_path), open_kept(tmp_path, kept(tmp_path)[-1])
    assert not before.exists() and rebuilt.created < found.created
    for one in (found, rebuilt):
        assert gone not in set(one.sql("from referral")["person_id"])
    assert found.sql("select count(*) as n from referral")["n"].item() == 5


@pytest.mark.slow
def test_orphans_of_the_mapping_are_a_sentence_each() -> None:
    _, notes = one_series({**SAME, "A9": "101", "A5": "999"})
    assert "1 of the ids given names an old id that the history does not have, such as A9." in notes
    assert "1 of the ids given names a new id that the later source does not have, such as 999." in notes
    _, notes = one_series({"A1": "101", "A8": "101", "A9": "101"})
    assert "2 of the ids given name an old id that the history does not have, such as A8." in notes
    assert "Of the 4 children of csv history, 1 has an id in the later source." in notes


def test_an_old_id_that_is_another_child_s_new_one_is_refused() -> None:
    for more, words in (
        ("106 M 2001-01-01", "^A child of the history who is not .* has an id that the later source uses too, 106: if it is"),
        ("106 M -\n102 F -", "^2 children of the history who are not .* have ids that the later source uses too, such as 102: if it is"),
    ):
        before = records({**EARLIER, "persons": f"{EARLIER['persons']}\n{more}"}, "csv history")
        with pytest.raises(Unusable, match=words):
            joined(History(before, SAME, CUT_OVER), check(before), check(records(LATER, "ssd now")))


@pytest.mark.slow
def test_without_a_mapping_ids_are_the_same_in_both(tmp_path: Path) -> None:
    before = records(EARLIER, "csv history")
    alike = {
        name: replace(raw, rows=raw.rows.assign(person_id=raw.rows["person_id"].replace(SAME)) if "person_id" in raw.rows else raw.rows)
        for name, raw in before.tables.items()
    }
    load(records(LATER, "ssd now"), tmp_path, quiet, history=History(replace(before, tables=alike), {}, CUT_OVER))
    assert open_current(tmp_path).sql("select count(*) as n from referral")["n"].item() == 7


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("old,new\nA1,101\nA1,102\n", r"gives A1 two new ids, 101 and 102: a child can have one\."),
        ("A1,A2\nA2,A3\nA3,A1\n", r"leads in a circle, A[123] to .*: if the two systems number alike, put a mark before the old ids"),
        ("A1,101\nA2\n", r"Line 2 of .* is not an old id and a new id\."),
        ("A1,\n", r"Line 1 of .* is not an old id and a new id\."),
    ],
)
def test_a_mapping_that_cannot_be_right_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "ids.csv").write_text(text)
    with pytest.raises(Unusable, match=words) as said:
        mapping(tmp_path / "ids.csv")
    assert "\n" not in str(said.value)


def test_a_mapping_is_read_with_and_without_a_heading_and_may_join_two_children(tmp_path: Path) -> None:
    (tmp_path / "ids.csv").write_text("\ufeffold_id,new_id,remark\nA1,101,\n\nA2 , 101\nA3,A3\n", "utf-8")
    assert mapping(tmp_path / "ids.csv") == {"A1": "101", "A2": "101", "A3": "A3"}
    with pytest.raises(Unusable, match="cannot be read"):
        mapping(tmp_path / "none.csv")


@pytest.mark.slow
def test_the_command_line_loads_a_series(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    csv.write(records(EARLIER, "x"), tmp_path / "history")
    csv.write(records(LATER, "x"), tmp_path / "now")
    (tmp_path / "ids.csv").write_text("".join(f"{old},{new}\n" for old, new in SAME.items()))
    sources = ["load", "csv", str(tmp_path / "history"), "csv", str(tmp_path / "now"), "--data", str(tmp_path / "data")]
    assert main([*sources, "--mapping", str(tmp_path / "ids.csv"), "--cut-over", "2016-10-01"]) == 0
    assert "Referrals: 2 in the later source, each of which is in the earlier source too, and counted once." in capsys.readouterr().out
    assert main(["status", "--data", str(tmp_path / "data")]) == 0
    assert "One case system took over from another on 2016-10-01." in capsys.readouterr().out
    for wrong, words in (
        ([*sources, "--mapping", str(tmp_path / "ids.csv")], "--mapping needs --cut-over"),
        ([*sources[:3], "--cut-over", "2016-10-01", *sources[5:]], "--cut-over needs two sources"),
        ([*sources, "--cut-over", "2999-01-01"], "is still to come"),
    ):
        assert main(wrong) == 2
        assert words in capsys.readouterr().err.splitlines()[-1]
