"""What stands beside our own figures: targets, what DfE had published by then, and what the report of March 2018 printed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from csc_core.briefing.document import Paragraph, Table
from csc_core.briefing.figures import Facts, Figure
from csc_core.briefing.words import small
from csc_core.compare import Comparator, Printed, printed
from csc_core.compare.others import comparators, nothing_beside
from csc_core.compare.printed import AS_PRINTED
from csc_core.compare.published import AREAS, LICENCE, neighbour_set
from csc_core.compare.targets import attained
from csc_core.indicators import INDICATORS

REPORT_MONTH = "2017-12"  # the month of which the report of March 2018 speaks; what it prints stands beside no other


def target_words(facts: Facts, figure: Figure) -> str:
    """`76.8% is 8.2 percentage points below the target of 85%, more than chance alone explains: missed.`"""
    found = attained(figure.asked, figure, facts.targets)
    return found.sentence if found else ""


def target_value(facts: Facts, id: str) -> float | None:
    """The target in force, for a line on a chart."""
    found = facts.targets.of(id, facts.month.end)
    return float(found.value) if found else None


def printed_words(facts: Facts, *ids: str) -> str:
    """What the report prints beside the indicators, quoted."""
    said = []
    for one in _quoted(facts, ids):
        of = f"{small(INDICATORS[one.indicator].title)}, " if len(ids) > 1 else ""
        said.append(f"{of}{one.who} {one.printed}{f' ({_note(one.note)})' if one.note else ''}")
    return f"{AS_PRINTED[:1].upper()}{AS_PRINTED[1:]}: {'; '.join(said)}." if said else ""


def _quoted(facts: Facts, ids: Sequence[str]) -> list[Printed]:
    return [one for id in ids for one in printed(id)] if facts.month.id == REPORT_MONTH else []


def _note(note: str) -> str:
    return note.rstrip(".")


def printed_table(facts: Facts, *ids: str) -> list[Table]:
    rows = [[INDICATORS[one.indicator].title, one.who, one.printed, one.note or "–"] for one in _quoted(facts, ids)]
    if not rows:
        return []
    return [
        Table(
            "As printed in the March 2018 report",
            ["Indicator", "Whom", "Printed", "Note"],
            rows,
            ["Quoted as it was printed and not computed here; some of it is for part of a year, as the notes say."],
        )
    ]


def published_table(facts: Facts, caption: str, ids: Sequence[str]) -> list[Table | Paragraph]:
    """Our twelve months, or our day, beside the last figures that were published by then."""
    rows, unsaid = [], []
    for id in ids:
        asked = INDICATORS[id]
        figure = facts.one(id, None if asked.stock else facts.twelve_months)
        why = nothing_beside(asked, figure)
        if why:
            unsaid.append(f"{asked.title}: {why}")
            continue
        found = {one.area: one for one in comparators(asked, figure)}
        of = next((one.when for one in found.values()), "")
        rows.append([asked.title, _number(figure.value), *(_cell(found.get(area)) for area in AREAS), of])
    heads = ["Indicator", "Devon here", *AREAS.values(), "Published for"]
    notes = [
        f"Devon here: {facts.twelve_months.label}, and for what is counted on a day {facts.month.end.day} {facts.month.end:%B %Y}.",
        "Published figures are of whole years; a part of a year stands beside none of them.",
        f"Statistical neighbours: the set of {neighbour_set(facts.month.end)}.",
        "`differs`: by more than chance explains. Else chance could explain it, or it cannot be tested (neighbours, Devon).",
        f"Department for Education, the last figures published by {facts.month.end:%B %Y}, as they stand after later revisions. {LICENCE}.",
    ]
    tables: list[Table | Paragraph] = [Table(caption, heads, rows, notes)] if rows else []
    return [*tables, *([Paragraph(" ".join(unsaid))] if unsaid else [])]


def _cell(one: Comparator | None) -> str:
    if one is None or one.value is None:
        return "no figure"
    return f"{_number(one.value)}{', differs' if one.beyond_chance else ''}"


def _number(value: Decimal | None) -> str:
    return "no figure" if value is None else f"{value:,}"
