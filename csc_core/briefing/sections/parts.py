"""What the sections share: a fact beside the month before, a split as sentences and table, a chart of thirteen months."""

from __future__ import annotations

from collections.abc import Sequence

from csc_core.briefing import charts
from csc_core.briefing.document import Picture, Table
from csc_core.briefing.figures import Facts, Figure, Part
from csc_core.briefing.words import listed, made_of, many, missing, more_or_fewer, number, percent, run_words, share, shown, when
from csc_core.indicators import INDICATORS


def counted(facts: Facts, id: str, one: str, several: str) -> str:
    """A number beside the month before: `5,122 children had an open case on 31 December 2017, 140 fewer than on ...`."""
    now = facts.one(id)
    if now.value is None:
        return missing(now)
    said = f"{many(float(now.value), one, several)} {when(now)}"
    return f"{said}{_beside(facts, now)}."


def shared(facts: Facts, id: str, of: str, words: str) -> str:
    """A percentage beside the month before: `258 of 644 enquiries (40.1%) were forwarded in December 2017, 0.1 percentage points ...`.

    `of` names what it is a share of; `words` follow the figure, without the period.
    """
    now = facts.one(id)
    if now.value is None:
        return missing(now)
    return f"{share(now, of)} {words} {when(now)}{_beside(facts, now)}."


def _beside(facts: Facts, now: Figure) -> str:
    if facts.month.cut and not now.asked.stock:
        return ""  # a part of a month stands beside no whole one
    then = facts.one(now.asked.id, facts.before)
    return "" if then.value is None else f", {more_or_fewer(now, then)}"


def trend(facts: Facts, id: str) -> str:
    """How it has run over the last months, where it has gone one way."""
    figures = facts.months(id)
    if facts.month.cut and not INDICATORS[id].stock:
        figures = figures[:-1]
    return run_words(figures)


def newest(facts: Facts, id: str, words: str) -> str:
    """The stock on the later day asked for: `The newest position, on 20 January 2018, is 5,130 open cases.`"""
    if facts.latest is None:
        return ""
    figure = facts.one(id, facts.latest)
    if figure.value is None:
        return missing(figure)
    return f"The newest position, {when(figure)}, is {shown(figure)} {words}."


def parts_of(parts: Sequence[Part], total: Figure) -> str:
    """A split as words: `1 placement: 474 (67%)`. With a withheld part whole percentages alone: numbers would give it away."""
    if total.value is None or not total.value:
        return ""
    held = any(part.figure.withheld for part in parts)
    said = [f"{part.title.lower()}: {part_words(part.figure, total, held=held)}" for part in parts if part.figure.value != 0]
    return listed(said)


def part_words(figure: Figure, total: Figure, *, held: bool) -> str:
    """`505 (71%)`, or `71%` alone."""
    if figure.value is None:
        return shown(figure)
    of_all = percent(figure.value, total.value or 1)
    return of_all if held else f"{shown(figure)} ({of_all})"


def split_table(caption: str, head: str, parts: Sequence[Part], total: Figure, *, title: str = "Children") -> Table:
    """A split as a table. See `parts_of` for what is withheld."""
    held = any(part.figure.withheld for part in parts)
    rows = []
    for part in parts:
        figure = part.figure
        of_all = shown(figure) if figure.value is None or not total.value else percent(figure.value, total.value)
        rows.append([part.title, *([] if held else [shown(figure)]), of_all])
    notes = ["A part is withheld, so numbers that would give it away are left out."] if held else []
    return Table(caption, [head, *([] if held else [title]), "Share"], [*rows, ["All", *([] if held else [shown(total)]), "100%"]], notes)


def months_chart(facts: Facts, id: str, title: str, target: float | None = None) -> list[Picture]:
    """Thirteen months as a line, with the numbers in words for whoever cannot see it."""
    figures = facts.months(id)
    if sum(figure.value is not None for figure in figures) < 2:
        return []
    known = [figure for figure in figures if figure.value is not None]
    first, last = known[0], known[-1]
    highest, lowest = (pick(known, key=lambda figure: figure.value or 0) for pick in (max, min))
    alt = (
        f"Line chart: {title}. From {shown(first)} {when(first)} to {shown(last)} {when(last)}; highest {shown(highest)} {when(highest)}, "
        f"lowest {shown(lowest)} {when(lowest)}."
    )
    if target is not None:
        alt += f" The target, {number(target)}%, is a dashed line."
    return [Picture(charts.line(figures, synthetic=facts.snapshot.synthetic, target=target), alt, f"{title}, last thirteen months.")]


def months_table(facts: Facts, caption: str, *ids: str) -> Table:
    """The same months as a table, newest last; a percentage with what it is made of."""
    columns = {id: facts.months(id) for id in ids}
    first = next(iter(columns.values()))
    heads = ["Month", *(INDICATORS[id].title for id in ids)]
    rows = [[_month(figure), *(_cell(columns[id][place]) for id in ids)] for place, figure in enumerate(first)]
    return Table(caption, heads, rows)


def _month(figure: Figure) -> str:
    cut = f" (to {figure.period.end.day} {figure.period.end:%B})" if figure.period.cut else ""
    return f"{figure.period.end:%B\N{NO-BREAK SPACE}%Y}{cut}"


def _cell(figure: Figure) -> str:
    return f"{shown(figure)} ({made_of(figure)})" if figure.asked.unit == "%" and figure.value is not None else shown(figure)
