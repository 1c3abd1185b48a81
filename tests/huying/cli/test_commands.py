"""The command line as a whole: every command is found, helped with in the reader's language, and quick to say so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from huying import VERSION, cli
from huying.cli import main
from huying.cli.connections.subscribe import KINDS
from huying.cli.language import languages_of
from huying.cli.parser import Parser
from huying.cli.reference import FILE, rendered
from huying.cli.registry import GROUPS, command_named, every_command, names
from huying.webhooks.happenings import KINDS as HAPPENINGS
from tests.huying.cli.call import CHINESE, helped, refused

ROOT = Path(__file__).resolve().parents[3]


# --- the registry ---------------------------------------------------------------------------------


def test_every_file_that_is_a_command_stands_in_the_registry_and_the_other_way_round() -> None:
    folders = Path(cli.__file__).parent
    there = {
        (path.parent.name, path.stem.replace("_", "-"))
        for path in folders.glob("*/*.py")
        if re.search(r"^COMMAND\b", path.read_text("utf-8"), re.MULTILINE)
    }
    registered = {(group.folder, name) for group in GROUPS for name in group.names}
    assert there - registered == set(), "a command that no group names (huying/cli/registry.py)"
    assert registered - there == set(), "a name without a file that says COMMAND = …"


def test_a_command_is_called_as_its_file() -> None:
    assert tuple(command.name for command in every_command()) == names()
    assert len(set(names())) == len(names())


def test_the_help_lists_every_command_once_under_its_subject(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = helped(capsys).splitlines()
    listed = [line.split()[0] for line in lines if line.startswith("  ")]
    assert tuple(listed) == names()
    for group in GROUPS:
        assert getattr(group.words, language) in lines


# --- help -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", names())
def test_every_command_is_explained_in_the_language_of_its_reader(
    name: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = helped(capsys, name)
    assert said.startswith("用法: huying" if language == "zh" else "Usage: huying")
    command = command_named(name)
    assert command is not None
    assert getattr(command.words, language) in said.replace("\n", " ")
    assert bool(CHINESE.search(said)) == (language == "zh")


@pytest.mark.parametrize("name", names())
def test_every_argument_has_its_words_in_both_languages(name: str) -> None:
    command = command_named(name)
    assert command is not None
    for zh, en in zip(Parser(command, ("zh",)).taken, Parser(command, ("en",)).taken, strict=True):
        assert CHINESE.search(zh.help or ""), zh
        assert en.help
        assert not CHINESE.search(en.help), en


def test_without_a_language_both_are_shown_chinese_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert "检查定义文件。 Check definition files." in helped(capsys)
    assert "检查定义文件。 Check definition files." in helped(capsys, "check")


@pytest.mark.parametrize(
    ("arguments", "environment", "spoken"),
    [
        ([], {}, ("zh", "en")),
        ([], {"LANG": "C.UTF-8"}, ("zh", "en")),
        ([], {"LANG": "fr_FR.UTF-8"}, ("zh", "en")),
        ([], {"LANG": "en_US.UTF-8"}, ("en",)),
        ([], {"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, ("zh",)),
        ([], {"LANG": "zh-Hans", "LC_MESSAGES": "en"}, ("en",)),
        (["check", "--language", "en"], {"LANG": "zh_CN.UTF-8"}, ("en",)),
        (["check", "--language=zh"], {"LANG": "en_US.UTF-8"}, ("zh",)),
        (["check", "--language", "fr"], {"LANG": "en_US.UTF-8"}, ("en",)),
    ],
)
def test_the_reader_s_language(arguments: list[str], environment: dict[str, str], spoken: tuple[str, ...]) -> None:
    assert languages_of(arguments, environment) == spoken


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"huying {project['version']}\n" == f"huying {VERSION}\n"
    assert project["scripts"] == {"huying": "huying.cli:main"}


def test_the_reference_is_fresh() -> None:
    assert FILE.read_text("utf-8") == rendered(), "renew it: .venv/bin/python -m huying.cli.reference"


# --- wrong calls ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["chek"], "没有命令“chek”，是不是“check”？", "There is no command “chek”. Did you mean “check”?"),
        (["xyzzy"], "没有命令“xyzzy”", "There is no command “xyzzy”"),
        (["check"], "缺少：FILE。", "Missing: FILE."),
        (["list", "--fomat", "json"], "不认识：--fomat json。", "Not known: --fomat json."),
        (["list", "--format", "xml"], "--format：没有 'xml'，可选：", "--format: there is no 'xml'; choose from"),
        (["show", "office", "--version"], "--version 后面要写一个值。", "--version needs a value."),
        (["show", "office", "--version", "x"], "--version：应为正整数。", "--version: This is a positive integer."),
        (
            ["withdraw", "a", "1", "--reason", "x" * 501],
            "--reason：最多 500 个字。",
            "--reason: At most 500 characters.",
        ),
        (
            ["check", "--against-register=no", "x"],
            "--against-register 后面不能写值",
            "--against-register takes no value",
        ),
        (["subscribe", "--show", "1", "--stop", "1"], "--stop 不能与 --show 同用。", "--stop cannot be given together"),
        (["subscribe", "--s", "1"], "--s 可以是 ", "--s could be "),
    ],
)
def test_a_wrong_call_is_answered_in_the_language_of_its_reader(
    arguments: list[str], zh: str, en: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, *arguments).splitlines()[-1]
    assert said.startswith(zh if language == "zh" else en)
    assert bool(CHINESE.search(said)) == (language == "zh")


def test_a_call_of_nothing_shows_the_commands_and_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert "huying COMMAND --help" in refused(capsys)


def test_the_kinds_of_happenings_are_those_that_there_are() -> None:
    assert tuple(HAPPENINGS) == KINDS


# --- completion -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        (["cal"], ["calendars", "calendar"]),
        (["calendar", ""], ["show", "import"]),
        (["calendar", "i"], ["import"]),
        (["list", "--format", ""], ["text", "json"]),
        (["list", "--format", "=", "j"], ["json"]),
        (["diagram", "--"], ["--format", "--language", "--output", "--help"]),
        (["due", "--batch", ""], []),
        (["check", ""], []),
        (["connect", "--sec"], ["--seconds", "--secret-file"]),
        (["no-such", ""], []),
    ],
)
def test_what_may_stand_next(written: list[str], offered: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--complete", *written]) == 0
    assert sorted(line.split("\t")[0] for line in capsys.readouterr().out.splitlines() if line) == sorted(offered)
