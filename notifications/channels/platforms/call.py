"""One call of a provider over HTTP, and what its answer means: a 200 with an error in it is a failure.

Exceptions are told by their type alone: addresses hold tokens and keys. Nothing follows redirects, or reads proxies from the environment.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx

from definitions.text import Said
from notifications.channels.deadline import ATTEMPT
from notifications.channels.platforms.wire import ends_within, wire
from notifications.channels.plugin import Plugin
from notifications.message import ACCEPTED, DeliveryResult, Fault, permanent, temporary, unknown

CHINA = ZoneInfo("Asia/Shanghai")
_LONGEST_ANSWER = 256 * 1024
#: Where providers write their code; an answer that has one says more than its HTTP status.
_CODED = ("errcode", "code", "Code", "Response", "StatusCode")
#: The other side may have done its work before it, or what stands before it, failed.
_PERHAPS_DONE = frozenset({500, 502, 504})


class ProviderFault(Exception):
    """The provider did not take it; ``result`` says what that means for the message."""

    def __init__(self, result: DeliveryResult) -> None:
        super().__init__(result.status)
        self.result = result


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """What a code of a provider means: whether it passes by itself, at whom it lies, and in words."""

    status: Literal["temporary", "permanent"]
    said: Said
    fault: Fault = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderCall:
    """A request. ``repeats``: the provider takes the same one twice as one, so that it may be repeated when its answer is lost.

    ``number``: ours of the message, where the provider gives it back in receipts: by that one finds out what became of it.
    """

    method: str
    url: str = field(repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    repeats: bool = True
    number: str = ""


class ProviderPlugin(Plugin):
    """A plugin whose ``deliver`` raises ``ProviderFault`` for what the provider did not take."""

    def attempt(self) -> DeliveryResult:
        """One message to one person."""
        try:
            return self.deliver()
        except ProviderFault as fault:
            return fault.result

    def deliver(self) -> DeliveryResult:
        """Hand the message over."""
        raise TypeError("a provider's plugin says how it delivers")


def base_url(text: str) -> str:
    """The beginning of all addresses of a provider; ``ValueError`` where it is none."""
    place = urlsplit(text.strip())
    if place.scheme not in ("https", "http") or not place.hostname or place.query or place.fragment or place.username:
        raise ValueError(
            "接口地址应以 https:// 开头，不带参数。 The address begins with https:// and has no parameters."
        )
    return text.strip().rstrip("/")


def asked(call: ProviderCall) -> bytes:
    """The body of an answer of the 200s; ``ProviderFault`` for everything else."""
    status, body = _exchanged(call)
    if 200 <= status <= 299:
        return body
    raise ProviderFault(_refused(call, status))


def answered(call: ProviderCall) -> dict[str, Any]:
    """An answer in JSON, of whatever status if there is a provider's code in it. One that is none says nothing of what became of the message."""
    status, body = _exchanged(call)
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    good = 200 <= status <= 299
    if isinstance(found, dict) and (good or any(key in found for key in _CODED)):
        return found
    raise ProviderFault(_lost(call, "not JSON") if good else _refused(call, status))


def _exchanged(call: ProviderCall) -> tuple[int, bytes]:
    try:
        with (
            ends_within(ATTEMPT),
            wire().stream(
                call.method, call.url, params=dict(call.query) or None, headers=dict(call.headers), content=call.body
            ) as answer,
        ):
            return answer.status_code, b"".join(_within(answer))
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
        raise ProviderFault(
            temporary("连不上发送平台。", "The provider cannot be reached", type(error).__name__)
        ) from None
    except (httpx.HTTPError, httpx.InvalidURL, _TooLong) as error:
        raise ProviderFault(_lost(call, type(error).__name__)) from None


def checked(ask: Callable[[], object]) -> DeliveryResult:
    """What an account is worth, by something asked of its provider that sends nothing."""
    try:
        ask()
    except ProviderFault as fault:
        return fault.result
    return ACCEPTED


def verdict(
    code: str, codes: Mapping[str, CodeMeaning], otherwise: Literal["temporary", "permanent"]
) -> DeliveryResult:
    """What a code means; one that is not known is as ``otherwise`` says."""
    known = codes.get(code)
    if known is None:
        judge = temporary if otherwise == "temporary" else permanent
        return judge("发送平台没有受理。", "The provider did not take it", _plain(code))
    judge = temporary if known.status == "temporary" else permanent
    return judge(known.said.zh, known.said.en, _plain(code), known.fault)


def own_number(key: str) -> str:
    """Our number of a message, as short and plain as every provider takes it: the same for the same key."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def china_moment(text: str) -> datetime | None:
    """A moment that a provider's clock says, which is that of China; ``None`` for what is none."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=CHINA).astimezone(UTC)
    except ValueError:
        return None


def as_json(value: object) -> bytes:
    """A value as the body of a request."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def cut_bytes(text: str, most: int) -> str:
    """A text of at most so many bytes of UTF-8; a cut one ends with an ellipsis."""
    raw = text.encode()
    return text if len(raw) <= most else raw[: most - 3].decode("utf-8", "ignore").rstrip() + "…"


def letter(subject: str, text: str, link: str, most: int) -> str:
    """Subject and text as one message of at most so many bytes; the link stays, whatever is cut."""
    whole = f"{subject}\n{text}".strip()
    if len(whole.encode()) <= most:
        return whole
    tail = f"\n{link}" if link and len(link.encode()) < most // 2 else ""
    return cut_bytes(whole, most - len(tail.encode())) + tail


class _TooLong(Exception):
    pass


def _within(answer: httpx.Response) -> list[bytes]:
    found, size = list[bytes](), 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > _LONGEST_ANSWER:
            raise _TooLong
        found.append(part)
    return found


def _lost(call: ProviderCall, why: str) -> DeliveryResult:
    if call.repeats:
        return temporary("发送平台没有答复。", "The provider did not answer", why)
    return unknown("已交给发送平台，没有等到答复。", "Handed over; the provider's answer was lost", why, call.number)


def _refused(call: ProviderCall, status: int) -> DeliveryResult:
    said = f"HTTP {status}"
    if status in (401, 403):
        return temporary("发送平台不认可这个账号。", "The provider does not accept the account", said, "account")
    if status == 429:
        return temporary("发送太快，平台要求稍后再发。", "Too fast for the provider", said, "pace")
    if status in _PERHAPS_DONE:
        return _lost(call, said)
    return temporary("发送平台暂不可用。", "The provider is not available", said)


def _plain(code: str) -> str:
    return "".join(one for one in code[:60] if one.isalnum() or one in "._-: ")
