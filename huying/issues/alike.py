"""Issues that may be the same as one that somebody is about to report, so that they follow it instead.

Candidates are found by area and time in SQL and ranked here; a person decides. What is shown of them is what their definition lets others read
(``alike: {show: …}``), never a name and never a file. The weights are those that found most twins in made reports: words 0.35, the fields one by
one 0.25, the same choices 0.25, age 0.15 (falling to a third in fourteen days).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp, log
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from definitions.model.definition import Alike, Definition
from definitions.model.field import Field
from engine.deadlines.deadline import reckon
from huying.database.tables import areas, definition_versions, issues, stations
from huying.house.house import House
from huying.issues.record import record
from huying.issues.sight import Sight
from huying.issues.views.issue import known_people
from huying.issues.views.situation import standing
from huying.locale import translations
from huying.words.values import value_in_words

#: So many are shown, for somebody who looks at more reports the same again.
SHOWN = 3
#: So many of the newest open issues of the area are compared.
_COMPARED = 400
#: Below this they have little in common; measured on made reports it keeps two of three twins.
_LEAST = 0.4
_WORDS = ("text", "long text", "place")
_CHOICES = ("choice", "choices", "area", "station")
_STRANGER = Sight(inside=False, private=False, own=False, follows=True)


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """An issue that may be the same: its first words, more of them quoted, its other fields, how old it is, how it stands, how many follow."""

    issue_id: int
    subject: str
    quoted: str
    facts: tuple[str, ...]
    age: str
    stands: str
    followers: int


def alike(
    house: House, definition: str, station: str, entered: Mapping[str, Any], language: str, now: datetime
) -> tuple[AlikeLine, ...]:
    """The open issues most like what was entered, at most three; none where the definition shows nothing, or too little was entered."""
    version = house.processes.in_force(definition, now)
    process = house.processes.process(version.id)
    rule = process.definition.alike
    if rule is None or not _words(entered, rule, process.definition):
        return ()
    with house.database.reading() as connection:
        rows = [
            row
            for row in _candidates(connection, definition, station)
            if reckon(rule.within, row.opened_at, process.calendar).due_at > now
        ]
        found = _ranked(rows, rule, process.definition, entered, now)[:SHOWN]
        return tuple(_line(house, connection, row.id, language, now) for row in found)


def _candidates(connection: Connection, definition: str, station: str) -> list[Row[Any]]:
    query = (
        select(issues.c.id, issues.c.state, issues.c.opened_at)
        .join(definition_versions, definition_versions.c.id == issues.c.definition_version_id)
        .where(issues.c.status == "open", definition_versions.c.key == definition)
        .order_by(issues.c.opened_at.desc(), issues.c.id.desc())
        .limit(_COMPARED)
    )
    near = _area(connection, station)
    if near:
        query = query.where(issues.c.station_id.in_(near))
    return list(connection.execute(query))


def _area(connection: Connection, station: str) -> tuple[int, ...]:
    """The stations of the same area, of its parts, of the one above it, and of their neighbours."""
    here = connection.execute(
        select(areas.c.id, areas.c.parent_id)
        .join(stations, stations.c.area_id == areas.c.id)
        .where(stations.c.code == station)
    ).one_or_none()
    if here is None:
        return ()
    beside = [areas.c.id == here.id, areas.c.parent_id == here.id]
    if here.parent_id is not None:
        beside += [areas.c.id == here.parent_id, areas.c.parent_id == here.parent_id]
    query = select(stations.c.id).join(areas, areas.c.id == stations.c.area_id).where(or_(*beside))
    return tuple(connection.execute(query).scalars())


def _ranked(
    rows: Sequence[Row[Any]], rule: Alike, definition: Definition, entered: Mapping[str, Any], now: datetime
) -> list[Row[Any]]:
    texts = {row.id: _words(row.state.data, rule, definition) for row in rows}
    pairs = {number: {name: _pairs(text) for name, text in said.items()} for number, said in texts.items()}
    wanted = {name: _pairs(text) for name, text in _words(entered, rule, definition).items()}
    rare = _rarity(pairs.values())
    scores = {}
    for row in rows:
        of, said = pairs[row.id], row.state.data
        whole = _shared(frozenset().union(*wanted.values()), frozenset().union(*of.values()), rare)
        each = [_shared(one, of.get(name, frozenset()), rare) for name, one in wanted.items()]
        chosen = [name for name in rule.show if _type(definition, name) in _CHOICES and entered.get(name)]
        same = [entered[name] == said.get(name) for name in chosen]
        days = max(0.0, (now - row.opened_at).total_seconds() / 86_400)
        score = 0.35 * whole + 0.25 * sum(each) / len(each) + 0.15 * exp(-days / 14)
        # who has not said yet of which kind it is, is not told that it is another
        score = score + 0.25 * sum(same) / len(same) if same else score / 0.75
        if whole > 0 and score >= _LEAST:
            scores[row.id] = score
    return sorted((row for row in rows if row.id in scores), key=lambda row: (-scores[row.id], -row.id))


def _type(definition: Definition, name: str) -> str:
    field = definition.fields.get(name)
    return field.type if field else ""


def _words(data: Mapping[str, Any], rule: Alike, definition: Definition) -> dict[str, str]:
    """The words in the fields that are shown, by field."""
    found: dict[str, str] = {}
    for name in rule.show:
        value = data.get(name)
        if _type(definition, name) in _WORDS and value:
            text = " ".join(str(part) for part in value.values()) if isinstance(value, Mapping) else str(value)
            if text.strip():
                found[name] = text
    return found


def _pairs(text: str) -> frozenset[str]:
    """Each two characters that stand beside each other, but for blanks and signs."""
    plain = "".join(character for character in text.lower() if character.isalnum())
    return frozenset(plain[at : at + 2] for at in range(max(1, len(plain) - 1))) if plain else frozenset()


def _rarity(several: Iterable[Mapping[str, frozenset[str]]]) -> Mapping[str, float]:
    """How much a pair tells: what stands in every issue tells little."""
    counted: Counter[str] = Counter()
    many = 0
    for one in several:
        many += 1
        counted.update(frozenset().union(*one.values()) if one else ())
    return {pair: log(1 + (many + 1) / (count + 0.5)) for pair, count in counted.items()}


def _shared(wanted: frozenset[str], found: frozenset[str], rare: Mapping[str, float]) -> float:
    """How much of the one stands in the other, from 0 to 1."""
    usual = max(rare.values(), default=1.0)
    whole = sum(rare.get(pair, usual) for pair in wanted)
    return sum(rare.get(pair, usual) for pair in wanted & found) / whole if whole else 0.0


def _line(house: House, connection: Connection, issue_id: int, language: str, now: datetime) -> AlikeLine:
    found = record(house, connection, issue_id, language)
    known = known_people(connection, found, language)
    rule = found.definition.alike
    shown = {name: found.definition.fields[name] for name in (rule.show if rule else ())}
    said = [
        (field, text)
        for name, field in shown.items()
        if not (field.private or field.seen_by)
        and (text := value_in_words(field, found.state.data.get(name), known.names, language))
    ]
    words = [text for field, text in said if field.type in _WORDS]
    return AlikeLine(
        issue_id=issue_id,
        subject=words[0] if words else found.definition_key,
        quoted=_long(said),
        facts=tuple(text for field, text in said if field.type != "long text" and text not in words[:1]),
        age=_age(found.opened_at, now, language),
        stands=standing(found, _STRANGER, known, language, now).sentence,
        followers=len(found.state.followers),
    )


def _long(said: Iterable[tuple[Field, str]]) -> str:
    """The first lines of what was told at length."""
    whole = next((text for field, text in said if field.type == "long text"), "")
    return f"{whole[:80]}…" if len(whole) > 80 else whole


def _age(opened: datetime, now: datetime, language: str) -> str:
    spoken = translations(language)
    days = (now - opened).days
    if days < 1:
        return spoken.gettext("less than a day ago")
    return spoken.ngettext("%(num)s day ago", "%(num)s days ago", days) % {"num": days}
