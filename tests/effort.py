"""What something costs, counted and not timed: the calls that it makes are the same on a quiet machine and on a busy one.

What one call of C takes is not seen; it would have to take minutes to matter, and then the test's own time-out ends it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

Done = TypeVar("Done")


def counted(do: Callable[[], Done]) -> tuple[Done, int]:
    """What comes of something, and how many calls it made, of Python and of C."""
    calls = 0

    def one(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(one)
    try:
        done = do()
    finally:
        sys.setprofile(before)
    return done, calls


def modest(do: Callable[[], Done], most: int) -> Done:
    """What comes of something that may make so many calls; fails with both numbers if it makes more."""
    done, calls = counted(do)
    assert calls <= most, f"{calls} calls, {most} allowed"
    return done
