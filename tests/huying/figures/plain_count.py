"""A small program that counts from the written history alone, as JSON: it shares nothing with what it checks, and knows only the streets.

It reads no column that figures keep, no kernel, no figure set: what each figure means is said here once more, in plain words.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, text

SHANGHAI = timezone(timedelta(hours=8))
CLASSES = {"solved": "solved", "explained": "answered", "declined": "excluded"}
COMMON = ("withdrawn", "merged", "cancelled")
COUNTED = {
    "confirm.satisfied": ("verdict", "satisfied"),
    "confirm.so-so": ("verdict", "basically"),
    "confirm.dissatisfied": ("verdict", "dissatisfied"),
    "study.return": ("returned", ""),
    "research.return": ("returned", ""),
    "handle.not-ours": ("returned", ""),
}


@dataclass
class PlainIssue:
    """What the history says of one issue."""

    station: int = 0
    channel: str = "web"
    opened: date = date.min
    closed_at: datetime | None = None
    outcome: str | None = None
    kind: str | None = None
    finish: tuple[datetime, date] | None = None
    deputy: int | None = None
    department: int | None = None
    step: str | None = None
    happened: list[tuple[str, str, int, date]] = field(default_factory=list)
    promises: dict[int, list[Any]] = field(default_factory=dict)

    @property
    def verdict(self) -> str | None:
        return next((value for what, value, *_ in reversed(self.happened) if what == "verdict"), None)

    def late(self, as_of: datetime) -> bool:
        return self.finish is not None and (self.closed_at or as_of) >= self.finish[0]

    def did(self, what: str) -> bool:
        return any(one[0] == what for one in self.happened)


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(value.replace("Z", "+00:00")) if isinstance(value, str) else value


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def read(connection: Connection, as_of: datetime) -> list[PlainIssue]:
    """All issues, as the history up to a moment tells of them."""
    rows = connection.execute(text("SELECT issue_id, at, changes FROM history ORDER BY issue_id, sequence"))
    found: dict[int, _Told] = {}
    for row in rows:
        at = _moment(row.at)
        if at <= as_of:
            found.setdefault(row.issue_id, _Told()).hear([c for c in _loaded(row.changes) if "kind" in c], at)
    return [one.issue for one in found.values()]


class _Told:
    """Hears one issue's history, entry by entry."""

    def __init__(self) -> None:
        self.issue = PlainIssue()
        self.steps: dict[int, str] = {}
        self.visits: dict[int, dict[str, Any]] = {}

    def hear(self, changes: list[dict[str, Any]], at: datetime) -> None:
        for change in changes:
            getattr(self, "_" + change["kind"].replace("-", "_"), lambda _c, _at: None)(change, at)
        running = [v["deadline"] for v in self.visits.values() if v.get("deadline") and not v.get("paused_at")]
        if running:
            first = min(running, key=lambda one: _moment(one["due_at"]))
            self.issue.finish = _moment(first["due_at"]), date.fromisoformat(first["due_on"])
        self.issue.step = next(iter(self.visits.values()))["step"] if self.visits else None

    def _count(self, what: str, value: str, at: datetime) -> None:
        times = sum(one[0] == what for one in self.issue.happened) + 1
        self.issue.happened.append((what, value, times, _day(at)))

    def _opened(self, change: dict[str, Any], _at: datetime) -> None:
        facts = change["facts"]
        self.issue.station, self.issue.channel = facts["station"], facts.get("channel", "web")
        self.issue.opened = _day(_moment(facts["opened_at"]))

    def _filled(self, change: dict[str, Any], at: datetime) -> None:
        values = change["values"]
        self.issue.kind = values.get("kind", self.issue.kind)
        if values.get("talked"):
            self._count("met", "", at)
        if values.get("reached") is not None:
            self._count("response", "yes" if values["reached"] else "no", at)
        if values.get("grade"):
            self._count("grade", values["grade"], at)

    def _entered(self, change: dict[str, Any], _at: datetime) -> None:
        self.visits[change["visit"]["number"]] = change["visit"]

    def _visit_changed(self, change: dict[str, Any], _at: datetime) -> None:
        self.visits[change["visit"]["number"]] = change["visit"]

    def _left(self, change: dict[str, Any], _at: datetime) -> None:
        self.visits.pop(change["visit"], None)

    def _migrated(self, change: dict[str, Any], _at: datetime) -> None:
        new = change.get("steps", {})
        self.steps = {number: new.get(step, step) for number, step in self.steps.items()}
        self.visits = {key: {**one, "step": new.get(one["step"], one["step"])} for key, one in self.visits.items()}

    def _counted(self, change: dict[str, Any], at: datetime) -> None:
        if change["action"] == "hand-up.deputy":
            self._count("handed up", "", at)

    def _item_opened(self, change: dict[str, Any], _at: datetime) -> None:
        item = change["item"]
        self.steps[item["number"]] = item["step"]
        if item.get("kind", "task") == "task":
            self._had_by(item["candidates"])

    def _item_given(self, change: dict[str, Any], _at: datetime) -> None:
        self._had_by(change["candidates"])

    def _had_by(self, candidates: list[str]) -> None:
        for party in candidates:
            if party.startswith("organisation:"):
                self.issue.department = int(party.split(":")[1])
                return

    def _item_done(self, change: dict[str, Any], at: datetime) -> None:
        counted = COUNTED.get(f"{self.steps[change['item']]}.{change['action']}")
        if counted:
            self._count(*counted, at)

    def _made_answerable(self, change: dict[str, Any], _at: datetime) -> None:
        kind, _, number = change["party"].partition(":")
        self.issue.deputy = int(number) if kind == "participant" else None

    def _deadline_moved(self, change: dict[str, Any], at: datetime) -> None:
        # only an extension has a length; why it moved is sealed
        if change.get("length"):
            self._count("extended", "", at)

    def _urged(self, _change: dict[str, Any], at: datetime) -> None:
        self._count("urged", "", at)

    def _supervisor_named(self, _change: dict[str, Any], at: datetime) -> None:
        self._count("supervised", "", at)

    def _reopened(self, _change: dict[str, Any], at: datetime) -> None:
        self._count("reopened", "", at)
        self.issue.closed_at = self.issue.outcome = None

    def _relocated(self, change: dict[str, Any], at: datetime) -> None:
        self.issue.station = change["station"]
        self._count("relocated", str(change["left"]), at)

    def _closed(self, change: dict[str, Any], at: datetime) -> None:
        said = change["resolution"]
        self.issue.closed_at = _moment(change["at"]) if change.get("at") else at
        self.issue.outcome = said if said in COMMON else CLASSES.get(said, "other")

    def _promise_made(self, change: dict[str, Any], _at: datetime) -> None:
        made = change["promise"]
        self.issue.promises[made["number"]] = [date.fromisoformat(made["due_on"]), made.get("status", "open")]

    def _promise_ended(self, change: dict[str, Any], _at: datetime) -> None:
        self.issue.promises[change["promise"]][1] = change["status"]


