"""The ways on which matters come in, and on which a resident tells something, by name."""

from __future__ import annotations

from definitions.text import Said
from huying.locale import translations

_TOLD = {
    "phone": Said("电话告知", "by phone"),
    "counter": Said("当面告知", "in person"),
    "visit": Said("入户时告知", "on a home visit"),
    "reception": Said("接访时告知", "on a reception day"),
}


def channel_titles(language: str) -> dict[str, str]:
    """Every way that the house itself has, in the order in which they are offered."""
    _ = translations(language).gettext
    return {
        "phone": _("By phone"),
        "counter": _("At the counter"),
        "visit": _("Home visit"),
        "reception": _("Reception day"),
        "web": _("Online"),
        "api": _("From another system"),
        "open311": _("By Open311"),
        "process": _("From another issue"),
        "plan": _("From a plan"),
    }


def channel_title(channel: str, language: str) -> str:
    """What a way is called; one that the house does not know says its own key."""
    return channel_titles(language).get(channel, channel)


def way_words(way: str, language: str) -> str:
    """How a resident told something, as said in a history."""
    return _TOLD[way].of(language) if way in _TOLD else way
