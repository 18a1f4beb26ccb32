"""What the tests of pages share: the app opened at an address, and the search of installed packages done once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

ENTRY = str(Path(__file__).parents[2] / "streamlit_app.py")
Opener = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def _packages_searched_once() -> Iterator[None]:
    """Each AppTest searches every installed package for components, a third of the time of a page, and they do not change meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Open the app on a data folder at an address, its first page or the one named: straight away, as a link from elsewhere does."""

    def go(data: Path, page: str = "", **address: str) -> AppTest:
        monkeypatch.setenv("CSC_DATA", str(data))
        at = AppTest.from_file(ENTRY, default_timeout=120)
        at.query_params.update(address)
        return (at.switch_page(f"pages/{page}.py") if page else at).run()

    return go
