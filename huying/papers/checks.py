"""What is wrong with a template before it is published: names that are not there, private data that it may not show, wrong braces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from definitions.finding import nearest
from definitions.text import Said
from engine.refusal import Refusal
from huying.house.house import House
from huying.papers.fields import Offerings, offerings
from huying.papers.kind import PaperKind
from huying.papers.names import AskedName, UnreadableMark, asked_names
from huying.papers.sample import invented
from huying.papers.template import Paragraph, paragraphs
from huying.papers.word import fill

_FULL_WIDTH = re.compile(r"[｛｝]|\{\s+\{|\}\s+\}|\{\s+%|%\s+\}")
#: So many other names are told where one is unknown.
_TOLD = 12
_PARTS = {"document": Said("正文", "text"), "footnotes": Said("脚注", "footnotes")}


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """What is wrong, where, and what to write instead. ``where``: the part of the document and the words of the paragraph."""

    where: Said
    said: Said
    remedy: Said


def examine_template(house: House, kind: PaperKind, template: bytes, now: datetime) -> list[TemplateFault]:
    """All that is wrong with a template; none if it can be published. ``WrongFile`` for what is no template, or would harm somebody."""
    every = paragraphs(template)
    faults = [_full_width(one) for one in every if _FULL_WIDTH.search(one.text)]
    try:
        asked = asked_names(every)
    except UnreadableMark as wrong:
        said = Said(
            f"花括号里的写法读不懂：{wrong.what}。", f"What stands between the braces cannot be read: {wrong.what}."
        )
        return [
            *faults,
            TemplateFault(_where(wrong.at), said, Said("只能写字段、if 和 for。", "Use fields, if and for.")),
        ]
    known = offerings(house, kind, now)
    faults += [fault for one in asked for fault in _faults(one, known, kind)]
    return faults or list(_filled(template, kind, known))


def _faults(one: AskedName, known: Offerings, kind: PaperKind) -> Iterator[TemplateFault]:
    if one.path in known.private:
        if not kind.shows_private:
            yield TemplateFault(
                _where(one.at),
                Said(
                    f"“{one.path}”是反映人的个人信息，这种文书不能写。",
                    f"“{one.path}” is private, and may not stand in this paper.",
                ),
                Said(
                    "请删去；只有给反映人本人的文书可以写。", "Take it out; only papers for the reporter may show it."
                ),
            )
    elif one.path in known.lists:
        if one.printed:
            yield TemplateFault(
                _where(one.at),
                Said(f"“{one.path}”是一张表，要逐行写。", f"“{one.path}” is a list."),
                Said(
                    f"在表格里写 {{%tr for row in {one.path} %}} 和 {{%tr endfor %}}。",
                    f"Write {{%tr for row in {one.path} %}} and {{%tr endfor %}}.",
                ),
            )
    elif one.looped or one.path not in known.plain:
        yield _unknown(one, known)


def _unknown(one: AskedName, known: Offerings) -> TemplateFault:
    usable = sorted(known.plain | known.lists)
    near = nearest(one.path, usable)
    same = [name for name in usable if name.partition(".")[0] == one.path.partition(".")[0]] or usable
    told = ", ".join(same[:_TOLD])
    return TemplateFault(
        _where(one.at),
        Said(f"没有“{one.path}”这个字段。", f"There is no field “{one.path}”."),
        Said(f"是不是“{near}”？", f"Did you mean “{near}”?")
        if near
        else Said(f"可以用：{told}。", f"There are: {told}."),
    )


def _full_width(one: Paragraph) -> TemplateFault:
    return TemplateFault(
        _where(one),
        Said(
            "花括号用了全角，或者中间有空格，会照原样印出来。",
            "The braces are full-width, or apart: they would be printed as they stand.",
        ),
        Said("请在英文输入状态下写 {{ 字段 }}。", "Write {{ field }} with the braces of an English keyboard."),
    )


def _filled(template: bytes, kind: PaperKind, known: Offerings) -> Iterator[TemplateFault]:
    """Whether an invented paper can be made of it."""
    try:
        fill(template, invented(kind, known, "zh"))
    except Refusal as refusal:
        said = Said(refusal.message["zh"], refusal.message["en"])
        yield TemplateFault(Said("试填", "A sample"), said, Said("请改正后再传。", "Mend it and upload it again."))


def _where(one: Paragraph) -> Said:
    quoted = one.text.strip()
    quoted = quoted if len(quoted) <= 40 else f"{quoted[:40]}…"
    part = _PARTS.get(one.part) or Said(
        "页眉" if one.part.startswith("header") else "页脚", "header" if one.part.startswith("header") else "footer"
    )
    return Said(f"{part.zh}“{quoted}”", f"{part.en} “{quoted}”")
