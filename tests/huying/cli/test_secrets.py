"""Secrets never stand on the command line; and what a house refuses is said in the language of its reader."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import pytest

from huying.cli import main
from huying.cli.parser import Parser
from huying.cli.registry import every_command
from tests.huying.cli.call import CHINESE, refused


def test_a_refusal_speaks_the_language_of_its_reader(
    home: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["show", "nothing"], ["diagram", "nowhere.yaml"], ["connect", "x", "ftp://x"]):
        assert main(arguments) != 0
        said = capsys.readouterr().err
        assert said
        assert bool(CHINESE.search(said)) == (language == "zh")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUYING_PORTAL_PORT", "x"),
        ("HUYING_DATABASE_URL", "nonsense"),
        ("HUYING_HOME", "/dev/null/x"),
        ("HUYING_SMTP_URL", "x"),
    ],
)
def test_a_wrong_setting_is_said_in_the_language_of_its_reader(
    name: str,
    value: str,
    home: Path,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["up"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(name)
    assert bool(CHINESE.search(said)) == (language == "zh")


@pytest.mark.parametrize("written", [["--secret", "geheim"], ["--secret=geheim"], ["--secret"]])
@pytest.mark.parametrize("command", [["connect", "x", "https://x.example"], ["subscribe", "https://x.example"]])
def test_a_secret_on_the_command_line_is_refused_with_what_to_do_instead(
    command: list[str], written: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, *command, *written)
    assert "--secret-file" in said
    assert "geheim" not in said


def test_no_command_takes_a_secret_openly() -> None:
    taken = {name for command in every_command() for one in Parser(command).taken for name in one.option_strings}
    assert {name for name in taken if re.search("secret|pass|token|credential", name)} == {"--secret-file"}


@pytest.mark.parametrize("way", ["file", "standard input"])
def test_a_secret_is_read_from_a_file_or_standard_input(
    way: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldA=="
    (home / "secret").write_text(f"{secret}\n", "utf-8")
    monkeypatch.setattr("sys.stdin", StringIO(f"{secret}\n"))
    given = str(home / "secret") if way == "file" else "-"
    assert main(["subscribe", "https://x.example", "--secret-file", given, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["secret"] == secret


def test_a_secret_whose_file_is_not_there_changes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["connect", "x", "https://x.example", "--secret-file", str(home / "no")]) == 2
    assert "cannot be opened" in capsys.readouterr().err
    assert main(["connect"]) == 0
    assert capsys.readouterr().out == ""
