"""The decision while it is being made: changes are recorded one by one, and the state follows each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from msgspec.structs import replace

from definitions.expressions.expression import Expression, ExpressionError, Template
from definitions.forms import form
from definitions.forms.values import Wrong
from definitions.model.definition import Definition
from definitions.model.field import Field
from definitions.text import words
from engine.books.books import Series, Sum
from engine.books.change import NumberGiven
from engine.books.sum import question
from engine.change import Change, Counted, Filled, GuardFailed, TimerEnded, TimerSet
from engine.context import context
from engine.directory import Directory
from engine.effect import Effect, Occasion, Tell
from engine.evolve import RULES, TOGETHER, grow_older
from engine.outcome import Outcome
from engine.process import Process
from engine.refusal import VACANT, Invalid
from engine.state import Party, State

#: Who is told of these has something to do; being informed of the same besides would be noise.
_TO_DO = frozenset({"task", "asked", "offered", "delegated", "transferred", "escalated"})
#: What the clock has people told, and may wait for their office hours.
_BY_CLOCK = frozenset({"reminded", "overdue", "escalated", "promise-due"})


class About(TypedDict, total=False):
    """What people are told about, as ``Tell`` has it."""

    step: str | None
    action: str | None
    item: int | None
    say: Mapping[str, str]
    promise: int | None
    limit: str | None


class Draft:
    """Collects what one event leads to; thrown away when the event is refused."""

    def __init__(self, process: Process, state: State, now: datetime, directory: Directory) -> None:
        if now.utcoffset() is None:
            raise ValueError("now must be an aware datetime")
        self.process = process
        self.definition: Definition = process.definition
        self.state = replace(state)
        self.now = now
        self.directory = directory
        self.entered = 0
        self._totals: dict[Sum, float] = {}
        #: The row that the task acted on is about.
        self.row: Mapping[str, Any] = {}
        self._changes: list[Change] = []
        self._effects: list[Effect] = []
        #: Whoever has something to do by now.
        self._busy: set[Party] = set()

    def record(self, change: Change) -> None:
        """Add one change."""
        RULES[type(change)](self.state, change)
        self._changes.append(change)

    def record_timers(self, changes: Sequence[TimerSet] | Sequence[TimerEnded]) -> None:
        """Add several timers, or the end of several."""
        if changes:
            TOGETHER[type(changes[0])](self.state, changes)
            self._changes += changes

    def effect(self, effect: Effect) -> None:
        """Have something carried out."""
        self._effects.append(effect)

    def next_number(self) -> int:
        """The number for the next visit, item, timer or promise of this issue."""
        return self.state.last_number + 1

    def tell(self, occasion: Occasion, parties: Iterable[Party], **about: Unpack[About]) -> None:
        """Have people told, each once; whoever follows the issue hears what its reporter hears. With nobody to tell, nothing happens."""
        several = tuple(dict.fromkeys(parties))
        state = self.state
        if state.followers and about.get("item") is None and state.facts and state.facts.reporter in several:
            several = tuple(dict.fromkeys((*several, *state.followers)))
        if several:
            if occasion in _TO_DO:
                self._busy.update(several)
            waits = occasion in _BY_CLOCK and self.definition.reminders == "office hours"
            self._effects.append(Tell(occasion=occasion, parties=several, office_hours=waits, **about))

    def fill(self, values: Mapping[str, Any]) -> None:
        """Give fields values, and those that follow from others, or from other issues, theirs."""
        if values:
            self.record(Filled(values))
        if self.definition.counted or self.definition.computed:
            self._follow()

    def _follow(self) -> None:
        for name, field in self.definition.counted.items():
            counted = self.fitting(name, self._counted(name, field))
            if self.state.data.get(name) != counted:
                self.record(Filled({name: counted}))
        for name, field in self.definition.computed.items():
            # one after the other: a later one may follow from an earlier
            computed = self.fitting(name, self.value(field.compute, name)) if field.compute is not None else None
            if self.state.data.get(name) != computed:
                self.record(Filled({name: computed}))

    def _counted(self, name: str, field: Field) -> float | None:
        """What a field counts over other issues by now."""
        wanted = question(self.definition, self.state, name, field, self.now.astimezone(self.process.calendar.zone))
        if wanted is not None and wanted not in self._totals:
            self._totals[wanted] = self.directory.books.total(wanted)
        return 0 if wanted is None else self._totals[wanted]

    def next_of(self, series: Series) -> int:
        """The next number of a series; those given in this decision count."""
        given = sum(
            isinstance(one, NumberGiven) and Series(one.series, one.station, one.year) == series
            for one in self._changes
        )
        return self.directory.books.last(series) + given + 1

    def checked(self, fields: Mapping[str, Field], entered: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answers of a form, cleaned; ``Invalid`` when it has errors."""
        if not fields and not entered:
            return {}
        result = form.check(
            fields,
            entered,
            required=True,
            known=self.directory.known,
            data={} if form.alone(fields) else self._around(),
            resolve=self.directory.resolve,
        )
        if result.errors:
            raise Invalid(result.errors)
        self.refuse_vacant(result.values)
        return result.values

    def _around(self) -> Mapping[str, Any]:
        """What conditions and rules of a form see besides its answers."""
        today = self.process.today(self.now)
        return {**self.definition.blank, **self.state.data, "today": today, "row": self.row}

    def refuse_vacant(self, values: Mapping[str, Any]) -> None:
        """Refuse a department to which work would be given, and in which nobody serves; ``Invalid`` names the field."""
        if self.definition.giving.isdisjoint(values):
            return
        wrong: dict[str, Mapping[str, str]] = {}
        for name in self.definition.giving:
            if name in values and values[name] != self.state.data.get(name) and self._vacant(values[name]):
                wrong[name] = VACANT
        if wrong:
            raise Invalid(wrong)

    def _vacant(self, value: Any) -> bool:
        parties = value if isinstance(value, tuple) else (value,)
        return any(self.directory.vacant(party) for party in parties if party)

    @property
    def unchanged(self) -> bool:
        """Whether nothing has been decided yet."""
        return not self._changes and not self._effects

    def fitting(self, name: str, value: Any) -> Any:
        """A value that was computed or brought from elsewhere, as the field keeps it; ``None``, and the reason in the history, if it cannot."""
        field = self.definition.data.get(name)
        if field is None:
            return tuple(value) if isinstance(value, list) else value
        try:
            return form.fit(field, value, known=self.directory.known, resolve=self.directory.resolve)
        except Wrong as wrong:
            self.record(GuardFailed(step=name, guard=name, why=wrong.message["en"]))
            return None

    def count(self, key: str) -> int:
        """Count one more time; how often it was by now."""
        times = self.state.counts.get(key, 0) + 1
        self.record(Counted(action=key, times=times))
        return times

    def holds(self, guard: Expression, step: str) -> bool:
        """Whether a guard holds; one that cannot be evaluated does not, and the history says why."""
        try:
            return guard.test(self.context(guard.names))
        except ExpressionError as error:
            self.record(GuardFailed(step=step, guard=str(guard), why=words(error.message, "en")))
            return False

    def value(self, expression: Expression, step: str) -> Any:
        """The value of an expression; ``None``, and the reason in the history, where it cannot be computed."""
        try:
            return expression.evaluate(self.context(expression.names))
        except ExpressionError as error:
            failed = GuardFailed(step=step, guard=str(expression), why=words(error.message, "en"))
            if step not in self.definition.computed:
                self.record(failed)
            return None

    def text(self, templates: Mapping[str, Template], step: str) -> Mapping[str, str]:
        """Templates rendered, by language; one that cannot be rendered is left out, and the history says why."""
        return self._rendered(templates, step, Template.render)

    def sentences(self, templates: Mapping[str, Template], step: str) -> Mapping[str, str]:
        """The same without the sentences in which a value is empty; a language in which nothing is left has no text."""
        return {
            language: text for language, text in self._rendered(templates, step, Template.sentences).items() if text
        }

    def _rendered(
        self, templates: Mapping[str, Template], step: str, render: Callable[[Template, Mapping[str, Any]], str]
    ) -> dict[str, str]:
        said: dict[str, str] = {}
        for language, template in templates.items():
            try:
                said[language] = render(template, self.context(template.names))
            except ExpressionError as error:
                self.record(GuardFailed(step=step, guard=str(template), why=words(error.message, "en")))
        return said

    def context(self, names: frozenset[str]) -> Mapping[str, Any]:
        """What an expression that uses these names can see."""
        return context(self.process, self.state, self.now, names, self.row)

    def outcome(self) -> Outcome:
        """The finished decision."""
        grow_older(self.state)
        return Outcome(
            state=self.state, changes=tuple(self._changes), effects=_without_noise(self._effects, self._busy)
        )


def _without_noise(effects: list[Effect], busy: set[Party]) -> tuple[Effect, ...]:
    """Who has something to do is told so, and not informed of the same event besides."""
    if not busy:
        return tuple(effects)
    kept: list[Effect] = []
    for effect in effects:
        if isinstance(effect, Tell) and effect.occasion == "informed" and not effect.say:
            rest = tuple([party for party in effect.parties if party not in busy])
            if rest:
                kept.append(effect if len(rest) == len(effect.parties) else replace(effect, parties=rest))
        else:
            kept.append(effect)
    return tuple(kept)
