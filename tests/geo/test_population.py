"""Children by place: parts sum to DfE's county totals, and another file is taken or refused in sentences."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo.areas import DATA, LEVELS, areas, atoms
from geo.population import COLUMNS, population

DFE = {  # children aged 0-17 in Devon, DfE, mid-year
    2012: 140_647, 2013: 140_899, 2014: 141_221, 2015: 141_359, 2016: 142_159, 2017: 143_525, 2018: 143_770,
    2019: 144_356, 2020: 144_057, 2021: 144_931, 2022: 146_714, 2023: 147_790, 2024: 148_164,
}  # fmt: skip


@pytest.mark.parametrize("level", LEVELS)
def test_areas_of_every_level_sum_to_the_county_in_every_year(level: str) -> None:
    by_area = population().groupby(["mid_year", level])["children"].sum()
    assert by_area.groupby("mid_year").sum().to_dict() == pytest.approx(DFE, abs=1e-6)
    assert set(by_area.index.get_level_values(level)) == set(areas(level).index)


def test_every_year_holds_every_atom_and_nobody_negative() -> None:
    found = population()
    assert list(found.columns) == ["mid_year", "county", "locality", "lad", "planning_area", "district", "children"]
    assert len(found) == len(DFE) * len(atoms())
    assert not found.isna().any(axis=None)
    assert (found["children"] > 0).all()


@pytest.mark.parametrize(("year", "source"), [(2012, 2017), (2017, 2017), (2018, 2017), (2019, 2019), (2024, 2020)])
def test_shares_are_the_nearest_years(year: int, source: int) -> None:
    """Of two years as near, the earlier."""
    ons = pd.read_csv(DATA / "source" / "population_0_17.csv")
    ons = ons[ons["mid_year"] == source]
    share = ons.groupby("postcode_district")["children"].sum() / ons["children"].sum()
    found = population().query(f"mid_year == {year}").groupby("district")["children"].sum()
    assert (found - share * DFE[year]).abs().max() < 0.05


def write(path: Path, change: dict[tuple[int, str], str] | None = None, drop: int | None = None, repeat: int | None = None) -> Path:
    """Mid-2017 of the committed file, spoilt: rows as a spreadsheet numbers them."""
    rows = pd.read_csv(DATA / "population.csv", dtype=str).query("mid_year == '2017'").reset_index(drop=True)
    for (row, column), value in (change or {}).items():
        rows.loc[row - 2, column] = value
    if drop:
        rows = rows.drop(index=drop - 2)
    if repeat:
        rows = pd.concat([rows, rows.loc[[repeat - 2]]])
    rows.to_csv(path, index=False)
    return path


def test_another_file_of_the_same_shape_is_taken(tmp_path: Path) -> None:
    found = population(write(tmp_path / "mine.csv", {(2, "children"): " 1000 "}))
    assert found["children"].iloc[0] == 1000
    assert set(found["mid_year"]) == {2017}


def test_a_byte_order_mark_other_columns_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    file = write(tmp_path / "mine.csv")
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n\n".join([f"{lines[0]},note", *(f"{line},x" for line in lines[1:])]), "utf-8-sig")
    assert len(population(file)) == len(atoms())


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"change": {(5, "children"): "-3"}}, 'mine.csv, row 5: children "-3" is negative.'),
        ({"change": {(5, "children"): "1,200"}}, 'mine.csv, row 5: children "1,200" is not a number.'),
        ({"change": {(5, "children"): ""}}, 'mine.csv, row 5: children "" is not a number.'),
        ({"change": {(5, "children"): "inf"}}, 'mine.csv, row 5: children "inf" is not a number.'),
        ({"change": {(5, "mid_year"): "2017/18"}}, 'mine.csv, row 5: mid_year "2017/18" is not a year; write it as 2017.'),
        ({"change": {(5, "lad_code"): "E06000026"}}, 'row 5: postcode district "EX2" and LAD "E06000026" do not meet in the county'),
        ({"change": {(5, "postcode_district"): "XX99"}}, 'row 5: postcode district "XX99"'),
        ({"repeat": 2}, 'repeats "2017", "DT7", "E07000040"; keep one of the rows.'),
        ({"drop": 2}, 'mid-year "2017" lacks 1 pairs of district and LAD (DT7 in E07000040 first); give each a row, 0 for none.'),
    ],
)
def test_a_fault_is_one_sentence_with_its_row(tmp_path: Path, fault: dict[str, dict[tuple[int, str], str]], sentence: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # the sentence is checked below
        population(write(tmp_path / "mine.csv", **fault))  # type: ignore[arg-type]  # one of three kinds of fault
    assert sentence in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # the sentences are counted below
        population(write(tmp_path / "mine.csv", {(row, "children"): "many" for row in range(2, 50)} | {(60, "mid_year"): "soon"}))
    told = str(caught.value).splitlines()
    assert len(told) == 21
    assert told[-1].endswith("faults more.")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "mine.csv has no column mid_year, postcode_district, lad_code, children; it needs"),
        (b"mid_year,postcode_district,children\n2017,EX1,3\n", "mine.csv has no column lad_code"),
        (",".join(COLUMNS).encode() + b"\n", "mine.csv has a heading and no rows."),
        (",".join(COLUMNS).encode() + b"\n2017,EX1,E07000041\n", "mine.csv, row 2 has 3 values where the heading has 4"),
        ("mid_year,district\n2017,Ærø".encode("cp1252"), "mine.csv is not UTF-8 text"),
        (b"mid_year,a\n2017," + b"x" * 1_000_000, "mine.csv is not a CSV file"),
        (b"mid_year,a\n\x00", "mine.csv"),
    ],
)
def test_what_is_no_population_file_is_refused_in_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "mine.csv").write_bytes(content)
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # the sentence is checked below
        population(tmp_path / "mine.csv")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none\.csv does not exist"):
        population(tmp_path / "none.csv")
    with pytest.raises(ValueError, match="cannot be read"):
        population(tmp_path)
