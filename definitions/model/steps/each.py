"""``each``: several people do their part, or vote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic import Field as Constrained

from definitions.model.action import Way
from definitions.model.completion import Completion, Turnout, Until
from definitions.model.node import Key, Names
from definitions.model.step import Named, Rest, StepKind, WaitingStep
from definitions.model.term import Terms, parse_terms, plain_terms
from definitions.model.weight import Weighed
from definitions.problem import Path, Problem, problem
from definitions.text import Said

if TYPE_CHECKING:
    from definitions.model.definition import Definition

WithinEach = Annotated[
    Mapping[str, Terms],
    BeforeValidator(
        lambda value: (
            {role: parse_terms(terms) for role, terms in value.items()} if isinstance(value, Mapping) else value
        )
    ),
    PlainSerializer(lambda many: {role: plain_terms(one) for role, one in many.items()}, return_type=dict[str, Any]),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": ["string", "array"]}}),
]

#: What of those who vote is counted.
Measure = Literal["persons", "weight"]
Measures = Annotated[
    tuple[Measure, ...],
    BeforeValidator(
        lambda value: (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value
    ),
    WithJsonSchema(
        {"oneOf": [{"enum": ["persons", "weight"]}, {"type": "array", "items": {"enum": ["persons", "weight"]}}]}
    ),
]


class EachStep(WaitingStep):
    """One work item for each holder of the roles named; the first role leads, and its answers become the issue's data.

    ``until`` says when it is complete; where actions have a ``vote``, only those ``for`` count. ``rejected`` is the way when the quorum can
    no longer be reached; ``nobody`` the way when there is nobody to ask, where a vote is not passed. Whoever holds several of the roles has one
    task, of the role named first. ``in order``: one after the other. ``within each`` gives a role a shorter deadline of its own.
    ``weight`` names what a vote weighs; then weights count, or what ``counted by`` says. ``turnout`` is how many must take part. With it, or
    with a share of those who voted, the deadline ends the vote: what was given counts, and with too small a turnout ``too few`` is the way.
    ``rows``: one task for each row of this table, for whom the row names (a role of ``departments: table.column`` or ``people``), else for all
    holders of the role together; what is asked are columns, answered in the row, which expressions see as ``row``.
    """

    step_kind: ClassVar[StepKind] = StepKind(
        key="each",
        title=Said("分头办理、会签（each）", "Each"),
        meaning=Said("这些角色每人（单位）一份", "One task for each holder of these roles"),
        value=Said("由哪些人分别办理", "who each do it"),
        shape="each",
        heard=True,
    )

    each: Names
    rows: Key | None = None
    until: Until = Completion("all")
    in_order: bool = Constrained(default=False, alias="in order")
    rejected: Way | None = None
    nobody: Way | None = None
    weight: Weighed | None = None
    counted_by: Measures = Constrained(default=(), alias="counted by")
    turnout: Turnout | None = None
    too_few: Way | None = Constrained(default=None, alias="too few")
    within_each: WithinEach = Constrained(default_factory=dict, alias="within each")
    to: Key

    @property
    def acting(self) -> tuple[str, ...]:
        """The roles."""
        return self.each

    @property
    def row_of(self) -> str | None:
        """The table."""
        return self.rows

    @property
    def terms_of_its_items(self) -> tuple[Terms, ...]:
        """Those of roles."""
        return tuple(self.within_each.values())

    @cached_property
    def voting(self) -> bool:
        """Whether people vote here, and do not only do their part."""
        return any(action.vote for action in self.actions.values())

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """What is counted: each must be reached."""
        return self.counted_by or (("weight",) if self.weight else ("persons",))

    @property
    def ends_at_the_deadline(self) -> bool:
        """Whether the deadline ends the vote, and what was given until then counts."""
        return self.voting and (self.turnout is not None or self.until.voted)

    @property
    def unasked(self) -> tuple[str, Way] | None:
        """The way when there is nobody to ask, and its name; ``None``: the step goes on as if all had done their part."""
        if self.nobody:
            return "nobody", self.nobody
        return ("rejected", self.rejected) if self.voting and self.rejected else None

    def ways(self) -> Iterator[tuple[str, Way]]:
        """Those of every step that waits for people, the way when it is rejected, and the one when there is nobody."""
        yield from super().ways()
        if self.rejected:
            yield "rejected", self.rejected
        if self.nobody:
            yield "nobody", self.nobody
        if self.too_few:
            yield "too few", self.too_few

    def rest(self) -> Rest:
        """It waits if there is anybody."""
        return Rest(holders=self.each) if self.rows is None else Rest(day=self.rows)

    def named(self, definition: Definition) -> Iterator[Named]:
        """Whoever acts, and the table."""
        yield from super().named(definition)
        yield Named("field", ("rows",), (self.rows,), ("table",))

    def faults(self, definition: Definition, path: Path) -> Iterator[Problem]:
        """Votes that cannot be won, or lost; rows that nobody could answer in."""
        yield from row_faults(self, definition, path)
        votes = {action.vote for action in self.actions.values()} - {None}
        if votes == {"against"}:
            said = Said("只有反对票，没有赞成票。", "There are votes against, and none for.")
            yield problem(
                "no-vote-for", (*path, "actions"), said, Said("请给一种办理写 vote: for。", "Give one vote: for.")
            )
        if "against" in votes and self.rejected is None:
            yield problem(
                "no-rejected",
                path,
                Said("没有写有人反对、通不过时怎么办。", "It does not say what happens when it is rejected."),
                Said("请写 rejected，例如 rejected: {to: closed}。", "Say it, for example rejected: {to: closed}."),
            )


def row_faults(step: EachStep, definition: Definition, path: Path) -> Iterator[Problem]:
    """What is wrong with a step that has a task for each row of a table."""
    table = definition.data.get(step.rows or "")
    if step.rows is None or table is None or table.type != "table":
        return
    if len(step.each) > 1 or step.voting:
        said = Said("逐行办理只写一个角色，不表决。", "A task for each row is for one role, and is no vote.")
        remedy = Said("请在 each 里只留一个角色，并删去 vote。", "Leave one role in each, and no vote.")
        yield problem("rows-alone", (*path, "rows"), said, remedy)
    role = definition.roles.get(step.each[0]) if step.each else None
    column = (role.people or role.departments or "") if role else ""
    if "." in column and column.partition(".")[0] != step.rows:
        said = Said(f"角色“{step.each[0]}”取自另一张表。", f"The role “{step.each[0]}” is named by another table.")
        remedy = Said(f"请写 {step.rows}.列名。", f"Write {step.rows}. and a column.")
        yield problem("rows-of-another", (*path, "each"), said, remedy)
    for name, action in step.actions.items():
        for asked, field in action.ask.items():
            known = table.columns.get(asked)
            if known is None or known.type != field.type or known.compute is not None:
                yield problem(
                    "no-such-column",
                    (*path, "actions", name, "ask", asked),
                    Said(
                        f"“{asked}”要填回“{step.rows}”的这一行，可是表里没有类型相同的这一列。",
                        f"“{asked}” is answered in the row, and “{step.rows}” has no such column of this type.",
                    ),
                    Said(
                        f"请在 {step.rows} 的 columns 里加上 {asked}，登记时不用填的写 asked: false。",
                        f"Add {asked} to the columns of {step.rows}, with asked: false if it is not filled in before.",
                    ),
                )
