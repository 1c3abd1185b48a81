"""What a limit is called: of the whole issue, or of a stage."""

from __future__ import annotations

from huying.locale import translations
from huying.words.stages import stage_title


def limit_title(limit: str, language: str) -> str:
    """The title of a limit: of the whole issue, or of a stage."""
    _ = translations(language).gettext
    if limit == "issue":
        return _("The whole issue")
    return _("The stage “%(stage)s”") % {"stage": stage_title(limit, language)}
