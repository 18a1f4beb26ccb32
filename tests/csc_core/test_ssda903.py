"""The looked-after return: its files whatever their names, what its episodes say of placements, and its figures."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from csc_core import sources
from csc_core.access import Scope
from csc_core.check import check
from csc_core.indicators import INDICATORS
from csc_core.load import load
from csc_core.periods import parse
from csc_core.query import QueryError, query
from csc_core.snapshot import Snapshot, open_current
from csc_core.sources.csv import write
from csc_core.sources.ssda903 import read
from csc_core.tables import Records, Unusable, quiet
from csc_core.together import together
from tests import care_county
from tests.csc_core.door import holds
from tests.csc_core.looked_after_files import files, written, xml
from tests.small_county import records as small_county

AS_AT = datetime(2017, 12, 31, 23, 40)
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nC1,2,14/05/2009,WBRI,A850728973744,0,\nC2,1,28/02/1999,MWBC,UN1,,\n"
EPISODES = """\
CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
C1,01/03/2017,S,C1,N1,U6,PR1,01/06/2017,X1,,EX4 4QJ,EX4 4QK,SC1
C1,01/06/2017,L,C2,N1,U6,PR1,01/09/2017,X1,CREQB,EX4 4QJ,EX44QK,SC1
C1,01/09/2017,P,C2,N1,K2,PR4,,,,EX4 4QJ,PL4 6AB,SC2
"""


def folder(tmp_path: Path, **texts: str | bytes) -> Path:
    tmp_path.mkdir(exist_ok=True)
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return tmp_path


def of(tmp_path: Path, episodes: str = EPISODES, **texts: str | bytes) -> Records:
    return read(str(folder(tmp_path, **{"a": HEADER, "b": episodes, **texts})), quiet, True, AS_AT)


def cells(records: Records, table: str) -> list[dict[str, str]]:
    """The rows of a table, without what is empty."""
    return [{str(name): text for name, text in row.items() if text} for row in records.tables[table].rows.to_dict("records")]


def counts(records: Records, table: str) -> tuple[int, int, int]:
    """Rows read, kept and rejected."""
    (row,) = [row for row in check(records).counts.to_dict("records") if row["table"] == table]
    return row["read"], row["kept"], row["rejected"]


def placements(records: Records) -> list[tuple[str, ...]]:
    names = ("cla_placement_start_date", "cla_placement_end_date", "cla_placement_type", "cla_placement_change_reason", "cla_id")
    return [tuple(row.get(name, "") for name in names) for row in cells(records, "cla_placements")]


def test_episodes_make_placements_statuses_and_a_period_of_care(tmp_path: Path) -> None:
    found = of(tmp_path)
    assert cells(found, "persons") == [
        {"person_id": "C1", "sex": "F", "ethnicity": "WBRI", "dob": "14/05/2009"},
        {"person_id": "C2", "sex": "M", "ethnicity": "MWBC", "dob": "28/02/1999"},
    ]
    made = ("cla_episode_id", "cla_placement_id", "cla_id", "entered_care_date")
    assert [tuple(row[name] for name in made) for row in cells(found, "cla_episodes")] == [
        ("C1-2017-03-01", "C1-P-2017-03-01", "C1-2017-03-01", "2017-03-01"),
        ("C1-2017-06-01", "C1-P-2017-03-01", "C1-2017-03-01", "2017-03-01"),
        ("C1-2017-09-01", "C1-P-2017-09-01", "C1-2017-03-01", "2017-03-01"),
    ]
    assert placements(found) == [
        ("01/03/2017", "01/09/2017", "U6", "CREQB", "C1-2017-03-01"),
        ("01/09/2017", "", "K2", "", "C1-2017-03-01"),
    ]
    days = ("legal_status", "legal_status_start_date", "legal_status_end_date")
    assert [tuple(row.get(name) for name in days) for row in cells(found, "legal_status")] == [
        ("C1", "01/03/2017", "01/06/2017"),
        ("C2", "01/06/2017", "01/09/2017"),
        ("C2", "01/09/2017", None),
    ]
    checked = check(found)
    assert checked.findings == ()
    assert list(checked.frames["cla_episodes"]["home_postcode"]) == ["EX4 4QJ"] * 3
    assert (found.complete_from, found.history) == (date(2017, 4, 1), False)


ROWS = {
    "a new placement for each of P, T, B and U": (
        """\
