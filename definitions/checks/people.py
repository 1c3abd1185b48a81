"""Roles must find people."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.checks.problem import Problem, problem, unknown
from definitions.definition import Definition
from definitions.role import REPORTER


def check(definition: Definition) -> Iterator[Problem]:
    """Each role has exactly one source, its fallback exists, its field is one of departments, and at most one answers to the end."""
    for key, role in definition.roles.items():
        if key == REPORTER:
            yield problem(
                "reserved-role",
                ("roles", key),
                ("“reporter”（反映人）是每个流程自带的角色。", "Every process has the role “reporter” of itself."),
                ("请删去它，或换个名字。", "Remove it, or choose another name."),
            )
        elif len(role.sources) != 1:
            named = ", ".join(role.sources) or "—"
            yield problem(
                "role-source",
                ("roles", key),
                (
                    f"角色“{key}”要写明从哪里找人，且只写一处（现在：{named}）。",
                    f"The role “{key}” needs exactly one source of people (now: {named}).",
                ),
                (
                    "例如 staff of: station，或 departments: lead。",
                    "For example staff of: station, or departments: lead.",
                ),
            )
        if role.fallback is not None and role.fallback not in definition.roles:
            yield unknown("unknown-role", ("roles", key, "fallback"), ("角色", "role"), role.fallback, definition.roles)
        if role.departments is not None:
            yield from _field_of_departments(definition, key, role.departments)
    yield from _one_answers(definition)


def _field_of_departments(definition: Definition, key: str, name: str) -> Iterator[Problem]:
    path = ("roles", key, "departments")
    known = [field for field, spec in definition.data.items() if spec.type in ("department", "departments")]
    if name not in definition.data:
        yield unknown("unknown-field", path, ("部门字段", "field of departments"), name, known)
    elif name not in known:
        yield problem(
            "wrong-type",
            path,
            (f"字段“{name}”不是部门。", f"The field “{name}” does not hold departments."),
            ("它的类型应为 department 或 departments。", "Its type must be department or departments."),
        )


def _one_answers(definition: Definition) -> Iterator[Problem]:
    answerable = [key for key, role in definition.roles.items() if role.answerable]
    for key in answerable[1:]:
        yield problem(
            "two-answerable",
            ("roles", key, "answerable"),
            (
                f"“{answerable[0]}”已经负责到底，“{key}”不能再负责到底。",
                f"“{answerable[0]}” answers to the end already; “{key}” cannot too.",
            ),
            ("请只给一个角色写 answerable: true。", "Give answerable: true to one role only."),
        )
