"""What reaches a snapshot: no name, no id of the case system, no postcode, no day of birth; and nobody on the removal list."""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
import shutil
import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from csc_core import findings, pseudonyms, removals
from csc_core.__main__ import main
from csc_core.access import Scope
from csc_core.facts import OF_CHILDREN, OF_FACTS, PLACES, SQUARE
from csc_core.indicators import INDICATORS
from csc_core.load import load
from csc_core.periods import parse
from csc_core.publish import Retention
from csc_core.query import query
from csc_core.snapshot import NOT_LOADED, Snapshot, Unavailable, current_id, open_current, open_kept
from csc_core.tables import TABLES, Finding, Records, Unusable, quiet
from geo.postcodes import coordinates
from tests.csc_core import door
from tests.small_county import records

KEY = bytes(range(32))
PERSON_WORDS = ("name", "upn", "street", "address_json", "nhs", "phone", "email", "note", "comment", "description", "json", "desc")
POSTCODE = r"(?i)\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b"


def loaded(data: Path, given: Records, **how: object) -> Snapshot:
    """The records published with a known key, and opened."""
    data.mkdir(exist_ok=True)
    (data / "pseudonym.key").write_text(KEY.hex())
    load(given, data, quiet, **how)  # type: ignore[arg-type]
    return open_current(data)


def facts(snapshot: Snapshot) -> dict[str, pd.DataFrame]:
    """Every fact and the children, rows and columns in an order of their own."""
    return {fact: rows(snapshot.sql(f"from {fact}")) for fact in OF_CHILDREN}


def rows(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values([str(name) for name in frame], ignore_index=True)


def restricted(*ids: str) -> Records:
    given = records()
    persons = given.tables["persons"]
    marked = persons.rows.assign(restricted=["Y" if id in ids else "" for id in persons.rows["person_id"]])
    return replace(given, tables={**given.tables, "persons": replace(persons, rows=marked)})


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Snapshot]:
    data = tmp_path_factory.mktemp("plain")
    return data, loaded(data, records())


@pytest.fixture
def once(plain: tuple[Path, Snapshot], tmp_path: Path) -> Path:
    """A data folder of one's own with the small county loaded once, as `plain` has it."""
    return shutil.copytree(plain[0], tmp_path / "data")


def test_no_table_has_a_column_for_a_name_or_free_text() -> None:
    of_people = [column.name for table in TABLES.values() if table.name != "departments" for column in table.columns]
    assert [name for name in of_people if any(word in name for word in PERSON_WORDS)] == []


def test_a_reference_is_the_start_of_an_hmac_of_the_id() -> None:
    for id in ("C01", "4711", "42-17-é", ""):
        (found,) = pseudonyms.references(KEY, [id])
        digest = base64.b32hexencode(hmac.digest(KEY, id.encode(), "sha256")).decode()
        assert found == digest[:12].translate(str.maketrans("ILOU", "WXYZ"))
    assert pseudonyms.references(KEY, ["C01"]) != pseudonyms.references(bytes(32), ["C01"])


def test_no_original_id_no_postcode_and_no_birth_reaches_a_snapshot(plain: tuple[Path, Snapshot]) -> None:
    given = records().tables
    ids = {
        id
        for table in TABLES.values()
        for column in table.columns
        if column.kind == "id" and table.name != "departments" and column.refers_to != "departments" and column.name != "team_id"
        for id in given[table.name].rows[column.name]
    } - {""}
    births = dict(zip(pseudonyms.references(KEY, given["persons"].rows["person_id"]), given["persons"].rows["dob"], strict=True))
    folder = plain[0] / "snapshots" / plain[1].id
    for path in folder.glob("*.parquet"):
        frame = pd.read_parquet(path)
        for name in map(str, frame):
            text = frame[name].dropna().astype("str")
            assert not set(text) & ids, (path.name, name)
            assert not text.str.contains(POSTCODE).any(), (path.name, name)
        kept = ["birth_month"] if path.stem == "child" else []
        assert [name for name in map(str, frame) if "birth" in name or "dob" in name or "postcode" in name] == kept
        if "person_id" in frame:
            born = pd.to_datetime(frame["person_id"].map(births))
            for name in map(str, frame.drop(columns=kept).select_dtypes("datetime")):
                assert not ((frame[name].dt.month == born.dt.month) & (frame[name].dt.day == born.dt.day)).any(), (path.name, name)