C1,01/03/2017,S,C1,N1,U6,PR1,01/04/2017,X1,A,,,
C1,01/04/2017,P,C1,N1,U6,PR1,01/05/2017,X1,B,,,
C1,01/05/2017,T,C1,N1,U4,PR1,01/06/2017,X1,C,,,
C1,01/06/2017,B,C2,N1,U6,PR1,01/07/2017,X1,D,,,
C1,01/07/2017,U,C2,N1,U1,PR1,,,,,,
""",
        [("U6", "A"), ("U6", "B"), ("U4", "C"), ("U6", "D"), ("U1", "")],
    ),
    "one in another place, though only the status is said to have changed": (
        "C1,01/03/2017,S,C1,N1,U6,PR1,01/04/2017,X1,,,EX4 4QJ,\nC1,01/04/2017,L,C2,N1,U6,PR1,,,,,EX31 1JA,\n",
        [("U6", ""), ("U6", "")],
    ),
    "another after a return home": (
        "C1,01/03/2017,S,C1,N1,U6,PR1,01/04/2017,E4A,,,,\nC1,01/08/2017,S,V2,N1,U6,PR1,,,,,,\n",
        [("U6", ""), ("U6", "")],
    ),
    "none where nothing says where the child was": ("C1,01/03/2017,S,C1,N1,,,,,,,,\n", []),
    "in the order of their days, not of the file": (
        "C1,01/04/2017,L,C2,N1,U6,PR1,,,,,,\nC1,01/03/2017,S,C1,N1,U6,PR1,01/04/2017,X1,,,,\n",
        [("U6", "")],
    ),
    "small letters are the same codes": (
        "C1,01/03/2017,s,c1,n1,u6,pr1,01/04/2017,x1,,,,\nC1,01/04/2017,l,c2,n1,u6,pr1,,,,,,\n",
        [("U6", "")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "wanted"), ROWS.values(), ids=ROWS.keys())
def test_placements(tmp_path: Path, rows: str, wanted: list[tuple[str, str]]) -> None:
    found = of(tmp_path, EPISODES.split("\n", maxsplit=1)[0] + "\n" + rows)
    kinds = [(kind, reason) for _, _, kind, reason, _ in placements(found)] if "cla_placements" in found.tables else []
    assert kinds == wanted


EPISODE = "C1,{},S,C1,N1,U6,PR1,{},X1,,,,\n"
YEARS = {
    "one end mistyped": (
        [("01/03/2014", "01/03/2014"), ("01/04/2016", "05/01/2018"), ("01/05/2016", "01/03/2018"), ("01/06/2012", "")],
        date(2017, 4, 1),
        "of the 3 episodes that ended, 1 did so before",
    ),
    "as many ends in the year before": (
        [("01/04/2012", "31/03/2017"), ("01/05/2012", "01/04/2017")],
        date(2017, 4, 1),
        "of the 2 episodes that ended, 1 did so before",
    ),
    "two ends of earlier years": (
        [("01/04/2012", "31/03/2014"), ("01/05/2012", "31/03/2016"), *[("01/05/2012", "01/03/2018")] * 2],
        date(2017, 4, 1),
        "of the 4 episodes that ended, 2 did so before",
    ),
    "all ends in the year": ([("01/05/2012", "01/04/2017"), ("01/05/2012", "31/03/2018")], date(2017, 4, 1), ""),
    "more ends after the day than before it": ([("01/05/2012", "01/04/2017"), *[("01/05/2012", "01/07/2018")] * 2], date(2017, 4, 1), ""),
    "an end before its beginning": ([("01/05/2016", "01/04/2015"), ("01/06/2016", "")], date(2017, 4, 1), ""),
    "nothing ended": ([("01/02/2012", ""), ("01/02/2018", "")], date(2017, 4, 1), ""),
}


@pytest.mark.parametrize(("episodes", "begins", "said"), YEARS.values(), ids=YEARS.keys())
def test_a_return_is_of_one_year(tmp_path: Path, episodes: list[tuple[str, str]], begins: date, said: str) -> None:
    text = EPISODES.split("\n", maxsplit=1)[0] + "\n" + "".join(EPISODE.format(*days) for days in episodes)
    found = read(str(folder(tmp_path, a=HEADER, b=text)), quiet, True, datetime(2018, 3, 31))
    assert found.complete_from == begins
    told = [note for note in found.notes if "of the year from" in note]
    assert [note.partition(". ")[0] for note in told] == ([f"The return is taken to be of the year from {begins}: {said}"] if said else [])


def test_a_return_drawn_after_its_year_is_of_the_year_in_which_most_ended(tmp_path: Path) -> None:
    late = EPISODES.replace("01/09/2017", "05/05/2018")
    text = late + EPISODE.format("01/02/2017", "01/10/2017")
    found = read(str(folder(tmp_path, a=HEADER, b=text)))
    assert (found.as_at, found.complete_from) == (datetime(2018, 5, 5), date(2017, 4, 1))


@pytest.mark.slow
def test_of_years_before_the_return_there_is_a_reason_and_no_child(tmp_path: Path) -> None:
    load(of(tmp_path, EPISODES + "C2,01/03/2013,S,C2,N1,K2,PR4,01/03/2014,E8,,,,\n"), tmp_path / "data", quiet)
    snapshot = open_current(tmp_path / "data")
    for period, figure, reason in (
        ("2017-12-31", 1, ""),
        ("2015-03-31", None, "Records begin on 1 April 2017."),
        ("2013-06-30", None, "Records begin on 1 April 2017."),
    ):
        row = query(snapshot, "looked_after", scope=Scope.everything(), period=parse(period, snapshot.as_at.date())).iloc[0]
        assert (None if row.isna()["numerator"] else row["numerator"]) == figure
        assert ("" if row.isna()["reason"] else row["reason"]) == reason


def test_a_return_home_begins_a_new_period_of_care(tmp_path: Path) -> None:
    rows = "C1,01/03/2017,S,C1,N1,U6,PR1,01/04/2017,E4A,,,,\nC1,01/08/2017,S,V2,N1,U6,PR1,,,,,,\n"
    found = of(tmp_path, EPISODES.split("\n", maxsplit=1)[0] + "\n" + rows)
    assert [row["cla_id"] for row in cells(found, "cla_episodes")] == ["C1-2017-03-01", "C1-2017-08-01"]


def test_when_care_began_is_not_known_where_the_first_episode_is_not_the_first(tmp_path: Path) -> None:
    found = of(tmp_path, EPISODES.replace("01/03/2017,S", "01/03/2017,P"))
    assert [row.get("entered_care_date") for row in cells(found, "cla_episodes")] == [None] * 3


def test_a_day_that_is_none_rejects_its_episode_and_no_other(tmp_path: Path) -> None:
    found = of(tmp_path, EPISODES.replace("C1,01/09/2017,P", "C1,29/02/2017,P"))
    checked = check(found)
    assert {(f.table, f.row, f.value, f.reason) for f in checked.findings} == {
        ("cla_episodes", 4, "29/02/2017", "is not a day in the calendar"),
        ("cla_placements", 4, "29/02/2017", "is not a day in the calendar"),
        ("legal_status", 4, "29/02/2017", "is not a day in the calendar"),
    }
    assert counts(found, "cla_episodes") == (3, 2, 1)


def test_an_episode_written_twice_is_listed_and_counts_once(tmp_path: Path) -> None:
    last = EPISODES.strip().split("\n")[-1]
    found = of(tmp_path, f"{EPISODES}{last}\n")
    assert [counts(found, name) for name in ("cla_episodes", "cla_placements", "legal_status")] == [(4, 3, 1), (3, 2, 1), (4, 3, 1)]


def test_a_row_that_has_slipped_is_listed(tmp_path: Path) -> None:
    found = of(tmp_path, EPISODES + "C1,01/10/2017\n")
    assert counts(found, "cla_episodes") == (4, 3, 1)


# Leaving care


@pytest.mark.parametrize(
    ("accom", "kind", "suitable"), [("U1", "U", "Y"), ("x2", "X", "N"), ("0", "0", None), ("Q9", "Q9", None), ("", None, None)]
)
def test_accommodation_is_a_letter_and_whether_it_is_suitable(tmp_path: Path, accom: str, kind: str | None, suitable: str | None) -> None:
    (row,) = cells(of(tmp_path, c=f"CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\nC2,28/02/1999,YES,F2,{accom}\n"), "care_leavers")
    assert (row.get("care_leaver_accommodation"), row.get("care_leaver_accom_suitable")) == (kind, suitable)
    assert (row["care_leaver_in_touch"], row["care_leaver_activity"], row["status_start_date"]) == ("YES", "F2", "2017-02-01")


@pytest.mark.parametrize(
    ("born", "since"), [("31/12/1998", "2017-12-01"), ("01/01/1999", "2017-01-01"), ("29/02/2000", "2017-03-01"), ("", "2017-02-01")]
)
def test_a_care_leaver_is_as_from_the_month_of_the_last_birthday(tmp_path: Path, born: str, since: str) -> None:
    (row,) = cells(of(tmp_path, c=f"CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\nC2,{born},YES,F2,U1\n"), "care_leavers")
    assert row["status_start_date"] == since  # with no date of birth, that of the Header


# Adoption

ADOPTED = EPISODES.replace("01/09/2017,P,C2,N1,K2,PR4,,", "01/09/2017,P,E1,N1,A6,PR1,01/12/2017,E11")


def test_a_decision_a_placement_and_an_order_are_one_row(tmp_path: Path) -> None:
    placed = "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\nC1,14/05/2009,01/05/2017,,\n"
    found = of(tmp_path, ADOPTED, c=placed, d="CHILD,DOB,DATE_INT,DATE_MATCH\nC1,14/05/2009,01/05/2017,01/08/2017\n")
    assert cells(found, "permanence") == [
        {
            "table_id": "C1-N-1",
            "person_id": "C1",
            "entered_care_date": "2017-03-01",
            "adm_decision_date": "01/05/2017",
            "placed_for_adoption_date": "01/09/2017",
            "permanence_order_date": "01/12/2017",
            "permanence_order_type": "ADOPTION",
        }
    ]
    assert check(found).findings == ()


def test_a_decision_reversed_and_made_again_is_two(tmp_path: Path) -> None:
    placed = "CHILD,DATE_PLACED,DATE_PLACED_CEASED\nC1,01/05/2017,01/06/2017\nC1,01/08/2017,\n"
    rows = cells(of(tmp_path, ADOPTED, c=placed), "permanence")
    assert [(row["adm_decision_date"], row.get("decision_reversed_date"), row.get("placed_for_adoption_date")) for row in rows] == [
        ("01/05/2017", "01/06/2017", None),
        ("01/08/2017", None, "01/09/2017"),
    ]


def test_without_a_decision_the_placement_and_the_order_speak_for_it(tmp_path: Path) -> None:
    (row,) = cells(of(tmp_path, ADOPTED), "permanence")
    assert ("adm_decision_date" in row, row["placed_for_adoption_date"], row["permanence_order_type"]) == (False, "01/09/2017", "ADOPTION")


def test_ad1_gives_the_decision_where_the_other_file_does_not(tmp_path: Path) -> None:
    (row,) = cells(of(tmp_path, ADOPTED, d="CHILD,DOB,DATE_INT,DATE_MATCH\nC1,14/05/2009,01/05/2017,\n"), "permanence")
    assert row["adm_decision_date"] == "01/05/2017"


# The files


ENCODED: dict[str, Callable[[str], bytes]] = {
    "UTF-8 with its mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "UTF-16 and tabs": lambda text: text.replace(",", "\t").encode("utf-16"),
    "semicolons and Windows line ends": lambda text: text.replace(",", ";").replace("\n", "\r\n").encode(),
    "headings in small letters": lambda text: re.sub("^.*", lambda heading: heading[0].lower(), text).encode(),
    "columns in another order, and more of them": lambda text: "\n".join(
        ",".join(["x", *reversed(line.split(","))]) for line in text.split("\n") if line
    ).encode(),
}


@pytest.mark.parametrize("encode", ENCODED.values(), ids=ENCODED.keys())
def test_a_file_is_read_however_it_was_saved(tmp_path: Path, encode: Callable[[str], bytes]) -> None:
    usual = of(tmp_path)
    other = of(tmp_path, a=encode(HEADER), b=encode(EPISODES))
    assert {name: cells(other, name) for name in other.tables} == {name: cells(usual, name) for name in usual.tables}


def test_missing_files_are_said(tmp_path: Path) -> None:
    assert [note.partition(":")[0] for note in of(tmp_path).notes if note.startswith("No file")] == [
        "No file of the return is the OC3 file",
        "No file of the return is the AD1 file",
        "No file of the return is the PlacedAdoption file",
    ]


def test_a_return_alone_must_have_its_episodes(tmp_path: Path) -> None:
    placed = "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED\nC1,14/05/2009,01/05/2017,\n"
    where = str(folder(tmp_path / "903", a=HEADER, c=placed))
    empty = str(folder(tmp_path / "empty", a=HEADER, b=EPISODES.split("\n", maxsplit=1)[0]))
    said = "without them looked-after children, their placements and legal statuses cannot be counted."
    for alone in (where, empty):
        with pytest.raises(Unusable, match=r" has no episodes \(rows under the headings CHILD and DECOM\), and " + said) as raised:
            sources.read([("ssda903", alone)], quiet)
        sentence(raised.value)
    write(small_county(), tmp_path / "cases")
    both = sources.read([("csv", str(tmp_path / "cases")), ("ssda903", where)], quiet)
    assert [row["adm_decision_date"] for row in cells(both, "permanence")] == ["01/05/2017"]
    assert any(note.startswith("No file of the return is the Episodes file: looked-after children") for note in both.notes)


def test_without_a_header_its_children_are_those_of_the_other_files(tmp_path: Path) -> None:
    found = read(str(folder(tmp_path, b=EPISODES)), quiet, True, AS_AT)
    assert cells(found, "persons") == [{"person_id": "C1"}]
    assert any(note.startswith("No file of the return is the Header file: sex and ethnic group are not known") for note in found.notes)
    assert check(found).counts["rejected"].sum() == 0


def test_a_child_who_is_not_in_the_header_is_not_lost(tmp_path: Path) -> None:
    found = of(tmp_path, EPISODES + "C9,01/09/2017,S,C2,N1,K2,PR4,,,,,,\n")
    assert cells(found, "persons")[-1] == {"person_id": "C9"}
    assert "1 child is not in a.csv: sex and ethnic group are not known." in found.notes
    assert counts(found, "cla_episodes") == (4, 4, 0)


def test_what_no_indicator_needs_and_what_is_not_of_the_return_are_said(tmp_path: Path) -> None:
    found = of(tmp_path, m="CHILD,DOB,MISSING,MIS_START,MIS_END\nC1,,M,01/07/2017,02/07/2017\n", y="DOB,AGE\nAda,8\n", z="Ada,8\n")
    assert "Known and not needed by any indicator, so not read: m.csv (1 row)." in found.notes
    assert "y.csv has the columns of no file of the return and was not read." in found.notes
    bare = "z.csv has the columns of no file of the return and was not read: its first row seems to be data and no headings."
    assert bare in found.notes
    assert "ada" not in str(found).lower()


def test_the_day_of_the_return_is_its_last_event(tmp_path: Path) -> None:
    found = read(str(folder(tmp_path, a=HEADER, b=EPISODES)))
    assert found.as_at == datetime(2017, 9, 1)
    assert "The return does not say up to which day it goes: the last one in it, 2017-09-01, is taken, unless you give one." in found.notes


def test_what_cannot_be_used_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "y").mkdir()
    (tmp_path / "r.xml").write_text("<Message><Header/></Message>", "utf-8")
    cases = {
        folder(tmp_path / "x", z="NAME\nAda\n"): r"There is no file of a looked-after return in .*x: none has CHILD",
        folder(tmp_path / "y", a=EPISODES, b=EPISODES): r"a\.csv and b\.csv are both Episodes files: keep one",
        folder(tmp_path, a=HEADER) / "a.csv": r"a\.csv is one file of a return: name the folder",
        tmp_path / "r.xml": r"r\.xml is not a looked-after return: in its first element, Message, is no record",
        tmp_path / "nowhere": r"There is no file .*nowhere\.",
    }
    for where, said in cases.items():
        with pytest.raises(Unusable, match=said) as raised:
            read(str(where))
        sentence(raised.value)


def sentence(error: Unusable) -> None:
    assert re.fullmatch(r"[^\x00-\x1f]{10,400}\.", str(error))


# XML


@pytest.mark.parametrize("county", [small_county, care_county.records], ids=["small", "care"])
def test_the_xml_says_what_the_files_say(tmp_path: Path, county: Callable[[], Records]) -> None:
    found = files(county(), "2017-12-31")
    (tmp_path / "return.xml").write_text(xml(found), "utf-8")
    one = read(str(tmp_path / "return.xml"), quiet, True, AS_AT)
    other = read(str(written(found, tmp_path)), quiet, True, AS_AT)
    for name in other.tables:
        wanted = sorted(cells(other, name), key=str)
        assert sorted(cells(one, name), key=str) == wanted


def test_records_of_the_xml_that_are_not_known_are_counted(tmp_path: Path) -> None:
    text = "<R><C><H><CHILDID>C1</CHILDID></H><EPISODE><DECOM>01/03/2017</DECOM></EPISODE><LOCAL><NOTE>free text</NOTE></LOCAL></C></R>"
    (tmp_path / "return.xml").write_text(text, "utf-8")
    found = read(str(tmp_path / "return.xml"), quiet, True, AS_AT)
    assert "return.xml has records that are not read: LOCAL (1)." in found.notes
    assert "free text" not in str(found)


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    (tmp_path / "return.xml").write_text('<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>', "utf-8")
    with pytest.raises(Unusable, match=r"declares a document type \(DOCTYPE\)"):
        read(str(tmp_path / "return.xml"))


# The same figures as from the records it was written from

CARRIED = frozenset({"cla_episodes", "cla_placements", "legal_status", "care_leavers", "permanence"})


def same_figures(one: Snapshot, other: Snapshot, ids: list[str], splits: list[str]) -> int:
    compared = 0
    for id in ids:
        for by in ([], *[[split] for split in splits]):
            try:
                frames = [query(s, id, scope=Scope.everything(), period=parse("2017-12-31", s.as_at.date()), by=by) for s in (one, other)]
            except QueryError:
                continue
            ours, wanted = ([tuple(row) for row in frame.astype(object).fillna("").to_numpy()] for frame in frames)
            assert ours == wanted, (id, by)
            compared += 1
    return compared


CARE = [id for id, indicator in INDICATORS.items() if set(indicator.tables) <= CARRIED]
NEVER = ("looked_after_visited_in_time", "looked_after_first_visit_to_come")  # the return has no visits
SPLITS = ["legal_status", "placement_type", "placements_band", "age_band", "sex"]


@pytest.mark.slow
def test_the_return_of_the_care_county_gives_its_figures(tmp_path: Path) -> None:
    # a placement of which nothing is said is none in a return
    kinds = care_county.CLA_PLACEMENTS.replace("P31 -   C20 2017-11-01 - ", "P31 -   C20 2017-11-01 Z1")
    county = care_county.records(cla_placements=kinds)
    found = read(str(written(files(county, "2017-12-31"), tmp_path)), quiet, True, AS_AT)
    load(replace(found, complete_from=county.complete_from), tmp_path / "return", quiet)  # all its years, of which a return has one
    load(county, tmp_path / "records", quiet)
    ids = [
        "looked_after", "looked_after_rate", "looked_after_legal_status", "placements_12_months", "placements_3_or_more",
        "placed_over_20_miles", "placed_out_of_county", "placed_over_20_miles_out_of_county", "care_moves_per_year",
        "care_longest_placement_share", "care_first_move_days", "care_unplanned_moves",
    ]  # fmt: skip
    assert same_figures(open_current(tmp_path / "return"), open_current(tmp_path / "records"), ids, SPLITS) > 30


@pytest.mark.slow
def test_a_stay_in_hospital_is_neither_a_placement_nor_a_move(tmp_path: Path) -> None:
    away = """\
CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
C1,01/01/2015,S,C2,N1,U4,PR1,01/11/2017,X1,OTHER,EX4 4QJ,EX4 4QK,SC1
C1,01/11/2017,P,C2,N1,T1,PR4,05/11/2017,X1,OTHER,EX4 4QJ,EX31 1JA,
C1,05/11/2017,P,C2,N1,U4,PR1,,,,EX4 4QJ,EX4 4QK,SC1
C2,01/01/2015,S,C2,N1,U4,PR1,01/06/2017,X1,CREQB,EX4 4QJ,EX4 4QK,SC1
C2,01/06/2017,P,C2,N1,K2,PR1,,,,EX4 4QJ,EX31 1JA,SC2
"""
    load(of(tmp_path, away), tmp_path / "data", quiet)
    found = open_current(tmp_path / "data").sql(
        "select placements_band, moves, unplanned_moves, settled from looked_after where end_date is null"
        " or end_date > date '2017-12-31' order by moves"
    )
    first = found[found["placements_band"] == "1"].iloc[0]
    assert (first["moves"], first["unplanned_moves"], first["settled"]) == (0, 0, True)
    assert found[found["placements_band"] == "2"].iloc[0][["moves", "unplanned_moves"]].tolist() == [1, 1]


@pytest.mark.slow
def test_the_return_of_a_county_in_part_gives_its_figures(tmp_path: Path, fifth: Snapshot, fifth_records: Records) -> None:
    assert len(fifth_records.tables["cla_episodes"].rows) > 1_000
    found = read(str(written(files(fifth_records, "2017-12-31"), tmp_path)), quiet, True, AS_AT)
    load(replace(found, complete_from=date(2014, 4, 1)), tmp_path / "return", quiet)  # as above
    ids = [id for id in CARE if id not in NEVER]
    assert {"looked_after", "care_leavers_in_touch", "adoption_within_14_months", "long_term_stability"} <= {*ids}
    assert same_figures(open_current(tmp_path / "return"), fifth, ids, SPLITS) > 40


@pytest.mark.slow
def test_of_the_time_before_its_year_a_return_says_nothing_and_the_cases_beside_it_do(tmp_path: Path) -> None:
    found = read(str(written(files(small_county(), "2017-12-31"), tmp_path)), quiet, True, AS_AT)
    assert found.complete_from == date(2017, 4, 1)
    load(together([small_county(), found]), tmp_path / "data", quiet)
    snapshot = open_current(tmp_path / "data")

    def answer(id: str, period: str) -> tuple[object, str]:
        frame = query(snapshot, id, scope=Scope.everything(), period=parse(period, snapshot.as_at.date()))
        (row,) = frame[["numerator", "reason"]].astype(object).where(frame[["numerator", "reason"]].notna(), None).to_dict("records")
        return row["numerator"], row["reason"] or ""

    assert answer("referrals", "2016/17") == (3, "")
    assert answer("re_referrals", "2017/18YTD") == (2, "")
    assert answer("looked_after", "2017-12-31") == (3, "")
    assert answer("looked_after", "2017-03-31") == (None, "Records of episodes of care begin on 1 April 2017.")
    assert answer("long_term_stability", "2017-12-31") == (
        None,
        "It looks back 24 months, and records of episodes of care begin on 1 April 2017.",
    )


# Damage

TEXTS = {name: (HEADER if name == "a" else EPISODES) for name in ("a", "b")} | {
    "c": "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\nC2,28/02/1999,YES,F2,U1\n",
    "d": "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED\nC1,14/05/2009,01/05/2017,\n",
}
BYTES = st.one_of(st.sampled_from([b'"', b"\n", b"\x00", b",", b";", b"\xff", codecs.BOM_UTF16_LE, b"x" * 5_000]), st.binary(max_size=6))
EDITS = st.lists(st.tuples(st.sampled_from(sorted(TEXTS)), st.floats(0, 1), st.sampled_from([0, 1, 5, 10_000]), BYTES), max_size=3)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(edits=EDITS, doubled=st.lists(st.tuples(st.sampled_from(sorted(TEXTS)), st.integers(0, 3)), max_size=3))
@example(edits=[], doubled=[])
@example(edits=[], doubled=[("b", 1), ("b", 3)])
def test_no_damage_crashes_the_reader_or_loses_a_row(edits: list[tuple[str, float, int, bytes]], doubled: list[tuple[str, int]]) -> None:
    files = {name: text.encode() for name, text in TEXTS.items()}
    for name, line in doubled:
        lines = files[name].split(b"\n")
        files[name] = b"\n".join([*lines[: line + 1], *lines[line:]])
    for name, share, gone, new in edits:
        at = round(share * len(files[name]))
        files[name] = files[name][:at] + new + files[name][at + gone :]
    with TemporaryDirectory() as where:
        try:
            found = read(str(folder(Path(where), **files)), quiet, True, AS_AT)
            checked = check(found)
        except Unusable as error:
            sentence(error)
            return
    holds(found, checked)
    if not edits and not any(line == 0 for _, line in doubled):
        assert counts(found, "cla_episodes")[0] == files["b"].count(b"\nC1,")
