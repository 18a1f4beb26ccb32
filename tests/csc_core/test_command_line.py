"""The command line as a person and a script use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from csc_core.__main__ import main
from csc_core.access import Scope
from csc_core.indicators import INDICATORS
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import current_id, open_current
from csc_core.sources import csv
from tests.small_county import records

ROOT = Path(__file__).parents[2]
KEYS = ["numerator", "denominator", "value", "unit", "period", "from", "to", "reason"]


@pytest.fixture
def run(small_data: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command on the small county; returns exit code, stdout, stderr."""

    def go(*arguments: str, data: Path = small_data) -> tuple[int, str, str]:
        code = main([*arguments, "--data", str(data)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return go


def rows(run: Any, *arguments: str) -> list[dict[str, Any]]:
    code, out, err = run("show", *arguments, "--format", "json")
    assert (code, err) == (0, "")
    found = json.loads(out, parse_constant=lambda constant: pytest.fail(f"{constant} is not JSON"))
    assert isinstance(found, list)
    return found


def test_json_is_a_list_of_rows_with_the_keys_promised(run: Any) -> None:
    assert rows(run, "referrals", "--period", "2017-12") == [
        {"numerator": 5, "denominator": None, "value": 5, "unit": "count", "period": "2017-12", "from": "2017-12-01",
         "to": "2017-12-31", "reason": None}
    ]  # fmt: skip
    split = rows(run, "referral_rate", "--by", "locality", "month", "--period", "2017-11..2017-12")
    assert all(list(row) == ["locality", "month", *KEYS] for row in split)
    assert all(row["locality"] and row["month"] for row in split)


def test_values_are_unrounded_and_percentages_run_to_100(run: Any) -> None:
    (row,) = rows(run, "re_referrals", "--period", "2017/18YTD")
    assert row["value"] == pytest.approx(200 / 13, rel=1e-12)
    assert (row["numerator"], row["denominator"], row["unit"]) == (2, 13, "%")


def test_what_cannot_be_given_is_null_with_a_reason(run: Any) -> None:
    for row in rows(run, "assessments_in_45_days", "--by", "district", "--period", "2017-12"):
        assert row["value"] is None and row["reason"]


def test_filters(run: Any) -> None:
    assert rows(run, "open_cases", "--where", "district=EX4", "--where", "district=EX31", "--where", "age_band=5-9")[0]["value"] == 3
    assert rows(run, "open_cases", "--where", "district=not a postcode")[0]["value"] == 1


def test_disclosed_is_what_a_commissioner_sees(run: Any) -> None:
    shown = rows(run, "open_cases", "--by", "district", "--disclosed")
    assert {row["value"] for row in shown} == {None, 0}
    assert {row["reason"] for row in shown if row["value"] is None} == {"Withheld: fewer than 8"}


def test_the_table_says_what_it_shows(run: Any) -> None:
    code, out, _ = run("show", "re_referrals", "--period", "2017/18YTD", "--by", "locality")
    assert code == 0
    for words in ("Re-referrals within 12 months (%), April to December 2017 (9 months)", "data as at 2017-12-31, synthetic",
                  "Numerator: Referrals in the period with an earlier referral", "Northern Devon"):  # fmt: skip
        assert words in out


def test_a_count_given_in_parts_has_a_row_for_each_with_its_share(run: Any) -> None:
    """Looked after: C05 (interim care order, two placements), C07 (care order, one), C09 (nothing recorded)."""
    status = {row["legal_status"]: (row["numerator"], row["share"]) for row in rows(run, "looked_after_legal_status")}
    assert (status["care_order"], status["not known"]) == ((2, pytest.approx(200 / 3)), (1, pytest.approx(100 / 3)))
    assert status["section_20"] == (0, 0)
    bands = {row["placements_band"]: row["share"] for row in rows(run, "placements_12_months")}
    assert sum(bands.values()) == pytest.approx(100) and bands["not known"] == pytest.approx(100 / 3)
    one = rows(run, "looked_after_legal_status", "--where", "legal_status=care_order")
    assert [(row["numerator"], row["share"]) for row in one] == [(2, pytest.approx(200 / 3))]  # of all of them, all the same
    by_place = rows(run, "looked_after_legal_status", "--by", "locality", "legal_status")
    assert {row["share"] for row in by_place if row["locality"] == "southern-devon"} == {None}  # nobody there: no share
    assert {row["share"] for row in rows(run, "looked_after_legal_status", "--disclosed") if row["numerator"] is None} == {None}
    code, out, _ = run("show", "placements_12_months")
    assert code == 0 and "% of all looked-after children" in out and "33.3" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--period", "2017-12"], "Still maturing: 2017-12. Each enquiry is followed for 90 days"),
        (["--period", "2017/18Q3"], "can rise until 31 March 2018"),
        (["--period", "2017-09..2017-12", "--by", "month"], "Still maturing: 2017-10, 2017-11, 2017-12."),
        (["--period", "2017-10-02"], ""),  # its 90 days are over on the day
        (["--period", "2017-10-03"], "Still maturing: 2017-10-03."),
        (["--period", "2018-01"], ""),  # nothing is there to rise
    ],
)
def test_what_is_still_followed_is_said_to_be_maturing(run: Any, arguments: list[str], said: str) -> None:
    for stage in ("enquiries_to_referral", "enquiries_to_cp_plan"):
        _, out, err = run("show", stage, *arguments, "--format", "csv")
        assert out and (said in err if said else not err)
        assert ("Still maturing" in run("show", stage, *arguments)[1]) == bool(said)
    for other in ("enquiries", "enquiries_case_open"):
        assert "maturing" not in run("show", other, *arguments)[1]


