"""No private field reaches a text that others read: a message, a publication, an entry in a file, the name of an issue.

Nor does what somebody has raised become public without being asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from definitions.checks.places import places
from definitions.expressions.expression import Expression, Template
from definitions.model.definition import Definition
from definitions.model.role import REPORTER
from definitions.model.step import WaitingStep
from definitions.model.steps.publish import PublishStep
from definitions.problem import Path, Problem, problem
from definitions.text import Said, words

#: Templates under these keys are read by others than those who work on the issue.
_PUBLIC = ("say", "publish", "register", "subject", "messages")


def check(definition: Definition) -> Iterator[Problem]:
    """Every template that is read in public, and the fields that it shows, also those that are computed from private ones."""
    private = _private(definition)
    for path, value in places(definition):
        if isinstance(value, Template) and not {*_PUBLIC}.isdisjoint(path):
            for name in sorted(value.names & private):
                yield _shown(definition, path, name)
    for name in definition.alike.show if definition.alike else ():
        if name.replace("-", "_") in private:
            yield _shown(definition, ("alike", "show"), name)
    for key, step in definition.steps.items():
        if isinstance(step, PublishStep):
            yield from _consented((definition.stage_of[key], key, "publish"), step)
        if isinstance(step, WaitingStep):
            yield from _promised(definition, (definition.stage_of[key], key), step, private)
            yield from _on_the_form(definition, (definition.stage_of[key], key), step)


def _consented(path: Path, step: PublishStep) -> Iterator[Problem]:
    """What somebody has raised becomes public by their consent alone."""
    made = step.publish
    if made.of is None or (made.when is not None and made.consent_of is not None):
        return
    yield problem(
        "published-unasked",
        path,
        Said(
            "这里公开一件群众反映的事，却没有征得反映人同意。",
            "What somebody raised is published without their consent.",
        ),
        Said(
            "请加上 consent of（由谁同意）和 when（同意才公开）。",
            "Say whose consent it needs (consent of), and that it holds (when).",
        ),
    )


def _promised(definition: Definition, path: Path, step: WaitingStep, private: frozenset[str]) -> Iterator[Problem]:
    """What is promised is read by those who chase it, and by the reporter."""
    for name, action in step.actions.items():
        what = action.promise.what.replace("-", "_") if action.promise is not None else None
        if what in private:
            yield _shown(definition, (*path, "actions", name, "promise", "what"), what)


def _on_the_form(definition: Definition, path: Path, step: WaitingStep) -> Iterator[Problem]:
    """A form shows what is in the fields that it lets people change; the reporter has written those of the first form."""
    for name, action in step.actions.items():
        for edited in action.edit:
            field = definition.fields.get(edited)
            if field is None or not field.seen_by:
                continue
            own = {REPORTER} if field.asked else set()
            for role in [role for role in action.by or step.acting if role not in {*field.seen_by, *own}]:
                title, holder = field.title, definition.role_title(role)
                yield problem(
                    "private-to-role",
                    (*path, "actions", name, "edit"),
                    Said(
                        f"“{words(title, 'zh', edited)}”不给“{words(holder, 'zh', role)}”看，这张表却会显示它。",
                        f"“{words(title, 'en', edited)}” is not for “{words(holder, 'en', role)}”, but this form shows it.",
                    ),
                    Said(
                        f"请从 edit 里删去它，或在它的 seen by 里加上 {role}。",
                        f"Leave it out of edit, or add {role} to its seen by.",
                    ),
                )


def _private(definition: Definition) -> frozenset[str]:
    """The names, as expressions write them, of fields that are not for everybody, and of those that follow from them, or are given their values."""
    found = {name.replace("-", "_") for name, field in definition.data.items() if field.private or field.seen_by}
    follows = [(name, field.compute.names) for name, field in definition.computed.items() if field.compute is not None]
    follows += [(name, value.names) for name, value in _set(definition)]
    for _ in follows:
        found |= {name.replace("-", "_") for name, names in follows if not names.isdisjoint(found)}
    return frozenset(found)


def _set(definition: Definition) -> Iterator[tuple[str, Expression]]:
    """The fields that steps, actions and branches give values, with the expressions."""
    for path, value in places(definition):
        if path[-1:] == ("set",) and isinstance(value, Mapping):
            yield from ((name, one) for name, one in value.items() if isinstance(one, Expression))


def _shown(definition: Definition, path: Path, name: str) -> Problem:
    field = definition.data.get(name) or definition.data.get(name.replace("_", "-"))
    zh, en = (words(field.title if field else None, language, name) for language in ("zh", "en"))
    return problem(
        "private-in-public",
        path,
        Said(f"“{zh}”不公开，不能写进这里。", f"“{en}” is not for everybody, and cannot stand here."),
        Said("请删去它，或改用公开的字段。", "Leave it out, or use a public field."),
    )
