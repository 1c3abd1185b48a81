"""Calling other systems over HTTP, by connections that the house names; definitions know their keys alone.

A request is signed as webhooks are: ``Huying-Signature`` is the HMAC-SHA-256 of moment and body with the connection's secret. Its idempotency
key is the same at every try.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urljoin

import httpx
import orjson
from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.refusal import Invalid
from huying.audit.record import AuditNote, note
from huying.database.connections import Writing
from huying.database.tables import connections
from huying.errors import NotFound
from huying.house.house import House

#: What the house itself answers, without a call: no other system is called so.
OWN = frozenset({"points", "file"})
#: Longer answers are refused; nobody fills in a form with more.
_LONGEST_ANSWER = 256 * 1024
#: No call lasts longer, in seconds: well below the lease of an effect, so that nobody makes it a second time meanwhile.
_LONGEST_WAIT = 45
_USUAL_WAIT = 10

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*")


class CallFailed(Exception):
    """The other system could not be reached, or did not answer as it should; the text is for staff."""


@dataclass(frozen=True, slots=True)
class ExternalSystem:
    """Another system: its address, and the secret that both know."""

    key: str
    url: str
    secret: str | None
    timeout_seconds: int


def connection(house: House, key: str) -> ExternalSystem:
    """The connection of this key; ``NotFound`` if the house has none in service."""
    with house.database.reading() as opened:
        row = opened.execute(select(connections).where(connections.c.key == key, connections.c.active)).one_or_none()
    if row is None:
        raise NotFound(f"没有名为“{key}”的外部系统连接。", f"There is no connection “{key}”.")
    return ExternalSystem(row.key, row.url, row.secret, row.timeout_seconds)


def connect(house: House, key: str, url: str, secret: str | None, seconds: int | None = None) -> None:
    """Name another system, or change one; secret and time stay unless others are given, the address if none is given of one that is known.

    ``seconds``: how long it may take to answer (10 unless told). ``Invalid`` by field for what is wrong.
    """
    write = connecting(house, key, url, secret, seconds)
    with house.database.writing() as opened:
        write(opened)


def connecting(house: House, key: str, url: str, secret: str | None, seconds: int | None) -> Writing:
    """The same in a transaction of one's own."""
    url = assure_fits(house, key, url, secret, seconds)
    make = sqlite.insert if house.database.sqlite else postgresql.insert
    row = {"key": key, "url": url, "secret": secret, "timeout_seconds": seconds or _USUAL_WAIT, "active": True}
    given = ("url", "active", *(("secret",) if secret else ()), *(("timeout_seconds",) if seconds else ()))
    new = {name: row[name] for name in given}

    def write(opened: Connection) -> None:
        opened.execute(make(connections).values(**row).on_conflict_do_update(index_elements=["key"], set_=new))
        changed = {"changes": [name for name in given if name != "active"]}
        note(opened, AuditNote(what="connection-changed", object=f"connection:{key}", detail=changed))

    return write


def assure_fits(house: House, key: str, url: str, secret: str | None, seconds: int | None) -> str:
    """The address that would be called; ``Invalid`` by field for what is wrong."""
    known = {one.key: one for one in known_connections(house)}
    if key in known and not url:
        url = known[key].url
    errors = dict(_wrong(key, url, secret, seconds))
    if errors:
        raise Invalid(errors)
    return url


