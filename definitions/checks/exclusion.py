"""Exclusion (``other than``): it names what there is, leaves somebody to act, and is there where people could decide on themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from definitions.exploration.model import single
from definitions.model.action import Action
from definitions.model.definition import Definition
from definitions.model.exclusion import excluded
from definitions.model.role import REPORTER, Role
from definitions.model.step import WaitingStep
from definitions.model.steps.task import TaskStep
from definitions.model.tell import NOBODY
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said, words

_PARTIES = ("person", "people", "department", "departments")
#: The kinds of participants who may stand behind a role, by its source.
_KINDS = {
    "staff of": {"staff", "administrator"},
    "members of": {"staff", "administrator"},
    "deputies of": {"deputy"},
    "liaison officers of": {"liaison"},
    "departments": {"handler"},
    "departments for": {"handler"},
    "people": {"deputy", "liaison", "staff", "administrator", "handler"},
}
_OTHER = Said("请换一个角色，或给它写 fallback。", "Take another role, or give it a fallback.")


def check(definition: Definition) -> Iterator[Problem]:
    """Every place where somebody is excluded, and every step at which somebody should be."""
    yield from _names(definition, (), definition.other_than)
    for key, role in definition.roles.items():
        yield from _names(definition, ("roles", key), role.other_than)
    for key, step in definition.steps.items():
        if isinstance(step, WaitingStep):
            path: Path = (definition.stage_of[key], key)
            yield from _names(definition, path, step.other_than)
            yield from _nobody_left(definition, path, key, step)
            yield from _on_oneself(definition, path, key, step)


def _names(definition: Definition, path: Path, names: tuple[str, ...]) -> Iterator[Problem]:
    fields = [name for name, field in definition.data.items() if field.type in _PARTIES]
    place: Path = (*path, "other than")
    for name in names:
        if name in (REPORTER, NOBODY) or name in definition.steps:
            continue
        role, field = definition.roles.get(name), definition.data.get(name)
        if role is not None:
            yield from _everybody(definition, place, name, role)
        elif field is None:
            known = (REPORTER, *definition.steps, *definition.roles, *fields)
            yield unknown("unknown-name", place, Said("步骤、角色或字段", "step, role or field"), name, known)
        elif field.type not in _PARTIES:
            yield problem(
                "wrong-type",
                place,
                Said(f"字段“{name}”里不是人或单位。", f"The field “{name}” holds no people or departments."),
                Said(
                    "请写步骤、reporter、角色，或存放人员、单位的字段。",
                    "Name steps, reporter, roles, or fields with people or departments.",
                ),
            )


def _everybody(definition: Definition, path: Path, name: str, role: Role) -> Iterator[Problem]:
    """Whoever could hold a role is nobody in particular; only who holds it in this issue can be left out."""
    if role.pick or role.people or role.departments or role.who_did or role.chosen_by:
        return
    title = _title(definition, name)
    yield problem(
        "excludes-everybody",
        path,
        Said(
            f"“{title[0]}”不是确定的一位，没有选定的人都算在内，说不清要排除谁。",
            f"“{title[1]}” is nobody in particular: all who could hold it are meant, so it does not say who may not act.",
        ),
        Said(
            "请改写成他们办理的那个步骤，或给这个角色写 pick（选定一位）。",
            "Name the step at which they acted, or give the role a pick.",
        ),
    )


def _nobody_left(definition: Definition, path: Path, key: str, step: WaitingStep) -> Iterator[Problem]:
    """Those who may not act are all who could."""
    if any(rung.escalate or rung.to or rung.hand_up for rung in step.overdue):
        return
    for role in step.acting:
        spec = definition.roles.get(role)
        if spec is not None and spec.fallback:
            return
        for name in excluded(definition, key, role):
            if name in step.other_than and name in {role, *((spec.people, spec.departments) if spec else ())}:
                yield _same(definition, path, role)
            elif isinstance(step, TaskStep) and _acted_alone(definition, role, spec, name):
                yield _acted(definition, path, role, name)


def _same(definition: Definition, path: Path, role: str) -> Problem:
    title = _title(definition, role)
    return problem(
        "nobody-left",
        (*path, "other than"),
        Said(
            f"这一步由“{title[0]}”办，又不许“{title[0]}”办，就没有人能办了。",
            f"This step is for “{title[1]}”, and “{title[1]}” may not act here: nobody is left.",
        ),
        _OTHER,
    )


def _acted_alone(definition: Definition, role: str, spec: Role | None, name: str) -> bool:
    before = definition.steps.get(name)
    same = isinstance(before, TaskStep) and before.acting == (role,)
    alone = role == REPORTER or bool(spec and (spec.pick or spec.people) and single(definition, role))
    return (same and alone) or (spec is not None and spec.who_did == name)


def _acted(definition: Definition, path: Path, role: str, name: str) -> Problem:
    title = _title(definition, role)
    return problem(
        "four-eyes-alone",
        (*path, "other than"),
        Said(
            f"这一步只有“{title[0]}”能办，而办过“{name}”的正是同一个人，就没有人能办了。",
            f"Only the “{title[1]}” can act here, and that is who acted at “{name}”: nobody is left.",
        ),
        Said("请换一个角色，或在 overdue 写 escalate。", "Take another role, or let overdue escalate."),
    )


def _on_oneself(definition: Definition, path: Path, key: str, step: WaitingStep) -> Iterator[Problem]:
    """Whoever asked for something may be the one who grants it, and it does not say whether they may."""
    if NOBODY in (*step.other_than, *definition.other_than):
        return
    for role in step.acting:
        if (
            _grants(step.offered(role).values())
            and REPORTER not in excluded(definition, key, role)
            and _may_be_the_reporter(definition, role)
        ):
            title = _title(definition, role)
            yield problem(
                "decides-on-oneself",
                (*path, step.step_kind.key),
                Said(
                    f"这一步由“{title[0]}”决定，而提出人自己也可能是“{title[0]}”，那就是自己批自己的事。",
                    f"This is decided by “{title[1]}”, and whoever asked may be “{title[1]}” themself.",
                ),
                Said(
                    "请写 other than: reporter（写在流程上，各步都有效）；如果本来就允许，请写 other than: nobody。",
                    "Write other than: reporter, here or for the whole process; if they may, write other than: nobody.",
                ),
            )
            return


def _grants(actions: Collection[Action]) -> bool:
    """Whether there is a vote, or the ways to act say themselves that the issue ends differently."""
    return any(action.vote for action in actions) or len({action.resolution for action in actions}) > 1


def _may_be_the_reporter(definition: Definition, role: str) -> bool:
    """Whether those who raise such issues are those who hold a role; where anybody may raise them, nothing is said."""
    spec, raised_by = definition.roles.get(role), set(definition.opened_by)
    if spec is None or not raised_by or "citizen" in raised_by or len(spec.sources) != 1:
        return False
    if spec.chosen_by:
        return any(
            _may_be_the_reporter(definition, one) for one in {*spec.among.values(), spec.otherwise or ""} - {role}
        )
    return not raised_by.isdisjoint(_KINDS.get(spec.sources[0], ()))


def _title(definition: Definition, role: str) -> Said:
    title = definition.role_title(role)
    return Said(words(title, "zh", role), words(title, "en", role))
