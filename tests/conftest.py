"""What every test shares: a skip counts as a failure, and the demonstration county is loaded once for all workers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from csc_core import removals
from csc_core.snapshot import Snapshot, open_current
from csc_core.sources import demo
from csc_core.tables import Records
from tests.postgres import Server, server

ROOT = Path(__file__).parent.parent

# How long an example may take is the business of the timeout in pyproject.toml: a busy machine is no fault of the code.
settings.register_profile("patient", settings.default, deadline=None)
settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the demonstration county, or draws a whole page with data, is slow; others say so themselves."""
    for item in items:
        needs = {*getattr(item, "fixturenames", ())}
        a_page = item.path.parent == ROOT / "tests" / "pages" and needs & {"opened", "small_data", "tmp_path"}
        if a_page or needs & {"demonstration", "demonstration_records"}:
            item.add_marker(pytest.mark.slow)


def _failed_not_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Skipped, which counts as a failure here: a run without it proves less than it seems to. {why}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _failed_not_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _failed_not_skipped(report)
    return report


@pytest.fixture(scope="session")
def demonstration_records() -> Records:
    """The demonstration's records, made once for each worker: to be copied and changed, not changed."""
    return demo.read()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder (what `--data` and CSC_DATA name) with the demonstration loaded; read only, shared by all workers."""
    base = tmp_path_factory.getbasetemp()
    data = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demonstration"
    with FileLock(f"{data}.lock"):
        if not (data / "CURRENT").exists():
            load = [sys.executable, "-m", "csc_core", "load", "demo", "--data", str(data)]
            done = subprocess.run(load, cwd=ROOT, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
    return data


@pytest.fixture(scope="session")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the small county of `tests/small_county.py` published."""
    from csc_core.load import load
    from tests.small_county import records

    data = tmp_path_factory.mktemp("small")
    load(records(), data, lambda what, share: None)
    return data


@pytest.fixture(scope="session")
def small(small_data: Path) -> Snapshot:
    """The small county, open."""
    return open_current(small_data)


@pytest.fixture(scope="session")
def county(demonstration: Path) -> Snapshot:
    """The demonstration county, open."""
    return open_current(demonstration)


@pytest.fixture(scope="session")
def fifth_records(demonstration_records: Records) -> Records:
    """A fifth of the demonstration's children with all that hangs on them, for what need not be shown of every one of them."""
    children = demonstration_records.tables["persons"].rows["person_id"]
    return removals.without(demonstration_records, set(children[children.index % 5 != 0]))


@pytest.fixture(scope="session")
def fifth(fifth_records: Records, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The same, published and open."""
    from csc_core.load import load

    data = tmp_path_factory.mktemp("fifth")
    load(fifth_records, data, lambda what, share: None)
    return open_current(data)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own, for as long as they run."""
    with server() as running:
        yield running
