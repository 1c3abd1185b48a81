"""Messages of other systems, for the steps that wait for them. They are signed with the connection's secret, as our calls to them are."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field, ValidationError

from engine.event import Message
from engine.refusal import Invalid, NotAllowed
from huying.connections.calls import ExternalSystem, connection, signature
from huying.errors import NotFound
from huying.house.by import By
from huying.issues.bulk import receive
from huying.issues.decision import Receipt
from portal.frame.bounds import Body
from portal.frame.here import Here, Portal
from portal.frame.right import OWN

router = APIRouter(tags=["messages"], dependencies=[OWN])
#: Older messages, and messages from the future, are taken for replays.
_WINDOW = timedelta(minutes=5)
_LONGEST = 256 * 1024


class MessageBody(Body):
    """What another system says about an issue; ``id`` makes a repeat harmless."""

    id: str = Field(min_length=1, max_length=60)
    number: str = Field(max_length=80)
    name: str = Field(max_length=60)
    values: dict[str, Any] = Field(default_factory=dict)


@router.post("/messages/{connection_key}", status_code=202)
async def take_message(
    request: Request,
    here: Here,
    connection_key: str,
    huying_moment: Annotated[str, Header()] = "",
    huying_signature: Annotated[str, Header()] = "",
) -> Receipt:
    """Take a message for an issue."""
    body = await request.body()
    return await run_in_threadpool(_take, here, connection_key, huying_moment, huying_signature, body)


def _take(here: Portal, key: str, moment: str, given: str, body: bytes) -> Receipt:
    known = _known(here.house, key, moment, given, body, here.clock())
    try:
        message = MessageBody.model_validate_json(body)
    except ValidationError as error:
        raise Invalid(
            {"body": {"zh": "消息格式不对。", "en": f"The message is malformed: {error.error_count()}"}}
        ) from None
    said = Message(message.name, dict(message.values))
    return receive(here.house, message.number, said, known.key, By(None, here.clock(), message.id))


def _known(house: Any, key: str, moment: str, given: str, body: bytes, now: datetime) -> ExternalSystem:
    """The connection whose message it is; one answer for an unknown sender, a wrong signature and an old moment."""
    try:
        known = connection(house, key)
        sent = datetime.fromisoformat(moment)
    except (NotFound, ValueError):
        raise NotAllowed from None
    right = known.secret is not None and hmac.compare_digest(
        signature(known.secret, moment, body).encode(), given.encode()
    )
    if not right or len(body) > _LONGEST or sent.tzinfo is None or abs(now - sent) > _WINDOW:
        raise NotAllowed
    return known
