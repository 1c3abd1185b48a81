"""The ways on which matters come in, and on which a resident tells something, by name."""

from __future__ import annotations

from collections.abc import Mapping

from definitions.channels.channel import Channel
from definitions.text import Said

_TOLD = {
    "phone": Said("电话告知", "by phone"),
    "counter": Said("当面告知", "in person"),
    "visit": Said("入户时告知", "on a home visit"),
    "reception": Said("接访时告知", "on a reception day"),
    "mail": Said("来信告知", "by e-mail"),
}

#: Ways in by key, as the house has them now.
KnownChannels = Mapping[str, Channel]


def channel_titles(known: KnownChannels, language: str) -> dict[str, str]:
    """Every way that the house has or had, in the order in which they are offered."""
    return {key: one.name(language) for key, one in known.items()}


def channel_title(known: KnownChannels, channel: str, language: str) -> str:
    """What a way is called; one that the house does not know says its own key."""
    return known[channel].name(language) if channel in known else channel


def way_words(way: str, language: str, known: KnownChannels | None = None) -> str:
    """How a resident told something, as said in a history; ``known`` has the words of ways that an office made."""
    if known and way in known:
        return known[way].telling(language)
    return _TOLD[way].of(language) if way in _TOLD else way
