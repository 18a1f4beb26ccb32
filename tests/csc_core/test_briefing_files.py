"""The briefing's files as a screen reader and a hostile reader meet them, and the command that writes them."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from lxml import etree, html

from csc_core.__main__ import main
from csc_core.briefing.document import Document, Heading, Paragraph, Picture, Points, Table
from csc_core.briefing.files import FORMATS, to_file
from csc_core.snapshot import open_current

ROOT = Path(__file__).parents[2]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = '<script>alert("1")</script> & </p> \N{RIGHT-TO-LEFT OVERRIDE}'
# a dot, drawn by nobody: the smallest PNG there is
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c636060606000000005000105a4f3d60000000049454e44ae426082"
)
DOCUMENT = Document(
    title="Briefing",
    subtitle="For nobody",
    marks=["Synthetic data"],
    blocks=[
        Heading("1 First"),
        Paragraph(HOSTILE),
        Points(["one", HOSTILE]),
        Heading("Part", 2),
        Table("A caption", ["Place", "Children"], [["Exeter", "12"], [HOSTILE, "withheld"]], ["A note"]),
        Picture(PNG, "Line chart: up", "A picture"),
        Heading("2 Second"),
    ],
    footer="Data as at 31 December 2017",
)


@pytest.fixture(scope="module")
def parts() -> dict[str, etree._Element]:
    """The parts of the Word file, parsed."""
    with zipfile.ZipFile(BytesIO(to_file(DOCUMENT, ".docx"))) as file:
        return {name: etree.fromstring(file.read(name)) for name in file.namelist() if name.endswith(".xml")}


def test_word_has_real_headings_in_order(parts: dict[str, etree._Element]) -> None:
    styles = [style.get(f"{W}val") for style in parts["word/document.xml"].iter(f"{W}pStyle")]
    assert [style for style in styles if style in ("Title", "Heading1", "Heading2")] == ["Title", "Heading1", "Heading2", "Heading1"]


def test_word_has_alternative_text_on_every_picture(parts: dict[str, etree._Element]) -> None:
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
    described = [picture.get("descr") for picture in parts["word/document.xml"].iter(drawing)]
    assert described == ["Line chart: up"]


def test_word_repeats_a_table_s_headings_and_breaks_no_row(parts: dict[str, etree._Element]) -> None:
    (table,) = parts["word/document.xml"].iter(f"{W}tbl")
    rows = list(table.iter(f"{W}tr"))
    assert [row.find(f".//{W}tblHeader") is not None for row in rows] == [True, False, False]
    assert all(row.find(f".//{W}cantSplit") is not None for row in rows)
    caption = table.find(f".//{W}tblCaption")
    assert caption is not None and caption.get(f"{W}val") == "A caption"


@pytest.mark.parametrize("columns", [1, 3, 8, 12])
def test_a_table_of_word_stays_within_the_margins(columns: int) -> None:
    table = Table("Wide", [f"A heading {'of some length' * (one % 3)}" for one in range(columns)], [["withheld"] * columns])
    made = docx.Document(BytesIO(to_file(replace(DOCUMENT, blocks=[table]), ".docx")))
    page, (drawn,) = made.sections[0], made.tables
    widths = [column.width for column in drawn.columns]
    assert all(widths) and page.page_width and page.left_margin and page.right_margin
    rounded = 635 * columns  # each to a twentieth of a point
    assert sum(width or 0 for width in widths) <= page.page_width - page.left_margin - page.right_margin + rounded


def test_word_names_its_language_and_title_and_has_its_footer(parts: dict[str, etree._Element]) -> None:
    (language,) = parts["word/styles.xml"].iter(f"{W}lang")
    assert language.get(f"{W}val") == "en-GB"
    made = docx.Document(BytesIO(to_file(DOCUMENT, ".docx")))
    assert (made.core_properties.title, made.core_properties.language) == ("Briefing", "en-GB")
    assert "Data as at 31 December 2017" in made.sections[0].footer.paragraphs[0].text
    fields = [field.text for field in parts["word/footer1.xml"].iter(f"{W}instrText")]
    assert fields == ["PAGE"]
    assert any(HOSTILE in paragraph.text for paragraph in made.paragraphs)  # text is text


@pytest.fixture(scope="module")
def page() -> html.HtmlElement:
    return html.fromstring(to_file(DOCUMENT, ".html").decode("utf-8"))


def test_html_has_landmarks_language_title_and_headings_in_order(page: html.HtmlElement) -> None:
    assert page.get("lang") == "en-GB" and page.findtext(".//title") == "Briefing"
    for landmark in ("header", "nav", "main", "footer"):
        assert len(page.findall(f".//{landmark}")) == 1
    assert [one.tag for one in page.iter("h1", "h2", "h3")] == ["h1", "h2", "h3", "h2"]
    targets = {link.get("href") for link in page.findall(".//nav//a")}
    assert targets == {f"#{one.get('id')}" for one in page.iter("h2")}


def test_html_tables_have_captions_and_scopes_and_pictures_their_words(page: html.HtmlElement) -> None:
    (table,) = page.iter("table")
    assert table.findtext("caption") == "A caption"
    assert [head.get("scope") for head in table.iter("th")] == ["col", "col", "row", "row"]
    (image,) = page.iter("img")
    assert image.get("alt") == "Line chart: up"


def test_html_is_one_file_and_text_in_it_is_text(page: html.HtmlElement) -> None:
    assert not list(page.iter("script", "link", "iframe"))
    assert all(image.get("src").startswith("data:image/png;base64,") for image in page.iter("img"))
    assert "http" not in to_file(DOCUMENT, ".html").decode("utf-8").replace("http-equiv", "")
    assert HOSTILE in [element.text for element in page.iter("p")]


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.slow
def test_the_command_says_what_it_wrote_and_how_long_it_took(
    small_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    out = tmp_path / f"briefing{ending}"
    assert main(["briefing", "--month", "2017-12", "--audience", "public", "--out", str(out), "--data", str(small_data)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"Wrote the briefing of December 2017 for the public to {out} in ") and said.out.endswith("seconds.\n")
    written = out.read_bytes()
    text = written.decode("utf-8") if ending == ".html" else "\n".join(one.text for one in docx.Document(BytesIO(written)).paragraphs)
    assert "Synthetic data" in text and open_current(small_data).id in (text if ending == ".html" else _footer(written))


def _footer(written: bytes) -> str:
    return str(docx.Document(BytesIO(written)).sections[0].footer.paragraphs[0].text)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--out", "briefing.pdf"], "does not end in .docx or .html"),
        (["--out", "a.html", "--month", "2018-02"], "There are no records of February 2018 yet"),
        (["--out", "a.html", "--month", "2001-02"], "There are no records of February 2001"),
        (["--out", "a.html", "--month", "soon"], "'soon' is not a month"),
        (["--out", "a.html", "--month", "2017-12", "--latest", "2017-12-01"], "The latest day must be after the month"),
        (["--out", "a.html", "--month", "2017-12", "--latest", "2018-12-01"], "There are no records of 1 December 2018 yet"),
    ],
)
def test_what_cannot_be_written_is_exit_2_and_one_sentence(
    small_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["briefing", *arguments, "--data", str(small_data)]) == 2
    said = capsys.readouterr()
    assert words in said.err and said.out == "" and "Traceback" not in said.err
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_app_and_the_command_line_start_without_what_draws_and_writes() -> None:
    """matplotlib, python-docx, openpyxl and lxml take seconds: they are loaded when a paper is asked for."""
    probe = (
        "import sys, csc_core.__main__, pages.components.briefing_text, pages.components.links; "
        "print([name for name in ('matplotlib', 'docx', 'openpyxl', 'lxml', 'statsmodels') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"\[\]", done.stdout.strip())
