"""Where an issue stands, in words: its stage, its state, for whom it waits and until when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from definitions.model.reference import refers_to
from definitions.model.step import STAGES, Stage
from definitions.text import LISTED, SEMICOLON, words
from engine.state import Visit
from huying.issues.record import Record
from huying.issues.sight import Sight
from huying.issues.views.people import People
from huying.locale import translations
from huying.words.clocks import Clock, clock
from huying.words.limits import limit_title
from huying.words.moments import Due
from huying.words.stages import stage_title


@dataclass(frozen=True, slots=True)
class StageLine:
    """One of the four stages of an issue: before, now or later."""

    key: Stage
    title: str
    place: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step that waits: its title, for whom, and until when; ``how`` says how that day comes about.

    ``clocks`` are the deadlines that some of those have for themselves.
    """

    step: str
    title: str
    whom: str
    due: Due | None
    how: str | None = None
    clocks: tuple[Clock, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """The state of an issue in words; ``sentence`` says it all in one line, ``clocks`` are those of the stage and of the whole issue."""

    status: str
    sentence: str
    resolution: str | None
    overdue: bool
    stages: tuple[StageLine, ...]
    waiting: tuple[Waiting, ...]
    steps: frozenset[str]
    clocks: tuple[Clock, ...] = ()

    @property
    def dues(self) -> tuple[Due, ...]:
        """Every deadline there is now."""
        own = [one.due for waiting in self.waiting for one in waiting.clocks]
        steps = [waiting.due for waiting in self.waiting if waiting.due]
        return (*steps, *own, *(one.due for one in self.clocks))


def standing(record: Record, sight: Sight, people: People, language: str, now: datetime) -> Situation:
    """How the issue stands at this moment."""
    state = record.state
    waiting = tuple(_waiting(record, visit, sight, people, language, now) for visit in state.visits)
    resolution = None
    if state.resolution:
        resolution = words(record.definition.resolution_title(state.resolution), language, state.resolution)
    stands = Situation(
        status=state.status,
        sentence=_sentence(waiting, resolution, language),
        resolution=resolution,
        overdue=False,
        stages=_stages(record, language),
        waiting=waiting,
        steps=frozenset(visit.step for visit in state.visits),
        clocks=_limits(record, language, now) if state.status == "open" else (),
    )
    return replace(stands, overdue=any(due.overdue for due in stands.dues))


def _waiting(record: Record, visit: Visit, sight: Sight, people: People, language: str, now: datetime) -> Waiting:
    title = words(record.definition.steps[visit.step].title, language, visit.step)
    seen = clock(title, visit.deadline, visit.paused_at, record.process.calendar, now, language)
    return Waiting(
        step=visit.step,
        title=title,
        whom=_whom(record, visit, sight, people, language),
        due=seen.due if seen else None,
        how=seen.how if seen else None,
        clocks=_own(record, visit, people, language, now),
    )


def _own(record: Record, visit: Visit, people: People, language: str, now: datetime) -> tuple[Clock, ...]:
    """The deadlines that items have for themselves, by department or role."""
    seen: list[Clock] = []
    for item in record.state.open_items(visit.number):
        departments = [people.name(party) for party in item.candidates if refers_to(party, "organisation")]
        title = "、".join(departments) or words(record.definition.role_title(item.role), language, item.role)
        paused_at = None if item.runs_alone else visit.paused_at
        own = clock(title, item.deadline, paused_at, record.process.calendar, now, language)
        if own is not None:
            seen.append(own)
    return tuple(seen)


def _limits(record: Record, language: str, now: datetime) -> tuple[Clock, ...]:
    calendar = record.process.calendar
    seen = (
        clock(limit_title(key, language), limit.deadline, limit.paused_at, calendar, now, language)
        for key, limit in record.state.limits.items()
        if key in ("issue", record.stage)
    )
    return tuple(one for one in seen if one is not None)


def _whom(record: Record, visit: Visit, sight: Sight, people: People, language: str) -> str:
    """Departments by name, persons by their role; inside, the person who took the task too."""
    said: list[str] = []
    for item in record.state.open_items(visit.number):
        departments = [people.name(party) for party in item.candidates if refers_to(party, "organisation")]
        role = words(record.definition.role_title(item.role), language, item.role)
        whom = departments or [role]
        single = item.owner or (item.candidates[0] if len(item.candidates) == 1 and not departments else None)
        known = record.definition.roles.get(item.role)
        if single and item.role != "reporter" and (sight.inside or (known is not None and known.by_name)):
            whom = [
                translations(language).gettext("%(name)s (%(role)s)") % {"name": people.name(single), "role": whom[0]}
            ]
        said += whom
    return LISTED.of(language).join(dict.fromkeys(said))


def _sentence(waiting: tuple[Waiting, ...], resolution: str | None, language: str) -> str:
    _ = translations(language).gettext
    if resolution:
        return _("Closed: %(resolution)s") % {"resolution": resolution}
    separator = SEMICOLON.of(language)
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
