"""The command line's part about plans, as people and scripts use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from huying.cli import main
from tests.huying.planned_city import CENSUS, PLANS, shipped

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Commands in a house with the sample city; their exit codes, and what they print and complain."""
    CENSUS.on_sqlite(tmp_path / "city.db")
    monkeypatch.setenv("HUYING_DATABASE_URL", f"sqlite:///{tmp_path / 'city.db'}")
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def test_the_shipped_plans_are_published_once(run: Run) -> None:
    # those that open nothing, or the one process that this city has
    files = [str(PLANS / f"{name}.yaml") for name in ("monthly-reception", "reception-quota", "reception-rota")]
    assert [run("plan", *files)[1].count(word) for word in ("published",)] == [3]
    code, said, _ = run("plan", *files)
    assert (code, said.count("unchanged")) == (0, 3)
    code, said, _ = run("plans")
    assert [line.split("\t")[:2] for line in said.splitlines()] == [
        ["monthly-reception", "v1"],
        ["reception-quota", "v1"],
        ["reception-rota", "v1"],
    ]
    assert "每月25日" in said


def test_a_dry_run_publishes_nothing_and_shows_the_days(run: Run) -> None:
    code, said, _ = run("plan", str(PLANS / "reception-rota.yaml"), "--dry-run", "--next", "4")
    assert code == 0
    assert len([line for line in said.splitlines() if line.startswith("\t2")]) == 4
    assert json.loads(run("plans", "--format", "json")[1]) == []


def test_programs_read_the_days_as_json(run: Run) -> None:
    run("plan", str(PLANS / "reception-rota.yaml"))
    [plan] = json.loads(run("plans", "--format", "json", "--next", "14")[1])
    assert len(run("plan", "--next", "5")[1].splitlines()) == 1 + 5
    assert (plan["key"], plan["version"], plan["paused"], len(plan["days"])) == ("reception-rota", 1, False, 14)
    assert set(plan["days"][0]) == {"rule_day", "day", "provisional"}


def test_faults_are_shown_with_line_and_caret_and_nothing_of_that_file_is_published(run: Run, tmp_path: Path) -> None:
    wrong, torn = tmp_path / "wrong.yaml", tmp_path / "torn.yaml"
    wrong.write_text(shipped("reception-rota", every="month on the 35th"), "utf-8")
    torn.write_text("plan: [", "utf-8")
    code, _, complaints = run("plan", str(wrong))
    assert code == 1
    for words in ("wrong-value", "^^^", "不是一个月里的日子", "is no day of a month"):
        assert words in complaints
    assert run("plan", str(torn))[0] == run("plan", str(tmp_path / "nowhere.yaml"))[0] == 2
    assert "is no day" not in run("plan", str(wrong), "--language", "zh")[2]
    assert run("plans")[1] == ""
