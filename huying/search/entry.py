"""What the search knows of an issue: its words by who may read them, and the parties that have to do with it.

What everybody may read who may see the issue stands there as it is written; all else by hashes alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from definitions.model.definition import Definition
from definitions.model.field import REFERENCES, Field
from definitions.model.reference import Reference
from definitions.text import words
from engine import State
from engine.rules.exclusion import concerned
from engine.rules.participation import involved
from huying.house.history import HistoryEntry
from huying.issues.sight import contact_of, holding, only_following, same_question
from huying.search.letters import GAP, contacts, hashed, initials, numbers, plain, sounds, split, veiled

#: Whom a text is for: all who may see the issue, those who may read private fields, those who may know the reporter, those of one audience.
Reach = Literal["open", "private", "reporter", "shared"]
#: The signs of what is named by reference, so that a name that changes does not change the index.
SIGNS: Mapping[str, str] = {"station": "§s", "area": "§a", "organisation": "§o", "participant": "§p"}
_TEXTS = frozenset({"text", "long text", "place", "choice", "choices", "phone", "email"})
#: A text in the index is not longer than this, in tokens: positions end at 16,383 in a ``tsvector``.
_LONGEST = 3_500


@dataclass(frozen=True, slots=True)
class Entry:
    """The tokens of an issue: ``subject`` with numbers and place, ``words`` that all may read, ``private`` ones, and who is its ``reporter``."""

    subject: tuple[str, ...]
    words: tuple[str, ...]
    private: tuple[str, ...]
    reporter: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """An issue as it is read for the search; ``numbers`` are all that it was given."""

    id: int
    numbers: tuple[str, ...]
    subject: str
    station: int
    answerable: int | None
    state: State
    definition: Definition
    name: str
    phone: str | None
    history: Sequence[HistoryEntry] = ()


@dataclass(frozen=True, slots=True)
class IssueText:
    """A text of an issue under its field, or (no field) as it was written with a ``deed``; and whom it is for."""

    field: str
    text: str
    reach: Reach
    kind: str
    deed: str = ""


def passages(definition: Definition, state: State) -> Iterator[IssueText]:
    """All texts in the fields of an issue that may be searched; what is ``seen by`` some roles alone is theirs (reach ``shared``)."""
    contact = contact_of(definition)
    for name, field in definition.data.items():
        value = state.data.get(name)
        if value in (None, "", (), []):
            continue
        for kind, text in _texts(field, value):
            yield IssueText(name, text, _reach(field, contact), kind)


def _reach(field: Field, contact: Iterable[Field]) -> Reach:
    if field.seen_by:
        return "shared"
    if any(same_question(field, one) for one in contact):
        # a number names its owner
        return "reporter"
    return "private" if field.private else "open"


def _texts(field: Field, value: Any) -> Iterator[tuple[str, str]]:
    """The texts in a value, each with the type of its field."""
    if field.type == "table":
        for row in value:
            for key, column in field.columns.items():
                if row.get(key) not in (None, "") and column.open:
                    yield from _texts(column, row[key])
    elif field.type in REFERENCES:
        for one in [value] if isinstance(value, str) else value:
            yield field.type, one
    elif field.type in ("choice", "choices"):
        for key in [value] if isinstance(value, str) else value:
            if title := field.options.get(key):
                yield field.type, f"{words(title, 'zh')} {words(title, 'en')}"
    elif field.type == "place":
        if address := value.get("address"):
            yield field.type, address
    elif field.type in _TEXTS:
        yield field.type, str(value)


def entry(source: Source, secret: str) -> Entry:
    """The tokens of an issue; ``secret`` keys the hashes of telephone numbers."""
    parts: dict[str, list[list[str]]] = {
        "subject": [],
        "words": [],
        "private": [],
        "reporter": _reporter(source, secret),
    }
    parts["subject"] += [numbers(number) for number in source.numbers]
    parts["subject"] += [[SIGNS["station"] + str(source.station)]]
    if source.answerable is not None:
        parts["words"].append([SIGNS["participant"] + str(source.answerable)])
    heard = split(source.subject)
    parts["subject"].append(heard)
    sounding: dict[str, list[list[str]]] = {"subject": [sounds(heard)], "words": [], "private": [], "reporter": []}
    for passage in passages(source.definition, source.state):
        if passage.reach == "shared" or (passage.text == source.subject and passage.reach == "open"):
            continue
        column = passage.reach if passage.reach != "open" else "subject" if passage.kind == "place" else "words"
        tokens = tokens_of(passage, secret)
        parts[column].append(tokens)
        if passage.kind in ("text", "place"):
            sounding[column].append(sounds(tokens))
    subject, said, private, reporter = (joined([*parts[name], *sounding[name]]) for name in parts)
    return Entry(subject, said, tuple(veiled(secret, private)), tuple(veiled(secret, reporter)))


def tokens_of(passage: IssueText, secret: str) -> list[str]:
    """The tokens of a text; those of telephone numbers and addresses are hashed."""
    return list(_tokens(passage, secret))


def _tokens(passage: IssueText, secret: str) -> Iterator[str]:
    if passage.kind in REFERENCES:
        named = Reference.read(passage.text)
        if named and named.kind in SIGNS:
            yield SIGNS[named.kind] + named.key
    elif passage.kind == "phone":
        yield from (hashed(secret, form) for form in contacts(passage.text))
    elif passage.kind == "email":
        yield hashed(secret, plain(passage.text))
    else:
        yield from split(passage.text)


def _reporter(source: Source, secret: str) -> list[list[str]]:
    """Who reported it: their name as it is written, as it sounds and by its initials, and their telephone number."""
    name = split(source.name)
    phones = [hashed(secret, form) for form in contacts(source.phone or "")]
    return [name, sounds(name), *([one] for one in initials(source.name)), phones]


def joined(parts: Iterable[list[str]]) -> tuple[str, ...]:
    """The tokens of several texts, apart from one another."""
    found: list[str] = []
    for part in parts:
        if part and found:
            found.append(GAP)
        found += part
    return tuple(found[:_LONGEST])


@dataclass(frozen=True, slots=True)
class Concern:
    """What somebody has to do with an issue: ``holds``: they work on it or reported it, and may read private fields; ``follows``: nothing else
    than that theirs is the same.
    """

    holds: bool
    follows: bool = False


def parties(definition: Definition, state: State, acted: Iterable[str]) -> dict[str, Concern]:
    """Who may find an issue: those who have to do with it, and those who ``acted`` in it; whom it is about, never by what is private."""
    reporter = state.facts.reporter if state.facts else None
    works = holding(state)
    holds = (works - concerned(definition, state)) | ({reporter} if reporter else set())
    found = {party: Concern(party in holds) for party in (*involved(state), *works, *holds, *acted)}
    return found | {party: Concern(holds=False, follows=True) for party in only_following(state)}
