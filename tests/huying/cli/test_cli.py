"""The command line as scripts use it: words, exit codes, JSON."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from huying.cli import main
from huying.database.patience import Patience
from huying.settings import SettingError, read

ROOT = Path(__file__).resolve().parents[3]
OFFICE = ROOT / "tests" / "definitions" / "office.yaml"


def test_a_sound_file_gives_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(OFFICE)]) == 0
    assert "Sound" in capsys.readouterr().out


def test_findings_give_1_with_place_excerpt_and_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(OFFICE.read_text("utf-8").replace("task: clerk", "task: clark"), "utf-8")
    assert main(["check", str(OFFICE), str(broken)]) == 1
    out = capsys.readouterr().out
    assert f"{broken}:18:11: unknown-role" in out
    assert "   18 |     task: clark\n      |           ^^^^^\n" in out
    assert out.endswith("共 1 处问题。 1 fault.\n")
    assert "是不是“clerk”？" in out
    assert "Did you mean “clerk”?" in out


def test_json_names_rule_place_message_and_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(OFFICE.read_text("utf-8").replace("task: clerk", "task: clark"), "utf-8")
    assert main(["check", str(broken), "--format", "json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert {**finding, "message": 0, "remedy": 0} == {
        "rule": "unknown-role",
        "file": str(broken),
        "line": 18,
        "column": 11,
        "length": 5,
        "excerpt": "    task: clark",
        "excerpt_column": 1,
        "instead": "clerk",
        "message": 0,
        "remedy": 0,
    }
    assert set(finding["message"]) == set(finding["remedy"]) == {"zh", "en"}


@pytest.mark.parametrize("content", [b"a: [", b"\xff\xfe", None], ids=["broken", "not utf-8", "missing"])
def test_a_file_that_cannot_be_read_gives_2(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "unreadable.yaml"
    if content is not None:
        file.write_bytes(content)
    assert main(["check", str(OFFICE), str(file), "--format", "json"]) == 2
    assert json.loads(capsys.readouterr().out)["findings"]


def test_publish_list_and_show(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", str(OFFICE), "--note", "第一版"]) == 0
    assert main(["publish", str(OFFICE)]) == 0
    assert capsys.readouterr().out.splitlines() == ["office v1 已发布 published", "office v1 没有变化 unchanged"]
    assert main(["list", "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["key"], row["version"]) == ("office", 1)
    assert main(["show", "office"]) == 0
    assert capsys.readouterr().out == OFFICE.read_text("utf-8")
    assert main(["show", "nothing"]) == 1
    assert "nothing" in capsys.readouterr().err


def test_of_several_files_with_one_broken_none_is_published(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(OFFICE.read_text("utf-8").replace("task: clerk", "task: clark"), "utf-8")
    assert main(["publish", str(OFFICE), str(broken)]) == 1
    capsys.readouterr()
    assert main(["list"]) == 0
    assert capsys.readouterr().out == ""


def test_it_runs_as_a_module_and_answers_wrong_calls_with_2() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    called = subprocess.run(
        [sys.executable, "-m", "huying", "no-such"], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    assert called.returncode == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUYING_PORTAL_PORT", "x"),
        ("HUYING_PREFECT_PORT", "70000"),
        ("HUYING_PREFECT_PORT", "8080"),
        ("HUYING_ALLOW_PRIVATE_WEBHOOKS", "maybe"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        read({name: value})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HUYING_DATABASE_URL", "mysql://root:geheim@h/x", "postgresql://"),
        ("HUYING_DATABASE_URL", "nonsense", "postgresql://"),
        ("HUYING_DATABASE_URL", "sqlite://", "sqlite:////"),
        ("HUYING_DATABASE_URL", "postgresql://u:geheim@h:abc/x", "postgresql://"),
        ("HUYING_DATABASE_URL", "postgresql://u:geheim@127.0.0.1:1/x", "cannot be reached"),
        ("HUYING_DATABASE_URL", "sqlite:////dev/null/x/y.db", "folder cannot be made"),
        ("HUYING_DATABASE_URL", f"sqlite:///{OFFICE}", "cannot be reached"),
        ("HUYING_HOME", "/dev/null/x", "folder cannot be made"),
        ("HUYING_PORTAL_PORT", "²", "1 to 65535"),
        ("HUYING_PORTAL_PORT", "9" * 30, "1 to 65535"),
    ],
)
def test_a_wrong_setting_is_said_in_words_without_its_secrets(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, said: str
) -> None:
    monkeypatch.setattr("huying.database.connections.Patience", lambda: Patience(silence=0.05))
    monkeypatch.setenv(name, value)
    assert main(["list"]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error
    assert "geheim" not in error


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HUYING_SMTP_URL", "http://x", "smtps://"),
        ("HUYING_SMTP_URL", "smtp://u:geheim@h:99999", "port is wrong"),
        ("HUYING_SMTP_URL", "smtp://[::1", "host or the port"),
        ("HUYING_HOME", "/dev/null/x", "cannot be kept"),
    ],
)
def test_nothing_is_started_with_a_wrong_setting(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["up"]) == 1
    told = capsys.readouterr()
    assert said in told.err
    assert "geheim" not in told.err
    assert not told.out


def test_a_database_of_a_newer_program_is_left_alone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    with sqlite3.connect(home / "huying.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert main(["list"]) == 1
    assert "brought up to 9999 by a newer program, and this one knows" in capsys.readouterr().err


def test_a_file_that_is_not_there_publishes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", str(OFFICE), str(home / "nowhere.yaml"), str(home)]) == 1
    error = capsys.readouterr().err
    assert error.count("no-file") == 2
    assert main(["list"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("number", ["0x1", "-1", "9" * 30, "²"])
def test_a_version_is_a_number(home: Path, number: str) -> None:
    with pytest.raises(SystemExit) as wrong:
        main(["show", "office", "--version", number])
    assert wrong.value.code == 2


def test_what_the_register_lacks_is_found_when_asked_for_and_told_when_publishing(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(OFFICE), "--against-register"]) == 1
    assert f"{OFFICE}:8:" in capsys.readouterr().out
    # nobody is registered yet: it is published all the same, with a word about it
    assert main(["publish", str(OFFICE)]) == 0
    said = capsys.readouterr()
    assert "office v1" in said.out
    assert "nobody-there" in said.err


def test_another_system_is_named_once_and_can_be_given_another_address(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s\n", "utf-8")
    assert main(["connect", "telephone", "https://phone.example/api", "--secret-file", str(secret)]) == 0
    assert main(["connect", "telephone", "https://phone.example/v2"]) == 0
    capsys.readouterr()
    assert main(["connect"]) == 0
    named = capsys.readouterr().out.split("\t")
    assert named[:2] == ["telephone", "https://phone.example/v2"]
    assert "signed" in named[2]
    assert "unsigned" not in named[2]
    assert main(["connect", "telephone", "ftp://phone.example"]) == 1


def test_verify_names_what_is_wrong_and_what_hangs(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0
    assert "全部相符。 All whole." in capsys.readouterr().out
    assert main(["verify", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.pop("evidence")["found"] == []
    assert told == {"issues": 0, "entries": 0, "faults": [], "lingering": []}


def test_check_fixes_what_has_one_right_answer_and_shows_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "office.yaml"
    right = OFFICE.read_text("utf-8")
    path.write_text("# 说明：一\n" + right.replace("    task: clerk", "    task：clark", 1), "utf-8")
    assert main(["check", "--fix", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "-    task：clark" in shown
    assert "+    task: clerk" in shown
    assert path.read_text("utf-8") == "# 说明：一\n" + right
    written = path.stat().st_mtime_ns
    assert main(["check", "--fix", str(path)]) == 0
    assert path.stat().st_mtime_ns == written


def test_definitions_checked_together_know_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office = OFFICE.read_text("utf-8")
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    opens = "{title: {zh: 分派, en: Give}, start: bureau, to: ask}"
    assert "  give:\n" in office
    start = office.index("  give:\n")
    rest = office.index("    to: ask\n", start) + len("    to: ask\n")
    one.write_text(office[:start] + f"  give: {opens}\n" + office[rest:], "utf-8")
    two.write_text(office.replace("id: office", "id: bureau", 1), "utf-8")
    assert main(["check", str(one), "--format", "json"]) == 0
    capsys.readouterr()
    assert main(["check", str(one), str(two), "--format", "json"]) == 0
    capsys.readouterr()
    two.write_text(office.replace("id: office", "id: other", 1), "utf-8")
    assert main(["check", str(one), str(two), "--format", "json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["rule"] == "unknown-definition"


def test_check_tells_of_a_last_day_that_has_passed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "office.yaml"
    path.write_text(OFFICE.read_text("utf-8").replace("within: 15 working days", "within: by 2020-01-31"), "utf-8")
    assert main(["check", str(path)]) == 1
    assert "2020-01-31 has passed" in capsys.readouterr().out


def test_check_knows_scenarios_and_puts_them_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scenarios.yaml"
    right = "# 场景\n- title: {zh: 例, en: Example}\n  given: {at: 2026-03-02 09:00}\n  steps:\n    - after: 1 working day\n"
    path.write_text(right.replace("1 working day", "1个工作日").replace("steps:", "stepss:"), "utf-8")
    assert main(["check", str(path)]) == 1
    assert "step" in capsys.readouterr().out
    assert main(["check", "--fix", str(path)]) == 0
    assert path.read_text("utf-8") == right
