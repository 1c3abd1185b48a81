"""Sending many messages at once, on threads of their own.

Apprise's own way to send many uses the event loop's few threads, and answers for all of them with one word.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from notifications.channels.mail_lines import MailLines
from notifications.delivery import deliver, warm
from notifications.message import Address, DeliveryResult, OutgoingMessage, Transports

#: Sending is waiting: many threads, little work.
THREADS = 64

_lock = threading.Lock()
_own: ThreadPoolExecutor | None = None


def deliver_batch(
    messages: Sequence[tuple[OutgoingMessage, Address]], transports: Transports, pool: ThreadPoolExecutor | None = None
) -> list[DeliveryResult]:
    """Send each message once; the results in the order of the messages. One that fails never harms the others."""
    warm()
    chosen = pool or _pool()
    lines = MailLines()
    try:
        waiting = [chosen.submit(deliver, message, address, transports, lines) for message, address in messages]
        return [sent.result() for sent in waiting]
    finally:
        lines.close()


def close_pool() -> None:
    """End the threads; a later batch starts new ones."""
    global _own
    with _lock:
        ended, _own = _own, None
    if ended is not None:
        ended.shutdown()


def _pool() -> ThreadPoolExecutor:
    global _own
    with _lock:
        if _own is None:
            _own = ThreadPoolExecutor(THREADS, thread_name_prefix="deliver")
        return _own
