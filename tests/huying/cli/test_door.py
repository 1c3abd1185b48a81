"""``scripts/huying``: the command line in a newcomer's shell, from any folder, and completed by the shell."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from huying.cli.registry import names
from tests.conftest import missing
from tests.huying.working_copy import ROOT, typed, working_copy

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


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh working copy; its path has a blank in it."""
    return working_copy(tmp_path_factory.mktemp("somebody") / "working copy")


def test_a_file_of_the_callers_folder_is_meant_and_the_house_is_that_of_the_copy(copy: Path, tmp_path: Path) -> None:
    shutil.copy(copy / "definitions" / "library" / "pothole" / "definition.yaml", tmp_path / "hole.yaml")
    told = typed(f'"{copy}/scripts/huying" publish hole.yaml', tmp_path, tmp_path)
    assert (told.returncode, told.stderr.count("Traceback")) == (0, 0)
    assert not (tmp_path / ".huying").exists()
    listed = typed("scripts/huying list --format json", copy, tmp_path)
    assert [one["key"] for one in json.loads(listed.stdout)] == ["pothole"]
    own = typed("HUYING_HOME=here " + f'"{copy}/scripts/huying" list', tmp_path, tmp_path)
    assert (own.stdout, (tmp_path / "here" / "huying.db").is_file()) == ("", True)


def test_modules_in_the_callers_folder_are_not_ours(copy: Path, tmp_path: Path) -> None:
    for name in ("json.py", "huying.py", "definitions.py"):
        (tmp_path / name).write_text("raise SystemExit('loaded from the wrong folder')", "utf-8")
    told = typed(f'"{copy}/scripts/huying" --version', tmp_path, tmp_path)
    assert (told.returncode, told.stdout.split()[0]) == (0, "huying")


def test_it_can_be_linked_to_and_stands_in_the_environment(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "huying").symlink_to(copy / "scripts" / "huying")
    assert typed("./huying --version", tmp_path, tmp_path).stdout.startswith("huying ")
    assert typed(f'PATH="{copy}/.venv/bin:$PATH"; huying --version', tmp_path, tmp_path).stdout.startswith("huying ")


def test_exit_codes_come_through(copy: Path, tmp_path: Path) -> None:
    calls = {"show nothing": 1, "chek": 2}
    assert {call: typed(f"scripts/huying {call}", copy, tmp_path).returncode for call in calls} == calls


def test_nobody_needs_to_read_to_the_end(copy: Path, tmp_path: Path) -> None:
    told = typed("scripts/huying --help | head -n 1; scripts/huying calendar show china | head -n 1", copy, tmp_path)
    assert (len(told.stdout.splitlines()), told.stderr) == (2, "")


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


#: What a shell is to do to say what it would offer for a line, after it has read its completion.
ASKING = {
    "bash": """
        eval "$(scripts/huying completion bash)"
        offered() {{ COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _huying "$1"; printf '%s\\n' "${{COMPREPLY[@]}}"; }}
        complete -p huying >/dev/null && offered {words}
    """,
    "zsh": """
        autoload -Uz compinit && compinit -u -D
        eval "$(scripts/huying completion zsh)"
        _describe() {{ print -rl -- "${{(@P)2}}" | cut -d : -f 1 }}
        offered() {{ words=("$@"); CURRENT=$#; _huying }}
        offered {words}
    """,
    "fish": """
        scripts/huying completion fish | source
        complete --do-complete '{line}' | cut -f 1
    """,
}


@pytest.mark.parametrize("shell", ASKING)
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["scripts/huying", "cal"], ["calendar", "calendars"]),
        (["scripts/huying", "list", "--format", "j"], ["json"]),
        (["scripts/huying", "connect", "--sec"], ["--seconds", "--secret-file"]),
    ],
    ids=["command", "value", "option"],
)
def test_a_shell_completes(shell: str, words: list[str], offered: list[str], copy: Path, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        missing(shell)
    program = ASKING[shell].format(words=" ".join(f"'{word}'" for word in words), line=" ".join(words))
    told = typed(program, copy, tmp_path, shell)
    assert (sorted(told.stdout.split()), told.stderr) == (offered, "")
