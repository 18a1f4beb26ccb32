"""The csv source: files as people and systems really write them, whole, odd or damaged."""

from __future__ import annotations

import codecs
import csv
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from csc_core.check import check
from csc_core.sources import ssd
from csc_core.sources.csv import read, write
from csc_core.tables import TABLES, RawTable, Records, Unusable
from tests.csc_core.door import AS_AT, GOOD, good, holds, records


def heading(name: str) -> str:
    return ",".join(column.name for column in TABLES[name].columns)


def text(name: str) -> str:
    return f"{heading(name)}\n{GOOD[name]}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in TABLES:
        (tmp_path / f"{name}.csv").write_text(text(name), "utf-8")
    return tmp_path


def contacts(folder: Path) -> pd.DataFrame:
    return read(folder).tables["contacts"].rows


def same(left: RawTable, right: RawTable) -> None:
    pd.testing.assert_frame_equal(left.rows, right.rows, check_index_type=False)
    assert (left.name, left.file, left.broken) == (right.name, right.file, right.broken)


def test_a_folder_gives_its_tables(folder: Path) -> None:
    faulty = read(folder)
    assert list(faulty.tables) == list(TABLES)
    for name, table in good().items():
        same(faulty.tables[name], table)
    assert faulty == replace(faulty, source=f"csv {folder}", synthetic=False, as_at=None, complete_from=None, notes=())


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    odd = 'K1,C1,2017-12-04,"6, or\n""2A""",\n" K2 ",C2,,"\r",é–Ж'
    wanted = replace(records(contacts=odd), complete_from=date(2015, 4, 1))
    write(wanted, tmp_path / "a" / "b")
    again = read(tmp_path / "a" / "b")
    for name in TABLES:
        same(again.tables[name], wanted.tables[name])
    assert (again.as_at, again.synthetic, again.complete_from, again.notes) == (AS_AT, True, date(2015, 4, 1), ())


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(st.tuples(*[cells] * len(TABLES["contacts"].columns)), min_size=1, max_size=4))
@pytest.mark.slow
def test_any_cells_are_read_back_as_written(rows: list[tuple[str, ...]]) -> None:
    columns = [column.name for column in TABLES["contacts"].columns]
    table = RawTable("contacts", "contacts.csv", pd.DataFrame(rows, columns=columns, dtype="str").set_axis(pd.RangeIndex(2, len(rows) + 2)))
    small = Records({**{name: good()[name] for name in ("persons", "cin_episodes")}, "contacts": table}, "test", synthetic=False)
    with TemporaryDirectory() as name:
        write(small, Path(name))
        same(read(Path(name)).tables["contacts"], table)


def test_records_cannot_be_written_into_a_file(folder: Path) -> None:
    with pytest.raises(Unusable, match=r"cannot be written to .*persons\.csv"):
        write(records(), folder / "persons.csv")


ENCODED = {
    "UTF-8 with its mark, as Excel writes it": lambda text: codecs.BOM_UTF8 + text.encode(),
    "two marks, one from each program it went through": lambda text: codecs.BOM_UTF8 * 2 + text.encode(),
    "UTF-16, as Excel's Unicode text": lambda text: text.replace(",", "\t").encode("utf-16"),
    "semicolons, as Excel writes in Europe": lambda text: text.replace(",", ";").encode(),
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "Windows line ends": lambda text: text.replace("\n", "\r\n").encode(),
    "old Macintosh line ends": lambda text: text.replace("\n", "\r").encode(),
    "no line end after the last row": lambda text: text.rstrip().encode(),
    "every field in quotation marks": lambda text: re.sub(r"[^,\n]+", r'"\g<0>"', text).encode(),
    "headings in capitals, with spaces": lambda text: text.replace("contact_date", " Contact_Date\xa0").encode(),
    "a comma at the end of each line": lambda text: text.replace("\n", ",\n").encode(),
}


@pytest.mark.parametrize("encode", ENCODED.values(), ids=ENCODED.keys())
def test_a_file_is_read_however_it_was_saved(folder: Path, encode: Callable[[str], bytes]) -> None:
    (folder / "contacts.csv").write_bytes(encode(text("contacts")))
    faulty = read(folder)
    same(faulty.tables["contacts"], good()["contacts"])
    assert faulty.notes == ()


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8], ids=["plain", "under the mark of UTF-8, as from two files put together"])
def test_windows_1252_is_read_and_said_so(folder: Path, mark: bytes) -> None:
    (folder / "departments.csv").write_bytes(mark + text("departments").replace("Exeter 1", "Exe – Café").encode("cp1252"))
    faulty = read(folder)
    assert faulty.tables["departments"].rows["team_name"].to_list()[0] == "Assessment team Exe – Café"
    assert faulty.notes == ("departments.csv is not in UTF-8 and was read as Windows-1252: check its accented letters.",)


