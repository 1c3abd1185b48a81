"""The words for what can be wrong with a YAML file, in the languages of the house."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from definitions.finding import Finding
from definitions.source.excerpt import lines_of

Words = dict[str, str]


def _words(zh: str, en: str) -> Words:
    return {"zh": zh, "en": en}


#: Message and remedy of each rule; ``{0}`` and ``{1}`` stand for details.
FAULTS: dict[str, tuple[Words, Words]] = {
    "yaml-too-large": (
        _words("文件超过 {0} KiB。", "The file is larger than {0} KiB."),
        _words("请把流程拆成几个文件。", "Split the process into several files."),
    ),
    "yaml-encoding": (
        _words("文件不是 UTF-8 编码。", "The file is not encoded in UTF-8."),
        _words("请在编辑器中另存为 UTF-8 编码。", "Save it as UTF-8 in your editor."),
    ),
    "yaml-character": (
        _words("这里有一个看不见的字符（{0}）。", "There is a hidden character here ({0})."),
        _words("请删除后重新输入这一处。", "Delete it and type this place again."),
    ),
    "yaml-syntax": (
        _words("这里的 YAML 写法无法识别。", "The YAML cannot be understood here."),
        _words("请检查缩进、冒号和引号。", "Check indentation, colons and quotes."),
    ),
    "yaml-empty": (
        _words("文件是空的。", "The file is empty."),
        _words("请至少写明 id、title 和 intake。", "Write at least id, title and intake."),
    ),
    "yaml-several-documents": (
        _words("一个文件里只能有一份内容，这里又开始了一份。", "A file holds one document; another one starts here."),
        _words("请删除分隔线“---”，或分成两个文件。", "Remove the line “---”, or make two files."),
    ),
    "yaml-too-many-values": (
        _words("内容过多：超过 20000 项。", "There are more than 20,000 values."),
        _words("请把流程拆成几个文件。", "Split the process into several files."),
    ),
    "yaml-too-deep": (
        _words("层次过深：超过 30 层。", "The nesting is deeper than 30 levels."),
        _words("请减少嵌套。", "Nest less deeply."),
    ),
    "yaml-alias": (
        _words("不能使用引用“*{0}”。", "The alias “*{0}” is not allowed."),
        _words("请直接写出内容。", "Write the content out."),
    ),
    "yaml-anchor": (
        _words("不能使用锚点“&{0}”。", "The anchor “&{0}” is not allowed."),
        _words("请删除它；以“&”开头的文字要加引号。", "Remove it; put a text that starts with “&” in quotes."),
    ),
    "yaml-tag": (
        _words("不能使用类型标记“{0}”。", "The tag “{0}” is not allowed."),
        _words("请删除它；以“!”开头的文字要加引号。", "Remove it; put a text that starts with “!” in quotes."),
    ),
    "yaml-key-not-text": (
        _words("名称必须是一个词，不能是列表或映射。", "A key must be a word, not a list or a mapping."),
        _words(
            "请写成“名称: 内容”；以“{{”开头的文字要加引号。",
            "Write “key: value”; put a text that starts with “{{” in quotes.",
        ),
    ),
    "yaml-duplicate-key": (
        _words("“{0}”重复了，第 {1} 行已经写过。", "“{0}” is repeated; it is already on line {1}."),
        _words("请删除其中一个，或改用别的名称。", "Remove one of them, or give it another name."),
    ),
}

_TAB = "tab"
_UNCLOSED = ("expected ',' or", "end of stream")
_QUOTE = (
    _words("引号之后还有文字。", "There is text behind the closing quote."),
    _words("引号里的单引号要写两个，或改用双引号。", "Double a quote within quotes, or use double quotes."),
)

# what the parser says, in words of the office; the first that fits is taken
_SYNTAX: tuple[tuple[str, Words, Words], ...] = (
    (
        _TAB,
        _words("缩进里有制表符。", "There is a tab character in the indentation."),
        _words("请改用空格缩进。", "Indent with spaces."),
    ),
    (
        "mapping values are not allowed",
        _words("这里不应出现冒号，或缩进不对。", "A colon is not allowed here, or the indentation is wrong."),
        _words(
            "含有“: ”的文字要加引号；同级的名称要对齐。", "Put a text with “: ” in quotes; align keys of one level."
        ),
    ),
    (
        "expected ':'",
        _words("名称后面缺少冒号。", "A colon is missing after a key."),
        _words("请写成“名称: 内容”，冒号后有一个空格。", "Write “key: value”, with a space after the colon."),
    ),
    (
        "expected key",
        _words("这里应当是一个名称，可能是缩进不对。", "A key should stand here; perhaps the indentation is wrong."),
        _words("同级的名称要对齐。", "Align keys of one level."),
    ),
    (
        "expected ',' or",
        _words("括号里缺少逗号，或括号没有关闭。", "A comma is missing in brackets, or a bracket is not closed."),
        _words("请检查“{ }”和“[ ]”是否成对。", "Check that every { and [ has its partner."),
    ),
    (
        "end of stream",
        _words("引号或括号没有关闭。", "A quote or bracket is not closed."),
        _words("请补上缺少的引号或括号。", "Add the missing quote or bracket."),
    ),
    (
        "cannot start any token",
        _words("文字不能以这个字符开头。", "A text cannot start with this character."),
        _words("请给整段文字加上引号。", "Put the whole text in quotes."),
    ),
    (
        "escape",
        _words("双引号里的反斜杠写法不对。", "A backslash in double quotes is not written correctly."),
        _words("请改用单引号，或把“\\”写成“\\\\”。", "Use single quotes, or write “\\\\” for “\\”."),
    ),
)

# typed with a Chinese input method where YAML wants the plain sign
_FULL_WIDTH = {"：": ":", "，": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "｛": "{", "｝": "}", "【": "[", "】": "]"}
# full-width signs are right within Chinese texts: only behind a plain word, or where a value begins, they are slips
_MISTYPED = re.compile(r"""[A-Za-z0-9_"'\]}]\s*([：，｝】])|(?:[:,\[{]|^\s*-)\s*([“‘｛【])""")


