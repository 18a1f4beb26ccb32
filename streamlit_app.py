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
    overview = st.Page("pages/overview.py", title="Overview", icon=":material/home:", default=True)
    map_of_need = st.Page("pages/map.py", title="Map of need", icon=":material/map:", url_path="map")
    issues = st.Page("pages/issues.py", title="Issues from assessments", icon=":material/hub:", url_path="issues")
    page = st.navigation([overview, map_of_need, issues])
    snapshot = data.ready()
    state.begin(snapshot, replace(links.ISSUES, issue=data.commonest_group(snapshot)) if page == issues else links.MAP)
    try:
        page.run()  # before the sidebar: the map should not wait for it
        filters.sidebar(on_map=page in (map_of_need, issues))
    finally:
        state.end()


if __name__ == "__main__":
    main()
