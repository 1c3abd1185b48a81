"""People for the kernel's tests."""

from __future__ import annotations

import pytest

from engine import Candidate
from engine.memory import MemoryDirectory


@pytest.fixture
def directory() -> MemoryDirectory:
    """Two clerks, three deputies of whom the second is on duty, a head, four departments."""
    return MemoryDirectory(
        people={
            "staff of station": [Candidate(party="participant:11"), Candidate(party="participant:12")],
            "deputies of station": [
                Candidate(party="participant:21"),
                Candidate(party="participant:22", on_duty=True, load=3),
                Candidate(party="participant:23", on_duty=True, load=1),
            ],
            "deputies of nearest station": [
                Candidate(party="participant:21"),
                Candidate(party="participant:22", on_duty=True, load=3),
                Candidate(party="participant:23", on_duty=True, load=1),
            ],
            "liaison officers of station": [Candidate(party="participant:31")],
            "staff of station above": [Candidate(party="participant:41")],
        },
        departments=frozenset(f"organisation:{n}" for n in range(1, 5)),
    )
