"""By what a list can be narrowed: what stands in the choices over it, and what it is called where it was chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, select

from definitions.text import words
from huying.access.viewer import BlankViewer, Look, Viewer, blanks_of
from huying.database.tables import areas, stations
from huying.house.house import House
from huying.issues.urgency import urgency_titles
from huying.issues.views.filter import Filter
from huying.locale import translations
from huying.register.regions import region_name
from huying.register.view import departments
from huying.words.channels import channel_title, channel_titles
from huying.words.names import named
from huying.words.stages import stage_title
from huying.workbench.counts import answering
from huying.workbench.query import said_of


@dataclass(frozen=True, slots=True)
class Kinds:
    """What a definition sorts its issues by: pairs of what an address says, and words."""

    title: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Narrowings:
    """The choices over a list, by what an address says."""

    stations: Mapping[str, str]
    kinds: tuple[Kinds, ...]
    channels: Mapping[str, str]
    departments: Mapping[str, str]
    answering: Mapping[int, str]
    urgencies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing by which a list is narrowed, in words; ``without`` is the list without it."""

    text: str
    without: Filter


#: What goes with what is taken away.
_TOGETHER = {"station": ("station", "under"), "kind": ("kind", "definition")}


def narrowings(house: House, person: Viewer, look: Look) -> Narrowings:
    """What this person can narrow their lists by."""
    with house.database.reading() as connection:
        found = connection.execute(_places(person.office, look.language), blanks_of(person))
        places = {row[0]: row[1] for row in found}
    return Narrowings(
        stations=places,
        kinds=tuple(_kinds(house, look)),
        channels=channel_titles(house.channels.all(), look.language),
        departments=departments(house, look.language),
        answering=answering(house, look),
        urgencies={str(key): title for key, title in urgency_titles(look.language).items()},
    )


@cache
def _places(office: bool, language: str) -> Select[Any]:
    name = named(stations.c, language)
    query = select(stations.c.code, name).join(areas, areas.c.id == stations.c.area_id)
    if not office:
        query = query.where(stations.c.id.in_(BlankViewer(office).stations))
    return query.order_by(areas.c.code, stations.c.code)


def _kinds(house: House, look: Look) -> Iterator[Kinds]:
    for version in house.processes.all_in_force(look.now):
        definition = house.processes.process(version.id).definition
        field = definition.fields.get(definition.sorted_by or "")
        options = field.options if field else {}
        title = words(definition.title, look.language, definition.id)
        of = tuple((f"{definition.id}:{key}", words(text, look.language, key)) for key, text in options.items())
        yield Kinds(title, ((f"{definition.id}:", title), *of))


def chips(house: House, wanted: Filter, known: Narrowings, look: Look) -> tuple[Chip, ...]:
    """By what a list is narrowed, each to be taken away."""
    titles = dict(_titled(house, wanted, known, look))
    found: list[Chip] = []
    for name, title in titles.items():
        values: dict[str, Any] = {field: getattr(wanted, field) for field in Filter.__slots__}
        for gone in _TOGETHER.get(name, (name,)):
            values[gone] = False if isinstance(values[gone], bool) else None
        found.append(Chip(title, Filter(**values)))
    return tuple(found)


def _titled(house: House, wanted: Filter, known: Narrowings, look: Look) -> Iterator[tuple[str, str]]:
    _ = translations(look.language).gettext
    kinds = dict(option for kinds in known.kinds for option in kinds.options)
    said = said_of(wanted)
    if wanted.station:
        place = known.stations.get(wanted.station, wanted.station)
        yield "station", _("%(station)s and below") % {"station": place} if wanted.under else place
    if wanted.region:
        yield "region", region_name(house, wanted.region, look.language) or wanted.region
    if wanted.kind:
        yield "kind", kinds.get(f"{wanted.definition}:{wanted.kind}", wanted.kind)
    elif wanted.definition:
        yield "definition", kinds.get(f"{wanted.definition}:", wanted.definition)
    if wanted.stage:
        yield "stage", stage_title(wanted.stage, look.language)
    if wanted.channel:
        yield "channel", channel_title(house.channels.all(), wanted.channel, look.language)
    if wanted.department:
        yield "department", known.departments.get(wanted.department, wanted.department)
    if wanted.answerable is not None:
        yield "answerable", known.answering.get(wanted.answerable, said["answerable"])
    if wanted.due:
        yield "due", known.urgencies.get(wanted.due, wanted.due)
    if wanted.words:
        yield "words", f"“{wanted.words}”"
    if wanted.opened_from:
        yield "opened_from", _("opened from %(day)s") % {"day": wanted.opened_from.isoformat()}
    if wanted.opened_to:
        yield "opened_to", _("opened until %(day)s") % {"day": wanted.opened_to.isoformat()}
    yield from ((name, title) for name, title in flags(look.language).items() if getattr(wanted, name))
    if wanted.status:
        yield "status", _("Open") if wanted.status == "open" else _("Closed")


def flags(language: str) -> dict[str, str]:
    """What a list is called that is narrowed by one thing that is or is not."""
    _ = translations(language).gettext
    return {
        "mine": _("Waiting for me"),
        "followed": _("I follow"),
        "drafts": _("Drafts"),
        "blocked": _("Stuck"),
        "news": _("News"),
        "urged": _("Urged"),
        "sent_back": _("Sent back"),
    }
