"""Values that stand in one issue only: what an issue has of them, and whether another has it already."""

from __future__ import annotations

from collections.abc import Iterable

from definitions.forms.rules import alike, among
from definitions.forms.types import is_empty
from definitions.model.definition import COMMON_RESOLUTIONS
from definitions.model.field import Field
from definitions.model.reference import reference
from definitions.text import words
from engine.books.books import Books, UniqueValue
from engine.process import Process
from engine.refusal import Invalid
from engine.state import State


def standing(process: Process, state: State) -> frozenset[UniqueValue]:
    """What an issue in this state keeps from others; what was withdrawn, cancelled or merged keeps nothing."""
    definition = process.definition
    if not definition.unique or state.facts is None:
        return frozenset()
    if state.status == "closed" and state.resolution in COMMON_RESOLUTIONS:
        return frozenset()
    return frozenset(
        UniqueValue(definition.id, name, _scope(process, state, field), alike(state.data[name]))
        for name, field in definition.unique.items()
        if not is_empty(state.data.get(name)) and not (state.status == "closed" and "open" in (field.unique or ()))
    )


def taken(process: Process, before: State, after: State, books: Books) -> list[UniqueValue]:
    """Of what the state after has and the state before had not, what another issue has already."""
    if not process.definition.unique:
        return []
    return [one for one in sorted(standing(process, after) - standing(process, before)) if books.stands(one)]


def refuse_taken(process: Process, values: Iterable[UniqueValue]) -> None:
    """``Invalid``, at the field of each of these values."""
    errors = {value.field: _message(process, value.field) for value in values}
    if errors:
        raise Invalid(errors)


def _scope(process: Process, state: State, field: Field) -> str:
    """Among which issues, as a key."""
    facts = state.facts
    assert facts is not None
    of = {
        "open": "open",
        "station": reference("station", facts.station),
        "year": process.today(facts.opened_at)[:4],
        "reporter": facts.reporter,
    }
    return " ".join(of[one] for one in field.unique or ())


def _message(process: Process, name: str) -> dict[str, str]:
    field = process.definition.unique[name]
    zh, en = (words(field.title, language, name) for language in ("zh", "en"))
    return {
        "zh": f"“{zh}”与另一件事项相同，在{among(field, 'zh')}里不能重复。",
        "en": f"Another issue has the same “{en}”; no two of the {among(field, 'en')} may.",
    }
