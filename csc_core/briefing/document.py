"""What a briefing is made of, before anybody asks whether it becomes Word or HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """`level` 1 is a section, 2 a part of one. The title of the document is above both."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Points:
    """A list; what belongs to each stands in its own sentence."""

    items: Sequence[str]


@dataclass(frozen=True)
class Table:
    """Text only, written as people read it. The first column names the row; `notes` stand beneath."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Picture:
    """A PNG. `alt` says in words what it shows, for whoever cannot see it; `caption` stands beneath it for all."""

    png: bytes
    alt: str
    caption: str


def paragraph(*sentences: str) -> list[Paragraph]:
    """The sentences that there are, as one paragraph; none when there are none."""
    said = " ".join(sentence for sentence in sentences if sentence)
    return [Paragraph(said)] if said else []


Block = Heading | Paragraph | Points | Table | Picture


@dataclass(frozen=True)
class Document:
    """`marks` stand under the title (synthetic data, who it is for); `footer` is on every page."""

    title: str
    subtitle: str
    marks: Sequence[str]
    blocks: Sequence[Block]
    footer: str
