"""Names in expressions must be fields, fields must be whole, and one name must mean one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from definitions.checks.expressions import problems_in, problems_in_condition
from definitions.checks.fields import check_field, check_names
from definitions.checks.number import check_pattern
from definitions.checks.places import places
from definitions.checks.rules import check_order
from definitions.expressions.error import ExpressionError
from definitions.expressions.expression import Expression, Template
from definitions.model.cell import CellError, cell
from definitions.model.definition import Definition
from definitions.model.field import Field
from definitions.model.step import Branch, WaitingStep
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said, words
from definitions.types.inference import condition_type
from definitions.types.kinds import Kind, kinds_in_messages, kinds_of


def check(definition: Definition) -> Iterator[Problem]:
    """Expressions name known fields; choices have options; a field asked for twice has the same type; numbers differ."""
    yield from check_pattern(("number",), definition.number)
    yield from check_names(definition)
    for name, field in definition.fields.items():
        yield from check_field(definition, ("fields", name), field)
    for path, name, field in _asked(definition):
        yield from check_field(definition, path, field)
        yield from _same(definition, path, name, field)
    for key, action, name, field in definition.asks_in_rows():
        yield from check_field(definition, (definition.stage_of[key], key, "actions", action, "ask", name), field)
    opening = [(("fields", name), name, field) for name, field in definition.fields.items()]
    yield from check_order([*opening, *_asked(definition)], definition.data)
    yield from _expressions(definition)
    yield from _computed(definition)
    yield from _never_asked(definition)


def _never_asked(definition: Definition) -> Iterator[Problem]:
    """What must be filled in is asked for somewhere."""
    asked = {name for _, name, _ in _asked(definition)}
    asked |= {name for path, value in places(definition) if path[-1:] == ("edit",) for name in value}
    for name, field in definition.fields.items():
        if field.required and not field.asked and name not in asked:
            title = Said(words(field.title, "zh", name), words(field.title, "en", name))
            yield problem(
                "required-never-asked",
                ("fields", name, "required"),
                Said(
                    f"“{title[0]}”必填，却没有一步来填：提出时不问（asked: false），后面也没有人填。",
                    f"“{title[1]}” must be filled in, and nobody is ever asked for it: not at first (asked: false), nor later.",
                ),
                Said(
                    f"请在某种办理的 ask 或 edit 里写上 {name}；不由人填的，请删去 required。",
                    f"Name {name} in the ask or edit of an action; if no person fills it in, remove required.",
                ),
            )


def _asked(definition: Definition) -> Iterator[tuple[Path, str, Field]]:
    """Every field that is asked for later, with its place."""
    for step, action, name, field in definition.asks():
        base: Path = (definition.stage_of[step], step)
        within = ("actions", action) if isinstance(definition.steps[step], WaitingStep) else ()
        yield (*base, *within, "ask", name), name, field
    for name, field in (definition.reopen.ask if definition.reopen else {}).items():
        yield ("reopen", "ask", name), name, field
    for key, option in definition.options.items():
        yield from ((("options", key, "ask", name), name, field) for name, field in option.ask.items())


def _same(definition: Definition, path: Path, name: str, field: Field) -> Iterator[Problem]:
    first = definition.data[name]
    if (field.type, set(field.options), field.of) != (first.type, set(first.options), first.of):
        yield problem(
            "two-types",
            path,
            Said(f"“{name}”在别处的类型是“{first.type}”。", f"“{name}” has the type “{first.type}” elsewhere."),
            Said(
                "同名的字段类型要相同；不同的内容请换个名字。",
                "One name has one type; give another name to another thing.",
            ),
        )
    if first.private and not field.private:
        yield problem(
            "private-here-public-there",
            path,
            Said(f"“{name}”在别处是个人信息（private）。", f"“{name}” is private elsewhere."),
            Said("请在这里也写 private: true。", "Say private: true here too."),
        )


def _expressions(definition: Definition) -> Iterator[Problem]:
    """Every expression, wherever it stands: its names exist, its values fit, and a condition is one."""
    kinds, in_messages = kinds_of(definition.data), kinds_in_messages(definition.data)
    for path, value in places(definition):
        if path[:1] == ("messages",) and isinstance(value, Template):
            yield from problems_in(path, value, in_messages)
            continue
        if path[:1] == ("number",) or "give" in path:
            # patterns of numbers see other names
            continue
        if isinstance(value, Branch):
            yield from _cells(definition, path, value)
        elif isinstance(value, Expression | Template):
            known = {**kinds, **_columns(definition, path)}
            if path[-1] in ("when", "required") and isinstance(value, Expression):
                yield from problems_in_condition(path, value, known)
            else:
                yield from problems_in(path, value, known)


def _columns(definition: Definition, path: Path) -> Mapping[str, Kind]:
    """What an expression in a column of a table sees besides: the columns."""
    if "columns" not in path:
        return {}
    at = path.index("columns")
    field = next((value for place, value in places(definition) if place == path[:at]), None)
    return kinds_of(field.columns) if isinstance(field, Field) else {}


def _cells(definition: Definition, path: Path, branch: Branch) -> Iterator[Problem]:
    """The cells of a row of a decision table fit their fields."""
    for name, value in branch.if_.items():
        field = definition.data.get(name)
        place = (*path, "if", name)
        if field is None:
            yield unknown("unknown-name", place, Said("字段", "field"), name, definition.data)
            continue
        try:
            guard = cell(name, value)
        except (CellError, ExpressionError) as error:
            yield Problem("wrong-cell", place, error.message, error.remedy)
            continue
        if guard is not None:
            for found in condition_type(guard, kinds_of(definition.data)).mismatches:
                yield Problem(found.rule, place, found.message, found.remedy)


def _computed(definition: Definition) -> Iterator[Problem]:
    """Computed fields do not follow from themselves, and nobody fills them in."""
    follows = {
        name.replace("-", "_"): {n.partition(".")[0] for n in field.compute.names}
        for name, field in definition.computed.items()
        if field.compute is not None
    }
    for name in definition.computed:
        spelled, seen, open_ = name.replace("-", "_"), set[str](), list(follows[name.replace("-", "_")])
        while open_:
            one = open_.pop()
            if one not in seen:
                seen.add(one)
                open_ += follows.get(one, ())
        if spelled in seen:
            said = Said(f"“{name}”由它自己算出。", f"“{name}” is computed from itself.")
            yield problem(
                "computed-from-itself", ("fields", name, "compute"), said, Said("请改写。", "Write it otherwise.")
            )
    for path, value in places(definition):
        if path[-1:] == ("edit",) or (path[-1:] in (("set",), ("save",)) and isinstance(value, Mapping)):
            filled = set(value)
        else:
            continue
        if path[-1] != "edit":
            yield from _filled_unasked(definition, path, filled)
        for name in sorted(filled & set(definition.computed)):
            said = Said(f"“{name}”由系统算出，不能填写。", f"“{name}” is computed; it cannot be filled in.")
            yield problem("computed-filled", path, said, Said("请删去它。", "Leave it out."))


def _filled_unasked(definition: Definition, path: Path, filled: set[str]) -> Iterator[Problem]:
    """A value that stands once is entered by people: nobody else could be told that it is taken, and enter another."""
    for name in sorted(filled & set(definition.unique)):
        said = Said(
            f"“{name}”不能重复（unique），不能由步骤填写。", f"“{name}” stands once (unique); a step cannot fill it in."
        )
        remedy = Said("请在表单里问（ask），或去掉 unique。", "Ask for it in a form (ask), or remove “unique”.")
        yield problem("unique-unasked", path, said, remedy)
