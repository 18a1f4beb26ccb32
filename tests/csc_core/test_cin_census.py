"""The children in need census: every way in which systems write it, and the figures it gives beside the records it was written from."""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from csc_core.access import Scope
from csc_core.check import check
from csc_core.indicators import INDICATORS
from csc_core.load import load
from csc_core.periods import parse
from csc_core.query import QueryError, query
from csc_core.snapshot import Snapshot, open_current
from csc_core.sources.cin_census import read
from csc_core.tables import Records, Unusable, quiet
from tests.csc_core.census_file import census, message, written
from tests.csc_core.door import holds
from tests.small_county import records as small_county

CHILD = """\
<Child>
  <ChildIdentifiers>
    <LAchildID>C1</LAchildID><UPN>A850728973744</UPN><PersonBirthDate>2009-05-14</PersonBirthDate><GenderCurrent>2</GenderCurrent>
  </ChildIdentifiers>
  <ChildCharacteristics>
    <Ethnicity>WBRI</Ethnicity><Disabilities><Disability>AUT</Disability><Disability>LD</Disability></Disabilities>
  </ChildCharacteristics>
  <CINdetails>
    <CINreferralDate>2017-06-05</CINreferralDate><ReferralSource>6</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode>
    <DateOfInitialCPC>2017-06-30</DateOfInitialCPC>
    <Assessments>
      <AssessmentActualStartDate>2017-06-06</AssessmentActualStartDate>
      <AssessmentInternalReviewDate>2017-06-16</AssessmentInternalReviewDate>
      <AssessmentAuthorisationDate>2017-07-06</AssessmentAuthorisationDate>
      <FactorsIdentifiedAtAssessment><AssessmentFactors>3B</AssessmentFactors><AssessmentFactors>4B</AssessmentFactors></FactorsIdentifiedAtAssessment>
    </Assessments>
    <CINPlanDates><CINPlanStartDate>2017-07-06</CINPlanStartDate></CINPlanDates>
    <Section47><S47ActualStartDate>2017-06-12</S47ActualStartDate><InitialCPCtarget>2017-07-03</InitialCPCtarget>
      <DateOfInitialCPC>2017-06-30</DateOfInitialCPC><ICPCnotRequired>false</ICPCnotRequired></Section47>
    <ReferralNFA>false</ReferralNFA>
    <ChildProtectionPlans>
      <CPPstartDate>2017-06-30</CPPstartDate><InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>
      <LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse><NumberOfPreviousCPP>1</NumberOfPreviousCPP>
      <Reviews><CPPreviewDate>2017-09-20</CPPreviewDate></Reviews>
    </ChildProtectionPlans>
  </CINdetails>
</Child>"""
WHOLE = message([CHILD], written="2018-05-01T09:00:00")


def of(tmp_path: Path, text: str | bytes) -> Records:
    path = tmp_path / "census.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(str(path))


def cells(records: Records, table: str) -> list[dict[str, str]]:
    """The rows of a table, without what is empty."""
    return [{str(name): text for name, text in row.items() if text} for row in records.tables[table].rows.to_dict("records")]


def counts(records: Records, table: str) -> tuple[int, int, int]:
    """Rows read, kept and rejected."""
    (row,) = [row for row in check(records).counts.to_dict("records") if row["table"] == table]
    return row["read"], row["kept"], row["rejected"]


