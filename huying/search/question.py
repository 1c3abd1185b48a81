"""A question as somebody types it, and the ways in which it is looked up, the surest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

from huying.search.entry import Reach
from huying.search.letters import GOES_ON, asked_initials, contacts, hashed, is_han, is_phone, plain, sounds, split
from huying.search.names import Gazetteer, Meant
from huying.search.words import AllOf, AnyOf, Asked, Phrase, Within

#: Nobody types more words, and no text of a question is longer.
_MOST_WORDS, _LONGEST = 6, 80
#: Words of so many characters are cut, and so many characters looked for apart from one another.
_CUT_AT_MOST, _APART_AT_MOST = 9, 8
_APART = re.compile(r"[\s、，,;；|/]+")
#: A number with what it counts: 12栋, 88号, 2单元.
_COUNTED = re.compile(r"\d+(?:号楼|单元|号|栋|幢|楼|室|路|组|座|弄|巷|米|层)?")

_SUBJECT, _OPEN = ("subject",), ("subject", "words")
_PRIVATE, _ALL = ("subject", "words", "private"), ("subject", "words", "private", "reporter")
_NAME = ("reporter",)


@dataclass(frozen=True, slots=True)
class LookUpWay:
    """One way of looking a question up.

    ``reach``: for whom its words are. ``kind`` says how what it finds was found.
    """

    kind: str
    asked: Asked
    reach: Reach = "open"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question: as it was typed, its tokens, and what it means in the register."""

    text: str
    tokens: tuple[str, ...]
    meant: Meant

    @property
    def written(self) -> Phrase:
        """As it is written; a longer word in letters or digits may go on."""
        last = self.tokens[-1]
        return Phrase(self.tokens, open=len(last) >= GOES_ON and last.isascii())

    @property
    def here(self) -> Asked:
        """As it is written, or as what it means."""
        phrases = (self.written, *(Phrase((token,)) for token in self.meant.tokens))
        return AnyOf(phrases) if len(phrases) > 1 else self.written

    @property
    def named(self) -> Asked:
        """As the name of somebody: as it is written, or by initials."""
        if len(self.tokens) == 1 and self.tokens[0].isascii() and self.tokens[0].isalpha():
            return AnyOf((self.written, Phrase((asked_initials(self.tokens[0]),))))
        return self.written

    @property
    def anywhere(self) -> Asked:
        """As all of that."""
        return AnyOf((self.here, self.named)) if self.named != self.written else self.here

    @property
    def heard(self) -> Asked:
        """As it sounds, or as a name that sounds like it."""
        if len(self.tokens) < 2 or not all(map(is_han, self.tokens)):
            return self.here
        return AnyOf((self.here, Phrase(tuple(sounds(self.tokens)))))


@dataclass(frozen=True, slots=True)
class TypedText:
    """What was typed, as words; ``text`` is as it was typed."""

    text: str
    words: tuple[Word, ...]

    @property
    def twins(self) -> tuple[str, ...]:
        """Names of the register that sound like a word, and are written otherwise."""
        return tuple(dict.fromkeys(twin for word in self.words for twin in word.meant.twins))


def question(text: str, register: Gazetteer) -> TypedText:
    """A question of what somebody typed; without words if nothing in it can be looked for."""
    typed = " ".join(plain(text)[:_LONGEST].split())
    parts = [part for part in _APART.split(typed) if split(part)][:_MOST_WORDS]
    return TypedText(typed, tuple(_word(part, register) for part in parts))


def _word(text: str, register: Gazetteer) -> Word:
    tokens = tuple(split(text))
    return Word(text, tokens, register.meant(tokens))


def ways(asked: TypedText, secret: Callable[[], str]) -> Iterator[LookUpWay]:
    """In which ways a question is looked up, the surest first."""
    yield from _contact(asked, secret)
    yield LookUpWay("reporter", Within(_NAME, _all(word.named for word in asked.words)), "reporter")
    here = _all(word.here for word in asked.words)
    yield LookUpWay("subject", Within(_SUBJECT, here))
    if len(asked.words) > 1:
        some = AnyOf(tuple(word.written for word in asked.words))
        yield LookUpWay("words", AllOf((Within(_SUBJECT, some), Within(_OPEN, here))))
    yield LookUpWay("words", Within(_OPEN, here))
    yield LookUpWay("private", Within(_PRIVATE, here), "private")
    yield LookUpWay("said", here, "shared")
    yield LookUpWay("reporter", Within(_ALL, _all(word.anywhere for word in asked.words)), "reporter")
    yield from _heard(asked)


