"""Service, team locality, area and team as the mapping file has them: what is below what, which teams closed, which it does not have."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from csc_core.dimensions import members
from csc_core.facts import FACTS
from csc_core.periods import Period
from csc_core.snapshot import Snapshot

LEVELS: Mapping[str, str] = {"service": "Service", "team_locality": "Team locality", "team_area": "Team area", "team": "Team"}


def levels(snapshot: Snapshot) -> Mapping[str, str]:
    """Those of LEVELS that the mapping file has: no council needs to divide its localities into areas."""
    return {id: title for id, title in LEVELS.items() if id != "team_area" or snapshot.teams["team_area_name"].notna().any()}


def below(snapshot: Snapshot, level: str, filters: Mapping[str, str]) -> list[str]:
    """The members of a level of `LEVELS` that the mapping file has below what is filtered by, in the order people expect."""
    teams = snapshot.teams.rename(columns={"team_id": "team"})
    for name in LEVELS:
        if name in filters:
            teams = teams[teams[name] == filters[name]]
    there = {*teams[level]}
    return [id for id in members(snapshot, level) if id in there]


def standing(snapshot: Snapshot, period: Period) -> dict[str, str]:
    """A word for each team that did not exist all through the period: `closed on 1 September 2016`."""
    words = {}
    for team in snapshot.teams.to_dict("records"):
        opened, closed = team["valid_from"], team["valid_to"]
        if pd.notna(closed) and closed.date() <= period.end:
            words[team["team_id"]] = f"closed on {closed.day} {closed:%B %Y}"
        elif pd.notna(opened) and opened.date() > period.start:
            words[team["team_id"]] = f"opened on {opened.day} {opened:%B %Y}"
    return words


def unmapped(snapshot: Snapshot) -> list[str]:
    """The teams that the records name and the mapping file does not have."""
    named = [fact for fact in FACTS if "team" in snapshot.sql(f"select * from {fact} limit 0").columns]  # noqa: S608  # a declared name
    every = " union ".join(f"select team from {fact}" for fact in named)  # noqa: S608  # the same
    known = "select team_id from team union all select unnest(['not allocated', 'confidential', 'not known'])"
    return snapshot.sql(f"select team from ({every}) where team not in ({known}) order by team")["team"].tolist()  # noqa: S608  # the same
