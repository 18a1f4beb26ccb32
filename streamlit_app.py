"""The app: `streamlit run streamlit_app.py`. The pages there are, and what they share: the data, the choices, the sidebar."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.components import change_figures, data, filters, openings, state
from pages.components.openings import Opening


def pages() -> list[tuple[StreamlitPage, Opening, str]]:
    """Each page with what it offers and the question it answers. A page is one file in pages/, its opening in
    pages/components/openings.py, and its line here. The file is named as the address: a fresh server that is asked for a page first goes
    by the names of the files."""
    return [
        (st.Page("pages/overview.py", title="Overview", icon=":material/home:", default=True), openings.HOME, "how are we doing?"),
        (st.Page("pages/map.py", title="Map of need", icon=":material/map:", url_path="map"), openings.MAP, "where is the need?"),
        (
            st.Page("pages/issues.py", title="Issues from assessments", icon=":material/hub:", url_path="issues"),
            openings.ISSUES,
            "what do assessments find, and where?",
        ),
        (
            st.Page("pages/front-door.py", title="Front door", icon=":material/door_front:", url_path="front-door"),
            openings.FRONT_DOOR,
            "what becomes of enquiries?",
        ),
        (
            st.Page("pages/stability.py", title="Stability in care", icon=":material/home_pin:", url_path="stability"),
            openings.STABILITY,
            "how often do children in care move?",
        ),
        (st.Page("pages/teams.py", title="Teams", icon=":material/groups:", url_path="teams"), openings.TEAMS, "who carries the work?"),
        (
            st.Page("pages/changes.py", title="What changed", icon=":material/difference:", url_path="changes"),
            openings.CHANGES,
            "why did a figure move?",
        ),
        (
            st.Page("pages/briefing.py", title="Briefing", icon=":material/description:", url_path="briefing"),
            openings.BRIEFING,
            "what do we tell the committee?",
        ),
        (
            st.Page("pages/data-quality.py", title="Data quality", icon=":material/rule:", url_path="data-quality"),
            openings.QUALITY,
            "can the records be trusted?",
        ),
        (
            st.Page("pages/definitions.py", title="Definitions", icon=":material/menu_book:", url_path="definitions"),
            openings.DEFINITIONS,
            "what does each figure mean?",
        ),
    ]


def main() -> None:
    st.set_page_config(
        page_title="Children's social care in Devon",
        page_icon=str(Path(__file__).parent / "pages" / "icon.png"),  # a Material icon would be fetched from another host
        layout="wide",
    )
    offered = pages()
    page = st.navigation([one for one, _, _ in offered])
    opening = next(opening for one, opening, _ in offered if one == page)
    snapshot = data.ready()
    if opening.issue:
        opening = replace(opening, issue=data.commonest_group(snapshot))
    if opening == openings.CHANGES and (older := change_figures.older(snapshot)):
        opening = replace(opening, own={**opening.own, "against": openings.Own("Older snapshot", older, next(iter(older)))})
    state.begin(snapshot, opening)
    try:
        page.run()  # before the sidebar: the map should not wait for it
        filters.sidebar()
    finally:
        state.end()


if __name__ == "__main__":
    main()