def test_a_byte_of_no_encoding_rejects_its_row(folder: Path) -> None:
    (folder / "departments.csv").write_bytes(text("departments").replace("Exeter 1", "Exe").encode() + b"T3,Torr\x81dge,county,,,,\n")
    checked = check(read(folder))
    assert [(f.row, f.column, f.reason) for f in checked.findings] == [(4, "team_name", "holds a character that cannot be read")]


def test_file_names_may_be_in_any_case(folder: Path) -> None:
    (folder / "contacts.csv").rename(folder / "Contacts.CSV")
    faulty = read(folder)
    assert faulty.notes == ()
    assert faulty.tables["contacts"].file == "Contacts.CSV"


def test_columns_may_stand_in_any_order_and_others_are_not_read(folder: Path) -> None:
    (folder / "contacts.csv").write_text("contact_date,forename,person_id,contact_id\n2017-12-04,Ada,C1,K1\n", "utf-8")
    faulty = read(folder)
    assert faulty.tables["contacts"].rows.T[2].to_list() == ["K1", "C1", "2017-12-04", "", ""]
    assert faulty.notes == (
        "contacts.csv has columns that are not read: forename.",
        "contacts.csv has no column contact_source_code, which is read as empty.",
        "contacts.csv has no column contact_outcome, which is read as empty.",
    )


def test_a_near_heading_is_named(folder: Path) -> None:
    (folder / "contacts.csv").write_text(text("contacts").replace("contact_outcome", "Contact Outcome"), "utf-8")
    assert "contacts.csv has no column contact_outcome (is contact outcome meant?), which is read as empty." in read(folder).notes


UNUSABLE = {
    "no required table": ("persons.csv", None, r"There is no persons\.csv in .*, and without it nothing can be counted\."),
    "an empty file": ("persons.csv", b"", r"persons\.csv has no rows: nothing can be counted\."),
    "blank lines only": ("persons.csv", b"\n \n\n", r"persons\.csv has no rows"),
    "a heading only": ("cin_episodes.csv", heading("cin_episodes").encode(), r"cin_episodes\.csv has no rows"),
    "a required column missing": (
        "contacts.csv",
        b"contact_id,person ref,contact_date\nK1,C1,2017-12-04\n",
        r"contacts\.csv has no column person_id \(is person ref meant\?\): its headings are contact_id, contact_date and 1 that is not",
    ),
    "no heading": (
        "contacts.csv",
        GOOD["contacts"].encode(),
        r"contacts\.csv has no column contact_id: its first row, of 5 fields, seems to be data and no headings\.",
    ),
    "two columns of one name": (
        "contacts.csv",
        b"contact_id,person_id,contact_date,Contact_Date\nK1,C1,2017-12-04,\n",
        r"contacts\.csv has 2 columns headed contact_date: keep one of them\.",
    ),
    "UTF-16 without its mark": ("contacts.csv", text("contacts").encode("utf-16-le"), r"contacts\.csv has no column contact_id"),
    "not text at all": ("contacts.csv", bytes(range(256)) * 9, r"contacts\.csv has no column|The heading of contacts\.csv cannot be read"),
    "a quotation mark open in the heading": (
        "contacts.csv",
        b'contact_id,"person_id\nK1,C1\n',
        r"The heading of contacts\.csv cannot be read",
    ),
    "a key that about.csv cannot have": ("about.csv", b"key,value\nasat,2017-12-31\n", r"about\.csv has 'asat', unknown or given twice"),
    "a key given twice": (
        "about.csv",
        b"key,value\nas_at,2017-12-31\nas_at,2018-01-01\n",
        r"about\.csv has 'as_at', unknown or given twice",
    ),
    "no day": ("about.csv", b"key,value\nas_at,31/12/2017\n", r"about\.csv has a date that is not one: write as_at as 2017-12-31T18:00"),
    "neither true nor false": (
        "about.csv",
        b"key,value\nsynthetic,maybe\n",
        r"about\.csv says that synthetic is 'maybe': write true or false\.",
    ),
    "another heading": (
        "about.csv",
        b"as_at,synthetic\n2017-12-31,true\n",
        r"about\.csv must have the heading key,value, and below it a key and its value in each row\.",
    ),
    "no value": ("about.csv", b"key,value\nsynthetic\n", r"about\.csv has a row that is not a key and a value\."),
    "a day still to come": (
        "about.csv",
        f"key,value\nas_at,{date.today() + timedelta(days=2)}\n".encode(),
        r"a day still to come: correct as_at\.",
    ),
    "complete only after the as-at": (
        "about.csv",
        b"key,value\nas_at,2017-12-31\ncomplete_from,2018-01-01\n",
        r"cannot be complete from 2018-01-01 when they are as at 2017-12-31",
    ),
}


