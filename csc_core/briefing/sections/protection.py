"""4 Child protection: children on a plan, section 47 enquiries, conferences."""

from __future__ import annotations

from csc_core.briefing.document import Block, Heading, paragraph
from csc_core.briefing.figures import Facts
from csc_core.briefing.others import printed_words
from csc_core.briefing.sections.parts import counted, months_chart, newest, shared, split_table, trend
from csc_core.briefing.words import shown, when


def protection(facts: Facts) -> list[Block]:
    plans = facts.one("cp_plans")
    return [
        Heading("4 Child protection"),
        *paragraph(
            counted(facts, "cp_plans", "child was on a child protection plan", "children were on a child protection plan"),
            trend(facts, "cp_plans"),
            rate(facts),
            newest(facts, "cp_plans", "children on a child protection plan"),
            printed_words(facts, "cp_plan_rate"),
        ),
        *months_chart(facts, "cp_plans", "Children on a child protection plan"),
        *(
            [split_table(f"Category of the plans, {when(plans)}", "Category", facts.split("cp_plans", "cp_category"), plans)]
            if plans.value
            else []
        ),
        *paragraph(
            counted(facts, "s47_enquiries", "section 47 enquiry started", "section 47 enquiries started"),
            shared(facts, "icpc_in_15_days", "initial child protection conferences", "were within 15 working days of the enquiry"),
        ),
    ]


def rate(facts: Facts) -> str:
    figure = facts.one("cp_plan_rate")
    return "" if figure.value is None else f"That is {shown(figure)} children aged 0 to 17."
