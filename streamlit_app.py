"""The app: `streamlit run streamlit_app.py`. The pages there are, and what they share: the data, the choices, the sidebar."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from pages.components import data, filters, links, state


def main() -> None:
    st.set_page_config(
        page_title="Children's social care in Devon",
        page_icon=str(Path(__file__).parent / "pages" / "icon.png"),  # a Material icon would be fetched from another host
        layout="wide",
    )
    # Each page with what it offers. A page is one file in pages/, its opening in pages/components/links.py, and its line here. The
    # file is named as the address: a fresh server that is asked for a page first goes by the names of the files.
    pages = [
        (st.Page("pages/overview.py", title="Overview", icon=":material/home:", default=True), links.HOME),
        (st.Page("pages/map.py", title="Map of need", icon=":material/map:", url_path="map"), links.MAP),
        (st.Page("pages/issues.py", title="Issues from assessments", icon=":material/hub:", url_path="issues"), links.ISSUES),
        (st.Page("pages/front-door.py", title="Front door", icon=":material/door_front:", url_path="front-door"), links.FRONT_DOOR),
        (st.Page("pages/stability.py", title="Stability in care", icon=":material/home_pin:", url_path="stability"), links.STABILITY),
    ]
    page = st.navigation([one for one, _ in pages])
    opening = next(opening for one, opening in pages if one == page)
    snapshot = data.ready()
    if opening.issue:
        opening = replace(opening, issue=data.commonest_group(snapshot))
    state.begin(snapshot, opening)
    try:
        page.run()  # before the sidebar: the map should not wait for it
        filters.sidebar()
    finally:
        state.end()


if __name__ == "__main__":
    main()
