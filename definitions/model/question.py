"""Questions: how long whoever is asked may take, while the clock of the task stands, and what then happens."""

from __future__ import annotations

from functools import cached_property

from definitions.model.clock import Alarms
from definitions.model.duration import Duration, Reminder
from definitions.model.limit import LimitRungs
from definitions.model.node import Node, Reminders
from definitions.model.term import Within, terms_of


class Questions(Node):
    """The time for an answer. When it is up the clock of the task runs on, whoever asked is told, and ``overdue`` tells others besides."""

    within: Within = terms_of("5 working days")
    remind: Reminders = (Reminder(Duration(1, "working days"), "before"),)
    overdue: LimitRungs = ()

    @cached_property
    def alarms(self) -> Alarms:
        """What rings with its deadline."""
        return Alarms(self.remind, (rung.after for rung in self.overdue))
