"""``python -m huying simulate``: words, data, a picture, and assumptions learnt from the history."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from definitions.calendars.reader import load_calendar
from huying.cli import main
from huying.logs.history import traces
from huying.trials.experience import learn
from tests.conftest import MORNING, Office
from tests.huying.story import Story


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUYING_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    monkeypatch.delenv("HUYING_DATABASE_URL", raising=False)


def test_a_shipped_definition_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "contact-station", "--issues", "200", "--seed", "3"]) == 0
    said = capsys.readouterr().out
    assert "活动站群众诉求办理 contact-station：200 件 issues，种子 seed 3" in said
    assert "代表研究 study" in said
    assert "已解决 solved" in said


def test_as_json_with_a_picture_beside_another_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = Path("definitions/library/pothole/definition.yaml").read_text("utf-8")
    newer, drawn = tmp_path / "newer.yaml", tmp_path / "both.svg"
    newer.write_text(source, "utf-8")
    arguments = ["pothole", "--against", str(newer), "--issues", "120", "--format", "json", "--svg", str(drawn)]
    assert main(["simulate", *arguments]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first["issues"] == 120
    assert first["seed"] == 1
    assert set(first["days_median"]) == {"value", "low", "high"}
    assert {**second, "name": ""} == {**first, "name": ""}, "the same definition by another name"
    assert ElementTree.parse(drawn).getroot().tag.endswith("svg")


def test_several_runs_are_one_result_that_the_seed_decides(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["simulate", "contact-station", "--issues", "203", "--replicates", "4", "--format", "json"]
    assert main(arguments) == 0
    first = json.loads(capsys.readouterr().out)
    assert (first["issues"], first["replicates"]) == (203, 4)
    assert first["overdue"]["low"] <= first["overdue"]["value"] <= first["overdue"]["high"]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out) == first
    assert main([*arguments, "--seed", "2"]) == 0
    assert json.loads(capsys.readouterr().out) != first


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["nothing-of-that-name"], 1, "流程库", marks=pytest.mark.whole),
        (["contact-station", "--issues", "0"], 2, "至少 1 件"),
        (["contact-station", "--issues", "3", "--replicates", "4"], 2, "最多每次 1 件"),
        (["contact-station", "--assumptions", "nowhere.yaml"], 2, "打不开"),
    ],
)
def test_what_is_wrong_is_said(arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", *arguments]) == code
    assert said in capsys.readouterr().err


def test_the_history_tells_how_often_how_long_and_by_how_many(sqlite_office: Office) -> None:
    for number in range(6):
        story = Story(sqlite_office, MORNING + timedelta(days=number))
        story.open(f"open-{number}")
        story.now += timedelta(hours=5)
        story.to_the_end()
    version = sqlite_office.house.processes.newest("office")
    definition = sqlite_office.house.processes.process(version.id).definition
    assumed = learn(traces(sqlite_office.house, "office"), definition, load_calendar("china"))
    # from Monday to Saturday: five days are worked
    assert assumed.per_day == pytest.approx(6 / 5)
    assert assumed.people["clerk"] == 1
    register = assumed.steps["register"]
    assert register.actions == {"accept": 6}
    # five hours, of which three are worked until noon, and a minute in the afternoon; nobody works on the Saturday
    assert register.waits == (0.0, *[181.0] * 5)
    assert learn(traces(sqlite_office.house, "unknown"), definition, load_calendar("china")).steps == {}


def test_who_has_more_than_they_can_do_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assumed = tmp_path / "simulation.yaml"
    assumed.write_text("per day: 60\npeople: {crew: 1}\nusual: {takes: 1 hour}\n", "utf-8")
    assert main(["simulate", "pothole", "--issues", "150", "--assumptions", str(assumed)]) == 0
    said = capsys.readouterr().out
    assert "养护班 crew：1 人做不完" in said
    assert "At least" in said
