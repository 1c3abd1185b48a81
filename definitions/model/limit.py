"""Limits: the time for a stage or the whole issue, and who hears that it has run out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic import Field as Constrained

from definitions.model.clock import Alarms
from definitions.model.node import Length, Names, Node, Reminders
from definitions.model.tell import Tells, told_roles
from definitions.model.term import Within


class LimitRung(Node):
    """Who is told that the time for a stage or the whole issue has run out, at once or so long ``after``."""

    after: Length | None = None
    tell: Tells = ()

    @property
    def told(self) -> tuple[str, ...]:
        """All roles that are told."""
        return told_roles(self.tell)


def _rungs(value: Any) -> Any:
    if isinstance(value, Mapping | LimitRung):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


#: Rungs that tell and move nothing.
LimitRungs = Annotated[
    tuple[LimitRung, ...], BeforeValidator(_rungs, json_schema_input_type=LimitRung | list[LimitRung])
]


class Limit(Node):
    """The time for a stage or the whole issue. It runs while the issue is there, and goes on where it stood when the issue comes back.

    ``restarts at``: it begins anew when the issue comes to one of these steps.
    """

    within: Within
    restarts_at: Names = Constrained(default=(), alias="restarts at")
    remind: Reminders = ()
    overdue: LimitRungs = ()

    @cached_property
    def alarms(self) -> Alarms:
        """What rings with its deadline."""
        return Alarms(self.remind, (rung.after for rung in self.overdue))
