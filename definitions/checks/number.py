"""The patterns of numbers: what they may use, that they can be made and shown, and that no two come out alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from definitions.expressions.error import ExpressionError
from definitions.expressions.expression import Template
from definitions.model.number import NUMBER_NAMES
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said

_LONGEST = 60
#: What an address and a page can show without disguise; brackets as in 〔2026〕12号 too.
_FIT = re.compile(r"(?!/|.*\.\.)[^\s<>\"'&?#%\\]+")
_REMEDY = Said(
    "例如 {{ station.code }}-{{ year }}-{{ sequence | pad(5) }}。",
    "For example {{ station.code }}-{{ year }}-{{ sequence | pad(5) }}.",
)
_OF_STATION_AND_YEAR = Said(
    "编号会重复：流水号按站点和年度各自从 1 数起。",
    "Issues would share a number: the sequence begins at 1 for each station and year.",
)
Sample = Mapping[str, Any]


def sample(code: str, year: int, sequence: int) -> Sample:
    """What a pattern sees of one issue."""
    return {"station": {"code": code}, "year": year, "sequence": sequence}


#: Issues that must not share a number: of two stations, of two years, and the first and the millionth.
SAMPLES = (sample("A", 2026, 1), sample("B", 2026, 1), sample("A", 2027, 1), sample("A", 2026, 1_000_000))


def check_pattern(
    path: Path, pattern: Template, samples: Sequence[Sample] = SAMPLES, said: Said = _OF_STATION_AND_YEAR
) -> Iterator[Problem]:
    """What is wrong with a pattern; ``said`` is the message when two of the samples come out alike."""
    others = sorted(pattern.names - set(NUMBER_NAMES) - {"station"})
    for name in others:
        yield unknown("unknown-name", path, Said("编号成分", "part of a number"), name, NUMBER_NAMES)
    if others:
        return
    if "sequence" not in pattern.names:
        yield problem(
            "number-without-sequence",
            path,
            Said("编号里没有流水号，各件事项的编号会重复。", "Without the sequence, issues would share a number."),
            Said("请加上 {{ sequence | pad(5) }}。", "Add {{ sequence | pad(5) }}."),
        )
        return
    try:
        numbers = [pattern.render(context) for context in samples]
    except ExpressionError as error:
        message = Said(f"编号算不出来：{error.message_zh}", f"The number cannot be made: {error.message_en}")
        yield problem("number-fails", path, message, _REMEDY)
        return
    if max(map(len, numbers)) > _LONGEST or not all(_FIT.fullmatch(number) for number in numbers):
        unfit = Said(
            f"编号最多 {_LONGEST} 个字符，不能有空格和 < > & ? # % 等符号。",
            f"A number has at most {_LONGEST} characters, without spaces and signs such as < > & ? # %.",
        )
        yield problem("number-unfit", path, unfit, _REMEDY)
    elif len(set(numbers)) < len(numbers):
        yield problem("number-repeats", path, said, _REMEDY)
