"""Changes, events and states as plain data for JSON, and back.

A change or event is ``{"kind": "item-done", …fields…}``; moments are ISO 8601 with offset. The format lives as long as the issues: a field that a
newer version added is missing in older rows, so it must have a default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar, get_args

from engine import change as c
from engine.deadlines.deadline import Deadline, Pause
from engine.event import Event
from engine.state import Facts, LimitClock, Link, Promise, State, Timer, Visit, WorkItem

T = TypeVar("T")


def _kind(cls: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()


_BY_KIND: Mapping[str, type] = {_kind(cls): cls for cls in (*get_args(c.Change), *get_args(Event))}
_KIND: Mapping[type, str] = {cls: kind for kind, cls in _BY_KIND.items()}
_NAMES: Mapping[type, tuple[str, ...]] = {
    cls: tuple(f.name for f in fields(cls))
    for cls in (*_KIND, Facts, Visit, WorkItem, Timer, Promise, Link, LimitClock, Deadline, Pause, State)
}
_NESTED: Mapping[str, type] = {
    "facts": Facts,
    "visit": Visit,
    "item": WorkItem,
    "timer": Timer,
    "promise": Promise,
    "link": Link,
    "deadline": Deadline,
    "clock": LimitClock,
}
_MOMENTS = frozenset({"opened_at", "entered_at", "due_at", "paused_at", "closed_at", "at", "start", "since", "until"})


def plain(value: Any) -> Any:
    """A change, event, state or part of one as dicts, lists and scalars."""
    cls = type(value)
    if cls in _NAMES:
        data = {name: plain(getattr(value, name)) for name in _NAMES[cls]}
        return {"kind": _KIND[cls], **data} if cls in _KIND else data
    if cls is tuple or cls is list:
        return [plain(part) for part in value]
    if cls is dict:
        return {key: plain(part) for key, part in value.items()}
    return value.isoformat() if cls is datetime else value


def tagged(value: Any) -> dict[str, Any]:
    """A change or event with its kind, its parts left as they are: for serialisers that know dataclasses, and are faster than ``plain``."""
    cls = type(value)
    return {"kind": _KIND[cls], **{name: getattr(value, name) for name in _NAMES[cls]}}


def change(data: Mapping[str, Any]) -> c.Change:
    """The change that ``plain`` made this from."""
    made: c.Change = _tagged(data)
    return made


def event(data: Mapping[str, Any]) -> Event:
    """The event that ``plain`` made this from."""
    made: Event = _tagged(data)
    return made


def _tagged(data: Mapping[str, Any]) -> Any:
    return _made(_BY_KIND[data["kind"]], {key: value for key, value in data.items() if key != "kind"})


def state(data: Mapping[str, Any]) -> State:
    """The state that ``plain`` made this from."""
    return State(
        **{
            **data,
            "facts": _made(Facts, data["facts"]) if data["facts"] else None,
            "data": _values(data["data"]),
            "roles": {role: tuple(parties) for role, parties in data["roles"].items()},
            "visits": tuple(_made(Visit, part) for part in data["visits"]),
            "items": tuple(_made(WorkItem, part) for part in data["items"]),
            "timers": tuple(_made(Timer, part) for part in data["timers"]),
            **_later_parts(data),
        }
    )


def _later_parts(data: Mapping[str, Any]) -> dict[str, Any]:
    """The parts that states of older versions do not have."""
    parts: dict[str, Any] = {name: tuple(data[name]) for name in ("supervisors", "followers") if name in data}
    if "relay" in data:
        parts["relay"] = {role: tuple(parties) for role, parties in data["relay"].items()}
    if "promises" in data:
        parts["promises"] = tuple(_made(Promise, part) for part in data["promises"])
    if "held" in data:
        parts["held"] = tuple(_made(Timer, part) for part in data["held"])
    if "links" in data:
        parts["links"] = tuple(_made(Link, part) for part in data["links"])
    if "urged" in data:
        parts["urged"] = {party: datetime.fromisoformat(moment) for party, moment in data["urged"].items()}
    if "limits" in data:
        parts["limits"] = {limit: _made(LimitClock, clock) for limit, clock in data["limits"].items()}
    if data.get("closed_at"):
        parts["closed_at"] = datetime.fromisoformat(data["closed_at"])
    return parts


def _made(cls: type[T], data: Mapping[str, Any]) -> T:
    if cls in (Visit, WorkItem) and "due_at" in data:
        data = _with_deadline(data)
    return cls(**{key: _part(key, value) for key, value in data.items()})


def _with_deadline(data: Mapping[str, Any]) -> dict[str, Any]:
    """A visit or item of a version in which a deadline was but a moment and a day; it started when the visit was entered."""
    rest = {key: value for key, value in data.items() if key not in ("due_at", "due_on", "provisional")}
    if data["due_at"] is None:
        return rest
    day = data.get("due_on") or data["due_at"][:10]
    start = data.get("entered_at", data["due_at"])
    provisional = bool(data.get("provisional"))
    deadline = {
        "rule": f"by {day}",
        "start": start,
        "due_at": data["due_at"],
        "due_on": day,
        "provisional": provisional,
    }
    return {**rest, "deadline": deadline}


def _part(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return _made(_NESTED[key], value) if key in _NESTED else _values(value)
    if isinstance(value, list):
        return tuple(_made(Pause, one) for one in value) if key == "pauses" else tuple(value)
    return datetime.fromisoformat(value) if key in _MOMENTS and value is not None else value


def _values(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
