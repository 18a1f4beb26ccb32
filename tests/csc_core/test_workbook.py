"""The workbook as its reader opens it: every indicator at each level, in words where there is no figure, and never a worker."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from csc_core.__main__ import main
from csc_core.access import Scope
from csc_core.disclosure import Audience
from csc_core.indicators import INDICATORS
from csc_core.load import load
from csc_core.periods import PeriodError, parse
from csc_core.query import query
from csc_core.reporting_month import reporting_month
from csc_core.snapshot import Snapshot, open_current
from csc_core.workbook import make
from csc_core.workbook.figures import LEVELS, collect
from csc_core.workbook.sheets import HEADING
from tests.small_county import records

RATIOS = {one.title for one in INDICATORS.values() if one.unit == "ratio"}  # out of hours of work, not of people
NOTES = "Notes, and why there is no figure"
SHEETS = ["Contents", "Definitions", "Service", "Home locality", "Team locality", "Team"]


def opened(snapshot: Snapshot, audience: Audience = Audience.MANAGER, month: str = "2017-12") -> Any:
    said: list[float] = []
    made = make(snapshot, reporting_month(snapshot, month), audience, lambda _, share: said.append(share))
    assert said == sorted(said) and said[-1] == 1.0
    return openpyxl.load_workbook(BytesIO(made))


def lines(book: Any, sheet: str) -> list[dict[str, Any]]:
    heads = [cell.value for cell in book[sheet][HEADING]]
    return [dict(zip(heads, row, strict=True)) for row in book[sheet].iter_rows(min_row=HEADING + 1, values_only=True)]


def line(book: Any, sheet: str, id: str, row: str = "Figure", **chosen: str) -> dict[str, Any]:
    wanted = {"Indicator": INDICATORS[id].title, "Row": row, **{name.replace("_", " "): value for name, value in chosen.items()}}
    (found,) = [one for one in lines(book, sheet) if all(one[name] == value for name, value in wanted.items())]
    return found


@pytest.fixture(scope="module")
def whole(county: Snapshot) -> Any:
    """The demonstration's, true values."""
    return opened(county)


@pytest.fixture(scope="module")
def book(small: Snapshot) -> Any:
    return opened(small)


def test_the_figures_are_those_counted_by_hand(book: Any) -> None:
    assert line(book, "Service", "referrals")["December 2017"] == 5
    assert line(book, "Service", "enquiries", "Figure")["Unit"] == "number"
    share = [line(book, "Service", "re_referrals", row)["December 2017"] for row in ("Counted", "Out of", "Figure")]
    assert share[2] == pytest.approx(100 * share[0] / share[1]) and share[1] == 5


@pytest.mark.slow
def test_every_indicator_is_on_the_sheets_its_definition_names(book: Any) -> None:
    for said in lines(book, "Definitions"):
        named = [sheet for sheet in SHEETS[2:] if sheet in str(said["On the sheets"]).split(".")[0].split(", ")]
        shown = [sheet for sheet in SHEETS[2:] if any(one["Indicator"] == said["Indicator"] for one in lines(book, sheet))]
        assert set(shown) <= set(named) and set(named) - set(shown) <= {"Team"}, said["Indicator"]
    assert [one["Name on the command line"] for one in lines(book, "Definitions")] == list(INDICATORS)
    assert all(one["Definition"] and one["Counted"] and one["Source"] for one in lines(book, "Definitions"))


def test_places_are_homes_and_what_is_about_teams_is_by_team_locality(book: Any) -> None:
    assert {one["Indicator"] for one in lines(book, "Team locality")} == {
        one.title for one in INDICATORS.values() if "team_locality" in one.dimensions and "locality" not in one.dimensions
    }
    assert "team_locality" not in {head for one in lines(book, "Home locality") for head in one}
    assert book["Team locality"]["A3"].value.startswith("By where teams belong")


