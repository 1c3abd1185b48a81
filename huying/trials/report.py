"""What came of simulations, in words and tables for people, and as plain data for programs; two side by side."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from definitions.model.definition import Definition
from definitions.model.role import REPORTER
from definitions.text import Said, words
from engine.simulation.figures import Estimate, Figures, RoleFigures
from huying.trials.simulation import Subject

Ran = tuple[Subject, Figures]


def plain(ran: Ran, seed: int) -> dict[str, Any]:
    """One simulation as data: estimates are ``{value, low, high}``, with ``null`` where there were too few issues for an interval."""
    subject, figures = ran
    data = asdict(figures)
    del data["days"]
    for name in ("days_median", "days_p90", "overdue"):
        data[name] = {key: None if math.isnan(value) else round(value, 4) for key, value in data[name].items()}
    for row in (*data["steps"], *data["roles"]):
        row.update({key: round(value, 4) for key, value in row.items() if isinstance(value, float)})
    return {"definition": subject.process.definition.id, "name": subject.name, "seed": seed, **data}


def lines(several: Sequence[Ran], seed: int) -> Iterator[str]:
    """The simulations line by line, Chinese first."""
    for number, (subject, figures) in enumerate(several):
        definition = subject.process.definition
        if number:
            yield ""
        runs = f"，分 {figures.replicates} 次 in {figures.replicates} runs" if figures.replicates > 1 else ""
        yield f"{words(definition.title, 'zh')} {subject.name}：{figures.issues:,} 件 issues{runs}，种子 seed {seed}"
        days = f"中位 median {_estimate(figures.days_median)}，九成以内 p90 {_estimate(figures.days_p90)}"
        yield f"  办结 closed {figures.closed:,}；办结天数 days to closure：{days}"
        yield f"  有过逾期的 issues with anything overdue：{_estimate(figures.overdue, percent=True)}"
        if figures.hollow:
            yield f"  ! {hollow_words(figures.issues).zh} {hollow_words(figures.issues).en}"
        yield from _steps(definition, figures)
        yield from _roles(definition, figures)
        yield from _results(definition, figures)
    if len(several) == 2:
        yield ""
        yield from _beside(*(figures for _, figures in several))


def _estimate(one: Estimate, *, percent: bool = False) -> str:
    def said(value: float) -> str:
        return f"{value:.1%}" if percent else f"{value:.1f}"

    interval = "" if math.isnan(one.low) else f" [{said(one.low)}, {said(one.high)}]"
    return said(one.value) + interval


def _steps(definition: Definition, figures: Figures) -> Iterator[str]:
    head = ("步骤 step", "次数 times", "天数中位 days", "九成 p90", "等候小时 waits (h)", "逾期 overdue")
    rows = [
        (
            f"{words(definition.steps[one.step].title, 'zh', one.step)} {one.step}",
            f"{one.entered:,}",
            f"{one.days_median:.2f}",
            f"{one.days_p90:.2f}",
            f"{one.hours_waited:.1f}",
            f"{one.overdue:.1%}",
        )
        for one in figures.steps
        if one.days_p90 > 0
    ]
    yield from _table(head, rows)


def _roles(definition: Definition, figures: Figures) -> Iterator[str]:
    head = ("角色 role", "人数 people", "忙 busy", "最长队列 longest queue")
    rows = [
        (_role(definition, one.role), f"{one.people}", f"{one.busy:.0%}", f"{one.longest_queue}")
        for one in figures.roles
        if one.busy > 0
    ]
    yield from _table(head, rows)
    for one in figures.roles:
        if one.busy > 1:
            said = overworked(_role(definition, one.role), one)
            yield f"  ! {said.zh} {said.en}"


def overworked(role: str, one: RoleFigures) -> Said:
    """That those behind a role cannot do what comes, and how many could."""
    needed = math.ceil(one.people * one.busy)
    return Said(
        f"{role}：{one.people} 人做不完，来的活是工作时间的 {one.busy:.0%}，队越排越长；至少要 {needed} 人，或把活减少。",
        f"{role}: {one.people} cannot do it all; what comes is {one.busy:.0%} of their working time, and the queue only grows."
        f" At least {needed} are needed, or less work.",
    )


def hollow_words(issues: int) -> Said:
    """That a simulation rests on nothing."""
    return Said(
        f"这次推演说明不了什么：{issues} 件没有一件办结，逾期和天数都没有依据。请先看“卡住”的原因。",
        f"This simulation rests on nothing: of {issues} issues none was closed, so neither days nor overdue mean anything."
        " See first why they are stuck.",
    )


_OTHERS = {"handlers": "部门经办人", "office": "总办公室", REPORTER: "群众"}


def _role(definition: Definition, key: str) -> str:
    role = definition.roles.get(key)
    return f"{words(role.title, 'zh', key) if role else _OTHERS.get(key, key)} {key}"


def _results(definition: Definition, figures: Figures) -> Iterator[str]:
    total = sum(figures.resolutions.values()) or 1
    said = [
        f"{words(definition.resolution_title(key), 'zh', key)} {key} {times / total:.0%}"
        for key, times in figures.resolutions.items()
    ]
    yield f"  结果 results：{'，'.join(said)}"
    for why, times in figures.stuck.items():
        yield f"  ! 卡住 stuck：{times} 件，{why}"


def _beside(first: Figures, second: Figures) -> Iterator[str]:
    yield "  比较 compared：前者 the first → 后者 the second"
    for words_, one, other, percent in (
        ("办结天数中位 median days", first.days_median, second.days_median, False),
        ("九成以内 p90 days", first.days_p90, second.days_p90, False),
        ("逾期 overdue", first.overdue, second.overdue, True),
    ):
        apart = one.high < other.low or other.high < one.low
        mark = "有差别 differs" if apart else "差别不明显 no clear difference"
        yield f"    {words_}：{_estimate(one, percent=percent)} → {_estimate(other, percent=percent)}  {mark}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns that stand under each other though Chinese characters are twice as wide."""
    widths = [max(_width(row[n]) for row in (head, *rows)) for n in range(len(head))]
    for row in (head, *rows):
        first = row[0] + " " * (widths[0] - _width(row[0]))
        rest = "  ".join(" " * (width - _width(cell)) + cell for cell, width in zip(row[1:], widths[1:], strict=True))
        yield f"  {first}  {rest}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
