"""The fields that a template of a kind may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huying.house.house import House
from huying.papers.kind import NAMES, PaperKind
from huying.papers.names import EACH

_PLAIN = ("number", "organ", "maker", "date", "year")


@dataclass(frozen=True, slots=True)
class Offerings:
    """The paths that a template of a kind may ask for: plain ones, lists, and those of fields that are ``private`` in some process."""

    plain: frozenset[str]
    lists: frozenset[str]
    private: frozenset[str]


def offerings(house: House, kind: PaperKind, now: datetime) -> Offerings:
    """What a template of this kind may ask for, by the processes in force."""
    plain, lists, private = set(_PLAIN), set[str](), set[str]()
    plain.update(f"{head}.{one}" for head, several in NAMES.items() for one in several)
    plain.update(f"values.{name}" for name in kind.values)
    for name, asked in kind.ask.items():
        if asked.type == "table":
            lists.add(f"asked.{name}")
            plain.update(f"asked.{name}{EACH}.{column}" for column in asked.columns)
        else:
            plain.add(f"asked.{name}")
    for version in house.processes.all_in_force(now):
        definition = house.processes.process(version.id).definition
        if kind.offered.processes and definition.id not in kind.offered.processes:
            continue
        for name, held in definition.data.items():
            (private if held.private or held.seen_by else plain).add(f"data.{name}")
    return Offerings(frozenset(plain), frozenset(lists), frozenset(private))
