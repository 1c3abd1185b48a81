"""The State Council's yearly notice of public holidays (国务院办公厅关于…年部分节假日安排的通知), read as it is published.

An item says a festival, the days off (“2月15日至23日放假调休，共9天”) and the weekend days worked instead (“2月14日（周六）上班”). What else the
notice says of them, counts and weekdays, is checked: whoever copies it can slip. ``with_year`` adds the year to a calendar's text, which stays one
file that people can read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from definitions.calendars.calendar import Calendar, Words
from definitions.finding import Finding, Unreadable
from definitions.source.tree import read
from definitions.text import Said

_RULE = "notice"
_TITLE = re.compile(r"(?<!\d)(20\d\d)年(?:部分)?(?:节假日|放假)")
_ITEM = re.compile(r"^[一二三四五六七八九十]+、([^：:，。]{2,20})[：:](.+)$")
_NOTE = r"(?:（([^）]*)）)?"
_DAY = re.compile(rf"(?:(\d{{4}})年)?(?:(\d{{1,2}})月)?(\d{{1,2}})日{_NOTE}")
_COUNT = re.compile(r"(?:共|放假)(\d{1,2})天")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_WEEKDAYS = "一二三四五六日"
_WIDE = str.maketrans("０１２３４５６７８９()", "0123456789（）")
_LONGEST = 20


@dataclass(frozen=True, slots=True)
class Vacation:
    """One item of a notice: the festival as it is called, the days off from first to last, and the weekend days worked instead."""

    festival: str
    first: date
    last: date
    work: tuple[date, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice announces for a year."""

    year: int
    vacations: tuple[Vacation, ...]


def is_notice(text: str) -> bool:
    """Whether a text looks like a notice, and not like a calendar's file."""
    plain = _plain(text)
    return bool(_TITLE.search(plain)) and "放假" in plain


def read_notice(text: str, name: str) -> Notice:
    """The notice of a text; ``Unreadable`` with everything that is wrong in it."""
    return _Reader(text, name).notice()


def with_year(source: str, calendar: Calendar, notice: Notice, name: str) -> str:
    """A calendar's text with the year of a notice added; ``Unreadable`` if it is announced already, or a year between is missing."""
    expected = calendar.published_until.year + 1
    if notice.year != expected or calendar.published_until != date(expected - 1, 12, 31):
        zh = f"日历“{calendar.id}”已公布到 {calendar.published_until}，接下来应是 {expected} 年，而通知是 {notice.year} 年的。"
        en = f"The calendar “{calendar.id}” is announced until {calendar.published_until}; next comes {expected}, and the notice is of {notice.year}."
        remedy = {"zh": "请换成那一年的通知。", "en": "Take the notice of that year."}
        raise Unreadable([Finding(_RULE, name, 1, 1, {"zh": zh, "en": en}, remedy)])
    named, extra = _festivals(calendar, notice, name, source)
    lines = [f"  # {notice.year}", *(_line(one, named[one.festival]) for one in notice.vacations)]
    return _inserted(source, extra, lines, calendar.published_until, date(notice.year, 12, 31))


def _plain(text: str) -> str:
    """Digits and brackets of one width, and no blanks."""
    return re.sub(r"[ \t\u3000\xa0]", "", text.translate(_WIDE))


