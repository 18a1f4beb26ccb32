"""The HR file: posts with somebody in them, agency workers, and vacancies, in full-time equivalents."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo.days import NEVER, iso, number
from csc_core.sources.demo.targets import months, table

FIELDS: Final = ["name", "team", "status", "covers", "fte", "start", "end"]


def posts(held: pd.DataFrame) -> pd.DataFrame:
    """The table `posts`: a line for each post with staff or an agency worker in it (`held`, see `staff.tenures`) and each vacancy.

    `data/demo_vacancies.csv` has the vacancies that nobody covers (`vacant`), and the hours of agency workers that go `beyond` the
    posts there are; a last day of agency posts names those it is about. All other agency hours cover a vacancy of their team.
    """
    quotas = table("vacancies")
    lines = pd.concat([_filled(held, quotas[quotas["kind"] == "beyond"]), _not_covered(quotas[quotas["kind"] == "vacant"])])
    covered = lines[lines["covers"] == "Y"].assign(status="VACANT", covers="", name=lambda some: some["name"] + "-V")
    lines = pd.concat([lines, covered])
    lines = lines[lines["end"] > lines["start"]].sort_values("name", kind="stable", ignore_index=True)
    return pd.DataFrame({
        "post_id": lines["name"],
        "team_id": lines["team"],
        "post_status": lines["status"],
        "full_time_equivalency": lines["fte"].map("{:g}".format),
        "covers_vacancy": lines["covers"],
        "post_start_date": iso(lines["start"].to_numpy()),
        "post_end_date": iso(lines["end"].to_numpy()),
    })


def _filled(held: pd.DataFrame, beyond: pd.DataFrame) -> pd.DataFrame:
    """Lines of posts that somebody is in: workers follow each other without a gap, so a post is one line in each of its teams."""
    by_post = held.sort_values("start").groupby(["post", "team", "agency", "fte"], sort=False)
    lines = by_post.agg(start=("start", "min"), end=("end", "max")).reset_index()
    part = lines.groupby("post").cumcount()
    lines["name"] = [f"P{post + 1:04}" + ("-B" if again else "") for post, again in zip(lines["post"], part, strict=True)]
    lines["status"] = np.where(lines["agency"] == "Y", "AGENCY", "STAFF")
    lines["covers"] = np.where(lines["agency"] == "Y", "Y", "")
    left_over = {(team, _day(closed, NEVER)): fte for team, fte, closed in beyond[["team_id", "fte", "closed"]].itertuples(index=False)}
    rows = []
    for line in lines[lines["agency"] == "Y"].to_dict("records"):
        key = (line["team"], line["end"])
        extra = round(min(left_over.get(key, 0.0), line["fte"]), 2)
        left_over[key] = left_over.get(key, 0.0) - extra
        rows.append({**line, "fte": round(line["fte"] - extra, 2)})
        rows.append({**line, "fte": extra, "covers": "N", "name": line["name"] + "-N"})
    agency = pd.DataFrame(rows)
    lines = pd.concat([lines[lines["agency"] == "N"], agency[agency["fte"] > 0]])
    lines["start"] = lines["start"].clip(lower=months()[0].first)
    return lines[FIELDS]


def _not_covered(quotas: pd.DataFrame) -> pd.DataFrame:
    begin = months()[0].first
    return pd.DataFrame({
        "name": [f"P9{row:03}" for row in range(1, len(quotas) + 1)],
        "team": quotas["team_id"].to_numpy(),
        "status": "VACANT",
        "covers": "",
        "fte": quotas["fte"].to_numpy(),
        "start": [_day(text, begin) for text in quotas["opened"]],
        "end": [_day(text, NEVER) for text in quotas["closed"]],
    })


def _day(text: str, otherwise: int) -> int:
    return number(pd.Timestamp(text).date()) if text else otherwise
