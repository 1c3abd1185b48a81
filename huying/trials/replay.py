"""Replaying an office's history against another version of a definition: which issues would have gone elsewhere, where, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from definitions.model.definition import Definition
from definitions.text import Said, words
from engine.event import Open
from engine.process import Process
from engine.replay.names import Recorded
from engine.replay.replay import Parting, Replayed, Why, replay
from huying.database.tables import definition_versions, issues
from huying.house.history import HistoryEntry, history_of, reporter_in
from huying.house.house import House


@dataclass(frozen=True, slots=True)
class Course:
    """One way in which versions part: at which step, after what, where issues went and would go; which issues, the latest first."""

    why: Why
    step: str
    done: str
    went: tuple[str, ...]
    goes: tuple[str, ...]
    refusal: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """The whole: how many issues were looked at and went the same way, how they part, and which open ones would be stranded where."""

    issues: int
    same: int
    late_before: int
    late_now: int
    courses: tuple[Course, ...]
    stranded: dict[str, tuple[str, ...]] = field(default_factory=dict)


def replay_all(
    house: House, process: Process, limit: int = 10_000, progress: Callable[[int], None] = lambda done: None
) -> Replay:
    """Replay the latest issues of a definition against another version of it."""
    found: dict[Parting, list[str]] = {}
    late: Counter[str] = Counter()
    stranded: dict[str, list[str]] = {}
    same = done = 0
    for number, one in _replayed(house, process, limit):
        done += 1
        same += one.parting is None
        if one.parting is None:
            # what comes after a parting is not known, so late moments are compared of those that go the same way
            late["before"] += one.late_before
            late["now"] += one.late_now
        if one.parting is not None:
            found.setdefault(_alike(one.parting), []).append(number)
        for step in one.stranded:
            stranded.setdefault(step, []).append(number)
        progress(done)
    ways = sorted(found.items(), key=lambda way: -len(way[1]))
    courses = tuple(_course(parting, numbers) for parting, numbers in ways)
    left = {step: tuple(numbers) for step, numbers in stranded.items()}
    return Replay(done, same, late["before"], late["now"], courses, left)


def _alike(parting: Parting) -> Parting:
    """The parting without what is of one issue alone."""
    return replace(parting, sequence=0, at=_ANY)


_ANY = datetime(1, 1, 1, tzinfo=UTC)


def _course(one: Parting, numbers: Sequence[str]) -> Course:
    return Course(one.why, one.step, one.done, one.went, one.goes, one.refusal, tuple(numbers))


def _replayed(house: House, process: Process, limit: int) -> Iterator[tuple[str, Replayed]]:
    with house.database.reading() as connection:
        versions = select(definition_versions.c.id).where(definition_versions.c.key == process.definition.id)
        columns = issues.c.id, issues.c.number, issues.c.definition_version_id
        wanted = select(*columns).where(issues.c.definition_version_id.in_(versions))
        for row in connection.execute(wanted.order_by(issues.c.id.desc()).limit(limit)).all():
            own = house.processes.process(row.definition_version_id)
            entries = history_of(connection, row.id)
            reporter = reporter_in(entries)
            yield row.number, replay(process, [_recorded(entry, reporter) for entry in entries], own)


def _recorded(entry: HistoryEntry, reporter: str) -> Recorded:
    event = None if isinstance(entry.event, Open) else entry.event
    return Recorded(entry.sequence, entry.at, entry.speaker(reporter), event, entry.changes)


#: Why the versions part, in both languages.
WHY: dict[str, Said] = {
    "elsewhere": Said("去向不同", "leads elsewhere"),
    "refused": Said("不再允许", "is no longer possible"),
    "clock": Said("期限到得不同，事项已在别处", "the clock has led elsewhere by then"),
    "no-task": Said("那一步没有这项任务", "there is no such task there"),
    "opening": Said("不能这样登记", "would not have been opened"),
}


def lines(replayed: Replay, definition: Definition) -> Iterator[str]:
    """The replay line by line, Chinese first."""
    title, other = words(definition.title, "zh"), replayed.issues - replayed.same
    yield f"{title} {definition.id}：重放 replayed {replayed.issues:,} 件，走法相同 same {replayed.same:,}，不同 other {other:,}"
    late = f"原来 before {replayed.late_before:,}，新版 now {replayed.late_now:,}"
    yield f"  走法相同的，逾期次数 late, of those that go the same way：{late}"
    for course in replayed.courses:
        zh, en = WHY[course.why]
        more = f"（{course.refusal}）" if course.refusal else ""
        yield f"  {len(course.numbers):>5,} 件  {_step(definition, course.step)} · {course.done}：{zh} {en}{more}"
        ways = f"原来 went {_steps(definition, course.went)} → 新版 goes {_steps(definition, course.goes) or '—'}"
        yield f"            {ways}；例如 such as {', '.join(course.numbers[:3])}"
    for step, numbers in replayed.stranded.items():
        stuck = f"{len(numbers):,} 件在办事项停在新版没有的步骤 open issues at a step that is no more"
        yield f"  ! {stuck}：{step}（{', '.join(numbers[:3])}）"


def plain(replayed: Replay, definition: Definition) -> dict[str, Any]:
    """The replay as data."""
    return {
        "definition": definition.id,
        "issues": replayed.issues,
        "same": replayed.same,
        "late": {"before": replayed.late_before, "now": replayed.late_now},
        "courses": [
            {
                "why": one.why,
                "step": one.step,
                "done": one.done,
                "went": list(one.went),
                "goes": list(one.goes),
                "refusal": one.refusal,
                "count": len(one.numbers),
                "issues": list(one.numbers),
            }
            for one in replayed.courses
        ],
        "stranded": {step: list(numbers) for step, numbers in replayed.stranded.items()},
    }


def _steps(definition: Definition, keys: Sequence[str]) -> str:
    return "、".join(_step(definition, key) for key in keys)


def _step(definition: Definition, key: str) -> str:
    closed, _, resolution = key.partition(":")
    if closed == "closed":
        return f"办结 {words(definition.resolution_title(resolution), 'zh', resolution)}"
    step = definition.steps.get(key)
    return f"{words(step.title, 'zh', key)} {key}" if step else key or "登记 opening"
