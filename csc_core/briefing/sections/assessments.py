"""3 Assessments: how many, what came of them, how quickly, and which issues they found."""

from __future__ import annotations

from csc_core.briefing import maps
from csc_core.briefing.document import Block, Heading, Table, paragraph
from csc_core.briefing.figures import Facts
from csc_core.briefing.others import printed_words, target_value, target_words
from csc_core.briefing.sections.parts import counted, months_chart, shared
from csc_core.briefing.words import listed, made_of, missing, number, percent, share, shown, when
from csc_core.factors import ISSUES


def assessments(facts: Facts) -> list[Block]:
    target = target_value(facts, "assessments_in_45_days")
    return [
        Heading("3 Single assessments"),
        *paragraph(counted(facts, "assessments_completed", "single assessment was authorised", "single assessments were authorised")),
        *paragraph(case_closed(facts)),
        *_outcomes(facts),
        *paragraph(
            shared(facts, "assessments_in_45_days", "assessments authorised", "were within 45 working days"),
            target_words(facts, facts.one("assessments_in_45_days")),
            printed_words(facts, "assessments_in_45_days"),
        ),
        *months_chart(facts, "assessments_in_45_days", "Assessments within 45 working days, %", target),
        Heading("Issues that assessments find", 2),
        *_issues(facts),
        *maps.issues(facts),
    ]


def case_closed(facts: Facts) -> str:
    figure = facts.one("assessments_case_closed", facts.year_to_date)
    if figure.value is None:
        return missing(figure)
    return (
        f"{share(figure, 'single assessments authorised')} {when(figure)} closed the case. This is a share of assessments and a local "
        "measure: DfE's share assessed as not in need is one of referrals, and the two must not be compared."
    )


def _outcomes(facts: Facts) -> list[Table]:
    total = facts.one("assessments_completed", facts.year_to_date)
    if not total.value:
        return []
    parts = facts.split("assessments_case_closed", "assessment_outcome", facts.year_to_date)
    held = any(part.figure.withheld for part in parts)
    rows = []
    for part in parts:
        base = part.figure.denominator
        rows.append([part.title, *([] if held else [number(base or 0)]), "withheld" if base is None else percent(base, total.value)])
    heads = ["Outcome", *([] if held else ["Assessments"]), "Share"]
    return [Table(f"Outcomes of assessments, {total.period.label}", heads, [*rows, ["All", *([] if held else [shown(total)]), "100%"]])]


def _issues(facts: Facts) -> list[Block]:
    """Every group of issues in the whole county over twelve months, the commonest first."""
    span = facts.twelve_months
    parts = [part for part in facts.split("factor_prevalence", "factor_group", span) if part.id in ISSUES]
    known = sorted((part for part in parts if part.figure.value is not None), key=lambda part: -(part.figure.value or 0))
    recorded = facts.one("factor_recorded", span)
    if recorded.value is None or not known or known[0].figure.value == 0:
        return [*paragraph(missing(recorded) if recorded.value is None else f"No issue was recorded in {span.label}.")]
    first = [f"{part.title[:1].lower()}{part.title[1:]} ({shown(part.figure)})" for part in known[:3]]
    rows = [[part.title, shown(part.figure), made_of(part.figure)] for part in known]
    rows += [[part.title, "withheld", "withheld"] for part in parts if part.figure.withheld]
    return [
        *paragraph(
            f"In {span.label}, {share(recorded, 'assessments')} have a factor recorded. Of these the commonest issues are {listed(first)}.",
            "An assessment can carry several issues, so the shares do not add up.",
        ),
        Table(f"Issues found by assessments, {span.label}", ["Issue", "Share", "Assessments"], rows),
    ]
