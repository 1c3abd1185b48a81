"""The forms of deeds as they come from a page, and the events that they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from definitions.model.reference import issue
from engine.deeds.deed import Gesture
from engine.event import Event
from engine.refusal import Unavailable
from huying.issues.record import issue_id_of
from huying.register.nearby import station_called
from portal.frame.here import Portal
from portal.frame.submission import Submission


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a form of a page says, as deeds read it: one text says both what and why, where a form asks for one of them."""

    here: Portal
    form: Submission

    @property
    def item(self) -> int:
        """The task."""
        return self._number("item")

    @property
    def visit(self) -> int:
        """The visit."""
        return self._number("visit")

    @property
    def promise(self) -> int:
        """The promise."""
        return self._number("promise")

    @property
    def to(self) -> str:
        """Whom it is for."""
        return self.form.entry("to")

    @property
    def station(self) -> str:
        """At which station it goes on, named by its code or by words of its name."""
        return station_called(self.here.house, self.form.entry("station"))

    @property
    def step(self) -> str:
        """Where it leads."""
        return self.form.entry("to")

    @property
    def option(self) -> str:
        """A standing option."""
        return self.form.entry("option")

    @property
    def text(self) -> str:
        """What is said."""
        return self.form.entry("text") or self.form.entry("reason")

    @property
    def reason(self) -> str:
        """Why it is done."""
        return self.form.entry("reason") or self.form.entry("text")

    @property
    def day(self) -> str:
        """A day."""
        return self.form.entry("day")

    @property
    def length(self) -> str:
        """A length of time."""
        return f"{self._number('amount')} {self.form.entry('unit')}"

    @property
    def target(self) -> str:
        """What has a deadline."""
        return self.form.entry("target")

    @property
    def other(self) -> str:
        """Another issue, named by its number."""
        return issue(issue_id_of(self.here.house, self.form.entry("into")))

    @property
    def agree(self) -> bool:
        """Whether an answer says yes."""
        return self.form.entry("agree") != "no"

    @property
    def values(self) -> Mapping[str, Any]:
        """The answers of the definition's form."""
        return self.form.fields

    def _number(self, name: str) -> int:
        text = self.form.entry(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def event_of(here: Portal, gesture: Gesture | None, form: Submission) -> Event:
    """The event that a form asks for."""
    if gesture is None:
        raise Unavailable("不能这样做。", "That cannot be done.")
    return gesture.made(Submitted(here, form))
