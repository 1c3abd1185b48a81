"""The process that a trial is about, with what is assumed of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from definitions.model.definition import Definition
from definitions.text import Said
from definitions.trials.names import LogNames, propose, read_names, written
from engine.refusal import Unavailable
from huying.cli.house import opened
from huying.logs import xes
from huying.logs.history import Trace, traces
from huying.trials.experience import entered, learn
from huying.trials.simulation import Subject, subject

#: A log of which less than this share of the events means anything here teaches nothing.
_LEAST = 0.5


def learnt(name: str, assumptions: str | None, log: str | None, names: str | None = None) -> tuple[Subject, str]:
    """The definition of a name, with what is to be said of how its assumptions came about.

    They are learnt from an event log, or, where that is empty, from the house's own history. ``names``: the file that says what the log's names
    mean. If it is not there yet it is written, as names that are alike propose it, and ``Unavailable`` asks to look it through.
    """
    found = subject(name, assumptions, opened)
    if log is None:
        return found, ""
    process = found.process
    if log:
        with xes.opened(Path(log)) as file:
            several = list(xes.read(file))
        meant, said = _meant(several, process.definition, names)
        return Subject(name, process, learn(several, process.definition, process.calendar, meant)), said
    house = opened()
    assumed = learn(traces(house, process.definition.id), process.definition, process.calendar)
    return Subject(name, process, assumed.model_copy(update={"values": entered(house, process.definition)})), ""


def _meant(several: Sequence[Trace], definition: Definition, names: str | None) -> tuple[LogNames, str]:
    """What the names of a log mean: as a file says, or as is proposed where there is none."""
    if all(trace.definition for trace in several):
        return LogNames(), ""
    activities = Counter(entry.activity for trace in several for entry in trace.entries)
    path = Path(names) if names else None
    if path is not None and path.is_file():
        meant = read_names(path.read_bytes(), str(path), definition)
        _enough(meant, activities)
        return meant, ""
    groups = Counter(entry.role for trace in several for entry in trace.entries if entry.role)
    meant = propose(activities, groups, definition)
    left = [one for one in activities if one not in meant.activities]
    if path is not None:
        path.write_text(written(meant, left), "utf-8")
        raise Unavailable(
            f"已按名称相近写好对应表 {path}，有 {len(left)} 项没有对应；请看过、补全，再运行一次。",
            f"What names are alike was written to {path}; {len(left)} are left. Look it through, complete it, and run this once more.",
        )
    _enough(meant, activities)
    pairs = "；".join(f"{one} → {other}" for one, other in meant.activities.items())
    more = Said(f"；没有对应的：{'、'.join(left)}", f"; left out: {', '.join(left)}") if left else Said("", "")
    return meant, f"按名称相近对应 by likeness：{pairs}{more.zh}{more.en if left else ''}"


def _enough(meant: LogNames, activities: Counter[str]) -> None:
    known = sum(times for name, times in activities.items() if name in meant.activities)
    if known < _LEAST * sum(activities.values()):
        share = known / max(1, sum(activities.values()))
        raise Unavailable(
            f"日志里只有 {share:.0%} 的事件对得上流程的步骤，学不出什么；请用 --names 文件 写明各项活动是哪一步。",
            f"Only {share:.0%} of the log's events mean a step here, which teaches nothing: say by --names FILE which step each activity is.",
        )