def _wrong(key: str, url: str, secret: str | None, seconds: int | None) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What cannot be taken, by field."""
    if key in OWN:
        yield (
            "key",
            {
                "zh": f"“{key}”由系统自己答复，请换一个名称。",
                "en": f"“{key}” is answered by the house itself; choose another name.",
            },
        )
    if not _KEY.fullmatch(key) or len(key) > 60:
        yield (
            "key",
            {
                "zh": "名称应为小写字母、数字和连字符，如 city-hotline。",
                "en": "The name is made of lower-case letters, digits and hyphens, such as city-hotline.",
            },
        )
    if len(url) > 500 or not _ADDRESS.fullmatch(url):
        yield (
            "url",
            {"zh": "地址应以 http:// 或 https:// 开头。", "en": "The address begins with http:// or https://."},
        )
    if secret and len(secret) > 200:
        yield "secret", {"zh": "密钥最多 200 个字符。", "en": "The secret has 200 characters at most."}
    if seconds is not None and not 1 <= seconds <= _LONGEST_WAIT:
        yield (
            "seconds",
            {"zh": f"应为 1 至 {_LONGEST_WAIT} 秒。", "en": f"From 1 to {_LONGEST_WAIT} seconds."},
        )


def disconnect(house: House, key: str) -> None:
    """Call a system no more; what definitions ask of it becomes an incident. ``NotFound`` if there is none in service."""
    write = disconnecting(house, key)
    with house.database.writing() as opened:
        write(opened)


def disconnecting(house: House, key: str) -> Writing:
    """The same in a transaction of one's own."""
    connection(house, key)

    def write(opened: Connection) -> None:
        opened.execute(update(connections).where(connections.c.key == key).values(active=False))
        note(opened, AuditNote(what="connection-changed", object=f"connection:{key}", detail={"how": "stop"}))

    return write


def known_connections(house: House) -> tuple[ExternalSystem, ...]:
    """The systems that definitions can call."""
    query = select(connections).where(connections.c.active).order_by(connections.c.key)
    with house.database.reading() as opened:
        return tuple(ExternalSystem(row.key, row.url, row.secret, row.timeout_seconds) for row in opened.execute(query))


def call(to: ExternalSystem, path: str, send: Mapping[str, Any], key: str, now: datetime) -> Mapping[str, Any]:
    """Post the values as JSON and give the answer's object; ``CallFailed`` for anything else than a 2xx answer with a JSON object in time.

    Blocks; it is for threads that run no event loop.
    """
    body = orjson.dumps(dict(send))
    moment = now.isoformat(timespec="seconds")
    headers = {"content-type": "application/json", "idempotency-key": key, "huying-moment": moment}
    if to.secret:
        headers["huying-signature"] = signature(to.secret, moment, body)
    url = urljoin(to.url.rstrip("/") + "/", path.lstrip("/")) if path else to.url
    # the slash ends the host's name: a path may hold what somebody filled in
    if path and not url.startswith(to.url.rstrip("/") + "/"):
        raise CallFailed(f"{to.key}: 路径 {path!r} 不在该系统内 (the path leads away from the connection)")
    seconds = min(max(1, to.timeout_seconds), _LONGEST_WAIT)
    try:
        # a loop of its own, for only so can the whole call be given an end, and not each of its reads
        return _object(to, asyncio.run(_answered(to, url, body, headers, seconds)))
    except (TimeoutError, httpx.TimeoutException) as error:
        raise CallFailed(f"{to.key}: {seconds} 秒内没有答复 (no answer within {seconds} s)") from error
    except httpx.HTTPError as error:
        raise CallFailed(f"{to.key}: 连不上或中断 (cannot be reached: {type(error).__name__})") from error


async def _answered(to: ExternalSystem, url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> bytes:
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(verify=_tls(), timeout=seconds, follow_redirects=False) as client,
        client.stream("POST", url, content=body, headers=headers) as answer,
    ):
        if not answer.is_success:
            raise CallFailed(f"{to.key}: 对方答复出错 (HTTP {answer.status_code})")
        said = b""
        async for part in answer.aiter_bytes():
            said += part
            if len(said) > _LONGEST_ANSWER:
                raise CallFailed(f"{to.key}: 答复过长 (the answer is too long)")
        return said


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _object(to: ExternalSystem, answer: bytes) -> Mapping[str, Any]:
    if not answer:
        return {}
    try:
        found = orjson.loads(answer)
    except orjson.JSONDecodeError as error:
        raise CallFailed(f"{to.key}: 答复不是 JSON (the answer is no JSON)") from error
    return found if isinstance(found, dict) else {"answer": found}


def signature(secret: str, moment: str, body: bytes) -> str:
    """The HMAC-SHA-256 of moment and body, in hex."""
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
