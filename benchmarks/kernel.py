"""The kernel alone: transitions per second on the contact station beside a plain dictionary-driven state machine, and what long lives cost.

    python -m benchmarks.kernel [--issues 400]

The floor knows nothing but ``{step: {action: next step}}`` and copies a dictionary at each step: no forms, people, deadlines, timers, history
or messages. Then the cost of an action over 200 reopenings of one issue, and in
definitions of 10 and of 200 steps: last beside first, in the same run.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from definitions.calendars.reader import load_calendar
from definitions.loader import LIBRARY, load
from definitions.model.definition import Definition
from engine import Actor, Candidate, Opening, Process, State, start, transition
from engine.event import Act, Reopen
from engine.memory import MemoryDirectory

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
CLERK, DEPUTY, REPORTER = "participant:11", "participant:23", "participant:99"
LEAD, ASSIST = "organisation:1", "organisation:2"
DIRECTORY = MemoryDirectory(
    people={
        "staff of station": [Candidate(party=CLERK)],
        "deputies of nearest station": [Candidate(party=DEPUTY, on_duty=True, level="district")],
        "liaison officers of station": [Candidate(party="participant:31")],
        "staff of station above": [Candidate(party="participant:41")],
    },
    departments=frozenset({LEAD, ASSIST}),
)
COURSE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (CLERK, "accept", {"kind": "request"}),
    (DEPUTY, "coordinate", {"lead": LEAD, "assist": [ASSIST]}),
    (LEAD, "reply", {"reply": "已修好"}),
    (ASSIST, "reply", {"reply": "已配合"}),
    (REPORTER, "satisfied", {"stars": 5}),
)
VALUES = {"subject": "路灯不亮", "category": "lighting", "place": "望海路"}
OPENING = Opening(station=1, station_code="XG", reporter=REPORTER, sequence=1, values=VALUES)
MACHINE = {
    "register": {"accept": "study"},
    "study": {"coordinate": "handle"},
    "handle": {"reply": "handle-2"},
    "handle-2": {"reply": "confirm"},
    "confirm": {"satisfied": "closed"},
}


def main() -> None:
    """Measure all, and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--issues", type=int, default=400)
    issues = options.parse_args().issues
    process = Process(load((LIBRARY / "contact-station" / "definition.yaml").read_bytes(), "x"), load_calendar("china"))
    ours, floor = [], []
    for _ in range(issues):
        ours.append(_timed(lambda: live(process)))
        floor.append(_timed(_plainly))
    _report(ours, floor)
    _reopened()
    _long()


def _timed(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def live(process: Process) -> State:
    state = start(process, OPENING, NOW, DIRECTORY).state
    for who, action, values in COURSE:
        item = next(i for i in state.items if not i.done and who in i.candidates)
        actor = Actor(who, frozenset({who}))
        state = transition(process, state, Act(item.number, action, values), NOW, DIRECTORY, actor).state
    assert state.status == "closed"
    return state


def _plainly() -> dict[str, Any]:
    issue: dict[str, Any] = {"step": "register", "data": dict(VALUES), "history": []}
    for _, action, values in COURSE:
        onward = MACHINE[issue["step"]][action]
        issue = {
            "step": onward,
            "data": {**issue["data"], **values},
            "history": [*issue["history"], (issue["step"], action)],
        }
    return issue


def _report(ours: list[float], floor: list[float]) -> None:
    events = len(COURSE) + 1
    mine, least = statistics.median(ours) / events, statistics.median(floor) / events
    print(f"contact-station, {len(ours)} issues of {events} transitions, one core")
    print(f"  kernel                    {1 / mine:10.0f} transitions/s   median {mine * 1e6:6.1f} µs")
    print(f"  dictionary state machine  {1 / least:10.0f} transitions/s   median {least * 1e6:6.1f} µs")
    print(f"  ratio                     {least / mine:10.3f}   (median of floor / median of kernel)")


TITLE = {"zh": "题", "en": "title"}


def _chain(steps: int) -> Process:
    """A definition of so many tasks in a row, reopened at the last."""
    within = {
        "title": TITLE,
        "task": "clerk",
        "within": "1 day",
        "remind": "at the deadline",
        "overdue": {"tell": "clerk"},
    }
    body = {
        "id": "chain",
        "title": TITLE,
        "number": "{{ station.code }}-{{ year }}-{{ sequence }}",
        "roles": {"clerk": {"title": TITLE, "staff of": "station"}},
        "resolutions": {"done": TITLE},
        "reopen": {"within": "300 days", "to": f"s{steps - 1}", "at most": 100},
        "intake": {
            f"s{n}": {**within, "actions": {"go": {"title": TITLE, "to": f"s{n + 1}" if n + 1 < steps else "end"}}}
            for n in range(steps)
        },
        "closure": {"end": {"title": TITLE, "close": "done"}},
    }
    return Process(Definition.model_validate(body), load_calendar("china"))


def _go(process: Process, state: State) -> State:
    actor = Actor(CLERK, frozenset({CLERK}))
    return transition(process, state, Act(state.items[-1].number, "go", {}), NOW, DIRECTORY, actor).state


def _opened(process: Process) -> State:
    opening = Opening(station=1, station_code="XG", reporter=REPORTER, sequence=1, values={})
    return start(process, opening, NOW, DIRECTORY).state


def _reopened() -> None:
    process = _chain(1)
    state, staff = _go(process, _opened(process)), Actor("participant:1", frozenset({"participant:1"}), manages=True)
    taken: list[float] = []
    for _ in range(200):
        begun = time.perf_counter()
        state = transition(process, state, Reopen("again"), NOW, DIRECTORY, staff).state
        state = _go(process, state)
        taken.append(time.perf_counter() - begun)
    first, last = statistics.median(taken[:20]), statistics.median(taken[-20:])
    print(
        f"200 reopenings of one issue: first {first * 1e6:.0f} µs, last {last * 1e6:.0f} µs, ratio {last / first:.2f}"
    )


def _long() -> None:
    short, long = (statistics.median(_actions(_chain(steps))) for steps in (10, 200))
    print(
        f"definitions of 10 and 200 steps: {short * 1e6:.0f} µs, {long * 1e6:.0f} µs an action, ratio {long / short:.2f}"
    )


def _actions(process: Process) -> list[float]:
    taken: list[float] = []
    while len(taken) < 1_000:
        state = _opened(process)
        while state.status == "open":
            begun = time.perf_counter()
            state = _go(process, state)
            taken.append(time.perf_counter() - begun)
    return taken


if __name__ == "__main__":
    main()
