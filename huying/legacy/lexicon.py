"""What the columns of an office's sheet say, and what its words mean here: guessed at first, put right by people, and remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from definitions.model.definition import Definition
from definitions.text import Said, words
from engine.legacy import steps_to_go_on_at
from engine.noun import Noun
from huying.legacy.records import RecordSheet, words_of

#: What stands before the name of a field of the process.
FIELD = "field."
#: What a word for how far a matter has come can mean beside a step.
CLOSED = "@closed"
#: Columns whose words have to be understood one by one.
WORDED = ("step", "resolution", "station")


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """Something that a column can say; ``also``: how offices call it."""

    key: str
    title: Said
    also: tuple[str, ...] = ()


def _meaning(key: str, zh: str, en: str, also: str) -> ColumnMeaning:
    return ColumnMeaning(key, Said(zh, en), tuple(also.split("|")))


MEANINGS = (
    _meaning(
        "ours",
        "原编号",
        "The office's own number",
        "编号|受理编号|登记编号|事项编号|件号|案号|台账编号|受理号|登记号|no.|number|case number",
    ),
    _meaning(
        "opened",
        "登记日期",
        "Raised on",
        "登记时间|受理日期|受理时间|反映日期|反映时间|来访日期|接待日期|收件日期|日期|date|received|opened",
    ),
    _meaning(
        "step",
        "办理进度",
        "How far it has come",
        "状态|办理状态|当前环节|办理环节|进度|环节|是否办结|办结情况|status|step",
    ),
    _meaning("since", "到本环节的日期", "At this step since", "交办日期|转办日期|交办时间|转办时间|since"),
    _meaning("due", "本环节期限", "Deadline of the step", "环节期限|due"),
    _meaning("finish", "办结期限", "Deadline of the whole", "办理期限|限办日期|限办时间|办理时限|期限|deadline"),
    _meaning("closed", "办结日期", "Closed on", "办结时间|完成日期|完成时间|答复日期|closed"),
    _meaning("resolution", "办理结果", "How it ended", "处理结果|结果|办结方式|resolution|outcome"),
    _meaning("station", "站点", "Station", "联络站|代表联络站|所属站点|代表活动站|station"),
    _meaning("name", "反映人", "Who raised it", "反映人姓名|姓名|来访人|来访人姓名|群众姓名|诉求人|reporter|name"),
    _meaning("phone", "反映人电话", "Their telephone", "电话|联系电话|手机|手机号|联系方式|phone|telephone"),
)
#: Short titles by which a longer one is known, too.
_TAILS = frozenset({"站点", "电话", "姓名", "编号"})
_ENDED = frozenset(
    {"办结", "已办结", "完成", "已完成", "已解决", "已答复", "是", "结案", "已结", "closed", "done", "yes"}
)


class Understood(Noun, frozen=True):
    """How a sheet is understood: each column (by its place, from 0) by what it says, and each word of some columns by what it means here.

    What no column says of any line: at which ``step`` open ones are, with which ``resolution`` closed ones ended, at which ``station`` all are.
    """

    columns: Mapping[str, int] = msgspec.field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = msgspec.field(default_factory=dict)
    step: str = ""
    resolution: str = ""
    station: str = ""


@dataclass(frozen=True, slots=True)
class SheetWords:
    """What words can mean: stations by code and name; the process."""

    definition: Definition
    stations: Mapping[str, Said] = field(default_factory=dict)

    def meanings(self) -> tuple[ColumnMeaning, ...]:
        """All that a column can say, the fields of the process last."""
        return (*MEANINGS, *_of_fields(self.definition))

    def choices(self, of: str) -> Mapping[str, Said]:
        """What words of a column can mean."""
        if of == "station":
            return self.stations
        if of == "resolution":
            return {
                key: Said(words(one.title, "zh", key), words(one.title, "en", key))
                for key, one in self.definition.resolutions.items()
            }
        steps = self.definition.steps
        found = {
            key: Said(words(steps[key].title, "zh", key), words(steps[key].title, "en", key))
            for key in steps_to_go_on_at(self.definition)
        }
        return {CLOSED: Said("已经办结", "Closed already"), **found}

    def meant(self, of: str, text: str) -> str:
        """What a word means by itself; empty: nobody knows."""
        for key, title in self.choices(of).items():
            if text in (key, title.zh, title.en):
                return key
        return CLOSED if of == "step" and text.casefold() in _ENDED else ""

    def guess(self, title: str) -> str:
        """What a column says by its title; empty: nothing that we know."""
        text = title.casefold().replace(" ", "").rstrip("*:：")
        for one in self.meanings():
            if text in (one.key, one.title.zh, one.title.en.casefold().replace(" ", ""), *one.also):
                return one.key
        tails = [
            (len(name), one.key)
            for one in MEANINGS
            for name in (one.title.zh, *one.also)
            if text.endswith(name) and (len(name) > 2 or name in _TAILS)
        ]
        return max(tails)[1] if tails else ""


def _of_fields(definition: Definition) -> Iterator[ColumnMeaning]:
    for name, one in definition.entered.items():
        if one.type not in ("table", "file", "files", "place"):
            title = Said(words(one.title, "zh", name), words(one.title, "en", name))
            yield ColumnMeaning(FIELD + name, title, (name,))


def guessed(sheet: RecordSheet, known: SheetWords) -> Understood:
    """How a sheet is understood by its titles and words alone."""
    columns: dict[str, int] = {}
    for place, title in enumerate(sheet.titles):
        if title and (meaning := known.guess(title)):
            columns.setdefault(meaning, place)
    steps = [key for key in known.choices("step") if key != CLOSED]
    station = next(iter(known.stations), "") if len(known.stations) == 1 else ""
    resolution = next(iter(known.choices("resolution")), "")
    return with_words(Understood(columns, {}, steps[0] if steps else "", resolution, station), sheet, known)


def with_words(understood: Understood, sheet: RecordSheet, known: SheetWords) -> Understood:
    """The same with every word of the sheet; what was said of one stays."""
    found: dict[str, Mapping[str, str]] = {}
    for of in WORDED:
        if of in understood.columns:
            before = understood.words.get(of, {})
            found[of] = {
                text: before.get(text) or known.meant(of, text) for text in texts(sheet, understood.columns[of])
            }
    return msgspec.structs.replace(understood, words=found)


def texts(sheet: RecordSheet, column: int) -> tuple[str, ...]:
    """What stands in a column, each once; the most frequent come as they come."""
    return tuple(dict.fromkeys(text for row in sheet.lines if (text := words_of(sheet.cell(row, column)))))


def head_of(definition: str, titles: Sequence[str]) -> str:
    """What tells sheets with these titles from others."""
    return hashlib.sha256("\x1f".join((definition, *titles)).encode()).hexdigest()
