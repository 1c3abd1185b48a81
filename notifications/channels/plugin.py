"""What our Apprise plugins have in common: typed fields in, a reasoned result out.

Apprise's ``send`` answers yes or no; a plugin of ours keeps the whole answer in ``result``. One object serves one attempt.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from apprise import NotifyFormat
from apprise.plugins.base import NotifyBase

from notifications.message import DeliveryResult, OutgoingMessage, permanent

#: The seconds for one connection, one answer; a whole attempt is ended by ``deadline``.
TIMEOUT = 4.0

_heard: ContextVar[list[str] | None] = ContextVar("notifications_heard", default=None)


# Apprise 2.0.1 annotates itself in part only: what it is made of is taken as it comes
_Base: Any = NotifyBase


class Plugin(_Base):  # type: ignore[misc]
    """A way for one message to one address."""

    # a native plugin that is disabled disables what inherits from it; ours are their own
    enabled = True
    # Apprise's throttle sleeps in each object, and we make one for each attempt
    request_rate_per_sec = 0
    notify_format = NotifyFormat.TEXT
    body_maxlen = 10_000_000
    title_maxlen = 1_000
    attachment_support = False
    persistent_storage = False

    def __init__(self, message: OutgoingMessage, **fields: Any) -> None:
        super().__init__(**fields)
        self.message = message
        self.result: DeliveryResult | None = None

    def attempt(self) -> DeliveryResult:
        """Carry out the attempt; never raises for what the other side does."""
        raise TypeError("a plugin says how it sends")

    def send(self, body: str, title: str = "", **_: Any) -> bool:
        """What Apprise calls; both bodies are in ``message``."""
        self.result = self.attempt()
        return self.result.status == "accepted"


def outcome(plugin: Plugin) -> DeliveryResult:
    """Send through Apprise; where it refused before our plugin was asked, its log says why."""
    with listening() as heard:
        plugin.notify(body=plugin.message.text, title=plugin.message.subject)
    return plugin.result or permanent("通知组件未发送。", "Apprise did not send", "; ".join(heard))


@contextmanager
def listening() -> Iterator[list[str]]:
    """What Apprise logs about this attempt, and about no other."""
    heard: list[str] = []
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


class Ear(logging.Handler):
    """Hands Apprise's warnings to the attempt that caused them."""

    def emit(self, record: logging.LogRecord) -> None:
        heard = _heard.get()
        if heard is not None:
            heard.append(record.getMessage())