KEPT_OF = {
    "C01": ("2008-02-01", "EX4", "EX4 4QJ"),
    "C05": ("2010-07-01", "EX31", "EX31 1JA"),  # moved there
    "C06": ("2011-03-01", "not known", ""),
    "C07": ("2001-02-01", "out of county", ""),
    "C08": ("2016-06-01", "not a postcode", ""),
    "C09": ("2017-03-01", "confidential", ""),
    "C11": ("", "EX31", "EX31 1JA"),  # not born yet
    "C12": ("2000-01-01", "EX31", "EX31 1AA"),
}


def test_of_a_child_are_kept_the_month_of_birth_and_areas_and_kilometre_of_the_last_home(plain: tuple[Path, Snapshot]) -> None:
    found = plain[1].sql("from child").set_index("person_id")
    assert list(found) == ["birth_month", *PLACES, *SQUARE] and found.index.is_unique and len(found) == 12
    for id, (month, district, last_home) in KEPT_OF.items():
        (reference,) = pseudonyms.references(KEY, [id])
        child, at = found.loc[reference], coordinates(pd.Series([last_home])).iloc[0]
        assert (child["birth_month"] == pd.Timestamp(month)) if month else pd.isna(child["birth_month"]), id
        assert child["district"] == district, id
        for name in SQUARE:  # its south-west corner
            assert child[name] == at[name] - at[name] % 1000 if last_home else pd.isna(child[name]), (id, name)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("child", "column", "days", "bands"),
    [
        ("C10", "dob", ("2007-12-01", "2007-12-31"), {"2017-11-30": "5-9", "2017-12-01": "10-15", "2017-12-31": "10-15"}),
        ("C05", "dob", ("2017-01-01", "2017-01-31"), {"2017-12-31": "under 1", "2018-01-01": "1-4"}),
        ("C11", "expected_dob", ("2018-01-01", "2018-01-30"), {"2017-12-31": "unborn", "2018-01-01": "not known"}),
    ],
)
def test_a_snapshot_knows_no_more_of_a_birthday_than_its_month(
    tmp_path: Path, child: str, column: str, days: tuple[str, ...], bands: Mapping[str, str]
) -> None:
    """Nothing else happens to these children in that month, so that all facts are the same whatever the day of it."""
    found = [loaded(tmp_path / day, born(child, column, day)) for day in days]
    first, *others = (facts(one) for one in found)
    for other in others:
        same(first, other)
    (reference,) = pseudonyms.references(KEY, [child])
    for day, band in bands.items():
        cases = found[0].sql("from open_case where person_id = ?", [reference])
        on_the_day = (cases["start_date"] <= day) & (cases["end_date"].isna() | (cases["end_date"] > day))
        assert list(cases.loc[on_the_day, "age_band"]) == [band], day


def born(child: str, column: str, day: str) -> Records:
    given = records()
    persons = given.tables["persons"]
    rows = persons.rows.copy()
    rows.loc[rows["person_id"] == child, column] = day
    return replace(given, tables={**given.tables, "persons": replace(persons, rows=rows)})


def test_every_fact_about_children_can_be_restricted_and_taken_out_of(plain: tuple[Path, Snapshot]) -> None:
    """Both go by person_id: a fact with a place or a team must have it, or be about posts and hours."""
    for fact in OF_CHILDREN:
        columns = set(plain[1].sql(f"from {fact} limit 0"))
        assert "person_id" in columns or fact in ("post", *OF_FACTS)
        assert {"person_id", *PLACES[1:]} <= columns or not columns & {*PLACES[1:]}


