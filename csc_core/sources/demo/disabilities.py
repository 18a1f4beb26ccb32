"""Disabilities, as a case system holds them: for most children that there is none, for some nothing at all.

What is made here hangs on the needs and the issues recorded before and changes nothing of them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo.days import pick
from csc_core.sources.demo.targets import shares

OF_CHILD: Final = ("5A", "6A")  # factors: learning disability, physical disability or illness of the child
DISABLED: Final = {"need": 0.95, "factor": 0.7, "neither": 0.04}  # share of children, by what else is recorded of them
RECORDED: Final = {"assessed": 0.97, "not assessed": 0.6}
HOW_MANY: Final = (0.62, 0.25, 0.13)  # share of disabled children with one, two, three


def disabilities(rows: dict[str, pd.DataFrame], rng: np.random.Generator) -> pd.DataFrame:
    """The table `disabilities` of the children in `persons`, in their order."""
    children = rows["persons"]["person_id"]
    assessed = rows["cin_assessments"][rows["cin_assessments"]["assessment_auth_date"] != ""]
    factors = rows["assessment_factors"].query("assessment_factor in @OF_CHILD")["assessment_id"]
    in_need = children.isin(rows["cin_episodes"].query("cin_primary_need_code == 'N2'")["person_id"])
    found = children.isin(assessed.loc[assessed["assessment_id"].isin(factors), "person_id"])
    likely = np.select([in_need, found], [DISABLED["need"], DISABLED["factor"]], DISABLED["neither"])
    disabled = rng.random(len(children)) < likely
    known = rng.random(len(children)) < np.where(children.isin(assessed["person_id"]), RECORDED["assessed"], RECORDED["not assessed"])

    codes, weights = shares("disability")
    order = np.argsort(rng.exponential(size=(len(children), len(codes))) / weights, axis=1)  # the likeliest come first most often
    count = np.where(disabled, 1 + pick(np.array(HOW_MANY), rng.random(len(children))), 1)
    listed = pd.DataFrame({
        "person_id": np.repeat(children.to_numpy(object), count * known),
        "disability_code": np.concatenate([
            np.array(codes, dtype=object)[order[child, : count[child]]] if disabled[child] else ["NONE"] for child in np.flatnonzero(known)
        ]),
    })
    listed.insert(0, "table_id", [f"B{row:06}" for row in range(1, len(listed) + 1)])
    return listed
