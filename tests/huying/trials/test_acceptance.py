"""``rehearse --accept``: scenarios that differ as was meant are made to say so, after somebody has seen the change."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from definitions.loader import LIBRARY
from definitions.trials.acceptance import Amendment, accepted
from huying.cli import main


@pytest.fixture
def pothole(tmp_path: Path) -> Path:
    """A copy of a shipped process, whose first scenario expects another day, and has a remark."""
    folder = tmp_path / "pothole"
    shutil.copytree(LIBRARY / "pothole", folder)
    scenarios = folder / "scenarios.yaml"
    text = scenarios.read_text("utf-8").replace('due: "2026-03-04"', 'due: "2026-03-19"', 1)
    scenarios.write_text(f"# 路面 road surface\n{text}", "utf-8")
    return folder


def test_the_change_is_shown_and_nothing_is_written_without_a_yes(
    pothole: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (pothole / "scenarios.yaml").read_bytes()
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert main(["rehearse", "--accept", str(pothole)]) == 1
    printed = capsys.readouterr().out
    assert '-    - then: {step: inspect, due: "2026-03-19"' in printed
    assert '+    - then: {step: inspect, due: "2026-03-04"' in printed
    assert "没有写入" in printed
    assert (pothole / "scenarios.yaml").read_bytes() == before


def test_what_was_accepted_passes_and_the_rest_of_the_file_is_as_it_was(pothole: Path) -> None:
    assert main(["rehearse", "--accept", "--yes", str(pothole)]) == 0
    shipped = (LIBRARY / "pothole" / "scenarios.yaml").read_text("utf-8")
    assert (pothole / "scenarios.yaml").read_text("utf-8") == f"# 路面 road surface\n{shipped}"
    assert main(["rehearse", str(pothole)]) == 0


def test_a_scenario_that_does_not_go_to_its_end_is_left_to_people(
    pothole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenarios = pothole / "scenarios.yaml"
    scenarios.write_text(scenarios.read_text("utf-8").replace("do: fill", "do: fly", 1), "utf-8")
    before = scenarios.read_bytes()
    assert main(["rehearse", "--accept", "--yes", str(pothole)]) == 1
    assert "请手工改" in capsys.readouterr().out
    assert scenarios.read_bytes() == before


@pytest.mark.parametrize(
    ("written", "value", "then"),
    [
        ("- {steps: [{then: {told: {crew: task}}}]}\n", ["closed"], "- {steps: [{then: {told: {crew: closed}}}]}\n"),
        ("- {steps: [{then: {told: {crew: [task]}}}]}\n", [], "- {steps: [{then: {told: {crew: []}}}]}\n"),
        ("- {steps: [{then: {told: {crew: [a]}}}]} # x\n", ["b", "c"], "- {steps: [{then: {told: {crew: [b, c]}}}]} # x\n"),
        ("- steps:\n  - then:\n      told:\n        crew:\n          - a\n", ["b"], None),
        ("- {steps: [{after: 1 day}]}\n", ["b"], None),
    ],
)  # fmt: skip
def test_a_value_is_replaced_where_it_stands_or_not_at_all(written: str, value: list[str], then: str | None) -> None:
    assert accepted(written, "scenarios.yaml", [Amendment(0, 0, "told.crew", value)]) == then
