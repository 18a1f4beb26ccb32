"""What does each figure mean? Every indicator from its declaration, with its target, what others publish, and what has changed."""

from __future__ import annotations

from functools import partial

import streamlit as st

import streamlit_app
from csc_core.compare.published import release_of
from csc_core.definitions import definition, matches
from csc_core.dimensions import DIMENSIONS
from csc_core.indicators import INDICATORS, TOPICS, Indicator
from pages.components import state
from pages.components.data import standing_of, targets
from pages.components.header import filter_words, header
from pages.components.links import Choices
from pages.components.meaning import source
from pages.components.published_series import published_series
from pages.components.quality_mark import quality_mark
from pages.components.words import capital, plain


def offered(chosen: Choices) -> dict[str, list[Indicator]]:
    """Topic to its indicators: those of the topic chosen that match what was typed."""
    text = st.text_input("Search", placeholder="re-referral, visited, caseload …", key="definitions_search")
    found = {
        topic.title: [one for one in topic.indicators if matches(one, text)]
        for id, topic in TOPICS.items()
        if chosen.own.get("topic") in (None, id)
    }
    return {title: ones for title, ones in found.items() if ones}


def parts(asked: Indicator) -> None:
    """Every part of the definition under its heading."""
    for heading, text in definition(asked, targets()).items():
        link = f" [{plain(asked.source)}]({asked.source_url})" if heading == "Source" else f" {plain(text)}"
        st.markdown(f"**{heading}.**{link}")
    quality_mark(asked, state.choices())
    st.caption(f"`{asked.id}` on the command line and in addresses.")


def stands(asked: Indicator, chosen: Choices) -> None:
    """How it stands in the period, for what the filters leave: every comparison in a sentence."""
    st.subheader(f"How it stands: {plain(chosen.period.label)}", anchor=False)
    misfit = [name for name in chosen.filters if name not in asked.dimensions]
    if misfit or asked.numerator_only:
        needs = f"It cannot be filtered by {DIMENSIONS[misfit[0]].title.lower()}." if misfit else "It is counted of one issue at a time."
        st.markdown(f"{needs} {'Clear that filter to see it.' if misfit else 'Choose one on the page of issues.'}")
        return
    found, _ = standing_of(chosen, asked)
    told = [
        f"{capital(filter_words(chosen))}.",
        found.before.sentence,
        found.year_before.sentence,
        *found.before.marks,
        *([found.target.sentence] if found.target else []),
        found.beside_words,
        *(one.sentence for one in found.comparators),
        found.no_comparator,
        *(one.sentence for one in found.printed),
    ]
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in told if sentence))


def one(asked: Indicator, chosen: Choices) -> None:
    """A single definition, with its published series and the way back to all of them."""
    st.subheader(plain(asked.title), anchor=False)
    parts(asked)
    stands(asked, chosen)
    published_series(asked, chosen)
    st.button("Show all definitions", icon=":material/arrow_back:", on_click=partial(state.choose, indicator=None))


def every(chosen: Choices) -> None:
    """The definitions by topic, each opened with a click."""
    found = offered(chosen)
    if not found:
        st.info("No definition has all of these words. Take one away, or choose another topic.")
    for title, ones in found.items():
        st.subheader(title, anchor=False)
        for asked in ones:
            with st.expander(plain(asked.title)):
                parts(asked)
                if release_of(asked):
                    st.button("Show DfE's series", key=f"series_{asked.id}", on_click=partial(state.choose, indicator=asked.id))


def page() -> None:
    chosen = state.choices()
    header("Definitions")
    st.markdown("Each figure as it is declared in the program that counts it, so that what is written here is what is counted.")
    if targets().said:
        st.warning(plain(targets().said))
    if "indicator" in chosen.own:
        one(INDICATORS[chosen.own["indicator"]], chosen)
    else:
        every(chosen)
    state.write_address()
    source()


if state.begun():
    page()
else:
    streamlit_app.main()