def test_each_record_of_the_census_finds_its_table(tmp_path: Path) -> None:
    found = of(tmp_path, WHOLE)
    assert {name: cells(found, name) for name in found.tables} == {
        "persons": [{"person_id": "C1", "sex": "F", "ethnicity": "WBRI", "dob": "2009-05-14"}],
        "disabilities": [
            {"table_id": "C1-AUT", "person_id": "C1", "disability_code": "AUT"},
            {"table_id": "C1-LD", "person_id": "C1", "disability_code": "LD"},
        ],
        "cin_episodes": [
            {
                "referral_id": "C1-2017-06-05",
                "person_id": "C1",
                "referral_date": "2017-06-05",
                "cin_primary_need_code": "N1",
                "referral_source_code": "6",
                "referral_nfa": "N",
            }
        ],
        "cin_assessments": [
            {
                "assessment_id": "C1-A-2017-06-06",
                "person_id": "C1",
                "referral_id": "C1-2017-06-05",
                "assessment_start_date": "2017-06-06",
                "assessment_auth_date": "2017-07-06",
                "assessment_outcome_nfa": "N",
            }
        ],
        "assessment_factors": [
            {"table_id": f"C1-A-2017-06-06-{code}", "assessment_id": "C1-A-2017-06-06", "assessment_factor": code} for code in ("3B", "4B")
        ],
        "s47_enquiries": [
            {
                "s47_enquiry_id": "C1-Q-2017-06-12",
                "person_id": "C1",
                "referral_id": "C1-2017-06-05",
                "s47_start_date": "2017-06-12",
                "icpc_date": "2017-06-30",
            }
        ],
        "cp_plans": [
            {
                "cp_plan_id": "C1-L-2017-06-30",
                "person_id": "C1",
                "referral_id": "C1-2017-06-05",
                "cp_plan_start_date": "2017-06-30",
                "cp_plan_initial_category": "NEG",
                "cp_plan_latest_category": "EMO",
                "number_of_previous_cp_plans": "1",
            }
        ],
    }
    assert check(found).findings == ()
    assert (found.as_at, found.complete_from, found.history) == (datetime(2018, 3, 31), date(2017, 4, 1), False)
    assert found.notes[0] == (
        "census.xml holds what no indicator needs, which was not read: "
        "child in need plans (1), reviews of child protection plans (1)."
    )


def test_a_pupil_number_is_not_read(tmp_path: Path) -> None:
    found = of(tmp_path, WHOLE)
    assert not any("A850728973744" in frame.rows.to_csv() for frame in found.tables.values()) and "A850" not in str(found.notes)


ALIKE: dict[str, Callable[[str], str | bytes]] = {
    "a namespace": lambda text: text.replace("<Message>", '<Message xmlns="http://www.dfe.gov.uk/cin">'),
    "a namespace with a prefix": lambda text: re.sub(r"<(/?)(\w)", r"<\1c:\2", text).replace("<c:Message>", '<c:Message xmlns:c="urn:x">'),
    "Sex, as from 2024-25": lambda text: text.replace("<GenderCurrent>2</GenderCurrent>", "<Sex>F</Sex>"),
    "all in one line": lambda text: re.sub(r"\n *", "", text),
    "names in other capitals": lambda text: text.replace("CINdetails", "CINDetails").replace("LAchildID", "LAChildID"),
    "spaces and lines around values": lambda text: re.sub(r">([\w-]+)<", ">\n   \\1\t<", text),
    "a comment within a value": lambda text: text.replace("2017-06-05", "2017-<!-- checked -->06-05"),
    "a character by its number": lambda text: text.replace("WBRI", "W&#66;RI"),
    "a declaration and a mark of UTF-8": lambda text: codecs.BOM_UTF8 + b'<?xml version="1.0" encoding="utf-8"?>' + text.encode(),
    "UTF-16": lambda text: f'<?xml version="1.0" encoding="utf-16"?>{text}'.encode("utf-16"),
    "Windows-1252, and said so": lambda text: f'<?xml version="1.0" encoding="windows-1252"?>{text}'.encode("cp1252"),
    "each factor in a wrapper of its own": lambda text: text.replace(
        "</AssessmentFactors><AssessmentFactors>",
        "</AssessmentFactors></FactorsIdentifiedAtAssessment><FactorsIdentifiedAtAssessment><AssessmentFactors>",
    ),
    "the conference before the start of its enquiry": lambda text: re.sub(
        r"(<Section47>)(.*?)(\s*<DateOfInitialCPC>.*?</DateOfInitialCPC>)", r"\1\3\2", text, flags=re.DOTALL
    ),
}


@pytest.mark.parametrize("write", ALIKE.values(), ids=ALIKE.keys())
def test_the_same_census_is_read_however_it_is_written(tmp_path: Path, write: Callable[[str], str | bytes]) -> None:
    usual, other = of(tmp_path, WHOLE), of(tmp_path, write(WHOLE))
    for name, table in usual.tables.items():
        pd.testing.assert_frame_equal(other.tables[name].rows, table.rows)
    assert (other.notes, other.as_at) == (usual.notes, usual.as_at)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [(yes, "Y") for yes in ("true", "TRUE", "True", "1", "Y", "yes")] + [(no, "N") for no in ("false", "FALSE", "0", "N", "no")],
)
def test_yes_and_no_in_every_spelling(tmp_path: Path, written: str, read_as: str) -> None:
    found = of(tmp_path, WHOLE.replace("<ReferralNFA>false", f"<ReferralNFA>{written}"))
    assert cells(found, "cin_episodes")[0]["referral_nfa"] == read_as