@pytest.mark.slow
def test_the_key_is_made_once_for_its_owner_alone_and_is_in_no_snapshot(tmp_path: Path) -> None:
    key = pseudonyms.key(tmp_path, make=True)
    assert len(key) == 32 and pseudonyms.key(tmp_path, make=True) == key == pseudonyms.key(tmp_path)
    assert stat.S_IMODE((tmp_path / "pseudonym.key").stat().st_mode) == 0o600
    load(records(), tmp_path, quiet)
    for path in (tmp_path / "snapshots").rglob("*.*"):
        assert key not in path.read_bytes() and key.hex().encode() not in path.read_bytes()


def test_a_key_of_the_environment_is_used_and_none_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSC_PSEUDONYM_KEY", KEY.hex())
    assert pseudonyms.key(tmp_path, make=True) == KEY
    assert not list(tmp_path.iterdir())
    monkeypatch.setenv("CSC_PSEUDONYM_KEY", "secret")
    with pytest.raises(Unavailable, match=r"CSC_PSEUDONYM_KEY must be 64 hexadecimal digits"):
        pseudonyms.key(tmp_path, make=True)


def test_a_key_that_is_missing_or_spoiled_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"There is no pseudonym\.key"):
        pseudonyms.key(tmp_path)
    (tmp_path / "pseudonym.key").write_bytes(b"\xff\x00")
    with pytest.raises(Unavailable, match=r"cannot be read|hexadecimal"):
        pseudonyms.key(tmp_path, make=True)
    (tmp_path / "pseudonym.key").write_text("")
    with pytest.raises(Unavailable, match="hexadecimal"):
        pseudonyms.key(tmp_path, make=True)


def test_the_reference_of_an_id_finds_the_child_in_the_facts(plain: tuple[Path, Snapshot], capsys: pytest.CaptureFixture[str]) -> None:
    data, snapshot = plain
    assert main(["reference", "C03", "--data", str(data)]) == 0
    reference = capsys.readouterr().out.strip()
    assert snapshot.sql("select date from referral where person_id = ?", [reference])["date"].dt.strftime("%Y-%m-%d").tolist() == [
        "2017-10-02",
        "2017-10-02",
    ]


@pytest.mark.slow
def test_equals_are_decided_by_the_lowest_id_of_the_case_system_whatever_the_key(plain: tuple[Path, Snapshot], tmp_path: Path) -> None:
    (tmp_path / "pseudonym.key").write_text("f" * 64)
    load(records(), tmp_path, quiet)
    other = open_current(tmp_path)
    for fact, frame in facts(plain[1]).items():
        known = [str(name) for name in frame if name != "worker" and not str(name).endswith("_id")]
        pd.testing.assert_frame_equal(rows(frame[known]), rows(other.sql(f"from {fact}")[known]))


@pytest.mark.slow
def test_a_restricted_child_counts_in_the_county_s_totals_and_in_no_area_and_no_team(plain: tuple[Path, Snapshot], tmp_path: Path) -> None:
    given = restricted("C05", "C10")
    hidden = loaded(tmp_path, given)
    asked = parse("2017-12", hidden.as_at.date())
    for id, one in INDICATORS.items():
        for period in ("2017-12", "2017/18YTD"):
            span = parse(period, hidden.as_at.date())
            before, after = (query(found, id, scope=Scope.everything(), period=span) for found in (plain[1], hidden))
            pd.testing.assert_frame_equal(before, after, obj=one.id)
    # open on 31 December: C01 C02 C08 C09 C11 C07, and C05 (Barnstaple) and C10 (Exeter), who are restricted
    found = {
        by: query(hidden, "open_cases", scope=Scope.everything(), period=asked, by=[by]).set_index(by)["numerator"]
        for by in ("team", "team_locality", "locality", "district")
    }
    assert found["team"].to_dict() == {"T-BAR-1": 1, "T-EXE-1": 0, "T-CNTY": 0, "not allocated": 5, "confidential": 2}
    assert found["team_locality"][["northern-devon", "exeter", "confidential"]].to_list() == [1, 0, 2]
    assert found["locality"][["northern-devon", "exeter", "confidential"]].to_list() == [1, 2, 3]
    assert found["district"][["EX31", "EX4", "confidential"]].to_list() == [1, 2, 3]
    marks = pseudonyms.references(KEY, ["C05", "C10"])
    for fact, frame in facts(hidden).items():
        for name in (*PLACES[1:], "team", "team_locality"):
            if name in frame and "person_id" in frame:
                assert set(frame.loc[frame["person_id"].isin(marks), name]) <= {"confidential"}, (fact, name)
    assert hidden.sql("select easting, northing from child where person_id in (?, ?)", marks).isna().all(axis=None)
    assert plain[1].sql("select easting, northing from child where person_id in (?, ?)", marks).notna().all(axis=None)


