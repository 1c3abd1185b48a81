"""What a yearly file consists of: chapters, the kinds of entries in them, and the events of an issue that become an entry.

Nothing here is known to the program: a process names the kind of what it registers, and this says what it is called and where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field as Constrained
from pydantic import ValidationError

from definitions.composition.shape import problems_of_shape
from definitions.finding import Finding, Unreadable, in_order
from definitions.model.node import Key, Node, Text
from definitions.problem import Problem, unknown
from definitions.source.tree import Document, read
from definitions.text import Said

#: What can happen to an issue that becomes an entry of those who did it.
Occasion = Literal["made answerable", "departments asked", "handed up", "closed"]
SHIPPED = Path(__file__).resolve().parents[1] / "library" / "files" / "yearly-file.yaml"
_CHAPTER, _KIND = Said("章", "chapter"), Said("种类", "kind")


class Chapter(Node):
    """A chapter; their order is that in which they are written."""

    title: Text


class EntryKind(Node):
    """A kind of entry: ``by hand``, people may enter it; ``half days`` are noted of it; ``undone by reopening``: it stands only while the issue
    is closed.
    """

    title: Text
    chapter: Key
    by_hand: bool = Constrained(default=False, alias="by hand")
    half_days: bool = Constrained(default=False, alias="half days")
    undone: bool = Constrained(default=False, alias="undone by reopening")


class IssueRule(Node):
    """An event of issues that becomes an entry; ``as``: only what ended in one of these classes. ``{subject}`` in the title is the issue's."""

    when: Occasion
    kind: Key
    title: Text
    as_: tuple[Key, ...] = Constrained(default=(), alias="as", strict=False)


class EntryPart(Node):
    """The part that somebody played: a word beside an entry."""

    title: Text


class FileRules(Node):
    """All of it."""

    id: Key
    title: Text
    chapters: Mapping[Key, Chapter] = Constrained(min_length=1)
    kinds: Mapping[Key, EntryKind] = Constrained(min_length=1)
    parts: Mapping[Key, EntryPart] = Constrained(default_factory=dict)
    issues: Mapping[Key, IssueRule] = Constrained(default_factory=dict)

    def chapter_of(self, kind: str) -> str:
        """The chapter of a kind; what no chapter names stands in the last one, so that nothing is lost."""
        found = self.kinds.get(kind)
        return found.chapter if found else tuple(self.chapters)[-1]

    @property
    def by_hand(self) -> tuple[str, ...]:
        """The kinds that people may enter."""
        return tuple(key for key, kind in self.kinds.items() if kind.by_hand)


@dataclass(frozen=True, slots=True)
class ReadRules:
    """What became of a text: the rules, unless their shape is wrong, and the findings."""

    rules: FileRules | None
    document: Document
    findings: tuple[Finding, ...]


def read_rules(source: str | bytes, name: str) -> ReadRules:
    """Read what files consist of; ``Unreadable`` when the text is no YAML that we read."""
    document = read(source, name)
    body = document.plain()
    try:
        rules = FileRules.model_validate(body)
        found: tuple[Problem, ...] = tuple(_unknown(rules))
    except ValidationError as error:
        rules, found = None, problems_of_shape(error, body, FileRules)
    return ReadRules(rules, document, in_order([*document.findings, *document.findings_of(found)]))


@cache
def shipped_rules() -> FileRules:
    """The rules that are shipped; ``Unreadable`` says what is wrong with them."""
    found = read_rules(SHIPPED.read_bytes(), SHIPPED.name)
    if found.rules is None or found.findings:
        raise Unreadable(found.findings)
    return found.rules


def _unknown(rules: FileRules) -> Iterator[Problem]:
    """What is named and is not there."""
    for key, kind in rules.kinds.items():
        if kind.chapter not in rules.chapters:
            yield unknown("file-unknown-chapter", ("kinds", key, "chapter"), _CHAPTER, kind.chapter, rules.chapters)
    for key, rule in rules.issues.items():
        if rule.kind not in rules.kinds:
            yield unknown("file-unknown-kind", ("issues", key, "kind"), _KIND, rule.kind, rules.kinds)