@pytest.mark.parametrize(("code", "sex"), [("1", "M"), ("2", "F"), ("0", "U"), ("9", "U"), ("7", "7")])
def test_gender_current_is_read_as_sex(tmp_path: Path, code: str, sex: str) -> None:
    assert cells(of(tmp_path, WHOLE.replace("<GenderCurrent>2", f"<GenderCurrent>{code}")), "persons")[0]["sex"] == sex


def test_codes_not_in_any_list_are_kept_and_listed(tmp_path: Path) -> None:
    odd = WHOLE.replace(">3B<", ">3Z<").replace(">6<", ">66<").replace("<ReferralNFA>false", "<ReferralNFA>perhaps")
    checked = check(of(tmp_path, odd))
    assert {(f.table, f.value, f.outcome) for f in checked.findings} == {
        ("assessment_factors", "3Z", "kept"),
        ("cin_episodes", "66", "kept"),
        ("cin_episodes", "perhaps", "kept"),
    }
    assert checked.counts["rejected"].sum() == 0


def test_empty_wrappers_are_no_records(tmp_path: Path) -> None:
    empty = (
        "<Assessments/><Assessments><AssessmentActualStartDate/><FactorsIdentifiedAtAssessment/></Assessments>"
        "<Section47></Section47><ChildProtectionPlans><Reviews/></ChildProtectionPlans>"
    )
    text = WHOLE.replace("<ReferralNFA>", f"{empty}<ReferralNFA>").replace("</Child>", "<CINdetails/></Child><Child/>")
    found = of(tmp_path, text.replace(">4B<", "> <"))
    usual = of(tmp_path, WHOLE)
    for name in usual.tables:
        if name != "assessment_factors":
            assert cells(found, name) == cells(usual, name)
    assert len(found.tables["assessment_factors"].rows) == 1
    (said,) = [note for note in found.notes if "nothing in them" in note]
    assert sorted(re.findall(r"(\w+) \((\d)\)", said)) == [
        ("AssessmentFactors", "1"),
        ("Assessments", "2"),
        ("CINdetails", "1"),
        ("Child", "1"),
        ("ChildProtectionPlans", "1"),
        ("Section47", "1"),
    ]


def test_a_case_with_nothing_but_an_assessment_is_there_to_be_rejected(tmp_path: Path) -> None:
    bare = "<CINdetails><Assessments><AssessmentActualStartDate>2017-08-01</AssessmentActualStartDate></Assessments></CINdetails>"
    found = of(tmp_path, WHOLE.replace("</Child>", f"{bare}</Child>"))
    assert (counts(found, "cin_episodes"), counts(found, "cin_assessments")) == ((2, 1, 1), (2, 2, 0))


def test_stray_text_unknown_elements_and_values_given_twice_are_counted(tmp_path: Path) -> None:
    text = WHOLE.replace("<CINdetails>", "<CINdetails>see file<Notes>free text</Notes>tail<CINreferralDate>2017-06-05</CINreferralDate>")
    early = "<AssessmentAuthorisationDate>2017-01-01</AssessmentAuthorisationDate>"
    found = of(tmp_path, text.replace("<ChildIdentifiers>", f"{early}<ChildIdentifiers>"))
    assert cells(found, "cin_episodes") == cells(of(tmp_path, WHOLE), "cin_episodes")
    assert "census.xml has elements that are not read: AssessmentAuthorisationDate outside its record (1), Notes (1)." in found.notes
    assert "census.xml gives 1 value twice in one record: the first was taken." in found.notes
    assert "census.xml has text in 2 places where none belongs: it was not read." in found.notes
    assert "free text" not in str(found.notes)


