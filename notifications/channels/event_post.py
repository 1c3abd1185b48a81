"""Events posted to other systems after the Standard Webhooks convention: signed JSON, to an address that was looked at first.

Not by Apprise, which knows messages to people. The connection and the judgement of an answer are those of participants' webhooks.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache

from notifications.channels.network import Forbidden, addresses, is_public
from notifications.channels.signature import signature
from notifications.channels.webhook_address import WebhookTarget, target
from notifications.channels.webhook_plugin import judged, posted
from notifications.message import DeliveryResult, permanent, temporary

#: The answer of a receiver who wants to hear no more.
GONE = 410
#: So many are posted at once; their threads are not those of messages to people, whom a slow receiver must not keep waiting.
AT_ONCE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPost:
    """One event for one receiver. ``key`` is the same at every attempt; each of the ``secrets`` signs, the present one first.

    ``timestamp`` is the moment of the attempt in seconds since 1970.
    """

    key: str
    url: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    body: bytes = field(repr=False)
    timestamp: int


@dataclass(frozen=True, slots=True)
class PostAnswer:
    """What became of an attempt; ``status`` is the HTTP status, if there was an answer."""

    result: DeliveryResult
    status: int | None = None


def post_events(posts: Sequence[EventPost], *, allow_private: bool) -> list[PostAnswer]:
    """Post each once, at the same time; the answers in the order of the posts. One that fails never harms the others."""
    waiting = [_pool().submit(post_event, post, allow_private=allow_private) for post in posts]
    return [one.result() for one in waiting]


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="event")


def post_event(post: EventPost, *, allow_private: bool) -> PostAnswer:
    """Try once; failures are answers, not errors."""
    try:
        place = target(post.url)
    except ValueError as error:
        return PostAnswer(permanent("推送地址不正确。", "This is not a webhook address", error))
    try:
        found = addresses(place.host, place.port, allow_private=allow_private)
        status = posted(place, found, post.body, _headers(place, post))
        return PostAnswer(judged(status, place.host), status)
    except Forbidden:
        return PostAnswer(
            permanent(
                f"{place.host} 在内网，不允许推送。", "The webhook leads into a private network, which is not allowed"
            )
        )
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", "") or error.reason
        return PostAnswer(temporary(f"与 {place.host} 的加密连接失败。", "TLS with the webhook failed", why))
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        why = getattr(error, "strerror", None) or error
        return PostAnswer(
            temporary(f"连不上 {place.host}。", "The webhook cannot be reached", why or type(error).__name__)
        )


def refused_at_once(url: str, *, allow_private: bool) -> str | None:
    """Why an address cannot be posted to, as far as it can be seen without asking the network; ``None`` if it can."""
    try:
        place = target(url)
    except ValueError as error:
        return str(error)
    if allow_private:
        return None
    if place.host == "localhost" or place.host.endswith(".localhost"):
        return "private"
    try:
        return None if is_public(place.host) else "private"
    except ValueError:
        # a name, whose addresses are looked at whenever something is posted
        return None


def _headers(place: WebhookTarget, post: EventPost) -> dict[str, str]:
    signed = " ".join(signature(secret, post.key, post.timestamp, post.body) for secret in post.secrets)
    return {
        "Host": place.authority,
        "User-Agent": "Huying",
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": post.key,
        "webhook-timestamp": str(post.timestamp),
        "webhook-signature": signed,
        "Connection": "close",
    }
