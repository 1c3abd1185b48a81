"""Simulations learnt from another tool's log, tried on a public one: the receipt of permit applications in a Dutch municipality (see ``receipt``)."""

from __future__ import annotations

import gzip
import statistics
from collections import Counter
from dataclasses import replace
from datetime import time, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml

from definitions.calendars.reader import load_calendar
from definitions.finding import Unreadable
from definitions.loader import load
from definitions.model.definition import Definition
from definitions.trials.assumptions import Assumptions, read_assumptions
from definitions.trials.names import propose, read_names
from engine import Process
from engine.simulation.run import simulate
from huying.cli import main
from huying.logs import xes
from huying.logs.history import Trace
from huying.trials.experience import learn

HERE = Path("tests/huying/trials/receipt")
LOG = HERE / "receipt.xes.gz"
NAMES = (HERE / "names.yaml").read_bytes()
#: That office's own hours, as the moments in its log show them.
CALENDAR = replace(load_calendar("plain"), hours=((time(8), time(17)),))


@cache
def definition() -> Definition:
    """The process, as the log tells of it."""
    return load((HERE / "definition.yaml").read_bytes(), "definition.yaml")


@cache
def log() -> tuple[Trace, ...]:
    """The log."""
    with xes.opened(LOG) as file:
        return tuple(xes.read(file))


@cache
def learnt() -> Assumptions:
    """What the log says."""
    return learn(log(), definition(), CALENDAR, read_names(NAMES, "names.yaml", definition()))


def test_the_simulated_time_to_closure_is_within_a_fifth_of_the_logs() -> None:
    days = [(trace.entries[-1].at - trace.entries[0].at) / timedelta(days=1) for trace in log()]
    figures = simulate(Process(definition(), CALENDAR), learnt(), 4_000, 1)
    assert len(days) == 1434
    assert figures.closed == 4_000
    assert figures.days_median.value == pytest.approx(statistics.median(days), rel=0.2)
    assert figures.days_p90.value == pytest.approx(statistics.quantiles(days, n=10)[-1], rel=0.2)


def test_how_many_come_who_works_and_which_ways_are_taken_come_from_it_too() -> None:
    assumed = learnt()
    assert assumed.per_day == pytest.approx(4.2, abs=0.1)
    assert assumed.people["desk"] > 30
    check = assumed.steps["check"].actions
    adjusted = sum(entry.activity.startswith("T03") for trace in log() for entry in trace.entries)
    assert check["adjust"] == pytest.approx(adjusted, rel=0.15)
    assert check["right"] > 20 * check["adjust"]


def test_waiting_is_learnt_apart_from_working() -> None:
    for step, work in learnt().steps.items():
        assert not work.works or work.works[-1] <= 60, step
    # most are done at once by whoever has the matter in hand, some lie for weeks
    waits = learnt().steps["determine"].waits
    assert waits[len(waits) // 2] < 1
    assert waits[-1] > 60 * 24


def test_the_names_are_proposed_by_likeness() -> None:
    activities = Counter(entry.activity for trace in log() for entry in trace.entries)
    proposed = propose(activities, (), definition()).activities
    wanted = yaml.safe_load(NAMES)["activities"]
    assert {name: proposed.get(name) for name in wanted} == wanted


def test_what_no_step_is_called_is_found_in_a_file_of_names() -> None:
    with pytest.raises(Unreadable) as refused:
        read_names("activities: {T02: chek}\n", "names.yaml", definition())
    (finding,) = refused.value.findings
    assert (finding.line, "check" in finding.remedy["zh"]) == (1, True)


def test_on_the_command_line_a_file_of_names_is_written_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    names = tmp_path / "names.yaml"
    # the first thirty issues, as another tool would write them, not zipped
    plain = tmp_path / "log.xes"
    whole = gzip.decompress(LOG.read_bytes()).decode()
    plain.write_text("".join(whole.partition("</trace>\n")[0].join(["", "</trace>\n"])) + "</log>\n", "utf-8")
    arguments = ["simulate", str(HERE / "definition.yaml"), "--learn", str(plain), "--issues", "60"]
    assert main([*arguments, "--names", str(names)]) == 1
    assert "已按名称相近写好对应表" in capsys.readouterr().err
    assert "T02 Check confirmation of receipt: check" in names.read_text("utf-8")
    assert main([*arguments, "--names", str(names)]) == 0
    assert main(arguments) == 0
    assert "按名称相近对应" in capsys.readouterr().err


def test_a_log_that_means_nothing_here_teaches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    assert main(["simulate", "pothole", "--learn", str(LOG), "--issues", "10"]) == 1
    assert "的事件对得上流程的步骤" in capsys.readouterr().err


def test_what_was_learnt_is_saved_and_read_again_and_simulates_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "assumptions.yaml"
    about = ["simulate", str(HERE / "definition.yaml"), "--issues", "60", "--format", "json"]
    names = ["--names", str(HERE / "names.yaml")]
    assert main([*about, "--learn", str(LOG), *names, "--save", str(kept)]) == 0
    learned = capsys.readouterr().out
    again = read_assumptions(kept.read_bytes(), str(kept), definition())
    assert again.steps.keys() == learnt().steps.keys()
    assert main([*about, "--assumptions", str(kept)]) == 0
    assert capsys.readouterr().out == learned
