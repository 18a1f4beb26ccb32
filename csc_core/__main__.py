"""The command line: `python -m csc_core COMMAND`. It is for people who may read the files, so it shows true values.

Exit codes: 0 done; 2 what was asked or given cannot be used, said in one sentence on stderr.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from csc_core.commands import changes, children, figures, papers, records
from csc_core.commands.shared import Command
from csc_core.periods import PeriodError
from csc_core.query import QueryError
from csc_core.snapshot import Unavailable
from csc_core.tables import Unusable

GROUPS = (records, children, figures, changes, papers)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that cannot show a letter must not stop the command
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        command(options)
    except (PeriodError, QueryError, Unavailable, Unusable) as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  # the reader has gone: nothing is left to say, not even at exit
    return 0


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", type=Path, default=Path(os.environ.get("CSC_DATA") or "data"), metavar="DIR",
                        help="where snapshots are kept (default: $CSC_DATA, else ./data)")  # fmt: skip
    parser = argparse.ArgumentParser("python -m csc_core", description="Children's social care indicators from case records.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, words: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=words, description=words, parents=[shared])
        sub.set_defaults(command=command)
        return sub

    for group in GROUPS:
        group.add(add)
    return parser


if __name__ == "__main__":
    sys.exit(main())
