"""The gate before publishing, and the commands about versions."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from definitions.loader import LIBRARY, load
from definitions.model.definition import Definition
from definitions.source.tree import read
from huying.cli import main
from huying.house.imprint import Imprint
from huying.processes.gate import Beside, examine_at_gate, lines
from huying.processes.publication import publish
from huying.processes.versions import records, report_of
from tests.conftest import MORNING, Office
from tests.huying.story import Story

SOURCE = Path("tests/definitions/office.yaml").read_text("utf-8")
POTHOLE = LIBRARY / "pothole"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a shipped process with its scenarios."""
    made = tmp_path / "pothole"
    made.mkdir()
    for name in ("definition.yaml", "scenarios.yaml"):
        (made / name).write_bytes((POTHOLE / name).read_bytes())
    return made


@pytest.fixture
def commands(tmp_path: Path, sqlite_office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The office as the command line finds it."""
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.setenv("HUYING_DATABASE_URL", f"sqlite:///{tmp_path}/huying.db")
    return sqlite_office


def longer(file: Path) -> None:
    """Give the inspection another deadline."""
    text = file.read_text("utf-8")
    assert "within: 2 working days" in text
    file.write_text(text.replace("within: 2 working days", "within: 4 working days", 1), "utf-8")


def test_the_report_says_what_differs_and_what_history_would_have_done(office: Office) -> None:
    Story(office, MORNING).open()
    changed = SOURCE.replace("within: 3 working days", "within: 5 working days")
    report = examine_at_gate(
        office.house, load(changed, "office.yaml"), Beside(), MORNING + timedelta(hours=1), simulate=20
    )
    said = report.plain()
    assert report.passed
    assert said["against"] == 1
    assert [one["message"]["zh"] for one in said["differences"]] == ["“交办”的期限：3 个工作日 → 5 个工作日"]
    assert (said["replay"]["issues"], said["replay"]["same"]) == (1, 1)
    assert set(said["simulation"]) == {"issues", "before", "after"}
    assert "与第 1 版相比" in "\n".join(lines(json.loads(json.dumps(said))))


def test_scenarios_that_do_not_go_as_expected_stop_it(
    commands: Office, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "definition.yaml"
    assert main(["publish", str(file)]) == 0
    assert "场景 scenarios：2 个，不符 differ 0 个" in capsys.readouterr().out
    longer(file)
    assert main(["publish", str(file)]) == 1
    stopped = capsys.readouterr().err
    assert "没有发布" in stopped
    assert "expected 2026-03-04" in stopped
    assert commands.house.processes.newest("pothole").version == 1


def test_the_report_is_kept_with_the_version(
    commands: Office, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["publish", str(folder / "definition.yaml"), "--note", "先试行"]) == 0
    report = report_of(commands.house, "pothole", 1)
    assert report is not None
    assert [one["passed"] for one in report["scenarios"]] == [True, True]
    assert main(["versions", "pothole", "--report", "1"]) == 0
    assert "场景 scenarios：2 个" in capsys.readouterr().out
    (record,) = records(commands.house, "pothole")
    assert (record.has_report, record.issues, record.open) == (True, 0, 0)


def test_a_day_of_force_is_a_day_where_the_calendar_holds(
    commands: Office, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["publish", str(folder / "definition.yaml"), "--from", "2099-01-01"]) == 0
    version = commands.house.processes.newest("pothole")
    assert version.in_force_from.isoformat() == "2098-12-31T16:00:00+00:00", "midnight in China"
    assert main(["versions", "pothole"]) == 0
    assert "起施行" in capsys.readouterr().out
    assert main(["publish", str(folder / "definition.yaml"), "--from", "next year"]) == 1
    assert "应如 2027-01-01" in capsys.readouterr().err


def test_versions_are_listed_withdrawn_and_published_once_more(
    commands: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(commands.house, SOURCE.replace("3 working days", "5 working days"), "o.yaml", Imprint("冯硕", MORNING))
    assert main(["withdraw", "office", "2", "--reason", "写错了"]) == 0
    assert main(["withdraw", "office", "2", "--reason", "写错了"]) == 1
    assert main(["rollback", "office", "1", "--note", "恢复"]) == 0
    capsys.readouterr()
    assert main(["versions", "office"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in listed] == ["v3", "v2", "v1"]
    assert "现行 in force" in listed[0]
    assert "已撤回 withdrawn" in listed[1]
    assert main(["versions", "nothing"]) == 1
    file = tmp_path / "office.yaml"
    file.write_text(SOURCE, "utf-8")
    capsys.readouterr()
    assert main(["diff", "office@1", str(file)]) == 0
    assert "没有不同" in capsys.readouterr().out
    assert main(["diff", "office@1", "office@2"]) == 1
    assert "“交办”的期限：3 个工作日 → 5 个工作日" in capsys.readouterr().out
    assert main(["diff", "office@1", "office@2", "--format", "json"]) == 1
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["part"], one["key"], one["path"], one["matters"]) == ("step", "ask", ["within"], True)
    assert main(["diff", "office@1", "office@2", "--format", "yaml-diff"]) == 1
    assert "+    within: 5 working days" in capsys.readouterr().out


def test_of_two_files_none_is_published_when_one_is_refused(
    commands: Office, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    caller = tmp_path / "caller.yaml"
    text = (LIBRARY / "issue-to-suggestion" / "definition.yaml").read_text("utf-8")
    caller.write_text(text.replace("call: suggestion", "call: sugestion"), "utf-8")
    assert main(["publish", str(folder / "definition.yaml"), str(caller)]) == 1
    said = capsys.readouterr().err
    assert "没有名为“sugestion”的流程" in said
    assert [one.key for one in commands.house.processes.all_in_force(MORNING)] == ["office"]


def test_a_simulation_that_rests_on_nothing_does_not_pass(
    commands: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # nobody can ever agree: the guard asks for more votes than there are people
    text = (LIBRARY / "pothole" / "definition.yaml").read_text("utf-8")
    hopeless = text.replace("fill: {", "fill: {when: votes.for > 3, ").replace(
        "leave: {", "leave: {when: votes.for > 3, "
    )
    assert hopeless != text
    definition = Definition.model_validate(read(hopeless, "pothole.yaml").plain())
    report = examine_at_gate(commands.house, definition, Beside(), MORNING, simulate=20)
    assert not report.passed
    said = "\n".join(lines(json.loads(json.dumps(report.plain()))))
    assert "推演说明不了什么" in said
    assert "卡住 stuck：20 件" in said
    assert "逾期 overdue 0" not in said
