"""What the names in another tool's event log mean in a definition: data beside the log, written by hand or proposed by likeness.

::

    activities:
      Confirmation of receipt: opening            # how an issue begins
      T02 Check confirmation of receipt: check    # a step, or step.action
    groups: {Group 1: clerk}                      # who did it, by role
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import yaml
from pydantic import Field as Constrained
from pydantic import ValidationError

from definitions.composition.shape import problems_of_shape
from definitions.finding import Finding, Unreadable
from definitions.model.definition import Definition
from definitions.model.node import Node
from definitions.problem import unknown
from definitions.source.tree import Document, read
from definitions.text import Said
from definitions.versions.likeness import alike

#: What an activity is called that begins an issue.
OPENING = "opening"
#: What is less alike is not proposed.
_LEAST = 0.6


class LogNames(Node):
    """``activities``: step, ``step.action`` or ``opening`` by the log's name; ``groups``: role by the log's name. Others are not looked at."""

    activities: Mapping[str, str] = Constrained(default_factory=dict)
    groups: Mapping[str, str] = Constrained(default_factory=dict)


def read_names(source: str | bytes, name: str, definition: Definition) -> LogNames:
    """The names in a file; ``Unreadable`` says where it is wrong, or names what the definition does not have."""
    document = read(source, name)
    if document.findings:
        raise Unreadable(document.findings)
    body = document.plain() or {}
    try:
        found = LogNames.model_validate(body)
    except ValidationError as error:
        raise Unreadable(document.findings_of(problems_of_shape(error, body, LogNames))) from None
    wrong = list(_unknown(document, found, definition))
    if wrong:
        raise Unreadable(wrong)
    return found


def _unknown(document: Document, names: LogNames, definition: Definition) -> Iterator[Finding]:
    meanings = dict(_meanings(definition))
    for part, used, known in (
        ("activities", names.activities, (OPENING, *meanings)),
        ("groups", names.groups, tuple(definition.roles)),
    ):
        for key, meant in used.items():
            if meant not in known:
                what = Said("步骤或办理", "step or action") if part == "activities" else Said("角色", "role")
                yield document.finding(unknown("unknown-name", (part, key), what, meant, known))


def propose(activities: Iterable[str], groups: Iterable[str], definition: Definition) -> LogNames:
    """The names that are most alike; an activity with none that is alike enough is left out, and so is a group."""
    meanings, roles = dict(_meanings(definition)), {}
    for key, role in definition.roles.items():
        roles[key] = (key, *(role.title or {}).values())
    return LogNames(activities=_nearest(activities, meanings), groups=_nearest(groups, roles))


def _nearest(names: Iterable[str], meanings: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    found = {}
    for name in names:
        scored = [(max(alike(name, text) for text in texts), key) for key, texts in meanings.items()]
        score, key = max(scored, key=lambda one: one[0], default=(0.0, ""))
        if score >= _LEAST:
            found[name] = key
    return found


def _meanings(definition: Definition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every step and every action of one, with what it is called; a step before its actions."""
    for key, step in definition.steps.items():
        yield key, (key, *(step.title or {}).values())
    for key, step in definition.steps.items():
        for name, action in getattr(step, "actions", {}).items():
            yield f"{key}.{name}", (f"{key}.{name}", *(action.title or {}).values())


def written(names: LogNames, left: Iterable[str] = ()) -> str:
    """The names as a file, with what found nothing as remarks."""
    body = {part: dict(getattr(names, part)) for part in ("activities", "groups") if getattr(names, part)}
    text = yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=120) if body else "activities: {}\n"
    remarks = "".join(f"#   {name}: \n" for name in left)
    return f"{text}# 没有对应的 without a counterpart:\n{remarks}" if remarks else text
