"""The briefing on screen: which one, written once for everybody who asks, its blocks as Streamlit has them, and its files."""

from __future__ import annotations

from base64 import b64encode
from collections import OrderedDict
from html import escape

import pandas as pd
import streamlit as st

from csc_core.briefing import write
from csc_core.briefing.document import Block, Document, Heading, Paragraph, Points, Table
from csc_core.briefing.figures import Readers
from csc_core.briefing.files import to_file
from csc_core.disclosure import Audience
from csc_core.periods import PeriodError
from csc_core.reporting_month import reporting_month
from pages.components import data, state
from pages.components.links import Choices
from pages.components.words import plain

KEPT = 6
WHOM = {Readers.COMMITTEE.value: "The committee", Readers.PUBLIC.value: "The public"}
MIME = {
    ".docx": ("Download as Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".html": ("Download as a web page (HTML)", "text/html"),
}
Key = tuple[str, str, str]


def what_it_is(chosen: Choices) -> str:
    """The sentence that confirms the choice, in Markdown."""
    month, whom = _month(chosen), WHOM[chosen.own["readers"]].lower()
    said = f"**The briefing of {plain(month)}, for {whom}**, about the whole county. Choose a month as the period, and for whom, beside."
    if chosen.period.id != f"{chosen.period.end:%Y-%m}" and not chosen.period.cut:
        said += f" The period chosen ends in {plain(month)}, so it is of that month."
    if chosen.filters:
        said += " The filters chosen do not change it."
    return said


def _month(chosen: Choices) -> str:
    return f"{chosen.period.end:%B %Y}"


def readers_allowed(chosen: Choices) -> bool:
    """Whether who looks may read this version; says so when not."""
    if chosen.own["readers"] == Readers.COMMITTEE.value and chosen.audience is not Audience.MANAGER:
        st.info(
            "The committee's version has exact figures of the whole county, which a commissioner does not see. Choose the public's "
            "version, or see it as a manager."
        )
        return False
    return True


def written(chosen: Choices) -> Document | None:
    """The briefing; None, with the reason on the page, where there is none. Writing takes some seconds and is done once."""
    snapshot, readers = state.snapshot(), Readers(chosen.own["readers"])
    key = (snapshot.id, f"{chosen.period.end:%Y-%m}", readers.value)
    kept = _written()
    if key in kept:
        return kept[key]
    bar = st.progress(0.0, "Writing the briefing …")
    try:
        month = reporting_month(snapshot, key[1])
        document = write(snapshot, month, readers, data.targets(), lambda what, share: _move(bar, what, share))
    except PeriodError as error:
        st.info(plain(str(error)))
        return None
    finally:
        bar.empty()
    kept[key] = document
    while len(kept) > KEPT:
        kept.popitem(last=False)
    return document


def _move(bar: st.delta_generator.DeltaGenerator, what: str, share: float) -> None:
    bar.progress(min(share, 1.0), f"Writing the briefing: {what}")


@st.cache_resource
def _written() -> OrderedDict[Key, Document]:
    """The briefings written last, shared by all."""
    return OrderedDict()


def downloads(chosen: Choices, document: Document) -> None:
    """Both files, each made when someone asks for it."""
    synthetic = "-synthetic" if state.snapshot().synthetic else ""
    name = f"briefing-{chosen.period.end:%Y-%m}-{chosen.own['readers']}{synthetic}"
    with st.container(horizontal=True):
        for ending, (label, mime) in MIME.items():
            st.download_button(
                label,
                lambda ending=ending: to_file(document, ending),  # type: ignore[misc]  # each its own
                f"{name}{ending}",
                mime,
                on_click="ignore",
                icon=":material/download:",
                key=f"download{ending}",
            )


def show(document: Document) -> None:
    for mark in document.marks:
        st.markdown(f"**{plain(mark)}**")
    for block in document.blocks:
        _show(block)
    st.caption(plain(document.footer))


def _show(block: Block) -> None:
    if isinstance(block, Heading):
        (st.header if block.level == 1 else st.subheader)(plain(block.text), anchor=False)
    elif isinstance(block, Paragraph):
        st.markdown(plain(block.text))
    elif isinstance(block, Points):
        st.markdown("\n".join(f"- {plain(item)}" for item in block.items))
    elif isinstance(block, Table):
        st.markdown(f"**{plain(block.caption)}**")
        heads = [plain(head) for head in block.heads]
        rows = [[plain(cell) for cell in row] for row in block.rows]
        st.table(pd.DataFrame(rows, columns=heads).set_index(heads[0]))
        for note in block.notes:
            st.caption(plain(note))
    else:  # st.image has no alternative text
        image = b64encode(block.png).decode("ascii")
        st.html(f'<img alt="{escape(block.alt)}" src="data:image/png;base64,{image}" style="width: 100%; max-width: 50rem">')
        st.caption(plain(block.caption))