@dataclass(frozen=True)
class PlainQuestion:
    """Of which days, as of when, and what the key of an issue is on each axis, given the day on which it counts."""

    begin: date
    end: date
    as_of: datetime
    by_month: bool = False


def counts(issues: list[PlainIssue], of: PlainQuestion) -> Iterator[tuple[PlainIssue, date, str]]:
    """Everything that the city's figures count, once each: the issue, the day, and the figure."""
    for one in issues:
        if one.outcome in ("merged", "cancelled") or one.channel == "process":
            continue
        for day, figure in _of_issue(one, of):
            yield one, day, figure


def _of_issue(one: PlainIssue, of: PlainQuestion) -> Iterator[tuple[date, str]]:
    def within(day: date | None) -> bool:
        return day is not None and of.begin <= day <= of.end

    closed = _day(one.closed_at) if one.closed_at else None
    if within(one.opened):
        yield one.opened, "received"
        if one.did("returned"):
            yield one.opened, "returned-once"
    if closed is not None and within(closed):
        yield from ((closed, figure) for figure in _at_the_end(one))
    for last in _ends(of):
        if one.opened <= last and (closed is None or closed > last):
            yield last, "in-hand"
    if one.finish and within(one.finish[1]):
        if one.late(of.as_of):
            yield one.finish[1], "late"
        elif one.closed_at:
            yield one.finish[1], "on-time"
        if one.late(of.as_of) or one.closed_at:
            yield one.finish[1], "due"
    for what, value, times, day in one.happened:
        if within(day):
            yield from ((day, figure) for figure in _at_a_happening(what, value, times))
    for due_on, status in one.promises.values():
        if within(due_on):
            yield due_on, "promises-due"
            if status != "open":
                yield due_on, f"promises-{status}"


def _at_the_end(one: PlainIssue) -> Iterator[str]:
    yield "closed"
    if one.outcome in ("solved", "answered", "excluded", "withdrawn"):
        yield str(one.outcome)
    if one.outcome not in ("excluded", "withdrawn"):
        yield "decided"
    if one.verdict:
        yield "rated"
        yield "dissatisfied" if one.verdict == "dissatisfied" else "satisfied"


def _at_a_happening(what: str, value: str, times: int) -> Iterator[str]:
    if what in ("returned", "urged", "supervised", "extended", "reopened", "handed up"):
        yield what.replace(" ", "-")
    if what == "response":
        yield "reached"
        if value == "yes":
            yield "responded"
    if what == "verdict" and times in (1, 2):
        which = {1: "first", 2: "second"}[times]
        yield f"{which}-verdicts"
        if value != "dissatisfied":
            yield f"{which}-satisfied"


def _ends(of: PlainQuestion) -> Iterator[date]:
    """The days at whose end what is in hand is counted."""
    if not of.by_month:
        yield of.end
        return
    day = of.begin
    while day <= of.end:
        after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        yield min(of.end, after - timedelta(days=1))
        day = after


def table(issues: list[PlainIssue], of: PlainQuestion, key_of: Any) -> dict[Any, Counter[str]]:
    """The counts by cell; ``key_of`` names the cells of an issue on a day."""
    found: dict[Any, Counter[str]] = {}
    for one, day, figure in counts(issues, of):
        for key in key_of(one, day):
            found.setdefault(key, Counter())[figure] += 1
    return found
