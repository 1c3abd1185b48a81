"""The four stages of every issue, by name."""

from __future__ import annotations

from huying.locale import translations


def stage_title(stage: str, language: str) -> str:
    """The name of one of the four stages."""
    _ = translations(language).gettext
    titles = {
        "intake": _("Intake"),
        "assignment": _("Assignment"),
        "coordination": _("Coordination"),
        "closure": _("Closure"),
    }
    return titles.get(stage, stage)
