"""SQL Server, which the tests cannot start: what is asked of it, what becomes of what it gives, and what is said when it refuses."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql

from csc_core.check import read_days
from csc_core.sources.ssd import database
from csc_core.sources.ssd.dataset import EXTRACTS


def of_sql_server(name: str) -> sa.Table:
    """A table of the dataset as SQL Server has it, with a column of a name, which must not be asked for."""
    columns = [sa.Column(f"{EXTRACTS[name].prefix}_{one}", mssql.NVARCHAR(48)) for one in EXTRACTS[name].columns]
    return sa.Table(f"ssd_{name}", sa.MetaData(), *columns, sa.Column("pers_forename", mssql.NVARCHAR(100)), schema="dbo")


@pytest.mark.parametrize("name", list(EXTRACTS))
def test_sql_server_is_asked_for_the_same_columns_and_no_others(name: str) -> None:
    engine = sa.create_mock_engine("mssql+pyodbc://", lambda *_: None)
    chosen = database._select(cast(sa.Connection, engine), EXTRACTS[name], of_sql_server(name))
    asked = ", ".join(f"dbo.ssd_{name}.{EXTRACTS[name].prefix}_{one} AS {one}" for one in EXTRACTS[name].columns)
    assert " ".join(str(chosen.compile(engine)).split()) == f"SELECT {asked} FROM dbo.ssd_{name}"  # noqa: S608  # compared, not run
    assert str(chosen.limit(0).compile(engine)).startswith("SELECT TOP __[POSTCOMPILE_param_1] ")
    assert database.ONE_MOMENT["mssql"] in engine.dialect.get_isolation_level_values(cast(Any, None))


def test_what_sql_server_s_driver_gives_becomes_text_that_the_door_reads() -> None:
    given = {
        "2017-12-05 00:00:00": datetime(2017, 12, 5), "2017-12-05": date(2017, 12, 5), "True": True, "0.80": Decimal("0.80"), "7": 7,
        "0c4e9c1e-0b8e-4a6c-9d0a-5d2b8c1f2e3d": UUID("0c4e9c1e-0b8e-4a6c-9d0a-5d2b8c1f2e3d"), "S\u00f8ren": "S\u00f8ren".encode("cp1252"),
    }  # fmt: skip
    for text, value in given.items():
        assert database._texts([value, None]).to_pylist() == [text, None]
    days, wrong = read_days(pd.Series(["2017-12-05 00:00:00", "2017-12-05"], dtype="str"))
    assert set(days.dt.date) == {date(2017, 12, 5)} and set(wrong) == {""}


@pytest.mark.parametrize(
    ("state", "said", "words"),
    [  # the first four as unixODBC and FreeTDS say it, the others as Microsoft documents them
        ("01000", "[unixODBC][Driver Manager]Can't open lib 'ODBC Driver 18 for SQL Server' : file not found (0)", "is not installed here"),
        ("IM002", "[unixODBC][Driver Manager]Data source name not found and no default driver specified (0)", "is not installed here"),
        ("08S01", "[FreeTDS][SQL Server]Unable to connect: Adaptive Server is unavailable or does not exist (20009)", "cannot be reached"),
        ("08001", "[FreeTDS][SQL Server]Unable to connect to data source (0)", "cannot be reached"),
        ("HYT00", "[Microsoft][ODBC Driver 18 for SQL Server]Login timeout expired (0)", "cannot be reached"),
        ("08001", "[Microsoft][ODBC Driver 18 for SQL Server]TCP Provider: Error code 0x2749 (10057)", "cannot be reached"),
        ("08001", "[Microsoft][ODBC Driver 18 for SQL Server]SSL Provider: [error:0A000086:SSL routines::certificate verify failed]",
         "add TrustServerCertificate=yes"),
        ("28000", "[Microsoft][SQL Server]Login failed for user 'u-s3cret'. (18456)", "did not let the user in"),
        ("42000", '[Microsoft][SQL Server]Cannot open database "odd" requested by the login. The login failed. (4060)', "no such database"),
        ("42000", "[Microsoft][SQL Server]The SELECT permission was denied on the object 'ssd_address', database 'odd'. (229)",
         "does not let the user read ssd_address"),
        ("42000", "[Microsoft]Snapshot isolation transaction failed accessing database 'odd' because snapshot isolation is not allowed",
         "set ALLOW_SNAPSHOT_ISOLATION on"),
        ("08S01", "[Microsoft][ODBC Driver 18 for SQL Server]Communication link failure (0)", "broke the connection off while ssd_address"),
        ("22018", "[Microsoft][SQL Server]Conversion failed when converting the value 's3cret' to data type int. (245)",
         "cannot be read (ssd_address): [22018]"),
    ],
)  # fmt: skip
def test_what_sql_server_refuses_is_one_sentence(state: str, said: str, words: str) -> None:
    error = sa.exc.DBAPIError("select", {}, Exception(state, f"[{state}] {said}"))
    url = sa.make_url("mssql+pyodbc://u:s3cret@host/odd")
    sentence = database._sentence(error, url, "mssql://host/odd", "ssd_address")
    assert words in sentence and "s3cret" not in sentence and sentence.endswith(".") and "\n" not in sentence


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("mssql://host/odd", "ODBC Driver 18 for SQL Server"),
        ("mssql+pyodbc://host/odd?schema=dbo", "ODBC Driver 18 for SQL Server"),
        ("mssql://host/odd?driver=FreeTDS", "FreeTDS"),
        ("mssql+pyodbc://a-data-source", None),
    ],
)
def test_sql_server_is_reached_by_microsoft_s_driver_unless_another_is_named(given: str, driver: str | None) -> None:
    assert database._url(given)[0].query.get("driver") == driver
