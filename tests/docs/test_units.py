"""The units for systemd start commands that there are, with settings that there are, and systemd understands them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from huying.cli.parser import Parser
from huying.cli.registry import command_named
from huying.settings import VARIABLES, read

UNITS = Path(__file__).resolve().parents[2] / "docs" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_each_unit_starts_a_command_that_there_is(unit: Path) -> None:
    started = re.search(r"^ExecStart=\S+/python -m huying (.+)$", unit.read_text("utf-8"), re.MULTILINE)
    assert started
    name, *arguments = started[1].split()
    command = command_named(name)
    assert command
    assert Parser(command).parse_args(arguments)


def test_the_example_names_settings_that_fit() -> None:
    named = re.findall(r'^(\w+)="?(.*?)"?$', (UNITS / "huying.env").read_text("utf-8"), re.MULTILINE)
    assert {name for name, _ in named} <= set(VARIABLES)
    read(dict(named))


def test_they_believe_the_front_that_stands_on_the_same_machine() -> None:
    """As the guide and the recipes for Caddy and nginx ask for: else all callers are one, and share its bounds."""
    told = (UNITS / "huying.env").read_text("utf-8")
    guide = (UNITS.parent / "en" / "moving-in.md").read_text("utf-8")
    for name in ("HUYING_PORTAL_URL", "HUYING_TRUSTED_PROXIES"):
        (line,) = re.findall(rf"^{name}=.+$", told, re.M)
        assert f"\n{line}\n" in guide


def test_systemd_understands_them(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed on this machine")
    for unit in (*SERVICES, *UNITS.glob("*.socket")):
        text = unit.read_text("utf-8").replace("/opt/huying/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text, "utf-8")
    names = [unit.name.replace("@.", "@1.") for unit in (*SERVICES, *UNITS.glob("*.socket"))]
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *(str(tmp_path / name) for name in names)],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:/lib/systemd/system", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not [line for line in told.stderr.splitlines() if "huying" in line], told.stderr
