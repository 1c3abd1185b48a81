"""Telling: who hears of something, and in which words if the usual ones do not do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer
from pydantic import Field as Constrained

from definitions.model.node import Names, Node, Patterns, each_read


class Telling(Node):
    """Roles that are told; ``say`` is what is said to them beside the usual (a template in each language over public fields)."""

    to: Names
    say: Patterns = Constrained(default_factory=dict)


#: What is written where nobody is told on purpose.
NOBODY = "nobody"


def _tellings(value: Any) -> Any:
    """``clerk``, ``[clerk, deputy]``, ``{to: …, say: …}``, a list that mixes them, or ``nobody``."""
    if value == NOBODY:
        return ()
    many = value if isinstance(value, list | tuple) else [value]
    plain = [one for one in many if isinstance(one, str)]
    said = {index: one for index, one in enumerate(many) if not isinstance(one, str)}
    return ((Telling(to=tuple(plain)),) if plain else ()) + each_read(Telling, said)


def _plain(tellings: tuple[Telling, ...]) -> list[Any]:
    return [name if not telling.say else None for telling in tellings if not telling.say for name in telling.to] + [
        telling.model_dump(mode="json", exclude_defaults=True) for telling in tellings if telling.say
    ]


#: Who is told: one role, several, or some with words of their own.
Tells = Annotated[
    tuple[Telling, ...],
    BeforeValidator(_tellings, json_schema_input_type=str | Telling | list[str | Telling]),
    PlainSerializer(_plain, return_type=list[Any]),
]


def told_roles(tellings: Iterable[Telling]) -> tuple[str, ...]:
    """All roles that are told, each once."""
    return tuple(dict.fromkeys(role for telling in tellings for role in telling.to))
