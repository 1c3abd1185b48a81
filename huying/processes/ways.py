"""What residents can report, as the office chooses it: one process behind “Report an issue”, and others beside it on the first page.

It is the list ``ways`` among the codes (``huying.register.office``); before anybody has chosen, every process is shown that is open to residents.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from definitions.text import Said
from engine.refusal import Refusal
from huying.house.house import House
from huying.processes.view import definitions_in_force
from huying.register.changes import Change, Stamp, apply
from huying.register.office import WAYS, way_names

_RESIDENT = "citizen"
_FIRST = Said("我要反映", "Report an issue")
#: The pages that stand beside the processes where nobody has named others.
_PAGES = {"follow": Said("查进度", "Follow"), "stations": Said("就近的站", "Stations")}


@dataclass(frozen=True, slots=True)
class WayChoice:
    """A process that residents can open, and whether the first page shows it: ``first`` is the one behind “Report an issue”."""

    key: str
    title: str
    help: str
    shown: bool
    first: bool


def way_choices(house: House, language: str, now: datetime) -> tuple[WayChoice, ...]:
    """The processes open to residents, those that are shown before the others."""
    named, open_to = way_names(house, language), definitions_in_force(house, language, now, _RESIDENT)
    shown = [line for key in named for line in open_to if line.key == key] if named else list(open_to)
    first = shown[0].key if shown else ""
    others = [line for line in open_to if line not in shown]
    return tuple(WayChoice(one.key, one.title, one.help, one in shown, one.key == first) for one in [*shown, *others])


def choose_ways(house: House, first: str, beside: Collection[str], stamp: Stamp) -> None:
    """Show these on the first page and no other process; what the register calls them is kept, and so are pages."""
    titles = {
        zh.key: Said(zh.title, en.title)
        for zh, en in zip(*(definitions_in_force(house, one, stamp.at, _RESIDENT) for one in ("zh", "en")), strict=True)
    }
    if first not in titles:
        raise Refusal("请先选“我要反映”走哪个流程。", "Choose the process behind “Report an issue” first.")
    named = way_names(house, "zh")
    pages = [key for key in named or _PAGES if key not in titles]
    wanted = [first, *(key for key in titles if key in beside and key != first), *pages]
    names = {**_PAGES, **titles, first: _FIRST}
    changes = [
        Change("code", (WAYS, key), {"active": True, "position": at, **({} if key in named else _called(names[key]))})
        for at, key in enumerate(wanted)
    ]
    changes += [Change("code", (WAYS, key), {"active": False}) for key in named if key not in wanted]
    with house.database.writing() as connection:
        apply(connection, changes, stamp)


def _called(name: Said) -> Mapping[str, str]:
    return {"name_zh": name.zh, "name_en": name.en}
