"""Signs of the Chinese keyboard are taken where they can mean one thing, and never touched within a text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from definitions.source.edit import edited
from definitions.source.place import Mark
from definitions.source.tree import read
from definitions.source.width import narrowed
from tests.examples import examples

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "definitions" / "library").rglob("*.yaml")) + sorted(
    (ROOT / "tests" / "definitions").rglob("*.yaml")
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("task：clerk", "task: clerk"),
        ("task： clerk", "task: clerk"),
        ("task:　clerk", "task: clerk"),
        ("other　than：look", "other than: look"),
        ("  - to：end", "  - to: end"),
        ("a: {zh：信访，en：Petition}", "a: {zh: 信访, en: Petition}"),
        ("a: {zh: 信访，en: Petition}", "a: {zh: 信访, en: Petition}"),
        ("a: {zh：请提交材料，并签名，en：Sign}", "a: {zh: 请提交材料，并签名, en: Sign}"),
        ("a：{to：end，as：done}", "a: {to: end, as: done}"),
        ("each: [clerk，deputy]", "each: [clerk, deputy]"),
        ("each：[clerk、deputy]", "each: [clerk, deputy]"),
        ("number: “{{ station.code }}-{{ year }}”", 'number: "{{ station.code }}-{{ year }}"'),
        ("within: 3 days　", "within: 3 days"),
        ("a: # 说明：一\n  task：clerk", "a: # 说明：一\n  task: clerk"),
        ("a: {to：end} # b：c", "a: {to: end} # b：c"),
    ],
)
def test_a_wide_sign_is_taken_as_the_plain_one(written: str, meant: str) -> None:
    assert edited(written, narrowed(written)) == meant
    assert read(written, "a.yaml").plain() == yaml.safe_load(meant)


@pytest.mark.parametrize(
    "text",
    [
        "help: 请注意：先登记，再办理",
        "help: {zh: 请注意：先登记，再办理, en: Mind}",
        "help: |\n  task：clerk\n  [a，b]",
        "help: >-\n  task：clerk",
        "help: 第一行\n  task：clerk",
        "help: 'task：clerk，a'",
        'help: "{zh：信访，en：Petition}"',
        'help: "第一行\n  task：clerk\n  end"',
        "# task：clerk",
        "zh: “是”",
        "en: “Yes”",
        "title: 【急件】路灯",
        "title: ［急件］",
        "title: “信访”",
        "options: [厦门，集美]",
    ],
)
def test_a_text_is_left_alone(text: str) -> None:
    assert narrowed(text) == ()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_is_changed_in_what_is_written_plainly(path: Path) -> None:
    assert narrowed(path.read_text("utf-8")) == ()


def test_places_are_those_of_the_file_as_it_is_written() -> None:
    document = read("a：1\nb: {c：x，d：y}\n", "a.yaml")
    assert document.plain() == {"a": 1, "b": {"c": "x", "d": "y"}}
    assert document.at(("a",)) == Mark(1, 3)
    assert document.at(("b", "d"), key=True) == Mark(2, 9)
    assert document.at(("b", "d")) == Mark(2, 11)


#: What a person would mean as signs of the language even if a program wrote it as a text.
_MEANT = re.compile(r"[a-z]+ ?[a-z]*[　 ]*[：，、]|“\{\{")
WORDS = (
    st.text(alphabet="信访办理：，、“”（）　｛｝［］abc de:,-{}[]'\"#1", max_size=14)
    .map(str.strip)
    .filter(lambda text: not _MEANT.search(text))
)
TREES = st.recursive(
    WORDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex("[a-z]{1,6}( [a-z]{1,4})?", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=12,
)


@examples(300)
@given(
    st.dictionaries(st.from_regex("[a-z]{1,6}", fullmatch=True), TREES, min_size=1, max_size=4),
    st.sampled_from([None, True, False]),
)
def test_what_a_program_writes_is_read_as_it_was_meant(tree: dict[str, object], flow: bool | None) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, default_flow_style=flow, width=60)
    assert yaml.safe_load(edited(text, narrowed(text))) == yaml.safe_load(text)


@examples(300)
@given(st.text(alphabet="ab：，、“” 　{}[]｛｝:,-#'\"\n信", max_size=40))
def test_narrowing_twice_changes_nothing(text: str) -> None:
    once = edited(text, narrowed(text))
    again = edited(once, narrowed(once))
    assert edited(again, narrowed(again)) == again
