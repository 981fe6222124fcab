"""Loading without the garbage collector."""

from __future__ import annotations

import gc

import pytest

from flow.kit.loading import loading


def test_the_collector_rests_meanwhile_and_leaves_alone_what_was_made() -> None:
    frozen = gc.get_freeze_count()
    try:
        with loading():
            resting = not gc.isenabled()
            made = [[] for _ in range(1000)]

        assert (True, True) == (resting, gc.isenabled())
        assert gc.get_freeze_count() - frozen > len(made)
    finally:
        gc.unfreeze()


def test_the_collector_works_again_after_an_error() -> None:
    with pytest.raises(ImportError), loading():
        raise ImportError

    gc.unfreeze()
    assert gc.isenabled()
