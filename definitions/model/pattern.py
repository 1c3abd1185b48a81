"""Patterns: what the text in a field looks like, as a regular expression that is matched in time linear in the text.

The syntax is the part of regular expressions that Python, browsers and JSON Schema read alike: characters, ``.``, ``\\d``, ``\\w``, ``\\s``,
classes in ``[ ]``, groups in ``( )`` with ``|``, and ``? * + {n} {n,m} {n,}`` after any of them. Nothing looks around or back, so a pattern is a
finite automaton (Thompson, 1968): every text is read once, from left to right, whatever the pattern. It is always the whole text that must match.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from definitions.text import Said

#: No office needs a longer pattern; counted repeats are written out, so their product is bounded too.
LONGEST = 300
_MOST_STATES = 2_000
_MOST_REPEATS = 500
_COUNT = re.compile(r"\{([0-9]{1,3})(?:(,)([0-9]{1,3})?)?\}", re.ASCII)
_CODED = re.compile(r"u([0-9A-Fa-f]{4})", re.ASCII)
_ESCAPED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "d": (("0", "9"),),
    "w": (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z")),
    "s": ((" ", " "), ("\t", "\t")),
}
_LAST = "\U0010ffff"


class PatternError(ValueError):
    """This is no pattern; ``message`` says why in each language, ``remedy`` what would be right."""

    def __init__(self, said: Said, remedy: Said) -> None:
        super().__init__(said.en)
        self.message = {"zh": said.zh, "en": said.en}
        self.remedy = {"zh": remedy.zh, "en": remedy.en}


@dataclass(frozen=True, slots=True)
class Characters:
    """One character out of some ranges, or (``other``) any but these."""

    ranges: tuple[tuple[str, str], ...]
    other: bool = False

    def has(self, character: str) -> bool:
        """Whether the character is one of them."""
        return any(low <= character <= high for low, high in self.ranges) != self.other


@dataclass(frozen=True, slots=True)
class InOrder:
    """One part after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any one of several."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same from ``least`` to ``most`` times; ``None``: as often as it likes."""

    part: Part
    least: int
    most: int | None


Part = Characters | InOrder | OneOf | Repeated


