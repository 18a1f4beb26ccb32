"""1 The headlines: open cases, children looked after, caseload."""

from __future__ import annotations

from csc_core.briefing.document import Block, Heading, paragraph
from csc_core.briefing.figures import Facts
from csc_core.briefing.sections.parts import counted, months_chart, newest, split_table
from csc_core.briefing.words import is_month, missing, more_or_fewer, moved, number, shown, when, whole
from csc_core.compare.figures import day


def headline(facts: Facts) -> list[Block]:
    cases, looked_after = facts.one("open_cases"), facts.one("looked_after")
    return [
        Heading("1 Headlines"),
        *paragraph(
            counted(facts, "open_cases", "child had an open case", "children had an open case"),
            half_year(facts),
            newest(facts, "open_cases", "open cases"),
        ),
        *months_chart(facts, "open_cases", "Open cases"),
        *(
            [split_table(f"What the open cases are, {when(cases)}", "Case status", facts.split("open_cases", "case_status"), cases)]
            if cases.value
            else []
        ),
        *paragraph(
            "Every open case counts here. The Department for Education's children in need are the first row alone, so its figure is lower."
            if cases.value
            else ""
        ),
        *paragraph(
            counted(facts, "looked_after", "child was looked after", "children were looked after"),
            newest(facts, "looked_after", "children looked after"),
        ),
        *(months_chart(facts, "looked_after", "Children looked after") if looked_after.value is not None else []),
        *paragraph(caseload(facts), newest(facts, "average_caseload", "cases for each full-time equivalent case holder")),
    ]


def half_year(facts: Facts) -> str:
    """Where open cases stand beside the six months before: the highest, the lowest, and half a year ago."""
    figures = facts.months("open_cases", 7)
    if not is_month(facts.month) or any(figure.value is None for figure in figures):
        return ""
    earlier, now = figures[:-1], figures[-1]
    highest, lowest = (pick(earlier, key=lambda figure: figure.value or 0) for pick in (max, min))
    step, start = moved(now, figures[0]), figures[0]
    if step == "about the same":
        said = f"It is about the same as {when(start)} ({shown(start)})."
    else:
        said = f"It has {step} since {day(start.period.end)} ({shown(start)})."
    ends = f"the highest was {shown(highest)} {when(highest)} and the lowest {shown(lowest)} {when(lowest)}"
    return f"{said} At the ends of the six months before, {ends}."


def caseload(facts: Facts) -> str:
    """Cases for each full-time equivalent, with what it is made of, and what changed in both."""
    now, then = facts.one("average_caseload"), facts.one("average_caseload", facts.before)
    if now.value is None:
        return missing(now)
    said = (
        f"Case holders had {shown(now)} cases for each full-time equivalent (FTE) {when(now)}: {whole(now.numerator or 0)} cases and "
        f"{number(now.denominator or 0, 1)} FTE"
    )
    if then.value is None or then.denominator is None or now.denominator is None:
        return f"{said}."
    hours = now.denominator - then.denominator
    size = whole(round(abs(hours), 1))
    moved_by = f"{size} FTE {'more' if hours > 0 else 'fewer'}" if size != "0" else "the same FTE"
    return f"{said}. That is {more_or_fewer(now, then)}, with {moved_by}."
