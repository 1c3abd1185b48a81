"""How a call centre tells of calls: which part of its JSON means what, as expressions, and how it signs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field as Constrained
from pydantic import ValidationError

from definitions.composition.shape import problems_of_shape
from definitions.finding import Finding, in_order
from definitions.model.node import Guard, Node
from definitions.source.tree import read

CallEvent = Literal["ringing", "answered", "ended", "recording"]


class CallSignature(Node):
    """``own``: as our webhooks are; ``key``: a fixed key in a ``header`` or a ``field``; ``md5``: of the values of some fields and the secret."""

    by: Literal["own", "key", "md5"] = "own"
    header: str = ""
    field: str = ""
    of: Annotated[tuple[str, ...], Constrained(max_length=20)] = ()


class CallMapping(Node):
    """What their words mean here. ``events``: theirs to ours; ``agents``: their accounts to log-ins; ``zone``: of moments without
    one. A part is called by its name, or ``said.caller`` where the name is one of expressions."""

    call: Guard
    event: Guard
    events: Mapping[str, CallEvent] = Constrained(default_factory=dict)
    number: Guard
    agent: Guard | None = None
    agents: Mapping[str, str] = Constrained(default_factory=dict)
    at: Guard | None = None
    zone: str = "Asia/Shanghai"
    recording: Guard | None = None
    signed: CallSignature = CallSignature()


#: Our own form, where a connection says nothing else.
OWN_FORM: Mapping[str, Any] = {
    "call": "call",
    "event": "event",
    "number": "number",
    "agent": "agent",
    "at": "at",
    "recording": "recording",
}


def read_mapping(source: str, name: str) -> tuple[CallMapping | None, Any, tuple[Finding, ...]]:
    """The mapping of a text, its plain body, and what is wrong; ``Unreadable`` when the text is no YAML that we read."""
    document = read(source, name)
    body = document.plain()
    try:
        found = restore_mapping(body)
    except ValidationError as error:
        wrong = problems_of_shape(error, body, CallMapping)
        return None, body, in_order([*document.findings, *document.findings_of(wrong)])
    return found, body, in_order(document.findings)


def restore_mapping(body: Any) -> CallMapping:
    """A mapping that was kept, from its body."""
    signed = body.get("signed") if isinstance(body, Mapping) else None
    if isinstance(signed, Mapping) and isinstance(signed.get("of"), list):
        body = {**body, "signed": {**signed, "of": tuple(signed["of"])}}
    return CallMapping.model_validate(body)
