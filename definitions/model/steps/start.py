"""``start``: another issue is opened, and goes its own way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import Field as Constrained

from definitions.model.node import Guard, Key
from definitions.model.retry import Retry
from definitions.model.step import Consulted, Naming, OnwardStep, StepKind
from definitions.text import Said


class StartStep(OnwardStep):
    """Opens an issue of another definition and goes on; the two are linked."""

    step_kind: ClassVar[StepKind] = StepKind(
        key="start",
        title=Said("另开一件（start）", "Start"),
        meaning=Said("另开一件，不等", "Opens an issue of another process and goes on"),
        value=Said("启动的流程", "the process that is started"),
        shape="send",
        heard=True,
    )

    start: Key
    with_: Mapping[Key, Guard] = Constrained(default_factory=dict, alias="with")
    retry: Retry | None = None
    to: Key

    def consults(self) -> Iterator[Consulted]:
        """What is passed on."""
        yield from (Consulted(("with", name), value) for name, value in self.with_.items())

    def does(self, names: Naming) -> str:
        """The other process."""
        return names.say(Said("另开一件：{}", "Opens: {}"), self.start)
