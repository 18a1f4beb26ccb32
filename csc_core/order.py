"""Steps that need each other, taken as soon as those before them are done, two at a time where there is memory for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter

MANY = 3_000_000
"""Rows of case tables from which one step is taken after the other, since each takes memory of its own."""


def reads(texts: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """For each step that makes a table by SQL, the steps whose tables it reads."""
    without_comments = {step: re.sub("--.*", "", sql) for step, sql in texts.items()}
    return {step: frozenset(re.findall(r"\b(?:from|join)\s+(\w+)", sql)) & texts.keys() - {step} for step, sql in without_comments.items()}


def take(needs: Mapping[str, frozenset[str]], work: Callable[[str], None], done: Callable[[str, list[str]], None], rows: int) -> None:
    """Do the work of every step in a thread of its own, once the steps that it needs are done. `rows` is how many it is all about.

    `done` is called in this thread when a step is done, with the steps that no other will need any more. What a step raises is raised
    here, and no other is begun.
    """
    order, to_come = TopologicalSorter(needs), set(needs)
    order.prepare()
    pool = ThreadPoolExecutor(2 if rows < MANY else 1)
    try:
        running: dict[Future[None], str] = {}
        while order.is_active():
            running |= {pool.submit(work, step): step for step in order.get_ready()}
            for one in wait(running, return_when=FIRST_COMPLETED).done:
                step = running.pop(one)
                one.result()
                order.done(step)
                to_come.discard(step)
                done(step, sorted(name for name in needs[step] if not any(name in needs[other] for other in to_come)))
    finally:
        pool.shutdown(cancel_futures=True)
