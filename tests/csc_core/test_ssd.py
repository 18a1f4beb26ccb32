"""The Standard Safeguarding Dataset: a real PostgreSQL and folders give the figures of the same records loaded directly."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_core import sources
from csc_core.access import Scope
from csc_core.check import Checked, check
from csc_core.disclosure import Audience, read
from csc_core.indicators import INDICATORS
from csc_core.load import load
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot, open_current
from csc_core.sources import csv, ssd
from csc_core.sources.ssd.dataset import EXTRACTS
from csc_core.tables import Records, Unusable, quiet
from tests import care_county, small_county
from tests.postgres import Server
from tests.ssd_dataset import PRIVATE, beside, carried, dataset

AS_AT = datetime(2017, 12, 31, 23, 40)  # of the small county
Dataset = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def rows() -> Dataset:
    """The small county as the dataset has it."""
    return dataset(small_county.records())


@pytest.fixture(scope="module")
def address(postgres: Server, rows: Dataset) -> str:
    postgres.fill("small", rows)
    return postgres.address("small")


def folder(path: Path, rows: Mapping[str, pd.DataFrame], write: Callable[[pd.DataFrame, Path], None]) -> Path:
    path.mkdir(exist_ok=True)
    for name, table in rows.items():
        write(table, path / name)
    return path


def as_csv(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path.with_suffix(".csv"), index=False)


def as_parquet(table: pd.DataFrame, path: Path) -> None:
    """With dates as moments, as a database writes them out."""
    days = [name for name in map(str, table) if name.endswith(("_date", "_dob"))]
    table.assign(**{name: pd.to_datetime(table[name]) for name in days}).to_parquet(path.with_suffix(".parquet"))


def loaded(records: Records, data: Path) -> Snapshot:
    load(records, data, quiet)
    return open_current(data)


def figures(snapshot: Snapshot, *by: str) -> dict[str, object]:
    """Every indicator that has this split, for December and the year to date, true values."""
    return {
        f"{id} {period}": read(
            snapshot, id, scope=Scope.everything(), audience=Audience.MANAGER, period=parse(period, snapshot.as_at.date()), by=by
        ).to_json(orient="records")
        for id, indicator in INDICATORS.items()
        if set(by) <= set(indicator.dimensions)
        for period in ("2017-12", "2017/18YTD")
    }


def same_figures(left: Snapshot, right: Snapshot) -> None:
    for by in ((), ("district",), ("team",)):
        ours, direct = figures(left, *by), figures(right, *by)
        assert len(direct) > 20
        for asked, answer in direct.items():
            assert ours[asked] == answer, (asked, by)


@pytest.mark.slow
@pytest.mark.parametrize("county", [small_county.records, care_county.records], ids=["small", "care"])
def test_the_figures_are_those_of_the_same_records_loaded_directly(
    postgres: Server, tmp_path: Path, county: Callable[[], Records]
) -> None:
    postgres.fill("county", dataset(county()))
    asked = [("ssd", postgres.address("county"))]
    if beside(county()).tables:
        csv.write(beside(county()), tmp_path / "hr")
        asked.append(("csv", str(tmp_path / "hr")))
    ours = sources.read(asked, quiet, synthetic=True, as_at=AS_AT)
    ours = replace(ours, complete_from=county().complete_from)  # which the dataset does not say
    same_figures(loaded(ours, tmp_path / "ours"), loaded(carried(county()), tmp_path / "direct"))


def test_of_care_leavers_before_the_day_the_dataset_was_made_there_is_a_reason_and_no_figure(address: str, tmp_path: Path) -> None:
    snapshot = loaded(ssd.read(address, synthetic=True, as_at=AS_AT), tmp_path)

    def one(period: str) -> pd.Series:
        asked = parse(period, snapshot.as_at.date())
        return query(snapshot, "care_leavers_in_touch", scope=Scope.everything(), period=asked).iloc[0]

    assert pd.isna(one("2017-12-30")["denominator"]) and one("2017-12-30")["reason"] == "Care leaver records begin on 31 December 2017."
    assert one("2017-12-31")["denominator"] > 0 and pd.isna(one("2017-12-31")["reason"])


@pytest.mark.slow
def test_a_folder_of_csv_or_parquet_is_the_same_records(address: str, rows: Dataset, tmp_path: Path) -> None:
    wanted = ssd.read(address, as_at=AS_AT)
    direct = check(wanted)
    for write in (as_csv, as_parquet):
        found = ssd.read(str(folder(tmp_path / write.__name__, rows, write)), as_at=AS_AT)
        ours = check(found)
        for name, frame in direct.frames.items():
            pd.testing.assert_frame_equal(ours.frames[name].reset_index(drop=True), frame.reset_index(drop=True))
        assert [re.sub(r"(ssd_\w+)\.(csv|parquet)", r"\1", note) for note in found.notes] == list(wanted.notes)


def changed(rows: Dataset, table: str, **columns: Any) -> Dataset:
    """The dataset with some columns of a table filled otherwise."""
    return {**rows, table: rows[table].assign(**columns)}


def read_rows(path: Path, rows: Dataset) -> Records:
    return ssd.read(str(folder(path, rows, as_parquet)), as_at=AS_AT)


def test_each_trap_is_told_with_its_count(rows: Dataset, tmp_path: Path) -> None:
    told = read_rows(tmp_path, rows).notes
    for said in (
        "The outcome of 5 enquiries in ssd_contacts.parquet is not read",
        "in 0.0% of rows by cinf_assessment_id, the documented key, and in 100.0% by cinf_table_id: cinf_table_id is used.",
        "4 lists of factors with 8 codes and 8 empty places (no factor); without a code 0 lists.",
        "A factor is there in 3 of 4 completed assessments (75.0%)",
        "In 16 of 16 referrals no team is named: it is taken from the child's involvements. The worker of a referral is not read.",
        "has no date of an adoption decision or placement in any row (2), so it is not used",
        "The hours of no worker are known (3 in ssd_professionals.parquet)",
        "The URN and the distance of a placement are not read: the distance is worked out from postcodes.",
        "Placements that repeat another are rejected: 0 of 3.",
        "1 child has more than one open home address: the one that started last is used.",
        "Postcodes written without a space, which does not matter: 14 of 14.",
        "Child protection plans that do not say whether they are another authority's are counted: 3 of 3.",
        "2 conferences held, of these counted with their section 47 enquiry 2, later ones of the same enquiry 0, of no enquiry 0.",
    ):
        assert sum(said in note for note in told) == 1, said
    (empty,) = (note for note in told if note.startswith("Empty in every row"))
    assert "cine_referral_team" in empty and "prof_full_time_equivalency" in empty and "pers_dob" not in empty


def test_of_one_row_no_note_speaks_as_of_several(rows: Dataset, tmp_path: Path) -> None:
    first = {name: table.iloc[:1] for name, table in rows.items()}
    told = " ".join(read_rows(tmp_path / "a", changed(first, "ssd_assessment_factors", cinf_assessment_factors_json='[null, "99Z"]')).notes)
    for said in (
        "The outcome of 1 enquiry in",
        "after 1 assessment is not read",
        "1 list of factors with 1 code and 1 empty place (no factor); without a code 0 lists.",
        "holds 1 code that is no factor",
        "1 conference held",
    ):
        assert said in told
    assert not re.search(r"\b1 (rows|enquiries|assessments|lists|codes|children|conferences|workers|empty places)\b", told)
    alone = read_rows(tmp_path / "b", {name: table for name, table in first.items() if name != "ssd_s47_enquiry"}).notes
    assert any("1 conference is not counted" in note for note in alone)


def test_the_documented_key_of_factors_is_used_where_it_is_the_one_that_works(rows: Dataset, tmp_path: Path) -> None:
    ids = rows["ssd_assessment_factors"]["cinf_table_id"]
    records = read_rows(tmp_path, changed(rows, "ssd_assessment_factors", cinf_assessment_id=ids, cinf_table_id=["F1", "F2", "F3", "F4"]))
    assert any("in 100.0% of rows by cinf_assessment_id" in note and "in 0.0% by cinf_table_id" in note for note in records.notes)
    assert len(check(records).frames["assessment_factors"]) == 8


def test_each_row_of_factors_goes_by_the_key_that_finds_its_assessment(rows: Dataset, tmp_path: Path) -> None:
    keys = {"cinf_table_id": ["F1", "C01S02", "C12S03", "F4"], "cinf_assessment_id": ["C04S01", "S02", "S03", "S05"]}
    records = read_rows(tmp_path, changed(rows, "ssd_assessment_factors", **keys))
    assert any(
        "in 25.0% of rows by cinf_assessment_id, the documented key, and in 50.0% by cinf_table_id: cinf_table_id is used. Only "
        "cinf_assessment_id finds that of 1 row, and is used there. 1 row has none by either: the factors there are in no figure, and each "
        "is listed." in note
        for note in records.notes
    )
    checked = holds_all(records)
    frame = checked.frames["assessment_factors"]
    found = frame[frame["assessment_id"].isin(checked.frames["cin_assessments"]["assessment_id"])]
    assert found.groupby("assessment_id").size().to_dict() == {"C04S01": 1, "C01S02": 5, "C12S03": 1}
    assert [(one.key, one.value) for one in checked.findings if one.column == "assessment_id"] == [("F4/3A", "F4")]


@pytest.mark.parametrize(
    ("assessments", "keys"),
    [
        # two children have an assessment S04
        (["C04S01", "C01S02", "C12S03", "S04", "S04"], ("C10S05", "S04")),
        # S01 is the assessment of one child, and the form of the first row, which is another child's
        (["C04S01", "C01S02", "C12S03", "S01", "C10S05"], ("C10S09", "S01")),
    ],
)
def test_a_form_of_several_children_is_no_key_to_their_factors(
    rows: Dataset, tmp_path: Path, assessments: list[str], keys: tuple[str, str]
) -> None:
    spoilt = changed(rows, "ssd_cin_assessments", cina_assessment_id=assessments)
    for column, key in zip(("cinf_table_id", "cinf_assessment_id"), keys, strict=True):
        spoilt = changed(spoilt, "ssd_assessment_factors", **{column: [*rows["ssd_assessment_factors"][column][:3], key]})
    records = read_rows(tmp_path, spoilt)
    assert any("1 row names a form of several children: the factors there are in no figure" in note for note in records.notes)
    checked = holds_all(records)
    assert checked.frames["assessment_factors"].groupby("assessment_id").size().to_dict() == {"C04S01": 1, "C01S02": 5, "C12S03": 1}
    (finding,) = (one for one in checked.findings if one.table == "assessment_factors")
    assert (finding.row, finding.key, finding.value, finding.outcome) == (4, *keys, "rejected")
    assert finding.reason == "is the form of several children: whose factors these are is not known"


@pytest.mark.parametrize(
    ("lists", "codes"),
    [
        ('["3B", null, "4b"]', ["3B", "4B"]),
        ("[null, null]", []),
        ("[]", []),
        (None, []),
        ('["3B", "3B"]', ["3B"]),
        ('["3B - Domestic abuse: parent", " "]', ["3B"]),
        ('{"3B": "Y", "4B": "N", "1A": true}', ["3B", "1A"]),
        ("3B, 4B", ["3B", "4B"]),
        ('"3B"', ["3B"]),
        ('["RAD", "3B"]', ["RAD", "3B"]),
        ('["3B", ', ['["3B",']),
        ("[" * 5000, ["[" * 5000]),
    ],
)
def test_lists_of_factors_however_written(rows: Dataset, tmp_path: Path, lists: str | None, codes: list[str]) -> None:
    records = read_rows(tmp_path, changed(rows, "ssd_assessment_factors", cinf_assessment_factors_json=[lists, '["21"]', None, None]))
    found = records.tables["assessment_factors"].rows
    assert found["assessment_factor"].tolist() == [*codes, "21"]
    holds_all(records)


def test_a_factor_of_no_list_is_kept_and_named(rows: Dataset, tmp_path: Path) -> None:
    lists = '["99Z", "3B", "Petronella", "Told me about it"]'
    records = read_rows(tmp_path, changed(rows, "ssd_assessment_factors", cinf_assessment_factors_json=lists))
    said = "holds 12 codes that are no factor of the census, kept and counted as not known: 99Z (4), 8 not repeated here."
    assert said in " ".join(records.notes)
    checked = holds_all(records)
    assert checked.frames["assessment_factors"]["assessment_factor"].isna().sum() == 12
    assert {one.key for one in checked.findings if one.key.startswith("C04S01")} == {"C04S01/99Z", "C04S01/no-3", "C04S01/no-4"}


@pytest.mark.slow
def test_a_name_among_factors_is_written_nowhere(rows: Dataset, tmp_path: Path) -> None:
    named = changed(rows, "ssd_assessment_factors", cinf_assessment_factors_json='["Petronella", "Zzyzxson"]')
    where = folder(tmp_path / "in", named, as_csv)
    load(sources.read([("ssd", str(where))], quiet, synthetic=True, as_at=AS_AT), tmp_path / "data", quiet)
    for path in (tmp_path / "data").rglob("*"):
        assert path.is_dir() or not re.search(b"Petronella|Zzyzxson", path.read_bytes()), path


def test_of_several_conferences_the_first_counts_and_strays_are_told(rows: Dataset, tmp_path: Path) -> None:
    held = rows["ssd_initial_cp_conference"]
    later = held.assign(icpc_icpc_id=["M8", "M9"], icpc_icpc_date="2017-12-30")
    more = pd.concat([held, later, held.iloc[:1].assign(icpc_icpc_id="M7", icpc_s47_enquiry_id=None)])
    records = read_rows(tmp_path, {**rows, "ssd_initial_cp_conference": more.iloc[::-1]})
    assert any(
        "5 conferences held, of these counted with their section 47 enquiry 2, later ones of the same enquiry 2, of no enquiry 1."
        in note
        for note in records.notes
    )
    dates = records.tables["s47_enquiries"].rows.set_index("s47_enquiry_id")["icpc_date"].str[:10]
    assert dates.to_dict() == {"Q01": "2017-11-06", "Q02": "2017-09-26", "Q03": ""}


def test_adoptions_are_read_where_the_dates_are_there(rows: Dataset, tmp_path: Path) -> None:
    periods = {"perm_person_id": ["C07", "C05"], "perm_cla_id": ["Y02", "Y01"], "perm_adm_decision_date": ["2016-01-01", None]}
    records = read_rows(tmp_path, changed(rows, "ssd_permanence", perm_permanence_order_type="Adoption Order", **periods))
    frame = check(records).frames["permanence"].set_index("person_id")
    assert frame["entered_care_date"].astype("str").to_dict() == {"C07": "2015-05-01", "C05": "2017-10-20"}
    assert frame["permanence_order_type"].to_list() == ["ADOPTION", "ADOPTION"]


@pytest.mark.parametrize(
    ("spelt", "means"),
    [("Y", "Y"), ("n", "N"), ("1", "Y"), ("0", "N"), ("true", "Y"), ("False", "N"), ("Yes", "Y"), ("no ", "N"), ("", ""), ("eh", "eh")],
)
def test_yes_and_no_in_every_spelling(rows: Dataset, tmp_path: Path, spelt: str, means: str) -> None:
    records = read_rows(tmp_path, changed(rows, "ssd_cla_visits", clav_cla_visit_seen=spelt))
    assert records.tables["cla_visits"].rows["cla_visit_seen"].str.strip().tolist() == [means] * 2


def test_codes_with_words_and_words_for_codes(rows: Dataset, tmp_path: Path) -> None:
    spelt = changed(rows, "ssd_cp_plans", cppl_cp_plan_initial_category=["Neglect", "EMO", "Category of physical abuse"])
    spelt = changed(spelt, "ssd_cin_episodes", cine_close_reason="RC8 - Case closed after assessment, no further action")
    spelt = changed(spelt, "ssd_person", pers_sex="Female")
    checked = check(read_rows(tmp_path, spelt))
    assert checked.frames["cp_plans"]["cp_plan_initial_category"].fillna("?").tolist() == ["NEG", "EMO", "?"]
    assert set(checked.frames["cin_episodes"]["close_reason"]) == {"RC8"}
    assert set(checked.frames["persons"]["sex"]) == {"F"}


def test_what_must_not_be_read_is_nowhere(address: str, rows: Dataset, tmp_path: Path) -> None:
    """Nor does the source ask for it: the reader of the database test below is not allowed to."""
    for records in (ssd.read(address), read_rows(tmp_path / "a", rows), ssd.read(str(folder(tmp_path / "b", rows, as_csv)))):
        for table in records.tables.values():
            assert not table.rows.apply(lambda column: column.str.contains(PRIVATE[:13], regex=False)).any(axis=None)


def test_a_row_that_cannot_be_split_is_counted_and_named(rows: Dataset, tmp_path: Path) -> None:
    where = folder(tmp_path, rows, as_csv)
    with (where / "ssd_contacts.csv").open("a", encoding="utf-8") as file:
        file.write("K9,C01\n")
    checked = holds_all(ssd.read(str(where), as_at=AS_AT))
    assert list(checked.counts.set_index("table").loc["contacts"])[:3] == [6, 5, 1]


@pytest.mark.parametrize("table", sorted(EXTRACTS))
def test_a_table_with_no_good_row_is_listed_and_nothing_said_of_its_values(files: Mapping[str, Path], tmp_path: Path, table: str) -> None:
    where = shutil.copytree(files["as_csv"], tmp_path / "copy")
    path = where / f"ssd_{table}.csv"
    path.write_text(f"{path.read_text().splitlines()[0]}\na,b\n")
    records = ssd.read(str(where), as_at=AS_AT)
    assert [one.row for raw in records.tables.values() for one in raw.broken if one.file == path.name] == [2]
    assert not any(re.search(r"nan|\b(the|of) 0\b|^0 ", note) for note in records.notes if path.name in note)
    (empty,) = (note for note in records.notes if note.startswith("Empty in every row"))
    assert f" {EXTRACTS[table].prefix}_" not in empty
    assert records.later == (("care_leavers", AS_AT.date()),)
    holds_all(records)


@pytest.mark.slow
@pytest.mark.parametrize("write", [as_csv, as_parquet])
def test_a_table_without_rows_is_left_out_and_told(rows: Dataset, tmp_path: Path, write: Callable[[pd.DataFrame, Path], None]) -> None:
    for table in EXTRACTS:
        where = folder(tmp_path / table, {**rows, f"ssd_{table}": rows[f"ssd_{table}"].iloc[:0]}, write)
        records = ssd.read(str(where))
        assert sum(note == f"ssd_{table}{next(where.iterdir()).suffix} has no rows." for note in records.notes) == 1
        assert (EXTRACTS[table].fills in records.tables) == (table == "initial_cp_conference")


def test_rows_that_cannot_be_split_are_counted_also_where_a_table_is_not_used(rows: Dataset, tmp_path: Path) -> None:
    where = folder(tmp_path, {name: table for name, table in rows.items() if name != "ssd_s47_enquiry"}, as_csv)
    for table in ("ssd_permanence", "ssd_initial_cp_conference"):
        with (where / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.write("a,b\n")
    records = ssd.read(str(where), as_at=AS_AT)
    told = " ".join(records.notes)
    assert "in any row (2, and 1 more cannot be read), so it is not used" in told
    assert "ssd_initial_cp_conference.csv: 3 conferences are not counted, since there are no section 47 enquiries to belong to." in told
    assert {(one.table, one.rows) for one in records.not_used} == {("permanence", 3), ("s47_enquiries", 3)}
    counts = check(records).counts.query("not_used > 0")[["table", "read", "not_used"]].to_numpy().tolist()
    assert counts == [["s47_enquiries", 3, 3], ["permanence", 3, 3]]
    assert not (check(records).counts.query("table in ('s47_enquiries', 'permanence')")["source"] == "not supplied").any()


def holds_all(records: Records) -> Checked:
    """In = kept + rejected + not used, by every table."""
    checked = check(records)
    assert (checked.counts["read"] == checked.counts["kept"] + checked.counts["rejected"] + checked.counts["not_used"]).all()
    read_of = {name: len(raw.rows) + len(raw.broken) for name, raw in records.tables.items()}
    assert checked.counts.set_index("table")["read"][list(read_of)].to_dict() == read_of
    return checked


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: (path / "ssd_person.csv").unlink(), "have no persons"),
        (lambda path: (path / "PERSON.parquet").write_bytes(b"PAR1"), "holds both"),
        (lambda path: (path / "ssd_address.csv").write_text("addr_person_id\nC01\n"), "has no column addr_table_id"),
        (lambda path: [file.unlink() for file in path.iterdir()], "holds no table of the dataset"),
        (lambda path: (path / "ssd_address.csv").rename(path / "ssd_address.parquet"), "cannot be read as Parquet: it is damaged"),
    ],
)
def test_a_folder_that_cannot_be_used_is_one_sentence(
    rows: Dataset, tmp_path: Path, harm: Callable[[Path], object], words: str
) -> None:
    where = folder(tmp_path, rows, as_csv)
    harm(where)
    with pytest.raises(Unusable, match=re.escape(words)) as raised:
        check(ssd.read(str(where)))
    assert "\n" not in str(raised.value)


def test_a_missing_table_and_column_are_told(rows: Dataset, tmp_path: Path) -> None:
    where = folder(tmp_path, rows, as_csv)
    (where / "ssd_contacts.csv").unlink()
    rows["ssd_cp_plans"].drop(columns="cppl_cp_plan_end_date").to_csv(where / "ssd_cp_plans.csv", index=False)
    notes = sources.read([("ssd", str(where))], quiet).notes
    assert f"There is no ssd_contacts in {where}." in notes
    assert "No enquiries were supplied: enquiries cannot be counted." in notes
    assert any("ssd_cp_plans.csv has no column cppl_cp_plan_end_date" in note for note in notes)


@pytest.fixture(scope="module")
def files(rows: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The small county as files, to be copied and spoiled."""
    return {write.__name__: folder(tmp_path_factory.mktemp(write.__name__), rows, write) for write in (as_csv, as_parquet)}


@pytest.mark.slow
@settings(max_examples=60)
@given(
    kind=st.sampled_from(["as_csv", "as_parquet"]),
    table=st.sampled_from(sorted(extract for extract in EXTRACTS)),
    where=st.floats(0, 1),
    length=st.integers(0, 40),
    instead=st.binary(max_size=40) | st.sampled_from([b'"', b"\n", b"\x00", b"\xff\xfe", b"null", b"2017-02-29", b"[[[["]),
)
def test_no_corruption_crashes_or_loses_a_row(
    files: Mapping[str, Path], kind: str, table: str, where: float, length: int, instead: bytes
) -> None:
    with TemporaryDirectory() as name:
        copy = Path(shutil.copytree(files[kind], Path(name) / "copy"))
        (path,) = (one for one in copy.iterdir() if one.stem == f"ssd_{table}")
        whole = path.read_bytes()
        at = int(where * len(whole))
        path.write_bytes(whole[:at] + instead + whole[at + length :])
        said = ""
        try:
            holds_all(ssd.read(str(copy), as_at=AS_AT))
        except Unusable as error:
            said = str(error)
        assert "\n" not in said
