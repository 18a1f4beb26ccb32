"""The case tables as text, made of what happened: ids, ISO dates, and what was not recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo import protection, staff
from csc_core.sources.demo.cases import Cases
from csc_core.sources.demo.county import CLOSING
from csc_core.sources.demo.days import NEVER, YEAR, Words, iso, number
from csc_core.sources.demo.targets import months, shares, stream
from csc_core.tables import TABLES, RawTable

NOT_RECORDED: Final = 0.004  # share of referrals without a source, and without a need
TEAM_NOT_RECORDED: Final = 0.08
EARLY_HELP_SINCE: Final = date(2017, 4, 1)  # from then on a step-down to early help is closed as RC7, no longer RC8


def first_rows(
    cases: Cases, persons: pd.DataFrame, addresses: pd.DataFrame, enquiries: pd.DataFrame, involved: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """The tables of children, where they live, enquiries and the work on their cases; `persons` is indexed by the number of the
    child in `cases`."""
    person = persons["person_id"].reindex(np.arange(len(cases.born)), fill_value="").to_numpy(object)
    return {
        "persons": persons,
        "addresses": _addresses(addresses, person),
        "contacts": _contacts(enquiries, person, stream("contacts")),
        **_work(cases, involved, person, stream("work")),
    }


def as_text(rows: Mapping[str, pd.DataFrame]) -> dict[str, RawTable]:
    """Every table as a file would give it."""
    return {name: _raw(name, rows[name]) for name in TABLES}


def _raw(name: str, rows: pd.DataFrame) -> RawTable:
    """Rows as a file would give them: all text, numbered as a spreadsheet shows them."""
    columns = [column.name for column in TABLES[name].columns]
    return RawTable(name, TABLES[name].file, rows[columns].astype("str").set_axis(pd.RangeIndex(2, len(rows) + 2)))


def _ids(letter: str, count: int) -> list[str]:
    return [f"{letter}{number:06}" for number in range(1, count + 1)]


def _blank(values: Words, share: float, rng: np.random.Generator) -> Words:
    """The values, with a share of them not recorded."""
    return np.where(rng.random(len(values)) < share, "", values)


def _addresses(addresses: pd.DataFrame, person: Words) -> pd.DataFrame:
    addresses = addresses.assign(person=person[addresses["child"]]).sort_values("person", kind="stable", ignore_index=True)
    return pd.DataFrame({
        "table_id": _ids("A", len(addresses)),
        "person_id": addresses["person"],
        "address_type": addresses["kind"],
        "address_start_date": iso(addresses["start"].to_numpy()),
        "address_end_date": iso(addresses["end"].to_numpy()),
        "address_postcode": addresses["postcode"],
    })


def _contacts(enquiries: pd.DataFrame, person: Words, rng: np.random.Generator) -> pd.DataFrame:
    enquiries = enquiries.sort_values(["day", "child", "outcome"], kind="stable", ignore_index=True)
    return pd.DataFrame({
        "contact_id": _ids("K", len(enquiries)),
        "person_id": person[enquiries["child"]],
        "contact_date": iso(enquiries["day"].to_numpy()),
        "contact_source_code": _blank(enquiries["source"].to_numpy(object), NOT_RECORDED, rng),
        "contact_outcome": enquiries["outcome"],
    })


def _work(cases: Cases, involved: pd.DataFrame, person: Words, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Referrals, assessments and involvements, each numbered in the order of its days."""
    episodes = cases.episodes
    order = episodes.sort_values(["opened", "event", "child"], kind="stable").index.to_numpy()
    referral = np.empty(len(order), dtype=object)
    referral[order] = _ids("R", len(order))
    child = person[episodes["child"]]
    return {
        "cin_episodes": _episodes(cases, involved, referral, child, rng).iloc[order],
        "cin_assessments": _assessments(cases, involved, referral, child, rng),
        "involvements": _involvements(involved, referral, child),
        **protection.tables(cases, involved, referral, child),
    }


