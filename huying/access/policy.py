"""Which passphrases are taken: long ones that are on no list of the first to be tried, and are not made of what everybody knows of a person.

After NIST SP 800-63B-4: 15 characters where the passphrase is all there is, 8 beside a second factor; any character, nothing prescribed about their
kinds, no end but on evidence. ``strict`` adds what MLPS level 2 (等保二级) asks for besides: three kinds of characters.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from definitions.text import Said
from huying.access.passphrase import LONGEST, plainly

ALONE, BESIDE_A_SECOND_FACTOR = 15, 8
#: Kinds of characters that ``strict`` asks for, of capital letters, small ones, digits and all others.
_KINDS = 3
#: A name is looked for from so many characters on: in Chinese two are a name, in letters two are a syllable.
_SHORTEST_NAME, _SHORTEST_CHINESE = 4, 2
#: So many letters beside names and numbers make a passphrase of one's own.
_OWN_LETTERS = 6
_FEWEST_DIFFERENT = 5
#: Neighbours on the keyboard, one after the other.
_ROWS = ("qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp")
_LIST = Path(__file__).with_name("commonest.txt")


@dataclass(frozen=True, slots=True)
class PassphraseRules:
    """The shortest passphrase that is taken, and whether its characters have to be of several kinds."""

    shortest: int = ALONE
    strict: bool = False


def fault_of(passphrase: str, rules: PassphraseRules, names: Iterable[str] = ()) -> Said | None:
    """Why this passphrase is not taken, and what would be; ``None`` if it is. ``names``: what everybody knows of the person."""
    text = plainly(passphrase)
    if len(text) < rules.shortest:
        return Said(
            f"口令太短：现在 {len(text)} 个字符，至少要 {rules.shortest} 个。可以用一句只有自己记得的话。",
            f"Too short: {len(text)} characters, and at least {rules.shortest} are needed. A sentence that only you remember will do.",
        )
    if len(text) > LONGEST:
        return Said(f"口令太长：最多 {LONGEST} 个字符。", f"Too long: at most {LONGEST} characters.")
    if rules.strict and _kinds(text) < _KINDS:
        return Said(
            "口令要有大写字母、小写字母、数字、其他符号中的三种。",
            "A passphrase here has three of these: capital letters, small letters, digits, other signs.",
        )
    return _easily_guessed(text.casefold(), names)


def _kinds(text: str) -> int:
    other = [one for one in text if not (one.isupper() or one.islower() or one.isdigit())]
    return sum((any(map(str.isupper, text)), any(map(str.islower, text)), any(map(str.isdigit, text)), bool(other)))


def _easily_guessed(text: str, names: Iterable[str]) -> Said | None:
    bare = "".join(one for one in text if one.isalnum())
    unit = bare[: _period(bare)]
    if len(set(bare)) < _FEWEST_DIFFERENT or _counts_up(bare) or any(unit in row for row in _ROWS):
        return Said(
            "口令只是重复的、连续的或键盘上相邻的字符，太容易猜到。",
            "These are the same characters again and again, or neighbours: too easy to guess.",
        )
    if not commonest().isdisjoint({text, bare, unit, _core(bare)}):
        return Said(
            "这是最常被试的口令之一，请换一个只有自己想得到的。",
            "This is one of the passphrases that are tried first; choose one that only you would think of.",
        )
    for name in sorted({_known(name) for name in names}, key=len, reverse=True):
        if _is_a_name(name) and name in bare:
            bare = bare.replace(name, " ")
    if " " in bare and sum(map(str.isalpha, bare)) < _OWN_LETTERS:
        return Said(
            "口令里除了姓名、单位、电话、用户名这些大家知道的，几乎没有别的，请加几个自己的词。",
            "Beside names, telephone numbers and the like, which others know, there is hardly anything in it; add some words of your own.",
        )
    return None


def _period(text: str) -> int:
    """After how many characters a text only repeats itself."""
    again = (text + text).find(text, 1)
    return again if again > 0 else len(text)


def _counts_up(text: str) -> bool:
    """Whether nearly every character is the one beside the last."""
    steps = [abs(ord(after) - ord(before)) <= 1 for before, after in itertools.pairwise(text)]
    return sum(steps) * 5 >= len(steps) * 4


def _core(text: str) -> str:
    """What is left without digits before and after it."""
    return text.strip("0123456789")


def _known(name: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", name).casefold() if one.isalnum())


def _is_a_name(name: str) -> bool:
    return len(name) >= (_SHORTEST_NAME if name.isascii() else _SHORTEST_CHINESE)


@lru_cache(maxsize=1)
def commonest() -> frozenset[str]:
    """The passphrases that are tried first, in small letters."""
    lines = _LIST.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
