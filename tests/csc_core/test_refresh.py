"""The nightly load: whatever happens to it, what was published before stays, and the next one begins with a clean folder."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from csc_core.__main__ import _parser, main
from csc_core.freshness import freshness
from csc_core.load import load
from csc_core.snapshot import current_id, open_current
from csc_core.sources import csv
from csc_core.tables import Records, quiet
from tests.csc_core.loading import holding, loading
from tests.small_county import records

ROOT = Path(__file__).parents[2]
KILLS = 100
FEW = ("persons", "cin_episodes", "cin_assessments", "departments")  # so that a load is short


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A few tables of the small county as CSV."""
    few = records()
    csv.write(Records({name: few.tables[name] for name in FEW}, "test", synthetic=True, as_at=few.as_at), tmp_path / "in")
    return tmp_path / "in"


def left_over(data: Path) -> list[str]:
    """What a finished load leaves apart from what it should."""
    kept = {"CURRENT", "pseudonym.key", "snapshots", ".lock"}
    return [path.name for path in data.iterdir() if path.name not in kept] + [p.name for p in (data / "snapshots").glob(".*")]


class Reader(threading.Thread):
    """Opens the current snapshot again and again, as an app does, and keeps what went wrong."""

    def __init__(self, data: Path) -> None:
        super().__init__()
        self.data, self.stopped, self.opened, self.wrong = data, threading.Event(), 0, list[str]()

    def run(self) -> None:
        while not self.stopped.is_set():
            try:
                found = open_current(self.data)
                with found.con:
                    rows = found.sql("select count(*) as n from referral join assessment using (person_id)")["n"].item()
                    if found.warning or rows != EXPECTED:
                        self.wrong.append(f"{rows} rows, {found.warning}")
            except Exception as error:  # noqa: BLE001  whatever it is, it is what the test is about
                self.wrong.append(repr(error))
            self.opened += 1
            self.stopped.wait(0.5)  # seconds: an opening takes a tenth of one, and the loads need the processors to be killed on


EXPECTED = 6
"""Referrals of the children with a completed assessment: C01 two, C04 two, C05 one, C12 one."""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_load_killed_a_hundred_times_is_never_seen_and_the_next_one_tidies_up(folder: Path, tmp_path: Path) -> None:
    data, moments, killed = tmp_path / "data", random.Random(5), 0  # noqa: S311  when to kill, no secret
    assert main(["load", "csv", str(folder), "--data", str(data)]) == 0
    begun = time.monotonic()
    process = loading(folder, data)
    process.join()
    longest = time.monotonic() - begun
    reader = Reader(data)
    reader.start()
    try:
        while killed < KILLS:
            begun = time.monotonic()
            process = loading(folder, data)
            process.join(moments.uniform(0, longest))
            if not process.is_alive():  # it ended before its moment: the moments are drawn from a shorter time
                longest = min(longest, time.monotonic() - begun)
            process.kill()  # SIGKILL to this one process; nothing happens to one that has ended
            process.join()
            assert process.exitcode in (0, -9)
            killed += process.exitcode == -9
    finally:
        reader.stopped.set()
        reader.join()
    assert reader.wrong == [] and reader.opened > 10
    before = current_id(data)
    assert main(["load", "csv", str(folder), "--data", str(data)]) == 0
    assert current_id(data) != before and left_over(data) == []
    assert len(list((data / "snapshots").iterdir())) <= 3


