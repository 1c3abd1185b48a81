"""Scoring tables: what entries of a file are worth, in a period, for a deputy, a delegation or a station. A table is a file of its own.

What real tables say, and with which key: a base (``base``); points each (``points``, ``each``); the first counts otherwise (``first``); caps and
floors of an item, a group, the whole (``at most``, ``at least``); a set of at least so many, apart from the sum (``minimum``); excused and absent
apart, first signer and co-signer (``by part``); the level of an award (``by level``); a later bonus on the same entry (``marks``); the same thing
counted once (``once``); only the higher of several (``only the highest of``); so many are asked for, more and fewer count (``target``); a rate
(``share of``); evidence (``evidence``); bands with bounds, and stars (``bands``); dates of force (``from``, ``until``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field as Constrained
from pydantic import ValidationError

from definitions.composition.shape import problems_of_shape
from definitions.finding import Finding, in_order
from definitions.model.node import Key, Names, Node, Text
from definitions.problem import Problem
from definitions.scores.values import Day, Points, Worth
from definitions.source.tree import Document, read

Counted = Literal["entry", "half-day", "day", "number"]
Span = Literal["quarter", "half year", "year", "two years", "term"]
Assessed = Literal["deputies", "delegations", "stations"]


class ScoreFacts(Node):
    """Which entries an item counts, by what they say of themselves; of each list one must fit."""

    part: Names = ()
    level: Names = ()
    mark: Names = ()


class ScoreTarget(Node):
    """So many are asked for, and are together worth ``points``; each ``more`` adds, each ``fewer`` takes away."""

    number: int = Constrained(ge=1, le=1000)
    points: Points
    more: Points = Fraction(0)
    fewer: Points = Fraction(0)


class ScoreItem(Node):
    """One line of a table: which entries it counts, and what they are worth."""

    title: Text
    help: Text | None = None
    counts: Names
    where: ScoreFacts = ScoreFacts()
    each: Counted = "entry"
    points: Points | None = None
    first: Points | None = None
    by_part: Mapping[Key, Worth] = Constrained(default_factory=dict, alias="by part")
    by_level: Mapping[Key, Points] = Constrained(default_factory=dict, alias="by level")
    marks: Mapping[Key, Points | Mapping[Key, Points]] = Constrained(default_factory=dict)
    of_marks: Literal["all", "highest"] = Constrained(default="all", alias="of marks")
    target: ScoreTarget | None = None
    share_of: Key | None = Constrained(default=None, alias="share of")
    once: Literal["matter", "day"] | None = None
    evidence: Literal["required", "asked"] | None = None
    at_most: Points | None = Constrained(default=None, alias="at most")
    at_least: Points | None = Constrained(default=None, alias="at least")
    group: Key | None = None


class ScoreGroup(Node):
    """Items that are capped together."""

    title: Text
    at_most: Points | None = Constrained(default=None, alias="at most")
    at_least: Points | None = Constrained(default=None, alias="at least")


class ScoreBand(Node):
    """A grade, and from how many points it is given; the lowest has no bound. ``stars`` (of five): what it is shown as, of a station."""

    title: Text
    from_: Points | None = Constrained(default=None, alias="from")
    stars: int | None = Constrained(default=None, ge=1, le=5)


class ScoreTable(Node):
    """A whole table. ``without minimum``: the best band of whoever misses what ``minimum`` asks for."""

    scores: Key
    title: Text
    help: Text | None = None
    of: Assessed = "deputies"
    per: Span = "year"
    from_: Day | None = Constrained(default=None, alias="from")
    until: Day | None = None
    base: Points = Fraction(0)
    at_most: Points | None = Constrained(default=None, alias="at most")
    at_least: Points | None = Constrained(default=None, alias="at least")
    groups: Mapping[Key, ScoreGroup] = Constrained(default_factory=dict)
    items: Mapping[Key, ScoreItem] = Constrained(min_length=1)
    only_the_highest_of: tuple[tuple[Key, ...], ...] = Constrained(default=(), alias="only the highest of")
    minimum: Mapping[Key, int] = Constrained(default_factory=dict)
    without_minimum: Key | None = Constrained(default=None, alias="without minimum")
    bands: Mapping[Key, ScoreBand] = Constrained(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadTable:
    """What became of a text: the table, unless its shape is wrong; its plain body; and the findings."""

    table: ScoreTable | None
    body: Any
    document: Document
    findings: tuple[Finding, ...]


def read_table(source: str | bytes, name: str) -> ReadTable:
    """Read a scoring table; raises ``Unreadable`` when the text is no YAML that we read."""
    from definitions.scores.checks import problems

    document = read(source, name)
    body = document.plain()
    found: tuple[Problem, ...] = ()
    table: ScoreTable | None = None
    try:
        table = restore_table(body)
    except ValidationError as error:
        found = problems_of_shape(error, body, ScoreTable)
    else:
        found = tuple(problems(table, body))
    return ReadTable(table, body, document, in_order([*document.findings, *document.findings_of(found)]))


def restore_table(body: Any) -> ScoreTable:
    """A table that was published, from its body."""
    return ScoreTable.model_validate(_as_tuples(body))


def _as_tuples(body: Any) -> Any:
    """The sets of which only the highest counts, as the model holds them."""
    sets = body.get("only the highest of") if isinstance(body, Mapping) else None
    if not isinstance(sets, list):
        return body
    many = [sets] if all(isinstance(one, str) for one in sets) else sets
    return {**body, "only the highest of": tuple(tuple(one) if isinstance(one, list) else one for one in many)}
