"""A briefing as one HTML file: pictures inside it, landmarks, real headings and tables, its language named. It fetches nothing."""

from __future__ import annotations

from base64 import b64encode

from lxml import etree
from lxml.builder import E

from csc_core.briefing.document import Block, Document, Heading, Paragraph, Picture, Points, Table

STYLE = """
:root { color-scheme: light; }
body { font: 1rem/1.5 Arial, Helvetica, sans-serif; color: #0d1318; background: #ffffff; margin: 0 auto; max-width: 52rem; padding: 1rem; }
h1 { font-size: 1.75rem; line-height: 1.2; } h2 { font-size: 1.35rem; margin-top: 2.5rem; } h3 { font-size: 1.1rem; margin-top: 1.75rem; }
.mark { font-weight: bold; border-left: 0.35rem solid #bc662f; padding-left: 0.75rem; }
figure { margin: 1.25rem 0; } img { max-width: 100%; height: auto; border: 1px solid #c4c9ce; }
figcaption, .note, footer { font-size: 0.875rem; color: #4d5862; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; margin: 1rem 0 0.5rem; width: 100%; font-size: 0.9rem; }
caption { text-align: left; font-weight: bold; padding-bottom: 0.25rem; }
th, td { border: 1px solid #8a939c; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; }
thead th { background: #e6ecf0; } tbody th { font-weight: normal; }
nav ul { columns: 2; padding-left: 1.25rem; } a { color: #1b5e82; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; background: #ffffff; padding: 0.5rem; }
footer { border-top: 1px solid #8a939c; margin-top: 3rem; padding-top: 0.75rem; overflow-wrap: anywhere; }
@media print {
  nav, .skip { display: none; }
  h2, h3, caption { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""


def to_html(document: Document) -> bytes:
    """The .html file, in UTF-8. Text becomes text: nothing in it can become markup."""
    sections = [
        (f"section-{number}", block.text) for number, block in enumerate(document.blocks) if isinstance(block, Heading) and block.level == 1
    ]
    page = E.html(
        E.head(
            E.meta(charset="utf-8"),
            E.meta(name="viewport", content="width=device-width, initial-scale=1"),
            E.title(document.title),
            E.style(STYLE),
        ),
        E.body(
            E.a("Skip to the text", {"class": "skip"}, href="#text"),
            E.header(E.h1(document.title), E.p(document.subtitle), *(E.p(mark, {"class": "mark"}) for mark in document.marks)),
            E.nav({"aria-label": "Sections"}, E.ul(*(E.li(E.a(title, href=f"#{id}")) for id, title in sections))),
            E.main(
                {"id": "text"},
                *(element for number, block in enumerate(document.blocks) for element in _elements(block, f"section-{number}")),
            ),
            E.footer(E.p(document.footer)),
        ),
        lang="en-GB",
    )
    made = etree.tostring(page, method="html", encoding="utf-8", doctype="<!DOCTYPE html>", pretty_print=False)
    return bytes(made)


def _elements(block: Block, id: str) -> list[etree._Element]:
    if isinstance(block, Heading):
        return [E.h2(block.text, id=id) if block.level == 1 else E.h3(block.text)]
    if isinstance(block, Paragraph):
        return [E.p(block.text)]
    if isinstance(block, Points):
        return [E.ul(*(E.li(item) for item in block.items))]
    if isinstance(block, Table):
        return _table(block)
    return [_picture(block)]


def _picture(picture: Picture) -> etree._Element:
    source = f"data:image/png;base64,{b64encode(picture.png).decode('ascii')}"
    return E.figure(E.img(src=source, alt=picture.alt), E.figcaption(picture.caption))


def _table(table: Table) -> list[etree._Element]:
    head = E.thead(E.tr(*(E.th(text, scope="col") for text in table.heads)))
    body = E.tbody(*(E.tr(E.th(row[0], scope="row"), *(E.td(text) for text in row[1:])) for row in table.rows))
    wide = E.div(
        E.table(E.caption(table.caption), head, body), {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": table.caption}
    )
    return [wide, *(E.p(note, {"class": "note"}) for note in table.notes)]
