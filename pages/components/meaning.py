"""What stands under the figures: what is not on the map, what they mean, what the outcomes were, and where they come from."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from csc_core.coverage import Coverage
from csc_core.definitions import POLARITY
from csc_core.dimensions import DIMENSIONS, titles
from csc_core.disclosure import LEAST
from csc_core.indicators import Indicator
from csc_core.periods import Period
from geo.areas import ATTRIBUTION, COUNTY_TITLE, LEVELS
from pages.components import state
from pages.components.areas import off_map_words, on_the_map
from pages.components.data import figures
from pages.components.header import place_title
from pages.components.links import Choices, definition
from pages.components.parts import is_in_parts, parts_table
from pages.components.quality_mark import quality_mark
from pages.components.theme import colours
from pages.components.words import NOTHING, capital, number, plain


def not_on_the_map(chosen: Choices) -> None:
    """How many records are on the map, why the others are not, and what share of its areas is withheld."""
    held = on_the_map(chosen)
    said = [_on_map(held, chosen.indicator.noun), _reasons(held)]
    if held.withheld:
        share = number(held.withheld_share * 100)
        areas = f"{held.withheld} of {held.areas} {LEVELS[chosen.level].plural} ({share}%)"
        said.append(f"{areas} are withheld: fewer than {LEAST} {chosen.indicator.noun}.")
    st.caption(" ".join(part for part in said if part))


def _on_map(held: Coverage, noun: str) -> str:
    if held.on_map is None:
        return f"**{capital(noun)}: {number(held.total)} in all.**"
    return f"**{number(held.on_map)} of {number(held.total)} {noun} are on the map.**"


def _reasons(held: Coverage) -> str:
    if not held.off:
        return ""
    least = "At least " if held.on_map is None else ""
    verb = "is" if held.off_map == 1 else "are"
    each = [f"{f'fewer than {LEAST}' if count is None else number(count)} {off_map_words(place)}" for place, count in held.off.items()]
    some = f"{least}{number(held.off_map)} {verb}" if held.off_map else "Some are"
    return f"{some} not: {', '.join(each)}. All are counted in the {COUNTY_TITLE} figure."


def outcomes(chosen: Choices) -> None:
    """What came of what is counted, where the indicator is never to be read without it."""
    asked = chosen.indicator
    if not asked.drawn_with:
        return
    where = {**chosen.filters, chosen.level: chosen.area} if chosen.area else None
    if is_in_parts(asked):
        st.subheader(f"{DIMENSIONS[asked.drawn_with].title}: {plain(place_title(chosen))}", anchor=False)
        parts_table(chosen, asked, where)
        return
    split = figures(chosen, asked.drawn_with, where=where)
    known = titles(state.snapshot(), asked.drawn_with)
    counts = split["denominator"].astype("float64")
    st.subheader(f"{DIMENSIONS[asked.drawn_with].title}: {plain(place_title(chosen))}", anchor=False)
    st.caption(f"{plain(asked.denominator_words)}, by outcome, and how many of each are counted here.")
    st.dataframe(
        pd.DataFrame(
            {
                "Outcome": [known.get(id, id) for id in split[asked.drawn_with]],
                "Assessments": counts,
                "Counted": split["numerator"],
                "Note": ["withheld" if held else "" for held in split["withheld"]],
            }
        ),
        hide_index=True,
        placeholder=NOTHING,
        column_config={
            "Counted": st.column_config.NumberColumn(format="localized"),
            "Assessments": st.column_config.ProgressColumn(
                format="localized", min_value=0, max_value=float(counts.max()) if counts.max() > 0 else 1.0, color=colours().circle
            )
        },
    )


def outcome_words(chosen: Choices, asked: Indicator, period: Period) -> str:
    """The outcomes in a sentence: `Assessment outcome, December 2017: case closed 160, child in need plan 120.`"""
    if any(name not in asked.dimensions for name in chosen.filters):
        return ""
    split = figures(chosen, asked.drawn_with, indicator=asked, period=period)
    known = titles(state.snapshot(), asked.drawn_with)
    each = [
        f"{known.get(id, id)} {'withheld' if held else number(base)}"
        for id, base, held in zip(split[asked.drawn_with], split["denominator"], split["withheld"], strict=True)
    ]
    return f"{DIMENSIONS[asked.drawn_with].title}, {plain(period.label)}: {plain(', '.join(each))}."


def meaning(*shown: Indicator) -> None:
    """The definition of each figure shown and what it is made of; above it, what makes it one to be read with care."""
    for asked in shown:
        quality_mark(asked, state.choices())
    with st.expander("What this figure means" if len(shown) == 1 else "What these figures mean"):
        for asked in shown:
            st.markdown(_meant(asked))
            st.page_link(
                "pages/definitions.py",
                label="Target, what others publish, and changes of it",
                icon=":material/menu_book:",
                query_params=definition(asked, state.choices()),
            )


def _meant(asked: Indicator) -> str:
    base = "For every 10,000" if asked.unit == "per 10,000" else "Out of"
    said = [
        f"**{plain(asked.title)}.** {plain(asked.definition)} {POLARITY[asked.polarity]}\n",
        f"- Counted: {plain(asked.numerator_words)}.",
        *([f"- {base}: {plain(asked.denominator_words)}."] if asked.denominator_words else []),
        f"- Place: {plain(asked.address_rule)}",
        f"- Beside DfE's figures: {plain(asked.differs_from_dfe)}",
        f"- Definition from: [{plain(asked.source)}]({asked.source_url})",
    ]
    return "\n".join(said)


def source() -> None:
    """Where the records and the map come from."""
    snapshot = state.snapshot()
    records = "made-up records of a synthetic demonstration county" if snapshot.synthetic else "case records"
    st.divider()
    st.caption(
        f"Source: {records} ({plain(snapshot.source)}), snapshot {plain(snapshot.id)}. Population: ONS mid-year estimates, children aged "
        f"0 to 17. {plain(ATTRIBUTION)}"
    )