def _episodes(cases: Cases, involved: pd.DataFrame, referral: Words, child: Words, rng: np.random.Generator) -> pd.DataFrame:
    episodes = cases.episodes
    event = episodes["event"].to_numpy()
    opened, nfa = episodes["opened"].to_numpy(), episodes["nfa"].to_numpy()
    earlier = opened < months()[0].first
    on_duty = staff.involved_on(involved, episodes.index.to_numpy(), opened)
    team = _blank(np.where(nfa, "T-MASH", on_duty["team"].to_numpy(object)), TEAM_NOT_RECORDED, rng)
    return pd.DataFrame({
        "referral_id": referral,
        "person_id": child,
        "referral_date": iso(opened),
        "cin_primary_need_code": _blank(cases.events["need"].to_numpy(object)[event], NOT_RECORDED, rng),
        "referral_source_code": _blank(cases.events["source"].to_numpy(object)[event], NOT_RECORDED, rng),
        "referral_nfa": np.where(nfa, "Y", "N"),
        "close_reason": _close_reasons(cases, rng),
        "close_date": iso(episodes["closed"].to_numpy()),
        "referral_team": np.where(earlier, "", team),
        "referral_worker_id": np.where(earlier, "", on_duty["worker"].to_numpy(object)),
    })


def _close_reasons(cases: Cases, rng: np.random.Generator) -> Words:
    """Why each case closed, '' while open or closed on the day. The codes of 2017: RC9 came later."""
    episodes = cases.episodes
    closed = episodes["closed"].to_numpy()
    last = cases.assessments[cases.assessments["finish"] < NEVER].drop_duplicates("episode", keep="last").set_index("episode")
    outcome = last["outcome"].reindex(episodes.index, fill_value="").to_numpy(object)
    codes, likely = shares("close_reason")
    reason = rng.choice(np.array(codes, dtype=object), len(episodes), p=likely / likely.sum())
    age = closed - cases.born[episodes["child"]]
    reason = np.where(age >= 18 * YEAR, "RC6", reason)
    permanent, permanently = shares("close_reason_from_care")
    from_care = rng.choice(np.array(permanent, dtype=object), len(episodes), p=permanently / permanently.sum())
    reason = np.where((outcome == "CLA") & (age < 16 * YEAR), from_care, reason)
    reason = np.where(closed == cases.died[episodes["child"]], "RC2", reason)
    early_help = (outcome == "EARLY_HELP") & (closed >= number(EARLY_HELP_SINCE))
    reason = np.where(episodes["outcome"] == CLOSING, np.where(early_help, "RC7", "RC8"), reason)
    return np.where((closed == NEVER) | episodes["nfa"], "", reason)


def _assessments(cases: Cases, involved: pd.DataFrame, referral: Words, child: Words, rng: np.random.Generator) -> pd.DataFrame:
    assessments = cases.assessments
    episode, finish = assessments["episode"].to_numpy(), assessments["finish"].to_numpy()
    done = finish < NEVER
    by = staff.involved_on(involved, episode, finish)
    order = assessments.sort_values(["start", "episode"], kind="stable").index.to_numpy()
    frame = pd.DataFrame({
        "person_id": child[episode],
        "referral_id": referral[episode],
        "assessment_start_date": iso(assessments["start"].to_numpy()),
        "assessment_auth_date": iso(finish),
        "assessment_outcome": assessments["outcome"],
        "assessment_outcome_nfa": np.where(done, np.where(assessments["closes"], "Y", "N"), ""),
        "assessment_team": _blank(by["team"].to_numpy(object), TEAM_NOT_RECORDED, rng),
        "assessment_worker_id": by["worker"].to_numpy(object),
    }).iloc[order]
    frame.insert(0, "assessment_id", _ids("S", len(frame)))
    return frame


def _involvements(involved: pd.DataFrame, referral: Words, child: Words) -> pd.DataFrame:
    rows = involved.sort_values(["start", "episode", "role"], kind="stable")
    episode = rows["episode"].to_numpy()
    return pd.DataFrame({
        "involvements_id": _ids("I", len(rows)),
        "professional_id": rows["worker"].to_numpy(object),
        "professional_role_id": rows["role"].to_numpy(object),
        "professional_team": rows["team"].to_numpy(object),
        "person_id": child[episode],
        "involvement_start_date": iso(rows["start"].to_numpy()),
        "involvement_end_date": iso(rows["end"].to_numpy()),
        "referral_id": referral[episode],
    })
