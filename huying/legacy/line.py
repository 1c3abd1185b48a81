"""One line of an office's sheet: what it says of a matter, or what is wrong with it, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from definitions.model.field import Field
from definitions.text import Said, words
from engine.legacy import LegacyMatter
from huying.legacy.lexicon import CLOSED, FIELD, SheetWords, Understood
from huying.legacy.records import RecordSheet, words_of
from huying.register.workbook.cell import Unclear, day, flag, several
from huying.register.workbook.finding import letter, quoted
from huying.register.workbook.raw import Dated, Formula, RawRow, Timed, Value

_DAYS = ("opened", "since", "due", "finish", "closed")
_DIGITS = {**dict(zip("〇一二三四五六七八九", range(10), strict=True)), "零": 0, "○": 0, "两": 2}
_CHINESE_DAY = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]?"
)
_TIME_BEHIND = re.compile(r"(?<=\d)[日号]?[ T]*(上午|下午|晚上)?\d{1,2}[:：时点]\d{0,2}[分]?(:\d{2})?$|(上午|下午)$")


@dataclass(frozen=True, slots=True)
class LineFinding:
    """What is wrong with a line: in which column (its title and letter; empty: the line as a whole), what stands there, and why it will not do."""

    row: int
    title: str
    letter: str
    found: str
    wrong: Said
    remedy: Said


@dataclass(frozen=True, slots=True)
class LegacyLine:
    """One line as it is understood; with findings it is not taken."""

    row: int
    ours: str = ""
    station: str = ""
    matter: LegacyMatter | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    reporter: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[LineFinding, ...] = ()


@dataclass(slots=True)
class LineReader:
    """Reads the lines of a sheet as it is understood."""

    sheet: RecordSheet
    understood: Understood
    known: SheetWords
    zone: ZoneInfo
    _wrong: list[LineFinding] = field(default_factory=list)

    def read(self, row: RawRow) -> LegacyLine:
        """What a line says."""
        self._wrong = []
        if row.number in self.sheet.merged:
            self.tell(row, "", Said("这一行有合并的单元格", "cells of this line are merged"),
                      Said(f"取消合并 {self.sheet.merged[row.number]}，每行都填上", "take the cells apart, and fill in each line"))  # fmt: skip
        ours = words_of(self._cell(row, "ours"))[:80]
        if not ours:
            self.tell(row, "ours", Said("没有原编号", "it has no number of the office"),
                      Said("每件要有自己的编号，重复导入才认得出", "give each its number, by which it is known again"))  # fmt: skip
        station = self._word(row, "station") or self.understood.station
        if not station and not self._found("station"):
            self.tell(row, "station", Said("没有站点", "it has no station"), Said("选一个站点", "choose a station"))
        matter = self._matter(row)
        return LegacyLine(row.number, ours, station, matter, self._values(row), self._reporter(row), tuple(self._wrong))

    def tell(self, row: RawRow, key: str, wrong: Said, remedy: Said) -> None:
        """Note what is wrong with a cell."""
        self._wrong.append(self.finding(row, key, wrong, remedy))

    def finding(self, row: RawRow, key: str, wrong: Said, remedy: Said) -> LineFinding:
        """The same without noting it."""
        column = self.understood.columns.get(key)
        if column is None:
            return LineFinding(row.number, "", "", "", wrong, remedy)
        found = quoted(words_of(self.sheet.cell(row, column)))
        return LineFinding(row.number, self.sheet.titles[column], letter(column), found, wrong, remedy)

    def _found(self, key: str) -> bool:
        return any(one.letter == letter(self.understood.columns.get(key, -1)) for one in self._wrong if one.letter)

    def _cell(self, row: RawRow, key: str) -> Value:
        column = self.understood.columns.get(key)
        return None if column is None else self.sheet.cell(row, column)

    def _word(self, row: RawRow, of: str) -> str:
        """What a word means here."""
        text = words_of(self._cell(row, of))
        meant = self.understood.words.get(of, {}).get(text, "") if text else ""
        if text and not meant:
            self.tell(row, of, Said("还没有说这个词指什么", "nobody has said yet what this word means"),
                      Said("在上面“词语对照”里选一个", "choose it above, among the words"))  # fmt: skip
        return meant

    def _day(self, row: RawRow, key: str) -> date | None:
        value = self._cell(row, key)
        try:
            return read_day(value)
        except Unclear as unclear:
            self.tell(row, key, unclear.wrong, unclear.remedy)
            return None

    def _matter(self, row: RawRow) -> LegacyMatter | None:
        days = {key: self._day(row, key) for key in _DAYS}
        if days["opened"] is None and not self._found("opened"):
            self.tell(row, "opened", Said("没有登记日期", "it does not say when it was raised"),
                      Said("写成 2026-11-01 或 2026年11月1日", "write it as 2026-11-01"))  # fmt: skip
        step, resolution = self._word(row, "step"), self._word(row, "resolution")
        ended = step == CLOSED or (days["closed"] is not None and "step" not in self.understood.columns)
        if step and step != CLOSED and days["closed"] is not None:
            self.tell(row, "step", Said("有办结日期，进度却还在办理中", "it was closed, but stands at a step"),
                      Said("改正其中一个", "put one of them right"))  # fmt: skip
        if ended and days["closed"] is None and not self._found("closed"):
            self.tell(row, "closed", Said("已办结，没有办结日期", "it is closed, and does not say when"),
                      Said("填上办结日期", "fill in the day"))  # fmt: skip
        if self._wrong or days["opened"] is None:
            return None
        opened_at = self._moment(days["opened"])
        if ended:
            assert days["closed"] is not None
            how = resolution or self.understood.resolution
            return LegacyMatter(opened_at=opened_at, closed_at=self._moment(days["closed"]), resolution=how)
        since = self._moment(days["since"]) if days["since"] else None
        here = step or self.understood.step
        return LegacyMatter(opened_at=opened_at, step=here, since=since, due=days["due"], finish=days["finish"])

    def _moment(self, found: date) -> datetime:
        return datetime.combine(found, time(), self.zone)

    def _values(self, row: RawRow) -> dict[str, Any]:
        fields, found = self.known.definition.entered, dict[str, Any]()
        for key in self.understood.columns:
            name = key.removeprefix(FIELD)
            if key.startswith(FIELD) and name in fields:
                value = self._cell(row, key)
                try:
                    entered = entered_as(fields[name], value)
                except Unclear as unclear:
                    self.tell(row, key, unclear.wrong, unclear.remedy)
                    continue
                if entered is not None:
                    found[name] = entered
        return found

    def _reporter(self, row: RawRow) -> dict[str, str]:
        said = {key: words_of(self._cell(row, key)) for key in ("name", "phone")}
        return {key: text for key, text in said.items() if text}


def read_day(value: Value) -> date | None:
    """The day that a cell means: a date, or one in figures or Chinese words; a time of day behind it is left out."""
    if isinstance(value, Dated):
        return day(value.at.replace(hour=0, minute=0, second=0, microsecond=0))
    if isinstance(value, Timed):
        return day(value.at)
    text = words_of(value)
    if found := _CHINESE_DAY.fullmatch(text.replace(" ", "")):
        year = int("".join(str(_DIGITS[one]) for one in found[1]))
        try:
            return date(year, _spoken(found[2]), _spoken(found[3]))
        except ValueError:
            return day(text)
    if isinstance(value, str):
        return day(_TIME_BEHIND.sub("", text) or text)
    return day(value.result if isinstance(value, Formula) else value)


def _spoken(text: str) -> int:
    """A number below a hundred in Chinese words."""
    if "十" not in text:
        return int("".join(str(_DIGITS[one]) for one in text))
    tens, _, ones = text.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def entered_as(asked: Field, value: Value) -> Any:
    """A cell as the form of the process takes it."""
    if asked.type == "date":
        found = read_day(value)
        return found.isoformat() if found else None
    if asked.type == "yes/no":
        return flag(words_of(value))
    text = words_of(value)
    if not text:
        return None
    if asked.type == "choices":
        return [_option(asked, one) for one in several(text)]
    return _option(asked, text) if asked.type == "choice" else text


def _option(asked: Field, text: str) -> str:
    for key, title in asked.options.items():
        if text in (key, words(title, "zh", key), words(title, "en", key)):
            return key
    return text
