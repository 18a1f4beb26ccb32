"""The briefing's two maps, each with its sentences and its table: where referrals come from, and the commonest issue of each place.

Both are what a commissioner sees, whoever reads the briefing: places are below the county.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from csc_core.access import Scope
from csc_core.briefing.document import Block, Picture, Table, paragraph
from csc_core.briefing.figures import Facts
from csc_core.briefing.words import listed, many, number, shown
from csc_core.classes import is_rated, year_breaks
from csc_core.compare import AGAINST, beside_county, ranked_issues
from csc_core.coverage import coverage
from csc_core.disclosure import LEAST, Audience, read
from csc_core.factors import GROUPS, ISSUES
from csc_core.indicators import INDICATORS
from csc_core.statistics import FEWEST_EVENTS
from geo.areas import NOT_A_POSTCODE, NOT_KNOWN, OFF_MAP, OUT_OF_COUNTY, areas
from geo.colours import colours
from geo.picture import Entry, Fill, draw

HELD = Entry(Fill(hatched=True), f"Withheld: fewer than {LEAST} (hatched)")
SYNTHETIC = "Synthetic data"
WHERE = {OUT_OF_COUNTY: "home outside the county", NOT_KNOWN: "address not known", NOT_A_POSTCODE: "no postcode that exists"}


def referrals(facts: Facts) -> list[Block]:
    """Referrals of twelve months for every 10,000 children, by postcode district."""
    asked, span = INDICATORS["referral_rate"], facts.twelve_months
    county = facts.one(asked.id, span)
    rows = facts.areas(asked.id, "district", span)
    if county.value is None or rows["value"].isna().all():
        return [*paragraph(f"No map of referrals: {county.reason or 'every district is withheld.'}")]
    rows = beside_county(rows, 10_000 * (county.numerator or 0) / (county.denominator or 1), asked)
    inside = rows[~rows["district"].isin(OFF_MAP)]
    bounds = year_breaks(facts.snapshot, asked, "district")
    palette = colours("sequential", len(bounds) + 1, dark=False)
    rated = is_rated(inside, asked)
    fills = {
        str(row["district"]): Fill(
            palette[sum(row["value"] > bound for bound in bounds)] if steady else None, hatched=bool(row["withheld"])
        )
        for (_, row), steady in zip(inside.iterrows(), rated, strict=True)
    }
    legend = [Entry(Fill(colour), words) for colour, words in zip(palette, _classes(bounds), strict=True)]
    legend += [Entry(Fill(), f"Fewer than {FEWEST_EVENTS} referrals, or 100 children"), HELD]
    higher = inside[(inside["versus"] > 0).fillna(value=False)].sort_values("value", ascending=False)
    lower = int((inside["versus"] < 0).sum())
    title = f"Referrals per 10,000 children by postcode district, {span.label}"
    top = [f"{row['title']} ({number(row['value'], 1)})" for _, row in higher.head(5).iterrows()]
    highest = f", the highest {listed(top)}" if top else ""
    said = (
        f"The county had {shown(county)} children in {span.label}. "
        f"{many(len(higher), 'postcode district is', 'postcode districts are')} higher than the county by more than chance "
        f"explains{highest}; {lower} {'is' if lower == 1 else 'are'} lower."
    )
    return [
        *paragraph(said, not_on_the_map(facts)),
        Picture(
            _draw(facts, "district", fills, legend, "Per 10,000 children"),
            f"Map: {title}. {said} The table at the end has each.",
            f"{title}.",
        ),
    ]


def not_on_the_map(facts: Facts) -> str:
    """How many referrals have no district, and why."""
    span = facts.twelve_months
    held = coverage(facts.areas("referrals", "district", span), "district", facts.one("referrals", span).numerator)
    if not held.off or held.total is None:
        return ""
    each = [f"{f'fewer than {LEAST}' if count is None else number(count)} {WHERE.get(place, place)}" for place, count in held.off.items()]
    on = "" if held.on_map is None else f"{number(held.on_map)} of {number(held.total)} referrals are on the map. "
    return f"{on}Not on it: {listed(each)}. All are in the county's figure."


def issues(facts: Facts) -> list[Block]:
    """The commonest issue of each planning area over twelve months."""
    found = commonest(facts)
    named = found[found["issue"].notna()]
    if named.empty:
        return [*paragraph("No planning area has enough assessments with a factor recorded to name its commonest issue.")]
    counts = {str(issue): int(count) for issue, count in named["issue"].value_counts().items()}
    letters = {issue: "ABCDEFGHIJ"[place] for place, issue in enumerate(counts)}
    palette = ("#afe5d5", "#e7b375", "#8bbee3", "#fdf5cb", "#c8b6e2")
    colour = {issue: palette[min(place, len(palette) - 1)] for place, issue in enumerate(counts)}
    fills = {
        row["planning_area"]: Fill(hatched=row["why"] == "withheld")
        if pd.isna(row["issue"])
        else Fill(colour[row["issue"]], text=letters[row["issue"]])
        for _, row in found.iterrows()
    }
    legend = [Entry(Fill(colour[issue]), f"{letters[issue]}: {_short(GROUPS[issue].title)}") for issue in counts]
    legend += [Entry(Fill(), f"Fewer than {FEWEST_EVENTS} assessments, or none"), HELD]
    span = facts.twelve_months
    each = [f"{_lower(GROUPS[issue].title)} in {count} planning area{'' if count == 1 else 's'}" for issue, count in counts.items()]
    without = len(found) - len(named)
    said = f"The commonest issue is {listed(each)}{f'; for {without} none can be named' if without else ''}."
    title = f"Commonest issue by planning area, {span.label}"
    return [
        *paragraph(said),
        Picture(
            _draw(facts, "planning_area", fills, legend, "Commonest issue"),
            f"Map: {title}. {said} The table at the end has each.",
            f"{title}.",
        ),
    ]


def commonest(facts: Facts) -> pd.DataFrame:
    """The commonest issue of each planning area: planning_area, title, issue (a group's id or None), value, denominator, why."""
    frame = facts.areas("factor_prevalence", "planning_area", facts.twelve_months, "factor_group")
    frame = frame[frame["factor_group"].isin(ISSUES) & ~frame["planning_area"].isin(OFF_MAP)]
    found = []
    for area, rows in frame.groupby("planning_area", sort=False):
        known = rows[rows["value"].notna()].sort_values("value", ascending=False, kind="stable")
        best = known.iloc[0] if len(known) else None
        if best is None:
            why = "withheld" if rows["withheld"].any() else "no assessments"
        elif best["denominator"] < FEWEST_EVENTS:
            why = f"fewer than {FEWEST_EVENTS} assessments"
        else:
            why = "" if best["numerator"] else "withheld" if rows["withheld"].any() else "none recorded"
        named = best is not None and not why
        found.append(
            {
                "planning_area": area,
                "title": rows["title"].iloc[0],
                "issue": best["factor_group"] if best is not None and named else None,
                "value": best["value"] if best is not None and named else pd.NA,
                "denominator": best["denominator"] if best is not None and named else pd.NA,
                "why": why,
            }
        )
    return pd.DataFrame(found, columns=["planning_area", "title", "issue", "value", "denominator", "why"])


def referrals_table(facts: Facts) -> list[Table]:
    """What the map of referrals shows, in words."""
    asked, span = INDICATORS["referral_rate"], facts.twelve_months
    county = facts.one(asked.id, span)
    if county.value is None:
        return []
    rows = beside_county(facts.areas(asked.id, "district", span), 10_000 * (county.numerator or 0) / (county.denominator or 1), asked)
    border = areas("district")["border"]
    cells = []
    for _, row in rows.iterrows():
        none = "withheld" if row["withheld"] else "no rate"
        beside = "–" if pd.isna(row["versus"]) else AGAINST[int(row["versus"])]
        mark = " (mostly outside the county)" if border.get(row["district"], default=False) else ""
        counted = none if pd.isna(row["numerator"]) else number(row["numerator"])
        cells.append([f"{row['title']}{mark}", counted, none if pd.isna(row["value"]) else number(row["value"], 1), beside])
    notes = ["`higher` and `lower`: by more than chance explains at 95%, `much` at 99.8%. Areas under 20 referrals are not compared."]
    return [
        Table(
            f"Referrals by postcode district, {span.label}", ["District", "Referrals", "Per 10,000 children", "Beside Devon"], cells, notes
        )
    ]


def issues_table(facts: Facts) -> list[Table]:
    """What the map of issues shows, in words."""
    found = commonest(facts)
    rows = [
        [row["title"], row["why"], "–", "–"]
        if pd.isna(row["issue"])
        else [row["title"], GROUPS[row["issue"]].title, f"{number(row['value'], 1)}%", number(row["denominator"])]
        for _, row in found.iterrows()
    ]
    heads = ["Planning area", "Commonest issue", "Share", "Assessments with a factor"]
    return [Table(f"Commonest issue by planning area, {facts.twelve_months.label}", heads, rows)] if rows else []


def above_the_county(facts: Facts) -> list[str]:
    """For each of the three commonest issues, the planning areas where more than chance explains it is higher than in the county."""
    span, scope, said = facts.twelve_months, Scope.everything(), []
    ranked = ranked_issues(facts.snapshot, scope=scope, audience=Audience.COMMISSIONER, period=span)
    known = ranked[ranked["factor_group"].isin(ISSUES) & ranked["value"].notna()].head(3)
    asked = INDICATORS["factor_prevalence"]
    for _, row in known.iterrows():
        issue = str(row["factor_group"])
        frame = read(
            facts.snapshot,
            asked.id,
            scope=scope,
            audience=Audience.COMMISSIONER,
            period=span,
            by=["planning_area"],
            where={"factor_group": [issue]},
        )
        frame = beside_county(frame, float(row["value"]), asked)
        titles = areas("planning_area")["title"]
        higher = [str(titles[id]) for id in frame.loc[(frame["versus"] > 0).fillna(value=False), "planning_area"] if id in titles]
        where = listed(higher) if higher else "no planning area"
        share = f"{number(row['value'], 1)}% of assessments in the county"
        said.append(f"{GROUPS[issue].title}: {share}; higher than that by more than chance explains in {where}.")
    return said


def _draw(facts: Facts, level: str, fills: dict[str, Fill], legend: list[Entry], title: str) -> bytes:
    return draw(level, fills, legend, legend_title=title, mark=SYNTHETIC if facts.snapshot.synthetic else "")


def _classes(bounds: list[float]) -> list[str]:
    """`up to 150`, `over 150, up to 200`, `over 350`."""
    text = [f"{bound:g}" for bound in bounds]
    if not text:
        return ["All districts"]
    return [f"Up to {text[0]}", *(f"Over {low}, up to {high}" for low, high in pairwise(text)), f"Over {text[-1]}"]


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _short(title: str) -> str:
    return title.replace(" of a parent or another in the household", " of a parent or another")
