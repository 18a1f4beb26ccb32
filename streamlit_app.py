"""What `streamlit run` starts."""

from __future__ import annotations

import streamlit as st

st.set_page_config(page_title="Children's social care explorer", layout="wide")
st.navigation([st.Page("pages/map.py", title="Map of need", url_path="map")]).run()
