"""The report of a check, as people see it."""

from __future__ import annotations

import io
import unicodedata

import pytest

from definitions.finding import Finding
from definitions.loader import examine
from definitions.source.excerpt import excerpted
from huying.processes.findings import CheckReport, coloured

MESSAGE, REMEDY = {"zh": "不对。", "en": "Wrong."}, {"zh": "请改。", "en": "Mend it."}


def report(line: str, column: int, length: int | None = None) -> CheckReport:
    return CheckReport([excerpted(Finding("rule", "a.yaml", 1, column, MESSAGE, REMEDY), (line,), length)])


def test_a_finding_shows_place_line_carets_and_both_languages() -> None:
    assert report("task: clark", 7).text() == (
        "a.yaml:1:7: rule\n"
        "    1 | task: clark\n"
        "      |       ^^^^^\n"
        "      = 不对。\n"
        "      → 请改。\n"
        "      = Wrong.\n"
        "      → Mend it.\n"
        "\n"
        "共 1 处问题。 1 fault."
    )


def test_one_language_may_do() -> None:
    assert "Wrong" not in report("a", 1).text(("zh",))
    assert report("a", 1).text(("en",)).endswith("→ Mend it.\n\n1 fault.")


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("title: {zh: 受理事项, en: Accpet}", "Accpet"),
        ("title: {zh: 受理事项, en: Accept}", "受理事项"),
        ("标题（全角）: ｆｕｌｌ x", "x"),
        ("cafe\u0301: 中文 x", "x"),
        ("a:\tb", "b"),
        ("半角ｶﾅ: x", "x"),
    ],
)
def test_carets_stand_under_what_is_meant_in_a_terminal(line: str, meant: str) -> None:
    at = line.index(meant)
    _, shown, carets, *_ = report(line, at + 1, len(meant)).text().splitlines()
    cells = [c for c in shown for _ in range(_width(c))]
    under = [c for c, below in zip(cells, carets.ljust(len(cells)), strict=False) if below == "^"]
    assert "".join(dict.fromkeys(under)) == "".join(dict.fromkeys(meant))
    assert carets.count("^") == sum(map(_width, meant))


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def test_findings_of_one_place_share_its_excerpt() -> None:
    two = [
        excerpted(Finding(rule, "a.yaml", 1, 1, {"zh": rule, "en": rule}, REMEDY), ("abc",))
        for rule in ("first", "second", "first")
    ]
    text = CheckReport(two).text(("en",))
    assert text.count("| abc") == 1
    assert "a.yaml:1:1: first, second\n" in text
    assert text.endswith("2 faults.")


def test_the_count_names_the_files_if_there_are_several() -> None:
    found = [Finding("rule", name, 1, 1, MESSAGE, REMEDY) for name in ("a.yaml", "b.yaml", "b.yaml")]
    assert CheckReport(found).text().endswith("2 个文件中有 2 处问题。 2 faults in 2 files.")


def test_nothing_in_a_file_can_steer_the_terminal() -> None:
    source = 'id: "\\e[31mred"\ntitle: {zh: "\\u202e\\e]0;x\\a", en: "a\\rb"}\nfields: {"\\e[2J": text}\n'
    shown = CheckReport(examine(source, "a\x1b[1m.yaml").findings).text()
    assert not [c for c in shown if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs")]


def test_colour_is_for_terminals_only() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert coloured(Terminal(), {"TERM": "xterm"})
    assert not coloured(Terminal(), {"TERM": "xterm", "NO_COLOR": "1"})
    assert not coloured(Terminal(), {"TERM": "dumb"})
    assert not coloured(io.StringIO(), {"TERM": "xterm"})
    assert "\x1b[1;31m" in report("abc", 1).text(coloured=True)
    assert "\x1b" not in report("abc", 1).text()


def test_a_fault_within_an_expression_is_shown_in_it() -> None:
    source = "id: x\nfields:\n  reply: {type: text, when: 'subject == ''中'' and subject | uper'}\n"
    text = CheckReport(examine(source, "a.yaml").findings).text(("en",))
    assert (
        "    3 |   reply: {type: text, when: 'subject == ''中'' and subject | uper'}\n"
        "      |                                                              ^^^^\n"
        "      = There is no function “uper”.\n"
        "      → Did you mean “upper”?\n"
    ) in text
