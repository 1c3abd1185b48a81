"""What stands on the intake desk: the processes whose matters somebody takes, where, what is asked, and what can be done at once.

What can be done at once are the actions of the step at which the process begins, if that step is a task of whoever sits at the desk (or of each task
to which the data may lead from there): to answer on the spot, to say where to go, or to take it up is what the definition says, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from definitions.channels.channel import Channel
from definitions.model.action import Action
from definitions.model.definition import Definition
from definitions.model.field import Field
from definitions.model.steps.choose import ChooseStep
from definitions.model.steps.task import TaskStep
from definitions.text import words
from engine import Process
from engine.directory import Directory
from engine.refusal import Refusal
from engine.rules.actions import form_of
from huying.access.viewer import Viewer, viewer
from huying.channels.offered import functions_of, offered
from huying.database.tables import areas, stations
from huying.database.tenure import serving
from huying.house.channels import NoChannel
from huying.house.house import House
from huying.issues.reporter import contact_fields
from huying.issues.voice import WorkPlace, may_take_at, serves_in
from huying.privacy.collection import CollectionNotice, collection_notice
from huying.register.directory import RegisterDirectory
from huying.words.names import named

#: What an action's form asks for at the desk; whatever needs more room is done on the page of the task.
_SHORT = frozenset(
    {
        "text",
        "long text",
        "integer",
        "number",
        "date",
        "yes/no",
        "choice",
        "choices",
        "department",
        "departments",
        "phone",
    }
)


@dataclass(frozen=True, slots=True)
class DeskAction:
    """What can be done at once with what is entered."""

    key: str
    title: str
    help: str
    fields: Mapping[str, Field]


class TakesNothing(Refusal):
    """Somebody takes nothing in for residents: no process says that anybody does, or (``others``) it is others who do."""

    code = "not-allowed"

    def __init__(self, others: bool) -> None:
        if others:
            super().__init__(
                "代群众登记由流程写明的角色办，您不在其中。需要您登记的，请管理员授予相应的角色；您自己的事，请从“反映”填写。",
                "Matters are taken in for residents by those whom the processes name, and you are not among them. If you should, ask an "
                "administrator for the role; what is your own matter you report yourself.",
            )
        else:
            super().__init__(
                "还没有可以代群众登记的流程：没有一个流程写明由谁登记。请编写流程的同事在流程里加一行 taken by: [clerk]（写你们的角色），再发布。",
                "Nothing can be taken in for residents yet: no process says who does it. Whoever writes your processes adds a line such as "
                "taken by: [clerk], with a role of yours, checks it and publishes it.",
            )


@dataclass(frozen=True, slots=True)
class DeskStation:
    """A station at which it can be taken."""

    code: str
    name: str
    area: str


@dataclass(frozen=True, slots=True)
class IntakeDesk:
    """The desk as somebody finds it.

    ``processes`` are titles by key, ``key`` and ``station`` those chosen; ``notice`` is what is read to the resident. ``channels`` are titles of
    the ways in that are theirs; by which of them it comes decides what is asked, where ``forms`` says that they differ.
    """

    processes: Mapping[str, str]
    key: str
    stations: tuple[DeskStation, ...]
    station: str
    fields: Mapping[str, Field]
    contact: Mapping[str, Field]
    actions: tuple[DeskAction, ...]
    notice: CollectionNotice | None
    channels: Mapping[str, str]
    channel: str
    forms: bool


@dataclass(frozen=True, slots=True)
class DeskWish:
    """What somebody wants to take in: of which process, at which station, on which channel; empty: the first that is theirs.

    ``came``: on which channel the message came that is taken in; it is offered first.
    """

    process: str = ""
    station: str = ""
    channel: str = ""
    came: str = ""


def desk(house: House, person: int, wish: DeskWish, language: str, now: datetime) -> IntakeDesk:
    """The desk of somebody; ``TakesNothing`` if they take nothing for residents. What is not theirs is not chosen."""
    with house.database.reading() as connection:
        who = viewer(connection, person)
        places = _places(connection, person, language)
        processes = _taken(house, connection, who, places, now)
        if not processes:
            raise TakesNothing(any(_takers(house, now)))
        chosen = wish.process if wish.process in processes else next(iter(processes))
        process, there = processes[chosen]
        place = next((one for one in there if one.code == wish.station), there[0])
        directory = RegisterDirectory(connection, process.calendar, now, files=house.store)
        actions = _at_once(process, directory, place, who, now, language)
    definition = process.definition
    channels = _came(house, who, chosen, wish.came) or offered(house, who, chosen, "desk")
    if not channels:
        raise NoChannel(
            "没有您可以用的登记渠道，请管理员在“渠道”里放开一个。",
            "There is no way in that you may use; an administrator can open one under “Ways in”.",
        )
    channel = channels.get(wish.channel) or next(iter(channels.values()))
    return IntakeDesk(
        processes={one: words(found.definition.title, language, one) for one, (found, _) in processes.items()},
        key=chosen,
        stations=tuple(DeskStation(one.code, one.name, one.area) for one in there),
        station=place.code,
        fields=channel.asked(chosen, definition.entered),
        contact=_contact(definition),
        actions=actions,
        notice=collection_notice(house, definition, language, guest=True),
        channels={one: found.name(language) for one, found in channels.items()},
        channel=channel.channel,
        forms=any(chosen in one.forms for one in channels.values()),
    )


def _came(house: House, who: Viewer, definition: str, channel: str) -> Mapping[str, Channel]:
    """The channel on which a message came, alone, if it is still open for such matters."""
    one = house.channels.all().get(channel)
    fits = one is not None and not one.closed and one.opens_one(definition) and one.lets(functions_of(who))
    return {channel: one} if one is not None and fits else {}


def _contact(definition: Definition) -> Mapping[str, Field]:
    """What is asked about the resident, in words for whoever writes it down."""
    asked = contact_fields(definition)
    return {name: asked[name].model_copy(update={"title": title}) for name, title in _TITLES.items() if name in asked}


_TITLES = {"phone": {"zh": "电话", "en": "Telephone"}, "name": {"zh": "姓名", "en": "Name"}}


@dataclass(frozen=True, slots=True)
class _Station(WorkPlace):
    """A station with its names."""

    name: str = ""
    area: str = ""


def _places(connection: Connection, person: int, language: str) -> list[_Station]:
    """The stations where somebody serves; who serves at none, such as at a hotline for all, has all of them."""
    own = select(serving.c.station_id).where(serving.c.participant_id == person)
    return _stations(connection, language, stations.c.id.in_(own)) or _stations(connection, language)


def _stations(connection: Connection, language: str, *which: ColumnElement[bool]) -> list[_Station]:
    name, area = named(stations.c, language), named(areas.c, language)
    query = (
        select(stations.c.id, stations.c.code, stations.c.industry, name, area)
        .join(areas, areas.c.id == stations.c.area_id)
        .where(stations.c.active, *which)
        .order_by(areas.c.code, stations.c.code)
    )
    return [
        _Station(number, code, industry, title, place)
        for number, code, industry, title, place in connection.execute(query)
    ]


def _taken(
    house: House, connection: Connection, who: Viewer, places: list[_Station], now: datetime
) -> dict[str, tuple[Process, list[_Station]]]:
    """The processes whose matters somebody takes, and at which of the places; of many places, all if they may at the first."""
    found: dict[str, tuple[Process, list[_Station]]] = {}
    for key, process in _takers(house, now):
        directory = RegisterDirectory(connection, process.calendar, now, files=house.store)
        asked = places if len(places) <= _FEW else places[:1]
        there = [place for place in asked if may_take_at(process, directory, place, who.actor, now)]
        if there:
            found[key] = (process, there if len(places) <= _FEW else places)
    return found


def _takers(house: House, now: datetime) -> Iterator[tuple[str, Process]]:
    """The processes, by key, whose matters somebody takes in for residents."""
    for version in house.processes.all_in_force(now):
        process = house.processes.process(version.id)
        if process.definition.taken_by:
            yield version.key, process


#: Of so many stations each is asked whether somebody takes matters there.
_FEW = 20


def first_tasks(process: Process) -> Mapping[str, TaskStep]:
    """The tasks with which a process may begin, the usual one last; nothing if anything but one role's task may come first."""
    steps = process.definition.steps
    found: dict[str, TaskStep] = {}
    left, seen = [process.definition.start], set[str]()
    while left:
        key = left.pop(0)
        step = steps[key]
        if key in seen:
            continue
        seen.add(key)
        if isinstance(step, ChooseStep):
            left += [to for branch in step.branches if (to := step.lead(branch)) is not None]
        elif isinstance(step, TaskStep) and len(step.task) == 1:
            found[key] = step
        else:
            return {}
    return found


def first_actions(process: Process) -> Mapping[str, Action]:
    """What can be done at each of the first tasks, with the same form."""
    tasks = list(first_tasks(process).values())
    if not tasks:
        return {}
    usual = tasks[-1].actions.items()
    return {key: action for key, action in usual if all(_the_same(action, one.actions.get(key)) for one in tasks)}


def _the_same(action: Action, other: Action | None) -> bool:
    """Whether two actions are always possible, and ask for the same."""
    return other is not None and other.when is None and set(other.ask) == set(action.ask) and other.edit == action.edit


def _at_once(
    process: Process, directory: Directory, place: WorkPlace, who: Viewer, now: datetime, language: str
) -> tuple[DeskAction, ...]:
    actions = first_actions(process)
    roles = {role for step in first_tasks(process).values() for role in step.task}
    if not actions or not serves_in(process, directory, place, who.actor, now) >= roles:
        return ()
    offered = ((key, action, form_of(process.definition.fields, action)) for key, action in actions.items())
    return tuple(
        DeskAction(key, words(action.title, language, key), words(action.help, language), fields)
        for key, action, fields in offered
        if all(field.type in _SHORT for field in fields.values())
    )
