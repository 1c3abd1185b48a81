"""Texts as tokens, alike on both databases: every Han character by itself, other runs whole; and how names sound.

A word of any length is then a phrase, so nothing has to know where Chinese words end. Tokens that nobody typed begin with a sign that no text
yields, so that they never meet those of texts.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

_HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]")
#: PostgreSQL takes lexemes of 2 kB; nobody types words of a hundred letters.
_LONGEST = 100

#: From so many letters on, a word that is looked for may go on: two would match half of all numbers.
GOES_ON = 3
#: Of no longer beginning of a word that not everybody may read, the index knows.
_LONGEST_BEGUN = 20

#: Stands between two texts, so that no phrase goes from one into the other.
GAP = "¶"
_SOUND, _INITIALS, _HASH = "¦", "‡", "¤"

#: Endings and beginnings of syllables that people who speak southern Mandarin write for one another.
_LEVEL = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_LEVEL_END = (("ang", "an"), ("eng", "en"), ("ing", "in"))
#: More readings than this are not kept apart.
_READINGS = 12

_EXTENSION = re.compile(r"转|分机|ext|x|#|,", re.IGNORECASE)
_PHONE = re.compile(r"[+(]?[\d\s()\-+.]{6,24}")


def split(text: str) -> list[str]:
    """The tokens of a text."""
    return [token[:_LONGEST] for token in _TOKEN.findall(plain(text))]


def plain(text: str) -> str:
    """A text with full-width signs as narrow ones, and all letters small."""
    return unicodedata.normalize("NFKC", text).lower()


def is_han(token: str) -> bool:
    """Whether a token is one Han character."""
    return len(token) == 1 and _IS_HAN.match(token) is not None


def numbers(text: str) -> list[str]:
    """The tokens of an issue's number, and of it without leading noughts."""
    tokens = split(text)
    bare = [token.lstrip("0") or "0" if token.isdigit() else token for token in tokens]
    return tokens if bare == tokens else [*tokens, GAP, *bare]


def sounds(tokens: Iterable[str]) -> list[str]:
    """How Han characters sound, without tones and with what is often mistaken levelled; what is between them parts them."""
    found: list[str] = []
    for token in tokens:
        if is_han(token):
            found.append(_SOUND + _levelled(_readings(token)[0]))
        elif found and found[-1] != GAP:
            found.append(GAP)
    return found


def initials(name: str) -> tuple[str, ...]:
    """By which letters a name is looked for: its initials and its whole pinyin, for every reading of its characters."""
    characters = [token for token in split(name) if is_han(token)]
    if not 2 <= len(characters) <= _READINGS:
        return ()
    readings = [_readings(character) for character in characters]
    count = 1
    for position, several in enumerate(readings):
        count *= len(several)
        if count > _READINGS:
            readings[position] = several[:1]
            count //= len(several)
    spoken = list(product(*readings))
    letters = ["".join(syllable[0] for syllable in one) for one in spoken]
    return tuple(dict.fromkeys(_INITIALS + one for one in (*letters, *("".join(one) for one in spoken))))


def asked_initials(token: str) -> str:
    """The token of initials, or of a whole name in pinyin, that somebody typed."""
    return _INITIALS + token


@lru_cache(maxsize=30_000)
def _readings(character: str) -> tuple[str, ...]:
    """All readings of a character without their tones, the usual one first; the character itself if none is known."""
    # the dictionaries take a moment: only who asks for sounds waits for them
    from pypinyin.constants import PINYIN_DICT

    known = PINYIN_DICT.get(ord(character), "")
    toneless = (unicodedata.normalize("NFD", one) for one in known.split(",") if one)
    bare = ("".join(letter for letter in one if letter.isascii() and letter.isalpha()) for one in toneless)
    return tuple(dict.fromkeys(one for one in bare if one)) or (character,)


def _levelled(syllable: str) -> str:
    for long, short in _LEVEL:
        if syllable.startswith(long):
            syllable = short + syllable.removeprefix(long)
    for long, short in _LEVEL_END:
        if syllable.endswith(long):
            syllable = syllable.removesuffix(long) + short
    return syllable


@lru_cache(maxsize=100_000)
def hashed(secret: str, text: str) -> str:
    """What stands in the index for what not everybody may read: nobody who reads it learns it."""
    return _HASH + hmac.digest(secret.encode(), text.encode(), hashlib.sha256).hex()[:24]


def veil(secret: str, token: str) -> str:
    """A token as it stands where not everybody may read it."""
    return token if token == GAP or token.startswith(_HASH) else hashed(secret, token)


def veiled(secret: str, tokens: Iterable[str]) -> list[str]:
    """Tokens as they stand in the index where not everybody may read them; a longer one in letters or digits also by how it begins."""
    found: list[str] = []
    beginnings: dict[str, None] = {}
    for token in tokens:
        found.append(veil(secret, token))
        if token.isascii():
            beginnings.update(dict.fromkeys(token[:size] for size in range(GOES_ON, min(len(token), _LONGEST_BEGUN))))
    for begun in beginnings:
        found += [GAP, hashed(secret, begun)]
    return found


def contacts(text: str) -> Iterator[str]:
    """In which forms a telephone number is kept and looked for: its digits, also without the country's code and the city's."""
    digits = "".join(sign for sign in _EXTENSION.split(plain(text), 1)[0] if sign.isdigit())
    for code in ("0086", "86"):
        if len(digits) > 11 and digits.startswith(code):
            digits = digits.removeprefix(code)
    if len(digits) >= 7:
        yield digits
    if digits.startswith("0") and 10 <= len(digits) <= 12:
        yield digits[3:] if digits[1] in "12" else digits[4:]


def is_phone(text: str) -> bool:
    """Whether what was typed may be a telephone number."""
    typed = plain(text).strip()
    return _PHONE.fullmatch(typed) is not None and 7 <= sum(sign.isdigit() for sign in typed) <= 15
