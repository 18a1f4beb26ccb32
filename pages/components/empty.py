"""When there is nothing to draw: why, in a sentence, and the way back."""

from __future__ import annotations

import streamlit as st

from csc_core.brings import missing_tables, what_brings
from csc_core.dimensions import DIMENSIONS, titles
from csc_core.disclosure import LEAST, Audience
from csc_core.indicators import Indicator
from pages.components import links, state
from pages.components.areas import on_the_map, selection_row
from pages.components.data import Row, figures, records
from pages.components.filters import ALL
from pages.components.links import Choices
from pages.components.openings import latest_year
from pages.components.words import missing, plain, when


def nothing_to_draw(chosen: Choices) -> bool:
    """Say why there is nothing, if there is nothing; True when it has been said."""
    asked = chosen.indicator
    misfits = [name for name in chosen.filters if name not in asked.dimensions]
    if misfits:
        _say(f"**{plain(asked.title)} cannot be filtered by {_names(misfits)}.** {_why(asked)}", misfits, chosen)
        return True
    row = selection_row(chosen)
    if row["withheld"]:
        _say(f"**Everything here is withheld.** The filters leave fewer than {LEAST} {plain(asked.noun)}.", list(chosen.filters), chosen)
    elif missing(row["numerator"]):
        lacking = " ".join(what_brings(table) for table in missing_tables(state.snapshot(), asked))
        title = "Not in these records" if lacking else "No figures for this period"
        _say(f"**{title}.** {plain(lacking or str(row['reason']))}", [], chosen, period=not lacking)
    elif _none(row, asked):
        _say(_emptied(chosen), _causes(chosen), chosen, period=not chosen.filters)
    elif chosen.level and "addresses" not in state.snapshot().supplied and _no_area_known(chosen):
        _say(f"**Nothing can be put on the map.** {plain(what_brings('addresses'))}", [], chosen)
    elif chosen.shown != "count" and missing(row["value"]):
        _say(f"**No rate can be given.** {plain(str(row['reason']))}", [], chosen, count=True)
    else:
        return False
    return True


def mix_refused(chosen: Choices) -> bool:
    """Say that a mix of issues is not shown to this audience, if it is not; True when it has been said."""
    if chosen.audience is Audience.MANAGER or len(chosen.issues) < 2:
        return False
    with st.container(border=True):
        st.markdown("**A mix of several issues is shown to managers only.** Mixes can be subtracted from each other: choose one of them.")
        with st.container(horizontal=True):
            for id in chosen.issues:
                st.button(f"Show {plain(links.issue_title([id]))}", key=f"alone_{id}", on_click=state.choose, kwargs={"issue": id})
    return True


def _none(row: Row, asked: Indicator) -> bool:
    base = row["denominator"] if asked.unit == "%" else row["numerator"]
    return not missing(base) and bool(base == 0)  # NA is withheld, which is not none


def _no_area_known(chosen: Choices) -> bool:
    """Whether no record has a place: of looked-after children the return brings one, and then there is something to draw."""
    return on_the_map(chosen).on_map == 0


def _causes(chosen: Choices) -> list[str]:
    """The filters any one of which, taken away, would leave something; all of them when it takes more than one."""
    alone = []
    for name in chosen.filters:
        others = {other: id for other, id in chosen.filters.items() if other != name}
        if not _none(records(figures(chosen, where=others))[0], chosen.indicator):
            alone.append(name)
    return alone or list(chosen.filters)


def _emptied(chosen: Choices) -> str:
    noun, span = plain(chosen.indicator.noun), plain(when(chosen.indicator, chosen.period))
    if not chosen.filters:
        return f"**No {noun}.** There are none {'' if chosen.indicator.stock else 'in '}{span}."
    causes = [
        f"{_name(name)} filter *{plain(titles(state.snapshot(), name).get(chosen.filters[name], chosen.filters[name]))}*"
        for name in _causes(chosen)
    ]
    together = "The " + " and the ".join(causes) + (" leaves" if len(causes) == 1 else " together leave")
    return f"**No {noun} match.** {together} none {'' if chosen.indicator.stock else 'in '}{span}."


def _say(sentence: str, clear: list[str], chosen: Choices, *, period: bool = False, count: bool = False) -> None:
    with st.container(border=True):
        st.markdown(sentence)
        with st.container(horizontal=True):
            for name in clear:
                st.button(f"Show {ALL[name]}", key=f"clear_{name}", type="primary" if len(clear) == 1 else "secondary",
                          on_click=state.choose, kwargs={name: None})  # fmt: skip
            if count:
                st.button("Show the count", key="show_count", type="primary", on_click=state.choose, kwargs={"shown": "count"})
            if period:
                latest = latest_year(state.snapshot().as_at.date())
                if latest.id != chosen.period.id:
                    st.button(
                        "Show the latest 12 months",
                        key="latest_period",
                        type="primary",
                        on_click=state.choose,
                        kwargs={"period": latest.id},
                    )


def _names(names: list[str]) -> str:
    return " or ".join(_name(name) for name in names)


def _name(name: str) -> str:
    return DIMENSIONS[name].title.lower()


def _why(asked: Indicator) -> str:
    return "No population belongs to a team." if asked.unit == "per 10,000" else f"It is not recorded for {plain(asked.noun)}."
