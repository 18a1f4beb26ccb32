"""The files a briefing can be."""

from __future__ import annotations

from csc_core.briefing.document import Document

FORMATS = (".docx", ".html")


def to_file(document: Document, ending: str) -> bytes:
    """The document as one of `FORMATS`."""
    if ending == ".docx":
        from csc_core.briefing.word import to_word  # python-docx: heavy, and needed when somebody asks

        return to_word(document)
    from csc_core.briefing.html import to_html

    return to_html(document)
