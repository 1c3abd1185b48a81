"""A field must be whole: its keys fit its type, its conditions read what is there, and its default could be entered."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.checks.rules import check_rules
from definitions.forms.form import Wrong, fit
from definitions.model.definition import Definition
from definitions.model.field import CODE_LISTS, NOT_COMPUTED, NOT_IN_TABLES, RESERVED, SEVERAL, Field
from definitions.model.role import REPORTER
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said

_CHOICES = ("choice", "choices")
_NUMBERS = ("integer", "number", "money")
_TEXTS = ("text", "long text", "phone", "email", "place")


def check_names(definition: Definition) -> Iterator[Problem]:
    """No field bears a name of the house, and no two read the same in expressions."""
    spelled: dict[str, str] = {}
    for name in definition.data:
        word = name.replace("-", "_")
        path: Path = ("fields", name) if name in definition.fields else ()
        if word in RESERVED:
            said = Said(f"“{name}”在表达式里另有含义。", f"“{name}” means something else in expressions.")
            yield problem("reserved-name", path, said, Said("请给字段换个名字。", "Give the field another name."))
        if word in spelled:
            said = Said(
                f"“{name}”与“{spelled[word]}”在表达式里写法相同。",
                f"“{name}” and “{spelled[word]}” are written alike in expressions.",
            )
            yield problem("same-name", path, said, Said("请给其中一个换个名字。", "Give one of them another name."))
        spelled.setdefault(word, name)


def check_field(definition: Definition, path: Path, field: Field) -> Iterator[Problem]:
    """Everything about one field, and about the columns of a table."""
    yield from _options(path, field)
    yield from _columns(definition, path, field)
    yield from _fitting(path, field)
    yield from _computed(path, field)
    yield from _default(path, field)
    yield from check_rules(path, field, definition.data)
    yield from _seen_by(definition, path, field)


def _options(path: Path, field: Field) -> Iterator[Problem]:
    if field.type in _CHOICES and not field.options and field.of is None:
        yield problem(
            "choice-without-options",
            path,
            Said("选择项没有写可选的内容。", "A choice has no options."),
            Said(
                "请写 options，例如 options: {yes: {zh: 同意, en: Agree}}；或用 of: industries 取名单。",
                "Give options, for example options: {yes: {zh: 同意, en: Agree}}; or take a list with of: industries.",
            ),
        )
    if field.type not in _CHOICES:
        for key in ("options", "of"):
            if getattr(field, key):
                yield _unfit(
                    "options-without-choice",
                    (*path, key),
                    Said(f"类型“{field.type}”没有选项。", f"The type “{field.type}” has no options."),
                    Said(
                        "请把类型改为 choice 或 choices，或删去 {}。",
                        "Make the type choice or choices, or remove “{}”.",
                    ),
                    key,
                )
    elif field.of is not None and field.options:
        said = Said("options 和 of 只能写一个。", "Either options or of, not both.")
        yield problem("options-twice", (*path, "of"), said, Said("请删去一个。", "Remove one of them."))
    if field.of is not None and field.of not in CODE_LISTS:
        yield unknown("unknown-list", (*path, "of"), Said("名单", "list"), field.of, CODE_LISTS)


def _columns(definition: Definition, path: Path, field: Field) -> Iterator[Problem]:
    if field.type == "table" and not field.columns:
        said = Said("表格没有写有哪些栏。", "A table has no columns.")
        example = "columns: {amount: {type: money, title: {zh: 金额, en: Amount}}}"
        yield problem("table-without-columns", path, said, Said(f"例如 {example}。", f"For example {example}."))
    if field.columns and field.type != "table":
        said = Said(f"类型“{field.type}”没有栏。", f"The type “{field.type}” has no columns.")
        yield problem(
            "columns-without-table", (*path, "columns"), said, Said("请把类型改为 table。", "Make the type table.")
        )
        return
    for name, column in field.columns.items():
        at: Path = (*path, "columns", name)
        if column.type in NOT_IN_TABLES:
            said = Said(f"表格里不能有“{column.type}”。", f"A table cannot hold “{column.type}”.")
            remedy = Said(
                "一栏里放单个的值，例如文字、数字、日期、选择。",
                "A cell holds one value: a text, number, date or choice.",
            )
            yield problem("unfit-column", (*at, "type"), said, remedy)
            continue
        if column.private or column.seen_by:
            said = Said("一栏不能单独设为个人信息。", "A column cannot be private by itself.")
            remedy = Said("请写在整个表格上。", "Say it of the whole table.")
            yield problem("private-column", (*at, "private" if column.private else "seen by"), said, remedy)
        yield from _options(at, column)
        yield from _fitting(at, column)
        yield from _computed(at, column)
        yield from _default(at, column)
        yield from check_rules(at, column, field.columns, column=True)


def _fitting(path: Path, field: Field) -> Iterator[Problem]:
    """Keys that mean something for other types only."""
    given = (
        ("at least", field.at_least is not None, (*_NUMBERS, *sorted(SEVERAL))),
        ("at most", field.at_most is not None, (*_NUMBERS, *sorted(SEVERAL))),
        ("longest", field.longest is not None, _TEXTS),
        ("unit", field.unit is not None, _NUMBERS),
        ("currency", "currency" in field.model_fields_set, ("money",)),
    )
    for key, written, types in given:
        if written and field.type not in types:
            said = Said(f"类型“{field.type}”用不着 {key}。", f"“{key}” means nothing for the type “{field.type}”.")
            remedy = Said("{} 用于：" + "、".join(types) + "。", "“{}” is for: " + ", ".join(types) + ".")
            yield _unfit("unfit-key", (*path, key), said, remedy, key)
    if field.at_least is not None and field.at_most is not None and field.at_least > field.at_most:
        said = Said("at least 比 at most 还大。", "“at least” is larger than “at most”.")
        yield problem("bounds-crossed", (*path, "at least"), said, Said("请对调。", "Exchange the two."))


def _computed(path: Path, field: Field) -> Iterator[Problem]:
    if not field.derived:
        return
    if field.compute is not None and field.type in NOT_COMPUTED:
        said = Said(f"“{field.type}”不能由表达式算出。", f"“{field.type}” cannot be computed.")
        remedy = Said(
            "算出的应是单个的值，例如数字、文字、日期。",
            "What is computed is one value: a number, text or date.",
        )
        yield problem("unfit-compute", (*path, "compute"), said, remedy)
    for key in ("required", "default", "when"):
        if getattr(field, key) not in (None, False):
            said = Said("算出的字段不由人填写。", "A computed field is not filled in by anybody.")
            yield _unfit("computed-and-entered", (*path, key), said, Said("请删去 {}。", "Remove “{}”."), key)


def _default(path: Path, field: Field) -> Iterator[Problem]:
    if field.default is None:
        return
    said = Said(f"default 不是“{field.type}”的值。", f"The default is no value of the type “{field.type}”.")
    if field.type in NOT_COMPUTED:
        yield problem("wrong-default", (*path, "default"), said, Said("请删去 default。", "Remove the default."))
        return
    try:
        fit(field, field.default, known=lambda _: True)
    except Wrong as wrong:
        yield problem("wrong-default", (*path, "default"), said, Said(wrong.message["zh"], wrong.message["en"]))


def _seen_by(definition: Definition, path: Path, field: Field) -> Iterator[Problem]:
    known = [*definition.roles, REPORTER]
    for role in field.seen_by:
        if role not in known:
            yield unknown("unknown-role", (*path, "seen by"), Said("角色", "role"), role, known)


def _unfit(rule: str, path: Path, said: Said, remedy: Said, key: str) -> Problem:
    return problem(rule, path, said, Said(remedy[0].format(key), remedy[1].format(key)))
