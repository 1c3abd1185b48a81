"""What the address of a list says: what it is narrowed to and how it is sorted. An unknown word narrows nothing, and a wrong value neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl, urlencode

from definitions.model.reference import Reference
from huying.issues.urgency import URGENCIES
from huying.issues.views.filter import Filter

Sort = Literal["due", "opened", "changed", "number", "subject", "station", "step"]
SORTS: tuple[Sort, ...] = get_args(Sort)

#: Words of the address that are said by fewer letters than the filter's own.
_SPELT = {"q": "words"}
_FLAGS = frozenset(
    {"under", "overdue", "cared_for", "mine", "followed", "drafts", "blocked", "urged", "sent_back", "news"}
)
_DAYS = frozenset({"opened_from", "opened_to"})
_NOT_SAID = frozenset({"number", "among", "before", "within"})
#: A longer word is nobody's, and a day outside of these years neither.
_LONGEST, _FIRST_YEAR, _LAST_YEAR = 100, 1900, 2200
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class RowOrder:
    """By what a list is sorted; rows without a value come last, and equal ones in the order of their ids."""

    by: Sort = "due"
    descending: bool = False

    @property
    def said(self) -> str:
        """As an address says it; empty for the usual order."""
        return "" if self == RowOrder() else ("-" if self.descending else "") + self.by


def filter_of(said: Mapping[str, str]) -> Filter:
    """The filter that an address says; ``overdue=true`` is the older word for ``due=overdue``."""
    known = {field.name for field in fields(Filter)} - _NOT_SAID
    read = {_SPELT.get(name, name): value.strip() for name, value in said.items()}
    found = {name: _value(name, value) for name, value in read.items() if name in known and len(value) <= _LONGEST}
    if found.pop("overdue", False) and not found.get("due"):
        found["due"] = "overdue"
    if (kind := found.get("kind")) and ":" in kind:
        found["definition"], _, found["kind"] = kind.partition(":")
    return Filter(**{name: value for name, value in found.items() if value})


def _value(name: str, value: str) -> Any:
    if name in _FLAGS:
        return value.lower() in ("true", "1", "yes", "on")
    if name == "due":
        return next((known for known in URGENCIES if known == value), None)
    if name == "answerable":
        return (
            int(value) if value.isascii() and value.isdigit() and len(value) < 19 and int(value) <= _LARGEST else None
        )
    if name == "department":
        return value if (read := Reference.read(value)) and read.kind == "organisation" else None
    return _day(value) if name in _DAYS else value


def _day(value: str) -> date | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def order_of(said: str) -> RowOrder:
    """The order that an address says, such as ``-opened``; the usual one for anything else."""
    by = next((known for known in SORTS if known == said.removeprefix("-")), None)
    return RowOrder(by, said.startswith("-")) if by else RowOrder()


def said_of(wanted: Filter) -> dict[str, str]:
    """A filter in the words of an address, in the order of its fields; what is not narrowed is left out."""
    spelt = {own: word for word, own in _SPELT.items()}
    found = {field.name: getattr(wanted, field.name) for field in fields(Filter) if field.name not in _NOT_SAID}
    return {spelt.get(name, name): "true" if value is True else str(value) for name, value in found.items() if value}


def query_of(wanted: Filter, **more: str | None) -> str:
    """The query string of a filter, and more words beside it; ``None`` takes one away."""
    said: dict[str, str | None] = {**said_of(wanted), **more}
    return urlencode({name: value for name, value in said.items() if value})


def read_query(query: str) -> Filter:
    """The filter of a query string."""
    return filter_of(dict(parse_qsl(query)))