def test_what_cannot_be_given_is_a_word_and_a_reason(book: Any) -> None:
    """The agency post began in 2015; the look-back of twelve months does not reach the first of thirteen months everywhere."""
    cells = [cell.value for sheet in SHEETS[2:] for row in book[sheet].iter_rows(min_row=HEADING + 1) for cell in row]
    assert None not in {one["Row"] for one in lines(book, "Service")}
    assert not [value for value in cells if isinstance(value, float) and value != value]  # noqa: PLR0124  NaN alone differs from itself
    for sheet in SHEETS[2:]:
        for one in lines(book, sheet):
            months = {name: value for name, value in one.items() if name.endswith(("2016", "2017"))}
            assert len(months) == 13 and None not in months.values() and "" not in months.values()
            if one["Row"] == "Figure":
                assert "no figure" not in months.values() or one[NOTES], one


def test_what_can_still_rise_says_so(book: Any) -> None:
    assert "Still maturing: 2017-10, 2017-11, 2017-12." in line(book, "Service", "enquiries_to_referral")[NOTES]
    assert not line(book, "Service", "referrals")[NOTES]


@pytest.mark.slow
def test_the_month_before_the_records_begin_has_its_reason(small: Snapshot) -> None:
    found = collect(small, LEVELS[0], reporting_month(small, "2015-06"), Audience.MANAGER, lambda what, share: None)
    (referrals,) = [one for one in found if one.indicator.id == "referrals"]
    assert [cell.reason for cell in referrals.cells] == ["Records begin on 1 April 2015."] * 10 + [""] * 3
    assert pd.isna(referrals.cells[0].value) and referrals.cells[-1].value == 0


@pytest.mark.slow
def test_a_month_not_yet_over_says_to_which_day(tmp_path: Path) -> None:
    load(replace(records(), as_at=datetime(2017, 12, 14, 9, 0)), tmp_path, lambda what, share: None)
    cut = opened(open_current(tmp_path))
    (heading,) = [head for head in lines(cut, "Service")[0] if "not yet over" in head]
    assert heading == "1 to 14 December 2017 (not yet over)"
    assert "not yet over" in cut["Service"]["A1"].value


def test_a_commissioner_s_has_the_word_withheld_and_no_small_number_below_the_county(county: Snapshot) -> None:
    disclosed = opened(county, Audience.COMMISSIONER)
    for sheet in ("Home locality", "Team locality", "Team"):
        found = lines(disclosed, sheet)
        assert any("withheld" in one.values() for one in found)
        of_people = [one for one in found if one["Unit"] == "number" and (one["Row"] != "Out of" or one["Indicator"] not in RATIOS)]
        counts = [one[name] for one in of_people for name in one if " 201" in name]
        assert not [value for value in counts if not isinstance(value, str) and 0 < value < 8]
    assert not any("withheld" in one.values() for one in lines(disclosed, "Service") if one["Issue"] == "–")
    assert "Disclosed values" in disclosed["Contents"]["A2"].value


def test_the_report_s_figures_are_in_it_and_each_cell_is_the_query_s_answer(county: Snapshot, whole: Any) -> None:
    assert line(whole, "Service", "open_cases")["December 2017"] == 5_122
    assert line(whole, "Service", "open_cases")["November 2017"] == 5_262
    assert line(whole, "Service", "average_caseload")["December 2017"] == pytest.approx(17.6, abs=0.05)
    teams = query(county, "open_cases", scope=Scope.everything(), period=parse("2017-12", county.as_at.date()), by=["team"])
    names = dict(zip(county.teams["team_id"], county.teams["team_name"], strict=True))
    counts = zip(teams["team"], teams["numerator"], strict=True)
    expected = {names[id]: count for id, count in counts if id in names and pd.notna(count) and count}
    title = INDICATORS["open_cases"].title
    shown = {one["Team"]: one["December 2017"] for one in lines(whole, "Team") if one["Indicator"] == title}
    assert {name: count for name, count in shown.items() if name in expected} == expected


