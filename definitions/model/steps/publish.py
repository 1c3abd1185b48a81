"""``publish``: a text becomes public."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field as Constrained

from definitions.model.node import Guard, Key, Node, Patterns
from definitions.model.retry import Retry
from definitions.model.step import Consulted, Named, Naming, OnwardStep, StepKind
from definitions.text import Said

if TYPE_CHECKING:
    from definitions.model.definition import Definition


class Publication(Node):
    """What becomes public: a reviewed copy, never the original. ``when`` is the consent that it needs.

    ``of`` names the field with the issue that it tells of, ``consent_of`` the one with the person whose matter that is, and who is asked;
    ``photos`` the files that are shown with it.
    """

    title: Patterns
    text: Patterns
    kind: Key = "case"
    of: Key | None = None
    consent_of: Key | None = Constrained(default=None, alias="consent of")
    photos: Key | None = None
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

    def named(self, definition: Definition) -> Iterator[Named]:
        """The fields with the issue, the person and the photographs."""
        made = self.publish
        yield Named("field", ("publish", "of"), (made.of,), ("issue",))
        yield Named("field", ("publish", "consent of"), (made.consent_of,), ("person",))
        yield Named("field", ("publish", "photos"), (made.photos,), ("files",))

    def consults(self) -> Iterator[Consulted]:
        """Whether it may be published, and what is."""
        made = self.publish
        yield Consulted(("publish", "when"), made.when)
        for name, texts in (("title", made.title), ("text", made.text)):
            yield from (Consulted(("publish", name), template, made.when) for template in texts.values())

    def does(self, names: Naming) -> str:
        """Just that."""
        return names.say(Said("公开发布", "Publishes"))
