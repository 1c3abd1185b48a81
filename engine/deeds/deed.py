"""What a deed is: the event that it causes, who may, how the kernel decides it, in which words it is told, and how people do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Protocol

from definitions.model.action import Mechanics
from definitions.model.steps.each import EachStep
from definitions.text import Said
from engine.directory import Actor
from engine.draft import Draft
from engine.event import KINDS, Event
from engine.rules.handover import mechanics
from engine.state import Party, State, WorkItem


class Entries(Protocol):
    """What somebody entered: in a form of a page, or in a step of a scenario."""

    @property
    def item(self) -> int:
        """The task that it is about."""
        ...

    @property
    def visit(self) -> int:
        """The visit that it is about."""
        ...

    @property
    def promise(self) -> int:
        """The promise that it is about."""
        ...

    @property
    def to(self) -> Party:
        """Whom it is for."""
        ...

    @property
    def station(self) -> Party:
        """At which station it goes on."""
        ...

    @property
    def step(self) -> str:
        """Where it leads."""
        ...

    @property
    def option(self) -> str:
        """A standing option, by its key."""
        ...

    @property
    def text(self) -> str:
        """What is said."""
        ...

    @property
    def reason(self) -> str:
        """Why it is done."""
        ...

    @property
    def day(self) -> str:
        """A day (ISO)."""
        ...

    @property
    def length(self) -> str:
        """A length of time, such as ``5 working days``."""
        ...

    @property
    def target(self) -> str:
        """What has a deadline, such as ``visit:3``."""
        ...

    @property
    def other(self) -> str:
        """Another issue (a reference)."""
        ...

    @property
    def agree(self) -> bool:
        """Whether an answer says yes."""
        ...

    @property
    def values(self) -> Mapping[str, Any]:
        """The answers of a form that the definition asks."""
        ...


@dataclass(frozen=True)
class Prospect:
    """Somebody before an issue, and before one of its open tasks if it is about that: what could they do?"""

    state: State
    actor: Actor
    drafted: Draft | None = None
    about: WorkItem | None = None

    @property
    def draft(self) -> Draft:
        """The decision that would be made."""
        assert self.drafted is not None
        return self.drafted

    @property
    def item(self) -> WorkItem:
        """The task."""
        assert self.about is not None
        return self.about

    @cached_property
    def rules(self) -> Mechanics:
        """What the definition allows with the task."""
        return mechanics(self.draft, self.item)

    @property
    def own(self) -> bool:
        """Whether the task is theirs, and not only delegated to them."""
        return not self.actor.parties.isdisjoint(self.item.candidates)

    @property
    def several(self) -> bool:
        """Whether others could do the task too."""
        return len(self.item.candidates) > 1 or self.item.candidates[0] != self.actor.party

    @property
    def each(self) -> bool:
        """Whether several answer the step beside one another."""
        return isinstance(self.draft.definition.steps[self.item.step], EachStep)

    @property
    def running(self) -> bool:
        """Whether the issue is open, and not suspended."""
        return self.state.status == "open" and not self.state.suspended


@dataclass(frozen=True, slots=True)
class Blank:
    """One thing that the form of a gesture asks for: whom (``to``; ``reporter``: or the reporter), which station, or a text under a label."""

    name: Literal["to", "text", "reason", "into", "station"]
    label: Said
    required: bool = True
    reporter: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gesture:
    """One way in which people do a deed.

    ``made`` is the event that comes of what was entered. ``offered``, under the name ``key``, where it is possible: with an ``item``, with the
    ``issue`` by whoever takes part, or by ``staff``. ``form`` is its name on pages, with ``blanks`` and a ``hint``; without blanks the page has
    a form of its own for it. ``told`` are its words in scenarios, ``alone`` if no task is needed. ``many``: it can be done to many at once.
    """

    made: Callable[[Entries], Event]
    title: Said | None = None
    place: Literal["item", "issue", "staff"] | None = None
    key: str = ""
    offered: Callable[[Prospect], bool] | None = None
    form: str = ""
    blanks: tuple[Blank, ...] = ()
    hint: Said | None = None
    told: tuple[str, ...] = ()
    alone: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """``who``: staff who look after the issue (``reasoned``: never without saying why), or whoever the rule lets.

    ``done`` says it in a history. ``inside``: it happens among colleagues, and the reporter does not read of it; ``heard``: what is written with
    it is read by everybody who may see the issue. ``offered``: programs may do it as an event of an issue; what has an address of its own is not.
    """

    event: type[Event]
    rule: Callable[[Draft, Any, Actor], None]
    done: Said
    who: Literal["staff", "participants"] = "participants"
    reasoned: bool = False
    inside: bool = False
    heard: bool = False
    offered: bool = True
    gestures: tuple[Gesture, ...] = ()

    @property
    def kind(self) -> str:
        """How it is called in histories."""
        return KINDS[self.event]


WHOM = Said("对方", "Whom")
WHY = Said("理由", "Why")


def to_whom(*, reporter: bool = False) -> Blank:
    """The blank for somebody else, the reporter among them or not."""
    return Blank("to", WHOM, reporter=reporter)


def why(label: Said = WHY, *, required: bool = True) -> Blank:
    """The blank for a reason."""
    return Blank("reason", label, required)
