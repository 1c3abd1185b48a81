"""What an expression can see of an issue: its fields by name, and a few names of the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from definitions.model.definition import Definition
from definitions.model.field import RESERVED
from engine.process import Process
from engine.state import State

_RESERVED = frozenset(RESERVED)


def context(
    process: Process,
    state: State,
    now: datetime,
    names: frozenset[str] = _RESERVED,
    row: Mapping[str, Any] | None = None,
) -> Mapping[str, Any]:
    """Values by name: a field that is not filled in is there, and ``None``. Names of the house are there if they are among ``names``.

    ``row``: that of the table whose rows are tasks, if it is about one of them.
    """
    fields = _fields(process.definition, state)
    return fields if names.isdisjoint(_RESERVED) else {**fields, **_house(process, state, now), "row": dict(row or {})}


def _fields(definition: Definition, state: State) -> dict[str, Any]:
    values = {**definition.blank, **state.data}
    for name in definition.hyphenated:
        values[name.replace("-", "_")] = values[name]
    return values


def _house(process: Process, state: State, now: datetime) -> dict[str, Any]:
    facts, zone = state.facts, process.calendar.zone
    issue = (
        {
            "number": facts.number,
            "opened_on": facts.opened_at.astimezone(zone).date().isoformat(),
            "channel": facts.channel,
            "station": facts.station_code,
            "industry": facts.industry,
            "stage": process.definition.stage_of.get(state.visits[0].step) if state.visits else None,
        }
        if facts
        else {}
    )
    return {
        "issue": issue,
        "today": process.today(now),
        "times": _Zero(state.counts),
        "promises": {
            status: sum(promise.status == status for promise in state.promises) for status in ("open", "kept", "broken")
        },
        "votes": _Zero({**state.votes, **{f"{key}_weight": _number(sum_) for key, sum_ in state.weights.items()}}),
        "rung": dict(state.rungs),
    }


def _number(decimal: str) -> int | float:
    value = float(decimal)
    return int(value) if value.is_integer() else value


class _Zero(dict[str, int | float]):
    """Counts: what was never counted is zero."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> int | float:
        return 0

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key, 0)
