"""The council's own list of teams: by id or by name, added to what the records know, and whoever is missing is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from csc_core.teams import with_teams
from tests.csc_core.door import raw, records

HEADING = "team_id,team_name,team_locality,team_area,service,valid_from,valid_to\n"
AS_EXTRACTED = "T1,Assessment One,,,,,\nT2,Assessment Two,,,,,"


def placed(folder: Path, text: str, departments: str = AS_EXTRACTED) -> tuple[list[list[str]], tuple[str, ...]]:
    (folder / "teams.csv").write_text(HEADING + text, "utf-8")
    done = with_teams(records(departments=departments), folder)
    return done.tables["departments"].rows.to_numpy().tolist(), done.notes


def test_a_team_is_found_by_its_id_or_by_its_name(tmp_path: Path) -> None:
    rows, notes = placed(tmp_path, "T1,,exeter,City,Assessment,2014-04-01,\n,assessment two,northern-devon,,,,\n")
    assert rows == [
        ["T1", "Assessment One", "exeter", "City", "Assessment", "2014-04-01", ""],
        ["T2", "Assessment Two", "northern-devon", "", "", "", ""],
    ]
    assert notes == ()


def test_what_the_file_says_holds_and_what_it_leaves_out_stays(tmp_path: Path) -> None:
    rows, _ = placed(tmp_path, "T1,New name,,,Duty,,\n", "T1,Old,exeter,City,Assessment,,\nT2,Two,exeter,,,,")
    assert rows == [["T1", "New name", "exeter", "City", "Duty", "", ""], ["T2", "Two", "exeter", "", "", "", ""]]


def test_a_team_that_only_the_file_knows_is_added_and_a_name_that_nobody_knows_is_told(tmp_path: Path) -> None:
    rows, notes = placed(tmp_path, "T9,,exeter,,,,\n,Nobody's,exeter,,,,\n", "T1,One,exeter,,,,\nT2,Two,exeter,,,,")
    assert rows[2] == ["T9", "T9", "exeter", "", "", "", ""]
    assert notes == ("teams.csv names 1 teams that the records do not know: Nobody's.",)


def test_teams_without_a_locality_are_named_with_or_without_the_file(tmp_path: Path) -> None:
    said = f"2 of 2 teams that the records name have no locality: Assessment One, Assessment Two. Write them in {tmp_path / 'teams.csv'}."
    assert with_teams(records(departments=AS_EXTRACTED), tmp_path).notes == (said,)
    _, notes = placed(tmp_path, "T2,,exeter,,,,\n")
    assert notes == (f"1 of 2 teams that the records name have no locality: Assessment One. Write them in {tmp_path / 'teams.csv'}.",)


def test_records_without_teams_get_those_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "teams.csv").write_text(HEADING + "T1,One,exeter,,,,\n", "utf-8")
    given = records()
    bare = replace(given, tables={name: table for name, table in given.tables.items() if name != "departments"})
    done = with_teams(bare, tmp_path)
    assert done.tables["departments"].rows["team_id"].tolist() == ["T1"]
    assert "1 of 2 teams that the records name have no locality: T2." in done.notes[0]
    assert with_teams(replace(bare, tables={"persons": raw("persons", "C1,F,,,,")}), tmp_path / "none").notes == ()


def test_a_row_that_cannot_be_split_is_listed_and_lost_to_nobody(tmp_path: Path) -> None:
    (tmp_path / "teams.csv").write_text(HEADING + "T1,One\nT2,,exeter,,,,\n", "utf-8")
    done = with_teams(records(departments=AS_EXTRACTED), tmp_path).tables["departments"]
    assert [finding.row for finding in done.broken] == [2] and len(done.rows) == 2
