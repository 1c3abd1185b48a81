"""``python -m huying replay``: the office's own history, decided again by another version."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import load
from engine import Process
from huying.cli import main
from huying.trials.replay import lines, replay_all
from tests.conftest import MORNING, Office
from tests.huying.story import Story

SOURCE = Path("tests/definitions/office.yaml").read_text("utf-8")


@pytest.fixture
def busy(office: Office) -> Office:
    """Four issues closed in the ordinary way, one refused, one open at the deputy's."""
    for number in range(6):
        story = Story(office, MORNING + timedelta(hours=number))
        story.open(f"open-{number}", subject=f"路灯 {number}")
        if number < 4:
            story.to_the_end()
        else:
            story.act("clerk", "refuse" if number == 4 else "accept")
    return office


def _process(source: str) -> Process:
    return Process(load(source, "office.yaml"), load_calendar("china"))


def test_the_same_version_goes_the_same_way(busy: Office) -> None:
    found = replay_all(busy.house, _process(SOURCE))
    assert (found.issues, found.same, found.courses, found.stranded) == (6, 6, (), {})
    assert found.late_before == found.late_now


def test_where_another_version_goes_elsewhere_is_counted_with_examples(busy: Office) -> None:
    other = SOURCE.replace(
        "refuse: {title: {zh: 不予受理, en: Refuse}, to: end, as: refused",
        "refuse: {title: {zh: 不予受理, en: Refuse}, to: end, as: solved",
    )
    found = replay_all(busy.house, _process(other))
    (course,) = found.courses
    assert (course.why, course.step, course.done) == ("elsewhere", "register", "refuse")
    assert (course.went, course.goes) == (("closed:refused",), ("closed:solved",))
    assert len(course.numbers) == 1
    said = "\n".join(lines(found, _process(other).definition))
    assert "受理 register · refuse：去向不同 leads elsewhere" in said
    assert "办结 不予受理" in said


def test_open_issues_that_would_be_stranded_are_named(busy: Office) -> None:
    renamed = SOURCE.replace("  ask:\n    title", "  entrust:\n    title").replace("to: ask", "to: entrust")
    found = replay_all(busy.house, _process(renamed))
    assert list(found.stranded) == ["ask"]
    assert len(found.stranded["ask"]) == 1
    assert found.courses[0].goes == ("entrust",)


def test_on_the_command_line(
    tmp_path: Path, sqlite_office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Story(sqlite_office, MORNING).open()
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.setenv("HUYING_DATABASE_URL", f"sqlite:///{tmp_path}/huying.db")
    assert main(["replay", "tests/definitions/office.yaml", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["issues"], said["same"]) == (1, 1)
    assert main(["replay", "office@1"]) == 0
    assert "走法相同 same 1" in capsys.readouterr().out
    assert main(["replay", "nothing"]) == 1
