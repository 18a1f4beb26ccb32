"""9 What the figures raise, and how far they can be trusted. The tables behind the maps stand at the end."""

from __future__ import annotations

from csc_core.briefing import maps
from csc_core.briefing.document import Block, Heading, Paragraph, Points, paragraph
from csc_core.briefing.figures import FEWEST_FOR_THE_PUBLIC, Facts, Readers
from csc_core.briefing.others import target_words
from csc_core.briefing.words import THRESHOLDS, listed, number, run, share, shown
from csc_core.compare.figures import day
from csc_core.compare.targets import attained
from csc_core.dimensions import NOT_ALLOCATED
from csc_core.disclosure import LEAST
from csc_core.indicators import INDICATORS

WATCHED = ("open_cases", "looked_after", "cp_plans", "re_referrals", "assessments_in_45_days", "average_caseload")


def closing(facts: Facts) -> list[Block]:
    return [
        Heading("9 What the figures raise, and how far they go"),
        Heading("For the committee", 2),
        *_points([*missed(facts), *runs(facts)], "No target is missed, and no headline figure has gone one way for three months or more."),
        Heading("For commissioning", 2),
        *paragraph("The commonest issues of the last twelve months, and where they are found more often than in the county as a whole:"),
        *_points(maps.above_the_county(facts), "No issue is recorded in the twelve months."),
        Heading("Quality of the data", 2),
        Points([sentence for sentence in quality(facts) if sentence]),
        Heading("How it is written", 2),
        Paragraph(THRESHOLDS),
        Paragraph(disclosed(facts)),
        *_sources(facts),
        Heading("Tables behind the maps"),
        *maps.referrals_table(facts),
        *maps.issues_table(facts),
    ]


def _points(sentences: list[str], none: str) -> list[Block]:
    return [Points(sentences)] if sentences else [Paragraph(none)]


def missed(facts: Facts) -> list[str]:
    """The targets that the month missed."""
    said = []
    for id in dict.fromkeys(target.indicator for target in facts.targets.rows):
        if INDICATORS[id].numerator_only:
            continue
        figure = facts.one(id)
        found = attained(figure.asked, figure, facts.targets)
        if found and found.status in ("missed", "within amber"):
            said.append(f"{figure.asked.title}: {target_words(facts, figure)}")
    return said


def runs(facts: Facts) -> list[str]:
    """Headline figures that have gone one way for three months or more."""
    said = []
    for id in WATCHED:
        figures = facts.months(id)
        if facts.month.cut and not INDICATORS[id].stock:
            figures = figures[:-1]
        length = run(figures)
        if abs(length) >= 3:
            start, now = figures[-1 - abs(length)], figures[-1]
            way = "risen" if length > 0 else "fallen"
            said.append(f"{now.asked.title}: {way} in each of the last {abs(length)} months, from {shown(start)} to {shown(now)}.")
    return said


def quality(facts: Facts) -> list[str]:
    """What the reader should know of the records behind the figures."""
    recorded = facts.one("factor_recorded", facts.twelve_months)
    return [
        maps.not_on_the_map(facts),
        f"Issues are known for {share(recorded, 'assessments')} of {facts.twelve_months.label}; the others are in no share of an issue."
        if recorded.value is not None
        else "",
        _no_team(facts),
        *facts.snapshot.notes,
        "Boundaries on the maps are indicative, and population below the county is shared out from an older estimate.",
        facts.snapshot.warning or "",
    ]


def _no_team(facts: Facts) -> str:
    """How many open cases have no team, or one that is not in the list of teams."""
    rows = facts.areas("open_cases", "team", facts.month)
    if rows["numerator"].isna().all():
        return ""
    known = {*facts.snapshot.teams["team_id"]}
    none = rows[~rows["team"].isin(known)]
    said = []
    for _, row in none.iterrows():
        count = f"fewer than {LEAST}" if row["withheld"] else number(row["numerator"])
        name = "no team" if row["team"] == NOT_ALLOCATED else f"the team {row['title']}, which is not in the list of teams"
        said.append(f"{count} with {name}")
    held = [one for one in said if not one.startswith("0 ")]
    return (
        f"Open cases on {day(facts.month.end)}: {listed(held)}."
        if held
        else f"Every open case on {day(facts.month.end)} has a team that is known."
    )


def disclosed(facts: Facts) -> str:
    """What this audience is shown."""
    below = f"Below the county what rests on 1 to {LEAST - 1} children or events is withheld."
    if facts.readers is Readers.PUBLIC:
        return (
            f"This is the version for the public. A county figure that rests on 1 to {FEWEST_FOR_THE_PUBLIC - 1} children or events is "
            f"withheld, and where part of a split is withheld only whole percentages are given. {below}"
        )
    return f"This is the version for the committee. Figures of the whole county are exact. {below}"


def _sources(facts: Facts) -> list[Paragraph]:
    from geo.areas import ATTRIBUTION

    records = "made-up records of a synthetic demonstration county" if facts.snapshot.synthetic else "case records"
    return [
        Paragraph(
            f"Counted from {records}. Population: children aged 0 to 17, ONS mid-year estimates and DfE's county totals, Crown copyright, "
            f"Open Government Licence v3.0. Maps: {ATTRIBUTION}"
        )
    ]
