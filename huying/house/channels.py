"""The ways in that are in force, kept in memory: each as the office published it last, else as it is shipped.

A process looks for changes at most once a second, so a channel that is changed or closed holds within a moment, in every process.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cache
from threading import Lock
from types import MappingProxyType

from sqlalchemy import func, select

from definitions.channels.channel import Channel, Entered, read_channel, restore_channel
from definitions.loader import LIBRARY, Unsound
from engine.refusal import Invalid
from huying.database.connections import Database
from huying.database.tables import channel_versions

#: Where the channels lie that come with the house.
SHIPPED = LIBRARY / "channels"
#: How long, in seconds, a process goes on without looking for changes.
_FRESH = 1.0


class NoChannel(Invalid):
    """There is no such way in, or it is closed, or nobody comes in there with this."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__({"channel": {"zh": zh, "en": en}})


class Channels:
    """All ways in, by key, in the order in which they are offered; closed ones too, by which old issues came."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._known: Mapping[str, Channel] = MappingProxyType({})
        self._looked_at = float("-inf")

    def all(self) -> Mapping[str, Channel]:
        """Those known now."""
        if time.monotonic() - self._looked_at < _FRESH:
            return self._known
        with self._lock:
            if time.monotonic() - self._looked_at >= _FRESH:
                self._known = self._read()
                self._looked_at = time.monotonic()
        return self._known

    def forget(self) -> None:
        """Look for changes at once."""
        self._looked_at = float("-inf")

    def at(self, *entered: Entered) -> Mapping[str, Channel]:
        """The open ones on which matters are entered there."""
        return {key: one for key, one in self.all().items() if not one.closed and not set(one.at).isdisjoint(entered)}

    def open_one(self, key: str) -> Channel:
        """The channel on which something comes in now; ``NoChannel`` if there is none of this name, or it is closed."""
        found = self.all().get(key)
        if found is None:
            listed = [one for one, channel in self.all().items() if not channel.closed]
            raise NoChannel(
                f"没有名为“{key}”的渠道。现有：{'、'.join(listed)}。",
                f"There is no channel “{key}”. There are: {', '.join(listed)}.",
            )
        if found.closed:
            raise NoChannel(
                f"渠道“{found.name('zh')}”已经停用，不再受理新事项。",
                f"The channel “{found.name('en')}” is closed and takes no new matters.",
            )
        return found

    def _read(self) -> Mapping[str, Channel]:
        newest = select(func.max(channel_versions.c.id)).group_by(channel_versions.c.key)
        query = select(channel_versions.c.key, channel_versions.c.body).where(channel_versions.c.id.in_(newest))
        with self._database.reading() as connection:
            own = {key: restore_channel(body) for key, body in connection.execute(query)}
        found = {**{key: channel for key, (channel, _) in shipped_channels().items()}, **own}
        ordered = sorted(found.values(), key=lambda one: (one.rank, one.channel))
        return MappingProxyType({one.channel: one for one in ordered})


@cache
def shipped_channels() -> Mapping[str, tuple[Channel, str]]:
    """Those that come with the house, by key, each with its text."""
    found: dict[str, tuple[Channel, str]] = {}
    for path in sorted(SHIPPED.glob("*.yaml")):
        source = path.read_text("utf-8")
        done = read_channel(source, path.name)
        if done.channel is None or done.findings:
            raise Unsound(done.findings)
        found[done.channel.channel] = (done.channel, source)
    return MappingProxyType(found)
