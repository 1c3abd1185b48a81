"""What counts as what in figures: a process says it in its own words, so that a figure need not know them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field as Constrained

from definitions.model.node import Key, Names, Node

#: What the issues of a process are counted as.
Matter = Literal["issue", "suggestion", "duty", "other"]

#: Before the field whose “no” counts.
NOT = "not "


class Tallying(Node):
    """Each is an action (``confirm.satisfied``), a field that is filled in or answered with yes, or (``not content``) one answered with no.

    ``as`` is what the issues are counted as; left out, ``issue`` where residents may open one, else ``other``. ``grade`` is the field that holds
    the class of a reply.
    """

    as_: Matter | None = Constrained(default=None, alias="as")
    satisfied: Names = ()
    basically_satisfied: Names = Constrained(default=(), alias="basically satisfied")
    dissatisfied: Names = ()
    returned: Names = ()
    met: Names = ()
    responded: Names = ()
    unanswered: Names = ()
    settled: Names = ()
    unsettled: Names = ()
    grade: Key | None = None

    def named(self) -> Iterator[tuple[str, str, str, str]]:
        """Everything that counts, as (its key, what it is, its value, what is named)."""
        for key, (what, value) in VERDICTS.items():
            attribute = key.replace(" ", "_")
            yield from ((key, what, value, name) for name in getattr(self, attribute))


#: By key of the language: what happened then, and with which value.
VERDICTS = {
    "satisfied": ("verdict", "satisfied"),
    "basically satisfied": ("verdict", "basically"),
    "dissatisfied": ("verdict", "dissatisfied"),
    "returned": ("returned", ""),
    "met": ("met", ""),
    "responded": ("response", "yes"),
    "unanswered": ("response", "no"),
    "settled": ("settlement", "yes"),
    "unsettled": ("settlement", "no"),
}