@dataclass(slots=True)
class _Reader:
    """Reads a pattern from left to right."""

    text: str
    at: int = 0

    def whole(self) -> Part:
        if self.text.startswith("^"):
            self.at = 1
        read = self._alternatives()
        if self.text[self.at :] == "$":
            self.at += 1
        if self.at < len(self.text):
            raise self._wrong(Said("这里多了一个括号或符号。", "There is a bracket or sign too many."))
        return read

    def _alternatives(self) -> Part:
        parts = [self._sequence()]
        while self._take("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else OneOf(tuple(parts))

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)" and self.text[self.at :] != "$":
            parts.append(self._repeated(self._single()))
        return parts[0] if len(parts) == 1 else InOrder(tuple(parts))

    def _single(self) -> Part:
        character = self.text[self.at]
        if self._take("("):
            if self._take("?") and not self._take(":"):
                raise self._wrong(Said("括号里不能以 ? 开头。", "A group cannot begin with ?."))
            inner = self._alternatives()
            if not self._take(")"):
                raise self._wrong(Said("括号没有关上。", "A bracket is not closed."))
            return inner
        if self._take("["):
            return self._class()
        if character in "?*+{}]^$":
            raise self._wrong(Said(f"“{character}”前面没有可重复的内容。", f"Nothing stands before “{character}”."))
        self.at += 1
        if character == ".":
            return Characters((("\n", "\n"),), other=True)
        return Characters(self._escape() if character == "\\" else ((character, character),))

    def _escape(self) -> tuple[tuple[str, str], ...]:
        """What stands after a backslash: a class, or a sign that means itself."""
        character = self.text[self.at : self.at + 1]
        if coded := _CODED.match(self.text, self.at):
            self.at = coded.end()
            return ((chr(int(coded[1], 16)),) * 2,)
        if not character or (character.isalnum() and character not in _ESCAPED):
            raise self._wrong(Said(f"不认识“\\{character}”。", f"“\\{character}” is not known here."))
        self.at += 1
        return _ESCAPED.get(character, ((character, character),))

    def _class(self) -> Characters:
        other, ranges = self._take("^"), list[tuple[str, str]]()
        while not self._take("]"):
            if self.at >= len(self.text):
                raise self._wrong(Said("方括号没有关上。", "A square bracket is not closed."))
            first = self._in_class()
            if (
                len(first) == 1
                and self.text[self.at : self.at + 1] == "-"
                and self.text[self.at + 1 : self.at + 2] not in ("]", "")
            ):
                self.at += 1
                last = self._in_class()
                if len(last) != 1 or last[0][0] < first[0][0]:
                    raise self._wrong(Said("方括号里的范围写反了。", "A range in square brackets runs backwards."))
                first = ((first[0][0], last[0][1]),)
            ranges += first
        if not ranges:
            raise self._wrong(Said("方括号里什么也没有。", "The square brackets hold nothing."))
        return Characters(tuple(ranges), other)

    def _in_class(self) -> tuple[tuple[str, str], ...]:
        character = self.text[self.at]
        self.at += 1
        if character == "[":
            raise self._wrong(Said("方括号里不能再有方括号。", "Square brackets cannot hold square brackets."))
        return self._escape() if character == "\\" else ((character, character),)

    def _repeated(self, part: Part) -> Part:
        least: int | None = None
        most: int | None = None
        for sign, (low, high) in {"?": (0, 1), "*": (0, None), "+": (1, None)}.items():
            if self._take(sign):
                least, most = low, high
                break
        else:
            if counted := _COUNT.match(self.text, self.at):
                self.at = counted.end()
                least = int(counted[1])
                most = int(counted[3]) if counted[3] else None if counted[2] else least
        if least is None:
            return part
        if self.text[self.at : self.at + 1] in ("?", "*", "+", "{"):
            raise self._wrong(Said("重复的次数写了两遍。", "How often it repeats is said twice."))
        if least > _MOST_REPEATS or (most is not None and not least <= most <= _MOST_REPEATS):
            raise self._wrong(Said("重复的次数不对。", "It cannot repeat so often."))
        return Repeated(part, least, most)

    def _take(self, sign: str) -> bool:
        taken = self.text.startswith(sign, self.at)
        self.at += len(sign) if taken else 0
        return taken

    def _wrong(self, said: Said) -> PatternError:
        shown = self.text[: self.at + 1]
        place = Said(f"（写到“{shown[-20:]}”）", f" (at “{shown[-20:]}”)")
        return PatternError(Said(said.zh.rstrip("。") + place.zh + "。", said.en.rstrip(".") + place.en + "."), _REMEDY)


_REMEDY = Said(
    "可以用：字、[0-9]、[A-Z]、( | )、?、*、+、{n}、{n,m}，例如 闽D[A-Z0-9]{5}；要写符号本身就放进方括号，例如 [.]。",
    "There are: characters, [0-9], [A-Z], ( | ), ?, *, +, {n}, {n,m}, such as D[A-Z0-9]{5}; put a sign in brackets for itself, such as [.].",
)


