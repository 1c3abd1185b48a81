"""Plans: what comes round by itself, as data: a plan opens issues, makes a rota of duties, keeps an eye on a quota, or prepares a report.

A plan is written in a file of its own, with one of the keys ``opens``, ``rota``, ``quota`` or ``report``; which days it means is reckoned by the
kernel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Literal

from pydantic import Field as Constrained
from pydantic import ValidationError

from definitions.composition.shape import problems_of_shape
from definitions.finding import Finding, in_order
from definitions.model.node import Key, Node, Text
from definitions.plans.report import ReportPart, problems_of_parts
from definitions.plans.report import Span as Reported
from definitions.plans.values import (
    Ahead,
    Announce,
    Clock,
    Day,
    Every,
    Given,
    Hours,
    Period,
    Points,
    Span,
    Stations,
    Where,
)
from definitions.problem import Problem, problem
from definitions.source.tree import Document, read
from definitions.text import Said

#: What to do with a day that is not worked.
Moves = Literal["next working day", "previous working day", "same day"]
#: Whose issue it is that a plan opens.
Reporter = Literal["staff of station", "clerk of station", "head of station", "office"]
People = Literal["deputies of station", "staff of station", "liaison officers of station"]
Whose = Literal["deputies", "staff", "liaison officers"]

MORNING = time(9)


class BasePlan(Node):
    """What all plans say: their name, where they hold, and from when to when."""

    plan: Key
    title: Text
    help: Text | None = None
    calendar: Key = "china"
    at: Clock = MORNING
    for_: Where = Constrained(default=Stations(), alias="for")
    from_: Day | None = Constrained(default=None, alias="from")
    until: Day | None = None


class DatedPlan(BasePlan):
    """A plan of days: how often, and what becomes of a day that is not worked. ``ahead``: so long before the day it is carried out."""

    every: Every
    if_not_worked: Moves = Constrained(default="same day", alias="if not worked")
    ahead: Ahead | None = None

    @property
    def clock(self) -> time:
        """The time of day at which it is carried out; a cron text says its own."""
        return self.every.cron.at if self.every.cron else self.at


class OpeningPlan(DatedPlan):
    """Opens issues of a definition. ``with`` fills in their fields; expressions see ``day``, ``rule_day``, ``station``, its ``deputies``
    and ``on_duty``."""

    opens: Key
    with_: Mapping[Key, Given] = Constrained(default_factory=dict, alias="with")
    reporter: Reporter = "staff of station"


class RotaPlan(DatedPlan):
    """Puts people on duty in turn: so many ``seats`` a day, nobody more than ``each`` times in a period."""

    rota: Key
    people: People = "deputies of station"
    hours: Span | None = None
    place: Text | None = None
    seats: int = Constrained(default=1, ge=1, le=20)
    each: int | None = Constrained(default=None, ge=1, le=366)
    per: Period = "month"
    announce: Announce | None = None


class QuotaPlan(BasePlan):
    """How many entries of a kind in the yearly files each is to have in a period; who is behind is reminded at the points named."""

    quota: Key
    entries: Key
    of: Whose = "deputies"
    at_least: int = Constrained(alias="at least", ge=1, le=1000)
    per: Period = "year"
    remind: Points = Constrained(min_length=1)


class ReportPlan(DatedPlan):
    """Prepares a report of the last ``report`` (month, quarter, year) that is over, of a set of ``figures``, in these ``parts``.

    It is about the whole house. Somebody with the right to do so looks at what was prepared, and issues it.
    """

    report: Reported
    figures: Key
    parts: tuple[ReportPart, ...] = Constrained(min_length=1, max_length=40, strict=False)


Plan = OpeningPlan | RotaPlan | QuotaPlan | ReportPlan

_KINDS: Mapping[str, type[OpeningPlan] | type[RotaPlan] | type[QuotaPlan] | type[ReportPlan]] = {
    "opens": OpeningPlan,
    "rota": RotaPlan,
    "quota": QuotaPlan,
    "report": ReportPlan,
}


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """What became of a text: the plan, unless its shape is wrong; its plain body; and the findings."""

    plan: Plan | None
    body: Any
    document: Document
    findings: tuple[Finding, ...]


def read_plan(source: str | bytes, name: str) -> ReadPlan:
    """Read a plan; raises ``Unreadable`` when the text is no YAML that we read."""
    document = read(source, name)
    body = document.plain()
    found, plan = _plan(body)
    return ReadPlan(plan, body, document, in_order([*document.findings, *document.findings_of(found)]))


def restore_plan(body: Any) -> Plan:
    """A plan that was published, from its body."""
    kind = next(key for key in _KINDS if key in body)
    return _KINDS[kind].model_validate(_spoken(body))


def _plan(body: Any) -> tuple[tuple[Problem, ...], Plan | None]:
    named = [key for key in _KINDS if isinstance(body, Mapping) and key in body]
    if len(named) != 1:
        return (_no_kind(named),), None
    kind = _KINDS[named[0]]
    try:
        plan = kind.model_validate(_spoken(body))
    except ValidationError as error:
        return problems_of_shape(error, body, kind), None
    parts = problems_of_parts(plan.parts) if isinstance(plan, ReportPlan) else ()
    return (*_one_language(body), *_in_order(plan), *parts), plan


def _spoken(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with phrases as they are meant: “deputies of the station” is “deputies of station”."""
    spoken = dict(body)
    for key in ("people", "reporter", "of"):
        if isinstance(spoken.get(key), str):
            spoken[key] = " ".join(spoken[key].lower().replace(" the ", " ").split())
    return spoken


def _no_kind(named: list[str]) -> Problem:
    if named:
        return problem(
            "plan-kind",
            (named[1],),
            Said(
                f"一份计划只做一件事，这里写了 {'、'.join(named)}。",
                f"A plan does one thing; this one says {', '.join(named)}.",
            ),
            Said("请分成几份计划。", "Make several plans of it."),
        )
    return problem(
        "plan-kind",
        (),
        Said("看不出这份计划做什么。", "This does not say what the plan does."),
        Said(
            "请写其中一项：opens（自动开启流程）、rota（排班）、quota（次数要求）、report（月报、年报）。",
            "Give it one of: opens (issues that open by themselves), rota (duties in turn), quota (so many times a period), report.",
        ),
    )


def _one_language(body: Mapping[str, Any]) -> Iterator[Problem]:
    """Texts that lack one of the languages."""
    for key in ("title", "help", "place"):
        text = body.get(key)
        if isinstance(text, Mapping):
            for language, zh in (("zh", "中文"), ("en", "英文")):
                if not text.get(language):
                    en = {"zh": "Chinese", "en": "English"}[language]
                    yield problem(
                        "missing-language",
                        (key,),
                        Said(f"缺少{zh}。", f"The {en} words are missing."),
                        Said(f"请加上 {language}: …", f"Add {language}: …"),
                    )


def _in_order(plan: BasePlan) -> Iterator[Problem]:
    if plan.from_ and plan.until and plan.until < plan.from_:
        yield problem(
            "wrong-value",
            ("until",),
            Said("结束日期在开始日期之前。", "It ends before it begins."),
            Said("请更正 from 或 until。", "Correct “from” or “until”."),
        )


__all__ = [
    "Hours",
    "OpeningPlan",
    "Plan",
    "QuotaPlan",
    "ReadPlan",
    "ReportPlan",
    "RotaPlan",
    "read_plan",
    "restore_plan",
]
