"""``python -m huying due``: when a period ends, and why; one, or a file of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from huying.cli import main


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.delenv("HUYING_DATABASE_URL", raising=False)


def _due(*arguments: str) -> int:
    return main(["due", "--calendar", "china", *arguments])


def test_the_answer_is_a_date_and_its_reason_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert _due("--from", "2026-02-11", "--for", "5 working days") == 0
    date, chinese, english = capsys.readouterr().out.splitlines()
    assert date == "2026-02-25"
    assert "2月14日" in chinese
    assert "春节" in chinese
    assert "14 February" in english


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert _due("--from", "2026-02-11", "--for", "5 working days", "--format", "json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["due"], said["due_at"]) == ("2026-02-25", "2026-02-26T00:00:00+08:00")
    assert said["provisional"] is False
    assert set(said["explanation"]) == {"zh", "en"}


def test_beyond_the_last_notice_it_is_provisional(capsys: pytest.CaptureFixture[str]) -> None:
    assert _due("--from", "2026-12-28", "--for", "10 working days", "--format", "json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["provisional"] is True
    assert "暂定" in said["explanation"]["zh"]
    assert "provisional" in said["explanation"]["en"]


ANSWERS = """\
from,for,due,provisional
2026-02-11,5 working days,2026-02-25,false
2026-03-02T09:30,4 hours,2026-03-02 13:30,false
2026-12-28,10 working days,2027-01-11,true
"""


@pytest.mark.parametrize("first_line", ["from,for\n", ""])
def test_a_file_of_rows_with_or_without_a_line_of_names(
    first_line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text(
        f"{first_line}2026-02-11,5 working days\n2026-03-02T09:30,4 hours\n2026-12-28,10 working days\n", "utf-8"
    )
    assert _due("--batch", str(rows)) == 0
    assert capsys.readouterr().out == ANSWERS


def test_columns_may_stand_in_any_order_and_a_wrong_row_costs_only_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("for,note,from\n5 working days,x,2026-02-11\n5 moons,y,2026-02-11\n1 day,z,yesterday\n", "utf-8")
    assert _due("--batch", str(rows)) == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines()[1:] == [
        "2026-02-11,5 working days,2026-02-25,false",
        "2026-02-11,5 moons,,",
        "yesterday,1 day,,",
    ]
    assert "第 3 行" in printed.err
    assert "line 4" in printed.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "2026-02-30", "--for", "1 day"], "不是日期"),
        (["--from", "2026-02-11", "--for", "5 moons"], "不是期限"),
        (["--from", "2026-02-11"], "--for"),
        (["--from", "2026-02-11", "--for", "until day"], "字段"),
        (["--batch", "nowhere.csv"], "文件打不开"),
    ],
)
def test_what_is_wrong_is_said(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _due(*arguments) == 2
    assert said in capsys.readouterr().err
