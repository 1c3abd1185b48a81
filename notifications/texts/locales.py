"""Which of our languages a reader gets."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError

CHINESE = "zh_CN"
ENGLISH = "en"

#: Readers of these languages are served in Simplified Chinese, which their offices write.
_OF_CHINA = frozenset({"zh", "yue", "wuu", "nan", "hak", "gan", "hsn", "cdo", "bo", "ug", "ii", "za"})


@lru_cache(maxsize=256)
def nearest_locale(wanted: str) -> str:
    """Our locale for a reader's: Chinese of any kind gets ``zh_CN``, any other language ``en``, and what is not a locale ``zh_CN``.

    Babel's ``negotiate_locale`` answers ``en`` for ``zh-CN``, so the language is looked at here.
    """
    try:
        language = Locale.parse(wanted.strip().replace("-", "_")).language
    except (ValueError, TypeError, UnknownLocaleError):
        language = wanted.strip().replace("-", "_").split("_")[0].lower()
        if language not in _OF_CHINA:
            return CHINESE
    return CHINESE if language in _OF_CHINA else ENGLISH
