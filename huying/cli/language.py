"""In which of the two languages the command line speaks: as asked, else as the locale says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

#: Both, in the order in which they are shown.
LANGUAGES = ("zh", "en")


def languages_of(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[str, ...]:
    """What ``--language`` asks for, else the locale's language; both, Chinese first, where neither says ``zh`` or ``en``."""
    for word, following in pairwise([*arguments, ""]):
        asked = following if word == "--language" else word.removeprefix("--language=")
        if asked in LANGUAGES and word.startswith("--language"):
            return (asked,)
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "")
    short = locale.replace("-", "_").partition(".")[0].partition("_")[0].lower()
    return (short,) if short in LANGUAGES else LANGUAGES