@pytest.mark.parametrize("limit", [0, 300, 1500])
@pytest.mark.slow
def test_a_full_disk_leaves_the_old_snapshot(folder: Path, tmp_path: Path, limit: int) -> None:
    """No file can grow beyond `limit` bytes: that ends the first table, a table in the middle, the manifest."""
    data = tmp_path / "data"
    arguments = ["load", "csv", str(folder), "--data", str(data)]
    assert main(arguments) == 0
    before = current_id(data)
    starved = (
        f"import resource as r, sys; r.setrlimit(r.RLIMIT_FSIZE, ({limit},) * 2)\nfrom csc_core.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", starved, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert f"The snapshot could not be written to {data}: " in done.stderr.splitlines()[-1]
    assert done.stderr.endswith("The data shown have not changed.\n")
    assert current_id(data) == before and open_current(data).warning is None
    assert main(arguments) == 0
    assert left_over(data) == []


@pytest.mark.slow
def test_of_two_loads_at_once_the_second_ends_at_once_and_a_killed_one_holds_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    process, begun = holding(data)
    assert begun.wait(60)
    for command in (["load", "csv", "there is no such folder"], ["load", "demo"], ["remove"]):
        assert main([*command, "--data", str(data)]) == 2
        said = capsys.readouterr().err
        assert said.endswith(f"Another load into {data} is under way: wait until it has finished.\n") and said.count("\n") == 1
    process.kill()
    process.join()
    assert (data / ".lock").exists()  # stale: its holder is gone
    assert main(["load", "csv", str(folder), "--data", str(data)]) == 0


@pytest.mark.slow
def test_a_source_that_breaks_off_changes_nothing(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert main(["load", "csv", str(folder), "--data", str(data)]) == 0
    before = current_id(data)
    (folder / "cin_episodes.csv").unlink()
    assert main(["load", "csv", str(folder), "--data", str(data)]) == 2
    assert current_id(data) == before and left_over(data) == []


@pytest.mark.slow
def test_arguments_can_stand_in_a_file_and_a_load_says_how_far_it_is_and_what_it_took(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nightly.txt").write_text(f"# every night\ncsv\n{folder}\n\n--keep=1\n")
    for _ in range(2):
        assert main(["load", f"@{tmp_path / 'nightly.txt'}", "--data", str(tmp_path / "data")]) == 0
        out, err = capsys.readouterr()
        told = [int(line.split("%")[0]) for line in err.splitlines()]
        assert told == sorted({*told}) and told[-1] == 100 and len(told) > 5
        assert "Took" in out and "MB of memory." in out
    assert len(list((tmp_path / "data" / "snapshots").iterdir())) == 1


NUMBER, DAY = "write a whole number, 1 or more", "write the day as 2017-12-31"
MOMENT = "write a day as 2017-12-31, a moment as 2017-12-31T18:00, or now for the moment at which the load begins"


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        *(("--keep", value, NUMBER) for value in ("0", "-1", "many")),
        ("--keep-days", "1.5", NUMBER),
        ("--as-at", "31/12/2017", MOMENT),
        ("--complete-from", "2017-02-29", DAY),
        ("--cut-over", "soon", DAY),
    ],
)
def test_an_option_of_a_wrong_form_is_one_sentence(option: str, value: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["load", "demo", f"{option}={value}"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == f"python -m csc_core load: error: argument {option}: {words}"


class Clock(datetime):
    """It is one moment all the time."""

    moment: datetime

    @classmethod
    def now(cls, _tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # of no subclass
        return cls.moment


@pytest.mark.parametrize(
    ("moment", "as_at"),
    [
        (datetime(2026, 11, 21, 5, 30, 59, 7), datetime(2026, 11, 21, 5, 30)),
        # by itself 00:00 is the day to its end, and a day later than it is
        (datetime(2026, 11, 21, 0, 0, 3), datetime(2026, 11, 21, 0, 1)),
    ],
)
def test_the_example_of_a_nightly_load_goes_up_to_the_moment_at_which_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: datetime, as_at: datetime
) -> None:
    """Also after a quiet weekend, when the latest event would be days ago."""
    Clock.moment = moment
    monkeypatch.setattr("csc_core.commands.records.datetime", Clock)
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    (tmp_path / "nightly.txt").write_text(readme.split("    # nightly.txt\n")[1].split("\n\n")[0])
    options = _parser().parse_args(["load", f"@{tmp_path / 'nightly.txt'}"])
    assert (options.what[0], options.as_at, options.keep) == ("ssd", as_at, 7)


@pytest.mark.slow
def test_records_as_at_now_are_fresh(folder: Path, tmp_path: Path) -> None:
    before = datetime.now()
    assert main(["load", "csv", str(folder), "--as-at", "now", "--data", str(tmp_path)]) == 0
    snapshot = open_current(tmp_path)
    assert before - timedelta(minutes=1) < snapshot.as_at <= datetime.now() + timedelta(minutes=1)
    assert freshness([replace(one, kind="ssd") for one in snapshot.sources], before).level == "fresh"


def test_the_help_names_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ([], ["load"]):
        with pytest.raises(SystemExit):
            main([*command, "--help"])
        assert "Exit codes: 0 done; 2 it could not be done" in " ".join(capsys.readouterr().out.split())


@pytest.mark.slow
def test_status_says_how_old_the_records_of_the_case_system_are(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same county, as the case system would give it: as at the end of 2017, far more than two days ago."""
    load(replace(csv.read(folder), source="ssd postgresql://here"), tmp_path / "data", quiet)
    assert main(["status", "--data", str(tmp_path / "data")]) == 0
    assert "days old; they should be less than a day." in capsys.readouterr().out
