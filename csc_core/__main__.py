"""The command line: `python -m csc_core COMMAND`. It is for people who may read the files, so it shows true values.

Exit codes: see EXIT_CODES. An argument @FILE stands for the arguments in that file.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from csc_core.commands import changes, children, comparators, figures, papers, quality, records
from csc_core.commands.shared import Command
from csc_core.periods import PeriodError
from csc_core.query import QueryError
from csc_core.snapshot import Unavailable
from csc_core.tables import Unusable

EXIT_CODES = (
    "Exit codes: 0 done; 2 it could not be done, for a reason said in one sentence on stderr, and nothing has changed; "
    "anything else is a fault of the program or the end of the process from outside: what was published before stays."
)
GROUPS = (records, children, figures, comparators, changes, papers, quality)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that cannot show a letter must not stop the command
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest:  # which is not repeated: it may be an address with a password
        unknown = ", ".join(one.partition("=")[0] for one in rest if one.startswith("--"))
        parser.error(f"there is no option {unknown}" if unknown else "a word stands apart from the others: write all options at the end")
    command: Command = options.command
    try:
        command(options)
    except (PeriodError, QueryError, Unavailable, Unusable) as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  # the reader has gone: nothing is left to say, not even at exit
    return 0


class _Parser(argparse.ArgumentParser):
    """Reads arguments also from a file: one a line as it stands, blank lines and remarks (#) left out."""

    def convert_arg_line_to_args(self, arg_line: str) -> list[str]:
        line = arg_line.strip()
        return [line] if line and not line.startswith("#") else []


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", type=Path, default=Path(os.environ.get("CSC_DATA") or "data"), metavar="DIR",
                        help="where snapshots are kept (default: $CSC_DATA, else ./data)")  # fmt: skip
    words = "Children's social care indicators from case records."
    parser = _Parser("python -m csc_core", description=words, epilog=EXIT_CODES, fromfile_prefix_chars="@")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=argparse.ArgumentParser)

    def add(name: str, command: Command, words: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=words, description=words, epilog=EXIT_CODES, parents=[shared])
        sub.set_defaults(command=command)
        return sub

    for group in GROUPS:
        group.add(add)
    return parser


if __name__ == "__main__":
    sys.exit(main())
