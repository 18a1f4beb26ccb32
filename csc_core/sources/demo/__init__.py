"""The demonstration: a synthetic county, April 2014 to 31 December 2017, the same rows every time.

No row describes a real child, family or worker; the postcodes are real, and who lives there is not. `targets` says how many rows
of each kind are made, so that counting them gives published figures for Devon; the rest of the package makes them: where families
live (`homes`, `families`), the work with them (`cases`, `enquiries`), who they are (`people`) and who works with them (`staff`).
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo import people, staff
from csc_core.sources.demo.cases import Cases, work
from csc_core.sources.demo.county import CLOSING
from csc_core.sources.demo.days import NEVER, Ints, Words, iso, number
from csc_core.sources.demo.enquiries import enquire, sources
from csc_core.sources.demo.families import draw_families
from csc_core.sources.demo.homes import homes
from csc_core.sources.demo.targets import AS_AT, COMPLETE_FROM, months, shares, stream
from csc_core.tables import TABLES, Progress, RawTable, Records, quiet

HOUSEHOLDS: Final = 27_000  # enough for all that is asked for; those not needed occur nowhere
NOT_RECORDED: Final = 0.004  # share of referrals without a source, and without a need
TEAM_NOT_RECORDED: Final = 0.08
EARLY_HELP_SINCE: Final = date(2017, 4, 1)  # from then on a step-down to early help is closed as RC7, no longer RC8
NOTES: Final = (
    "Synthetic records: no row describes a real child, family or worker.",
    "Cases already open on 1 April 2014 have their referral, one assessment and the workers since then, and no enquiry.",
)


def read(progress: Progress = quiet) -> Records:
    """The synthetic county's case tables."""
    progress("Making the demonstration county: homes", 0.0)
    places = homes()
    families = draw_families(stream("families"), HOUSEHOLDS)
    cases = work(families, stream("cases"), lambda share: progress("Making the demonstration county: cases", 0.2 + 0.2 * share))
    progress("Making the demonstration county: enquiries", 0.4)
    cases.events["source"] = _event_sources(cases)
    enquiries, born = enquire(cases, stream("enquiries"))
    progress("Making the demonstration county: workers", 0.5)
    held = staff.tenures(stream("tenures"))
    involved = staff.involvements(cases, held, stream("involvements"))
    progress("Making the demonstration county: addresses", 0.7)
    first_seen = _first_seen(cases, enquiries, len(born))
    persons = people.persons(cases, born, first_seen, stream("persons"))
    addresses = people.addresses(cases, places, born, first_seen, stream("addresses"))
    progress("Making the demonstration county: tables", 0.8)
    person = pd.Series(persons["person_id"]).reindex(np.arange(len(born)), fill_value="").to_numpy(object)
    rows = {
        "persons": persons,
        "addresses": _addresses(addresses, person),
        "contacts": _contacts(enquiries, person, stream("contacts")),
        **_work_tables(cases, involved, person, stream("work tables")),
        "professionals": staff.professionals(held, involved),
        "departments": staff.departments(),
    }
    progress("Making the demonstration county: done", 1.0)
    return Records(
        tables={name: _raw(name, rows[name]) for name in TABLES},
        source="demo",
        synthetic=True,
        as_at=AS_AT,
        complete_from=COMPLETE_FROM,
        notes=NOTES,
    )


def _raw(name: str, rows: pd.DataFrame) -> RawTable:
    """Rows as a file would give them: all text, numbered as a spreadsheet shows them."""
    columns = [column.name for column in TABLES[name].columns]
    return RawTable(name, TABLES[name].file, rows[columns].astype("str").set_axis(pd.RangeIndex(2, len(rows) + 2)))


def _ids(letter: str, count: int) -> list[str]:
    return [f"{letter}{number:06}" for number in range(1, count + 1)]


def _blank(values: Words, share: float, rng: np.random.Generator) -> Words:
    """The values, with a share of them not recorded."""
    return np.where(rng.random(len(values)) < share, "", values)


def _event_sources(cases: Cases) -> Words:
    events = cases.events
    return sources("referral_source", events["day"].to_numpy(), events["source"].to_numpy(float), events["school"].to_numpy(float))


def _first_seen(cases: Cases, enquiries: pd.DataFrame, children: int) -> Ints:
    """The first day on which each child occurs; NEVER for those who do not."""
    seen = np.full(children, NEVER)
    np.minimum.at(seen, cases.episodes["child"].to_numpy(), cases.episodes["opened"].to_numpy())
    np.minimum.at(seen, enquiries["child"].to_numpy(), enquiries["day"].to_numpy())
    return seen


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


def _work_tables(cases: Cases, involved: pd.DataFrame, person: Words, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
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
    reason = np.where(age >= 18 * 365.25, "RC6", reason)
    permanent, permanently = shares("close_reason_from_care")
    from_care = rng.choice(np.array(permanent, dtype=object), len(episodes), p=permanently / permanently.sum())
    reason = np.where((outcome == "CLA") & (age < 16 * 365.25), from_care, reason)
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