@pytest.mark.parametrize(("file", "content", "said"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_what_cannot_be_used_is_said_in_a_sentence(folder: Path, file: str, content: bytes | None, said: str) -> None:
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content)
    with pytest.raises(Unusable, match=said) as raised:
        read(folder)
    sentence(raised.value)


def sentence(error: Unusable) -> None:
    assert re.fullmatch(r"[^\x00-\x1f]{10,400}\.", str(error))


HEADINGS = {
    "none, but a row about a person": ("b-2,Jane Doe,Pearson,EX4 4QJ", ": its first row, of 4 fields, seems to be data and no headings."),
    "known, and without a heading": ("sex,,dob,", ": its headings are sex, dob."),
    "known": ("sex,dob,Doe", ": its headings are sex, dob and 1 that is not known."),
    "all known": ("sex,dob", ": its headings are sex, dob."),
    "near": ("Person ID,Death Date,Doe,Jane", " (is person id meant?): its headings are person id, death date and 2 that are not known."),
    "known of other tables": ("contact_id,contact_date", " (is contact_id meant?): its headings are contact_id, contact_date."),
}


@pytest.mark.parametrize(("first", "said"), HEADINGS.values(), ids=HEADINGS.keys())
def test_of_a_first_row_only_known_headings_are_repeated(folder: Path, first: str, said: str) -> None:
    (folder / "persons.csv").write_text(f"{first}\n1,2,3,4\n", "utf-8")
    with pytest.raises(Unusable) as raised:
        read(folder)
    assert str(raised.value).startswith(f"persons.csv has no column person_id{said}")
    assert not re.search("jane|doe|pearson|4qj|b-2", str(raised.value).lower())


def test_of_a_file_of_the_dataset_without_headings_nothing_is_repeated(tmp_path: Path) -> None:
    (tmp_path / "ssd_person.csv").write_text("A850728973744,Jane Doe,14/05/2009,F\n", "utf-8")
    with pytest.raises(Unusable) as raised:
        ssd.read(str(tmp_path))
    said = "ssd_person.csv has no column pers_person_id: its first row, of 4 fields, seems to be data and no headings."
    assert str(raised.value) == said


def test_a_required_table_under_another_name_is_found(folder: Path) -> None:
    (folder / "persons.csv").rename(folder / "ssd_persons.csv")
    with pytest.raises(Unusable, match=r"without it nothing can be counted \(is ssd_persons\.csv meant\?\)\."):
        read(folder)


def test_a_folder_must_be_there_and_be_one_and_be_readable(folder: Path) -> None:
    with pytest.raises(Unusable, match=r"There is no folder .*nowhere\."):
        read(folder / "nowhere")
    with pytest.raises(Unusable, match=r"persons\.csv is not a folder: name the folder"):
        read(folder / "persons.csv")
    with pytest.raises(Unusable, match="cannot be read: embedded null"):
        read(Path("a\0b"))


def test_no_permission_is_said(folder: Path) -> None:
    folder.chmod(0o000)
    root = os.geteuid() == 0  # whom no permission stops, so read as nobody
    if root:
        os.seteuid(65534)
    try:
        with pytest.raises(Unusable, match=r"cannot be read: permission denied\."):
            read(folder)
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)


def test_a_file_that_fails_under_the_reader_is_said(folder: Path) -> None:
    (folder / "contacts.csv").unlink()
    (folder / "contacts.csv").symlink_to("/proc/self/mem")  # opens, and cannot be read
    with pytest.raises(Unusable, match=r"contacts\.csv cannot be read: input/output error\."):
        read(folder)


def test_two_files_for_one_table_are_one_too_many(folder: Path) -> None:
    (folder / "PERSONS.csv").write_text(text("persons"), "utf-8")
    with pytest.raises(Unusable, match=r"holds both PERSONS\.csv and persons\.csv: keep one of them\."):
        read(folder)


