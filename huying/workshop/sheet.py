"""One part of a definition as a form: a row for each key, the things that stand below it, and what may be added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from definitions.model.definition import Definition
from definitions.model.duration import Duration
from definitions.model.step import STAGES
from definitions.model.step_kind import STEPS
from definitions.model.vocabulary import Part, Slot, field_wanted, keys, part_at, wanted_at
from definitions.reference.words import WORDS
from definitions.source import emission
from definitions.source.extent import Extents
from definitions.source.tree import Document
from definitions.text import Said
from huying.workshop.control import (
    Control,
    NamedThings,
    control_of,
    displayed,
    in_words,
    is_words,
    named_things,
    title_of,
)
from huying.workshop.way import SECTIONS, WHOLE, FaultAt, Way, as_way, document_of, limit_title, shipped_bodies

_SHORT = 80
_STOP = re.compile("[；：，;:,]")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One value: its key, what it means, the field for it and what stands there; ``way`` leads to what lies below."""

    key: str
    label: str
    hint: str
    control: Control
    value: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()
    way: str = ""
    below: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = ()
    needed: bool = False
    there: bool = True


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A thing by name, or one of a list, that can be opened, moved and taken out."""

    key: str
    title: str
    way: str
    first: bool
    last: bool
    faults: int = 0


@dataclass(frozen=True, slots=True)
class FormSheet:
    """The form of one part; ``grows``: texts by name, of which there can be more; ``kinds`` are what a new entry can be,
    ``absent`` the keys that it does not have, ``deep`` those of them behind which parts stand."""

    way: str
    title: str
    means: str
    crumbs: tuple[tuple[str, str], ...]
    rows: tuple[SheetRow, ...] = ()
    entries: tuple[SheetEntry, ...] = ()
    listed: bool = False
    holds: bool = False
    grows: bool = False
    kinds: Mapping[str, str] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    deep: frozenset[str] = frozenset()
    copies: tuple[tuple[str, str], ...] = ()
    excerpt: tuple[tuple[int, str], ...] = ()
    lost: bool = False


def sheet(source: str, at: Way, faults: Sequence[FaultAt], language: str, adding: str = "") -> FormSheet:
    """The form of the part at a path; ``adding`` is a key that is to be filled in and is not there yet."""
    return _Sheet(document_of(source), at, faults, language, adding).whole()


class _Sheet:
    def __init__(self, document: Document, at: Way, faults: Sequence[FaultAt], language: str, adding: str) -> None:
        self.document = document
        self.body = document.plain()
        self.at = at
        self.faults = faults
        self.language = language
        self.adding = adding
        self.names: NamedThings = named_things(self.body, language)
        self.value = _value(self.body, at)
        self.slots = wanted_at(Definition, self.body, at)
        self.part: Part | None = part_at(Definition, self.body, at) if isinstance(self.value, dict) else None

    def whole(self) -> FormSheet:
        key = str(self.at[-1]) if self.at else ""
        return FormSheet(
            way=as_way(self.at),
            title=self._title(),
            means=self._means(key),
            crumbs=tuple(self._crumbs()),
            rows=tuple(self._rows()),
            entries=tuple(self._entries()),
            listed=isinstance(self.value, list),
            holds=self._holds(),
            grows=self._grows(),
            kinds=self._kinds(),
            absent=self._absent(),
            deep=frozenset(self._deep()),
            copies=tuple(self._copies()),
            excerpt=tuple(self._excerpt()),
            lost=bool(self.at) and self.value is None,
        )

    # -- its head

    def _title(self) -> str:
        if not self.at:
            return WHOLE.of(self.language)
        key = self.at[-1]
        if len(self.at) == 1 and key in SECTIONS:
            return SECTIONS[str(key)].of(self.language)
        if isinstance(key, int):
            return Said(f"第 {key + 1} 项", f"No. {key + 1}").of(self.language)
        if self.at[:-1] == ("limits",):
            return limit_title(str(key), self.language)
        return title_of(key, self.value, self.language) if self._is_name() else self._means(key) or key

    def _is_name(self) -> bool:
        above = wanted_at(Definition, self.body, self.at[:-1])
        return any(one.values is not None for one in above)

    def _means(self, key: str) -> str:
        if self.at and (self._is_name() or isinstance(self.at[-1], int)):
            return ""
        return _meaning(None, key, self.language)

    def _crumbs(self) -> Iterator[tuple[str, str]]:
        for length in range(len(self.at)):
            path = self.at[:length]
            above = _Sheet(self.document, path, (), self.language, "")
            yield as_way(path), above._title()

    # -- its rows

    def _rows(self) -> Iterator[SheetRow]:
        if self.part is not None:
            known = keys(self.part)
            for key, value in self.value.items():
                slots = field_wanted(known[key]).alternatives() if key in known else ()
                yield self._row(key, value, slots, _meaning(self.part, key, self.language))
            if self.adding in known and self.adding not in self.value:
                slots = field_wanted(known[self.adding]).alternatives()
                yield self._row(self.adding, None, slots, _meaning(self.part, self.adding, self.language), there=False)
        elif isinstance(self.value, dict) and not self._holds():
            times = (Slot(Duration),) if self.at == ("deadlines",) else ()
            for key, value in self.value.items():
                slots = times or tuple(one for each in self.slots if each.values for one in each.values.alternatives())
                yield self._row(key, value, slots, "")
        elif self.at and self.value is not None and not self._holds():
            yield self._row(str(self.at[-1]), self.value, self.slots, "")

    def _row(self, key: str, value: Any, slots: tuple[Slot, ...], means: str, *, there: bool = True) -> SheetRow:
        control = control_of(key, slots, value, self.names, self.language)
        path = (*self.at, key)
        below = tuple(self._below(path, value)) if control.shown == "below" else ()
        needed = self.part is not None and key in keys(self.part) and keys(self.part)[key].is_required()
        many = [str(one) for one in value] if isinstance(value, list) else [str(value)] if value is not None else []
        deep = control.shown == "below"
        label, hint = _parted(means or key)
        hint = self._deadline(control, value) or hint
        return SheetRow(
            key=key,
            label=label,
            hint=hint,
            control=control,
            value=self._shown(control, value),
            texts=_texts(value) if control.shown == "words" else {},
            chosen=tuple(many) if control.shown in ("names", "choice", "flag") else (),
            way=as_way(path),
            below=below,
            faults=tuple(one.message for one in self.faults if one.path[: len(path)] == path and (deep or there)),
            needed=needed,
            there=there,
        )

    def _deadline(self, control: Control, value: Any) -> str:
        """Of a time by name: what it is, and where it is said."""
        known = _value(self.body, ("deadlines", value)) if control.shown == "time" else None
        if not isinstance(known, str):
            return ""
        said = in_words(known, self.language)
        return Said(f"“{value}”是 {said}，在“期限”里改。", f"“{value}” is {said}; it is changed under Times.").of(
            self.language
        )

    def _shown(self, control: Control, value: Any) -> str:
        if control.shown in ("time", "times") and value is not None:
            return in_words(value, self.language)
        return "" if control.shown in ("words", "names", "below") else displayed(value)

    def _below(self, path: Way, value: Any) -> Iterator[tuple[str, str]]:
        """What lies below: each thing by name, of a list each entry in short; of one part what it says."""
        if isinstance(value, list):
            yield from ((as_way((*path, index)), _short(one)) for index, one in enumerate(value))
        elif part_at(Definition, self.body, path) is not None:
            yield as_way(path), _short(value)
        else:
            yield from ((as_way((*path, key)), title_of(key, one, self.language)) for key, one in value.items())

    # -- what it holds by name

    def _holds(self) -> bool:
        """Whether it is a list or mapping of parts, each with a form of its own."""
        if self.part is not None or not (isinstance(self.value, dict | list) or self.value is None):
            return False
        inner = [one for each in self.slots for one in _inner(each)]
        return any(one.part is not None for one in inner) and not any(map(is_words, self.slots))

    def _grows(self) -> bool:
        """Whether it is a mapping of texts by name, such as the options of a choice."""
        if self.part is not None or not isinstance(self.value, dict) or self._holds():
            return False
        return any(is_words(one) for each in self.slots if each.values for one in each.values.alternatives())

    def _entries(self) -> Iterator[SheetEntry]:
        if not self._holds() or self.value is None:
            return
        pairs = list(enumerate(self.value) if isinstance(self.value, list) else self.value.items())
        for place, (key, one) in enumerate(pairs):
            path = (*self.at, key)
            yield SheetEntry(
                key=str(key),
                title=self._entry_title(key, one),
                way=as_way(path),
                first=place == 0,
                last=place == len(pairs) - 1,
                faults=sum(fault.path[: len(path)] == path for fault in self.faults),
            )

    def _entry_title(self, key: str | int, value: Any) -> str:
        if isinstance(key, int):
            return _short(value)
        return limit_title(key, self.language) if self.at == ("limits",) else title_of(key, value, self.language)

    def _kinds(self) -> dict[str, str]:
        if not self._holds():
            return {}
        if self.at and self.at[0] in STAGES and len(self.at) == 1:
            return {step.step_kind.key: step.step_kind.title.of(self.language) for step in STEPS}
        return {"": Said("新的一项", "A new one").of(self.language)}

    def _absent(self) -> dict[str, str]:
        if self.part is None:
            return {}
        kind = getattr(self.part, "step_kind", None)
        keyed = {kind.key} if kind else set()
        return {
            key: _meaning(self.part, key, self.language)
            for key in keys(self.part)
            if key not in self.value and key not in keyed and key not in STAGES and key != "id"
        }

    def _deep(self) -> Iterator[str]:
        """Of the keys that are absent, those behind which parts stand: they are begun, and filled in on a form of their own."""
        for key in self._absent():
            assert self.part is not None
            slots = field_wanted(keys(self.part)[key]).alternatives()
            nested = [one for slot in slots for one in (slot, *_inner(slot)) if not is_words(slot)]
            if any(one.part is not None for one in nested):
                yield key

    def _copies(self) -> Iterator[tuple[str, str]]:
        """The same section of the shipped processes: what could be taken over from there."""
        if not self._holds() or len(self.at) != 1 or isinstance(self.value, list):
            return
        for name, body in shipped_bodies().items():
            if body.get("id") == _value(self.body, ("id",)):
                continue
            section = body.get(str(self.at[0]))
            for key, value in (section if isinstance(section, dict) else {}).items():
                said = f"{title_of(name, body, self.language)} › {title_of(key, value, self.language)}"
                yield f"{name}/{key}", said

    def _excerpt(self) -> Iterator[tuple[int, str]]:
        """The lines of the text that the form is about."""
        node = self.document.find(self.at)
        if node is None:
            return
        extents = Extents(self.document.text)
        first = self.document.at(self.at, key=True).line if self.at else 1
        last = self.document.text[: extents.end(node)].count("\n") + 1 if self.at else 40
        lines = self.document.text.split("\n")
        yield from ((number, lines[number - 1].rstrip("\r")) for number in range(first, min(last, len(lines)) + 1))


def _inner(slot: Slot) -> Iterator[Slot]:
    for one in (slot.values, slot.items):
        if one is not None:
            yield from one.alternatives()


def _value(body: Any, path: Way) -> Any:
    for part in path:
        try:
            body = body[part]
        except (KeyError, IndexError, TypeError):
            return None
    return body


def _short(value: Any) -> str:
    text = emission.inline(value).strip("{}")
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


def _texts(value: Any) -> dict[str, str]:
    if isinstance(value, str):
        return {"zh": value}
    return {key: str(one) for key, one in value.items()} if isinstance(value, dict) else {}


def _parted(means: str) -> tuple[str, str]:
    """What a key is called, and what else is said of it: a meaning up to its first stop, and the rest."""
    found = _STOP.search(means)
    return (means[: found.start()], means[found.end() :].strip()) if found else (means, "")


def _meaning(part: Part | None, key: str, language: str) -> str:
    found = WORDS.get(f"{part.__name__}.{key}") if part is not None else None
    found = found or WORDS.get(key)
    return found.of(language) if found is not None else ""
