"""`python -m benchmarks [question ...]`: measure what must be fast and print one table. Ends with 1 when a promise is broken."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import cin_census, cold_start, facts, map_change, queries, ssd
from benchmarks.measure import Measured, table

# Each takes a folder for its data; whichever comes first loads the demonstration into it.
QUESTIONS: Mapping[str, Callable[[Path], Sequence[Measured]]] = {
    "facts": facts.measure,
    "queries": queries.measure,
    "map_change": map_change.measure,
    "cold_start": cold_start.measure,
    "cin_census": cin_census.measure,
    "ssd": ssd.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("questions", nargs="*", metavar="question", help=f"all of: {', '.join(QUESTIONS)}")
    asked = parser.parse_args().questions or list(QUESTIONS)
    if unknown := set(asked) - set(QUESTIONS):
        parser.error(f"there is no question {', '.join(sorted(unknown))}; there are {', '.join(QUESTIONS)}")
    rows: list[Measured] = []
    with TemporaryDirectory() as folder:
        for name in asked:
            print(f"{name} ...", file=sys.stderr)
            rows += QUESTIONS[name](Path(folder))
    print(table(rows))
    return 0 if all(row.kept for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
