"""A real database that is odd, closed, half there or gone in the middle: one sentence, no password, and the old snapshot stays."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from csc_core import sources
from csc_core.__main__ import main
from csc_core.check import check
from csc_core.load import load
from csc_core.snapshot import MANIFEST, current_id, open_current
from csc_core.sources import ssd
from csc_core.sources.ssd.dataset import EXTRACTS
from csc_core.tables import Unusable
from tests import small_county
from tests.postgres import PASSWORD, Server
from tests.ssd_dataset import dataset

AS_AT = small_county.records().as_at
SECRET = "reader-s3cret"  # noqa: S105  # of the tests' own server


@pytest.fixture
def database(postgres: Server) -> Server:
    """The small county in a database `odd` of its own, for a test to spoil."""
    postgres.fill("odd", dataset(small_county.records()))
    return postgres


def run(server: Server, *statements: str, database: str = "odd") -> None:
    with server.connect(database) as connection:
        for statement in statements:
            connection.execute(statement)


def reader(server: Server, *grants: str) -> str:
    """The address of a user who may do nothing but this."""
    run(
        server,
        "do $$ begin if not exists (select from pg_roles where rolname = 'reader') then "
        f"create role reader login password '{SECRET}'; end if; end $$",
        *grants,
    )
    return server.address("odd", "reader", SECRET)


def columns_read() -> list[str]:
    """A grant on exactly the columns that the source declares."""
    return [
        f"grant select ({', '.join(f'{one.prefix}_{column}' for column in one.columns)}) on ssd_{name} to reader"
        for name, one in EXTRACTS.items()
    ]


def test_a_user_who_may_select_only_the_declared_columns_is_enough(database: Server) -> None:
    found = ssd.read(reader(database, *columns_read()), as_at=AS_AT)
    wanted = ssd.read(database.address("odd"), as_at=AS_AT)
    assert {name: raw.rows.to_numpy().tolist() for name, raw in found.tables.items()} == {
        name: raw.rows.to_numpy().tolist() for name, raw in wanted.tables.items()
    }


def test_a_schema_is_named_and_tables_are_found_in_any_case_without_prefix_and_as_views(database: Server) -> None:
    run(
        database,
        "create schema extract",
        'create table extract."PERSON" as table ssd_person',
        'create view extract."Ssd_Cin_Episodes" as table ssd_cin_episodes',
        "create materialized view extract.address as table ssd_address",
        "create table extract.unrelated (id int)",
    )
    records = ssd.read(database.address("odd") + "?schema=extract")
    assert {name: (raw.file, len(raw.rows)) for name, raw in records.tables.items()} == {
        "persons": ("PERSON", 12),
        "cin_episodes": ("Ssd_Cin_Episodes", 16),
        "addresses": ("address", 14),
    }
    assert records.source.endswith("/odd?schema=extract")
    assert f"There is no ssd_contacts in {records.source.removeprefix('ssd ')}." in records.notes


def test_other_types_and_dates_that_no_calendar_has_are_no_error(database: Server) -> None:
    run(
        database,
        "alter table ssd_cla_visits alter clav_cla_visit_seen type boolean using clav_cla_visit_seen = 'Y'",
        "alter table ssd_person alter pers_dob type date",
        "alter table ssd_cin_episodes alter cine_close_date type timestamptz",
        "update ssd_contacts set cont_contact_date = 'infinity' where cont_contact_id = 'K01'",
        "update ssd_contacts set cont_contact_date = '20017-12-04' where cont_contact_id = 'K02'",
        "update ssd_contacts set cont_contact_date = '0044-03-15 BC' where cont_contact_id = 'K03'",
        "update ssd_contacts set cont_contact_date = '2017-12-04 23:59:59.9' where cont_contact_id = 'K04'",
    )
    checked = check(ssd.read(database.address("odd"), as_at=AS_AT))
    counts = checked.counts.set_index("table")
    assert list(counts.loc["contacts"])[:3] == [5, 2, 3]
    assert {one.key: one.reason for one in checked.findings if one.outcome == "rejected"} == dict.fromkeys(
        ("K01", "K02", "K03"), "is not a date: write it as 2017-12-31 or 31/12/2017"
    )
    assert checked.frames["contacts"].set_index("contact_id")["contact_date"].dt.strftime("%Y-%m-%d")["K04"] == "2017-12-04"
    assert checked.frames["cla_visits"]["cla_visit_seen"].tolist() == ["Y", "Y"]
    assert checked.frames["cin_episodes"]["close_date"].notna().sum() == 7


def test_a_reader_sees_one_moment_and_cannot_write(database: Server) -> None:
    """Rows that come while it reads are not in it, no table can be emptied, and a view that would write is refused by the server."""

    def meanwhile(what: str, _share: float) -> None:
        if what == "Reading addresses":
            run(database, "insert into ssd_involvements (invo_involvements_id) values ('late')")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                run(database, "set lock_timeout = 1", "truncate ssd_department")

    records = ssd.read(database.address("odd"), meanwhile)
    assert (len(records.tables["involvements"].rows), len(records.tables["departments"].rows)) == (5, 3)
    run(
        database,
        "create table written (moment timestamp)",
        "create function writes() returns text language sql as 'insert into written values (now()) returning ''x'''",
        "alter table ssd_department rename to kept",
        "create view ssd_department as select writes() as dept_team_id, 'x' as dept_team_name",
    )
    with pytest.raises(Unusable, match="read-only transaction"):
        ssd.read(database.address("odd"))


def closed_port(server: Server) -> str:
    return server.address("odd").replace(f":{server.port}/", ":1/")


def without_schema(server: Server) -> str:
    return server.address("odd") + "?schema=nowhere"


def without_a_grant(server: Server) -> str:
    return reader(server, *(grant for grant in columns_read() if "ssd_address" not in grant))


def without_a_column(server: Server) -> str:
    run(server, "alter table ssd_cin_episodes rename cine_referral_date to on_day")
    return server.address("odd")


def two_of_a_kind(server: Server) -> str:
    run(server, "create table person (pers_person_id text)")
    return server.address("odd")


def with_a_name_where_a_number_is_asked_for(server: Server) -> str:
    run(
        server,
        "alter table ssd_department rename to kept",
        "create view ssd_department as select ('s3cret \"' || dept_team_id)::int as dept_team_id, 'x' as dept_team_name from kept",
    )
    return server.address("odd")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        pytest.param(lambda server: server.address("odd") + "?options=-crole%3Dnoone", "has no such user: check", id="role"),
        pytest.param(lambda server: server.address("odd") + "?sslmode=s3cret", "invalid sslmode value: (not repeated).", id="option"),
        pytest.param(lambda server: server.address("odd") + "?options=-c+s3cret", "(not repeated) requires a value.", id="options"),
        pytest.param(with_a_name_where_a_number_is_asked_for, "for type integer: (not repeated).", id="value"),
        pytest.param(lambda server: server.address("odd", "owner", "wr0ng-s3cret"), "did not let the user in", id="password"),
        pytest.param(lambda server: server.address("odd", "nobody-known"), "did not let the user in", id="user"),
        pytest.param(lambda server: server.address("other"), "has no such database", id="database"),
        pytest.param(closed_port, "cannot be reached: check host and port", id="port"),
        pytest.param(lambda _: "postgresql://u:s3cret@host.invalid/odd", "cannot be reached: check host and port", id="host"),
        pytest.param(without_schema, "has no table of the dataset, such as ssd_person: name its schema", id="schema"),
        pytest.param(without_a_grant, "does not let the user read ssd_address: grant select on it", id="grant"),
        pytest.param(without_a_column, "ssd_cin_episodes has no column cine_referral_date", id="column"),
        pytest.param(two_of_a_kind, "The database holds both", id="twins"),
        pytest.param(lambda _: "postgresql://u:s3cret@host:port/odd", "The address of the database is not one", id="address"),
        pytest.param(lambda server: server.address("odd", "u", "s3cret@2024"), "besides the one before the host: write %40", id="at"),
        pytest.param(lambda _: "postgresql://u:a@s3cret/word@127.0.0.1/odd", "write %40 for it", id="at and slash"),
        pytest.param(lambda _: "postgresql://u:a@s3cret?b@127.0.0.1/odd", "write %40 for it", id="at and question mark"),
        pytest.param(lambda _: "postgresql://us/er:s3cret@127.0.0.1/odd", "write %40 for it", id="slash in the user"),
        pytest.param(lambda _: "u:s3cret@127.0.0.1/odd", "There is no such folder that can be read.", id="no kind"),
        pytest.param(lambda _: "Host=127.0.0.1;Database=odd;Username=u;Password=s3cret", "as the address of a database, write", id="words"),
        pytest.param(lambda _: "Password=s3cret;" * 20, "as the address of a database, write", id="longer than a name can be"),
        pytest.param(lambda _: "Server=127.0.0.1;UID=u;Pwd=s3cret", "as the address of a database, write", id="short words"),
        pytest.param(lambda _: "oracle://u:s3cret@host/odd", "PostgreSQL or SQL Server, not from oracle", id="kind"),
        pytest.param(lambda _: "mssql+pyodbc://u:s3cret@host/odd", "The driver pyodbc is not installed: python -m pip", id="driver"),
        pytest.param(lambda _: "mssql://u:s3cret@host/odd?driver=x", "The driver pyodbc is not installed", id="default driver"),
        pytest.param(lambda _: "postgresql+nothing://u:s3cret@host/odd", "The driver nothing is not installed", id="no such driver"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_without_the_password(
    database: Server, small_data: Path, capfd: pytest.CaptureFixture[str], address: Callable[[Server], str], words: str
) -> None:
    before = current_id(small_data)
    assert main(["load", "ssd", address(database), "--data", str(small_data)]) == 2
    out, err = capfd.readouterr()
    said = err.splitlines()[-1]
    assert words in said and "Traceback" not in err and out == ""
    assert "s3cret" not in out + err
    assert current_id(small_data) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["load", "ssd", "--keep", "3", "postgresql://u:s3cret@host/odd"], "a word stands apart from the others"),
        (["load", "ssd", "odd", "--from=postgresql://u:s3cret@host/odd"], "there is no option --from"),
    ],
)
def test_what_is_not_understood_on_the_command_line_is_not_repeated(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr().err
    assert ended.value.code == 2 and words in said and "s3cret" not in said


def gone(server: Server) -> None:
    run(server, "drop database odd with (force)", database="postgres")


def cut_off(server: Server) -> None:
    run(server, "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'odd'", database="postgres")


@pytest.mark.filterwarnings("ignore:.*was deleted while still open:ResourceWarning")  # SQLAlchemy drops the cursor of a dead connection
@pytest.mark.parametrize("harm", [gone, cut_off])
@pytest.mark.slow
def test_a_database_dropped_midway_leaves_the_old_snapshot(database: Server, tmp_path: Path, harm: Callable[[Server], None]) -> None:
    load(sources.read([("ssd", database.address("odd"))], lambda what, share: None, synthetic=True), tmp_path, lambda what, share: None)
    before = current_id(tmp_path)

    def meanwhile(what: str, _share: float) -> None:
        if what == "Reading referrals":
            harm(database)

    with pytest.raises(Unusable, match=r"broke the connection off while ssd_\w+ was read: load again when it is back\.$"):
        sources.read([("ssd", database.address("odd"))], meanwhile, synthetic=True)
    gc.collect()  # so that it is dropped here
    assert current_id(tmp_path) == before
    assert open_current(tmp_path).counts.set_index("table").loc["cin_episodes", "kept"] == 16


@pytest.mark.slow
def test_the_password_is_neither_printed_nor_kept(database: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    address = database.address("odd") + "?application_name=s3cret-option"
    assert main(["load", "ssd", address, "--data", str(tmp_path), "--synthetic", "--as-at", "2017-12-31T23:40"]) == 0
    assert main(["status", "--data", str(tmp_path)]) == 0
    printed = "".join(capfd.readouterr())
    place = f"postgresql://127.0.0.1:{database.port}/odd"
    assert f"from ssd {place}." in printed
    written = "".join(path.read_text("utf-8", errors="replace") for path in tmp_path.rglob("*") if path.is_file())
    for secret in (PASSWORD, PASSWORD.replace("/", "%2F"), "s3cret"):
        assert secret not in printed + written
    (source,) = open_current(tmp_path).sources
    assert (source.kind, source.where, source.as_at) == ("ssd", place, AS_AT)
    assert "assessment_factors" in source.tables and (next(tmp_path.rglob(MANIFEST))).exists()


def test_an_empty_database_of_the_dataset_says_what_is_missing(postgres: Server, tmp_path: Path) -> None:
    postgres.fill("empty", {})
    records = ssd.read(postgres.address("empty"))
    assert records.tables == {} and sum(note.endswith("has no rows.") for note in records.notes) == len(EXTRACTS)
    with pytest.raises(Unusable, match="have no persons, and without them nothing can be counted"):
        load(records, tmp_path, lambda what, share: None)
    assert re.fullmatch(r"ssd postgresql://127\.0\.0\.1:\d+/empty", records.source)
