"""Findings: their order, their excerpts, and the exact place within what is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.finding import Finding, Unreadable, in_order
from definitions.problem import Problem
from definitions.source.excerpt import LONGEST_EXCERPT, excerpted, harmless, lines_of
from definitions.source.tree import read

WORDS = {"zh": "不对。", "en": "Wrong."}


def finding(line: int, column: int, *, file: str = "a.yaml", rule: str = "rule", en: str = "Wrong.") -> Finding:
    return Finding(rule, file, line, column, {"zh": "不对。", "en": en}, WORDS)


def test_findings_are_told_once_by_file_and_place() -> None:
    told = in_order(
        [
            finding(9, 1, file="b.yaml"),
            finding(3, 5),
            finding(3, 2),
            finding(3, 5),
            finding(3, 5, en="Wrong too."),
            finding(3, 5, rule="other"),
            finding(1, 1, file="b.yaml"),
        ]
    )
    assert [(f.file, f.line, f.column) for f in told] == [
        ("b.yaml", 1, 1),
        ("b.yaml", 9, 1),
        ("a.yaml", 3, 2),
        ("a.yaml", 3, 5),
        ("a.yaml", 3, 5),
        ("a.yaml", 3, 5),
    ]


@pytest.mark.parametrize(
    ("line", "column", "meant"),
    [
        ("title: {zh: 分类, en: Kind}", 13, "分类"),
        ("title: {zh: 分类, en: Kind}", 1, "title"),
        ("a: [x, y]", 5, "x"),
        ("a: ", 4, ""),
        ("a", 9, ""),
        ("a: *alias", 4, "*alias"),
        ("title：办公室", 1, "title"),
    ],
)
def test_a_place_alone_means_the_word_there(line: str, column: int, meant: str) -> None:
    shown = excerpted(finding(1, column), (line,))
    assert shown.excerpt == line
    assert line[column - 1 : column - 1 + shown.length] == meant
    assert shown.length >= 1


def test_of_a_long_line_only_the_part_around_the_place_is_shown() -> None:
    line = "x" * 400 + "meant" + "y" * 400
    shown = excerpted(finding(1, 401), (line,), 5)
    assert len(shown.excerpt) == LONGEST_EXCERPT
    start = shown.column - shown.excerpt_column
    assert shown.excerpt[start : start + shown.length] == "meant"


def test_a_place_outside_of_the_file_has_no_excerpt() -> None:
    assert excerpted(finding(7, 1), ("a",)).excerpt == ""


@given(st.text(max_size=300), st.integers(1, 4), st.integers(1, 400), st.none() | st.integers(1, 500))
def test_an_excerpt_never_reaches_beyond_what_it_shows(text: str, line: int, column: int, length: int | None) -> None:
    shown = excerpted(finding(line, column), lines_of(text), length)
    start = shown.column - shown.excerpt_column
    assert shown.length == 1 or start + shown.length <= len(shown.excerpt)
    assert harmless(shown.excerpt) == shown.excerpt
    assert len(shown.excerpt) <= LONGEST_EXCERPT


SOURCE = """\
plain: one == 'two' and three
single: 'one == ''two'' and three'
double: "one == \\"two\\" and\\x20three"
flow: {a: one == 'two' and three, b: 中文 one == 'two' and three}
block: |
  one == 'two'

    and three
folded: >-
  one ==
  'two' and
  three
broken: one == 'two'
  and three
broken in quotes: 'one == ''two''
  and three'
continued: "one == 'two' \\
  and three"
"""


@pytest.mark.parametrize(
    "path",
    [
        ("plain",),
        ("single",),
        ("double",),
        ("flow", "a"),
        ("flow", "b"),
        ("block",),
        ("folded",),
        ("broken",),
        ("broken in quotes",),
        ("continued",),
    ],
    ids=lambda path: ".".join(path),
)
@pytest.mark.parametrize("word", ["one", "two", "three"])
def test_a_word_within_a_text_is_found_however_the_text_is_written(path: tuple[str, ...], word: str) -> None:
    document = read(SOURCE, "a.yaml")
    node = document.find(path)
    value = str(node.plain()) if node else ""
    found = document.finding(Problem("rule", path, WORDS, WORDS, value.index(word), len(word)))
    line = SOURCE.splitlines()[found.line - 1]
    assert found.excerpt == line
    assert line[found.column - 1 : found.column - 1 + found.length] == word


@pytest.mark.parametrize(
    ("path", "key", "meant"),
    [
        (("plain",), False, "one == 'two' and three"),
        (("plain",), True, "plain"),
        (("single",), False, "'one == ''two'' and three'"),
        (("flow",), False, "{a: one == 'two' and three, b: 中文 one == 'two' and three}"),
        (("flow", "b"), True, "b"),
        (("flow", "nothing"), False, "flow"),
        (("broken",), False, "one == 'two'"),
        ((), False, "plain"),
    ],
)
def test_a_value_or_key_is_meant_as_far_as_it_reaches(path: tuple[str, ...], key: bool, meant: str) -> None:
    found = read(SOURCE, "a.yaml").finding(Problem("rule", path, WORDS, WORDS), key=key)
    assert found.excerpt[found.column - 1 : found.column - 1 + found.length] == meant


@given(st.text(alphabet="ab '\"\\中\n:#-", min_size=1, max_size=40), st.integers(0, 45))
def test_any_place_in_any_text_lies_in_the_file(text: str, position: int) -> None:
    quoted = text.replace("'", "''")
    try:
        document = read(f"a: '{quoted}'\nb: 1\n", "a.yaml")
    except Unreadable:
        return
    found = document.finding(Problem("rule", ("a",), WORDS, WORDS, position))
    assert 1 <= found.line <= len(document.text.splitlines()) + 1
    assert found.column >= 1


@pytest.mark.parametrize(
    ("text", "line", "meant"),
    [
        ("a: [1, 2\nb: 3\n", 1, "["),
        ('a: "open\nb: c\n', 1, '"open'),
        ("a: 'it's'\n", 1, "s'"),
        ("a: *x\n", 1, "*x"),
        ("b: 1\na: &x 1\n", 2, "&x"),
        ("a: 1\n中文: 2\na: 3\n", 3, "a"),
        ("a: 1\nb: \x07\n", 2, "�"),
        (b"a: \xe4\xb8\xad\xff\n", 1, "�"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_faults_of_yaml_show_what_is_meant(text: str | bytes, line: int, meant: str) -> None:
    try:
        found = read(text, "a.yaml").findings[0]
    except Unreadable as unreadable:
        found = unreadable.findings[0]
    start = found.column - 1
    assert found.line == line
    assert found.excerpt[start : start + found.length].startswith(meant)
