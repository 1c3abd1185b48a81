"""Whether the register can fill a definition's roles now: what no check of the text alone can know. It warns; nothing is refused for it.

People come and go, so a role that nobody holds today is no fault of the definition; whoever publishes it should know, though.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from definitions.model.definition import Definition
from definitions.model.field import CODE_LISTS, Field
from definitions.model.role import PLACES, Role
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said
from huying.database.tables import areas, codes, organisation_codes, organisations, participants, stations
from huying.database.tenure import serving
from huying.house.house import House
from huying.register.levels import AREA_LEVELS, DEPUTY_LEVELS, LEVELS

_FUNCTIONS = {"deputies of": "deputy", "liaison officers of": "liaison"}
#: The word for the members of all offices, and the kind of organisation that they are.
OFFICE = "office"
_STAFF = frozenset({"clerk", "head"})


@dataclass(frozen=True, slots=True)
class Staff:
    """What the register has: functions and levels of those who serve at stations, functions by organisation, levels of areas with stations, codes."""

    at_stations: frozenset[tuple[str, str | None]]
    in_organisations: Mapping[str, frozenset[str]]
    levels_with_stations: frozenset[str]
    codes: Mapping[str, frozenset[str]]
    competences: frozenset[str]


def people_missing(house: House, definition: Definition) -> tuple[Problem, ...]:
    """Every role that nobody can hold now, and every level, organisation or code that the register does not know."""
    with house.database.reading() as connection:
        staff = _staff(connection)
    found = [*_lists(definition, staff)]
    for key, role in definition.roles.items():
        if len(role.sources) == 1:
            unknowns = [*_levels(key, role), *_organisation(key, role, staff)]
            found += unknowns
            found += _codes(definition, key, role, staff)
            if not unknowns and role.fallback is None:
                found += _nobody(key, role, staff)
    return tuple(found)


def _staff(connection: Connection) -> Staff:
    holders = (
        select(serving.c.function, serving.c.level, organisations.c.code, organisations.c.kind)
        .join(participants, participants.c.id == serving.c.participant_id)
        .join(organisations, organisations.c.id == serving.c.organisation_id, isouter=True)
        .where(participants.c.active)
        .distinct()
    )
    in_service = connection.execute(select(organisations.c.code).where(organisations.c.active)).scalars()
    of_organisations: dict[str, set[str]] = {code: set() for code in (*in_service, OFFICE)}
    at_stations = set()
    for function, level, organisation, kind in connection.execute(holders):
        if organisation is None:
            at_stations.add((function, level))
        elif organisation in of_organisations:
            of_organisations[organisation].add(function)
            if kind == OFFICE:
                of_organisations[OFFICE].add(function)
    by_list: dict[str, set[str]] = {"levels": set(LEVELS)}
    for listed, code in connection.execute(select(codes.c.list, codes.c.code)):
        by_list.setdefault(listed, set()).add(code)
    competent = (
        select(organisation_codes.c.code)
        .join(organisations, organisations.c.id == organisation_codes.c.organisation_id)
        .where(organisations.c.active, organisations.c.kind == "department")
    )
    with_stations = select(areas.c.level).join(stations, stations.c.area_id == areas.c.id).distinct()
    return Staff(
        at_stations=frozenset(at_stations),
        in_organisations={code: frozenset(functions) for code, functions in of_organisations.items()},
        levels_with_stations=frozenset(connection.execute(with_stations).scalars()),
        codes={listed: frozenset(found) for listed, found in by_list.items()},
        competences=frozenset(connection.execute(competent).scalars()),
    )


def _lists(definition: Definition, staff: Staff) -> Iterator[Problem]:
    """Fields whose options come from a list that the register does not have."""
    fields: list[tuple[Path, Field]] = [(("fields", name), field) for name, field in definition.fields.items()]
    fields += [
        ((definition.stage_of[step], step, "actions", action, "ask", name), field)
        for step, action, name, field in definition.asks()
        if action != "receive"
    ]
    for path, field in fields:
        if field.of is not None and not staff.codes.get(field.of):
            yield unknown(
                "unknown-list",
                (*path, "of"),
                Said("代码表", "code list"),
                field.of,
                [listed for listed in (*staff.codes, *CODE_LISTS) if staff.codes.get(listed)],
            )


def _levels(key: str, role: Role) -> Iterator[Problem]:
    source = role.sources[0]
    if source in ("staff of", "deputies of", "liaison officers of") and role.place not in PLACES:
        yield from _level(("roles", key, source), role.place or "", (*PLACES, *AREA_LEVELS), AREA_LEVELS)
    fitting = DEPUTY_LEVELS if source == "deputies of" else AREA_LEVELS
    if role.level is not None:
        yield from _level(("roles", key, "level"), role.level, fitting, fitting)
    for position, level in enumerate(role.ladder):
        yield from _level(("roles", key, "ladder", position), level, fitting, fitting)


def _level(path: Path, level: str, offered: object, known: Mapping[str, object]) -> Iterator[Problem]:
    if level not in known:
        yield unknown(
            "unknown-level", path, Said("层级", "level"), level, offered if isinstance(offered, tuple) else known
        )


def _organisation(key: str, role: Role, staff: Staff) -> Iterator[Problem]:
    code = role.members_of
    if code is not None and code not in staff.in_organisations:
        path = ("roles", key, "members of")
        yield unknown("unknown-organisation", path, Said("单位", "organisation"), code, staff.in_organisations)


def _codes(definition: Definition, key: str, role: Role, staff: Staff) -> Iterator[Problem]:
    """Options of a field that a role goes by, for which the register has nobody."""
    asked = (
        ("industry", role.industry, staff.codes.get("industries", frozenset()), Said("行业", "industry")),
        ("departments for", role.departments_for, staff.competences, Said("承办职责", "competence of a department")),
    )
    for named, name, known, what in asked:
        field = definition.data.get(name or "")
        lacking = [option for option in field.options if option not in known] if field is not None else []
        if lacking and role.fallback is None:
            yield problem(
                "nobody-competent",
                ("roles", key, named),
                Said(
                    f"名册里没有这样的{what[0]}：{'、'.join(lacking)}。选到它时，由总办公室接手。",
                    f"The register has no such {what[1]}: {', '.join(lacking)}. The office steps in for it.",
                ),
                Said(
                    "请在名册里补上，或写一个 fallback。",
                    "Add it to the register, or write a fallback.",
                ),
            )


def _nobody(key: str, role: Role, staff: Staff) -> Iterator[Problem]:
    """A role without a fallback whose function, level or place nobody in the register has."""
    source = role.sources[0]
    if source == "members of":
        there = staff.in_organisations.get(role.members_of or "", frozenset())
        if (role.function is None and there) or role.function in there:
            return
    elif source in ("staff of", "deputies of", "liaison officers of"):
        functions = _of(role, source)
        levels = {level for function, level in staff.at_stations if function in functions}
        wanted = ({role.level} if role.level else set(role.ladder)) if source == "deputies of" else set[str]()
        place = role.place in PLACES or role.place in staff.levels_with_stations
        if levels and place and (not wanted or wanted & levels):
            return
    else:
        return
    yield problem(
        "nobody-there",
        ("roles", key, source),
        Said(
            f"名册里现在没有人能担任“{key}”。事项会由总办公室接手。",
            f"Nobody in the register can be “{key}” now. The office would step in.",
        ),
        Said("请在名册里补上人员，或写一个 fallback。", "Add people to the register, or write a fallback."),
    )


def _of(role: Role, source: str) -> frozenset[str]:
    if source in _FUNCTIONS:
        return frozenset({_FUNCTIONS[source]})
    return frozenset({role.function}) if role.function else _STAFF