def test_csv_is_read_back_as_the_same_rows(run: Any, tmp_path: Path) -> None:
    _, out, _ = run("show", "referrals", "--by", "sex", "--period", "2017-12", "--format", "csv")
    (tmp_path / "out.csv").write_text(out, "utf-8")
    assert pd.read_csv(tmp_path / "out.csv")["numerator"].sum() == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["referal_rate"], "There is no indicator 'referal_rate': the nearest is 'referral_rate'."),
        (["referrals", "--period", "December"], "'December' is not a period"),
        (["referrals", "--by", "postcode"], "There is no dimension 'postcode'"),
        (["referrals", "--where", "district=XX99"], "There is no postcode district 'XX99'"),
        (["referrals", "--where", "district"], "'district' is not a filter"),
        (["referral_rate", "--by", "team"], "no population belongs to a team"),
    ],
)
def test_what_is_not_known_is_exit_2_and_one_sentence(run: Any, arguments: list[str], words: str) -> None:
    code, out, err = run("show", *arguments)
    assert (code, out) == (2, "")
    assert words in err and err.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [("funnel", "--period", "2017-12"), ("stability", "unplanned_moves"), ("caseload",), ("together",), ("together", "--size", "3")],
)
@pytest.mark.parametrize("audience", [(), ("--disclosed",)])
def test_what_is_not_an_indicator_is_json_too(run: Any, command: tuple[str, ...], audience: tuple[str, ...]) -> None:
    code, out, err = run(*command, *audience, "--format", "json")
    assert code == 0 and err  # the heading
    found = json.loads(out, parse_constant=lambda constant: pytest.fail(f"{constant} is not JSON"))
    assert isinstance(found, list)
    assert run(*command, *audience)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["stability", "happiness"], "There is no such way to look at a period of care"),
        (["caseload", "--where", "team=T-EXE-1"], "has no filters"),
        (["funnel", "--where", "team=T-EXE-1"], "cannot be split or filtered by team"),
        (["together", "--period", "soon"], "'soon' is not a period"),
    ],
)
def test_what_these_cannot_answer_is_a_sentence(run: Any, arguments: list[str], words: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and words in err and err.count("\n") == 1


def test_every_indicator_and_table_is_listed(run: Any) -> None:
    _, out, _ = run("indicators")
    assert all(f"{id} (" in out and one.definition in out for id, one in INDICATORS.items())
    _, out, _ = run("tables")
    assert "cin_assessments" in out and "assessment_auth_date" in out


def test_status_before_and_after_a_load(run: Any, tmp_path: Path) -> None:
    code, _, err = run("status", data=tmp_path / "none")
    assert code == 2 and "No data have been loaded" in err
    code, out, _ = run("status")
    assert code == 0 and "Synthetic: no real person is in it." in out and "cin_episodes" in out


@pytest.mark.slow
def test_a_csv_folder_is_loaded_with_its_counts_and_rejects(run: Any, tmp_path: Path) -> None:
    csv.write(records(), tmp_path / "in")
    with (tmp_path / "in" / "cin_episodes.csv").open("a", encoding="utf-8") as file:
        file.write("R99,C01,31/02/2017,,,,,,,\n")
    code, out, _ = run("load", "csv", str(tmp_path / "in"), data=tmp_path / "data")
    assert code == 0
    counts = open_current(tmp_path / "data").counts.set_index("table")
    assert list(counts.loc["cin_episodes"][["read", "kept", "rejected"]]) == [17, 16, 1]
    findings = pd.read_csv(next((tmp_path / "data" / "snapshots").glob("*/findings.csv")))
    (found,) = findings[findings["outcome"] == "rejected"].to_dict("records")
    assert (found["file"], found["row"], found["column"], found["value"]) == ("cin_episodes.csv", 18, "referral_date", "31/02/2017")
    assert "findings.csv" in out


@pytest.mark.slow
def test_several_sources_are_one_snapshot_and_what_was_not_used_is_printed(run: Any, tmp_path: Path) -> None:
    csv.write(records(), tmp_path / "in")
    (tmp_path / "hr").mkdir()
    (tmp_path / "hr" / "professionals.csv").write_text("professional_id\nW1\n", "utf-8")
    code, out, _ = run("load", "csv", str(tmp_path / "in"), "csv", str(tmp_path / "hr"), data=tmp_path / "data")
    assert code == 0
    assert f"Workers are taken from csv {tmp_path / 'hr'} (1 row) and not from csv {tmp_path / 'in'} (3 rows)." in out
    _, out, _ = run("status", data=tmp_path / "data")
    assert f"csv {tmp_path / 'hr'}, with no event that says when: professionals\n" in out


def test_what_stands_in_the_place_of_a_source_is_not_repeated(run: Any) -> None:
    code, _, err = run("load", "postgresql://reader:secret@server/ssd")
    assert code == 2 and "write SOURCE PATH" in err and "secret" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["load", "csv"],
        ["load", "csv", "nowhere"],
        ["load", "demo", "folder"],
        ["load", "csv", "here", "csv"],
        ["load", "csv", "here", "there"],
        ["load", "csv", "here", "demo"],
    ],
)
def test_unusable_input_is_exit_2_and_the_old_snapshot_stays(run: Any, small_data: Path, arguments: list[str]) -> None:
    before = current_id(small_data)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and "Traceback" not in err
    assert current_id(small_data) == before


