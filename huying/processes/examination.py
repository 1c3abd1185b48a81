"""What is found of a definition that is being written, in the reader's language: faults, scenarios, differences, replay, simulation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from definitions.finding import Finding, Unreadable
from definitions.loader import LIBRARY, examine, located
from definitions.model.definition import Definition
from definitions.text import SEMICOLON, Said, words
from definitions.trials.scenario import parse_scenarios
from definitions.versions.difference import Difference, differences
from definitions.versions.yaml import yaml_difference
from engine.rehearsal.play import Discrepancy, Rehearsed
from huying.house.house import House
from huying.locale import translations
from huying.processes.drafts import Manuscript
from huying.processes.gate import Beside, GateReport, examine_at_gate
from huying.processes.publication import wanted
from huying.processes.staffing import people_missing
from huying.processes.versions_view import COLOURS, VersionView
from huying.trials.replay import WHY
from huying.trials.report import hollow_words

#: What the texts are called in findings.
DEFINITION, SCENARIOS = "definition.yaml", "scenarios.yaml"

_WHAT: Mapping[str, Said] = {
    "step": Said("所在步骤", "step"),
    "status": Said("状态", "status"),
    "resolution": Said("办理结果", "resolution"),
    "due": Said("期限", "due"),
    "data": Said("字段", "field"),
    "rung": Said("层级", "rung"),
    "promises": Said("承诺", "promises"),
    "answerable": Said("负责到底的人", "who answers for it"),
    "effects": Said("所做的事", "effects"),
    "told": Said("通知", "told"),
    "opening": Said("登记", "opening"),
    "event": Said("所发生的事", "event"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """A fault or a remark; ``line`` and ``column`` (from 1) are of the ``text``: ``source``, ``scenarios``, or empty for another file."""

    text: str
    line: int
    column: int
    length: int
    excerpt: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """How one scenario went; without ``differences`` as expected."""

    title: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One way in which the history would have gone otherwise, and some of the issues."""

    count: int
    words: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplayLine:
    """The history decided again: ``stranded`` are open issues at a step that is no more, by step."""

    issues: int
    same: int
    courses: tuple[CourseLine, ...]
    stranded: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SimulationLine:
    """One version simulated: days to closure, share of issues with anything overdue; or that it says nothing, and why."""

    name: str
    median: str
    p90: str
    overdue: str
    nothing: str = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything; without ``definition`` the text has faults, and nothing more is known of it.

    With one, ``findings`` are what it calls or requests, and the house does not have: all else can be tried before.
    """

    findings: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()
    definition: Definition | None = None
    report: GateReport | None = None
    against: int | None = None
    scenarios: tuple[ScenarioLine, ...] = ()
    left: tuple[str, ...] = ()
    matters: tuple[Difference, ...] = ()
    only_words: tuple[Difference, ...] = ()
    lines_changed: str = ""
    marks: Mapping[str, str] | None = None
    replay: ReplayLine | None = None
    simulation: tuple[SimulationLine, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether it could be published."""
        return self.report is not None and self.report.passed and not self.findings


def examination(
    house: House, written: Manuscript, language: str, now: datetime, *, replay: int = 0, simulate: int = 0
) -> Examination:
    """Look at a text. ``replay`` and ``simulate`` say how many issues; both take a second for some hundreds."""
    try:
        examined = examine(written.source, DEFINITION, calendars=house.calendars.known(), today=now.date())
    except Unreadable as error:
        return Examination(findings=_told(error.findings, language))
    if examined.findings or examined.definition is None:
        return Examination(findings=_told(examined.findings, language), notes=_told(examined.notes, language))
    definition = examined.definition
    lacking = located(written.source, DEFINITION, people_missing(house, definition))
    notes = _told([*lacking, *examined.notes], language)
    beside = Beside(written.scenarios if written.scenarios.strip() else None, _assumed(definition))
    try:
        report = examine_at_gate(house, definition, beside, now, replay=replay, simulate=simulate)
    except Unreadable as error:
        return Examination(findings=_told(error.findings, language), notes=notes)
    lost = _told(located(written.source, DEFINITION, wanted(house, definition, now)), language)
    return replace(_whole(house, report, notes, language), findings=lost)


def faults_now(house: House, written: Manuscript, language: str) -> tuple[Remark, ...]:
    """What is wrong with a text while somebody writes it: what can be said at once, without playing or weighing anything."""
    found = list[Finding]()
    try:
        found += examine(written.source, DEFINITION, calendars=house.calendars.known()).findings
    except Unreadable as error:
        found += error.findings
    try:
        if written.scenarios.strip():
            parse_scenarios(written.scenarios, SCENARIOS)
    except Unreadable as error:
        found += error.findings
    return _told(found, language)


@dataclass(frozen=True, slots=True)
class PublicationReport:
    """The report that was kept with a version, in words: by number what its scenarios came to, and what the trials said."""

    against: int | None
    passed: int
    failed: tuple[str, ...]
    left: tuple[str, ...]
    matters: tuple[str, ...]
    only_words: int
    replay: ReplayLine | None
    simulation: tuple[SimulationLine, ...]


