"""A deadline explained in words, in Chinese and English: what was counted, what was not, and why.

Made when somebody looks, from the deadline itself; nothing here decides when a deadline is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from definitions.calendars.calendar import Calendar
from definitions.model.duration import Duration
from definitions.model.term import EXACT, CloseDay, FromDay, Term, field_of, parse_term
from definitions.text import SEMICOLON, Said, words
from engine.deadlines.day_words import WEEKEND, Run, Words, days, full, listed, moment, runs, short, weekday
from engine.deadlines.deadline import Deadline, Pause, nominal_day, paused_days

_ONE_DAY = timedelta(days=1)


def explain(due: Deadline, calendar: Calendar) -> Words:
    """How a deadline comes about, by language."""
    return {language: _Explained(due, calendar, language).text() for language in ("zh", "en")}


class _Explained:
    """The sentence of one deadline in one language."""

    def __init__(self, due: Deadline, calendar: Calendar, language: str) -> None:
        self._due = due
        self._calendar = calendar
        self._language = language
        self._start = due.start.astimezone(calendar.zone)

    def text(self) -> str:
        if self._due.rule.startswith("on "):
            return self._say(
                f"至{self._day(self._due.last_day)}为止。", f"Until {self._day(self._due.last_day)} begins."
            )
        term = parse_term(self._due.rule)
        assert field_of(term) is None
        exact = isinstance(term, Duration) and term.unit in EXACT
        if exact and not self._due.pauses and not self._due.extensions:
            return self._elapsed(term)
        parts = [
            self._beginning(term, exact=exact),
            *self._counting(term, exact=exact),
            *self._paused(),
            *self._extended(),
        ]
        parts.append(self._ending())
        return self._joined(parts) + self._provisional()

    def _elapsed(self, term: Term) -> str:
        end = moment(self._due.due_at.astimezone(self._calendar.zone), self._language)
        start = moment(self._start, self._language)
        zh = f"{term.words('zh')}，自{start}起，至{end}止。"
        en = f"{term.words('en')} from {start}: until {end}."
        return self._say(zh, en) + self._provisional()

    def _beginning(self, term: Term, *, exact: bool) -> str:
        if exact:
            start = moment(self._start, self._language)
            return self._say(f"{term.words('zh')}，自{start}起", f"{term.words('en')} from {start}")
        start = self._day(self._start.date())
        if isinstance(term, Duration):
            zh = f"{term.words('zh')}，自{start}起，当日不计，次日起算"
            return self._say(zh, f"{term.words('en')} from {start}, that day not counted")
        if isinstance(term, FromDay):
            return self._say(term.words("zh"), term.words("en"))
        return self._say(f"{term.words('zh')}，{start}起算", f"{term.words('en')}, counted from {start}")

    def _counting(self, term: Term, *, exact: bool) -> list[str]:
        if isinstance(term, Duration) and term.unit == "working days":
            return self._working_days()
        if exact or self._due.pauses or self._due.extensions or _counts_working_days(term):
            return []
        last = nominal_day(self._start.date(), term)
        if last == self._due.last_day or self._calendar.works(last):
            return []
        if self._due.last_day < last:
            zh = f"{short(last, 'zh')}是{self._why(last, 'zh')}，提前到上一个工作日"
            return [self._say(zh, f"{short(last, 'en')} is {self._why(last, 'en')}, so the working day before counts")]
        zh = f"最后一日{short(last, 'zh')}是{self._why(last, 'zh')}，顺延至下一个工作日"
        return [
            self._say(
                zh, f"the last day, {short(last, 'en')}, is {self._why(last, 'en')}, so the next working day counts"
            )
        ]

    def _working_days(self) -> list[str]:
        off, worked = _counted(self._start.date(), self._due.last_day, self._calendar)
        said = []
        if off:
            said.append(self._say(f"{listed(off, 'zh')}不计", f"not counted: {listed(off, 'en')}"))
        if worked:
            en = f"worked instead, so counted: {listed(worked, 'en')}"
            said.append(self._say(f"{listed(worked, 'zh')}调休上班，计入", en))
        return said

    def _paused(self) -> list[str]:
        if not self._due.pauses:
            return []
        zh = "、".join(self._pause(pause) for pause in self._due.pauses)
        return [
            self._say(
                f"计时暂停：{zh}，不计入", f"the clock stood {', '.join(self._pause(p) for p in self._due.pauses)}"
            )
        ]

    def _pause(self, pause: Pause) -> str:
        since, until = (at.astimezone(self._calendar.zone) for at in (pause.since, pause.until))
        if self._due.exact or since.date() == until.date():
            first, last = moment(since, self._language), moment(until, self._language)
        else:
            first, last = short(since.date(), self._language), short(until.date(), self._language)
        count = len(paused_days((pause,), self._calendar))
        long = f"（{count}天）" if count and not self._due.exact else ""
        stood = f" ({count} {'day' if count == 1 else 'days'})" if long else ""
        return self._say(f"{first}至{last}{long}", f"from {first} to {last}{stood}")

    def _extended(self) -> list[str]:
        lengths = [Duration.parse(more) for more in self._due.extensions]
        if not lengths:
            return []
        zh = "、".join(length.words("zh") for length in lengths)
        return [self._say(f"经批准延期{zh}", f"extended by {', '.join(length.words('en') for length in lengths)}")]

    def _ending(self) -> str:
        if self._due.exact:
            end = moment(self._due.due_at.astimezone(self._calendar.zone), self._language)
            return self._say(f"至{end}止", f"until {end}")
        last, day = self._day(self._due.last_day), weekday(self._due.last_day, self._language)
        return self._say(f"{last}（{day}）24时届满", f"ends with {day}, {last}")

    def _provisional(self) -> str:
        if not self._due.provisional:
            return ""
        year = _year_unknown(self._due.last_day, self._calendar)
        en = f" The holidays of {year} are not announced yet: this deadline is provisional and will be reckoned again."
        return self._say(f"{year}年的放假安排尚未公布，此期限为暂定，公布后重新计算。", en)

    def _joined(self, parts: list[str]) -> str:
        return SEMICOLON.of(self._language).join(parts) + Said("。", ".").of(self._language)

    def _say(self, zh: str, en: str) -> str:
        return Said(zh, en).of(self._language)

    def _day(self, day: date) -> str:
        return full(day, self._language)

    def _why(self, day: date, language: str) -> str:
        named: Mapping[date, Words] = self._calendar.holidays
        said: Callable[[str], str] = {"zh": "{}假期".format, "en": "{}".format}[language]
        if day in named:
            return said(words(named[day], language))
        return Said(weekday(day, "zh"), f"a {weekday(day, 'en')}").of(language)


def _counts_working_days(term: Term) -> bool:
    if isinstance(term, FromDay):
        return term.length.unit == "working days"
    return isinstance(term, CloseDay) and term.day == "next working day"


def _counted(event: date, last: date, calendar: Calendar) -> tuple[list[Run], list[Run]]:
    """The vacations that were skipped (each whole), and the weekend days that were counted, after the event."""
    every = list(days(event + _ONE_DAY, last))
    off = runs([day for day in every if day in calendar.holidays], calendar.holidays)
    extra = [day for day in every if day in calendar.extra_workdays and calendar.works(day)]
    weekends = [day for day in every if not calendar.works(day) and day not in calendar.holidays]
    if weekends:
        off.append(Run(weekends[0], weekends[-1], WEEKEND))
    return off, runs(extra, calendar.extra_workdays)


def _year_unknown(day: date, calendar: Calendar) -> int:
    """The first year that the calendar would have to know."""
    later = calendar.published_until + _ONE_DAY
    return later.year if day >= later else calendar.published_from.year - 1
