"""A snapshot is published whole or not at all, and a damaged one is not read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock

from csc_core.load import load
from csc_core.publish import KEEP
from csc_core.snapshot import Unavailable, current_id, open_current
from tests.small_county import records


def publish(data: Path) -> Path:
    return load(records(), data, lambda what, share: None).folder


@pytest.fixture(scope="module")
def loaded_twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two snapshots of the small county, to be copied."""
    data = tmp_path_factory.mktemp("twice")
    publish(data)
    publish(data)
    return data


@pytest.fixture
def two(loaded_twice: Path, tmp_path: Path) -> tuple[Path, Path, Path]:
    """The same in a folder of its own: the folder, the older snapshot, the newer."""
    data = shutil.copytree(loaded_twice, tmp_path / "data")
    older, newer = sorted((data / "snapshots").iterdir())
    return data, older, newer


def test_a_snapshot_says_what_it_holds(small_data: Path) -> None:
    opened = open_current(small_data)
    assert opened.synthetic and opened.source == "small county" and opened.warning is None
    assert opened.id == current_id(small_data)
    assert f"{opened.as_at:%Y-%m-%d %H:%M}" == "2017-12-31 23:40"
    counts = opened.counts.set_index("table")
    assert (counts["read"] == counts["kept"] + counts["rejected"]).all()
    assert counts.loc["cin_episodes", "read"] == 16


def test_nothing_can_be_read_from_disk_once_it_is_open(small_data: Path) -> None:
    with pytest.raises(Exception, match="disabled"):
        open_current(small_data).sql(f"from read_csv('{small_data / 'CURRENT'}')")


def damage_a_byte(folder: Path) -> None:
    path = folder / "referral.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def empty_a_file(folder: Path) -> None:
    (folder / "population.parquet").write_bytes(b"")


def lose_a_file(folder: Path) -> None:
    (folder / "enquiry.parquet").unlink()


def half_a_manifest(folder: Path) -> None:
    path = folder / "MANIFEST.json"
    path.write_text(path.read_text()[:100])


def another_version(folder: Path) -> None:
    path = folder / "MANIFEST.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))


def lose_everything(folder: Path) -> None:
    shutil.rmtree(folder)


@pytest.mark.parametrize("harm", [damage_a_byte, empty_a_file, lose_a_file, half_a_manifest, another_version, lose_everything])
def test_a_damaged_snapshot_falls_back_to_the_previous_one_and_says_so(two: tuple[Path, Path, Path], harm: object) -> None:
    data, older, newer = two
    harm(newer)  # type: ignore[operator]
    opened = open_current(data)
    assert opened.id == older.name
    assert opened.warning is not None and newer.name in opened.warning and "load them again" in opened.warning


@pytest.mark.parametrize("text", ["", "no-such-snapshot\n", "../../etc\n", "\x00\n"])
def test_a_spoiled_pointer_falls_back_to_a_sound_snapshot(two: tuple[Path, Path, Path], text: str) -> None:
    data, _, newer = two
    (data / "CURRENT").write_text(text)
    assert open_current(data).id == newer.name


@pytest.mark.slow
def test_no_data_and_only_damaged_data_are_one_sentence(two: tuple[Path, Path, Path], tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="No data have been loaded"):
        open_current(tmp_path / "none")
    data, older, newer = two
    lose_everything(older)
    lose_a_file(newer)
    with pytest.raises(Unavailable, match="is damaged or was made"):
        open_current(data)


def test_only_one_load_at_a_time(two: tuple[Path, Path, Path]) -> None:
    data, _, newer = two
    with FileLock(data / ".lock"), pytest.raises(Unavailable, match="Another load"):
        publish(data)
    assert open_current(data).id == newer.name


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="could not be written"):
        publish(tmp_path / "file")


@pytest.mark.slow
def test_old_snapshots_and_left_overs_are_removed(two: tuple[Path, Path, Path]) -> None:
    data, *folders = two
    (data / "snapshots" / ".tmp-1").mkdir()
    folders += [publish(data) for _ in range(KEEP.snapshots - 1)]
    assert len(folders) == KEEP.snapshots + 1
    assert sorted(path.name for path in (data / "snapshots").iterdir()) == sorted(folder.name for folder in folders[1:])


def test_findings_are_beside_the_snapshot(small_data: Path) -> None:
    folder = small_data / "snapshots" / (current_id(small_data) or "")
    assert list(pd.read_csv(folder / "findings.csv").columns) == [
        "file", "table", "row", "column", "value", "reason", "outcome", "key", "child"
    ]  # fmt: skip
