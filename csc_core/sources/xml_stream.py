"""XML read as a stream, one record at a time, and refused where it is not what it says or could do harm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from lxml import etree

from csc_core.tables import Progress, Unusable, counted, shown

KNOWN_BY = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
}
CHUNK = 65_536
EVERY = 1_000  # records between two words of progress
WINDOWS = "windows-1252"


class NotItsEncoding(Exception):
    """The bytes are not of the encoding that the file says it has (or of UTF-8 when it says none)."""


class _Seen(Exception):
    """The parser has come to the first element, or to a document type before it."""


def root_of(path: Path) -> str:
    """The name of the first element, without its namespace, found before anything of the document is expanded.

    Raises Unusable when the file is not XML, or has a document type: that is where entities are declared which grow without
    end or fetch other files, and no return has one.
    """
    found: list[str] = []

    def element(name: str, _attributes: object) -> None:
        found.append(name)
        raise _Seen

    def doctype(*_: object) -> None:
        raise _Seen

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = doctype
    with _opened(path) as file:
        start = file.read(CHUNK)
        for magic, what in KNOWN_BY.items():
            if start.startswith(magic):
                raise Unusable(f"{path.name} is {what}, not XML: unpack it or export it again.")
        if not start.strip():
            raise Unusable(f"{path.name} is empty.")
        try:
            while start:
                parser.Parse(start)
                start = file.read(CHUNK)
            parser.Parse(b"", True)
        except _Seen:
            pass
        except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: an encoding that nobody knows
            raise Unusable(f"{path.name} is not XML that can be read: {_words(error.args[0])}.") from error
    if not found:
        raise Unusable(f"{path.name} declares a document type (DOCTYPE), which no return has and which can hide harm: it was not read.")
    return found[0].rpartition(" ")[2]


def records(path: Path, tags: Sequence[str], progress: Progress, encoding: str | None = None) -> Iterator[Any]:
    """Each element of these names, whatever its namespace, complete; it and what came before it is forgotten after its turn.

    The first of the names is what is counted, the children of a return. Elements that stand beside those of the names, and hold
    none of them, come too, for nothing to be lost: before the one that they stand before, or at the end.

    Raises Unusable where the file is cut off or damaged, NotItsEncoding where another encoding may help.
    """
    size = max(path.stat().st_size, 1)
    done = 0
    with _opened(path) as file:
        stream = etree.iterparse(
            file,
            tag=[f"{{*}}{tag}" for tag in tags],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_blank_text=True,
            remove_comments=True,
            remove_pis=True,
            encoding=encoding,
        )
        try:
            for _, element in stream:
                for before in reversed(list(element.itersiblings(preceding=True))):
                    yield from _strays(before, tags)
                yield element
                done += element.tag.endswith(tags[0])
                if done % EVERY == 0:
                    progress(f"Reading {path.name}", min(file.tell() / size, 1.0))
                element.clear(keep_tail=False)
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
            for part in stream.root:
                yield from _strays(part, tags)
        except etree.XMLSyntaxError as error:
            # the first thing wrong: what the parser gives up at may only follow from it
            faults = [fault for fault in stream.error_log if fault.level >= etree.ErrorLevels.ERROR]
            line, words = (faults[0].line, faults[0].message) if faults else (error.lineno, error.msg)
            if encoding is None and error.code in (etree.ErrorTypes.ERR_INVALID_CHAR, etree.ErrorTypes.ERR_INVALID_ENCODING):
                raise NotItsEncoding from error
            raise Unusable(
                f"{path.name} is cut off or damaged at line {line:,} ({_words(words)}), after {counted(done, 'child', 'children')}: "
                "nothing of it was loaded, so export it again."
            ) from error


def _strays(element: Any, tags: Sequence[str]) -> Iterator[Any]:
    """What an element is or holds beside the elements of these names, which have had their turn."""
    if name_of(element) in tags:
        return
    if next(element.iter([f"{{*}}{tag}" for tag in tags]), None) is None:
        yield element
    else:
        for part in element:
            yield from _strays(part, tags)


def name_of(element: Any) -> str:
    """Without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise Unusable(f"There is no file {path}.") from None
    except (OSError, ValueError) as error:
        raise Unusable(f"{path} cannot be read: {(getattr(error, 'strerror', None) or str(error)).lower()}.") from error


def _words(reason: object) -> str:
    """What a parser says, fit for the middle of a sentence."""
    return shown(str(reason).partition(", line ")[0].partition("\n")[0].rstrip(" .!"))
