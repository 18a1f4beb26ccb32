"""5 Looked-after children and care leavers. 6 Adoption."""

from __future__ import annotations

from csc_core.access import Scope
from csc_core.briefing.document import Block, Heading, Table, paragraph
from csc_core.briefing.figures import Facts, Figure, Readers
from csc_core.briefing.others import printed_words
from csc_core.briefing.sections.parts import counted, months_chart, part_words, parts_of, shared, split_table
from csc_core.briefing.words import listed, made_of, many, missing, number, share, shown, when
from csc_core.compare.figures import day
from csc_core.compare.figures import when as on
from csc_core.disclosure import Audience
from csc_core.indicators import INDICATORS
from csc_core.periods import year
from csc_core.stability import ASPECTS, distribution
from geo.areas import NOT_KNOWN

LEGAL = {"care_order": "were under an interim or full care order", "section_20": "were accommodated by agreement under section 20"}
WHOLE_PERIOD = ("care_moves_per_year", "care_longest_placement_share", "care_first_move_days", "care_unplanned_moves")


def looked_after(facts: Facts) -> list[Block]:
    children = facts.one("looked_after")
    return [
        Heading("5 Looked-after children and care leavers"),
        *paragraph(counted(facts, "looked_after", "child was looked after", "children were looked after"), rate(facts)),
        *_legal(facts, children),
        *paragraph(visits(facts)),
        *months_chart(facts, "looked_after_visited_in_time", "Looked-after children visited in time, %"),
        Heading("How settled children are", 2),
        *_placements(facts, children),
        *_whole_period(facts),
        Heading("Care leavers", 2),
        *paragraph(
            shared(facts, "care_leavers_in_touch", "care leavers aged 17 to 21", "were in touch with the council"),
            shared(facts, "care_leavers_eet", "", "were in education, employment or training"),
            shared(facts, "care_leavers_accommodation", "", "were in suitable accommodation"),
            printed_words(facts, "care_leavers_in_touch", "care_leavers_eet"),
        ),
    ]


def adoption(facts: Facts) -> list[Block]:
    placed, a3 = facts.one("adoption_within_14_months"), facts.one("adoption_a3")
    return [
        Heading("6 Adoption"),
        *paragraph(
            missing(placed)
            if placed.value is None
            else f"{share(placed, 'children placed for adoption')} in the 12 months to {day(placed.period.end)} moved in less than 14 "
            "months after entering care."
        ),
        *paragraph(
            missing(a3)
            if a3.value is None
            else f"By DfE's measure, over three years and with those who still wait, {share(a3, 'children')} wait less than 14 months "
            f"{when(a3)}."
        ),
    ]


def rate(facts: Facts) -> str:
    figure = facts.one("looked_after_rate")
    return "" if figure.value is None else f"That is {shown(figure)} children aged 0 to 17."


def _legal(facts: Facts, children: Figure) -> list[Block]:
    if not children.value:
        return []
    parts = facts.split("looked_after_legal_status", "legal_status")
    said = [
        f"{part_words(part.figure, children, held=any(one.figure.withheld for one in parts))} {words}"
        for id, words in LEGAL.items()
        for part in parts
        if part.id == id
    ]
    return [
        *paragraph(f"Of them {listed(said)}." if said else ""),
        split_table(f"Legal status, {when(children)}", "Legal status", parts, children),
    ]


def visits(facts: Facts) -> str:
    """Visits in time on the day, how many have their first still to come, and how the month's ends of the year before were."""
    now = facts.one("looked_after_visited_in_time")
    if now.value is None:
        return missing(now)
    said = f"{share(now, 'looked-after children')} had their last visit due in time {when(now)}."
    to_come = facts.one("looked_after_first_visit_to_come")
    if to_come.value:
        said += (
            f" Among them are {many(float(to_come.value), 'child', 'children')} whose first visit is not yet due; they count as in time."
        )
    start = year(facts.month.end).start
    earlier = [
        one for one in facts.months("looked_after_visited_in_time") if one.period.start >= start and one.period.end < facts.month.end
    ]
    values = [one.value for one in earlier if one.value is not None]
    if values and len(values) == len(earlier):
        least = "at each month's end" if len(earlier) > 1 else "at the month's end"
        said += f" From {earlier[0].period.start:%B} to {earlier[-1].period.end:%B %Y} it was {min(values)}% or more {least}."
    return said


def _placements(facts: Facts, children: Figure) -> list[Block]:
    """One, two, three or more placements; what is not known is said, so that the parts add up."""
    if not children.value:
        return []
    parts = facts.split("placements_12_months", "placements_band")
    if all(part.figure.value is None and not part.figure.withheld for part in parts):
        return [*paragraph(missing(parts[0].figure))] if parts else []
    known = [part for part in parts if part.id != NOT_KNOWN]
    unknown = next((part.figure for part in parts if part.id == NOT_KNOWN), None)
    counts = [part.figure.value for part in known]
    words = f"Of {many(float(children.value), 'child', 'children')} looked after {when(children)}, "
    if unknown is not None and unknown.value and None not in counts:
        each = listed([f"{shown(part.figure)} had {part.title.lower()}" for part in known])
        total = sum(count for count in counts if count is not None)
        words += (
            f"{each} in the past 12 months. That makes {number(total)} of {number(children.value)}: {number(unknown.value)} not known, "
            "since no placement is recorded."
        )
    else:
        words += f"in the past 12 months: {parts_of(parts, children)}."
    three = facts.one("placements_3_or_more")
    return [
        *paragraph(words, f"Three or more placements: {shown(three)}." if three.value is not None else ""),
        split_table(f"Placements in the past 12 months, {when(children)}", "Placements", parts, children),
    ]


def _whole_period(facts: Facts) -> list[Block]:
    """Stability over the whole period of care, which the committee asked for: averages, and how children spread around them."""
    figures = [facts.one(id) for id in WHOLE_PERIOD]
    if all(figure.value is None for figure in figures):
        return [*paragraph(missing(figures[0]))]
    rows = [
        [figure.asked.title, shown(figure), made_of(figure) if figure.asked.unit == "%" and figure.value is not None else "–"]
        for figure in figures
    ]
    found = distribution(
        facts.snapshot,
        "placements",
        scope=Scope.everything(),
        audience=Audience.COMMISSIONER if facts.readers is Readers.PUBLIC else Audience.MANAGER,
        period=facts.month,
    )
    middle = ""
    if found.quartiles is not None:
        lower, median, upper = (number(value, 0 if float(value).is_integer() else 1) for value in found.quartiles)
        middle = f"Half of the children have had {median} or fewer placements in their period of care; the middle half {lower} to {upper}."
    asked = INDICATORS[WHOLE_PERIOD[0]]
    return [
        *paragraph(f"The committee asked to see the whole period of care. {middle}".strip()),
        Table(
            f"{ASPECTS['placements'].title} and moves: averages, {on(asked, facts.month)}",
            ["Over the whole period of care", "Average", "Made of"],
            rows,
        ),
    ]
