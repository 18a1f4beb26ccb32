"""A PostgreSQL server of the tests' own. `python -m tests.postgres` installs the program where there is none.

It runs as a user of its own (PostgreSQL refuses to be root), on a free port of the loopback address, in a temporary folder.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import psycopg
from psycopg import sql

from tests.ssd_dataset import COLUMNS, DDL

OWNER, PASSWORD = "owner", "owner-s3cret/word"
IDS = ("postgres", "nobody")  # users to run it as when the tests are root


@dataclass(frozen=True)
class Server:
    port: int

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """As the owner of everything, each statement on its own."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=OWNER, password=PASSWORD, dbname=database, autocommit=True
        )

    def address(self, database: str, user: str = OWNER, password: str = PASSWORD) -> str:
        """As it is written on the command line."""
        return f"postgresql://{user}:{password.replace('/', '%2F')}@127.0.0.1:{self.port}/{database}"

    def fill(self, database: str, tables: Mapping[str, pd.DataFrame]) -> None:
        """A new database with every table of the dataset, and these rows."""
        with self.connect() as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(database)))
        with self.connect(database) as connection:
            connection.execute(DDL)
            for name, rows in tables.items():
                into = sql.SQL("copy {} ({}) from stdin").format(
                    sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, COLUMNS[name]))
                )
                with connection.cursor() as cursor, cursor.copy(into) as copy:
                    for row in rows.astype(object).where(rows.notna(), None).itertuples(index=False):
                        copy.write_row(row)


def on_this_machine() -> Path | None:
    """Where initdb and pg_ctl are: on PATH, else where Debian keeps its versions."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return kept[-1].parent if kept else None


@contextmanager
def server() -> Iterator[Server]:
    """A running server, stopped and removed afterwards."""
    programs = on_this_machine()
    if programs is None:
        raise RuntimeError("There is no PostgreSQL on this machine: run `python -m tests.postgres` as root, or install it.")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, socket.socket() as free:
        folder = Path(name)
        (folder / "password").write_text(PASSWORD, "utf-8")
        as_user = _hand_over(folder)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()

        def run(program: str, *arguments: str) -> None:
            done = subprocess.run(
                [programs / program, "-D", folder / "data", *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                text=True, check=False, user=as_user, extra_groups=None if as_user is None else [],
            )  # fmt: skip
            assert done.returncode == 0, f"{program}: {done.stderr}{(folder / 'log').read_text() if (folder / 'log').exists() else ''}"

        run("initdb", "-U", OWNER, "-A", "scram-sha-256", f"--pwfile={folder / 'password'}", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield Server(port)
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")


def _hand_over(folder: Path) -> str | None:
    """When root: give the folder to a user who may run the server, and name that user."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    known = {user.pw_name for user in pwd.getpwall()}
    user = next(name for name in IDS if name in known)
    for path in (folder, *folder.iterdir()):
        shutil.chown(path, user)
    return user


def main() -> None:
    """Install what is missing: from Debian when root on a Debian (nothing to do when it is there)."""
    if on_this_machine():
        return
    apt = shutil.which("apt-get") if hasattr(os, "geteuid") and os.geteuid() == 0 else None
    if not apt:
        sys.exit("There is no PostgreSQL on this machine, which the tests need: install it (Debian: apt install postgresql).")
    sys.stderr.write("Installing postgresql for the tests ...\n")
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], check=True, env=quietly)
    subprocess.run([apt, "install", "-y", "-qq", "--no-install-recommends", "postgresql"], check=True, env=quietly, stdout=sys.stderr)


if __name__ == "__main__":
    main()