STRAY = """\
<CINdetails>
  <CINreferralDate>2017-08-01</CINreferralDate>
  <Assessments><AssessmentActualStartDate>2017-08-02</AssessmentActualStartDate></Assessments>
</CINdetails>"""
SECOND = CHILD.replace("C1", "C2")
# where it stands, and the row of each case of the file that is rejected: every child has one case
OUTSIDE = {
    "before the first child": (message([STRAY, CHILD, SECOND]), [1]),
    "between two children": (message([CHILD, STRAY, SECOND]), [2]),
    "after the last child": (message([CHILD, SECOND, STRAY]), [3]),
    "twice": (message([STRAY, CHILD, STRAY.replace("08-01", "08-03"), SECOND]), [1, 3]),
    "before all children": (message([CHILD, SECOND]).replace("<Children>", f"{STRAY}<Children>"), [3]),
    "after all children": (message([CHILD, SECOND]).replace("</Children>", f"</Children>{STRAY}"), [3]),
    "before the header": (message([CHILD, SECOND]).replace("<Message>", f"<Message>{STRAY}"), [1]),
    "in a wrapper of its own": (message([CHILD, f"<Group>{STRAY}</Group>", SECOND]), [2]),
    "in a wrapper with a child": (message([f"<Group>{CHILD}{STRAY}</Group>", SECOND]), [2]),
    "in a namespace": (message([CHILD, STRAY, SECOND]).replace("<Message>", '<Message xmlns="urn:x">'), [2]),
}


@pytest.mark.parametrize(("text", "rejected"), OUTSIDE.values(), ids=OUTSIDE.keys())
def test_what_stands_outside_any_child_is_read_and_rejected(tmp_path: Path, text: str, rejected: list[int]) -> None:
    found = of(tmp_path, text)
    lost = len(rejected)
    assert [counts(found, name) for name in ("persons", "cin_episodes", "cin_assessments")] == [
        (2, 2, 0),
        (2 + lost, 2, lost),
        (2 + lost, 2, lost),
    ]
    findings = [(f.row, f.column, f.reason) for f in check(found).findings if f.table == "cin_episodes"]
    assert findings == [(row, "person_id", "is required and empty") for row in rejected]
    said = f"census.xml has records outside those they belong to, so whose they are is not known: CINdetails ({lost})."
    assert said in found.notes


def test_an_assessment_outside_any_case_is_rejected_and_said(tmp_path: Path) -> None:
    alone = "<Assessments><AssessmentActualStartDate>2017-08-02</AssessmentActualStartDate></Assessments>"
    found = of(tmp_path, WHOLE.replace("<CINdetails>", f"{alone}<CINdetails>"))
    assert counts(found, "cin_assessments") == (2, 1, 1)
    assert "census.xml has records outside those they belong to, so whose they are is not known: Assessments (1)." in found.notes


def test_other_elements_outside_any_child_are_counted(tmp_path: Path) -> None:
    found = of(tmp_path, message([CHILD, "<LAchildID>C9</LAchildID>"]).replace("</Children>", "</Children><Footer><Note>x</Note></Footer>"))
    assert "census.xml has elements that are not read: LAchildID outside its record (1), Footer (1), Note (1)." in found.notes
    assert not any("C9" in table.rows.to_csv() for table in found.tables.values())


def test_children_with_one_id_are_one_child_with_all_cases(tmp_path: Path) -> None:
    again = CHILD.replace("2017-06-05", "2017-10-09").replace("2017-06", "2017-11").replace("2017-07", "2017-12")
    found = of(tmp_path, message([CHILD, again]))
    assert [counts(found, name) for name in ("persons", "cin_episodes", "cin_assessments")] == [(2, 1, 1), (2, 2, 0), (2, 2, 0)]
    (finding,) = [f for f in check(found).findings if f.table == "persons"]
    assert (finding.row, finding.reason) == (2, "repeats the key of row 1")


def test_two_referrals_on_one_day_are_two_and_one_written_twice_is_one(tmp_path: Path) -> None:
    case = "<CINdetails><CINreferralDate>2017-06-05</CINreferralDate><ReferralSource>{}</ReferralSource></CINdetails>"
    found = of(tmp_path, WHOLE.replace("</Child>", case.format("2A") + case.format("2A") + case.format("3A") + "</Child>"))
    assert [row["referral_id"] for row in cells(found, "cin_episodes")] == [
        "C1-2017-06-05",
        "C1-2017-06-05-2",
        "C1-2017-06-05-2",
        "C1-2017-06-05-3",
    ]
    assert counts(found, "cin_episodes") == (4, 3, 1)