def test_no_worker_and_no_child_is_in_it(county: Snapshot, whole: Any) -> None:
    words = {str(cell.value) for sheet in whole for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    people = county.sql("select worker as id from case_held union select person_id from open_case")["id"].dropna().astype(str)
    assert len(people) > 5_000
    assert not words & set(people)
    assert "Synthetic data: no real person is in it." in whole["Team"]["A2"].value


def test_it_is_laid_out_for_reading_aloud_and_on_paper(book: Any) -> None:
    assert book.sheetnames == SHEETS
    assert book.properties.title == "Children's social care workbook, December 2017" and book.properties.language == "en-GB"
    for sheet in book:
        assert sheet.freeze_panes.endswith(str(HEADING + 1))
        assert sheet.print_title_rows == f"${HEADING}:${HEADING}"
        (table,) = sheet.tables.values()
        assert [column.name for column in table.tableColumns] == [cell.value for cell in sheet[HEADING]]
        assert all(sheet.column_dimensions[cell.column_letter].width > 8 for cell in sheet[HEADING])
        assert not sheet.merged_cells.ranges
    links = {cell.value: cell.hyperlink.location for (cell,) in book["Contents"][f"A{HEADING + 1}:A{HEADING + 5}"]}
    assert links == {name: f"'{name}'!A1" for name in SHEETS[1:]}
    formats = {one.number_format for (one,) in book["Service"].iter_rows(min_row=HEADING + 1, min_col=5, max_col=5)}
    assert {"#,##0", '0.0"%"'} <= formats


@pytest.mark.slow
def test_a_team_named_like_a_formula_is_text(tmp_path: Path) -> None:
    given = records()
    departments = given.tables["departments"]
    rows = departments.rows.assign(team_name=['=HYPERLINK("http://bad")', "+1", "@x\x0b"])
    load(replace(given, tables={**given.tables, "departments": replace(departments, rows=rows)}), tmp_path, lambda what, share: None)
    book = opened(open_current(tmp_path))
    assert "f" not in {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert any(str(one["Team"]).startswith("=HYPERLINK") for one in lines(book, "Team"))


@pytest.mark.parametrize(
    ("month", "words"),
    [
        ("December", "'December' is not a month: write it as 2017-12, or latest."),
        ("2017/18", "is not a month"),
        ("2017-13", "'2017-13' is not a period"),
        ("2018-01", "There are no records of January 2018 yet: the data are as at 31 December 2017."),
        ("2010-01", "There are no records of January 2010: they begin on"),
        ("x" * 10_000, "is not a month"),
    ],
)
def test_a_month_that_cannot_be_given_is_a_sentence(small: Snapshot, month: str, words: str) -> None:
    with pytest.raises(PeriodError) as raised:
        reporting_month(small, month)
    assert words in str(raised.value) and len(str(raised.value)) < 200


def test_a_month_of_the_run_in_is_a_sentence(county: Snapshot) -> None:
    with pytest.raises(PeriodError, match="Records of March 2015 are a run-in, not complete: choose one from April 2015 on"):
        reporting_month(county, "2015-03")


@pytest.mark.slow
def test_the_command_says_what_it_wrote_and_how_long_it_took(small_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "workbook.xlsx"
    assert main(["workbook", "--month", "2017-12", "--out", str(out), "--data", str(small_data)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"Wrote the workbook of December 2017 to {out} in ") and "seconds (manager's values)" in said.out
    assert openpyxl.load_workbook(out).sheetnames == SHEETS


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--out", "workbook.csv"], "does not end in .xlsx"),
        (["--out", "nowhere/at/all.xlsx"], "could not be written"),
        (["--out", "a.xlsx", "--month", "2019-01"], "There are no records of January 2019 yet"),
    ],
)
@pytest.mark.slow
def test_what_cannot_be_written_is_exit_2_and_one_sentence(
    small_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["workbook", *arguments, "--data", str(small_data)]) == 2
    said = capsys.readouterr()
    assert words in said.err and said.out == ""
    assert not list(tmp_path.iterdir())
