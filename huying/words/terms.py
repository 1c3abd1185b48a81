"""What a definition says about time, in words: terms by condition, more time, laying aside, ladders, the limits of stages and of the issue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from definitions.model.action import BACK, Overdue
from definitions.model.allowance import Allowance
from definitions.model.definition import Definition
from definitions.model.duration import Duration
from definitions.model.limit import Limit, LimitRung
from definitions.model.question import Questions
from definitions.model.step import TimedStep, WaitingStep
from definitions.model.steps.each import EachStep
from definitions.model.term import Choice, FieldDay, FromDay, Terms, field_of
from definitions.text import COMMA, LISTED, SEMICOLON, words
from huying.locale import translations
from huying.words.guards import guard_words
from huying.words.stages import stage_title


@dataclass(frozen=True, slots=True)
class LimitLine:
    """The time for a stage or the whole issue: what it is for, how long, and what happens when it has run out."""

    title: str
    within: str
    late: tuple[str, ...]


class TimeWords:
    """What a definition says about time, in one language."""

    def __init__(self, definition: Definition, language: str) -> None:
        self._definition = definition
        self._language = language
        self._spoken = translations(language)
        self._ = self._spoken.gettext

    def terms(self, terms: Terms) -> tuple[str, ...]:
        """Each term with its condition: ``24 小时（类别：水电气暖）``; what counts without one in one line, with what counts if it is empty."""
        if terms.plain:
            return (self._either(terms),)
        return tuple(
            self._("%(term)s (%(condition)s)") % {"term": self._term(choice), "condition": self._condition(choice)}
            for choice in terms
        )

    def continues(self, step: TimedStep) -> str:
        """That the time goes on when the issue comes back; empty if it begins anew."""
        return self._("goes on where it stood when the issue comes back") if step.clock == "continues" else ""

    def _either(self, terms: Terms) -> str:
        said = self._term(terms.choices[0])
        for choice in terms.choices[1:]:
            said = self._("%(term)s; if it is not filled in, %(other)s") % {"term": said, "other": self._term(choice)}
        return said

    def own_terms(self, step: EachStep) -> Iterator[str]:
        """The deadlines that roles have for themselves."""
        for role, terms in step.within_each.items():
            yield self._("%(role)s: %(term)s") % {"role": self._role(role), "term": self._also(self.terms(terms))}

    def extension(self, step: WaitingStep) -> str:
        """Whether more time may be asked for, how much, and who decides; empty if not."""
        if step.extend is None:
            return ""
        most = self._("More time: %(most)s at most") % {"most": step.extend.by.words(self._language)}
        also = [
            self._("%(limits)s get the same time")
            % {"limits": self._list([self.limited(key) for key in step.extend.also])}
        ]
        return self._comma((most, *self._allowed(step.extend), *(also if step.extend.also else ())))

    def shelving(self, step: WaitingStep) -> str:
        """Whether the matter may be laid aside, how long, and who decides; empty if not."""
        if step.shelve is None:
            return ""
        most = self._("Laying aside: %(most)s at most") % {"most": step.shelve.for_.words(self._language)}
        return self._comma((most, *self._allowed(step.shelve)))

    def questions(self, step: WaitingStep) -> str:
        """How long an answer may take, where the definition says it; empty otherwise."""
        rule = step.questions or self._definition.questions
        if rule == Questions() or not self._definition.mechanics(step).question:
            return ""
        return self._("Questions: to be answered within %(term)s") % {"term": self._also(self.terms(rule.within))}

    def ladder(self, step: TimedStep) -> tuple[str, ...]:
        """What happens when the deadline has passed, rung by rung."""
        return tuple(self._rung(rung.after, tuple(self._done(rung))) for rung in step.overdue)

    def limits(self) -> tuple[LimitLine, ...]:
        """The limits of the issue and of its stages."""
        return tuple(
            LimitLine(
                title=self.limited(key),
                within=self._also((*self.terms(limit.within), *self._restarts(limit))),
                late=tuple(self._rung(rung.after, tuple(self._told(rung))) for rung in limit.overdue),
            )
            for key, limit in self._definition.limits.items()
        )

    def _restarts(self, limit: Limit) -> Iterator[str]:
        if limit.restarts_at:
            steps = self._list(
                [words(self._definition.steps[key].title, self._language, key) for key in limit.restarts_at]
            )
            yield self._("begins anew at %(steps)s") % {"steps": steps}

    def limit(self, key: str) -> str:
        """The limit of a stage or of the issue in short: ``合计 7 个月``; empty if it has none."""
        limit = next((limit for name, limit in self._definition.limits.items() if name == key), None)
        if limit is None:
            return ""
        text = self._("Whole issue: %(term)s") if key == "issue" else self._("%(term)s in all")
        return text % {"term": self._short(limit.within)}

    def _short(self, terms: Terms) -> str:
        return self._either(terms) if terms.plain else terms.words(self._language)

    def limited(self, key: str) -> str:
        """What a limit is for."""
        return self._("Whole issue") if key == "issue" else stage_title(key, self._language)

    def office_hours(self) -> str:
        """A remark where reminders wait for office hours; empty otherwise."""
        wait = self._definition.reminders == "office hours"
        return self._("Reminders are sent in the recipient's office hours.") if wait else ""

    def _term(self, choice: Choice) -> str:
        term, name = choice.is_, field_of(choice.is_)
        if name is None:
            return term.words(self._language)
        field = self._definition.data.get(name)
        title = words(field.title if field else None, self._language, name)
        named = replace(term, day=title) if isinstance(term, FromDay) else FieldDay(title)
        return named.words(self._language)

    def _condition(self, choice: Choice) -> str:
        guard = choice.when
        return guard_words(self._definition, guard, self._language) if guard else self._("otherwise")

    def _allowed(self, allowance: Allowance) -> Iterator[str]:
        """Who decides, and how often it may be had."""
        roles = [self._role(role) for role in allowance.approved_by]
        if len(roles) == 1:
            yield self._("decided by %(who)s") % {"who": roles[0]}
        elif roles:
            yield self._("decided by %(who)s the first time, then by %(then)s") % {
                "who": roles[0],
                "then": self._list(roles[1:]),
            }
        often = allowance.times
        yield self._("once") if often == 1 else self._("%(times)s times at most") % {"times": often}

    def _rung(self, after: Duration | None, done: tuple[str, ...]) -> str:
        when = self._("At the deadline")
        if after is not None:
            when = self._("%(after)s after the deadline") % {"after": after.words(self._language)}
        return self._("%(moment)s: %(what)s") % {"moment": when, "what": self._also(done)}

    def _done(self, rung: Overdue) -> Iterator[str]:
        if rung.escalate:
            yield self._("%(who)s may act too") % {"who": self._role(rung.escalate)}
        yield from self._told(rung)
        if rung.hand_up:
            yield self._("handed up to the next level")
        elif rung.to and rung.to != BACK:
            step = words(self._definition.steps[rung.to].title, self._language, rung.to)
            yield self._("on to %(step)s") % {"step": step}

    def _told(self, rung: Overdue | LimitRung) -> Iterator[str]:
        if rung.told:
            yield self._("%(who)s told") % {"who": self._list([self._role(role) for role in rung.told])}

    def _role(self, key: str) -> str:
        return words(self._definition.role_title(key), self._language, key)

    def _list(self, many: list[str]) -> str:
        return LISTED.of(self._language).join(many)

    def _comma(self, many: tuple[str, ...]) -> str:
        return COMMA.of(self._language).join(many)

    def _also(self, many: tuple[str, ...]) -> str:
        return SEMICOLON.of(self._language).join(many)