def kept_report(view: VersionView, language: str) -> PublicationReport:
    """The report of a version that has one, as a head reads it."""
    report, definition = view.report or {}, view.definition
    differing = report.get("differences") or ()
    told = report.get("scenarios") or ()
    return PublicationReport(
        against=report.get("against"),
        passed=sum(one["passed"] for one in told),
        failed=tuple(words(one["title"], language) for one in told if not one["passed"]),
        left=tuple(_left(definition, report.get("actions_left") or (), language)),
        matters=tuple(words(one["message"], language) for one in differing if one["matters"]),
        only_words=sum(not one["matters"] for one in differing),
        replay=_replay(report["replay"], definition, language) if "replay" in report else None,
        simulation=tuple(_simulation(report.get("simulation", {}), language)),
    )


def _assumed(definition: Definition) -> str | None:
    """What a simulation assumes of a process that is shipped."""
    path = LIBRARY / definition.id / "definition.yaml"
    return Beside.file(path).assumptions if path.is_file() else None


def _whole(house: House, report: GateReport, notes: tuple[Remark, ...], language: str) -> Examination:
    definition, played = report.definition, report.rehearsal
    old = _before(house, report)
    found = differences(old, definition) if old else ()
    plain = report.parts
    return Examination(
        notes=notes,
        definition=definition,
        report=report,
        against=report.against,
        scenarios=tuple(_scenario(one, language) for one in played.played) if played else (),
        left=tuple(_left(definition, played.actions_left, language)) if played else (),
        matters=tuple(one for one in found if one.matters),
        only_words=tuple(one for one in found if not one.matters),
        lines_changed="".join(_yaml(old, report, language)) if old else "",
        marks=_marks(definition, found) if old else None,
        replay=_replay(plain["replay"], definition, language) if "replay" in plain else None,
        simulation=tuple(_simulation(plain.get("simulation", {}), language)),
    )


def _before(house: House, report: GateReport) -> Definition | None:
    if report.against is None:
        return None
    version = house.processes.version(report.definition.id, report.against)
    return house.processes.process(version.id).definition


def _marks(definition: Definition, found: Iterable[Difference]) -> Mapping[str, str]:
    steps = [one for one in found if one.part == "step" and one.key in definition.steps]
    return {one.key: COLOURS["added" if one.how == "added" else "changed"] for one in steps}


def _yaml(old: Definition, report: GateReport, language: str) -> list[str]:
    _ = translations(language).gettext
    return yaml_difference(
        old, report.definition, _("Version %(version)s") % {"version": report.against}, _("This draft")
    )


def _told(findings: Iterable[Finding], language: str) -> tuple[Remark, ...]:
    texts = {DEFINITION: "source", SCENARIOS: "scenarios"}
    return tuple(
        Remark(
            texts.get(one.file, ""),
            one.line,
            one.column,
            one.length,
            one.excerpt.strip(),
            one.message.get(language, ""),
            one.remedy.get(language, ""),
        )
        for one in findings
    )


def _scenario(one: Rehearsed, language: str) -> ScenarioLine:
    return ScenarioLine(
        words(one.scenario.title, language), tuple(_parting(parting, language) for parting in one.differences)
    )


def _parting(one: Discrepancy, language: str) -> str:
    _ = translations(language).gettext
    what, _dot, name = one.what.partition(".")
    zh, en = _WHAT.get(what, (what, what))
    return _("Step %(number)s, %(what)s: expected %(expected)s, found %(found)s") % {
        "number": one.step,
        "what": " ".join(part for part in (Said(zh, en).of(language), name) if part),
        "expected": one.expected,
        "found": one.found,
    }


def _left(definition: Definition, actions: Iterable[str], language: str) -> Iterable[str]:
    """Actions that no scenario comes by, by their titles."""
    for one in actions:
        step, _dot, name = one.partition(".")
        action = getattr(definition.steps.get(step), "actions", {}).get(name)
        title = words(action.title, language, name) if action is not None and action.title else name
        yield f"{_step(definition, step, language)} · {title}"


def _replay(plain: Mapping[str, Any], definition: Definition, language: str) -> ReplayLine:
    courses = tuple(
        CourseLine(course["count"], _course(course, definition, language), tuple(course["issues"][:3]))
        for course in plain["courses"]
    )
    stranded = {_step(definition, step, language): tuple(numbers[:3]) for step, numbers in plain["stranded"].items()}
    return ReplayLine(plain["issues"], plain["same"], courses, stranded)


def _course(course: Mapping[str, Any], definition: Definition, language: str) -> str:
    why = WHY[course["why"]].of(language)
    went, goes = (
        "、".join(_step(definition, key, language) for key in course[name]) or "—" for name in ("went", "goes")
    )
    begin = f"{_step(definition, course['step'], language)} · {course['done']}"
    return Said(f"{begin}：{why}（{went} → {goes}）", f"{begin}: {why} ({went} → {goes})").of(language)


def _step(definition: Definition, key: str, language: str) -> str:
    closed, _colon, resolution = key.partition(":")
    if closed == "closed" and resolution:
        return words(definition.resolution_title(resolution), language, resolution)
    step = definition.steps.get(key)
    return words(step.title, language, key) if step is not None and step.title else key


def _simulation(plain: Mapping[str, Any], language: str) -> Iterable[SimulationLine]:
    _ = translations(language).gettext
    for name, title in (("before", _("The version in force")), ("after", _("This draft"))):
        if name in plain:
            one = plain[name]
            stuck = SEMICOLON.of(language).join(one.get("stuck", {}))
            nothing = "" if one["closed"] else f"{hollow_words(plain['issues']).of(language)} {stuck}".strip()
            yield SimulationLine(
                title, f"{one['days_median']:.1f}", f"{one['days_p90']:.1f}", f"{one['overdue']:.1%}", nothing
            )
