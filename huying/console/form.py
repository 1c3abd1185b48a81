"""The form of a Resume button: what staff may do with an issue now, each with what it asks for, made from the definition.

Prefect keeps what is entered there, so personal data is never asked for: such actions are left to the portal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from definitions.forms.schema import Names, prefect_answers, prefect_schema, prefect_shown
from definitions.model.field import Field
from definitions.text import words
from engine import Actor, available
from engine.rules.actions import form_of
from huying.access import parties
from huying.console.desk import Desk, manages, staff_parties
from huying.house.house import House
from huying.issues.record import Record, record
from huying.issues.views.choices import choices

#: More names than this are no list to choose from in a small window; their action is left to the portal.
MOST_NAMES = 300
#: What cannot be entered on Prefect's pages.
_ELSEWHERE = frozenset({"file", "files", "issue", "table"})
#: The answer by which a suspended issue goes on.
GO_ON = "resume"
_REASON = Field(type="long text", title={"zh": "理由", "en": "Reason"}, required=False)
_NOTHING: Mapping[str, Any] = {}
_NOTE = {
    "title": "备注 Remark",
    "description": "记入办理经过，办理人员可见。 Noted in the history, for those who work on it.",
    "type": "string",
    "maxLength": 1000,
    "position": 1,
}


@dataclass(frozen=True, slots=True)
class StaffForm:
    """A form as JSON Schema for Prefect's page; ``waits`` says in words what staff are to do."""

    schema: Mapping[str, Any]
    waits: str


def staff_form(house: House, issue_id: int, desk: Desk | None, now: datetime) -> StaffForm | None:
    """What staff may do with the issue through the console at this moment; ``None`` if nothing.

    Without a desk: what anybody may do who looks after it. Who that is, the kernel asks when they do it.
    """
    with house.database.reading() as connection:
        found = record(house, connection, issue_id, "zh")
        actor = parties.actor(connection, desk.participant_id) if desk else Actor("", frozenset())
    if found.state.status != "open" or (desk is not None and not manages(house, desk, found)):
        return None
    if found.state.suspended:
        deed = _deed("恢复办理 Resume", GO_ON, "恢复办理", {"reason": _REASON}, {})
        return StaffForm(_whole({GO_ON: deed}), "恢复办理")
    stands_in = Actor(actor.party, actor.parties | staff_parties(found), manages=True)
    deeds: dict[str, dict[str, Any]] = {}
    steps: list[str] = []
    for possible in available(found.process, found.state, stands_in, now):
        step = words(found.definition.steps[possible.item.step].title, "zh", possible.item.step)
        for key, action in possible.actions.items():
            fields = _askable(form_of(found.definition.fields, action), frozenset(action.edit))
            names = _names(house, fields) if fields is not None else None
            if fields is None or names is None:
                continue
            title = _both(action.title, key)
            told = f"{step} · {words(action.title, 'zh', key)}"
            entered = {name: found.state.data.get(name) for name in action.edit}
            which = f"{possible.item.number} {key}"
            deeds[which] = _deed(title, which, told, fields, names, entered)
            steps.append(step)
    return StaffForm(_whole(deeds), "、".join(dict.fromkeys(steps))) if deeds else None


def asked_of_staff(found: Record, item: int, action: str, now: datetime) -> Mapping[str, Field]:
    """What an action asks for that the staff of an issue can take now; nothing of any other, and the kernel says why not."""
    anybody = Actor("", staff_parties(found), manages=True)
    offered = (one for one in available(found.process, found.state, anybody, now) if one.item.number == item)
    asked = next((one.actions[action] for one in offered if action in one.actions), None)
    return form_of(found.definition.fields, asked) if asked is not None else {}


def answers(house: House, fields: Mapping[str, Field], entered: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered in the form of an action, as values: there titles stand for what can be chosen."""
    return prefect_answers(fields, choices(house, fields.values(), "zh"), entered) if fields else dict(entered)


def _askable(fields: Mapping[str, Field], edited: frozenset[str]) -> dict[str, Field] | None:
    """The fields that may be entered on Prefect's pages; ``None`` if one that is needed may not."""
    asked: dict[str, Field] = {}
    for name, field in fields.items():
        if field.private or field.seen_by or field.type in _ELSEWHERE:
            # what is not sent of the issue's own values stays as it is
            if name not in edited and field.required is not False and field.when is None and not field.derived:
                return None
            continue
        asked[name] = field
    return asked


def _names(house: House, fields: Mapping[str, Field]) -> Names | None:
    names = choices(house, fields.values(), "zh")
    return names if len(names) <= MOST_NAMES else None


def _deed(
    title: str, key: str, told: str, fields: Mapping[str, Field], names: Names, entered: Mapping[str, Any] = _NOTHING
) -> dict[str, Any]:
    """One action as a form of its own; its first field says which it is, and cannot be changed."""
    form = prefect_schema(fields, "zh", names, title=title)
    english = prefect_schema(fields, "en", names)
    for name, said in form["properties"].items():
        other = english["properties"][name]["title"]
        said["title"] = said["title"] if other == said["title"] else f"{said['title']} {other}"
        said["position"] += 1
        if isinstance(value := entered.get(name), str | int | float | list) and value not in ("", []):
            said["default"] = prefect_shown(fields[name], names, value)
    which = {"title": "办理事项 Task", "type": "string", "const": f"{told} [{key}]", "default": f"{told} [{key}]"}
    form["properties"] = {"task": {**which, "position": 0}, **form["properties"]}
    form["required"] = ["task", *form["required"]]
    return form


def _whole(deeds: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    definitions = dict(_definitions(deeds))
    asked = {
        "title": "操作 Action",
        "description": "请选择一项并填写，提交后即按流程办理。 Choose one and fill it in; it is carried out by the process.",
        "position": 0,
        "anyOf": [{"$ref": f"#/definitions/{_key(name)}"} for name in deeds],
    }
    return {
        "title": "办理 Act",
        "type": "object",
        "properties": {"action": asked, "note": _NOTE},
        "required": ["action"],
        "definitions": definitions,
    }


def _definitions(deeds: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, form in deeds.items():
        inner = form.pop("definitions", {})
        yield _key(name), form
        yield from inner.items()


def _key(name: str) -> str:
    return "deed-" + name.replace(" ", "-")


def _both(text: Any, key: str) -> str:
    zh, en = words(text, "zh", key), words(text, "en", key)
    return zh if zh == en else f"{zh} {en}"
