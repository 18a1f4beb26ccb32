"""The look that config.toml cannot give: the map's colours for the rest of the page, and rows that stack when they are narrow."""

from __future__ import annotations

import streamlit as st

from geo.colours import DARK, LIGHT, Theme

# Streamlit's own columns stack only below 640 px of window, sidebar included; these stack when the row itself is narrow.
# Cards: four across, two by two in a row under 45rem.
FLOW = """<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-map_side) { flex: 5 1 25rem; }
[data-testid="stLayoutWrapper"]:has(> .st-key-table_side) { flex: 4 1 24rem; }
[class*="st-key-cards"] > [data-testid="stElementContainer"] { flex: 1 1 max(9rem, min(40%, (45rem - 100%) * 999)); }
</style>"""

# Headline cards: at most four across, each at least 13rem wide, so that a telephone shows one beneath the other.
CARDS = """<style>
div[class*="st-key-stand_"] { display: grid; grid-template-columns: repeat(auto-fill, minmax(max(13rem, 22%), 1fr)); align-items: stretch; }
[class*="st-key-stand_"] > [data-testid="stLayoutWrapper"] > div { height: 100%; }
</style>"""


def is_dark() -> bool:
    return st.context.theme.type == "dark"


def colours() -> Theme:
    return DARK if is_dark() else LIGHT