class _Reader:
    """Reads a notice line by line, and collects what is wrong."""

    def __init__(self, text: str, name: str) -> None:
        self._lines = text.splitlines()
        self._name = name
        self._findings: list[Finding] = []
        self._seen: set[date] = set()

    def notice(self) -> Notice:
        title = next((found for line in self._lines if (found := _TITLE.search(_plain(line)))), None)
        if title is None:
            self._wrong(
                1,
                "没有找到年份。",
                "No year was found.",
                "请连同标题一起粘贴，如“关于2027年部分节假日安排的通知”。",
                "Paste the title too.",
            )
            raise Unreadable(self._findings)
        year = int(title[1])
        vacations = [
            one for number, line in enumerate(self._lines, 1) for one in self._item(number, _plain(line), year)
        ]
        if not vacations and not self._findings:
            zh, en = "没有找到放假安排。", "No holidays were found."
            self._wrong(1, zh, en, "请粘贴“一、元旦：1月1日放假……”各条。", "Paste the items of the notice.")
        if self._findings:
            raise Unreadable(self._findings)
        return Notice(year, tuple(vacations))

    def _item(self, number: int, line: str, year: int) -> Iterator[Vacation]:
        found = _ITEM.match(line)
        if found is None:
            if "放假" in line and _DAY.search(line) and not _TITLE.search(line):
                self._wrong(
                    number,
                    "这一行没有写节日。",
                    "This line names no festival.",
                    "例如“一、元旦：1月1日放假”。",
                    "Begin it with the festival.",
                )
            return
        sentences = [part for part in re.split(r"[。；;]", found[2]) if part]
        off = [
            day for part in sentences if "放假" in part and "上班" not in part for day in self._days(number, part, year)
        ]
        work = [day for part in sentences if "上班" in part for day in self._days(number, part, year)]
        if not off:
            self._wrong(
                number,
                "没有看出放假日期。",
                "The days off cannot be told.",
                "例如“1月1日至3日放假调休，共3天”。",
                "Write the first and last day.",
            )
            return
        first, last = off[0], off[-1]
        if not 0 <= (last - first).days < _LONGEST:
            self._wrong(
                number,
                f"从{first}到{last}不像一个假期。",
                f"{first} to {last} is no vacation.",
                "请核对日期。",
                "Check the days.",
            )
            return
        self._counted(number, found[2], first, last)
        self._checked(number, first, last, work)
        yield Vacation(found[1], first, last, tuple(work), number)

    def _days(self, number: int, sentence: str, year: int) -> list[date]:
        """The days of a sentence; what leaves out its year or month has that of the day before it."""
        days: list[date] = []
        for found in _DAY.finditer(sentence):
            named_year, month, day, note = found.groups()
            before = days[-1] if days else None
            of_year = int(named_year) if named_year else before.year if before else year
            try:
                one = date(of_year, int(month) if month else before.month if before else 0, int(day))
            except ValueError:
                self._wrong(
                    number, f"没有“{found[0]}”这一天。", f"There is no day “{found[0]}”.", "请核对。", "Check it."
                )
                continue
            self._weekday(number, one, note or "")
            days.append(one)
        return days

    def _weekday(self, number: int, day: date, note: str) -> None:
        said = _WEEKDAY.search(note)
        if said and _WEEKDAYS.index(said[1].replace("天", "日")) != day.weekday():
            is_ = f"星期{_WEEKDAYS[day.weekday()]}"
            zh, en = f"{day} 是{is_}，通知里写的是{said[0]}。", f"{day} is a {day:%A}, the notice says {said[0]}."
            self._wrong(number, zh, en, "请核对日期和星期。", "Check the day and its weekday.")

    def _counted(self, number: int, body: str, first: date, last: date) -> None:
        said, days = _COUNT.search(body), (last - first).days + 1
        if said and int(said[1]) != days:
            zh, en = Said(
                f"写的是共{said[1]}天，{first}至{last}是{days}天。",
                f"It says {said[1]} days, {first} to {last} are {days}.",
            )
            self._wrong(number, zh, en, "请核对起止日期。", "Check the first and last day.")

    def _checked(self, number: int, first: date, last: date, work: list[date]) -> None:
        off = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
        for day in (*off, *work):
            if day in self._seen:
                self._wrong(number, f"{day} 写了两次。", f"{day} stands twice.", "请保留一处。", "Keep one of them.")
            self._seen.add(day)
        for day in work:
            if day.weekday() < 5:
                zh, en = f"{day} 本来就是工作日，不是调休。", f"{day} is a working day anyway."
                self._wrong(
                    number, zh, en, "调休上班的应是周末，请核对。", "Days worked instead lie on a weekend; check it."
                )

    def _wrong(self, number: int, zh: str, en: str, zh_remedy: str, en_remedy: str) -> None:
        line = self._lines[number - 1] if number <= len(self._lines) else ""
        column = len(line) - len(line.lstrip()) + 1
        remedy = {"zh": zh_remedy, "en": en_remedy}
        excerpt = line[:200]
        self._findings.append(
            Finding(
                _RULE, self._name, number, column, {"zh": zh, "en": en}, remedy, max(1, len(excerpt.strip())), excerpt
            )
        )


def _festivals(calendar: Calendar, notice: Notice, name: str, source: str) -> tuple[Mapping[str, str], list[str]]:
    """The key of each festival in the calendar's text, and lines for those that are several at once (国庆节、中秋节)."""
    known = {words["zh"]: (key, words) for key, words in _named(source).items()}
    found: dict[str, str] = {}
    extra: list[str] = []
    for one in notice.vacations:
        parts = re.split(r"[、和]", one.festival)
        if one.festival in known:
            found[one.festival] = known[one.festival][0]
        elif all(part in known for part in parts):
            key = "-and-".join(known[part][0] for part in parts)
            found[one.festival] = key
            english = " and ".join(known[part][1].get("en", part) for part in parts)
            line = f'  {key}: {{zh: {one.festival}, en: "{english}"}}'
            extra += [line] if line not in extra else []
        else:
            zh, en = f"日历里没有“{one.festival}”这个节日。", f"The calendar has no festival “{one.festival}”."
            remedy = {
                "zh": "请先在日历的 festivals 里写上它的中英文名称。",
                "en": "Name it under “festivals” first, in both languages.",
            }
            raise Unreadable([Finding(_RULE, name, one.line, 1, {"zh": zh, "en": en}, remedy)])
    return found, extra


def _named(source: str) -> Mapping[str, Words]:
    """The festivals that a calendar's text names."""
    plain = read(source, "calendar").plain()
    named: dict[str, Words] = plain.get("festivals", {})
    return named


def _line(one: Vacation, key: str) -> str:
    span = f"{one.first}..{one.last}" if one.first != one.last else f"{one.first}"
    work = f", work: [{', '.join(day.isoformat() for day in one.work)}]" if one.work else ""
    return f"  - {{festival: {key}, off: {span}{work}}}"


def _inserted(source: str, festivals: list[str], days: list[str], until: date, new_until: date) -> str:
    lines = source.rstrip("\n").split("\n")
    lines = [
        line.replace(until.isoformat(), new_until.isoformat()) if line.startswith("published until:") else line
        for line in lines
    ]
    blocks = (("festivals:", festivals), ("days:", days))
    for key, more in blocks:
        lines = _appended(lines, key, more)
    return "\n".join(lines) + "\n"


def _appended(lines: list[str], key: str, more: list[str]) -> list[str]:
    """The lines with some more at the end of a block that begins in the first column."""
    if not more:
        return lines
    begin = next(index for index, line in enumerate(lines) if line.startswith(key))
    end = next((index for index in range(begin + 1, len(lines)) if lines[index][:1] not in ("", " ", "#")), len(lines))
    while not lines[end - 1].strip() or (end < len(lines) and lines[end - 1].startswith("#")):
        end -= 1
    return [*lines[:end], *more, *lines[end:]]