@pytest.mark.parametrize(("reason", "outcome"), [("RC8", "CLOSED"), ("RC9", "EARLY_HELP"), ("RC7", None)])
def test_a_case_closed_after_assessment_was_closed_on_its_last(tmp_path: Path, reason: str, outcome: str | None) -> None:
    closed = f"<CINclosureDate>2017-12-01</CINclosureDate><ReasonForClosure>{reason}</ReasonForClosure>"
    later = (
        "<Assessments><AssessmentActualStartDate>2017-10-01</AssessmentActualStartDate>"
        "<AssessmentAuthorisationDate>2017-11-30</AssessmentAuthorisationDate></Assessments>"
    )
    rows = cells(of(tmp_path, WHOLE.replace("<Assessments>", f"{closed}{later}<Assessments>", 1)), "cin_assessments")
    told = [(row.get("assessment_outcome"), row["assessment_outcome_nfa"]) for row in rows]
    assert told == [(outcome, "Y" if outcome else "N"), (None, "N")]


def test_a_conference_without_an_enquiry_is_said(tmp_path: Path) -> None:
    found = of(tmp_path, WHOLE.replace("<DateOfInitialCPC>2017-06-30", "<DateOfInitialCPC>2017-05-30", 1))
    assert "1 initial conference belongs to no section 47 enquiry, as when a child moves in, and cannot be counted." in found.notes
    assert cells(found, "s47_enquiries")[0]["icpc_date"] == "2017-06-30"


# The day of the data


def test_a_census_drawn_before_its_reference_date_is_as_at_then(tmp_path: Path) -> None:
    assert of(tmp_path, message([CHILD], written="2017-12-31T23:40:00")).as_at == datetime(2017, 12, 31, 23, 40)
    assert read(str(tmp_path / "census.xml"), quiet, False, datetime(2017, 11, 30)).as_at == datetime(2017, 11, 30)


def test_without_a_reference_date_it_is_said(tmp_path: Path) -> None:
    found = of(tmp_path, f"<Message><Children>{CHILD}</Children></Message>")
    assert (found.as_at, found.complete_from) == (None, None)
    assert "census.xml does not say its reference date" in found.notes[0]


def test_a_census_of_other_years_is_said(tmp_path: Path) -> None:
    assert "census.xml is the census of 2010: the formats of 2017 to 2026 are known." in of(tmp_path, message([CHILD], "2010-03-31")).notes


# Postcodes beside it


def test_addresses_beside_the_census_place_its_children(tmp_path: Path) -> None:
    (tmp_path / "addresses.csv").write_text("LAchildID,Postcode,From,To,UPRN\nC1,EX4 4QJ,01/09/2015,,1\nC1,EX31 1JA\n", "utf-8")
    found = of(tmp_path, WHOLE)
    assert cells(found, "addresses") == [
        {"table_id": "C1-H-01/09/2015", "person_id": "C1", "address_start_date": "01/09/2015", "address_postcode": "EX4 4QJ"}
    ]
    assert counts(found, "addresses") == (2, 1, 1)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("child_id,start_date\nC1,2015-09-01\n", "addresses.csv has no column postcode: its headings are child_id, start_date."),
        (
            "child_id,Jane Doe,start_date\nC1,2015-09-01\n",
            "addresses.csv has no column postcode: its headings are child_id, start_date and 1 that is not known.",
        ),
        (
            "C1,Stuart Doe,EX4 4QJ\n",
            "addresses.csv has no column child_id: its first row, of 3 fields, seems to be data and no headings.",
        ),
    ],
)
def test_addresses_without_a_column_that_they_need_are_refused(tmp_path: Path, lines: str, said: str) -> None:
    (tmp_path / "addresses.csv").write_text(lines, "utf-8")
    with pytest.raises(Unusable) as raised:
        of(tmp_path, WHOLE)
    assert str(raised.value) == said


def test_without_addresses_it_is_said(tmp_path: Path) -> None:
    assert any("no child can be placed on the map" in note for note in of(tmp_path, WHOLE).notes)
    (tmp_path / "addresses.csv").write_text("\n", "utf-8")
    assert "addresses.csv has no rows: no child can be placed on the map." in of(tmp_path, WHOLE).notes


# Several years


def years(tmp_path: Path, *texts: str) -> Records:
    for number, text in enumerate(texts):
        (tmp_path / f"{9 - number}.xml").write_text(text, "utf-8")  # not in the order of their names
    return read(str(tmp_path))


