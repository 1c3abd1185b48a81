"""A process's own words for its messages: which of them are for whom, and what they say of an issue.

They see what every message sees, and the issue's public fields in words. A sentence in which a value is empty is left out; what then says nothing,
or cannot be said, is said by a text for more people, else by the office's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from definitions.expressions.error import ExpressionError
from definitions.expressions.expression import Template
from definitions.model.definition import Definition
from definitions.model.message_rule import MESSAGE_PIECES, MessagePiece, MessageRule
from definitions.model.role import REPORTER
from definitions.text import spoken
from engine import State
from engine.effect import Tell
from engine.rules.exclusion import held
from huying.access import parties
from huying.messages.content import is_public
from huying.register.names import names
from huying.words.private_text import masked
from huying.words.values import references_in, value_in_words
from notifications import OwnWords

#: What a message's own words see besides the fields: these of what the message shows.
SEEN = ("issue", "recipient", "step", "action", "actor", "due", "day", "resolution", "follow_code")
#: These are sentences, of which one in which a value is empty is left out.
_SENTENCES = frozenset({"first", "advice"})
#: What a piece is called in the templates of the office.
BLOCKS: Mapping[MessagePiece, str] = {"subject": "subject", "first": "lead", "advice": "advice", "call": "call"}


@dataclass(frozen=True, slots=True)
class OwnText:
    """What a process itself says of an event to somebody: its rule, their role in the issue, and the issue's fields in words."""

    rule: MessageRule
    role: str | None
    fields: Mapping[str, str | None]

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels on which something else is said than on others."""
        return tuple(dict.fromkeys(channel for text in self.rule.texts for channel in text.on))

    def words(self, context: Mapping[str, Any], channel: str, language: str) -> OwnWords | None:
        """The words for a channel, in a language; ``None``: all of them are the office's own."""
        values = {**self.fields, **{name: context.get(name) for name in SEEN}}
        found = {piece: said for piece in MESSAGE_PIECES if (said := self._piece(piece, channel, language, values))}
        if not found:
            return None
        return OwnWords(
            {BLOCKS[piece]: text for piece, (text, _) in found.items()}, "\0".join(one for _, one in found.values())
        )

    def _piece(
        self, piece: MessagePiece, channel: str, language: str, values: Mapping[str, object]
    ) -> tuple[str, str] | None:
        for by_language in self.rule.pieces(piece, self.role, channel):
            template = by_language.get(spoken(language))
            text = said(piece, template, values) if template is not None else ""
            if template is not None and text:
                return text, template.source
        return None


def said(piece: MessagePiece, template: Template, values: Mapping[str, object]) -> str:
    """What a template says; nothing where it cannot say it."""
    try:
        return (template.sentences if piece in _SENTENCES else template.render)(values).strip()
    except ExpressionError:
        return ""


def own_text(
    connection: Connection, definition: Definition, state: State, effect: Tell, person: int, language: str
) -> OwnText | None:
    """What a process itself says to somebody of an effect; ``None`` where it has no words of its own."""
    rule = definition.messages.get(effect.occasion)
    if rule is None or not rule.texts:
        return None
    role = role_of(connection, definition, state, effect, person)
    # who holds no role is a stranger to whoever filled it in
    seen = fields_in_words(connection, definition, state.data, rule, language) if role else blank(definition)
    return OwnText(rule, role, seen)


def role_of(connection: Connection, definition: Definition, state: State, effect: Tell, person: int) -> str | None:
    """In which role somebody is told: as the reporter, by their task, or by what they hold in the issue."""
    own = parties.actor(connection, person).parties
    if state.facts is not None and state.facts.reporter in own:
        return REPORTER
    item = state.item(effect.item) if effect.item else None
    if item is not None:
        return item.role
    return next((role for role in definition.roles if own.intersection(held(definition, state, role) or ())), None)


def blank(definition: Definition) -> dict[str, str | None]:
    """The fields, none of which says anything."""
    return dict.fromkeys(name.replace("-", "_") for name in definition.data)


def fields_in_words(
    connection: Connection, definition: Definition, data: Mapping[str, Any], rule: MessageRule, language: str
) -> dict[str, str | None]:
    """The public fields that the texts name, in words; all others say nothing."""
    named = {name for template in templates(rule) for name in template.names}
    shown = {
        name: field
        for name, field in definition.data.items()
        if name.replace("-", "_") in named and is_public(field) and data.get(name) not in (None, "", (), [])
    }
    known = names(connection, references_in(shown, data), language) if shown else {}
    found = {name: value_in_words(field, data[name], known, language) for name, field in shown.items()}
    return {**blank(definition), **{name.replace("-", "_"): masked(text) or None for name, text in found.items()}}


def templates(rule: MessageRule) -> Iterator[Template]:
    """Every template of the texts of a rule."""
    return (one for text in rule.texts for piece in MESSAGE_PIECES for one in text.piece(piece).values())
