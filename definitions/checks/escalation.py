"""Escalation: it lets somebody act who is not late themself, and never whoever the matter is about."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.model.definition import Definition
from definitions.model.role import REPORTER
from definitions.model.step import WaitingStep
from definitions.problem import Path, Problem, problem
from definitions.text import Said, words


def check(definition: Definition) -> Iterator[Problem]:
    """Every rung that lets somebody act besides."""
    for key, step in definition.steps.items():
        if not isinstance(step, WaitingStep):
            continue
        for index, rung in enumerate(step.overdue):
            if rung.escalate is None:
                continue
            place: Path = (
                definition.stage_of[key],
                key,
                "overdue",
                *((index,) if len(step.overdue) > 1 else ()),
                "escalate",
            )
            if rung.escalate == REPORTER:
                yield _to_the_reporter(place)
            elif all(_same(definition, rung.escalate, role) for role in step.acting):
                yield _to_the_late(definition, place, rung.escalate)


def _same(definition: Definition, one: str, other: str) -> bool:
    """Whether two roles are always held by the same people."""
    if one == other:
        return True
    first, second = definition.roles.get(one), definition.roles.get(other)
    if first is None or second is None:
        return False
    return first.model_copy(update={"title": None}) == second.model_copy(update={"title": None})


def _to_the_late(definition: Definition, path: Path, role: str) -> Problem:
    title = definition.role_title(role)
    zh, en = (words(title, language, role) for language in ("zh", "en"))
    return problem(
        "escalates-to-the-late",
        path,
        Said(
            f"逾期的正是“{zh}”，再交给“{zh}”等于没有升级。",
            f"It is “{en}” who is late; to let “{en}” act too changes nothing.",
        ),
        Said(
            "请写他们的上级，例如 escalate: director；只想再提醒一次，请用 tell。",
            "Name who is above them, for example escalate: director; to remind them once more, use tell.",
        ),
    )


def _to_the_reporter(path: Path) -> Problem:
    return problem(
        "escalates-to-the-reporter",
        path,
        Said(
            "逾期以后让提出人自己来办，等于自己批自己的事。",
            "Once it is overdue, whoever raised the matter would decide it themself.",
        ),
        Said(
            "请写工作人员的角色；只想告诉提出人，请用 tell: reporter。",
            "Name a role of the staff; to let the reporter know, use tell: reporter.",
        ),
    )
