"""The dataset in a database: PostgreSQL or SQL Server, read in chunks within one read-only transaction.

One transaction sees one moment: what the nightly extract writes meanwhile is not half in it. Each table is touched at the start, so
that PostgreSQL keeps the extract from emptying one (which would show even here) until all are read, and that a missing grant is found
before the long work. No sentence repeats a password.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import sqlalchemy as sa
from pandas.api.extensions import ExtensionArray
from sqlalchemy.engine import URL, Connection, Row
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from csc_core.sources.ssd.dataset import EXTRACTS, FORM, Extract, known_by
from csc_core.tables import Progress, RawTable, Unusable
from csc_core.text import as_str, each_once, give_back, no_cycles

CHUNK = 10_000  # rows
DRIVERS: Mapping[str, str] = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "mssql": "mssql+pyodbc"}
MICROSOFTS = "ODBC Driver 18 for SQL Server"
ONE_MOMENT: Mapping[str, str] = {"postgresql": "REPEATABLE READ", "mssql": "SNAPSHOT"}
WAIT: Mapping[str, dict[str, int]] = {"postgresql": {"connect_timeout": 10}, "mssql": {"timeout": 10}}  # seconds for an answer

# What a server says, by what there is to do about it. Of others the words are repeated that cannot hold a value.
UNREACHABLE = "cannot be reached: check host and port, and that the server runs"
REFUSED = (
    (r"can't open lib|data source name not found|driver's SQLAllocHandle",
     f"is reached by an ODBC driver that is not installed here: install Microsoft's {MICROSOFTS}, or name another (?driver=...)"),
    (r"certificate|SSL Provider",
     "has a certificate that is not trusted here: have it trusted, or add TrustServerCertificate=yes to the options of the address"),
    (r"database .* does not exist|cannot open database", "has no such database: check the name at the end of the address"),
    (r"password|authentication|login failed|no pg_hba\.conf entry", "did not let the user in: check the user's name and password"),
    (r"role .* (does not exist|is not permitted to log in)",
     "has no such user: check the user's name (without one it is this account's), and that it may log in and select"),
    (r"permission denied|denied on", "does not let the user read {what}: grant select on it, if only on the columns that are read"),
    (r"translate host|resolve|not known|refused|timeout|timed out|no route|unreachable|not responding|not exist or is not|no such file",
     UNREACHABLE),
    (r"unable to connect|could not open a connection|TCP Provider|network-related", UNREACHABLE),
    (r"terminat|closed the connection|connection.*(lost|closed|reset)|shut ?down|server closed|eof|broken pipe|communication link",
     "broke the connection off while {what} was read: load again when it is back"),
    (r"snapshot", "does not allow one consistent view: set ALLOW_SNAPSHOT_ISOLATION on for the database"),
)  # fmt: skip
QUOTED = "[\"'`].*[\"'`]"  # from the first mark to the last: a value of the records, or of an option in the address, may hold some
HIDDEN = "(not repeated)"


def is_address(where: str) -> bool:
    return "://" in where


def tables(where: str, progress: Progress) -> tuple[str, dict[str, RawTable], list[str]]:
    """The place without user and password, the tables that have rows, and what there is to say about those that do not."""
    url, schema = _url(where)
    place = shown_as(url, schema)
    with _connected(url, place) as (connection, said):
        said.what = "the list of tables"
        found = _found(connection, schema)
        if not found:
            raise Unusable(f"{place} has no table of the dataset, such as ssd_person: name its schema, as in {FORM}.")
        for name, table in found.items():
            said.what = table.name
            connection.execute(_select(connection, EXTRACTS[name], table).limit(0)).close()
        read: dict[str, RawTable] = {}
        notes: list[str] = []
        for number, extract in enumerate(EXTRACTS.values()):
            progress(f"Reading {extract.table.title}", number / len(EXTRACTS))
            if extract.name not in found:
                notes.append(f"There is no ssd_{extract.name} in {place}.")
                continue
            table = found[extract.name]
            said.what = table.name
            missing = _missing(extract, table)
            if missing:
                notes.append(f"{table.name} has no {', '.join(missing)}, which is read as empty.")
            raw = _rows(connection, extract, table)
            if raw.rows.empty:
                notes.append(f"{table.name} has no rows.")
            else:
                read[extract.name] = raw
    progress("Every table read", 1.0)
    return place, read, notes


def shown_as(url: URL, schema: str | None) -> str:
    """An address as it may be shown and kept: without user, password and options, which may hold one."""
    plain = URL.create(url.get_backend_name(), host=url.host, port=url.port, database=url.database)
    return plain.render_as_string() + (f"?schema={schema}" if schema else "")


def _url(where: str) -> tuple[URL, str | None]:
    try:
        url = sa.make_url(where)
    except (ArgumentError, ValueError):
        raise Unusable(f"The address of the database is not one: write {FORM}.") from None
    if where.count("@") > (url.username is not None):  # one more may be part of the password, and host or database would show it
        raise Unusable(f"The address of the database holds an @ besides the one before the host: write %40 for it. Its form is {FORM}.")
    backend, _, driver = url.drivername.partition("+")
    if backend not in DRIVERS:
        raise Unusable(f"A database is read from PostgreSQL or SQL Server, not from {backend}: write {FORM}, or mssql+pyodbc://...")
    schema = url.query.get("schema")
    url = url.difference_update_query(["schema"]).set(drivername=url.drivername if driver else DRIVERS[backend])
    if driver and backend == "postgres":
        url = url.set(drivername=f"postgresql+{driver}")
    if url.drivername == DRIVERS["mssql"] and url.database and not {"driver", "odbc_connect"} & {*url.query}:
        url = url.update_query_dict({"driver": MICROSOFTS})
    return url, schema if isinstance(schema, str) else None


class _Reading:
    """What is being read, for the sentence when it fails."""

    what = "its tables"


@contextmanager
def _connected(url: URL, place: str) -> Iterator[tuple[Connection, _Reading]]:
    """A connection that can only read and sees one moment. Whatever goes wrong in it is one sentence."""
    backend, reading = url.get_backend_name(), _Reading()
    wait = {name: seconds for name, seconds in WAIT[backend].items() if name not in url.query}
    try:
        engine = sa.create_engine(url, isolation_level=ONE_MOMENT[backend], poolclass=sa.NullPool, connect_args=wait)
    except (ImportError, NoSuchModuleError) as error:
        driver = url.get_driver_name()
        more = ", and Microsoft's ODBC driver for SQL Server beside it" if driver == "pyodbc" else ""
        raise Unusable(f"The driver {driver} is not installed: python -m pip install {driver}{more}.") from error
    try:
        with engine.connect() as connection:
            yield connection.execution_options(postgresql_readonly=True), reading
    except (SQLAlchemyError, UnicodeError) as error:
        raise Unusable(_sentence(error, url, place, reading.what)) from None
    finally:
        engine.dispose()


def _sentence(error: Exception, url: URL, place: str, what: str) -> str:
    said = str(error)
    if isinstance(error, DBAPIError) and error.orig:
        said = str(error.orig.args[-1] if error.orig.args else error.orig)  # ODBC gives a state, then the words
    for pattern, words in REFUSED:
        if re.search(pattern, said, re.IGNORECASE):
            return f"{place} {words.format(what=what)}."
    line = re.sub(r"^.*(FATAL|ERROR): +", "", next((line.strip().rstrip(".") for line in said.splitlines() if line.strip()), ""))
    for given in (url.password, *url.normalized_query.values()):
        for secret in filter(None, [given] if isinstance(given, str) else given or ()):
            line = line.replace(secret, HIDDEN)
    line = re.sub(QUOTED, HIDDEN, line)
    return f"{place} cannot be read ({what}): {line or 'the server does not say why'}."


def _found(connection: Connection, schema: str | None) -> dict[str, sa.Table]:
    """The tables and views of the dataset in the schema, with the columns they have."""
    inspector = sa.inspect(connection)
    views = inspector.get_view_names(schema)
    if connection.dialect.name == "postgresql":
        views += inspector.get_materialized_view_names(schema)
    found: dict[str, sa.Table] = {}
    for name in (*inspector.get_table_names(schema), *views):
        known = known_by(name)
        if known and known in found:
            raise Unusable(f"The database holds both {found[known].name} and {name}: keep one of them, or name the schema.")
        if known:
            columns = (sa.Column(column["name"], column["type"]) for column in inspector.get_columns(name, schema))
            found[known] = sa.Table(name, sa.MetaData(), *columns, schema=schema)
    return found


def _missing(extract: Extract, table: sa.Table) -> list[str]:
    """The columns that the table lacks; one without which its rows say nothing is the end."""
    have = {name.lower() for name in table.columns.keys()}  # noqa: SIM118  # iterating over them gives columns
    missing = [column for column in extract.table.columns if column.name not in have]
    for column in missing:
        if column.required:
            raise Unusable(f"{table.name} has no column {column.name}, without which its rows cannot be used.")
    return [column.name for column in missing]


def _select(connection: Connection, extract: Extract, table: sa.Table) -> sa.Select[tuple[object, ...]]:
    """The columns that are read and no others. PostgreSQL turns them into text itself: a date that no calendar has is no error then."""
    have = {column.name.lower(): column for column in table.columns}
    picked = {name: have[f"{extract.prefix}_{name}"] for name in extract.columns if f"{extract.prefix}_{name}" in have}
    as_text = connection.dialect.name == "postgresql"
    return sa.select(*((sa.cast(column, sa.Text) if as_text else column).label(name) for name, column in picked.items()))


def _rows(connection: Connection, extract: Extract, table: sa.Table) -> RawTable:
    """Every row as text, a chunk at a time; of dates and codes each text is held once."""
    chosen = _select(connection, extract, table)
    picked = chosen.selected_columns.keys()
    parts: dict[str, list[pa.Array]] = {name: [] for name in picked}
    with no_cycles(), closing(connection.execute(chosen.execution_options(stream_results=True, max_row_buffer=CHUNK))) as result:
        for rows in _ahead(result.partitions(CHUNK)):
            for name, values in zip(picked, zip(*rows, strict=True), strict=True):
                text = _texts(values).fill_null("")
                parts[name].append(text.dictionary_encode() if name in extract.repeating else text)
    columns: dict[str, ExtensionArray] = {}
    for name in picked:
        chunks = parts.pop(name)
        columns[name] = each_once(chunks) if name in extract.repeating else as_str(pa.chunked_array(chunks, pa.large_string()))
    give_back()
    length = len(next(iter(columns.values())))
    frame = pd.DataFrame(columns, index=pd.RangeIndex(1, length + 1))
    lacking = {name: pd.array([""], dtype="str").repeat(length) for name in extract.columns if name not in picked}
    return RawTable(extract.fills, table.name, frame.assign(**lacking)[list(extract.columns)])


def _ahead(parts: Iterator[Sequence[Row[Any]]]) -> Iterator[Sequence[Row[Any]]]:
    """The same parts: the server works on the next while one is gone through."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(next, parts, None)
        while rows := coming.result():
            coming = beside.submit(next, parts, None)
            yield rows


def _texts(values: Sequence[object]) -> pa.Array:
    try:
        return pa.array(values, pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if value is None else _text(value) for value in values], pa.large_string())


def _text(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, bytes):  # a database that does not know how its text is encoded
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.decode("cp1252", errors="replace")
    return str(value)
