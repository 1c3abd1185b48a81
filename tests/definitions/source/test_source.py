"""The safe YAML reader: what it reads, where things stand, and what it refuses."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.finding import Finding, Unreadable, nearest
from definitions.source.place import Mark
from definitions.source.tree import Document, Mapping, Scalar, read
from tests.effort import modest
from tests.examples import examples

TEXT = """\
# a remark
id: lamp
title: {zh: 路灯, en: "Lamp"}
intake:
  register:
    task: clerk
    tell:
      - deputy
      - [a, b]
"""


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("on", "on"),
        ("off", "off"),
        ("yes", "yes"),
        ("No", "No"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("0", 0),
        ("-17", -17),
        ("0592", "0592"),
        ("0o17", "0o17"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2026-02-11", "2026-02-11"),
        ("2026-02-11T10:00:00Z", "2026-02-11T10:00:00Z"),
        ("1..5", "1..5"),
        ("1.5", 1.5),
        ("-.5", -0.5),
        ("1e3", 1000.0),
        (".", "."),
        ("+", "+"),
        ("1.", 1.0),
        ("1.e", "1.e"),
        ("01.5", "01.5"),
        ("e5", "e5"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("9" * 30, "9" * 30),
        ("'5'", "5"),
        ('"true"', "true"),
        ("|\n  line\n  line\n", "line\nline\n"),
        ("35020319900101001X", "35020319900101001X"),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_a_value_is_what_the_core_schema_says(written: str, value: object) -> None:
    found = read(f"a: {written}", "f.yaml").plain()
    assert found == {"a": value}
    assert type(found["a"]) is type(value)


def test_keys_are_always_text() -> None:
    assert read("{1: a, true: b, null: c, on: d, 1.0: e}", "f.yaml").plain() == {
        "1": "a",
        "true": "b",
        "null": "c",
        "on": "d",
        "1.0": "e",
    }


def test_every_key_and_value_knows_its_place() -> None:
    document = read(TEXT, "f.yaml")
    assert document.at(()) == Mark(2, 1)
    assert document.at(("title", "en")) == Mark(3, 21)
    assert document.at(("title", "en"), key=True) == Mark(3, 17)
    assert document.at(("intake", "register", "tell", 1, 0)) == Mark(9, 10)
    assert document.root.at(("intake", "register", "task")) == Mark(6, 11)


def test_a_path_that_leads_nowhere_gives_the_last_place_on_the_way() -> None:
    document = read(TEXT, "f.yaml")
    assert document.at(("intake", "register", "within")) == Mark(5, 3)
    assert document.at(("intake", "register", "tell", 7)) == Mark(7, 5)
    assert document.at(("nothing", "at", "all")) == Mark(2, 1)
    assert document.find(("nothing",)) is None
    assert document.find(("intake", "register", "task")) == Scalar("clerk", Mark(6, 11))


def test_nodes_keep_the_order_of_the_file() -> None:
    root = read("b: 1\na: 2\nc: 3\n", "f.yaml").root
    assert isinstance(root, Mapping)
    assert [key.value for key, _ in root.entries] == ["b", "a", "c"]


def test_line_ends_and_a_byte_order_mark_do_not_matter() -> None:
    assert read(b"\xef\xbb\xbfa: 1\r\nb:\r\n  - x\r\n", "f.yaml").plain() == {"a": 1, "b": ["x"]}


def test_all_duplicate_keys_are_found_at_once() -> None:
    document = read("a: 1\nb: {c: 1, c: 2}\na: 3\n", "f.yaml")
    assert document.plain() == {"a": 1, "b": {"c": 1}}
    assert [(f.rule, f.line, f.column) for f in document.findings] == [
        ("yaml-duplicate-key", 2, 11),
        ("yaml-duplicate-key", 3, 1),
    ]
    assert "第 1 行" in document.findings[1].message["zh"]


def test_reading_stops_when_nearly_everything_is_wrong() -> None:
    assert len(_findings("a: 1\n" * 5_000)) == 100


BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)

HOSTILE: list[tuple[str, str | bytes, str]] = [
    ("laughs", BOMB, "yaml-alias"),
    ("anchor", "a: &x 1", "yaml-anchor"),
    ("anchor on a mapping", "a: &x\n  b: 1", "yaml-anchor"),
    ("anchor that holds itself", "a: &x [*x]", "yaml-alias"),
    ("unknown alias", "a: *x", "yaml-alias"),
    ("alias as key", "*x : 1", "yaml-alias"),
    ("merge", "a: &x {b: 1}\nc:\n  <<: *x", "yaml-alias"),
    ("python object", "a: !!python/object/apply:os.system ['true']", "yaml-tag"),
    ("python name", "!!python/name:os.system", "yaml-tag"),
    ("binary", "a: !!binary aGVsbG8=", "yaml-tag"),
    ("harmless tag", "a: !!str 5", "yaml-tag"),
    ("local tag", "a: !Ref x", "yaml-tag"),
    ("bare tag", "a: ! x", "yaml-tag"),
    ("tag of a directive", "%TAG !e! tag:example.org,2026:\n---\na: !e!x 1", "yaml-tag"),
    ("two documents", "a: 1\n---\nb: 2", "yaml-several-documents"),
    ("second one empty", "a: 1\n---\n", "yaml-several-documents"),
    ("document after an end", "a: 1\n...\n---\nb: 1", "yaml-several-documents"),
    ("deep brackets", "[" * 31 + "]" * 31, "yaml-too-deep"),
    ("very deep brackets", "[" * 100_000, "yaml-too-deep"),
    ("very deep braces", "{" * 100_000, "yaml-too-deep"),
    ("very deep lists", "- " * 100_000, "yaml-too-deep"),
    ("very deep keys", "? " * 100_000, "yaml-too-deep"),
    ("deep by indentation", "".join(" " * n + "a:\n" for n in range(60)), "yaml-too-deep"),
    ("very many values", "[" + "1," * 20_001 + "]", "yaml-too-many-values"),
    ("very many keys", "".join(f"k{n}: 1\n" for n in range(10_001)), "yaml-too-many-values"),
    ("too large", "a: " + "x" * 262_144, "yaml-too-large"),
    ("too large in bytes", "a: " + "字" * 100_000, "yaml-too-large"),
    ("GBK", "标题: 路灯".encode("gbk"), "yaml-encoding"),
    ("UTF-16", "a: 1".encode("utf-16"), "yaml-encoding"),
    ("broken UTF-8", b"a: \xe4\xb8", "yaml-encoding"),
    ("overlong UTF-8", b"a: \xc0\x80", "yaml-encoding"),
    ("NUL", "a: \x00", "yaml-character"),
    ("escape", "a: \x1b[31m", "yaml-character"),
    ("surrogate", "a: \ud800", "yaml-character"),
    ("turned direction", "a: \u202eb", "yaml-character"),
    ("no width", "a: \u200b", "yaml-character"),
    ("hidden mark by escape", 'a: "x\\u200fy"', "yaml-character"),
    ("line separator", "a: x\u2028b: y", "yaml-character"),
    ("NUL by escape", 'a: "\\0"', "yaml-character"),
    ("direction by escape", 'a: "\\u202e"', "yaml-character"),
    ("NUL in a key by escape", '"a\\0": 1', "yaml-character"),
    ("list as key", "? [a]\n: 1", "yaml-key-not-text"),
    ("mapping as key", "{{x}}: 1", "yaml-key-not-text"),
    ("empty", "", "yaml-empty"),
    ("blank", "  \n\n", "yaml-empty"),
    ("remarks only", "# nothing\n", "yaml-empty"),
    ("null", "~", "yaml-empty"),
    ("marker only", "---\n", "yaml-empty"),
    ("tab", "a:\n\tb: 1", "yaml-syntax"),
    ("open quote", "a: 'x", "yaml-syntax"),
    ("open bracket", "a: [1, 2", "yaml-syntax"),
    ("closed twice", "a: {b: 1}}", "yaml-syntax"),
    ("wrong indentation", "a: 1\n b: 2", "yaml-syntax"),
    ("colon in text", "a: b: c", "yaml-syntax"),
    ("reserved", "a: @x", "yaml-syntax"),
    ("backquote", "a: `x`", "yaml-syntax"),
    ("bad escape", 'a: "\\q"', "yaml-syntax"),
    ("surrogate by escape", 'a: "\\ud800"', "yaml-syntax"),
    ("other YAML", "%YAML 3.0\n---\na: 1", "yaml-syntax"),
    ("directive twice", "%YAML 1.2\n%YAML 1.2\n---\na: 1", "yaml-syntax"),
    ("text and key", "a\nb: 1", "yaml-syntax"),
]


#: Calls that the reader may make before it refuses a file; the largest file that it reads at all costs less than half of them.
MOST_CALLS = 1_000_000


@pytest.mark.parametrize(("text", "rule"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_a_hostile_or_broken_file_is_refused_with_words_and_at_once(text: str | bytes, rule: str) -> None:
    findings = modest(lambda: _findings(text), MOST_CALLS)
    assert rule in {finding.rule for finding in findings}
    for finding in findings:
        assert finding.file == "f.yaml"
        assert finding.line >= 1
        assert finding.column >= 1
        assert all(finding.message[language] and finding.remedy[language] for language in ("zh", "en"))
        assert len(str(finding)) < 500


def _findings(text: str | bytes) -> tuple[Finding, ...]:
    try:
        return read(text, "f.yaml").findings
    except Unreadable as unreadable:
        return unreadable.findings


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("a:\n\tb: 1", "请改用空格缩进。"),
        ("A：1\nb: 2", "附近有全角“：”，请改用半角“:”。"),
        ("a: [1，2\nb: 1", "附近有全角“，”，请改用半角“,”。"),
    ],
)
def test_the_usual_slips_are_explained(text: str, zh: str) -> None:
    assert _findings(text)[0].remedy["zh"] == zh


def test_faults_before_a_fatal_one_are_told_too() -> None:
    with pytest.raises(Unreadable) as refused:
        read("a: 1\na: 2\nb: [\n", "f.yaml")
    assert [finding.rule for finding in refused.value.findings] == ["yaml-duplicate-key", "yaml-syntax"]
    assert "f.yaml:2:1:" in str(refused.value)


def test_the_largest_file_that_is_allowed_is_read_with_calls_in_proportion() -> None:
    text = "a:\n" + "".join(f"  - {{k: 值{n}, v: {n}}}\n" for n in range(3_900))
    document = modest(lambda: read(text, "f.yaml"), most=1_000_000)
    assert len(document.plain()["a"]) == 3_900


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(
        st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]),
        max_size=20,
    ),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=20,
)


@examples(150)
@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), PLAIN, min_size=1, max_size=4))
def test_what_is_written_as_json_is_read_back(value: dict[str, Any]) -> None:
    document = read(json.dumps(value, ensure_ascii=False), "f.yaml")
    assert document.findings == ()
    assert _close(document.plain(), value)


def _close(found: Any, value: Any) -> bool:
    if isinstance(value, float):
        return isinstance(found, int | float) and math.isclose(found, value)
    if isinstance(value, dict):
        return found.keys() == value.keys() and all(_close(found[key], value[key]) for key in value)
    if isinstance(value, list):
        return len(found) == len(value) and all(map(_close, found, value))
    return bool(found == value)


@examples(300)
@given(st.text(alphabet="ab1:-?,[]{}&*!|>'\"%@`#~ \n\t\r\\<.=路：\x00\ufeff", max_size=40) | st.binary(max_size=30))
def test_any_text_is_a_document_or_unreadable(text: str | bytes) -> None:
    try:
        document = read(text, "f.yaml")
    except Unreadable as unreadable:
        rules = [finding.rule for finding in unreadable.findings]
    else:
        assert isinstance(document, Document)
        rules = ["plain", str(document.plain())]
    assert rules


def test_the_nearest_word_is_found_or_none() -> None:
    assert nearest("titel", ["title", "intake"]) == "title"
    assert nearest("xyz", ["title", "intake"]) is None
    assert nearest("", []) is None
    assert nearest("t" * 100_000, ["t" * 100_000]) is not None
