"""The gate before publishing: scenarios played, differences named, the real history decided again, both versions simulated; kept as a report.

A definition whose scenarios do not go as expected does not pass, nor one of which a simulation closes no issue. The rest is for people to weigh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from definitions.model.definition import Definition
from definitions.trials.assumptions import Assumptions, assumptions_beside, read_assumptions
from definitions.trials.scenario import parse_scenarios, scenarios_beside
from definitions.versions.difference import differences
from definitions.versions.difference import plain as plain_difference
from engine import Process
from engine.rehearsal.play import Rehearsed
from engine.simulation.figures import Figures
from huying.errors import NotFound
from huying.house.house import House
from huying.house.processes import Version
from huying.trials import replay as replaying
from huying.trials.rehearsal import Rehearsal, play
from huying.trials.report import hollow_words
from huying.trials.simulation import Subject, run


@dataclass(frozen=True, slots=True)
class GateReport:
    """What was found: ``against`` is the version in force before (its number); the parts that were not asked for are missing."""

    definition: Definition
    against: int | None
    rehearsal: Rehearsal | None = None
    parts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether it may be published: its scenarios go as expected, and what was simulated says something."""
        return (self.rehearsal is None or self.rehearsal.passed) and not self.hollow

    @property
    def hollow(self) -> bool:
        """Whether it was simulated, and no issue was closed."""
        after = self.parts.get("simulation", {}).get("after")
        return after is not None and after["closed"] == 0

    def plain(self) -> dict[str, Any]:
        """The report as it is kept: ``{against, scenarios, steps_left, actions_left, differences, scenarios_source, replay, simulation}``."""
        played = self.rehearsal.played if self.rehearsal else ()
        return {
            "against": self.against,
            "scenarios": [_scenario(one) for one in played],
            "steps_left": list(self.rehearsal.steps_left) if self.rehearsal else [],
            "actions_left": list(self.rehearsal.actions_left) if self.rehearsal else [],
            **self.parts,
        }


def _scenario(one: Rehearsed) -> dict[str, Any]:
    return {"title": dict(one.scenario.title), "passed": one.passed, "differences": [str(d) for d in one.differences]}


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a definition: the texts of its scenarios and of what a simulation assumes, if there are any."""

    scenarios: str | None = None
    assumptions: str | None = None

    @staticmethod
    def file(path: Path) -> Beside:
        """What stands beside a definition's file."""
        several = (scenarios_beside(path), assumptions_beside(path))
        return Beside(*(one.read_text("utf-8") if one.is_file() else None for one in several))


def kept_for(beside: Beside) -> dict[str, Any]:
    """The report of a definition that nothing was asked of, such as a shipped one: its scenarios are kept, to be edited with it."""
    return {
        "against": None,
        "scenarios": [],
        "steps_left": [],
        "actions_left": [],
        "scenarios_source": beside.scenarios,
    }


def examine_at_gate(
    house: House, definition: Definition, beside: Beside, now: datetime, *, replay: int = 200, simulate: int = 0
) -> GateReport:
    """Everything that can be known of a definition (already found sound) before it is published.

    ``replay``: so many of the latest issues are decided again; ``simulate``: so many are simulated, by both versions. ``Unreadable`` if its
    scenarios or assumptions are wrong.
    """
    process = Process(definition, house.calendars.in_force(definition.calendar))
    rehearsal = play(process, parse_scenarios(beside.scenarios, "scenarios.yaml")) if beside.scenarios else None
    before = _in_force(house, definition.id, now)
    parts: dict[str, Any] = {"differences": [], "scenarios_source": beside.scenarios}
    if before is not None:
        old = house.processes.process(before.id)
        parts["differences"] = [plain_difference(one) for one in differences(old.definition, definition)]
        if replay:
            parts["replay"] = replaying.plain(replaying.replay_all(house, process, replay), definition)
    if simulate:
        versions = (
            {"after": process} if before is None else {"before": house.processes.process(before.id), "after": process}
        )
        parts["simulation"] = _simulated(beside, versions, simulate)
    return GateReport(definition, before.version if before else None, rehearsal, parts)


def _in_force(house: House, key: str, now: datetime) -> Version | None:
    try:
        return house.processes.in_force(key, now)
    except NotFound:
        return None


def _simulated(beside: Beside, versions: Mapping[str, Process], issues: int) -> dict[str, Any]:
    """Both versions with the same arrivals, people and chances, as far as both know the names."""
    after, text = versions["after"], beside.assumptions
    assumed = read_assumptions(text, "simulation.yaml", after.definition) if text else Assumptions()
    ran = {name: run(Subject(name, process, assumed), issues, 1) for name, process in versions.items()}
    return {"issues": issues, **{name: _figures(figures) for name, figures in ran.items()}}


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "days_median": round(figures.days_median.value, 2),
        "days_p90": round(figures.days_p90.value, 2),
        "overdue": round(figures.overdue.value, 4),
        "closed": figures.closed,
        "stuck": dict(figures.stuck),
    }


def lines(report: Mapping[str, Any]) -> list[str]:
    """A report, as it is kept, in words: Chinese first."""
    said = []
    played, failed = report["scenarios"], [one for one in report["scenarios"] if not one["passed"]]
    if played:
        said.append(f"场景 scenarios：{len(played)} 个，不符 differ {len(failed)} 个")
    for one in failed:
        said += [f"  不符 differs  {one['title'].get('zh', '')}", *(f"    {line}" for line in one["differences"])]
    if report["actions_left"]:
        said.append(f"未演练的办理 actions not rehearsed: {', '.join(report['actions_left'])}")
    if report.get("against"):
        said.append(
            f"与第 {report['against']} 版相比 compared with version {report['against']}：{len(report['differences'])} 处不同 differences"
        )
        said += [
            f"  {one['message']['zh']}。 {one['message']['en']}" for one in report["differences"] if one["matters"]
        ]
        only_words = sum(not one["matters"] for one in report["differences"])
        if only_words:
            said.append(f"  另有文字改动 {only_words} 处。 Besides, only words: {only_words}.")
    if "replay" in report:
        replay = report["replay"]
        said.append(
            f"重放历史 replayed：{replay['issues']} 件，走法相同 same {replay['same']} 件，滞留 stranded {_stranded(replay)} 件"
        )
    if "simulation" in report:
        for name, words_ in (("before", "现行版 in force"), ("after", "新版 new")):
            if name in report["simulation"]:
                one = report["simulation"][name]
                said.append(
                    f"推演 simulated，{words_}：中位 median {one['days_median']} 天 days，逾期 overdue {one['overdue']:.1%}"
                    if one["closed"]
                    else f"推演 simulated，{words_}：{' '.join(hollow_words(report['simulation']['issues']))}"
                )
                said += [f"  卡住 stuck：{times} 件，{why}" for why, times in one.get("stuck", {}).items()]
    return said


def _stranded(replay: Mapping[str, Any]) -> int:
    return sum(len(numbers) for numbers in replay["stranded"].values())
