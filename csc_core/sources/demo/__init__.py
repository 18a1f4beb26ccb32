"""The demonstration: a synthetic county, April 2014 to 31 December 2017, the same rows every time.

No row describes a real child, family or worker; the postcodes are real, and who lives there is not. `targets` says how many rows
of each kind are made, so that counting them gives published figures for Devon; the rest of the package makes them: where families
live (`homes`, `families`), the work with them (`cases`, `enquiries`, `protection`), who they are (`people`), who works with them
(`staff`), and the tables as text (`rows`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo import disabilities, leaving_care, looked_after, people, permanence, staff, workforce
from csc_core.sources.demo.cases import Cases, work
from csc_core.sources.demo.days import NEVER, Ints
from csc_core.sources.demo.enquiries import enquire
from csc_core.sources.demo.factors import factors
from csc_core.sources.demo.families import draw_families
from csc_core.sources.demo.homes import homes
from csc_core.sources.demo.rows import as_text, first_rows
from csc_core.sources.demo.targets import AS_AT, COMPLETE_FROM, stream
from csc_core.tables import Progress, Records, quiet

HOUSEHOLDS: Final = 27_000  # enough for all that is asked for; those not needed occur nowhere
NOTES: Final = (
    "Synthetic records: no row describes a real child, family or worker.",
    "Cases already open on 1 April 2014 have their referral, one assessment and their workers, and no enquiry.",
)


def read(progress: Progress = quiet) -> Records:
    """The synthetic county's case tables. It takes about five seconds."""

    def tell(what: str, share: float) -> None:
        progress(f"Making the demonstration county: {what}", share)

    tell("homes", 0.0)
    places = homes()
    families = draw_families(stream("families"), HOUSEHOLDS)
    cases = work(families, stream("cases"), lambda share: tell("cases", 0.3 + 0.1 * share))
    tell("enquiries", 0.4)
    enquiries, born = enquire(cases, stream("enquiries"))
    tell("workers", 0.6)
    held = staff.tenures(stream("tenures"))
    involved = staff.involvements(cases, held, stream("involvements"))
    tell("children and addresses", 0.7)
    first_seen = _first_seen(cases, enquiries, len(born))
    persons = people.persons(cases, born, first_seen, stream("persons"))
    addresses = people.addresses(cases, places, born, first_seen, stream("addresses"))
    tell("tables", 0.8)
    rows = first_rows(cases, persons, addresses, enquiries, involved)
    rows["professionals"], rows["departments"] = staff.professionals(held, involved), staff.departments()
    rows["assessment_factors"] = factors(cases, rows["cin_assessments"], addresses, stream("factors"))
    rows["disabilities"] = disabilities.disabilities(rows, stream("disabilities"))
    rows["permanence"] = permanence.permanence(permanence.in_care(rows), stream("permanence"))
    rows |= looked_after.tables(cases, rows, addresses, places)
    care = permanence.periods_of_care(rows)
    rows["cla_health"] = permanence.cla_health(care, stream("cla health"))
    rows["posts"] = workforce.posts(held)
    rows |= leaving_care.tables(cases, rows, care, places, stream("care leavers"))
    tell("done", 1.0)
    return Records(tables=as_text(rows), source="demo", synthetic=True, as_at=AS_AT, complete_from=COMPLETE_FROM, notes=NOTES)


def _first_seen(cases: Cases, enquiries: pd.DataFrame, children: int) -> Ints:
    """The first day on which each child occurs; NEVER for those who do not."""
    seen = np.full(children, NEVER)
    np.minimum.at(seen, cases.episodes["child"].to_numpy(), cases.episodes["opened"].to_numpy())
    np.minimum.at(seen, enquiries["child"].to_numpy(), enquiries["day"].to_numpy())
    return seen
