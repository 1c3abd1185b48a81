"""Fragments: what several definitions share, put together before anything is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.composition.fragments import known_fragments
from definitions.loader import Examined, examine, library, load, restore

SMALL = """
id: small
title: {zh: 小流程, en: Small}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
use: %s
texts:
  answer: {zh: 答复, en: Answer}
resolutions: {done: {zh: 已办, en: Done}}
fields: {place: {title: {zh: 哪里, en: Where exactly}}}
intake:
  do:
    title: {zh: 办理, en: Do}
    task: clerk
    within: %s
    overdue: {tell: director}
    actions: {finish: {title: %s, to: end}}
closure: {end: {title: {zh: 结束, en: End}, close: done}}
"""


def small(
    use: str = "[station-people, reporter, deadlines]", within: str = "handling", title: str = "$answer"
) -> Examined:
    return examine(SMALL % (use, within, title), "small.yaml")


def test_roles_fields_texts_and_deadlines_come_from_fragments() -> None:
    definition = small().definition
    assert definition is not None
    assert small().findings == ()
    assert str(definition.steps["do"].within) == "15 working days"  # type: ignore[union-attr]
    assert definition.steps["do"].actions["finish"].title == {"zh": "答复", "en": "Answer"}  # type: ignore[union-attr]
    assert definition.fields["phone"].private


def test_the_definitions_own_words_win_key_by_key() -> None:
    place = small().definition.fields["place"]  # type: ignore[union-attr]
    assert place.title == {"zh": "哪里", "en": "Where exactly"}
    assert place.type == "text"


def test_roles_that_nobody_names_stay_out() -> None:
    assert set(small().definition.roles) == {"clerk", "director"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("use", "within", "title", "rule", "remedy"),
    [
        ("[station-peopel]", "1 day", "$answer", "unknown-fragment", "station-people"),
        ("station-people", "1 day", "$anwser", "unknown-text", "answer"),
    ],
)
def test_names_that_nothing_bears_are_told_with_the_nearest(
    use: str, within: str, title: str, rule: str, remedy: str
) -> None:
    found = [finding for finding in small(use, within, title).findings if finding.rule == rule]
    assert len(found) == 1
    assert remedy in found[0].remedy["en"]
    assert found[0].line > 1


def test_a_fault_in_a_fragment_is_told_in_the_fragments_own_file(tmp_path: Path) -> None:
    (tmp_path / "fragments").mkdir()
    (tmp_path / "fragments" / "mine.yaml").write_text(
        "roles:\n  clerk: {staff of: station, functoin: clerk}\n  director: {staff of: station}\n"
    )
    path = tmp_path / "small.yaml"
    path.write_text(SMALL % ("mine", "1 day", "$answer"))
    fault = next(f for f in examine(path.read_text(), str(path)).findings if f.rule == "unknown-key")
    assert (Path(fault.file).name, fault.line) == ("mine.yaml", 2)
    assert "function" in fault.remedy["en"]


def test_two_fragments_that_differ_are_settled_by_the_definition(tmp_path: Path) -> None:
    (tmp_path / "fragments").mkdir()
    for name, days in (("a", 1), ("b", 2)):
        (tmp_path / "fragments" / f"{name}.yaml").write_text(f"deadlines: {{handling: {days} days}}\n")
    path = tmp_path / "small.yaml"
    text = SMALL % ("[a, b, station-people]", "handling", "$answer")
    assert [f.rule for f in examine(text, str(path)).findings if f.rule == "fragments-differ"] == ["fragments-differ"]
    settled = text.replace("texts:", "deadlines: {handling: 3 days}\ntexts:").replace("{zh: 哪里", "{zh: 哪里")
    assert not [f for f in examine(settled, str(path)).findings if f.rule == "fragments-differ"]


def test_fragments_that_use_each_other_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "fragments").mkdir()
    (tmp_path / "fragments" / "a.yaml").write_text("use: b\ndeadlines: {handling: 1 day}\n")
    (tmp_path / "fragments" / "b.yaml").write_text("use: a\ntexts: {answer: {zh: 答, en: A}}\n")
    path = tmp_path / "small.yaml"
    found = examine(SMALL % ("[a, station-people]", "handling", "$answer"), str(path)).findings
    assert not [f for f in found if "fragment" in f.rule]


def test_what_is_published_is_whole_and_knows_no_fragment() -> None:
    examined = small()
    assert isinstance(examined.body, dict)
    assert "use" not in examined.body
    assert restore(examined.body) == examined.definition


def test_every_fragment_of_the_library_can_be_read() -> None:
    for name in known_fragments():
        assert not [f for f in small(f"[{name}, station-people]", "1 day").findings if "fragment" in f.rule]


def test_the_library_loads() -> None:
    for path in library():
        load(path.read_text(encoding="utf-8"), str(path))