def test_the_censuses_of_several_years_are_one(tmp_path: Path) -> None:
    open_then = CHILD.replace("<AssessmentAuthorisationDate>2017-07-06</AssessmentAuthorisationDate>", "").replace(">4B<", ">2A<")
    closed = CHILD.replace("<PrimaryNeedCode>", "<CINclosureDate>2018-06-01</CINclosureDate><PrimaryNeedCode>")
    old = CHILD.replace("C1", "C0")
    found = years(tmp_path, message([old, open_then], "2018-03-31", "2018-05-01"), message([closed], "2019-03-31", "2019-05-01"))
    assert [row.get("close_date") for row in cells(found, "cin_episodes")] == [None, "2018-06-01"]
    factors = [f"C{n}-A-2017-06-06-{code}" for n in (0, 1) for code in ("3B", "4B")]
    assert [row["table_id"] for row in cells(found, "assessment_factors")] == factors
    assert (found.as_at, found.complete_from) == (datetime(2019, 3, 31), date(2017, 4, 1))
    assert "9 rows are in the census of more than one year: the later one was taken." in found.notes
    assert check(found).findings == ()


def test_two_censuses_of_one_year_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"8\.xml and 9\.xml are of the same year|9\.xml and 8\.xml are of the same year"):
        years(tmp_path, WHOLE, WHOLE)


def of_year(year: int) -> str:
    """A census with one child, referred in the June before."""
    return message([CHILD.replace("2017-", f"{year - 1}-").replace("C1", f"C{year}")], f"{year}-03-31", f"{year}-05-01")


GAPS = {
    "none missing": ((2017, 2018, 2019), (2017, 2018, 2019), ""),
    "one missing": (
        (2017, 2019),
        (2019,),
        "There is no census of 2018, so figures begin with that of 2019: what is from before is not used (9 rows of 9.xml).",
    ),
    "two missing one after the other": (
        (2016, 2019, 2020),
        (2019, 2020),
        "There is no census of 2017 to 2018, so figures begin with that of 2019: what is from before is not used (9 rows of 9.xml).",
    ),
    "two missing apart": (
        (2016, 2018, 2020, 2021),
        (2020, 2021),
        "There is no census of 2019, so figures begin with that of 2020: what is from before is not used (18 rows of 9.xml, 8.xml)."
    ),
}


@pytest.mark.parametrize(("there", "used", "said"), GAPS.values(), ids=GAPS.keys())
def test_figures_begin_after_the_last_year_that_is_missing(
    tmp_path: Path, there: tuple[int, ...], used: tuple[int, ...], said: str
) -> None:
    found = years(tmp_path, *map(of_year, there))
    assert found.complete_from == date(used[0] - 1, 4, 1)
    assert [row["person_id"] for row in cells(found, "cin_episodes")] == [f"C{year}" for year in used]
    assert "".join(note for note in found.notes if "no census of" in note) == said


@pytest.mark.slow
def test_of_a_year_before_the_gap_there_is_a_reason_and_no_nought(tmp_path: Path) -> None:
    load(years(tmp_path, of_year(2017), of_year(2019)), tmp_path / "data", quiet)
    snapshot = open_current(tmp_path / "data")

    def answer(id: str, period: str) -> tuple[object, str]:
        (row,) = query(snapshot, id, scope=Scope.everything(), period=parse(period, snapshot.as_at.date())).to_dict("records")
        return (None if pd.isna(row["numerator"]) else row["numerator"]), str(row["reason"])

    assert answer("referrals", "2018/19")[0] == 1
    assert answer("open_cases", "2019-03-31")[0] == 1  # the child of 2017, open then, is not taken to be so still
    for id, period in (("referrals", "2017/18"), ("referrals", "2016/17"), ("re_referrals", "2018/19")):
        figure, reason = answer(id, period)
        assert figure is None and "1 April 2018" in reason, (id, period)


def test_of_several_censuses_each_must_say_its_year(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"8\.xml does not say its reference date, so it is not known which") as raised:
        years(tmp_path, of_year(2017), f"<Message><Children>{CHILD}</Children></Message>")
    sentence(raised.value)


def test_a_folder_without_xml_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"There is no XML file in .*: name the census file"):
        read(str(tmp_path))


# What is refused

