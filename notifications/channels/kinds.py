"""The kinds of senders, a line each. ``notifications.channels.sender_kind`` says how one is added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from notifications.channels.mail_kind import MAIL_KIND
from notifications.channels.sender_kind import SenderKind

_KINDS: tuple[SenderKind[Any], ...] = (MAIL_KIND,)
#: By key, in the order in which they are offered.
KINDS: Mapping[str, SenderKind[Any]] = {one.key: one for one in _KINDS}
