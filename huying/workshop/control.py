"""How one value of a definition is shown in a form, and read from it again: what the form has no field for stands there as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin

from definitions.expressions.expression import Template
from definitions.finding import Unreadable
from definitions.model.definition import COMMON_RESOLUTIONS
from definitions.model.duration import Duration, DurationError, Reminder
from definitions.model.shorthand import canonical
from definitions.model.step import STAGES
from definitions.model.term import Terms
from definitions.model.vocabulary import Slot
from definitions.source import emission
from definitions.source.tree import read
from definitions.text import LISTED, Said, words

Shown = Literal["words", "line", "time", "times", "flag", "number", "choice", "names", "raw", "below"]

#: What the names behind a key are names of; a key that stands here in one part means the same there.
NAMES: Mapping[str, str] = {
    **dict.fromkeys(
        ("task", "each", "by", "tell", "supervised by", "fallback", "taken by", "chased by", "broken"), "role"
    ),
    **dict.fromkeys(("hand up", "approved by", "escalate", "seen by", "otherwise"), "role"),
    **dict.fromkeys(("to", "then"), "step"),
    **dict.fromkeys(("as", "kept as"), "resolution"),
    **dict.fromkeys(("edit", "show"), "field"),
}
_NOBODY, _BACK, _REPORTER = "nobody", "back", "reporter"
_OTHERS: Mapping[str, Mapping[str, Said]] = {
    "role": {_REPORTER: Said("反映人", "The reporter")},
    "step": {_BACK: Said("退回上一步", "Back where it came from")},
    "resolution": {key: Said(one["zh"], one["en"]) for key, one in COMMON_RESOLUTIONS.items()},
    "field": {},
}
_TEXT_LINES = 60
_COMMA = re.compile("[,，、;；\n]")
_LANGUAGE = re.compile("[a-z]{2}(-[A-Za-z]+)?")


class UnfitValue(ValueError):
    """What was entered is not what may stand there; ``message`` says it in both languages."""

    def __init__(self, message: Said) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True, slots=True)
class Control:
    """The field for one value; ``options``: key and words of what can be chosen, in the order in which it is offered."""

    shown: Shown
    options: Mapping[str, str] = field(default_factory=dict)
    tall: bool = False


@dataclass(frozen=True, slots=True)
class NamedThings:
    """What a definition has names for, with their titles: by ``role``, ``step``, ``resolution``, ``field``."""

    titles: Mapping[str, Mapping[str, str]]

    def of(self, what: str, language: str) -> dict[str, str]:
        """All names of a kind that may be written, and what they are called."""
        beside = {key: said.of(language) for key, said in _OTHERS[what].items()}
        return {**self.titles.get(what, {}), **beside}


def named_things(body: Any, language: str) -> NamedThings:
    """The names in a body, however much else is wrong with it."""
    whole = body if isinstance(body, dict) else {}
    steps = {key: one for stage in STAGES for key, one in _mapping(whole.get(stage)).items()}
    kinds = {"role": "roles", "resolution": "resolutions", "field": "fields"}
    found = {what: _titles(_mapping(whole.get(key)), language) for what, key in kinds.items()}
    return NamedThings({**found, "step": _titles(steps, language)})


def title_of(key: str, value: Any, language: str) -> str:
    """What a named part is called: its title, or the text that it is; else its key."""
    said = value.get("title", value) if isinstance(value, dict) else value
    if (
        isinstance(said, dict)
        and said
        and all(isinstance(one, str) and _LANGUAGE.fullmatch(key) for key, one in said.items())
    ):
        return words(said, language)
    return said if isinstance(said, str) and said and not said.startswith("$") else key


def control_of(key: str, slots: tuple[Slot, ...], value: Any, names: NamedThings, language: str) -> Control:
    """The field for a value as it stands there, by what may stand there."""
    for slot in slots:
        found = _by_model(key, slot, value, names, language)
        if found is not None and _carries(found, value):
            return found
    if isinstance(value, dict | list) and value and any(_nested(slot) for slot in slots):
        return Control("below")
    if slots and isinstance(value, str) and "\n" not in value and _carries(Control("line"), value):
        return Control("line")
    return Control("raw", tall=isinstance(value, dict | list) or len(str(value)) > _TEXT_LINES)


def _by_model(key: str, slot: Slot, value: Any, names: NamedThings, language: str) -> Control | None:
    kind = slot.annotation
    if is_words(slot):
        return Control(
            "words", tall=isinstance(value, dict) and any(len(str(one)) > _TEXT_LINES for one in value.values())
        )
    if kind is bool:
        return Control("flag")
    if kind is int:
        return Control("number")
    if kind in (Duration, Terms):
        return Control("time")
    if get_origin(kind) is tuple and get_args(kind)[0] is Reminder:
        return Control("times")
    if get_origin(kind) is Literal and all(isinstance(one, str) for one in get_args(kind)):
        return Control("choice", {str(one): str(one) for one in get_args(kind)})
    named = NAMES.get(key)
    if get_origin(kind) is tuple and named is not None:
        nobody = {_NOBODY: Said("不通知任何人", "Nobody").of(language)} if key == "tell" else {}
        return Control("names", {**names.of(named, language), **nobody})
    if kind is str and named is not None:
        return Control("choice", names.of(named, language))
    return None


def is_words(slot: Slot) -> bool:
    """Whether a text in several languages may stand there."""
    named = get_origin(slot.annotation)
    if not (isinstance(named, type) and issubclass(named, Mapping)):
        return False
    language, said = get_args(slot.annotation)
    return language is str and any(one.annotation in (str, Template) for one in Slot(said).alternatives())


def _nested(slot: Slot) -> bool:
    """Whether parts of the language, or things by name, may stand there."""
    if slot.part is not None:
        return True
    if is_words(slot):
        return False
    inner = slot.values or slot.items
    return slot.values is not None or (inner is not None and any(one.part is not None for one in inner.alternatives()))


def _carries(control: Control, value: Any) -> bool:
    """Whether a field can show a value, so that it comes back as it was."""
    if value is None:
        return True
    match control.shown:
        case "words":
            texts = value if isinstance(value, dict) else {"zh": value}
            return all(isinstance(one, str) and _LANGUAGE.fullmatch(key) for key, one in texts.items())
        case "flag":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int) and not isinstance(value, bool)
        case "choice":
            return isinstance(value, str) and value in control.options
        case "names":
            several = value if isinstance(value, list) else [value]
            return all(isinstance(one, str) and one in control.options for one in several)
    several = value if control.shown == "times" and isinstance(value, list) else [value]
    return all(isinstance(one, str) and one == one.strip() and "\n" not in one for one in several)


def in_words(value: Any, language: str) -> str:
    """Times as the reader writes them (``5 个工作日``), where they are read back as they stand; several with a comma."""
    if isinstance(value, list):
        return LISTED.of(language).join(in_words(one, language) for one in value)
    said = _reminder_words(str(value), language) or _length_words(str(value), language)
    return said if said and canonical(said) == value else str(value)


def _length_words(text: str, language: str) -> str:
    try:
        return Duration.parse(text).words(language)
    except DurationError:
        return ""


def _reminder_words(text: str, language: str) -> str:
    try:
        return Reminder.parse(text).words(language)
    except DurationError:
        return ""


def entered_times(text: str) -> list[str]:
    """Several times, parted by commas."""
    return [canonical(one.strip()) for one in _COMMA.split(text) if one.strip()]


def displayed(value: Any) -> str:
    """A value that stands in a form as text."""
    if value is None:
        return ""
    if isinstance(value, str) and "\n" not in value:
        return value
    if isinstance(value, dict | list) and value and not emission.fits(value, 0):
        return "\n".join(emission.block(value, 0))
    return emission.inline(value)


def entered_raw(text: str) -> Any:
    """What a text means as YAML; ``UnfitValue`` if it is none."""
    if not text.strip():
        return None
    body = text.replace("\r\n", "\n")
    around = "value:\n" + "\n".join(f"  {line}" for line in body.split("\n")) if "\n" in body else f"value: {body}"
    try:
        document = read(around, "")
    except Unreadable as error:
        raise UnfitValue(_said(error)) from None
    if document.findings:
        raise UnfitValue(Said(document.findings[0].message["zh"], document.findings[0].message["en"]))
    return document.plain()["value"]


def _said(error: Unreadable) -> Said:
    first = error.findings[0].message
    return Said(first["zh"], first["en"])


def entered_line(text: str) -> str | None:
    """A line as it is written in a definition: times in the words of an office become those of the language."""
    plain = text.strip()
    return canonical(plain) if plain else None


def entered_number(text: str) -> int | None:
    """A whole number."""
    plain = text.strip()
    if not plain:
        return None
    if not plain.lstrip("-").isdecimal() or len(plain) > 12:
        raise UnfitValue(Said(f"“{plain}”不是整数。", f"“{plain}” is no whole number."))
    return int(plain)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _titles(several: Mapping[str, Any], language: str) -> dict[str, str]:
    return {key: title_of(key, one, language) for key, one in several.items()}
