"""Where an issue stands, in words: its stage, its state, for whom it waits and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from definitions.step import STAGES, Stage
from definitions.text import words
from engine.state import Visit
from huying.locale import translations
from huying.views.moments import Due, due_words
from huying.views.people import People
from huying.views.record import Record
from huying.views.sight import Sight


def stage_title(stage: str, language: str) -> str:
    """The name of one of the four stages."""
    _ = translations(language).gettext
    titles = {
        "intake": _("Intake"),
        "assignment": _("Assignment"),
        "coordination": _("Coordination"),
        "closure": _("Closure"),
    }
    return titles.get(stage, stage)


@dataclass(frozen=True, slots=True)
class StageLine:
    """One of the four stages of an issue: before, now or later."""

    key: Stage
    title: str
    place: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step that waits: its title, for whom, and until when."""

    step: str
    title: str
    whom: str
    due: Due | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of an issue in words; ``sentence`` says it all in one line."""

    status: str
    sentence: str
    resolution: str | None
    overdue: bool
    stages: tuple[StageLine, ...]
    waiting: tuple[Waiting, ...]
    steps: frozenset[str]


def standing(record: Record, sight: Sight, people: People, language: str, now: datetime) -> Standing:
    """How the issue stands at this moment."""
    state = record.state
    waiting = tuple(_waiting(record, visit, sight, people, language, now) for visit in state.visits)
    resolution = None
    if state.resolution:
        resolution = words(record.definition.resolution_title(state.resolution), language, state.resolution)
    return Standing(
        status=state.status,
        sentence=_sentence(waiting, resolution, language),
        resolution=resolution,
        overdue=any(one.due is not None and one.due.overdue for one in waiting),
        stages=_stages(record, language),
        waiting=waiting,
        steps=frozenset(visit.step for visit in state.visits),
    )


def _waiting(record: Record, visit: Visit, sight: Sight, people: People, language: str, now: datetime) -> Waiting:
    zone = record.process.calendar.zone
    due = None
    if visit.due_at is not None:
        due = due_words(visit.due_at, zone, now, language, provisional=visit.provisional)
    return Waiting(
        step=visit.step,
        title=words(record.definition.steps[visit.step].title, language, visit.step),
        whom=_whom(record, visit, sight, people, language),
        due=due,
    )


def _whom(record: Record, visit: Visit, sight: Sight, people: People, language: str) -> str:
    """Departments by name, persons by their role; inside, the person who took the task too."""
    said: list[str] = []
    for item in record.state.open_items(visit.number):
        departments = [people.name(party) for party in item.candidates if party.startswith("organisation:")]
        role = words(record.definition.role_title(item.role), language, item.role)
        whom = departments or [role]
        single = item.owner or (item.candidates[0] if len(item.candidates) == 1 and not departments else None)
        if single and (sight.inside and item.role != "reporter"):
            whom = [
                translations(language).gettext("%(name)s (%(role)s)") % {"name": people.name(single), "role": whom[0]}
            ]
        said += whom
    return ("、" if language == "zh" else ", ").join(dict.fromkeys(said))


def _sentence(waiting: tuple[Waiting, ...], resolution: str | None, language: str) -> str:
    _ = translations(language).gettext
    if resolution:
        return _("Closed: %(resolution)s") % {"resolution": resolution}
    separator = "；" if language == "zh" else "; "
    return separator.join(
        _("Waiting for %(whom)s: %(step)s") % {"whom": one.whom, "step": one.title} for one in waiting
    )


def _stages(record: Record, language: str) -> tuple[StageLine, ...]:
    now = STAGES.index(record.stage) if record.stage in STAGES else 0
    closed = record.state.status == "closed"

    def place(index: int) -> str:
        if index == now and not closed:
            return "now"
        return "before" if index <= now else "later"

    return tuple(StageLine(key, stage_title(key, language), place(index)) for index, key in enumerate(STAGES))
