"""The map's files: all that a browser needs, from this machine, whole at every moment."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from geo.areas import LEVELS, areas
from geo.assets import KEPT_SECONDS, SERVED, publish
from geo.colours import DARK, LIGHT

ROOT = Path(__file__).parent.parent.parent
NAMES = {"leaflet.js", "leaflet.css", "map.js", "map.css", "geometry.js", "source-sans.woff2"}


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "static"
    publish(folder)
    return folder


def file_of(static: Path, name: str) -> Path:
    return static / publish(static)[name].removeprefix(SERVED)


def test_every_file_is_there_under_a_name_that_changes_with_its_content(static: Path) -> None:
    served = publish(static)
    assert set(served) == NAMES
    assert {url.removeprefix(SERVED) for url in served.values()} == {path.name for path in static.iterdir()}
    assert all(re.search(r"-[0-9a-f]{12}\.(js|css|woff2)$", url) for url in served.values())


def test_nothing_points_to_another_host(static: Path) -> None:
    for name in ("map.js", "map.css", "geometry.js"):
        links = re.findall(r"(?:https?:)?//[a-z0-9.-]+", file_of(static, name).read_text("utf-8"))
        assert set(links) <= {"http://www.w3.org"}, name  # the name of SVG's namespace, which nobody fetches


def test_the_style_names_the_published_font(static: Path) -> None:
    assert f'url("{file_of(static, "source-sans.woff2").name}")' in file_of(static, "map.css").read_text("utf-8")


def test_the_style_has_the_colours_of_both_themes(static: Path) -> None:
    style = file_of(static, "map.css").read_text("utf-8")
    named = set(re.findall(r"var\(--csc-([a-z]+)\)", style))
    assert named - {"class"} <= set(asdict(LIGHT))
    for where, theme in ((":root {", LIGHT), (":root[data-dark] {", DARK)):
        rule = style.split(where)[1].split("}")[0]
        assert all(f"--csc-{name}: {colour};" in rule for name, colour in asdict(theme).items())


def test_the_geometry_has_every_area_once_with_its_label_and_no_figures(static: Path) -> None:
    text = file_of(static, "geometry.js").read_text("utf-8")
    layers = json.loads(text.removeprefix("window.CSC_GEO=").removesuffix(";"))
    assert set(layers) == {*LEVELS, "land", "context", "places"}
    for level in LEVELS:
        properties = [feature["properties"] for feature in layers[level]["features"]]
        assert [area["id"] for area in properties] == list(areas(level).index)
        assert all(set(area) == {"id", "title", "label", "at"} for area in properties)
    assert next(area["properties"]["label"] for area in layers["district"]["features"]) == "DT7"
    assert {place[3] for place in layers["places"]} == {"town", "council", "county"}


def test_publishing_again_writes_nothing_that_is_already_there(static: Path) -> None:
    before = {path: path.stat().st_ino for path in static.iterdir()}
    publish(static)
    assert {path: path.stat().st_ino for path in static.iterdir()} == before


def test_a_damaged_or_missing_file_is_made_good(tmp_path: Path) -> None:
    script, style = file_of(tmp_path, "map.js"), file_of(tmp_path, "map.css")
    whole = script.read_bytes()
    script.write_bytes(whole[:100])
    style.unlink()
    publish(tmp_path)
    assert script.read_bytes() == whole and style.exists()


def test_old_files_go_after_a_day_out_of_use_and_other_peoples_never(tmp_path: Path) -> None:
    recent, old, leftover, theirs = (
        tmp_path / name for name in ("map-0123456789ab.js", "map-ba9876543210.js", ".publishing-1f", "logo-0123456789ab.png")
    )
    current = file_of(tmp_path, "map.js")
    for path in (recent, old, leftover, theirs):
        path.write_text("x")
    long_ago = time.time() - KEPT_SECONDS - 60
    for path in (current, old, leftover, theirs):
        os.utime(path, (long_ago, long_ago))
    publish(tmp_path)
    assert recent.exists() and theirs.exists() and current.exists()
    assert not old.exists() and not leftover.exists()
    assert time.time() - current.stat().st_mtime < KEPT_SECONDS  # in use: its day begins again


def test_two_processes_may_start_at_once(tmp_path: Path) -> None:
    start = [sys.executable, "-c", f"from pathlib import Path; from geo.assets import publish; publish(Path({str(tmp_path)!r}))"]
    both = [subprocess.Popen(start, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate()[1] for process in both] == ["", ""]
    assert {process.returncode for process in both} == {0}
    assert len(list(tmp_path.iterdir())) == len(NAMES)


def test_it_imports_neither_django_nor_streamlit(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from geo.assets import publish; "
        f"publish(Path({str(tmp_path)!r})); print({{'django', 'streamlit', 'js_lib_leaflet'}} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