def test_what_is_missing_or_strange_is_noted(folder: Path) -> None:
    (folder / "contacts.csv").unlink()
    (folder / "contact.csv").write_text("x", "utf-8")
    (folder / "departments.csv").write_text(heading("departments"), "utf-8")
    (folder / "professionals.csv").write_text("", "utf-8")
    faulty = read(folder)
    assert faulty.notes == (
        "contact.csv is not a table and was not read (is contacts.csv meant?).",
        "There is no contacts.csv: enquiries cannot be counted.",
        "professionals.csv has no rows: workers' hours are not known.",
        "departments.csv has no rows: teams have no names and no locality.",
    )
    checked = check(faulty)
    assert checked.findings == ()  # and the teams and workers of every other row are not held against it
    assert checked.supplied == frozenset(TABLES) - {"contacts", "departments", "professionals"}


def test_about_says_what_the_records_are(folder: Path) -> None:
    (folder / "about.csv").write_text("Key;Value\ncomplete_from;2015-04-01\n\nsynthetic;TRUE\nas_at;2017-12-31T18:00:00+00:00\n", "utf-8")
    faulty = read(folder)
    assert (faulty.as_at, faulty.synthetic, faulty.complete_from) == (AS_AT, True, date(2015, 4, 1))
    assert read(folder, as_at=datetime(2017, 6, 30)).as_at == datetime(2017, 6, 30)


def rows_after(folder: Path, lines: str) -> tuple[list[int], list[tuple[int, str, str]]]:
    """The rows of contacts read, and the broken ones: row, key, why."""
    (folder / "contacts.csv").write_text(f"{heading('contacts')}\n{lines}", "utf-8", newline="")
    faulty = read(folder)
    holds(faulty, check(faulty))
    table = faulty.tables["contacts"]
    return list(table.rows.index), [(f.row, f.value, f.reason) for f in table.broken]


UNCLOSED = "has a quotation mark that is not closed, or not where one can be"


@pytest.mark.parametrize(
    ("lines", "rows", "broken"),
    [
        pytest.param(
            "K1,C1,2017-12-04,6,\nK2,C", [2], [(3, "K2", "has not 5 fields like the heading, but 2")], id="cut off in the last row"
        ),
        pytest.param('K1,C1,2017-12-04,6,\nK2,"C1,2017-', [2], [(3, "K2", UNCLOSED)], id="cut off within quotation marks"),
        pytest.param(
            'K1,"C1,2017-12-04,6,\nK2,C1,,,\nK3,C1,,,\n', [3, 4], [(2, "K1", UNCLOSED)], id="an open mark does not swallow the rest"
        ),
        pytest.param('K1,"C1,,,\nK2,C1,,"6",\nK3,C1,,,\n', [3, 4], [(2, "K1", UNCLOSED)], id="nor what is before the next mark"),
        pytest.param('K1,"C"1,,,\nK2,C1,,,\n', [3], [(2, "K1", UNCLOSED)], id="a mark within a quoted field"),
        pytest.param('K1,C1,,6,"two\nlines"\nK2,C1,,,\n', [2, 3], [], id="a field of two lines is one row"),
        pytest.param(
            'K1,C1,,6,"two\nlines",\nK2,C1,,,\n', [3], [(2, "K1", "has not 5 fields like the heading, but 6")], id="also when it is wrong"
        ),
        pytest.param("K1,C1,,,\n\n\nK2,C1,,,\n\n", [2, 5], [], id="empty lines have a number and are no rows"),
        pytest.param(",,,,\nK1,C1,,,\n", [2, 3], [], id="a line of empty fields is a row, to be rejected"),
        pytest.param("  \nK1,C1,,,\n", [3], [(2, "", "has not 5 fields like the heading, but 1")], id="so is a line of spaces"),
        pytest.param("Ada,K1,C1,,,\n", [], [(2, "Ada", "has not 5 fields like the heading, but 6")], id="a row that has slipped"),
        pytest.param("K1,C1\x00,,,\n", [2], [], id="a NUL is for the check to find"),
    ],
)
def test_a_broken_row_takes_no_other_with_it(folder: Path, lines: str, rows: list[int], broken: list[tuple[int, str, str]]) -> None:
    assert rows_after(folder, lines) == (rows, broken)


def test_rows_keep_their_numbers_in_a_long_file(folder: Path) -> None:
    lines = [f"K{row},C1,2017-12-04,6," for row in range(2, 3_502)]
    lines[2_500] = "K2502,C1"
    rows, broken = rows_after(folder, "\n".join(lines))
    assert rows == [row for row in range(2, 3_502) if row != 2_502]
    assert broken == [(2_502, "K2502", "has not 5 fields like the heading, but 2")]


