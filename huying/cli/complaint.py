"""What argparse says of a wrong call, in both languages. Its English sentences are all the interface that it has."""

from __future__ import annotations

import re

from definitions.text import Said

#: The sentence, and the Chinese and English ones for it.
_SENTENCES: tuple[tuple[str, str, str], ...] = (
    (r"the following arguments are required: (.+)", "缺少：{0}。", "Missing: {0}."),
    (r"one of the arguments (.+) is required", "须写其中一项：{0}。", "One of these is needed: {0}."),
    (r"unrecognized arguments: (.+)", "不认识：{0}。", "Not known: {0}."),
    (
        r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)",
        "{0}：没有 {1}，可选：{2}。",
        "{0}: there is no {1}; choose from {2}.",
    ),
    (
        r"argument (.+?): not allowed with argument (.+)",
        "{0} 不能与 {1} 同用。",
        "{0} cannot be given together with {1}.",
    ),
    (r"argument (.+?): expected (?:one|1) argument", "{0} 后面要写一个值。", "{0} needs a value."),
    (r"argument (.+?): expected at least one argument", "{0}：至少写一个。", "{0}: at least one is needed."),
    (r"argument (.+?): ignored explicit argument (.+)", "{0} 后面不能写值：{1}。", "{0} takes no value: {1}."),
    (
        r"ambiguous option: (\S+) could match (.+)",
        "{0} 可以是 {1}，请写全。",
        "{0} could be {1}; please write it in full.",
    ),
)


def complaint(sentence: str) -> Said:
    """The sentence in both languages; one that is not known stays as it is."""
    for pattern, zh, en in _SENTENCES:
        found = re.fullmatch(pattern, sentence, re.DOTALL)
        if found:
            return Said(zh.format(*found.groups()), en.format(*found.groups()))
    return Said(sentence, sentence)