def loose_ways(asked: TypedText, register: Gazetteer) -> Iterator[LookUpWay]:
    """In which ways it is looked up if nothing else has found anything: its words cut, and without one of them."""
    if cut := _cut(asked, register):
        yield LookUpWay("words", Within(_OPEN, cut))
        yield LookUpWay("reporter", Within(_ALL, cut), "reporter")
    if len(asked.words) > 1:
        fewer = combinations([word.anywhere for word in asked.words], len(asked.words) - 1)
        yield LookUpWay("some", Within(_OPEN, AnyOf(tuple(_all(iter(some)) for some in fewer))))
    signs = [Phrase((token,)) for word in asked.words for token in word.tokens]
    if 1 < len(signs) <= _APART_AT_MOST:
        yield LookUpWay("some", Within(_OPEN, AllOf(tuple(signs))))
    halves = [half for word in asked.words for half in _halves(word)]
    if halves:
        yield LookUpWay("some", Within(_OPEN, AnyOf(tuple(halves))))


def _halves(word: Word) -> Iterator[Phrase]:
    """What a word of four and more characters may be made of, each for itself."""
    size = len(word.tokens)
    if 4 <= size <= _CUT_AT_MOST and all(map(is_han, word.tokens)):
        for at in range(2, size - 1):
            yield Phrase(word.tokens[:at])
            yield Phrase(word.tokens[at:])


def _all(parts: Iterator[Asked]) -> Asked:
    found = tuple(parts)
    return AllOf(found) if len(found) > 1 else found[0]


def _contact(asked: TypedText, secret: Callable[[], str]) -> Iterator[LookUpWay]:
    """A telephone number or an address is looked up exactly."""
    if is_phone(asked.text):
        forms = tuple(Phrase((hashed(secret(), form),)) for form in contacts(asked.text))
    elif "@" in asked.text and " " not in asked.text:
        forms = (Phrase((hashed(secret(), asked.text),)),)
    else:
        return
    if forms:
        yield LookUpWay("contact", Within(_NAME, AnyOf(forms)), "reporter")
        yield LookUpWay("contact", Within(("private",), AnyOf(forms)), "private")


def _heard(asked: TypedText) -> Iterator[LookUpWay]:
    heard = tuple(word.heard for word in asked.words)
    if heard == tuple(word.here for word in asked.words):
        return
    yield LookUpWay("twin", Within(_NAME, _all(iter(heard))), "reporter")
    yield LookUpWay("twin", Within(_OPEN, _all(iter(heard))))


def _cut(asked: TypedText, register: Gazetteer) -> Asked | None:
    """The question with its long words cut into those that it may be made of; nothing if there are none."""
    parts: list[Asked] = []
    known: Mapping[str, Word] = {word.text: word for word in asked.words}
    for word in asked.words:
        pieces = _pieces(word.text, register)
        if pieces == [word.text]:
            parts.append(_runs(word))
        else:
            parts += [_runs(known.get(piece) or _word(piece, register)) for piece in pieces if split(piece)]
    cut = _all(iter(parts)) if parts else None
    return None if cut == _all(word.here for word in asked.words) else cut


def _pieces(text: str, register: Gazetteer) -> list[str]:
    """A word parted where a place or a number with what it counts stands in it."""
    if not any(is_han(token) for token in text):
        return [text]
    if name := register.place_in(text):
        before, _, after = text.partition(name)
        return [*_pieces(before, register)] * bool(before) + [name] + [*_pieces(after, register)] * bool(after)
    found = _COUNTED.search(text)
    if found and found[0] != text:
        before, after = text[: found.start()], text[found.end() :]
        return [before] * bool(before) + [found[0]] + [*_pieces(after, register)] * bool(after)
    return [text]


def _runs(word: Word) -> Asked:
    """A word of four and more characters as it is, or as two or three of at least two."""
    size = len(word.tokens)
    if not 4 <= size <= _CUT_AT_MOST or not all(map(is_han, word.tokens)):
        return word.here
    several = [at for count in (1, 2) for at in combinations(range(2, size - 1), count)]
    cuts = [(0, *at, size) for at in several if all(b - a >= 2 for a, b in zip((0, *at), (*at, size), strict=True))]
    parted = (AllOf(tuple(Phrase(word.tokens[a:b]) for a, b in pairwise(at))) for at in cuts)
    return AnyOf((word.here, *parted))