def test_when_no_referral_can_be_loaded_the_reasons_are_still_written(run: Any, tmp_path: Path) -> None:
    csv.write(records(), tmp_path / "in")
    path = tmp_path / "in" / "persons.csv"
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\nC99,F,WBRI,2010-01-01,,\n", "utf-8")
    code, _, err = run("load", "csv", str(tmp_path / "in"), data=tmp_path / "data")
    assert code == 2 and "No referral and no episode of care could be loaded" in err
    (written,) = (tmp_path / "data").glob("*.csv")
    assert (pd.read_csv(written).query("table == 'cin_episodes'")["outcome"] == "rejected").sum() == 16
    assert current_id(tmp_path / "data") is None


def test_progress_goes_to_stderr_and_the_exit_code_to_the_shell(small_data: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "csc_core", "show", "nothing", "--data", str(small_data)],
                          cwd=ROOT, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_demonstration_written_as_csv_gives_the_same_figures(demonstration: Path, run: Any, tmp_path: Path) -> None:
    assert run("demo", "--out", str(tmp_path / "csv"))[0] == 0
    assert run("load", "csv", str(tmp_path / "csv"), data=tmp_path / "data")[0] == 0
    loaded, made = open_current(tmp_path / "data"), open_current(demonstration)
    assert loaded.synthetic
    for id, one in INDICATORS.items():
        by = ["district"] if "district" in one.dimensions else []
        here, there = (query(of, id, scope=Scope.everything(), period=parse("2017-12", of.as_at.date()), by=by) for of in (loaded, made))
        pd.testing.assert_frame_equal(here, there, obj=id)


def test_an_indicator_beside_others_as_a_table_and_as_json(run: Any) -> None:
    code, out, err = run("compare", "re_referrals", "--period", "2017/18YTD", "--format", "json")
    told = {row["beside"]: row for row in json.loads(out)}
    assert code == 0 and "Re-referrals within 12 months, April to December 2017 (9 months): 15.4% (2 of 13)." in err
    assert told["England"]["value"] == 21.9 and told["England"]["of"] == "the year ending 31 March 2017"
    assert "not April to December 2017 (9 months)" in err  # but the twelve months
    assert "as printed in the March 2018 report" in out
    code, out, _ = run("compare", "assessments_in_45_days", "--period", "2017-11")
    assert code == 0 and "target" in out and "the target of 85%" in out
    code, out, err = run("compare", "referrals", "--period", "2013-01")
    assert code == 0 and "no figure. Records begin on " in out and ".." not in out
    code, out, err = run("compare", "dragons")
    assert (code, out) == (2, "") and "There is no indicator 'dragons'" in err
    code, _, err = run("compare", "factor_prevalence")
    assert code == 2 and "choose an issue first" in err
