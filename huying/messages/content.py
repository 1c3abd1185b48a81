"""What a message hands on of what somebody wrote: a remark, a question, an answer, a reason, a promise; never a private field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from definitions.model.field import Field
from definitions.text import Said, spoken, words
from engine import Process, State
from engine.change import ItemDone
from engine.effect import Tell
from engine.event import Act, Forsake, ReckonAgain
from huying.house.history import HistoryEntry
from huying.locale import translations
from huying.words.moments import date_words


def written(effect: Tell, entry: HistoryEntry, state: State, process: Process, language: str) -> str | None:
    """What the person wrote: a remark, a question, an answer, a reason, a form's texts; what was promised. Private fields are left out."""
    if effect.promise:
        return _promise_words(state, effect.promise, language)
    if effect.occasion in ("reminded", "overdue", "escalated") or isinstance(entry.event, ReckonAgain):
        return None
    if isinstance(entry.event, Forsake):
        return forsaken(entry.event, language)
    if not isinstance(entry.event, Act):
        return getattr(entry.event, "text", None) or getattr(entry.event, "reason", None) or None
    done = next((change for change in entry.changes if isinstance(change, ItemDone)), None)
    return note(process, done.values, language) if done else None


def forsaken(event: Forsake, language: str) -> str:
    """That the issue which called this one no longer waits for it, and what follows."""
    _ = translations(language).gettext
    if event.ends:
        return _("It was opened for %(number)s, which no longer waits for it, so it ends too.") % {
            "number": event.number
        }
    return _("%(number)s no longer waits for it; it goes on by itself.") % {"number": event.number}


def _promise_words(state: State, number: int, language: str) -> str | None:
    made = next((promise for promise in state.promises if promise.number == number), None)
    if made is None:
        return None
    day = date_words(date.fromisoformat(made.due_on), spoken(language))
    return Said(f"{made.what}（{day}前）", f"{made.what} (by {day})").of(language)


def note(process: Process, values: Mapping[str, Any], language: str) -> str | None:
    """The texts among an action's answers, each with its title; private ones are left out."""
    fields = process.definition.data
    lines = [
        Said(
            f"{words(fields[name].title, language, name)}：{value}",
            f"{words(fields[name].title, language, name)}: {value}",
        ).of(language)
        for name, value in values.items()
        if name in fields and is_public(fields[name]) and fields[name].type in ("text", "long text") and value
    ]
    return "\n".join(lines) or None


def is_public(field: Field) -> bool:
    """Whether a field may stand in a message: not personal data, and not for some roles only."""
    return not field.private and not field.seen_by
