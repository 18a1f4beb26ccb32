"""Steps that need each other: none is begun too early, nor two at a time where there are many rows."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_core import facts, order
from csc_core.check import check
from tests.small_county import records

NAMES = "abcdefgh"


@st.composite
def steps(draw: st.DrawFn) -> Mapping[str, frozenset[str]]:
    """Each needs some of those named before it."""
    return {name: draw(st.frozensets(st.sampled_from(NAMES[:place]))) if place else frozenset() for place, name in enumerate(NAMES)}


@given(steps(), st.sampled_from([0, order.MANY]))
def test_each_is_begun_when_those_it_needs_are_done_and_used_up_after_the_last_that_needs_it(
    needs: Mapping[str, frozenset[str]], rows: int
) -> None:
    done, used_up = list[str](), dict[str, str]()

    def work(step: str) -> None:
        assert needs[step] <= {*done}

    def then(step: str, others: list[str]) -> None:
        done.append(step)
        assert not used_up.keys() & {*others}
        used_up.update(dict.fromkeys(others, step))

    order.take(needs, work, then, rows)
    assert sorted(done) == [*NAMES]
    needed_by = {name: [step for step in done if name in needs[step]] for name in NAMES}
    assert used_up == {name: by[-1] for name, by in needed_by.items() if by}


@pytest.mark.parametrize(("rows", "at_once"), [(order.MANY - 1, 2), (order.MANY, 1)])
def test_two_are_done_at_a_time_but_where_there_are_many_rows(rows: int, at_once: int) -> None:
    most, running, lock = 0, 0, threading.Lock()

    def work(_: str) -> None:
        nonlocal most, running
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with lock:
            running -= 1

    order.take(dict.fromkeys(NAMES, frozenset()), work, lambda _step, _others: None, rows)
    assert most == at_once


def test_what_a_step_raises_is_raised_and_no_other_is_begun() -> None:
    begun = list[str]()

    def work(step: str) -> None:
        begun.append(step)
        if step == "b":
            raise ValueError(step)

    with pytest.raises(ValueError, match="b"):
        order.take({"a": frozenset(), "b": frozenset("a"), "c": frozenset("b")}, work, lambda _step, _others: None, 0)
    assert begun == ["a", "b"]


def test_what_a_statement_reads_is_told_from_what_it_only_mentions() -> None:
    texts = {
        "referral": "create table referral as select 'assessment' as kind from child_day",
        "child_day": "-- as from assessment and join referral\ncreate table child_day as select * from persons",
        "assessment": "create table assessment as\nwith one as (select * from child_day)\nselect * from one\njoin referral using (id)",
    }
    assert order.reads(texts) == {
        "referral": frozenset({"child_day"}), "child_day": frozenset(), "assessment": frozenset({"child_day", "referral"})
    }  # fmt: skip


@pytest.mark.slow
def test_the_facts_are_the_same_one_by_one_as_two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = check(records()).frames

    def made() -> dict[str, list[tuple[object, ...]]]:
        con = facts.build(dict(frames), lambda _what, _share: None)
        return {fact: con.execute(f"from {fact} order by all").fetchall() for fact in facts.OF_CHILDREN}

    together = made()
    monkeypatch.setattr(order, "MANY", 0)
    assert made() == together and all(together[fact] for fact in ("referral", "open_case", "child"))
