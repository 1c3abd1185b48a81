"""A kind of papers, as data: what it is called, for whom it is, how it is numbered, what it takes from an issue, and what is asked of its maker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field as Constrained
from pydantic import ValidationError

from definitions.composition.shape import problems_of_shape
from definitions.expressions.expression import Expression
from definitions.finding import Finding, in_order, nearest
from definitions.model.field import REFERENCES, Field
from definitions.model.node import Guard, Key, Names, Node, Patterns, Text
from definitions.problem import Problem, problem
from definitions.source.tree import Document, read
from definitions.text import Said

#: For whom a paper is.
Addressee = Literal["resident", "deputy", "unit", "public", "office"]
Maker = Literal["staff", "holders"]
#: What the expressions of a paper see beside the issue's own ``data``.
ISSUE = ("number", "subject", "process", "station", "opened", "state", "due", "reporter", "answerable")
NAMES: Mapping[str, tuple[str, ...]] = {
    "issue": ISSUE,
    "office": ("name", "address"),
    "station": ("name", "code"),
}
PLAIN = ("organ", "maker", "date", "language", "year")
#: What only the number of a paper is made of.
SEQUENCE = "sequence"


class PaperNumber(Node):
    """The series that a paper is numbered in, by year, and what its number looks like in each language."""

    series: Key
    say: Patterns


class Offered(Node):
    """For which processes, stages and steps a paper is offered; what is left out narrows nothing."""

    processes: Names = ()
    stages: Names = ()
    steps: Names = ()


class PaperKind(Node):
    """``shows private``: what is private of the reporter may stand in it. ``about: anything``: it need not be about an issue.

    ``made by``: the staff of the station, or also who holds a role in the issue (``holders``). ``values`` are taken from the issue, ``ask`` is
    filled in by the maker, beginning with what ``suggest`` says.
    """

    paper: Key
    title: Text
    help: Text | None = None
    to: Addressee
    about: Literal["issue", "anything"] = "issue"
    shows_private: bool = Constrained(default=False, alias="shows private")
    made_by: tuple[Maker, ...] = Constrained(default=("staff",), alias="made by")
    number: PaperNumber
    offered: Offered = Offered()
    values: Mapping[Key, Guard] = Constrained(default_factory=dict)
    ask: Mapping[Key, Field] = Constrained(default_factory=dict)
    suggest: Mapping[Key, Guard] = Constrained(default_factory=dict)

    def offered_at(self, process: str, stage: str, steps: frozenset[str]) -> bool:
        """Whether it is offered for an issue of this process that stands there."""
        said = self.offered
        return (
            (not said.processes or process in said.processes)
            and (not said.stages or stage in said.stages)
            and (not said.steps or not steps.isdisjoint(said.steps))
        )


@dataclass(frozen=True, slots=True)
class ReadKind:
    """What became of a text: the kind, unless its shape is wrong, and the findings."""

    kind: PaperKind | None
    document: Document
    findings: tuple[Finding, ...]


def read_kind(source: str | bytes, name: str) -> ReadKind:
    """Read a kind of papers; raises ``Unreadable`` when the text is no YAML that we read."""
    document = read(source, name)
    found, kind = _kind(document.plain())
    return ReadKind(kind, document, in_order([*document.findings, *document.findings_of(found)]))


def _kind(body: Any) -> tuple[tuple[Problem, ...], PaperKind | None]:
    plain = (
        {**body, "made by": _several(body.get("made by"))} if isinstance(body, Mapping) and "made by" in body else body
    )
    try:
        kind = PaperKind.model_validate(plain)
    except ValidationError as error:
        return problems_of_shape(error, plain, PaperKind), None
    return tuple(_misfits(kind)), kind


def _several(said: Any) -> Any:
    return (said,) if isinstance(said, str) else tuple(said) if isinstance(said, list) else said


def _misfits(kind: PaperKind) -> Iterator[Problem]:
    for name, field in kind.ask.items():
        if field.type in REFERENCES or field.type == "place" or field.of is not None:
            yield problem(
                "wrong-value",
                ("ask", name, "type"),
                Said(f"文书里不能问“{field.type}”这一类。", f"A paper does not ask for “{field.type}”."),
                Said("请改成 text，让经办人写明名称。", "Make it text, and have the maker write the name."),
            )
    for name in kind.suggest:
        if name not in kind.ask:
            yield _no_such(("suggest", name), name, tuple(kind.ask))
    parts = (("values", kind.values), ("suggest", kind.suggest))
    for part, expressions in parts:
        for name, expression in expressions.items():
            yield from _unknown((part, name), expression, (*NAMES, *PLAIN, "data"))
    for language, pattern in kind.number.say.items():
        known = (*NAMES, *PLAIN, SEQUENCE)
        yield from _unknown(("number", "say", language), pattern, known)
        if SEQUENCE not in pattern.names:
            yield problem(
                "wrong-value",
                ("number", "say", language),
                Said("文号里没有顺序号，会重号。", "The number lacks its sequence: two papers would have the same."),
                Said("请加上 {{ sequence }}。", "Add {{ sequence }}."),
            )


def _unknown(path: tuple[str, ...], read_by: Any, known: tuple[str, ...]) -> Iterator[Problem]:
    for name in sorted(read_by.names):
        head, _, rest = name.partition(".")
        if head not in known:
            yield _no_such(path, head, known)
        elif head in NAMES and rest and rest not in NAMES[head]:
            yield _no_such(path, name, tuple(f"{head}.{one}" for one in NAMES[head]))


def _no_such(path: tuple[str, ...], name: str, known: tuple[str, ...]) -> Problem:
    near = nearest(name, known)
    return problem(
        "unknown-name",
        path,
        Said(f"没有“{name}”。", f"There is no “{name}”."),
        Said(f"是不是“{near}”？", f"Did you mean “{near}”?")
        if near
        else Said(f"可以用：{'、'.join(known)}。", f"There are: {', '.join(known)}."),
    )


__all__ = ["Expression", "PaperKind", "PaperNumber", "ReadKind", "read_kind"]
