"""Standing options: they name what there is, do something, and say how the issue ended where they end it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from definitions.model.definition import Definition
from definitions.model.option import StandingOption
from definitions.model.role import REPORTER
from definitions.model.step import STAGES
from definitions.model.steps.close import CloseStep
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said, words

_ROLE, _STEP, _FIELD = Said("角色", "role"), Said("步骤或阶段", "step or stage"), Said("字段", "field")


def check(definition: Definition) -> Iterator[Problem]:
    """Every option."""
    for key, option in definition.options.items():
        path: Path = ("options", key)
        yield from _known(path, "by", option.by, (REPORTER, *definition.roles), _ROLE)
        yield from _known(path, "during", option.during, (*STAGES, *definition.steps), _STEP)
        yield from _known(path, "to", (option.to,) if option.to else (), definition.steps, _STEP)
        yield from _known(path, "edit", option.edit, definition.fields, _FIELD)
        yield from _known(path, "set", option.set, definition.data, _FIELD)
        named = (option.resolution,) if option.resolution else ()
        yield from _known(path, "as", named, definition.resolutions, Said("办理结果", "resolution"))
        yield from _does(definition, path, option)
        yield from _shows(definition, path, option)


def _known(path: Path, key: str, names: Iterable[str], known: Iterable[str], what: Said) -> Iterator[Problem]:
    there = tuple(known)
    rule = {"by": "unknown-role", "during": "unknown-step", "to": "unknown-step", "as": "unknown-resolution"}
    for name in names:
        if name not in there:
            yield unknown(rule.get(key, "unknown-field"), (*path, key), what, name, there)


def _does(definition: Definition, path: Path, option: StandingOption) -> Iterator[Problem]:
    if not (option.ask or option.edit or option.set or option.to or option.tell):
        yield problem(
            "option-without-effect",
            path,
            Said("这样办了以后什么也不会发生。", "Nothing comes of it."),
            Said("请写 ask、edit、set、tell 或 to 之一。", "Write one of ask, edit, set, tell or to."),
        )
    end = definition.steps.get(option.to or "")
    if isinstance(end, CloseStep) and end.close is True and option.resolution is None:
        yield problem(
            "no-resolution",
            (*path, "to"),
            Said(
                f"走到“{option.to}”办结，却没有写办理结果。",
                f"This leads to the end “{option.to}” without saying how it ended.",
            ),
            Said("请写 as: 办理结果的名字。", "Say as: and a resolution."),
        )


def _shows(definition: Definition, path: Path, option: StandingOption) -> Iterator[Problem]:
    """A form shows what is in the fields that it lets people change."""
    for name in option.edit:
        field = definition.fields.get(name)
        hidden = [role for role in option.by if field and field.seen_by and role not in (*field.seen_by, REPORTER)]
        for role in hidden:
            title, holder = (field.title if field else None), definition.role_title(role)
            yield problem(
                "private-to-role",
                (*path, "edit"),
                Said(
                    f"“{words(title, 'zh', name)}”不给“{words(holder, 'zh', role)}”看，这张表却会显示它。",
                    f"“{words(title, 'en', name)}” is not for “{words(holder, 'en', role)}”, but this form shows it.",
                ),
                Said(
                    f"请从 edit 里删去它，或在它的 seen by 里加上 {role}。",
                    f"Leave it out of edit, or add {role} to its seen by.",
                ),
            )