def test_of_a_broken_row_only_the_key_is_repeated(folder: Path) -> None:
    (folder / "contacts.csv").write_text("forename,contact_id,person_id,contact_date\nAda,K1,C1\n", "utf-8")
    (finding,) = read(folder).tables["contacts"].broken
    assert (finding.column, finding.value) == ("(whole row)", "K1")


@pytest.mark.parametrize(("length", "column"), [(1_000_000, "contact_id"), (10_000_001, "(whole row)")])
def test_an_endless_field_is_one_rejected_row(folder: Path, length: int, column: str) -> None:
    (folder / "contacts.csv").write_text(
        f"{heading('contacts')}\nK1,C1,2017-12-04,6,\n{'x' * length},C1,2017-12-04,6,\nK3,C1,2017-12-04,6,\n"
    )
    checked = check(read(folder))
    assert list(checked.frames["contacts"].index) == [2, 4]
    assert [(f.row, f.column, f.value) for f in checked.findings] == [(3, column, "x" * 79 + "…")]


def test_the_limit_of_python_is_put_back(folder: Path) -> None:
    before = csv.field_size_limit(123_456)
    read(folder)
    assert csv.field_size_limit(before) == 123_456


FILES = [*(f"{name}.csv" for name in TABLES), "about.csv"]
BYTES = st.one_of(
    st.sampled_from(
        [b'"', b"\n", b"\r", b"\x00", b",", b";", b"\t", b"\xff", b"\xa0", b"\x81", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b"x" * 5_000]
    ),
    st.binary(max_size=8),
)
EDITS = st.lists(st.tuples(st.sampled_from(FILES), st.floats(0, 1), st.sampled_from([0, 1, 5, 10_000]), BYTES), max_size=3)


def damaged(edits: list[tuple[str, float, int, bytes]]) -> dict[str, bytes]:
    """The good files with bytes taken out and put in, each where a share of the file is reached."""
    files = {**{f"{name}.csv": text(name).encode() for name in TABLES}, "about.csv": b"key,value\nas_at,2017-12-31\n"}
    for file, share, gone, new in edits:
        at = round(share * len(files[file]))
        files[file] = files[file][:at] + new + files[file][at + gone :]
    return files


def rows_in(data: bytes) -> int | None:
    """How many lines after the heading are not empty; None where quotation marks or UTF-16 make it another question."""
    if b'"' in data or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    try:
        lines = re.split("\r\n|\r|\n", data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        lines = re.split("\r\n|\r|\n", data.removeprefix(codecs.BOM_UTF8).decode("cp1252", errors="replace"))
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    return len([line for line in lines[first + 1 :] if line])


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(edits=EDITS)
@example(edits=[])
@example(edits=[("persons.csv", 0.9, 0, b'"')])
@example(edits=[("contacts.csv", 0.0, 0, codecs.BOM_UTF16_LE)])
def test_no_corruption_of_bytes_loses_a_row(edits: list[tuple[str, float, int, bytes]]) -> None:
    files = damaged(edits)
    with TemporaryDirectory() as name:
        for file, data in files.items():
            (Path(name) / file).write_bytes(data)
        try:
            faulty = read(Path(name))
        except Unusable as error:
            assert edits
            sentence(error)
            return
    checked = check(faulty)
    holds(faulty, checked)
    for table, read_rows in zip(checked.counts["table"], checked.counts["read"], strict=True):
        rows = rows_in(files[f"{table}.csv"])
        assert rows is None or read_rows == rows


@settings(max_examples=25, deadline=None)
@given(share=st.floats(0, 1))
@pytest.mark.slow
def test_a_half_written_file_gives_the_rows_before_the_cut(share: float) -> None:
    whole = text("contacts") + "".join(f'K{n},C{n % 2 + 1},2017-12-{n:02},"6",\n' for n in range(10, 30))
    cut = whole[: round(share * len(whole))]
    complete = [line.split(",")[0] for line in cut.split("\n")[1:-1]]
    with TemporaryDirectory() as name:
        for table in ("persons", "cin_episodes"):
            (Path(name) / f"{table}.csv").write_text(text(table), "utf-8")
        (Path(name) / "contacts.csv").write_text(cut, "utf-8")
        try:
            checked = check(read(Path(name)))
        except Unusable:
            assert not cut.startswith(heading("contacts"))
            return
    assert list(checked.frames["contacts"]["contact_id"])[: len(complete)] == complete
