"""What an indicator is, in words: every part of its declaration, and what stands beside it. The page, the workbook and whoever asks
read the same."""

from __future__ import annotations

from collections.abc import Mapping

from csc_core.change_log import change_log
from csc_core.compare import Targets, printed
from csc_core.compare.published import CAVEATS, release_of
from csc_core.dimensions import DIMENSIONS
from csc_core.indicators import TOPICS, Indicator
from csc_core.indicators.declaration import CHILDREN
from csc_core.rounding import written

POLARITY = {"high": "Higher is better.", "low": "Lower is better.", "none": "Neither high nor low is better by itself."}


def definition(asked: Indicator, targets: Targets) -> Mapping[str, str]:
    """Heading to text, in the order people read it. Text from the declaration is as declared; nothing is left blank."""
    return {
        "Meaning": asked.definition,
        "Direction": POLARITY[asked.polarity],
        "Counted": f"{asked.numerator_words}.",
        "Out of": f"{asked.denominator_words}." if asked.denominator is not None else "Nothing: it is a number.",
        "When": _when(asked),
        "Place": asked.address_rule,
        "Source": asked.source,
        "Beside DfE's figures": asked.differs_from_dfe,
        "Target": _target(asked, targets),
        "Published by DfE": _published(asked),
        "As printed": " ".join(one.sentence for one in printed(asked.id)) or "The report of March 2018 prints nothing of others beside it.",
        "Split by": f"{', '.join(DIMENSIONS[name].title.lower() for name in asked.dimensions)}.",
        "Changes": _changes(asked),
    }


def topic_of(asked: Indicator) -> str:
    """The id of its topic."""
    return next(id for id, topic in TOPICS.items() if asked.id in {one.id for one in topic.indicators})


def matches(asked: Indicator, text: str) -> bool:
    """Whether every word of the text is in its title, id or meaning."""
    held = f"{asked.title} {asked.id} {asked.definition} {asked.noun}".lower()
    return all(word in held for word in text.lower().split())


def _when(asked: Indicator) -> str:
    if asked.stock:
        age = ", by the age reached at the end of that month: no day of birth is kept" if "age_band" in asked.dimensions else ""
        return f"As it is on the last day of the period{age}."
    back = f" It looks back {asked.look_back_months} months before the period." if asked.look_back_months else ""
    rate = " A rate of a part of a year is not one of a year." if asked.denominator == CHILDREN else ""
    return f"All that happened in the period.{back}{rate}"


def _target(asked: Indicator, targets: Targets) -> str:
    rows = [one for one in targets.rows if one.indicator == asked.id]
    if not rows:
        return "None is set, so no figure of it is called met or missed."
    each = [
        f"{written(one.value, asked)} for {one.period.label}, amber within {one.amber_margin}{f' ({one.owner})' if one.owner else ''}"
        for one in rows
    ]
    return f"{'; '.join(each)}."


def _published(asked: Indicator) -> str:
    release = release_of(asked)
    if release is None:
        return "Not as it is counted here."
    areas = "for Devon only, since a number of another council says nothing beside ours" if asked.unit == "count" else (
        "for Devon, the South West, England and Devon's statistical neighbours"
    )  # fmt: skip
    caveat = f" {CAVEATS[asked.id]}" if asked.id in CAVEATS else ""
    return f"{release.title}, {areas}.{caveat}"


def _changes(asked: Indicator) -> str:
    found = [f"{one.day.day} {one.day:%B %Y}: {one.words}" for one in change_log(asked)]
    return " ".join(found) or "None is known since April 2014, the first month that any record here is from."
