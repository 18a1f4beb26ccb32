"""Which issues come together, counted by hand: twenty assessments with a factor recorded, one without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from csc_core.access import Scope
from csc_core.co_occurrence import Together, commonest, matrix
from csc_core.disclosure import LEAST, WITHHELD, Audience
from csc_core.factors import ISSUES
from csc_core.periods import parse
from csc_core.query import AllOf, QueryError, query
from csc_core.snapshot import Snapshot
from tests.csc_core.test_factors import county_of, published

EVERYTHING = Scope.everything()
DAY = "2017-10-20"
# nine with domestic abuse, parental mental health and neglect; three with the first two; two with self-harm and going missing;
# two with two codes of domestic abuse and nothing else; one with none identified beside neglect; three with none identified
CARRIED = [["3B", "4B", "16A"]] * 9 + [["3A", "4B"]] * 3 + [["15A", "10A"]] * 2 + [["3A", "3B"]] * 2 + [["21", "16A"]] + [["21"]] * 3


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    # the children of Exeter and of Barnstaple in turn
    children = ["C01", "C03", "C02", "C04"]
    given = {f"A{n}": (children[n % 4], DAY, factors) for n, factors in enumerate(CARRIED)} | {"AX": ("C01", DAY, [])}
    return published(county_of(given), tmp_path_factory.mktemp("together"))


def asked(snapshot: Snapshot, audience: Audience = Audience.MANAGER, period: str = "2017-10", **more: Any) -> dict[str, Any]:
    return {"snapshot": snapshot, "scope": EVERYTHING, "audience": audience, "period": parse(period, snapshot.as_at.date()), **more}


def cell(found: Together, first: str, second: str) -> dict[str, Any]:
    rows = found.rows
    (row,) = rows[(rows["first"] == first) & (rows["second"] == second)].to_dict("records")
    return {str(name): value for name, value in row.items()}


def test_the_matrix_has_every_two_groups_over_the_assessments_with_a_factor(snapshot: Snapshot) -> None:
    found = matrix(**asked(snapshot))
    assert found.assessments == 20 and found.reason is None
    assert len(found.rows) == len(ISSUES) ** 2
    both = cell(found, "domestic-abuse", "parental-mental-health")
    assert (both["numerator"], both["value"], both["of_first"]) == (12, 60, pytest.approx(1200 / 14))
    assert both["times"] == pytest.approx(12 / (14 * 12 / 20))
    assert cell(found, "parental-mental-health", "domestic-abuse")["of_first"] == 100
    assert cell(found, "domestic-abuse", "domestic-abuse")["numerator"] == 14  # two codes of one group are no pair
    assert cell(found, "neglect", "neglect")["numerator"] == 10
    assert cell(found, "exploitation", "child-mental-health")["numerator"] == 2
    nothing = cell(found, "young-carer", "neglect")
    assert (nothing["numerator"], nothing["value"]) == (0, 0)
    assert pd.isna(nothing["of_first"]) and pd.isna(nothing["times"]) and nothing["reason"] == "No assessment carries the first."


def test_the_matrix_is_the_same_both_ways_round_and_its_diagonal_is_the_prevalence(county: Snapshot) -> None:
    found = matrix(**asked(county, period="12m:2017-12"))
    wide = found.rows.pivot(index="first", columns="second", values="numerator").loc[list(ISSUES), list(ISSUES)]
    assert wide.equals(wide.T.rename_axis(index="first", columns="second"))
    prevalence = query(county, "factor_prevalence", scope=EVERYTHING, period=parse("12m:2017-12", county.as_at.date()))
    single = prevalence.set_index("factor_group")["numerator"]
    assert [wide.loc[id, id] for id in ISSUES] == single[list(ISSUES)].tolist()
    assert found.assessments == prevalence["denominator"].iloc[0]


def test_the_commonest_pairs_and_trios_come_first(snapshot: Snapshot) -> None:
    pairs = commonest(**asked(snapshot), size=2)
    assert pairs.rows[["issues", "numerator"]].to_numpy().tolist() == [
        [("domestic-abuse", "parental-mental-health"), 12],
        [("domestic-abuse", "neglect"), 9],
        [("parental-mental-health", "neglect"), 9],
        [("child-mental-health", "exploitation"), 2],
    ]
    assert pairs.rows["value"].tolist() == [60, 45, 45, 10]
    trios = commonest(**asked(snapshot), size=3)
    assert trios.rows[["issues", "numerator"]].to_numpy().tolist() == [[("domestic-abuse", "parental-mental-health", "neglect"), 9]]
    codes = commonest(**asked(snapshot), size=2, kind="factor").rows
    assert codes["issues"].tolist()[0] == ("3B", "4B") and ("3A", "3B") in codes["issues"].tolist()


def test_a_place_and_the_scope_limit_what_is_counted(snapshot: Snapshot) -> None:
    exeter = matrix(**asked(snapshot), where={"locality": ["exeter"]})
    assert exeter.assessments == 10
    scoped = matrix(**{**asked(snapshot), "scope": Scope({"locality": frozenset({"exeter"})})})
    assert scoped.rows.equals(exeter.rows)
    assert cell(exeter, "domestic-abuse", "neglect")["numerator"] == 5  # of nine, those with an even number


def test_a_commissioner_sees_no_pair_of_few_and_nothing_of_an_issue_of_few(snapshot: Snapshot) -> None:
    found = matrix(**asked(snapshot, Audience.COMMISSIONER))
    assert not found.rows["numerator"].between(1, LEAST - 1).any()
    assert cell(found, "domestic-abuse", "neglect")["numerator"] == 9
    rare = found.rows[(found.rows["first"] == "exploitation") | (found.rows["second"] == "exploitation")]
    assert rare["withheld"].all() and (rare["reason"] == WITHHELD).all()
    assert rare[["numerator", "value", "of_first", "times"]].isna().all(axis=None)
    assert commonest(**asked(snapshot, Audience.COMMISSIONER), size=2).rows["numerator"].tolist() == [12, 9, 9]
    with pytest.raises(QueryError, match="managers only"):
        matrix(**asked(snapshot, Audience.COMMISSIONER), kind="factor")


@pytest.mark.slow
def test_a_base_of_few_is_withheld_whole(tmp_path: Path) -> None:
    seven = {f"A{n}": ("C01", DAY, ["3B", "4B"]) for n in range(7)}
    few = published(county_of(seven), tmp_path)
    for found in (matrix(**asked(few, Audience.COMMISSIONER)), commonest(**asked(few, Audience.COMMISSIONER), size=2)):
        assert found.rows.empty and found.assessments is None and found.reason == WITHHELD
    assert matrix(**asked(few)).assessments == 7


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2017-12", "No assessments at all are recorded for December 2017"),  # where October has many
        ("2017-10-30", "There are none in the period"),
        ("2018-02", "no records yet"),
        ("2014-02", "Records begin"),
    ],
)
def test_a_period_without_assessments_is_a_reason(snapshot: Snapshot, period: str, words: str) -> None:
    for found in (matrix(**asked(snapshot, period=period)), commonest(**asked(snapshot, period=period), size=3)):
        assert found.rows.empty and words in str(found.reason)


@pytest.mark.slow
def test_nothing_that_comes_together_is_a_reason(tmp_path: Path) -> None:
    alone = published(county_of({f"A{n}": ("C01", DAY, ["16A"]) for n in range(9)}), tmp_path)
    assert commonest(**asked(alone), size=2).reason == "No 2 issues come together in any assessment."
    assert "8 or more assessments" in str(commonest(**asked(alone, Audience.COMMISSIONER), size=2).reason)


def test_an_issue_is_no_filter_here(snapshot: Snapshot) -> None:
    for where in ({"factor_group": ["neglect"]}, {"factor": AllOf(["3A", "3B"])}):
        with pytest.raises(QueryError, match="look at its row"):
            matrix(**asked(snapshot), where=where)
    with pytest.raises(QueryError, match="There is no locality"):
        matrix(**asked(snapshot), where={"locality": ["Exeter"]})
