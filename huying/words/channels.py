"""The ways on which matters come in, by name."""

from __future__ import annotations

from huying.locale import translations


def channel_titles(language: str) -> dict[str, str]:
    """Every way that the house itself has, in the order in which they are offered."""
    _ = translations(language).gettext
    return {
        "web": _("Online"),
        "api": _("From another system"),
        "process": _("From another issue"),
        "plan": _("From a plan"),
    }


def channel_title(channel: str, language: str) -> str:
    """What a way is called; one that the house does not know says its own key."""
    return channel_titles(language).get(channel, channel)
