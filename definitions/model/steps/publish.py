"""``publish``: a text becomes public."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from definitions.model.node import Guard, Key, Node, Patterns
from definitions.model.retry import Retry
from definitions.model.step import Consulted, Naming, OnwardStep, StepKind
from definitions.text import Said


class Publication(Node):
    """What becomes public: a reviewed copy, never the original. ``when`` is the consent that it needs."""

    title: Patterns
    text: Patterns
    kind: Key = "case"
    when: Guard | None = None


class PublishStep(OnwardStep):
    """Publishes a text on the public page."""

    step_kind: ClassVar[StepKind] = StepKind(
        key="publish",
        title=Said("公开（publish）", "Publish"),
        meaning=Said("公开一段文字", "Publishes a text"),
        value=Said("公开发布", "what is published"),
        shape="send",
    )

    publish: Publication
    retry: Retry | None = None
    to: Key

    def consults(self) -> Iterator[Consulted]:
        """Whether it may be published, and what is."""
        made = self.publish
        yield Consulted(("publish", "when"), made.when)
        for name, texts in (("title", made.title), ("text", made.text)):
            yield from (Consulted(("publish", name), template, made.when) for template in texts.values())

    def does(self, names: Naming) -> str:
        """Just that."""
        return names.say(Said("公开发布", "Publishes"))
