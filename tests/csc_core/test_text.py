"""Python looks for cycles again after work that makes none, whatever became of it."""

from __future__ import annotations

import gc

import pytest

from csc_core.text import no_cycles


def test_cycles_are_looked_for_again_afterwards_and_not_where_they_were_not_before() -> None:
    assert gc.isenabled()
    with no_cycles():
        assert not gc.isenabled()
        with no_cycles():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="broken off"), no_cycles():
        raise ValueError("broken off")
    assert gc.isenabled()
