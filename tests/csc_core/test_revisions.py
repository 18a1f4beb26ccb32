"""What changed between two snapshots, by id: the small county, and the same with a referral less, one more and a case closed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from csc_core import pseudonyms
from csc_core.__main__ import main
from csc_core.access import Scope
from csc_core.changes import TOTAL, Movement
from csc_core.disclosure import Audience
from csc_core.load import load
from csc_core.periods import parse
from csc_core.query import QueryError
from csc_core.revisions import counts, figure_between, revisions
from csc_core.snapshot import Snapshot, Unavailable, kept, open_kept
from csc_core.tables import quiet
from tests.small_county import records

EVERYTHING = Scope.everything()


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Snapshot, Snapshot]:
    """The small county, and then: R15 is gone, R17 of C06 came in late, R08 was closed on 1 December, Q03 has an end."""
    data = tmp_path_factory.mktemp("two")
    made = records()
    load(made, data, quiet)
    referrals, enquiries = made.tables["cin_episodes"].rows.copy(), made.tables["s47_enquiries"].rows.copy()
    referrals.loc[referrals["referral_id"] == "R08", "close_date"] = "2017-12-01"
    late = referrals[referrals["referral_id"] == "R09"].assign(referral_id="R17", referral_date="2017-12-15", close_date="")
    referrals = pd.concat([referrals[referrals["referral_id"] != "R15"], late], ignore_index=True)
    enquiries.loc[enquiries["s47_enquiry_id"] == "Q03", "s47_end_date"] = "2017-12-20"
    tables = {
        **made.tables,
        "cin_episodes": replace(made.tables["cin_episodes"], rows=referrals),
        "s47_enquiries": replace(made.tables["s47_enquiries"], rows=enquiries),
    }
    load(replace(made, tables=tables), data, quiet)
    new, old = (open_kept(data, id) for id in kept(data))
    return data, old, new


def split(two: tuple[Path, Snapshot, Snapshot], id: str, period: str = "2017-12", audience: Audience = Audience.MANAGER) -> Movement:
    _, old, new = two
    return figure_between(old, new, id, scope=EVERYTHING, audience=audience, period=parse(period, new.as_at.date()))


def parts(found: Movement, measure: str = "numerator") -> dict[str, tuple[float, float]]:
    rows = found.rows[found.rows["measure"] == measure].to_dict("records")
    return {row["part"]: (row["earlier"], row["later"]) for row in rows if row["earlier"] or row["later"]}


def by_id(data: Path, found: pd.DataFrame) -> pd.DataFrame:
    """The rows with the ids of the case system in place of the references that the snapshots hold."""
    ids = [f"{letter}{number:02d}" for letter in "CRK" for number in range(1, 20)]
    of = dict(zip(pseudonyms.references(pseudonyms.key(data), ids), ids, strict=True))
    return found.assign(record=found["record"].map(of), child=found["child"].map(of))


@pytest.mark.slow
def test_each_record_added_removed_or_revised_has_its_id(two: tuple[Path, Snapshot, Snapshot]) -> None:
    data, old, new = two
    found = by_id(data, revisions(old, new, scope=EVERYTHING))
    referrals = found[found["kind"] == "referral"].set_index("record")
    assert referrals["what"].to_dict() == {"R17": "added", "R15": "removed"}
    assert referrals["child"].to_dict() == {"R17": "C06", "R15": "C11"}
    cases = found[found["kind"] == "open_case"].set_index("record")
    assert cases["what"].to_dict() == {"R17": "added", "R15": "removed", "R08": "revised"}
    assert "end_date" in str(cases["changed"]["R08"])
    # K03 of C06 is followed by a referral now, and K02 came when C05's case was closed
    enquiries = found[found["kind"] == "enquiry"].set_index("record")
    assert set(enquiries["what"]) == {"revised"}
    assert enquiries["changed"].to_dict() == {"K02": "already_open", "K03": "referred_in_90_days"}
    table = counts(found).set_index("kind")
    assert list(table.loc["referral", ["added", "removed", "revised"]]) == [1, 1, 0]
    # one of C05's stretches of days ends where the case does, and nothing about the plan has changed
    assert list(table.loc["cp_plan", ["added", "removed", "revised"]]) == [0, 0, 0]


def test_a_figure_is_split_into_added_removed_and_revised(two: tuple[Path, Snapshot, Snapshot]) -> None:
    # R03 R07 R11 R12 R15 before; R17 for R15 now
    assert parts(split(two, "referrals")) == {"added": (0, 1), "removed": (1, 0), "kept": (4, 4), TOTAL: (5, 5)}
    # C01 C02 C05 C07 C08 C09 C10 C11 before; C06 came, C11 went, C05 was closed
    assert parts(split(two, "open_cases")) == {"added": (0, 1), "removed": (1, 0), "revised_out": (1, 0), "kept": (6, 6), TOTAL: (8, 7)}
    share = split(two, "re_referrals")
    assert parts(share) == {"added": (0, 1), TOTAL: (0, 1)}
    assert parts(share, "denominator") == {"added": (0, 1), "removed": (1, 0), "kept": (4, 4), TOTAL: (5, 5)}


@pytest.mark.slow
def test_nothing_changed_says_nothing(two: tuple[Path, Snapshot, Snapshot]) -> None:
    assert parts(split(two, "cp_plans")) == {"kept": (1, 1), TOTAL: (1, 1)}
    _, old, _ = two
    assert revisions(old, old, scope=EVERYTHING).empty


@pytest.mark.slow
def test_only_what_a_scope_allows_is_compared(two: tuple[Path, Snapshot, Snapshot]) -> None:
    data, old, new = two
    barnstaple = by_id(data, revisions(old, new, scope=Scope({"locality": frozenset({"northern-devon"})})))
    assert set(barnstaple["child"]) == {"C05", "C11"}
    assert revisions(old, new, scope=Scope({"team": frozenset({"T-NONE"})})).empty


def test_a_commissioner_sees_no_few_records(two: tuple[Path, Snapshot, Snapshot]) -> None:
    rows = split(two, "referrals", audience=Audience.COMMISSIONER).rows.set_index("part")
    assert rows.loc[["added", "removed", "kept"], ["earlier", "later", "change"]].isna().all(axis=None)


@pytest.mark.slow
def test_the_command_lists_ids_counts_and_a_figure(two: tuple[Path, Snapshot, Snapshot], capsys: pytest.CaptureFixture[str]) -> None:
    data, old, new = two

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["changes", "--data", str(data), *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    code, out, err = run("--snapshots", "--format", "json")
    listed = json.loads(out)
    assert code == 0 and old.id in err and new.id in err
    record, child = pseudonyms.references(pseudonyms.key(data), ["R17", "C06"])
    assert {"kind": "referral", "record": record, "child": child, "what": "added", "changed": None} in listed
    code, out, _ = run("--snapshots", old.id, new.id)
    assert code == 0 and re.search(r"referral +referrals +1 +1 +0", out)
    code, out, _ = run("referrals", "--snapshots", "--period", "2017-12", "--format", "json")
    assert {row["part"]: row["change"] for row in json.loads(out)}["removed"] == -1
    for wrong, sentence in (
        (["--snapshots", new.id, old.id, "x"], "the older first"),
        (["--snapshots", "--disclosed"], "name an indicator"),
        (["--snapshots", "2026", "2027"], "those kept"),
    ):
        code, out, err = run(*wrong)
        assert (code, out) == (2, "") and sentence in err


def test_one_snapshot_alone_cannot_be_compared(small_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["changes", "--snapshots", "--data", str(small_data)]) == 2
    assert "only one snapshot" in capsys.readouterr().err


def test_what_cannot_be_compared_is_said_in_a_sentence(two: tuple[Path, Snapshot, Snapshot], tmp_path: Path) -> None:
    data, old, new = two
    period = parse("2017-12", new.as_at.date())
    with pytest.raises(QueryError, match="older snapshot first"):
        figure_between(new, old, "referrals", scope=EVERYTHING, audience=Audience.MANAGER, period=period)
    with pytest.raises(QueryError, match="choose the issue"):
        split(two, "factor_prevalence")
    with pytest.raises(Unavailable, match="those kept"):
        open_kept(data, "2")
    with pytest.raises(Unavailable, match="those kept: none"):
        open_kept(tmp_path, "2026")
    earlier = replace(old, as_at=old.as_at.replace(month=11, day=30))
    stock = figure_between(earlier, new, "open_cases", scope=EVERYTHING, audience=Audience.MANAGER, period=period)
    assert stock.rows.empty and "30 November 2017" in str(stock.reason)
    quarter = parse("2017/18Q3", new.as_at.date())
    events = figure_between(earlier, new, "referrals", scope=EVERYTHING, audience=Audience.MANAGER, period=quarter)
    assert "30 November 2017" in events.notes[0] and not events.rows.empty
