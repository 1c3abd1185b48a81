"""What no finding may say: English under Chinese, Python, patterns, or a question that gives back what was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Literal, get_args, get_origin

from pydantic import WithJsonSchema

from definitions.composition.overrides import Override
from definitions.model.definition import Definition
from definitions.model.duration import UNITS
from definitions.model.vocabulary import Slot, berths, field_wanted, keys
from definitions.plans.plan import OpeningPlan, QuotaPlan, RotaPlan
from definitions.reference.words import WORDS
from definitions.trials.assumptions import Assumptions
from definitions.trials.scenario import Scenario
from definitions.versions.migration import MigrationFile

#: Every kind of file that is a model.
ROOTS = (Definition, tuple[Scenario, ...], Assumptions, Override, OpeningPlan, RotaPlan, QuotaPlan, MigrationFile)

#: Names that are the same in every language.
_NAMES = {
    "before",
    "more",
    "than",
    "after",
    "and",
    "xg",
    "ry",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "yaml",
    "utf",
    "json",
    "xor",
    "http",
    "kib",
    "mib",
    "true",
    "false",
    "endif",
    "asia",
    "shanghai",
    "gbk",
}
_QUOTED = re.compile(r"“[^”]*”|\{\{.*?\}\}|\{%.*?%\}|\{[^}]*\}+|\[[^\]]*\]|'[^']*'|\"[^\"]*\"|《[^》]*》")
_PYTHON = re.compile(
    r"Input should|instance of|\bNone\b|\bTrue\b|\bFalse\b|<class|Error\b|\{'|\['|\('|\bstr\b|\btuple\b|\bdict\b"
    r"|\\[dwsb]|\^\[|\[a-z\]|\)\?|Field required|validation|msg"
)


@cache
def vocabulary() -> frozenset[str]:
    """Every word of the language itself: of its keys, of values that it names, of its phrases."""
    found = _NAMES | {word for said in WORDS.values() for word in _words(said.zh)}
    for root in ROOTS:
        for part in berths(root):
            for key, field in keys(part).items():
                found |= _words(key)
                found |= {word for value in literals(field_wanted(field)) for word in _words(str(value))}
                found |= {word for value in examples(field_wanted(field)) for word in _words(value)}
    return frozenset(found | {word for unit in UNITS for word in (*_words(unit), *_words(unit.removesuffix("s")))})


def literals(wanted: Slot) -> Iterator[object]:
    """The values that are named where a few may stand."""
    for one in wanted.alternatives():
        if get_origin(one.annotation) is Literal:
            yield from get_args(one.annotation)
        elif (inner := one.items or one.values) is not None:
            yield from literals(inner)


def examples(wanted: Slot) -> Iterator[str]:
    """The phrases that the JSON Schema shows."""
    for one in wanted.alternatives():
        yield from map(str, one.examples)
        for schema in (made.json_schema or {} for made in one.metadata if isinstance(made, WithJsonSchema)):
            yield from (str(said) for each in (schema, *schema.get("oneOf", ())) for said in each.get("examples", ()))


def _words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Za-z]{2,}", text)}


def absurd(message: Mapping[str, str], remedy: Mapping[str, str], allowed: Iterable[str] = ()) -> list[str]:
    """What is wrong with the words of a finding; ``allowed`` are names of the file itself."""
    wrong = []
    for words in (message, remedy):
        if set(words) != {"zh", "en"} or not all(text.strip() for text in words.values()):
            return ["not in both languages"]
        plain = _QUOTED.sub("", words["zh"])
        english = _words(plain) - vocabulary() - {word for name in allowed for word in _words(name)}
        if english:
            wrong.append(f"English under Chinese: {sorted(english)}")
        if not words["zh"].endswith(("。", "？")):
            wrong.append("no sentence in Chinese")
        if not words["en"].endswith((".", "?")):
            wrong.append("no sentence in English")
        if re.search(r"[\u4e00-\u9fff]", _QUOTED.sub("", words["en"])):
            wrong.append("Chinese under English")
        wrong += [f"Python: {found[0]}" for text in words.values() if (found := _PYTHON.search(text))]
    asked = re.search(r"Did you mean “(.*)”\?", remedy["en"])
    if asked and f"“{asked[1]}”" in message["en"]:
        wrong.append(f"asks for what was written: {asked[1]}")
    return wrong
