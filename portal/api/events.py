"""Whatever people can let happen to an issue beside acting on a task: one address, one body for each kind of event.

The bodies are made from the kernel's events, so that none is forgotten; those of the clock and of other systems are not among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_type_hints

from fastapi import APIRouter, Request
from msgspec import NODEFAULT
from msgspec.structs import fields
from pydantic import BaseModel, Field, create_model

from definitions.model.reference import issue, refers_to
from engine import event as e
from engine.deeds.registry import DEEDS
from engine.noun import Values
from engine.refusal import Invalid
from huying.house.by import By
from huying.issues.bulk import MOST_IN_BULK, in_bulk, split
from huying.issues.decision import Receipt
from huying.issues.deeds import happen
from huying.issues.form_drafts import save_draft
from huying.issues.record import issue_id_of
from huying.issues.views.possible import PossibleView, possible_view
from portal.api.caller import ApiDoor, Caller, IdempotencyKey, Language, request_id
from portal.api.keys import by_key, called
from portal.frame.bounds import Body, Number
from portal.frame.here import Here, Portal
from portal.frame.right import OWN

router = APIRouter(tags=["events"], dependencies=[OWN])
_ACT = by_key("issues:act", bounded=True)


def _body(cls: type) -> type[Body]:
    hints = get_type_hints(cls)
    entries: dict[str, Any] = {"kind": (Literal[e.KINDS[cls]], ...)}
    for field in fields(cls):
        hint = Mapping[str, Any] if hints[field.name] == Values else hints[field.name]
        default = {} if field.default is NODEFAULT else field.default
        entries[field.name] = (hint, ... if field.required else default)
    return create_model(f"{cls.__name__}Event", __base__=Body, __doc__=(cls.__doc__ or "").split("\n")[0], **entries)


#: Of what people cause; what has an address of its own as well is not among them.
_OFFERED = {deed.kind: deed.event for deed in DEEDS if deed.offered}
_BODIES: dict[str, type[Body]] = {kind: _body(cls) for kind, cls in _OFFERED.items()}
_Union: Any = None
for _one in _BODIES.values():
    _Union = _one if _Union is None else _Union | _one
AnyEvent = Annotated[_Union, Field(discriminator="kind")]


class BulkBody(Body):
    """The same for many issues."""

    issues: list[Number] = Field(min_length=1, max_length=MOST_IN_BULK)
    event: AnyEvent


class BulkAnswer(BaseModel):
    """``asked`` is always the sum of ``done`` and ``refused``; a refusal says why, in both languages."""

    asked: int
    done: tuple[int, ...]
    refused: dict[int, dict[str, str]]


class SplitBody(Body):
    """The part that becomes an issue of its own."""

    definition: str | None = None
    fields: dict[str, Any] = Field(default_factory=dict)
    reason: str


class DraftBody(Body):
    """What was entered so far for an action."""

    action: str = Field(max_length=60)
    fields: dict[str, Any] = Field(default_factory=dict)


def event_of(here: Portal, body: Any) -> e.Event:
    """The kernel's event; issues can be named by their number, as people do."""
    values = {name: value for name, value in body.model_dump().items() if name != "kind"}
    if body.kind == "merge" and not refers_to(values["into"], "issue"):
        values["into"] = issue(issue_id_of(here.house, values["into"].strip()))
    made: e.Event = _OFFERED[body.kind](**values)
    return made


@router.get("/issues/{issue_id}/possible", dependencies=[by_key("issues:read", bounded=True)])
def possible(here: Here, language: Language, door: ApiDoor) -> PossibleView:
    """What the caller may do with an issue beside acting on tasks."""
    return possible_view(here.house, door.issue_id, door.look(language, here.clock()))


@router.post("/issues/events", dependencies=[by_key("issues:act")])
def let_happen_to_many(
    request: Request, here: Here, caller: Caller, body: BulkBody, idempotency_key: IdempotencyKey = None
) -> BulkAnswer:
    """Let the same happen to many issues; each is done or refused by itself."""
    event = event_of(here, body.event)
    report = in_bulk(
        here.house,
        body.issues,
        lambda _: event,
        called(request, caller, request_id(idempotency_key, None)[:40]),
    )
    refused = {number: dict(message) for number, message in report.refused.items()}
    return BulkAnswer(asked=report.asked, done=report.done, refused=refused)


@router.post("/issues/{issue_id}/events", status_code=201, dependencies=[_ACT])
def let_happen(here: Here, door: ApiDoor, body: AnyEvent, idempotency_key: IdempotencyKey = None) -> Receipt:
    """Let something happen to an issue; the kernel refuses what is not the caller's to do."""
    by = door.whose(here.clock(), request_id(idempotency_key, None))
    return happen(here.house, door.issue_id, event_of(here, body), by)


@router.post("/issues/{issue_id}/split", status_code=201, dependencies=[_ACT])
def split_issue(here: Here, door: ApiDoor, body: SplitBody, idempotency_key: IdempotencyKey = None) -> Receipt:
    """Make a part of an issue an issue of its own."""
    if not body.reason.strip():
        raise Invalid({"reason": {"zh": "请写明理由。", "en": "Please give the reason."}})
    by = door.whose(here.clock(), request_id(idempotency_key, None)[:40])
    return split(here.house, door.issue_id, body.fields, by, reason=body.reason, definition=body.definition)


@router.put("/tasks/{issue_id}/{item}/draft", status_code=204, dependencies=[_ACT])
def keep_draft(here: Here, door: ApiDoor, item: Number, body: DraftBody) -> None:
    """Keep what was entered for a task so far."""
    save_draft(here.house, door.issue_id, item, body.action, body.fields, By(door.participant_id, here.clock()))
