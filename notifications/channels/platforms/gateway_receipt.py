"""Receipts of a gateway, whose names for things are data: a form, JSON or XML, one or many at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from definitions.text import Said
from notifications.channels.platforms.call import china_moment
from notifications.channels.sender_kind import AskedField, Hook, HookAnswer, HookReading, ProviderReceipt

_MOST = 1000
_NONE = "没有回执。 There is no receipt."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptMapping:
    """The gateway's names: of its number of the message, of the state, of the time; which states are good, and what it wants to hear."""

    reference: str
    state: str
    time: str
    good: frozenset[str]
    answer: str
    charset: str

    def read(self, hook: Hook) -> HookReading:
        """The receipts in what came; ``ValueError`` where there is none, or nothing was said of how they look."""
        if not self.reference or not self.state:
            raise ValueError(_NONE)
        found = [self._receipt(one) for one in self._records(hook) if one.get(self.reference)]
        if not found:
            raise ValueError(_NONE)
        return HookReading(receipts=found[:_MOST], answer=HookAnswer(body=self.answer.encode()))

    def _receipt(self, one: Mapping[str, str]) -> ProviderReceipt:
        state = one.get(self.state, "").strip()
        return ProviderReceipt(
            reference=one[self.reference].strip(),
            number=one[self.reference].strip(),
            code=state,
            means="delivered" if state in self.good else "undelivered",
            at=china_moment(one.get(self.time, "")) if self.time else None,
            reason=Said(state, state),
        )

    def _records(self, hook: Hook) -> list[dict[str, str]]:
        text = hook.body.decode(self.charset, "replace").strip()
        if text.startswith("<"):
            return _of_xml(text, self.reference)
        if text.startswith(("{", "[")):
            return list(_of_json(json.loads(text), self.reference))
        return [dict(parse_qsl(text, encoding=self.charset, errors="replace")) | dict(hook.query)]


def _of_xml(text: str, name: str) -> list[dict[str, str]]:
    try:
        # the declaration names a charset in which the text is no longer
        root = fromstring(text.partition("?>")[2] if text.startswith("<?xml") else text)
    except (ParseError, DefusedXmlException):
        raise ValueError(_NONE) from None
    return [{child.tag: child.text or "" for child in one} for one in root.iter() if one.find(name) is not None]


def _of_json(value: Any, name: str) -> Iterator[dict[str, str]]:
    """Every object that has that name, wherever it stands."""
    if isinstance(value, list):
        for one in value[:_MOST]:
            yield from _of_json(one, name)
    elif isinstance(value, dict):
        if name in value:
            yield {str(key): str(one) for key, one in value.items()}
        else:
            for one in value.values():
                yield from _of_json(one, name)


def receipt_mapping(fields: Mapping[str, str], charset: str) -> ReceiptMapping:
    """The mapping as entered; an empty one reads nothing."""
    good = fields.get("receipt_good", "") or "DELIVRD"
    return ReceiptMapping(
        reference=fields.get("receipt_reference", "").strip(),
        state=fields.get("receipt_state", "").strip(),
        time=fields.get("receipt_time", "").strip(),
        good=frozenset(one.strip() for one in good.replace("，", ",").split(",") if one.strip()),
        answer=fields.get("receipt_answer", "") or "ok",
        charset=charset,
    )


RECEIPT_ASKS = (
    AskedField(
        name="receipt_reference",
        title=Said("回执里的流水号叫什么", "Receipts: the name of the reference"),
        hint=Said("例如 taskid；网关不发回执就空着。", "Such as taskid; empty if the gateway sends none."),
        required=False,
        longest=60,
    ),
    AskedField(
        name="receipt_state",
        title=Said("回执里的状态叫什么", "Receipts: the name of the state"),
        hint=Said("例如 status。", "Such as status."),
        required=False,
        longest=60,
    ),
    AskedField(
        name="receipt_good",
        title=Said("哪些状态是送达", "Receipts: states that mean delivered"),
        hint=Said("用逗号分开，例如 DELIVRD,0。", "With commas between them, such as DELIVRD,0."),
        required=False,
        usual="DELIVRD",
        longest=200,
    ),
    AskedField(
        name="receipt_time",
        title=Said("回执里的时间叫什么", "Receipts: the name of the time"),
        required=False,
        longest=60,
    ),
    AskedField(
        name="receipt_answer",
        title=Said("收到回执后答复什么", "Receipts: what the gateway wants to hear"),
        hint=Said("例如 ok、0 或 success。", "Such as ok, 0 or success."),
        required=False,
        usual="ok",
        longest=200,
    ),
)
