"""What a process begins with that tells of another issue in public: that one is closed, and its reporter is who is asked for consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from definitions.model.definition import Definition
from definitions.model.reference import Reference, participant
from definitions.model.steps.publish import PublishStep
from huying.database.tables import issues

_OPEN: Mapping[str, str] = {
    "zh": "这件事还没有办结，办结以后才能公开。",
    "en": "This issue is not closed yet; it can be made public afterwards.",
}
_ERASED: Mapping[str, str] = {
    "zh": "这件事的个人信息已按规定删除，不能再征求同意。",
    "en": "What is personal in this issue was erased; nobody can be asked any more.",
}


@dataclass(frozen=True, slots=True)
class Retold:
    """The values that the house itself fills in, and what is wrong, by field."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, Mapping[str, str]] = field(default_factory=dict)


def of_what_is_retold(connection: Connection, definition: Definition, values: Mapping[str, Any]) -> Retold:
    """Whose consent is asked for in an issue that is opened with these values, by every step that publishes."""
    found = Retold()
    for step in definition.steps.values():
        if not isinstance(step, PublishStep) or step.publish.of is None or step.publish.consent_of is None:
            continue
        named = Reference.read(str(values.get(step.publish.of) or ""))
        if named is None or named.kind != "issue":
            continue
        columns = (issues.c.reporter_id, issues.c.status, issues.c.erased)
        row = connection.execute(select(*columns).where(issues.c.id == named.number)).one_or_none()
        if row is None:
            continue
        if row.status != "closed":
            found.errors[step.publish.of] = _OPEN
        elif row.erased is not None:
            found.errors[step.publish.of] = _ERASED
        found.values[step.publish.consent_of] = participant(row.reporter_id)
    return found
