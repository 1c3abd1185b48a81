"""Roles that the option of a field chooses: every option has a role, and what is left empty has one too."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.model.definition import Definition
from definitions.model.field import Field
from definitions.model.role import REPORTER, Role
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said, words

_OTHERWISE = Said("请写 otherwise: 角色。", "Say otherwise: and a role.")


def check_choice(definition: Definition, key: str, role: Role) -> Iterator[Problem]:
    """Everything about one role; nothing where no field chooses it, unless it says what then."""
    path: Path = ("roles", key)
    if role.chosen_by is None:
        for name in [name for name, value in (("among", role.among), ("otherwise", role.otherwise)) if value]:
            yield problem(
                "choice-of-nothing",
                (*path, name),
                Said(f"没有写 chosen by，“{name}”不起作用。", f"Without chosen by, “{name}” has no effect."),
                Said("请写 chosen by: 选择字段，或删去它。", "Say chosen by: and a choice field, or remove it."),
            )
        return
    field = definition.data.get(role.chosen_by)
    if field is None or field.type != "choice":
        return
    yield from _names(definition, path, field, role)
    yield from _left_open(definition, path, field, role)
    yield from _round(definition, path, key)


def _names(definition: Definition, path: Path, field: Field, role: Role) -> Iterator[Problem]:
    for option, other in role.among.items():
        if field.options and option not in field.options:
            yield unknown("unknown-option", (*path, "among", option), Said("选项", "option"), option, field.options)
        if other not in (REPORTER, *definition.roles):
            yield unknown("unknown-role", (*path, "among", option), Said("角色", "role"), other, definition.roles)
    if role.otherwise is not None and role.otherwise not in (REPORTER, *definition.roles):
        yield unknown("unknown-role", (*path, "otherwise"), Said("角色", "role"), role.otherwise, definition.roles)


def _left_open(definition: Definition, path: Path, field: Field, role: Role) -> Iterator[Problem]:
    if role.otherwise is not None:
        return
    title = _title(field, role.chosen_by or "")
    lacking = [option for option in field.options if option not in role.among]
    zh, en = (
        "、".join(words(field.options[one], "zh", one) for one in lacking),
        ", ".join(words(field.options[one], "en", one) for one in lacking),
    )
    if lacking or field.of is not None:
        which = Said(f"选“{zh}”", f"for {en}") if lacking else Said("名单里有的选项", "for some options of the list")
        yield problem(
            "option-without-role",
            (*path, "chosen by"),
            Said(
                f"“{title[0]}”{which[0]}时没有写由谁办。",
                f"It does not say who it is when “{title[1]}” stands {which[1]}.",
            ),
            Said("请在 among 里补上，或写 otherwise: 角色。", "Add it to among, or say otherwise: and a role."),
        )
    elif (
        (role.chosen_by or "") in definition.entered
        and field.required is not True
        and field.default is None
        and role.fallback is None
    ):
        yield problem(
            "empty-without-role",
            (*path, "chosen by"),
            Said(
                f"“{title[0]}”可以不填，那时没有写由谁办。",
                f"“{title[1]}” may be left empty, and it does not say who it is then.",
            ),
            Said("请写 otherwise: 角色，或让这一栏必填。", "Say otherwise: and a role, or have the field filled in."),
        )


def _round(definition: Definition, path: Path, key: str) -> Iterator[Problem]:
    """A role is not one of those among which it chooses, by whatever detour."""
    seen: set[str] = set()
    open_ = [*_next(definition, key)]
    while open_:
        one = open_.pop()
        if one not in seen:
            seen.add(one)
            open_ += _next(definition, one)
    if key in seen:
        yield problem(
            "choice-in-a-circle",
            (*path, "among"),
            Said(f"“{key}”绕了一圈又选到它自己。", f"“{key}” chooses itself in the end."),
            Said(
                "请改写 among 或 otherwise，让它通向找得到人的角色。",
                "Let among and otherwise lead to roles that find people.",
            ),
        )


def _next(definition: Definition, key: str) -> tuple[str, ...]:
    role = definition.roles.get(key)
    return (
        (*role.among.values(), *((role.otherwise,) if role.otherwise else ()))
        if role is not None and role.chosen_by
        else ()
    )


def _title(field: Field, name: str) -> Said:
    return Said(words(field.title, "zh", name), words(field.title, "en", name))
