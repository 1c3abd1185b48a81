"""The buttons on a run's page: of an issue's run the kernel answers at once, in the name of whoever pressed it; Prefect hears nothing of it.

The run follows when the issue is shown anew. So nothing on an issue's run is set by Prefect's page, and nothing has to be put back.
"""

from __future__ import annotations

import json
import logging
import secrets
from datetime import datetime
from typing import Any

from starlette.responses import JSONResponse, Response

from definitions.model.reference import reference
from huying import console
from huying.audit.record import AuditNote, note_at_once
from huying.console import MEANINGS, Asked, Desk, What, marks
from huying.console.requests import Replied
from huying.house.house import House
from portal.console.calls import CallKind
from portal.console.entrant import Entrant

_log = logging.getLogger("huying.console")
#: What a state means that bears no name, by its type.
_BY_TYPE: dict[str, What] = {"CANCELLING": "cancel", "CANCELLED": "cancel", "PAUSED": "suspend", "SCHEDULED": "retry"}


def press(house: House, number: str, call: CallKind, body: bytes, who: Entrant, now: datetime) -> Response:
    """Answer a button on the run of the issue with that number, as Prefect's page wants to be answered."""
    sent = _decoded(body)
    asked = _asked(number, call, sent)
    replied = console.reply(house, Desk(who.person.participant_id), asked, now)
    _log.info("控制台 %s %s，参与者 %d：%s", number, asked.what, who.person.participant_id, replied.words)
    told = AuditNote(
        what="console-used",
        object=reference("issue", number),
        via="console",
        outcome="done" if replied.accepted else "refused",
        detail={"how": asked.what},
        at=now,
    )
    note_at_once(house.database.engine, told)
    if not replied.accepted:
        # 409 with a detail is what the page shows in red; a 200 that says ABORT it takes for success
        return JSONResponse({"detail": replied.said.of(who.language)}, 409)
    if replied.issue_id is not None:
        marks.one_again(house, replied.issue_id)
    return JSONResponse(_accepted(sent, replied, who.language, now), 200)


def _asked(number: str, call: CallKind, sent: dict[str, Any]) -> Asked:
    # each press is one of its own: the page sends nothing by which a repeat could be told
    request_id = f"console-{secrets.token_hex(16)}"
    if call is CallKind.RESUME:
        return Asked(number, "act", request_id, _mapping(sent.get("run_input")))
    state = _mapping(sent.get("state"))
    name, kind = state.get("name"), state.get("type")
    what = MEANINGS.get(name) if isinstance(name, str) and name else _BY_TYPE.get(str(kind))
    return Asked(number, what or "other", request_id)


def _accepted(sent: dict[str, Any], replied: Replied, language: str, now: datetime) -> dict[str, Any]:
    state = _mapping(sent.get("state"))
    shown: dict[str, Any] = {
        "id": secrets.token_hex(16),
        "type": str(state.get("type") or "RUNNING"),
        "name": str(state.get("name") or "Running"),
        "timestamp": now.isoformat(),
        "message": replied.said.of(language),
        "data": None,
        "state_details": {},
    }
    return {"state": shown, "status": "ACCEPT", "details": {"type": "accept_details"}}


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        return _mapping(json.loads(body or b"{}"))
    except (ValueError, RecursionError):
        return {}


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
