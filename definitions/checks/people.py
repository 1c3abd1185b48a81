"""Roles must find people: one source, filters that fit it, fields of the right type, and a fallback that comes to an end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from definitions.checks.choice import check_choice
from definitions.exploration.model import single
from definitions.model.definition import Definition
from definitions.model.role import PLACES, REPORTER, Role
from definitions.model.step import WaitingStep
from definitions.model.tell import NOBODY
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said

#: The types that a field read by a role can have, by the key that names it.
_TYPES = {
    "departments": ("department", "departments"),
    "departments for": ("choice", "text"),
    "people": ("person", "people"),
    "industry": ("choice",),
    "competence": ("choice", "text"),
    "area": ("area",),
    "chosen by": ("choice",),
    "designated": ("person",),
}
#: Sources that name their people outright, so that nobody is looked for.
_NAMED = ("departments", "people", "who did", "chosen by")
_AT_A_PLACE = ("staff of", "deputies of", "liaison officers of")
_WORD = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_SOURCES = ", ".join(
    (
        *_AT_A_PLACE,
        "members of",
        "departments",
        "departments for",
        "people",
        "who did",
        "chosen by",
    )
)


def check(definition: Definition) -> Iterator[Problem]:
    """Each role is sound in itself, its fallbacks end, and at most one role answers to the end."""
    for key, role in definition.roles.items():
        if key in (REPORTER, NOBODY):
            yield _reserved(key)
        elif len(role.sources) != 1:
            yield _source(key, role)
        else:
            yield from _place(key, role)
            yield from _fields(definition, key, role)
            yield from _who_did(definition, key, role)
            yield from _filters(key, role)
            yield from _ladder(key, role)
            yield from _picking(key, role)
            yield from _single(definition, key, role)
            yield from check_choice(definition, key, role)
        yield from _fallback(definition, key, role)
    yield from _one_answers(definition)


def _reserved(key: str) -> Problem:
    return problem(
        "reserved-role",
        ("roles", key),
        Said(f"“{key}”有固定的意思，不能用作角色名。", f"“{key}” has a meaning of its own, and can be no role's name."),
        Said("请删去它，或换个名字。", "Remove it, or choose another name."),
    )


def _source(key: str, role: Role) -> Problem:
    named = ", ".join(role.sources) or "—"
    said = Said(
        f"角色“{key}”要写明从哪里找人，且只写一处（现在：{named}）。",
        f"The role “{key}” needs exactly one source of people (now: {named}).",
    )
    remedy = Said(
        f"例如 staff of: station。可以写的有：{_SOURCES}。",
        f"For example staff of: station. There are: {_SOURCES}.",
    )
    return problem("role-source", ("roles", key), said, remedy)


def _place(key: str, role: Role) -> Iterator[Problem]:
    source, place = role.sources[0], role.place
    path = ("roles", key, source)
    if source in _AT_A_PLACE and place not in PLACES and not _WORD.fullmatch(place or ""):
        yield unknown(
            "unknown-place", path, Said("地点", "place"), place or "", (*PLACES, "street", "district", "city")
        )
    if source == "members of" and not _CODE.fullmatch(place or ""):
        yield problem(
            "unknown-place",
            path,
            Said(f"“{place}”不是单位代码。", f"“{place}” is no code of an organisation."),
            Said("请写名册里的单位代码，或 office。", "Write the code of an organisation in the register, or office."),
        )


def _fields(definition: Definition, key: str, role: Role) -> Iterator[Problem]:
    for named, name in role.fields.items():
        path, fitting = ("roles", key, named), _TYPES[named]
        field = definition.field_at(name)
        if field is None:
            known = [other for other, spec in definition.data.items() if spec.type in fitting]
            words = ["station", *known] if named == "industry" else known
            yield unknown("unknown-field", path, Said("字段", f"field for “{named}”"), name, words)
        elif field.type not in fitting:
            types = " / ".join(fitting)
            yield problem(
                "wrong-type",
                path,
                Said(f"字段“{name}”的类型是 {field.type}，不能用在这里。", f"The field “{name}” is a {field.type}; this cannot be used here."),
                Said(f"它的类型应为 {types}。", f"Its type must be {types}."),
            )  # fmt: skip


def _who_did(definition: Definition, key: str, role: Role) -> Iterator[Problem]:
    step, path = role.who_did, ("roles", key, "who did")
    acting = [name for name, spec in definition.steps.items() if isinstance(spec, WaitingStep)]
    if step is None or step in acting:
        return
    if step not in definition.steps:
        yield unknown("unknown-step", path, Said("步骤", "step"), step, acting)
        return
    yield problem(
        "nobody-acts",
        path,
        Said(f"步骤“{step}”是自动的，没有人办理。", f"Nobody acts at the step “{step}”: it goes by itself."),
        Said(
            f"请写有人办理的步骤：{'、'.join(acting[:12])}。",
            f"Name a step at which people act: {', '.join(acting[:12])}.",
        ),
    )


def _filters(key: str, role: Role) -> Iterator[Problem]:
    """Filters and strategies of a role whose people are named outright would do nothing."""
    source = role.sources[0]
    if source not in _NAMED:
        return
    filters = {
        "function": role.function,
        "industry": role.industry,
        "competence": role.competence,
        "area": role.area,
        "level": role.level,
        "speaks": role.speaks,
        "ladder": role.ladder,
        "pick": role.pick,
    }
    for named in [name for name, value in filters.items() if value]:
        yield problem(
            "nobody-looked-for",
            ("roles", key, named),
            Said(
                f"“{source}”已经写明是谁，“{named}”不起作用。", f"“{source}” says who it is; “{named}” has no effect."
            ),
            Said(f"请删去 {named}。", f"Remove {named}."),
        )


def _ladder(key: str, role: Role) -> Iterator[Problem]:
    path = ("roles", key, "ladder")
    if not role.ladder:
        return
    if role.sources[0] not in ("deputies of", "staff of", *_NAMED):
        yield problem(
            "ladder-of-whom",
            path,
            Said(
                "只有 deputies of 和 staff of 能逐级上交。",
                "Only deputies of and staff of can be handed up level by level.",
            ),
            Said("请改用其中之一，或删去 ladder。", "Use one of these, or remove ladder."),
        )
    doubled = [level for index, level in enumerate(role.ladder) if level in role.ladder[:index]]
    if doubled:
        yield problem(
            "double-level",
            path,
            Said(f"层级“{doubled[0]}”写了两次。", f"The level “{doubled[0]}” stands twice."),
            Said("请从低到高，每级写一次。", "Write each level once, from the lowest."),
        )
    if role.level is not None:
        yield problem(
            "level-and-ladder",
            ("roles", key, "level"),
            Said("写了 ladder（逐级），level 就不起作用。", "With a ladder, level has no effect."),
            Said("请只写其中之一。", "Write one of the two."),
        )


def _picking(key: str, role: Role) -> Iterator[Problem]:
    if ("designated" in role.pick) != (role.designated is not None):
        lacking = "designated" if role.designated is None else "pick"
        remedy = (
            Said("请写 designated: 人员字段。", "Write designated: and a field of type person.")
            if lacking == "designated"
            else Said("请在 pick 里写上 designated。", "Name designated in pick.")
        )
        said = Said("“designated”要在 pick 里写上，并写明是哪个字段。", "“designated” needs both its place in pick and its field.")  # fmt: skip
        yield problem("half-designated", ("roles", key, "pick" if role.pick else "designated"), said, remedy)
    if role.cap is not None and not role.pick:
        yield problem(
            "cap-without-pick",
            ("roles", key, "cap"),
            Said(
                "没有写 pick（选一位），cap（上限）不起作用。", "Without pick nobody is chosen, and cap has no effect."
            ),
            Said("例如 pick: [least loaded]。", "For example pick: [least loaded]."),
        )
    doubled = [pick for index, pick in enumerate(role.pick) if pick in role.pick[:index]]
    if doubled:
        yield problem(
            "double-pick",
            ("roles", key, "pick"),
            Said(f"“{doubled[0]}”写了两次。", f"“{doubled[0]}” stands twice."),
            Said("每种选法写一次，排在前面的先用。", "Write each once; the first one decides first."),
        )


def _single(definition: Definition, key: str, role: Role) -> Iterator[Problem]:
    """Who answers to the end must be one."""
    field = definition.field_at(role.people or role.departments or "")
    alone = role.who_did is not None or (field is not None and field.type in ("person", "department"))
    if not role.answerable or role.pick or alone or (role.chosen_by and single(definition, key)):
        return
    yield problem(
        "several-answerable",
        ("roles", key, "answerable"),
        Said("负责到底的只能是一位，这个角色可能有几位。", "One answers to the end, and this role can have several."),
        Said(
            "请写 pick，例如 pick: [on duty, least loaded]。", "Write pick, for example pick: [on duty, least loaded]."
        ),
    )


def _fallback(definition: Definition, key: str, role: Role) -> Iterator[Problem]:
    path: Path = ("roles", key, "fallback")
    if role.fallback is None:
        return
    if role.fallback not in definition.roles and role.fallback != REPORTER:
        yield unknown("unknown-role", path, Said("角色", "role"), role.fallback, definition.roles)
        return
    round_ = _circle(definition, key)
    # said once, at the first of those that go round
    if round_ and key == next(name for name in definition.roles if name in round_):
        way = " → ".join((*round_, key))
        yield problem(
            "fallback-circle",
            path,
            Said(f"后备角色绕成了圈：{way}。", f"The fallbacks go round in a circle: {way}."),
            Said("请去掉其中一个 fallback；都找不到人时，由总办公室接手。", "Remove one fallback; the office steps in when nobody is found."),
        )  # fmt: skip


def _circle(definition: Definition, key: str) -> tuple[str, ...]:
    """The roles through which a role is its own fallback; none if it is not."""
    way = [key]
    role: Role | None = definition.roles[key]
    while role is not None and role.fallback is not None:
        if role.fallback == key:
            return tuple(way)
        if role.fallback in way:
            return ()
        way.append(role.fallback)
        role = definition.roles.get(role.fallback)
    return ()


def _one_answers(definition: Definition) -> Iterator[Problem]:
    answerable = [key for key, role in definition.roles.items() if role.answerable]
    for key in answerable[1:]:
        yield problem(
            "two-answerable",
            ("roles", key, "answerable"),
            Said(
                f"“{answerable[0]}”已经负责到底，“{key}”不能再负责到底。",
                f"“{answerable[0]}” answers to the end already; “{key}” cannot too.",
            ),
            Said("请只给一个角色写 answerable: true。", "Give answerable: true to one role only."),
        )