def syntax_fault(error: yaml.MarkedYAMLError, text: str, name: str) -> Finding:
    """What the parser could not understand, where, and what is most probably meant."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = lines_of(text)
    here = lines[line - 1] if line <= len(lines) else ""
    if sign := _full_width(lines, line):
        return Finding("yaml-syntax", name, *sign.place, _explain(str(error.problem))[0], sign.remedy)
    opened = error.context_mark
    if opened and opened.line < line - 1 and any(part in str(error.problem) for part in _UNCLOSED):
        # where it was opened says more than where the parser gave up
        line, column = opened.line + 1, opened.column + 1
    elif here[: column - 1].rstrip(" ").endswith("'") and here.count("'") > 2:
        return Finding("yaml-syntax", name, line, column, *_QUOTE)
    return Finding(
        "yaml-syntax", name, line, column, *_explain(_TAB if here.lstrip(" ").startswith("\t") else str(error.problem))
    )


def _explain(problem: str) -> tuple[Words, Words]:
    for part, message, remedy in _SYNTAX:
        if part in problem:
            return message, remedy
    return FAULTS["yaml-syntax"]


@dataclass(frozen=True, slots=True)
class _Sign:
    place: tuple[int, int]
    remedy: Words


def _full_width(lines: Sequence[str], line: int) -> _Sign | None:
    """The full-width sign on the line of the fault, or the one before."""
    for number in (line, line - 1):
        text = lines[number - 1] if 1 <= number <= len(lines) else ""
        if found := _MISTYPED.search(text):
            sign, column = found[found.lastindex or 0], found.start(found.lastindex or 0) + 1
            plain = _FULL_WIDTH[sign]
            remedy = _words(
                f"附近有全角“{sign}”，请改用半角“{plain}”。", f"There is a full-width “{sign}” nearby: type “{plain}”."
            )
            return _Sign((number, column), remedy)
    return None
