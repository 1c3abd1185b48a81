"""The languages that people read: gettext catalogues, read from their ``.po`` files once.

A msgid is the English text itself. What a definition or the register says is not in here: it brings its own languages along.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

#: The languages of the portal, Chinese first.
LANGUAGES = ("zh", "en")
#: Babel's name for each.
LOCALES = {"zh": "zh_CN", "en": "en_GB"}

CATALOGUES = Path(__file__).resolve().parent


def known_language(text: str | None) -> str | None:
    """The portal's language that a tag such as ``zh-CN``, ``zh_Hans`` or ``EN`` means; ``None`` if we do not speak it."""
    short = (text or "").strip().replace("-", "_").split("_")[0].lower()
    return short if short in LANGUAGES else None


@cache
def translations(language: str) -> NullTranslations:
    """What says a msgid in this language; English says it as it stands."""
    path = CATALOGUES / LOCALES[language] / "LC_MESSAGES" / "huying.po"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=LOCALES[language])
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
