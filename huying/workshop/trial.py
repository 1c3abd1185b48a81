"""What would happen if …: a made-up issue is clicked through by a draft, time passes as one wishes, and the course becomes a scenario.

Nothing of it is kept but the scenario, once somebody wants it: the course so far travels with the page and is played anew at each click.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from definitions.model.definition import Definition
from definitions.model.duration import Duration
from definitions.model.field import Field
from definitions.model.step import WaitingStep
from definitions.model.steps.call import CallStep
from definitions.model.steps.receive import ReceiveStep
from definitions.model.steps.request import RequestStep
from definitions.source import emission
from definitions.text import LISTED, Said, words
from definitions.trials.scenario import Happening, Scenario, parse_scenarios
from engine import Process
from engine.due import next_moment
from engine.rehearsal.play import Whereabouts, whereabouts
from engine.rehearsal.time import later
from engine.simulation.answers import DrawnAnswers
from engine.state import State
from huying.workshop.scenario import CourseWords

#: A course may be so long, and time may jump so far at once.
MOST_STEPS, MOST_DAYS, LONGEST = 200, 400, 60_000
_DEPARTMENTS = ("department 1", "department 2")
#: What is entered by hand in a made-up form; all else is answered by itself where it must be.
_TYPED = frozenset(
    ("text", "long text", "integer", "number", "money", "date", "date-time", "yes/no", "choice", "phone", "e-mail", "department")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrialField:
    """Something to enter, filled in already."""

    name: str
    title: str
    value: str
    required: bool
    options: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class NextMove:
    """What somebody can do now: ``key`` says which, ``who`` does it."""

    key: str
    who: str
    title: str
    where: str
    fields: tuple[TrialField, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseEvent:
    """One thing that happened, and how it stands after it."""

    what: str
    then: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrialCourse:
    """A course so far, as a scenario has it: ``body`` is empty before the issue is opened."""

    body: Mapping[str, Any]

    @staticmethod
    def read(text: str) -> TrialCourse:
        """What a page sent back; nothing, if it is none."""
        try:
            body = json.loads(text[:LONGEST]) if text else {}
            if body:
                Scenario.model_validate(_tupled(body))
        except (ValueError, ValidationError):
            return TrialCourse({})
        return TrialCourse(body if isinstance(body, dict) else {})

    @property
    def text(self) -> str:
        """As it travels with the page."""
        return json.dumps(self.body, ensure_ascii=False) if self.body else ""

    @property
    def steps(self) -> list[Mapping[str, Any]]:
        """What has happened, and what holds after it."""
        return list(self.body.get("steps", ()))

    @property
    def scenario(self) -> Scenario:
        """As the kernel plays it."""
        return Scenario.model_validate(_tupled(self.body))

    def with_steps(self, steps: Sequence[Mapping[str, Any]]) -> TrialCourse:
        """The same issue with another course."""
        return TrialCourse({**self.body, "steps": list(steps)})


def _tupled(body: Any) -> Any:
    return (
        {**body, "steps": tuple(body["steps"])}
        if isinstance(body, dict) and isinstance(body.get("steps"), list)
        else body
    )


class Trial:
    """A draft that is tried by clicking."""

    def __init__(self, process: Process, course: TrialCourse, language: str, now: datetime) -> None:
        self._process = process
        self._language = language
        self._say = CourseWords(process.definition, language, now)
        self._now = now
        self.course = course
        self.stands: Whereabouts | None = whereabouts(process, course.scenario) if course.body else None

    @property
    def definition(self) -> Definition:
        """What is tried."""
        return self._process.definition

    @property
    def day(self) -> str:
        """The day on which a made-up issue is taken in."""
        return self._now.astimezone(self._process.calendar.zone).date().isoformat()

    @property
    def moment(self) -> datetime | None:
        """The local moment of the course."""
        return self.stands.now.astimezone(self._process.calendar.zone) if self.stands else None

    @property
    def here(self) -> tuple[str, ...]:
        """The steps at which the issue is."""
        state = self._state
        return tuple(visit.step for visit in state.visits if not state.children(visit.number)) if state else ()

    @property
    def closed(self) -> bool:
        """Whether it has come to an end."""
        return self._state is not None and self._state.status != "open"

    @property
    def waits(self) -> bool:
        """Whether the clock will do something by itself."""
        return self._state is not None and next_moment(self._state) is not None

    @property
    def _state(self) -> State | None:
        return self.stands.state if self.stands else None

    # -- what can be done

    def opening(self) -> tuple[TrialField, ...]:
        """What is entered to begin with."""
        return self._fields(self.definition.entered, asked=False)

    def moves(self) -> Iterator[NextMove]:
        """All that somebody, or the world outside, could do now."""
        state, seen = self._state, set[str]()
        if state is None or state.status != "open":
            return
        for item in state.items:
            step = self.definition.steps[item.step]
            if item.done or item.waiting or item.kind != "task" or not isinstance(step, WaitingStep):
                continue
            for name, action in step.offered(item.role).items():
                key = f"by:{item.role}:{name}"
                if key not in seen:
                    seen.add(key)
                    title = words(action.title, self._language, name)
                    yield NextMove(
                        key, self._say.role(item.role), title, self._say.step(item.step), self._fields(action.ask)
                    )
        yield from self._outside(state)

    def _outside(self, state: State) -> Iterator[NextMove]:
        world = Said("外部", "From outside").of(self._language)
        for visit in state.visits:
            step, where = self.definition.steps[visit.step], self._say.step(visit.step)
            if isinstance(step, RequestStep):
                yield NextMove("result::ok", world, Said("对方办成", "it is done").of(self._language), where)
                yield NextMove("result::failed", world, Said("对方没办成", "it fails").of(self._language), where)
            elif isinstance(step, ReceiveStep):
                came = Said("消息来了", "the message comes").of(self._language)
                yield NextMove(f"message::{step.receive}", world, came, where, self._fields(step.ask))
            elif isinstance(step, CallStep):
                yield NextMove(
                    "child::solved", world, Said("另一件办结", "the other issue is closed").of(self._language), where
                )

    def _fields(self, fields: Mapping[str, Field], asked: bool = True) -> tuple[TrialField, ...]:
        """What is to be entered; ``asked``: by an action, where what does not say so must be entered."""
        drawn = self._drawn(fields)
        return tuple(
            TrialField(
                name,
                words(field.title, self._language, name),
                self._filled(name, field, drawn) if _needed(field, asked) else "",
                _needed(field, asked),
                self._options(field),
            )
            for name, field in fields.items()
            if not field.derived and field.type in _TYPED
        )

    def _filled(self, name: str, field: Field, drawn: Mapping[str, Any]) -> str:
        if field.type in ("text", "long text") and field.pattern is None:
            return words(field.title, self._language, name)
        value = drawn[name]
        return json.dumps(value) if isinstance(value, bool) else str(value)

    def _options(self, field: Field) -> Mapping[str, str] | None:
        if field.type == "yes/no":
            yes, no = Said("是", "Yes"), Said("否", "No")
            return {"true": yes.of(self._language), "false": no.of(self._language)}
        if field.type == "choice" and field.options:
            return {key: words(title, self._language, key) for key, title in field.options.items()}
        return None

    def _drawn(self, fields: Mapping[str, Field]) -> dict[str, Any]:
        """The same answers each time."""
        today = self.moment or self._now.astimezone(self._process.calendar.zone)
        return DrawnAnswers(random.Random(1), {}, _DEPARTMENTS).form(fields, today)

    def _answers(self, fields: Mapping[str, Field], entered: Mapping[str, str], asked: bool = True) -> dict[str, Any]:
        """What was entered, as a scenario has it; what cannot be entered here is made up where it must be there."""
        drawn, answers = self._drawn(fields), dict[str, Any]()
        for name, field in fields.items():
            if field.derived:
                continue
            if field.type not in _TYPED:
                if _needed(field, asked):
                    answers[name] = drawn[name]
            elif entered.get(name, "").strip():
                answers[name] = _value(field, entered[name].strip())
        return answers

    # -- what is done

    def opened(self, entered: Mapping[str, str], day: str) -> Trial:
        """The issue taken in on a day, at nine in the morning."""
        form = self._answers(self.definition.entered, entered, asked=False)
        title = {"zh": "演练", "en": "Trial"}
        return self._with(TrialCourse({"title": title, "given": {"at": f"{day} 09:00", "form": form}, "steps": []}), [])

    def moved(self, key: str, entered: Mapping[str, str]) -> Trial:
        """Somebody has done something."""
        kind, role, name = (*key.split(":", 2), "", "")[:3]
        if kind == "by":
            asked = next((s.actions[name].ask for s in self._waiting() if name in s.actions), {})
            happening: dict[str, Any] = {"by": role, "do": name}
        else:
            asked = next((s.ask for s in self._receiving() if s.receive == name), {})
            happening = {kind: name}
        answers = self._answers(asked, entered)
        return self._with(self.course, [{**happening, **({"with": answers} if answers else {})}])

    def _waiting(self) -> Iterator[WaitingStep]:
        steps = (self.definition.steps[key] for key in self.here)
        return (step for step in steps if isinstance(step, WaitingStep))

    def _receiving(self) -> Iterator[ReceiveStep]:
        steps = (self.definition.steps[key] for key in self.here)
        return (step for step in steps if isinstance(step, ReceiveStep))

    def passed(self, days: int) -> Trial:
        """So many working days later."""
        return self._with(self.course, [{"after": f"{days} working day{'s' if days > 1 else ''}"}])

    def at_deadline(self) -> Trial:
        """On the first working day on which the clock has done something by itself."""
        moment = next_moment(self._state) if self._state else None
        if moment is None or self.stands is None:
            return self
        calendar = self._process.calendar
        reached = (days for days in range(1, MOST_DAYS) if later(self.stands.now, _working(days), calendar) >= moment)
        return self.passed(next(reached, MOST_DAYS))

    def undone(self) -> Trial:
        """As it was before the last thing happened; before the first one, nothing is opened."""
        steps = self.course.steps
        if len(steps) <= 1:
            return Trial(self._process, TrialCourse({}), self._language, self._now)
        return Trial(self._process, self.course.with_steps(steps[:-2]), self._language, self._now)

    def _with(self, course: TrialCourse, more: Sequence[Mapping[str, Any]]) -> Trial:
        """The course with something more, and with what holds after it."""
        tried = Trial(self._process, course.with_steps([*course.steps, *more]), self._language, self._now)
        if tried.refusal or tried.stands is None:
            return tried
        told = course.with_steps([*course.steps, *more, {"then": dict(tried.stands.then)}])
        return Trial(self._process, told, self._language, self._now)

    @property
    def refusal(self) -> str:
        """Why the last thing could not be done."""
        differing = self.stands.rehearsed.differences if self.stands else []
        return differing[-1].found if differing else ""

    # -- how it went

    def events(self) -> tuple[CourseEvent, ...]:
        """Everything so far."""
        if not self.course.body:
            return ()
        taken_in = Said("登记一件事项", "An issue is taken in").of(self._language)
        what, found = f"{taken_in}（{self.course.scenario.given.at}）", list[CourseEvent]()
        for happening in self.course.scenario.steps:
            if happening.then is not None:
                found.append(CourseEvent(what, tuple(self._held(happening))))
            else:
                what = self._happened(happening)
        return tuple(found)

    def _happened(self, one: Happening) -> str:
        if one.after is not None:
            said = one.after.words(self._language)
            return Said(f"过了{said}", f"{said} later").of(self._language)
        if one.by is not None:
            return f"{self._say.role(one.by)} · {self._say.done(one.do or '')}"
        return Said("外部有了结果", "The world outside has answered").of(self._language)

    def _held(self, one: Happening) -> Iterator[str]:
        then = one.then
        if then is None:
            return
        for kind in ("step", "status", "resolution"):
            value = getattr(then, kind)
            if value is not None:
                yield self._say.value(kind, value)
        if isinstance(then.due, Mapping):
            yield from (f"{self._say.what('due', key)} {self._say.value('due', day)}" for key, day in then.due.items())
        for role, occasions in then.told.items():
            heard = LISTED.of(self._language).join(self._say.value("told", one) for one in occasions)
            yield Said(f"告诉{self._say.role(role)}：{heard}", f"{self._say.role(role)} is told: {heard}").of(
                self._language
            )

    def recorded(self, scenarios: str, titles: Mapping[str, str]) -> str:
        """The text of the scenarios with this course at its end; what stands there is as it was."""
        body = {**self.course.body, "title": dict(titles)}
        lines = [
            f"- title: {emission.inline(body['title'])}",
            f"  given: {emission.inline(body['given'])}",
            "  steps:",
            *(f"    - {_line(one)}" for one in body["steps"]),
        ]
        before = scenarios if not scenarios.strip() or scenarios.endswith("\n") else f"{scenarios}\n"
        text = (before if before.strip() else "") + "\n".join(lines) + "\n"
        parse_scenarios(text, "scenarios.yaml")
        return text


def _line(one: Mapping[str, Any]) -> str:
    return f"then: {emission.inline(one['then'])}" if "then" in one else emission.inline(dict(one))


def _working(days: int) -> Duration:
    return Duration(days, "working days")


def _needed(field: Field, asked: bool) -> bool:
    return asked if field.required is None else field.required is True


def _value(field: Field, text: str) -> Any:
    """What was entered, as its type has it; what is wrong is left to the kernel to say."""
    match field.type:
        case "integer" if text.lstrip("-").isdecimal():
            return int(text)
        case "yes/no":
            return text == "true"
    return text