BOMB = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "an entity bomb": (BOMB + WHOLE.replace("C1", "&c;"), r"declares a document type \(DOCTYPE\)"),
    "a bomb in an attribute": (BOMB + WHOLE.replace("<Message>", '<Message a="&c;">'), r"declares a document type \(DOCTYPE\)"),
    "an external entity": (
        '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + WHOLE.replace("C1", "&x;"),
        r"declares a document type \(DOCTYPE\)",
    ),
    "a definition elsewhere": ('<!DOCTYPE Message SYSTEM "http://127.0.0.1:9/cin.dtd">' + WHOLE, r"declares a document type \(DOCTYPE\)"),
    "an entity nobody declared": (WHOLE.replace("C1", "&nbsp;"), r"damaged at line 5 \(Entity 'nbsp' not defined\), after 0 children"),
    "another first element": ("<SSDA903><CHILD/></SSDA903>", r"is not a children in need census: its first element is SSDA903"),
    "another collection": (
        WHOLE.replace("<Collection>CIN", "<Collection>CWD"),
        r"is not a children in need census: it says that it is a collection of CWD, not CIN",
    ),
    "no child": (message([]), r"holds no child, so it cannot be a whole children in need census"),
    "an empty file": (b"", r"census\.xml is empty\."),
    "blank lines": (b"\n \n", r"census\.xml is empty\."),
    "no XML": (b"LAchildID,CINreferralDate\nC1,2017-06-05\n", r"is not XML that can be read: syntax error: line 1"),
    "a PDF": (b"%PDF-1.7\n", r"is a PDF document, not XML"),
    "an encoding nobody knows": (f'<?xml version="1.0" encoding="klingon"?>{WHOLE}', r"(not XML that can be read|cut off or damaged)"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_used_is_said_in_a_sentence(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(Unusable, match=said) as raised:
        of(tmp_path, content)
    sentence(raised.value)


def sentence(error: Unusable) -> None:
    assert re.fullmatch(r"[^\x00-\x1f]{10,400}\.", str(error))


def test_a_zip_named_xml_is_said(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "census.xml", "w") as archive:
        archive.writestr("census.xml", WHOLE)
    with pytest.raises(Unusable, match=r"census\.xml is a zip archive or an Excel workbook, not XML: unpack it"):
        read(str(tmp_path / "census.xml"))


def test_a_file_cut_off_says_where_and_how_far_it_was_read(tmp_path: Path) -> None:
    text = message([CHILD, CHILD.replace("C1", "C2"), CHILD.replace("C1", "C3")])
    for last, children in (("C2", "1 child"), ("C3", "2 children")):
        cut = text[: text.index(last)]
        line = cut.count("\n") + 1
        with pytest.raises(Unusable, match=rf"census\.xml is cut off or damaged at line {line} \(.*\), after {children}: nothing"):
            of(tmp_path, cut)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"There is no file .*nowhere\.xml\."):
        read(str(tmp_path / "nowhere.xml"))
    with pytest.raises(Unusable, match="cannot be read: embedded null"):
        read("a\0b")


def test_bytes_of_windows_1252_under_the_name_of_utf_8_are_read_and_said(tmp_path: Path) -> None:
    found = of(tmp_path, WHOLE.replace("C1", "É1").encode("cp1252"))
    assert cells(found, "persons")[0]["person_id"] == "É1"
    assert found.notes[0] == "census.xml is not in the encoding it says and was read as Windows-1252."


# The same figures as from the records it was written from

CARRIED = frozenset({"cin_episodes", "cin_assessments", "assessment_factors", "s47_enquiries", "cp_plans"})
# the census does not carry what an assessment decided, nor those of earlier years, nor when an enquiry without a conference ended
UNKNOWN = {
    "assessments_case_closed": "assessment_outcome_nfa in cin_assessments",
    "children_in_need": "earlier rows in cin_assessments",
    "children_in_need_rate": "earlier rows in cin_assessments",
    "assessments_overdue_from_referral": "earlier rows in cin_assessments",
    "s47_overdue": "s47_end_date in s47_enquiries",
}


def years_before(folder: Path, first: int) -> None:
    """Censuses from this year on to that before 2018, of one child whose case and plan ended in the first."""
    year = str(first - 1)
    closed = CHILD.replace("<PrimaryNeedCode>", f"<CINclosureDate>{year}-10-01</CINclosureDate><PrimaryNeedCode>")
    ended = closed.replace("<InitialCategory", f"<CPPendDate>{year}-10-01</CPPendDate><InitialCategory")
    for reported in range(first, 2018):
        text = message([ended.replace("C1", "OLD").replace("2017", year)], f"{reported}-03-31", f"{reported}-05-01")
        (folder / f"{reported}.xml").write_text(text, "utf-8")


def figures(snapshot: Snapshot, id: str, period: str, by: list[str]) -> list[tuple[object, ...]]:
    frame = query(snapshot, id, scope=Scope.everything(), period=parse(period, snapshot.as_at.date()), by=by)
    return [tuple(row) for row in frame.drop(columns=["from", "to"]).astype(object).fillna("").to_numpy()]


def same_figures(one: Snapshot, other: Snapshot, periods: list[str], by: list[list[str]]) -> int:
    compared = 0
    for id, indicator in INDICATORS.items():
        if not set(indicator.tables) <= CARRIED or id in UNKNOWN:
            continue
        for period in periods:
            for split in by:
                try:
                    wanted = figures(other, id, period, split)
                except QueryError:
                    continue
                assert figures(one, id, period, split) == wanted, (id, period, split)
                compared += 1
    return compared


@pytest.mark.slow
def test_what_the_census_does_not_know_is_not_counted(tmp_path: Path) -> None:
    load(read(str(written(small_county(), tmp_path))), tmp_path / "data", quiet)
    snapshot = open_current(tmp_path / "data")
    for id, missing in UNKNOWN.items():
        (row,) = query(snapshot, id, scope=Scope.everything(), period=parse("2017-12-31", snapshot.as_at.date())).to_dict("records")
        assert pd.isna(row["numerator"]) and row["reason"].startswith(f"The source has no {missing}, so ")


@pytest.mark.slow
def test_the_census_of_the_small_county_gives_its_figures(tmp_path: Path, small: Snapshot) -> None:
    years_before(tmp_path, 2016)  # so that both look back as far
    written(small_county(), tmp_path)
    load(read(str(tmp_path)), tmp_path / "data", quiet)
    periods, splits = ["2017-12-31", "2017-12", "2017/18YTD", "2016/17"], [[], ["locality"], ["age_band"], ["sex"]]
    assert same_figures(open_current(tmp_path / "data"), small, periods, splits) > 100


@pytest.mark.slow
def test_the_census_of_thousands_of_children_gives_their_figures(tmp_path: Path, fifth: Snapshot, fifth_records: Records) -> None:
    assert len(fifth_records.tables["persons"].rows) > 5_000
    years_before(tmp_path, 2015)
    written(fifth_records, tmp_path)
    found = read(str(tmp_path))
    loaded = load(found, tmp_path / "data", quiet)
    assert loaded.counts["rejected"].sum() == 0
    compared = same_figures(open_current(tmp_path / "data"), fifth, ["2017-12", "2017/18YTD", "2017/18Q3"], [[], ["district"], ["month"]])
    assert compared > 60


# Damage

SMALL = census(small_county()).encode()
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from([0, 1, 3, 40, 5_000]),
        st.one_of(
            st.sampled_from([b"<", b">", b"&", b"\x00", b"\xff", b"<Child>", b"</Child>", b"<CINdetails/>", b"]]>", b"<!--", b"x" * 5_000]),
            st.binary(max_size=6),
        ),
    ),
    max_size=3,
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    edits=EDITS,
    doubled=st.sets(st.integers(0, 13), max_size=3),
    renamed=st.sampled_from(["", "CINdetails", "LAchildID", "Assessments"]),
)
@example(edits=[], doubled=set(), renamed="")
@example(edits=[], doubled={5}, renamed="LAchildID")
def test_no_damage_crashes_the_reader_or_loses_a_row(edits: list[tuple[float, int, bytes]], doubled: set[int], renamed: str) -> None:
    lines = SMALL.split(b"\n")
    data = b"\n".join(line for number, line in enumerate(lines) for _ in range(1 + (number in doubled)))
    if renamed:
        data = data.replace(renamed.encode(), b"Renamed", 6)
    for share, gone, new in edits:
        at = round(share * len(data))
        data = data[:at] + new + data[at + gone :]
    with TemporaryDirectory() as name:
        try:
            found = of(Path(name), data)
        except Unusable as error:
            sentence(error)
            return
    if not edits and not renamed:
        elements = {"persons": b"<Child>", "cin_episodes": b"<CINdetails>", "cp_plans": b"<ChildProtectionPlans>"}
        assert {table: len(found.tables[table].rows) for table in elements} == {table: data.count(tag) for table, tag in elements.items()}
    try:
        checked = check(found)
    except Unusable as error:
        sentence(error)
        return
    holds(Records({**found.tables}, found.source, found.synthetic, found.as_at), checked)
