"""Teams, the posts in them, the workers who held each post, and which of them was involved with which child."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo.cases import Cases, lowest
from csc_core.sources.demo.county import CLOSING, UNDER_WAY
from csc_core.sources.demo.days import NEVER, WORKING, YEAR, Floats, Ints, Words, between, number, position_from
from csc_core.sources.demo.targets import LAST, months, shares, table
from geo.areas import areas, atoms

STAYS: Final = {"N": 5.2, "Y": 1.1}  # years in a post, on average: staff, and workers from an agency
RECORDED_SINCE: Final = 2014  # the first worker of a post is the one who had it in this year
TRIAGE: Final = 5  # working days with the initial response team when no assessment follows
WAITING_LIST: Final = 0.05  # share of cases that wait for a worker after triage
WAIT: Final = 20  # working days, at most
HAND_OVER: Final = (5, 30)  # days from the assessment to the transfer to a longer-term team
SETTLED_IN: Final = 20  # days with a case holder before a case passes to staff who are not
ADVISED_FROM: Final = 16.5  # years: from then on such a case has a personal adviser
CO_WORKED: Final = 0.08  # share of longer-term cases


def departments() -> pd.DataFrame:
    """The table `departments`; a team's locality and area are those of the LAD it is based in, none for the county's own."""
    teams = table("teams")
    locality = atoms().drop_duplicates("lad").set_index("lad")["locality"]
    teams["team_locality"] = teams["base"].map(locality).fillna("county")
    teams["team_area"] = teams["base"].map(areas("lad")["title"]).fillna("")
    return teams[["team_id", "team_name", "team_locality", "team_area", "service", "valid_from", "valid_to"]]


def tenures(rng: np.random.Generator) -> pd.DataFrame:
    """Who held each post when: post, team, kind, worker, agency, fte, start, end (days), opens, closes (the post's own).

    `data/demo_posts.csv` lists the posts by team, kind (`holder` of cases, `duty`, `practitioner`, `adviser`, `reviewer`, `manager`),
    full-time equivalent, whether an agency fills them, and their first and last day if they did not exist throughout. Somebody new
    starts on the day the last one leaves. The cases of a post that closes pass to another post of the team and kind. A post of a team
    that replaced another belonged to that one before.
    """
    posts = table("posts")
    posts = posts.loc[posts.index.repeat(posts["posts"])].reset_index(drop=True)
    rows = []
    for post, (team, kind, fte, agency, opened, closed) in enumerate(
        posts[["team_id", "kind", "fte", "agency", "opened", "closed"]].itertuples(index=False, name=None)
    ):
        opens, closes = (_day(opened) or -NEVER), (_day(closed) or NEVER)
        changes = [opens]
        since = max(opens, round((RECORDED_SINCE - 1970) * YEAR))
        while (since := since + max(30, round(rng.exponential(STAYS[agency]) * YEAR))) < min(LAST, closes - 60):
            changes.append(since)
        rows += [(post, team, kind, agency, fte, start, end, opens, closes) for start, end in pairwise([*changes, closes])]
    frame = pd.DataFrame(rows, columns=["post", "team", "kind", "agency", "fte", "start", "end", "opens", "closes"])
    frame["worker"] = [f"W{1 + worker:04}" for worker in rng.permutation(len(frame))]
    return _before_replacement(frame)


def _day(text: str) -> int | None:
    return number(pd.Timestamp(text).date()) if text else None


def _before_replacement(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with the rows of each team that replaced another divided at the day it did."""
    teams = table("teams")
    for team, old, since in teams.loc[teams["replaces"] != "", ["team_id", "replaces", "valid_from"]].itertuples(index=False, name=None):
        day = number(pd.Timestamp(since).date())
        earlier = frame[(frame["team"] == team) & (frame["start"] < day)].copy()
        earlier["team"], earlier["end"] = old, earlier["end"].clip(upper=day)
        frame.loc[frame["team"] == team, "start"] = frame["start"].clip(lower=day)
        frame = pd.concat([frame[frame["start"] < frame["end"]], earlier])
    return frame.sort_values(["post", "start"], ignore_index=True)


def professionals(held: pd.DataFrame, involved: pd.DataFrame) -> pd.DataFrame:
    """The table `professionals`: everybody who held a post since the records began, or had a case before."""
    known = (held["end"] > months()[0].first) | held["worker"].isin(involved["worker"])
    workers = held[known].drop_duplicates("worker").sort_values("worker")
    return pd.DataFrame({
        "professional_id": workers["worker"],
        "agency_worker_flag": workers["agency"],
        "full_time_equivalency": workers["fte"].map("{:g}".format),
    })


def involvements(cases: Cases, held: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Who was involved: episode, role, team, worker, start, end (days), in order of episode and start."""
    stretches = _stretches(cases, rng)
    stretches["post"] = _posts(stretches, held)
    rows = stretches.drop(columns="team").merge(_covered(held, rng), on="post")  # a post knows its team on each day
    rows["start"], rows["end"] = rows[["start", "from"]].max(axis=1), rows[["end", "to"]].min(axis=1)
    rows = rows[rows["start"] < rows["end"]]
    rows = rows[["episode", "role", "team", "worker", "start", "end"]]
    return rows.sort_values(["episode", "start", "role"], kind="stable", ignore_index=True)


def _stretches(cases: Cases, rng: np.random.Generator) -> pd.DataFrame:
    """The stretches of each case with one kind of worker of one team: episode, event, role, team, kind, start, end."""
    episodes = cases.episodes
    day = _milestones(cases, rng)
    closed, passed_on, back = day["closed"], day["passed_on"], day["back"]
    lad = cases.families.lad[cases.families.household[episodes["child"]]]
    event = episodes["event"].to_numpy()
    in_care = (episodes["outcome"] == 1 + shares("outcome_in_need")[0].index("CLA")).to_numpy()
    disabled = (cases.events["need"] == "N2").to_numpy()[event]
    longer_term = np.where(disabled, "Disabled children", np.where(in_care, "Permanence and transition", "Children and families"))
    assessing = np.where(disabled, longer_term, "Assessment")
    advised = passed_on - cases.born[episodes["child"]] > ADVISED_FROM * YEAR
    co_worked = rng.random(len(episodes)) < CO_WORKED
    parts = (  # role, kind of post, service, first day, day it ends
        ("OTHER", "duty", "Initial response", day["opened"], np.minimum(day["triaged"], closed)),
        ("CASE_HOLDER", "holder", assessing, day["taken"], np.minimum(day["transfer"], closed)),
        ("CASE_HOLDER", "holder", longer_term, day["transfer"], np.minimum(passed_on, closed)),
        ("OTHER", "practitioner", longer_term, np.where(advised, NEVER, passed_on), np.minimum(back, closed)),
        ("PERSONAL_ADVISER", "adviser", "Permanence and transition", np.where(advised, passed_on, NEVER), np.minimum(back, closed)),
        ("CASE_HOLDER", "holder", longer_term, back, closed),
        ("CO_WORKER", "holder", longer_term, np.where(co_worked, day["transfer"] + 30, NEVER), closed),
        ("REVIEWING_OFFICER", "reviewer", "Reviewing", np.where(in_care, day["finished"] + 14, NEVER), closed),
    )
    stretches = pd.concat(
        pd.DataFrame({
            "episode": episodes.index,
            "event": event,
            "role": role,
            "kind": kind,
            "team": _team_of(np.broadcast_to(np.asarray(service, dtype=object), len(episodes)), lad, event),
            "start": start,
            "end": end,
        })
        for role, kind, service, start, end in parts
    )
    real = (stretches["start"] < stretches["end"]) & (stretches["start"] <= LAST) & ~np.tile(episodes["nfa"].to_numpy(), len(parts))
    return stretches[real].reset_index(drop=True)


def _milestones(cases: Cases, rng: np.random.Generator) -> dict[str, Ints]:
    """The days of each case, NEVER where there is none.

    opened, triaged (by the initial response team), taken (by a case holder), finished (the first assessment), transfer (to a
    longer-term team), passed_on (to staff who are not case holders), back (to a case holder), closed.
    """
    episodes = cases.episodes
    event = episodes["event"].to_numpy()
    opened, closed = episodes["opened"].to_numpy(), episodes["closed"].to_numpy()
    first = cases.assessments.drop_duplicates("episode").set_index("episode")
    started, finished = (first[name].reindex(episodes.index, fill_value=NEVER).to_numpy() for name in ("start", "finish"))
    closes = first["closes"].reindex(episodes.index, fill_value=False).to_numpy(bool)
    earlier = opened < months()[0].first

    triaged = np.maximum(np.where(started < NEVER, started, WORKING[position_from(opened) + TRIAGE]), opened + 1)
    wait = np.where(rng.random(len(cases.events)) < WAITING_LIST, rng.integers(5, WAIT, len(cases.events)), 0)[event]
    taken = np.minimum(WORKING[position_from(triaged) + wait], np.maximum(finished - 1, triaged))
    taken = np.where(earlier, opened + 30, taken)
    taken = np.where((taken >= closed) | (taken > LAST) | episodes["nfa"], NEVER, taken)
    hand_over = finished + rng.integers(*HAND_OVER, len(cases.events))[event]
    longer = (finished < NEVER) & ~closes & (hand_over < closed - 5) & (hand_over <= LAST)
    transfer = np.where(earlier, taken, np.where(longer, np.maximum(hand_over, taken + 1), NEVER))
    passed_on, back = _passed_on(cases, taken, transfer, rng)
    return {
        "opened": opened,
        "triaged": np.where(earlier, opened, triaged),
        "taken": taken,
        "finished": finished,
        "transfer": transfer,
        "passed_on": passed_on,
        "back": back,
        "closed": closed,
    }


def _passed_on(cases: Cases, taken: Ints, transfer: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """When each case passed to staff who are not case holders, and when it came back to one.

    As many are with them at the end of each month as leave the month's number with case holders.
    """
    opened, closed, event, outcome = (cases.episodes[name].to_numpy() for name in ("opened", "closed", "event", "outcome"))
    pressing = np.isin(outcome, [UNDER_WAY, CLOSING, *(1 + shares("outcome_in_need")[0].index(code) for code in ("S47", "CLA"))])
    passed_on, back = np.full(len(opened), NEVER), np.full(len(opened), NEVER)
    for month in months():
        still_open = (opened <= month.last) & (closed > month.last)
        passed = still_open & (passed_on <= month.last) & (back > month.last)
        more = month.open_cases - month.held - int((passed | (still_open & (taken > month.last))).sum())
        if more > 0:
            may = np.flatnonzero(still_open & (transfer <= month.last - SETTLED_IN) & (passed_on == NEVER))
            turn = rng.exponential(size=len(cases.events))[event[may]] * np.where(pressing[may], 4.0, 1.0)
            chosen = may[lowest(turn, more, "cases passed on", month)]
            earliest = np.maximum(month.first, transfer[chosen] + SETTLED_IN)
            passed_on[chosen] = between(earliest, np.full(more, month.last), rng.random(len(cases.events))[event[chosen]])
        else:
            may = np.flatnonzero(passed & (passed_on < month.first))
            back[may[lowest(passed_on[may], -more, "cases to come back to a case holder", month)]] = month.last
    return passed_on, back


def _team_of(service: Words, lad: Words, event: Ints) -> Words:
    """The team of a service for each LAD; where there are several, they take families in turn."""
    teams = table("teams")
    teams = teams[~teams["team_id"].isin(teams["replaces"])]
    chosen = np.full(len(lad), "", dtype=object)
    for name in sorted(set(service)):
        of_service = teams[teams["service"] == name]
        for place in sorted(set(lad)):
            serving = of_service.loc[of_service["serves"].str.contains(place), "team_id"].to_numpy(object)
            rows = np.flatnonzero((service == name) & (lad == place))
            chosen[rows] = serving[event[rows] % len(serving)]
    return chosen


def _posts(stretches: pd.DataFrame, held: pd.DataFrame) -> Ints:
    """A post for each stretch, in turn: workers have cases in proportion to their hours, and take brothers and sisters together."""
    posts = held.drop_duplicates("post", keep="last")
    chosen = np.full(len(stretches), -1)
    start, team, kind = (stretches[name].to_numpy() for name in ("start", "team", "kind"))
    family = stretches.groupby(["event", "role"]).ngroup().to_numpy()
    for of_team, of_kind in posts[["team", "kind"]].drop_duplicates().itertuples(index=False, name=None):
        there = posts[(posts["team"] == of_team) & (posts["kind"] == of_kind)]
        rows = np.flatnonzero((team == of_team) & (kind == of_kind))
        rows = rows[np.lexsort((family[rows], start[rows]))]
        turn = pd.factorize(family[rows])[0]
        for since, until in _spells(there):
            open_then = there[(there["opens"] <= since) & (there["closes"] > since)]
            dealt = _dealt(open_then["post"].to_numpy(), open_then["fte"].to_numpy())
            now = (start[rows] >= since) & (start[rows] < until)
            chosen[rows[now]] = dealt[turn[now] % len(dealt)]
    return chosen


def _dealt(posts: Ints, fte: Floats) -> Ints:
    """The posts in the order in which cases are dealt to them: ten times in a round for each full-time equivalent, well spread."""
    times = np.rint(fte * 10).astype(np.int64)
    place = np.concatenate([(np.arange(count) + 0.5) / count for count in times])
    return np.repeat(posts, times)[np.argsort(place, kind="stable")]


def _spells(posts: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """The stretches of days in which the same posts exist."""
    return pairwise(sorted({-NEVER, *posts["opens"], *posts["closes"], NEVER}))


def _covered(held: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Who had the cases of each post when: post, worker, team, from, to; after a post closed, the worker of another post."""
    covered = held.rename(columns={"start": "from", "end": "to"})
    posts = held.drop_duplicates("post", keep="last")
    parts = [covered]
    lasting = posts[(posts["closes"] == NEVER) & (posts["opens"] == -NEVER)]
    closed = posts.loc[posts["closes"] < NEVER, ["post", "team", "kind", "closes"]]
    for post, team, kind, closes in closed.itertuples(index=False, name=None):
        others = lasting.loc[(lasting["team"] == team) & (lasting["kind"] == kind), "post"].to_numpy()
        heir = covered[covered["post"] == rng.choice(others)]
        parts.append(heir[heir["to"] > closes].assign(post=post, **{"from": heir["from"].clip(lower=closes)}))
    return pd.concat(parts, ignore_index=True)[["post", "worker", "team", "from", "to"]]


def involved_on(involved: pd.DataFrame, episode: Ints, day: Ints) -> pd.DataFrame:
    """The team and worker of each case on a day (columns team, worker; '' for none): a case holder first, then who came last."""
    asked = pd.DataFrame({"episode": episode, "day": day, "row": np.arange(len(episode))})
    found = asked.merge(involved, on="episode")
    found = found[(found["start"] <= found["day"]) & (found["end"] > found["day"])]
    found["other"] = found["role"] != "CASE_HOLDER"
    found = found.sort_values(["row", "other", "start"], ascending=[True, True, False], kind="stable").drop_duplicates("row")
    return found.set_index("row")[["team", "worker"]].reindex(asked["row"], fill_value="")