@dataclass(slots=True)
class Automaton:
    """A pattern made ready for matching: states with the characters that lead on, and those passed through without one.

    State 0 is the end. What a set of states and a character lead to is remembered.
    """

    leads: list[tuple[Characters | None, tuple[int, ...]]] = field(default_factory=lambda: [(None, ())])
    start: frozenset[int] = frozenset()
    steps: dict[tuple[frozenset[int], str], frozenset[int]] = field(default_factory=dict)

    def add(self, characters: Characters | None, *to: int) -> int:
        """One more state."""
        if len(self.leads) >= _MOST_STATES:
            raise PatternError(Said("格式太复杂。", "The pattern is too large."), _REMEDY)
        self.leads.append((characters, to))
        return len(self.leads) - 1

    def build(self, part: Part, after: int) -> int:
        """The states of a part that leads to ``after``; the first of them."""
        match part:
            case Characters():
                return self.add(part, after)
            case InOrder(parts=parts):
                for one in reversed(parts):
                    after = self.build(one, after)
                return after
            case OneOf(parts=parts):
                return self.add(None, *[self.build(one, after) for one in parts])
            case Repeated(part=one, least=least, most=most):
                if most is None:
                    again = self.add(None)
                    self.leads[again] = (None, (self.build(one, again), after))
                    first = again
                else:
                    first = after
                    for _ in range(most - least):
                        first = self.add(None, self.build(one, first), after)
                for _ in range(least):
                    first = self.build(one, first)
                return first

    def reached(self, states: tuple[int, ...]) -> frozenset[int]:
        """These states, and those that are passed through from them."""
        found, waiting = set[int](), list(states)
        while waiting:
            state = waiting.pop()
            if state not in found:
                found.add(state)
                characters, to = self.leads[state]
                waiting += to if characters is None else ()
        return frozenset(found)

    def after(self, states: frozenset[int], character: str) -> frozenset[int]:
        """Where one character leads."""
        key = (states, character)
        if key not in self.steps:
            if len(self.steps) > 10_000:
                self.steps.clear()
            led = [
                to
                for state in states
                for characters, to in (self.leads[state],)
                if characters and characters.has(character)
            ]
            self.steps[key] = self.reached(tuple(one for to in led for one in to))
        return self.steps[key]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that was read: whether a text is of its kind, how others write it, and a text of its kind."""

    part: Part
    automaton: Automaton

    def fits(self, text: str) -> bool:
        """Whether the whole text is like this."""
        states = self.automaton.start
        for character in text:
            states = self.automaton.after(states, character)
            if not states:
                return False
        return 0 in states

    @property
    def regular(self) -> str:
        """The same for browsers and JSON Schema (ECMA 262 with the flags u or v) and for Python, bound to both ends."""
        return f"^(?:{_written(self.part)})$"

    @property
    def example(self) -> str:
        """One of the shortest texts that are like this."""
        return _shortest(self.part)


@lru_cache(maxsize=512)
def pattern(text: str) -> Pattern:
    """Read a pattern; ``PatternError`` if it is none."""
    if not 0 < len(text) <= LONGEST:
        raise PatternError(
            Said(f"格式要写 1 到 {LONGEST} 个字符。", f"A pattern has 1 to {LONGEST} characters."), _REMEDY
        )
    part, automaton = _Reader(text).whole(), Automaton()
    first = automaton.build(part, 0)
    automaton.start = automaton.reached((first,))
    return Pattern(part, automaton)


def _written(part: Part) -> str:
    match part:
        case Characters(ranges=((low, high),), other=False) if low == high:
            return _sign(low)
        case Characters(ranges=ranges, other=other):
            inner = "".join(_sign(low) if low == high else f"{_sign(low)}-{_sign(high)}" for low, high in ranges)
            return f"[{'^' if other else ''}{inner}]"
        case InOrder(parts=parts):
            return "".join(_written(one) for one in parts)
        case OneOf(parts=parts):
            return f"(?:{'|'.join(_written(one) for one in parts)})"
        case Repeated(part=one, least=least, most=most):
            inner = _written(one) if isinstance(one, Characters) else f"(?:{_written(one)})"
            return f"{inner}{{{least},{'' if most is None else most}}}"


def _sign(character: str) -> str:
    """A character as it means itself everywhere, in and out of classes."""
    plain = character.isalnum() or ord(character) > 0xFFFF
    return character if plain else f"\\u{ord(character):04x}"


def _shortest(part: Part) -> str:
    match part:
        case Characters(ranges=ranges, other=False):
            return ranges[0][0]
        case Characters():
            return next(one for one in "x0一-" + "".join(map(chr, range(32, 127))) + _LAST if part.has(one))
        case InOrder(parts=parts):
            return "".join(_shortest(one) for one in parts)
        case OneOf(parts=parts):
            return min((_shortest(one) for one in parts), key=len)
        case Repeated(part=one, least=least):
            return _shortest(one) * least
