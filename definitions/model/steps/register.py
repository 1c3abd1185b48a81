"""``register``: an entry in yearly files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field as Constrained

from definitions.model.action import Registration
from definitions.model.node import Key
from definitions.model.retry import Retry
from definitions.model.step import Consulted, Named, Naming, OnwardStep, StepKind
from definitions.text import Said

if TYPE_CHECKING:
    from definitions.model.definition import Definition


class RegisterStep(OnwardStep):
    """Makes an entry in the yearly file of those who hold a role."""

    step_kind: ClassVar[StepKind] = StepKind(
        key="register",
        title=Said("记档（register）", "Register"),
        meaning=Said("记入履职档案", "Makes an entry in yearly files"),
        value=Said("记入档案", "what is entered in files"),
        shape="script",
    )

    register_: Registration = Constrained(alias="register")
    retry: Retry | None = None
    to: Key

    def named(self, definition: Definition) -> Iterator[Named]:
        """Into whose files."""
        yield Named("role", ("register", "of"), self.register_.of)

    def consults(self) -> Iterator[Consulted]:
        """What the entry says."""
        yield from registered(self.register_)

    def does(self, names: Naming) -> str:
        """Into whose files."""
        return names.say(Said("记入履职档案：{}", "Into the yearly file of: {}"), names.roles(self.register_.of))


def registered(entry: Registration) -> Iterator[Consulted]:
    """What an entry reads; an action can make one too."""
    yield Consulted(("register", "when"), entry.when)
    yield Consulted(("register", "points"), entry.points, entry.when)
    yield from (Consulted(("register", "title"), template, entry.when) for template in entry.title.values())