REMOVED = "id,reason,date\nC05,asked to be removed,2018-01-04\n C10 \nC99\n"


@pytest.fixture(scope="module")
def without_two(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The small county, its records without two children, whatever the list does."""
    given = records()
    gone = {"C05", "C10"}
    tables = {}
    for name, raw in given.tables.items():
        kept = raw.rows[~raw.rows["person_id"].isin(gone)] if "person_id" in raw.rows else raw.rows
        tables[name] = replace(raw, rows=kept)
    factors = tables["assessment_factors"].rows
    tables["assessment_factors"] = replace(tables["assessment_factors"], rows=factors[~factors["assessment_id"].isin(["S04", "S05"])])
    return loaded(tmp_path_factory.mktemp("without"), replace(given, tables=tables))


def same(one: Mapping[str, pd.DataFrame], other: Mapping[str, pd.DataFrame]) -> None:
    for fact in OF_CHILDREN:
        pd.testing.assert_frame_equal(one[fact], other[fact], obj=fact)


@pytest.mark.slow
def test_a_load_leaves_out_those_on_the_removal_list(without_two: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "removals.csv").write_text(REMOVED)
    found = loaded(tmp_path, records())
    same(facts(found), facts(without_two))
    assert found.notes[-1] == (
        "Left out as the removal list asks: 2 children of these records, with all their rows. "
        "1 id asked for matched no child of these records: ids must be written as in the case system."
    )
    assert found.counts.query("table == 'persons'")[["read", "kept", "rejected"]].to_numpy().tolist() == [[10, 10, 0]]


@pytest.mark.slow
def test_the_removal_list_is_applied_to_the_snapshots_kept(
    without_two: Snapshot, once: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    current = loaded(once, records())
    snapshots = once / "snapshots"
    before = sorted(path.name for path in snapshots.iterdir())
    (once / "removals.csv").write_text(REMOVED)
    assert main(["remove", "--data", str(once)]) == 0
    assert capsys.readouterr().out == (
        "Snapshots rebuilt without a child on the list: 2; that held none of them: 0.\n"
        "1 id asked for matched no child of the snapshots kept: ids must be written as in the case system.\n"
    )
    after = sorted(path.name for path in snapshots.iterdir())
    assert len(after) == 2 and not {*before} & {*after}
    found = open_current(once)
    assert found.id == after[1] and found.created == current.created and found.warning is None
    same(facts(found), facts(without_two))
    manifest = (snapshots / found.id / "MANIFEST.json").read_text()
    assert json.loads(manifest)["taken_out"] == 2
    assert found.notes[-1] == "2 children were taken out of these data after they were loaded."
    assert not any(reference in manifest for reference in pseudonyms.references(KEY, ["C05", "C10"]))
    assert main(["remove", "--data", str(once)]) == 0
    said = capsys.readouterr().out
    assert "rebuilt without a child on the list: 0; that held none of them: 2." in said and "3 ids asked for matched no child" in said


@pytest.mark.slow
def test_a_load_takes_those_on_the_removal_list_out_of_the_snapshots_kept(without_two: Snapshot, once: Path) -> None:
    before = current_id(once)
    (once / "removals.csv").write_text(REMOVED)
    given = records()
    with pytest.raises(Unusable):  # nothing is published, and nothing changed
        load(replace(given, tables={name: raw for name, raw in given.tables.items() if name != "persons"}), once, quiet)
    assert current_id(once) == before
    done = load(given, once, quiet)
    assert done.taken_out.changed == ("Snapshots kept from before, rebuilt without a child on the removal list: 1.",)
    older, newest = (open_kept(once, id) for id in sorted(path.name for path in (once / "snapshots").iterdir()))
    assert before != older.id and newest.id == current_id(once) == done.folder.name
    for found in (older, newest):
        same(facts(found), facts(without_two))
    assert load(given, once, quiet).taken_out == removals.Removal(unchanged=2, unknown=3)


@pytest.mark.slow
def test_that_a_load_could_not_take_them_out_is_said_and_what_it_published_stays(once: Path) -> None:
    before = current_id(once)
    (once / "removals.csv").write_text(REMOVED)
    (once / NOT_LOADED).mkdir()  # in the place of a file that the removal deletes
    with pytest.raises(Unavailable, match=r"^The new snapshot is published, but .* run `python -m csc_core remove`\. .* Is a directory"):
        load(records(), once, quiet)
    assert current_id(once) != before and len(open_current(once).sql("from child")) == 10


@pytest.mark.slow
def test_a_removal_that_was_killed_is_done_by_the_next(once: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the new snapshot was written, before anybody was pointed to it and the old one deleted."""
    old = current_id(once)
    (once / "removals.csv").write_text(REMOVED)
    with monkeypatch.context() as patch:
        patch.setattr(removals, "point_to", lambda data, folder: pytest.fail("killed"))
        with pytest.raises(pytest.fail.Exception):
            removals.apply(once)
    assert current_id(once) == old and len(list((once / "snapshots").iterdir())) == 2
    removals.apply(once)
    assert [path.name for path in (once / "snapshots").iterdir()] == [current_id(once)]
    assert open_current(once).sql("select count(*) as n from referral")["n"].to_list() == [13]


@pytest.mark.slow
def test_what_nobody_can_read_is_deleted_by_a_removal(once: Path) -> None:
    old = once / "snapshots" / open_current(once).id
    found = loaded(once, records())
    manifest = json.loads((old / "MANIFEST.json").read_text())
    (old / "MANIFEST.json").write_text(json.dumps({**manifest, "format": 2}))
    assert removals.apply(once) == removals.Removal(rebuilt=0, dropped=1, unchanged=1, unknown=0)
    assert [path.name for path in (once / "snapshots").iterdir()] == [found.id]


@pytest.mark.slow
def test_what_was_found_of_a_child_s_rows_goes_with_the_child(tmp_path: Path) -> None:
    """Rows of C2 that were rejected, the factor of an assessment of C2 that was rejected, and a row of nobody knows whom."""
    given = door.records(
        door.AS_AT,
        **door.more("contacts", "K3,C2,,6,", "K4,C1,,6,"),
        cin_assessments="S2,C2,R2,none,2017-12-19,CLOSED,Y,T2,W2",
        assessment_factors="F1,S2,",
    )
    broken = Finding("contacts.csv", "contacts", 9, "(whole row)", "K9", "has 2 fields", "rejected", "K9")
    contacts = replace(given.tables["contacts"], broken=(broken,))
    data = tmp_path / "data"
    found = loaded(data, replace(given, tables={**given.tables, "contacts": contacts}))
    folder = data / "snapshots" / found.id
    of_c2, k4, k9 = pseudonyms.references(KEY, ["C2", "K4", "K9"])
    assert set(found.sql("select rule from quality where person_id = ?", [of_c2])["rule"]) == {
        "value_missing", "value_impossible", "factor_empty", "reference_not_known", "home_not_known"
    }  # fmt: skip
    assert k4 in set(found.sql("from quality")["record_id"]) and k9 not in set(found.sql("from quality")["record_id"])
    assert {"K3", "S2", "F1", "K4", "K9"} <= set(pd.read_csv(folder / "findings.csv")["key"])
    (data / "removals.csv").write_text("C2\n")
    (data / "findings-of-the-load-that-failed.csv").write_text("it may list C2\n")
    assert removals.apply(data) == removals.Removal(rebuilt=1, dropped=0, unchanged=0, unknown=0)
    assert not (data / "findings-of-the-load-that-failed.csv").exists()
    after = open_current(data)
    assert after.sql("select * from quality where person_id = ?", [of_c2]).empty
    kept = pd.read_csv(data / "snapshots" / after.id / "findings.csv", keep_default_na=False)
    assert {"K4", ""} <= set(kept["key"]) and not {"K3", "S2", "F1", "K9", "C2"} & {*kept["key"], *kept["value"], *kept["child"]}


def test_a_removal_list_that_cannot_be_read_stops_the_load(tmp_path: Path) -> None:
    (tmp_path / "removals.csv").write_bytes(b"\xff\xfe\x00C01")
    with pytest.raises(Unusable, match=r"removal list .* cannot be read, so nothing was loaded"):
        loaded(tmp_path, records())


@pytest.mark.parametrize(
    ("table", "column", "value", "repeated"),
    [
        ("persons", "person_id", "C01", True),
        ("persons", "person_id", "Jane Smith", False),
        ("persons", "person_id", "14/05/2009", False),
        ("persons", "person_id", "EX311AA", False),
        ("persons", "sex", "2009-05-14", False),
        ("persons", "sex", "ex44qj", False),
        ("persons", "dob", "2018-01-01", False),
        ("persons", "expected_dob", "2017-02-30", False),
        ("persons", "dob", "Smith", False),
        ("persons", "death_date", "2017-02-30", True),
        ("cin_episodes", "referral_id", "R-2017-12-05-1", True),
        ("cin_episodes", "cin_primary_need_code", "N99", True),
        ("cin_episodes", "cin_primary_need_code", "SMITH", False),
        ("cin_episodes", "cin_primary_need_code", "mother called 12 times", False),
        ("addresses", "address_postcode", "EX4 4QJ", False),
        ("persons", "(whole row)", "C01", True),
        ("persons", "(whole row)", "Jane Smith", False),
    ],
)
def test_findings_repeat_ids_and_codes_and_nothing_that_could_be_a_name_or_a_birth(
    table: str, column: str, value: str, *, repeated: bool
) -> None:
    written = findings.table([Finding(f"{table}.csv", table, 7, column, value, "is wrong", "rejected")])
    assert written["value"].to_list() == [value if repeated else f"(not repeated: {len(value)} characters)"]
    assert list(written) == ["file", "table", "row", "column", "value", "reason", "outcome", "key", "child"]


@pytest.mark.slow
def test_findings_are_their_writer_s_alone_and_not_needed_to_read_a_snapshot(once: Path) -> None:
    path = once / "snapshots" / open_current(once).id / "findings.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.unlink()  # as good as not readable, which root never is
    assert open_current(once).warning is None
    given = records()
    begun = {name: given.tables[name] for name in ("cin_episodes", "cla_episodes")}
    of_nobody = {name: replace(raw, rows=raw.rows.assign(person_id="nobody")) for name, raw in begun.items()}
    with pytest.raises(Unusable, match="No referral and no episode of care could be loaded") as said:
        loaded(once, replace(given, tables={**given.tables, **of_nobody}))
    kept = re.search(r"loaded: (\S+) says", str(said.value))
    assert kept is not None and stat.S_IMODE(os.stat(kept[1]).st_mode) == 0o600  # noqa: PTH116  a path in a sentence


@pytest.mark.slow
def test_snapshots_are_kept_by_number_and_by_age(tmp_path: Path) -> None:
    snapshots = tmp_path / "snapshots"
    for name in ("20170101T000000000000-aaaaaaaa", "20170102T000000000000-bbbbbbbb"):
        (snapshots / name).mkdir(parents=True)
    first = loaded(tmp_path, records(), keep=Retention(3, None)).id
    assert sorted(path.name for path in snapshots.iterdir())[2:] == [first]
    second = loaded(tmp_path, records(), keep=Retention(3, 30)).id
    assert sorted(path.name for path in snapshots.iterdir()) == [first, second]
    third = loaded(tmp_path, records(), keep=Retention(1, 30)).id
    assert [path.name for path in snapshots.iterdir()] == [third]
