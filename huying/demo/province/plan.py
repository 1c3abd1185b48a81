"""What the demonstration of a whole city is made of, as it stands in its two files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

#: By chance a move comes later by this at most.
SPREAD = 1.2
_HERE = Path(__file__).resolve().parent


def _split(text: object) -> object:
    return text.split() if isinstance(text, str) else text


#: Written as one text, with blanks between.
Words = Annotated[tuple[str, ...], BeforeValidator(_split)]


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LifeMove(_Line):
    """After so many working days somebody who can takes an action (``do``) with these answers, or the reporter urges with a text.

    An answer that is one of ``lead``, ``other``, ``reply`` and ``stars`` is chosen for the issue.
    """

    after: float
    do: str | None = None
    urge: str | None = None
    with_: Mapping[str, Any] = Field(default_factory=dict, alias="with")


class LifeCourse(_Line):
    """How so many issues go, where, what class of outcome they become, and how many days (``rest``) after the last move that is."""

    issues: int
    at: Literal["all", "villages"] = "all"
    becomes: Literal["solved", "answered", "excluded", "open"]
    moves: tuple[LifeMove, ...]
    rest: float = 0

    @property
    def longest(self) -> timedelta:
        """No issue takes longer than this on it, weekends and the spread of chance included."""
        return timedelta(days=SPREAD * sum(move.after for move in self.moves) * 7 / 5 + self.rest + 4)


class Plan(_Line):
    """Places, people and words; numbers say how many."""

    seed: int
    since: date
    stations: int
    districts: Mapping[str, Words]
    beginnings: Words
    endings: Words
    long_every: int = Field(alias="long every")
    industries: Mapping[str, str]
    deputies: Mapping[str, int]
    terms: Mapping[str, tuple[date, ...]]
    surnames: Words
    given: Words
    roads: Words
    estates: Words
    matters: Mapping[str, tuple[str, ...]]
    details: tuple[str, ...]
    replies: tuple[str, ...]
    leads: Mapping[str, str]
    channels: Mapping[str, int]
    guide: Mapping[str, str]

    @cached_property
    def courses(self) -> tuple[LifeCourse, ...]:
        """All courses, in the order in which they stand."""
        return TypeAdapter(tuple[LifeCourse, ...]).validate_python(_read("courses.yaml"))


def plan() -> Plan:
    """The plan as it was shipped."""
    return Plan.model_validate(_read("city.yaml"))


def _read(name: str) -> Any:
    return yaml.safe_load((_HERE / name).read_text("utf-8"))
