"""What deciding costs, counted: a life on the contact station makes no more calls than it needs, on a quiet machine and on a busy one.

What depends on the definition alone is worked out once, and what a definition does not use costs nothing. Whoever needs more calls for a good
reason raises the bound, and says so; ``python -m benchmarks.kernel`` has the time that they take.
"""

from __future__ import annotations

from benchmarks.kernel import live
from definitions.calendars.reader import load_calendar
from definitions.loader import LIBRARY, load
from engine import Process
from tests.effort import modest

#: Six events, from the report to the verdict.
ONE_LIFE = 1_680


def test_a_life_on_the_contact_station_makes_so_many_calls() -> None:
    path = LIBRARY / "contact-station" / "definition.yaml"
    process = Process(load(path.read_bytes(), path.name), load_calendar("china"))
    live(process)  # what is worked out once

    assert modest(lambda: live(process), ONE_LIFE).resolution == "solved"
