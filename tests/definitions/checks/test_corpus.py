"""The corpus: each broken definition has exactly the findings that its first line names, each sound one has none.

A line such as ``# expects: nobody-can-act @ decide:; unreachable-step @ end:`` names the rules, and a part of the line at which each is reported.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.loader import Examined, examine

HERE = Path(__file__).parents[1]
BROKEN = sorted((HERE / "broken").glob("*.yaml"))
SOUND = sorted((HERE / "sound").glob("*.yaml"))


def examined(path: Path) -> Examined:
    return examine(path.read_bytes(), path.name)


def expected(path: Path) -> set[tuple[str, str]]:
    first = path.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("# expects: ")
    return {(rule, place) for one in first.split("; ") for rule, _, place in [one.partition(" @ ")]}


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) >= 200
    assert len(SOUND) >= 60


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_each_fault_is_found_where_it_is_and_nothing_else(path: Path) -> None:
    wanted, found = expected(path), examined(path).findings
    assert {finding.rule for finding in found} == {rule for rule, _ in wanted}
    for rule, place in wanted:
        assert [finding for finding in found if finding.rule == rule and place in finding.excerpt], (rule, place)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_each_finding_says_in_both_languages_what_is_wrong_and_what_would_be_right(path: Path) -> None:
    for finding in examined(path).findings:
        for words in (finding.message, finding.remedy):
            assert set(words) >= {"zh", "en"}
            assert all(text.strip() for text in words.values())
            assert words["zh"].endswith(("。", "？"))


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.stem)
def test_what_is_sound_is_left_alone(path: Path) -> None:
    found = examined(path)
    assert found.findings == ()
    assert found.definition is not None
