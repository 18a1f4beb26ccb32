"""A briefing as a Word document that can be read aloud: real headings, alternative text, table headings repeated, its language named."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from csc_core.briefing.document import Block, Document, Heading, Paragraph, Picture, Points, Table

if TYPE_CHECKING:
    from docx.document import Document as Word

LANGUAGE = "en-GB"
FONT = "Arial"
BODY, NOTE = 11, 9  # points
WIDTH = 16.5  # centimetres between the margins
TALLEST = 12.5  # of a picture
LETTER = 0.22  # centimetres of a bold letter of `NOTE` points, generously
SMALL = 14  # rows of a table that is kept on one page
SHADE = "E6ECF0"


def to_word(document: Document) -> bytes:
    """The .docx file."""
    import docx
    from docx.shared import Cm, Pt

    word = docx.Document()
    _styles(word)
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.25)
    section.top_margin, section.bottom_margin, section.footer_distance = Cm(2), Cm(2.6), Cm(1)
    properties = word.core_properties
    properties.title, properties.subject, properties.language = document.title, document.subtitle, LANGUAGE
    properties.author, properties.comments, properties.keywords = "Children's social care explorer", "; ".join(document.marks), ""
    word.add_heading(document.title, 0)
    word.add_paragraph(document.subtitle, style="Subtitle")
    for mark in document.marks:
        word.add_paragraph().add_run(mark).bold = True
    for block in document.blocks:
        _write(word, block)
    footer = section.footer.paragraphs[0]
    footer.text = f"{document.footer} Page "
    _page_number(footer)
    for run in footer.runs:
        run.font.size = Pt(8)
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def _styles(word: Word) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    sizes = {"Normal": BODY, "Title": 22, "Subtitle": 14, "Heading 1": 16, "Heading 2": 13, "Caption": NOTE, "List Bullet": BODY}
    for name, size in sizes.items():
        style = word.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), RGBColor(0x0D, 0x13, 0x18)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)  # the theme's font would win over the one named
        fonts.set(qn("w:hAnsi"), FONT)
    word.styles["Subtitle"].font.italic = False
    word.styles["Caption"].font.bold = False
    head = word.styles.add_style("Table caption", WD_STYLE_TYPE.PARAGRAPH)
    head.base_style, head.font.bold, head.font.size = word.styles["Normal"], True, Pt(10)
    head.paragraph_format.keep_with_next, head.paragraph_format.space_after = True, Pt(3)
    language = word.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr")).find(qn("w:lang"))
    language.set(qn("w:val"), LANGUAGE)


def _write(word: Word, block: Block) -> None:
    if isinstance(block, Heading):
        word.add_heading(block.text, block.level)
    elif isinstance(block, Paragraph):
        word.add_paragraph(block.text)
    elif isinstance(block, Points):
        for item in block.items:
            word.add_paragraph(item, style="List Bullet")
    elif isinstance(block, Table):
        _table(word, block)
    else:
        _picture(word, block)


def _picture(word: Word, picture: Picture) -> None:
    from docx.shared import Cm, Emu

    run = word.add_paragraph().add_run()
    drawn = run.add_picture(BytesIO(picture.png), width=Cm(WIDTH))
    if drawn.height > Cm(TALLEST):
        drawn.width, drawn.height = Emu(round(drawn.width * Cm(TALLEST) / drawn.height)), Cm(TALLEST)
    run._r.getparent().get_or_add_pPr().get_or_add_keepNext()  # noqa: SLF001  the caption stays with it; the library has no other way
    described = run._r.find(".//{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr")  # noqa: SLF001  the same
    described.set("descr", picture.alt)
    described.set("title", picture.caption)
    word.add_paragraph(picture.caption, style="Caption")


def _table(word: Word, table: Table) -> None:
    from docx.shared import Cm, Pt

    word.add_paragraph(table.caption, style="Table caption")
    made = word.add_table(rows=1 + len(table.rows), cols=len(table.heads), style="Table Grid")
    made.autofit = False
    widths = _widths(table)
    cells = [[*row.cells] for row in made.rows]
    for number, texts in enumerate([table.heads, *table.rows]):
        for place, text in enumerate(texts):
            cell = cells[number][place]
            cell.width = Cm(widths[place])
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(NOTE), number == 0
            paragraph.paragraph_format.space_after = Pt(1)
            paragraph.paragraph_format.keep_with_next = number < len(table.rows) <= SMALL
            if number == 0:
                _shade(cell)
    for place, width in enumerate(widths):
        made.columns[place].width = Cm(width)
    for row in made.rows:
        _mark(row._tr.get_or_add_trPr(), "w:cantSplit")  # noqa: SLF001  the library has no other way
    _mark(made.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")  # noqa: SLF001  the same
    described = _mark(made._tbl.tblPr, "w:tblCaption")  # noqa: SLF001  the same
    described.set(_name("w:val"), table.caption)
    for note in table.notes:
        word.add_paragraph(note, style="Caption")
    if not table.notes:
        word.add_paragraph().paragraph_format.space_after = Pt(2)


def _widths(table: Table) -> list[float]:
    """Centimetres for each column, by the longest of its texts, each wide enough for its longest word."""
    columns = [[table.heads[place], *(row[place] for row in table.rows)] for place in range(len(table.heads))]
    least = [0.45 + LETTER * max(len(part) for text in texts for part in text.split(" ")) for texts in columns]
    wanted = [0.45 + LETTER * min(max(len(text) for text in texts), 45) for texts in columns]
    least = [one * min(1.0, WIDTH / sum(least)) for one in least]  # a table of many columns stays within the margins
    spare = WIDTH - sum(least)
    more = [max(one - low, 0.01) for one, low in zip(wanted, least, strict=True)]
    return [low + spare * one / sum(more) for low, one in zip(least, more, strict=True)]


def _shade(cell: Any) -> None:
    shade = _mark(cell._tc.get_or_add_tcPr(), "w:shd")  # noqa: SLF001  the library has no other way
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", SHADE)):
        shade.set(_name(name), value)


def _page_number(paragraph: Any) -> None:
    for kind in ("begin", None, "end"):
        run = paragraph.add_run()._r  # noqa: SLF001  the library has no field of its own
        if kind:
            _mark(run, "w:fldChar").set(_name("w:fldCharType"), kind)
        else:
            _mark(run, "w:instrText").text = "PAGE"


def _mark(parent: Any, tag: str) -> Any:
    """A new element of Word's own, at the end of its parent."""
    from docx.oxml import OxmlElement

    element = OxmlElement(tag)
    parent.append(element)
    return element


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(tag))
