"""The command line as a whole: every command is found, helped with in the reader's language, and quick to say so."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from io import StringIO
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

ROOT = Path(__file__).resolve().parents[3]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: What is not to be loaded to say what a command is for.
HEAVY = (
    "sqlalchemy",
    "sqlmodel",
    "alembic",
    "pydantic",
    "prefect",
    "fastapi",
    "httpx",
    "apprise",
    "jinja2",
    "yaml",
    "babel",
    "orjson",
    "msgspec",
    "engine",
    "models",
    "huying.settings",
    "huying.database",
    "huying.house",
)


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The language of the reader's locale."""
    spoken = str(request.param)
    monkeypatch.setenv("LC_ALL", {"zh": "zh_CN.UTF-8", "en": "en_GB.UTF-8"}[spoken])
    return spoken


def helped(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a call for help prints."""
    try:
        code = main([*arguments, "--help"])
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    return said.out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a wrong call complains of; nothing is printed beside it."""
    try:
        code = main(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    return said.err


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


def test_help_and_completion_load_nothing_heavy() -> None:
    """Not timed, since machines differ: what takes the time is loading the house."""
    program = f"""
import sys
from huying.cli import main
for words in [["--help"], ["--version"], ["--complete", ""], *([name, "--help"] for name in {names()!r})]:
    try:
        main(words)
    except SystemExit:
        pass
print("loaded", *sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr)
"""
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stderr == "loaded\n"


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


def test_a_refusal_speaks_the_language_of_its_reader(
    tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.delenv("HUYING_DATABASE_URL", raising=False)
    for arguments in (["show", "nothing"], ["diagram", "nowhere.yaml"], ["connect", "x", "ftp://x"]):
        assert main(arguments) != 0
        said = capsys.readouterr().err
        assert said
        assert bool(CHINESE.search(said)) == (language == "zh")


# --- secrets --------------------------------------------------------------------------------------


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
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.delenv("HUYING_DATABASE_URL", raising=False)
    secret = "whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldA=="
    (tmp_path / "secret").write_text(f"{secret}\n", "utf-8")
    monkeypatch.setattr("sys.stdin", StringIO(f"{secret}\n"))
    given = str(tmp_path / "secret") if way == "file" else "-"
    assert main(["subscribe", "https://x.example", "--secret-file", given, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["secret"] == secret


def test_a_secret_whose_file_is_not_there_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.delenv("HUYING_DATABASE_URL", raising=False)
    assert main(["connect", "x", "https://x.example", "--secret-file", str(tmp_path / "no")]) == 2
    assert "cannot be opened" in capsys.readouterr().err
    assert main(["connect"]) == 0
    assert capsys.readouterr().out == ""


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
