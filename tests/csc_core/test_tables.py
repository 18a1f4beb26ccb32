"""The declared tables: whole in themselves, and described as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from csc_core.check import check
from csc_core.sources.csv import read
from csc_core.tables import CODES, TABLES, Table, describe, shown

EVERY = [pytest.param(table, id=table.name) for table in TABLES.values()]


@pytest.mark.parametrize("table", EVERY)
def test_a_declaration_is_whole(table: Table) -> None:
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert (table.columns[0].kind, table.columns[0].required) == ("id", True)
    for column in table.columns:
        assert (column.kind == "code") == (column.codes in CODES)
        assert column.unknown_as is None or column.unknown_as in CODES[str(column.codes)]
        assert column.refers_to is None or column.name == TABLES[column.refers_to].key or column.kind == "id"
        # a start is read before the end that is held against it
        assert column.not_before is None or column.not_before in names[: names.index(column.name)]
        assert column.kind == "date" or not (column.event or column.not_before or column.keeps_row)
        assert not (column.required and column.keeps_row)


@pytest.mark.parametrize("name", CODES)
def test_codes_do_not_differ_by_capitals_alone(name: str) -> None:
    assert len({code.upper() for code in CODES[name]}) == len(CODES[name])


@pytest.mark.parametrize("table", EVERY)
def test_every_table_and_column_is_described(table: Table) -> None:
    (part,) = [part for part in describe().split("\n\n") if part.startswith(f"{table.file}: ")]
    assert ("(required)" in part) == table.required
    for column in table.columns:
        (line,) = re.findall(rf"^    {column.name} .*(?:\n {{40,}}.*)*", part, re.MULTILINE)
        words = " ".join(line.split())
        assert f" {column.kind}" in words
        assert column.means in words
        assert (" required " in words) == column.required
        assert column.codes is None or f"code list {column.codes}" in words


@pytest.mark.parametrize("name", CODES)
def test_every_code_is_described(name: str) -> None:
    (part,) = [part for part in describe().split("\n\n") if part.startswith(f"Code list {name}\n")]
    assert dict(line.split(None, 1) for line in part.splitlines()[1:]) == dict(CODES[name])


def test_the_description_fits_a_screen() -> None:
    examples = re.compile(r"    \w+(,\S*)+.*")
    assert [line for line in describe().splitlines() if len(line) > 130 and not examples.fullmatch(line)] == []


def test_the_example_rows_are_good_together(tmp_path: Path) -> None:
    for file, rows in re.findall(r"^(\w+\.csv): .*?    Example:\n(.*?)(?:\n\n|\Z)", describe(), re.MULTILINE | re.DOTALL):
        (tmp_path / file).write_text("\n".join(line.strip() for line in rows.splitlines()), "utf-8")
    records = read(tmp_path)
    checked = check(records)
    assert (records.notes, checked.findings) == ((), ())
    assert checked.counts["kept"].to_list() == [1] * len(TABLES)


@pytest.mark.parametrize(
    ("value", "as_shown"),
    [("x" * 80, "x" * 80), ("x" * 81, "x" * 79 + "…"), ("a\x00\nb", "a??b"), ("", ""), ("Café, 1", "Café, 1")],
    ids=["as long as can be", "one longer", "what would not be seen", "nothing", "plain"],
)
def test_a_value_is_shown_in_one_short_line(value: str, as_shown: str) -> None:
    assert shown(value) == as_shown
