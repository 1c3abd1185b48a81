"""What the guide of simulations shows is what the command says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from definitions.loader import LIBRARY, load
from definitions.trials.assumptions import read_assumptions
from huying.cli import main

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "en" / "simulation.md").read_text("utf-8")


def test_the_session_of_the_guide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    ((command, said),) = re.findall(r"^```console\n\$ scripts/huying (.*?)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out == said, "renew what the guide shows"


def test_the_assumptions_of_the_guide_are_the_shipped_ones() -> None:
    (text,) = re.findall(r"^```yaml assumptions\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    folder = LIBRARY / "contact-station"
    definition = load((folder / "definition.yaml").read_bytes(), "definition.yaml")
    shipped = read_assumptions((folder / "simulation.yaml").read_bytes(), "simulation.yaml", definition)
    assert read_assumptions(text, "guide", definition) == shipped
