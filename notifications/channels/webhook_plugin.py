"""Messages as JSON to an address that a participant gave, as an Apprise plugin of ours.

The body is ``{"id", "subject", "text", "html"}``; ``Idempotency-Key`` (and ``Webhook-Id``) is the message's key, the same for each
attempt. With a secret, ``Webhook-Signature`` signs ``<Webhook-Id>.<Webhook-Timestamp>.<body>`` (see ``signature``).

Apprise's own plugin follows redirects, takes user names and proxies from files and the environment, connects to whatever the
name leads to, and tells the reason of a failure to the log only.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from functools import lru_cache
from typing import Any

from notifications.channels.deadline import ATTEMPT, within
from notifications.channels.mime import identifier
from notifications.channels.network import Forbidden, addresses, connect
from notifications.channels.plugin import TIMEOUT, Plugin
from notifications.channels.signature import signature
from notifications.channels.webhook_address import WebhookTarget, target
from notifications.message import ACCEPTED, DeliveryResult, OutgoingMessage, WebhookAddress, permanent, temporary

#: Answers of the 4xx kind that ask for patience: time-out, too early, too many requests.
_PATIENCE = frozenset({408, 425, 429})
_MOVED = frozenset({301, 308})


class WebhookPlugin(Plugin):
    """One POST to one address."""

    service_name = "Huying webhook"
    secure_protocol = "huying-webhook"

    def __init__(self, message: OutgoingMessage, to: WebhookAddress, allow_private: bool, **fields: Any) -> None:
        super().__init__(message, **fields)
        self.to, self.allow_private = to, allow_private

    def attempt(self) -> DeliveryResult:
        """Post the message to an address that was checked."""
        try:
            place = target(self.to.url)
        except ValueError as error:
            return permanent("推送地址不正确。", "This is not a webhook address", error)
        try:
            found = addresses(place.host, place.port, allow_private=self.allow_private)
            return judged(self._post(place, found), place.host)
        except Forbidden:
            return permanent(
                f"{place.host} 在内网，不允许推送。", "The webhook leads into a private network, which is not allowed"
            )
        except ssl.SSLError as error:
            why = getattr(error, "verify_message", "") or error.reason
            return temporary(f"与 {place.host} 的加密连接失败。", "TLS with the webhook failed", why)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            why = getattr(error, "strerror", None) or error
            return temporary(f"连不上 {place.host}。", "The webhook cannot be reached", why or type(error).__name__)

    def _post(self, place: WebhookTarget, found: tuple[str, ...]) -> int:
        body = payload(self.message)
        return posted(place, found, body, self._headers(place, body))

    def _headers(self, place: WebhookTarget, body: bytes) -> dict[str, str]:
        key, timestamp = identifier(self.message.key), int(time.time())
        headers = {
            "Host": place.authority,
            "User-Agent": "Huying",
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            "Webhook-Id": key,
            "Webhook-Timestamp": str(timestamp),
            "Connection": "close",
        }
        if self.to.secret:
            headers["Webhook-Signature"] = signature(self.to.secret, key, timestamp, body)
        return headers


def posted(place: WebhookTarget, found: tuple[str, ...], body: bytes, headers: dict[str, str]) -> int:
    """Post to one of these addresses, and give the status of the answer."""
    connection = _Pinned(place, found)
    try:
        with within(ATTEMPT, lambda: connection.sock):
            connection.request("POST", place.path, body, headers)
            return connection.getresponse().status
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to addresses that were checked, whatever the name leads to meanwhile; without proxies and redirects."""

    def __init__(self, place: WebhookTarget, found: tuple[str, ...]) -> None:
        super().__init__(place.host, place.port, timeout=TIMEOUT)
        self._place, self._found = place, found
        self.sock: socket.socket | None = None

    def connect(self) -> None:
        self.sock = connect(self._found, self._place.port, TIMEOUT)
        if self._place.secure:
            # the certificate must be the name's, although the connection goes to an address
            wrapped = _tls().wrap_socket(self.sock, server_hostname=self._place.host, do_handshake_on_connect=False)
            # known before the handshake, so that the deadline can end that too
            self.sock = wrapped
            wrapped.do_handshake()


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def payload(message: OutgoingMessage) -> bytes:
    """The message as JSON."""
    shown = {"id": message.key, "subject": message.subject, "text": message.text, "html": message.html}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()


def judged(status: int, host: str) -> DeliveryResult:
    """What an HTTP status means for the message; redirects are never followed."""
    if 200 <= status <= 299:
        return ACCEPTED
    said = f"HTTP {status}"
    if 300 <= status <= 399:
        judge = permanent if status in _MOVED else temporary
        return judge(f"{host} 要求转到别处，系统不跟随。", "The webhook redirects, which is not followed", said)
    if 400 <= status <= 499 and status not in _PATIENCE:
        return permanent(f"{host} 拒收。", "The webhook refused the message", said)
    return temporary(f"{host} 暂不可用。", "The webhook is not available", said)
