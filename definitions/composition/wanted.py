"""What should stand at a place of a file, in the words of an office: made from the model, so that a new key needs no words of its own here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo

from definitions.expressions.expression import Expression, Template
from definitions.model.node import NAME
from definitions.model.step import Step
from definitions.model.vocabulary import Part, Slot, berths, field_wanted, keys
from definitions.reference.words import WORDS
from definitions.text import LISTED, Said

#: So many keys are listed; more would be read by nobody.
_MOST = 9
_LONGEST = 40
#: Behind which key of a part a single word was probably meant, a time and any other.
_TIMES = ("within", "by", "for", "every", "after", "length")
_WORDS = ("tell", "until", "to", "assign", "what", "of", "by", "from", "type", "zh")
#: Which of the keys that a part need not have is shown first.
_OFTEN = ("until", "to", "within", "tell", "by", "type", "title")
_OR = Said("，或 ", ", or ")


def written(value: Any) -> str:
    """A value as it would be written in a file, shortened."""
    text = _written(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_written(one) for one in value) + "]"
    return str(value)


def listed(names: Iterable[str]) -> Said:
    """Names, the first of them if there are many."""
    several = list(names)
    more = len(several) > _MOST
    zh, en = (between.join(several[:_MOST]) for between in LISTED)
    return Said(f"{zh} 等" if more else zh, f"{en} and others" if more else en)


def meaning(part: Part | None, key: str) -> Said | None:
    """What a key means in a part, if the reference says it."""
    return WORDS.get(f"{part.__name__}.{key}" if part else key) or WORDS.get(key)


def form(several: Iterable[Slot], value: Any = None) -> Said:
    """How that is written which may stand at a place; ``value`` is what stands there instead."""
    forms = list(dict.fromkeys(_form(one, value) for one in several))
    if not forms:
        return Said("另一种写法", "something else")
    return Said(*(between.join(one[at] for one in forms) for at, between in enumerate(_OR)))


def example(field: FieldInfo) -> str:
    """What could stand behind a key."""
    several = field_wanted(field).alternatives()
    return next((said for one in several if (said := _example(one))), "…")


def _form(wanted: Slot, value: Any) -> Said:
    if wanted.part is not None:
        return _group(wanted.part, value)
    inner = next(iter(wanted.items.alternatives())) if wanted.items else None
    if inner is not None and inner.part is not None and not _schema_example(wanted):
        one = _group(inner.part, value)
        return Said(f"{one.zh}，或几项的列表", f"{one.en}, or a list of several")
    for made in (_choice, _number, _text, _several):
        if said := made(wanted):
            return said
    shown = _example(wanted) or "…"
    return Said(f"文字，例如 {shown}", f"a text such as {shown}") if shown != "…" else Said("文字", "a text")


def _group(part: Part, value: Any) -> Said:
    """A part: its keys; and if a single word stands there, the key behind which it may have been meant."""
    names = keys(part)
    if isinstance(value, str) and (key := _meant(names, value)):
        shown = f"{{{key}: {value[:_LONGEST]}}}"
    else:
        first = _first(names)
        shown = "{" + ", ".join(f"{name}: {example(names[name])}" for name in first) + "}"
    several = listed(names)
    return Said(f"例如 {shown}（可以写 {several.zh}）", f"such as {shown} (it can have {several.en})")


def _first(names: Mapping[str, FieldInfo]) -> list[str]:
    """The keys that a part must have; if there are none, one that is often written."""
    must = [name for name, field in names.items() if field.is_required()]
    return must or [name for name in _OFTEN if name in names][:1] or list(names)[:1]


def _meant(names: Mapping[str, FieldInfo], value: str) -> str | None:
    likely = _TIMES if re.match(r"[0-9]", value) else _WORDS
    return next((key for key in likely if key in names), None)


def _choice(wanted: Slot) -> Said | None:
    """A few words or values."""
    if wanted.annotation is bool:
        return Said("true 或 false", "true or false")
    values = get_args(wanted.annotation) if get_origin(wanted.annotation) is Literal else ()
    if not values:
        return None
    shown = [_written(one) for one in values]
    return Said(*(between.join(shown) for between in LISTED))


def _number(wanted: Slot) -> Said | None:
    if wanted.annotation not in (int, float):
        return None
    least, most = (_bound(wanted, *names) for names in (("ge", "gt"), ("le", "lt")))
    kind = Said("整数", "an integer") if wanted.annotation is int else Said("数字", "a number")
    if least is not None and most is not None:
        return Said(f"{least:g} 到 {most:g} 的{kind.zh}", f"{kind.en} from {least:g} to {most:g}")
    return Said(f"{kind.zh}，例如 1", f"{kind.en} such as 1")


def _bound(wanted: Slot, *names: str) -> float | None:
    found = [getattr(one, name) for one in _metadata(wanted) for name in names if getattr(one, name, None) is not None]
    return found[0] if found else None


def _text(wanted: Slot) -> Said | None:
    """A name, a text, an expression."""
    if wanted.annotation is Expression:
        return Said("条件或算式，例如 amount > 100", "an expression such as amount > 100")
    if wanted.annotation is Template:
        return Said("文字，可以带 {{ 字段 }}", "a text, which can hold {{ a field }}")
    if is_name(wanted):
        return Said("一个名字（小写字母、数字、连字符），例如 hand-up", "a name in lower case, such as hand-up")
    return None


def is_name(wanted: Slot) -> bool:
    """Whether it is a name that the definition itself gives."""
    return any(getattr(one, "pattern", None) == NAME for one in _metadata(wanted))


def _metadata(wanted: Slot) -> Iterator[Any]:
    for one in wanted.metadata:
        yield one
        yield from getattr(one, "metadata", ())


def _several(wanted: Slot) -> Said | None:
    """Lists, texts by language, and mappings of names."""
    if wanted.values is not None:
        if get_args(wanted.annotation)[0] is str and _spoken(wanted.values):
            return Said("每种语言一句，例如 {zh: …, en: …}", "a text in each language, {zh: …, en: …}")
        shown = _example(next(iter(wanted.values.alternatives()))) or "…"
        return Said(f"“名字: 内容”，例如 {{name: {shown}}}", f"names with their values, such as {{name: {shown}}}")
    if wanted.items is not None and _schema_example(wanted) is None:
        inner = next(iter(wanted.items.alternatives()))
        if inner.annotation is str or is_name(inner):
            return Said("一个名字，或列表，例如 [a, b]", "a name, or a list such as [a, b]")
        return Said(f"列表，每项{_form(inner, None).zh}", f"a list, each {_form(inner, None).en}")
    return None


def _spoken(values: Slot) -> bool:
    return any(one.annotation in (str, Template) for one in values.alternatives())


def _example(wanted: Slot) -> str | None:
    """What could stand there, if that is short."""
    if wanted.examples:
        return str(wanted.examples[0])
    if shown := _schema_example(wanted):
        return shown
    if wanted.part is not None:
        return "{" + ", ".join(f"{name}: …" for name in _first(keys(wanted.part))) + "}"
    if wanted.values is not None:
        return "{zh: …, en: …}" if get_args(wanted.annotation)[0] is str and _spoken(wanted.values) else "{name: …}"
    if wanted.items is not None:
        return f"[{_example(next(iter(wanted.items.alternatives()))) or '…'}]"
    if (choice := _choice(wanted)) is not None:
        return choice.en.split(", ")[0].split(" or ")[0]
    if wanted.annotation in (int, float):
        return f"{_bound(wanted, 'ge') or 1:g}"
    return None


def _schema_example(wanted: Slot) -> str | None:
    """The example that the JSON Schema shows too."""
    for one in wanted.metadata:
        if isinstance(one, WithJsonSchema) and one.json_schema:
            for schema in (one.json_schema, *one.json_schema.get("oneOf", ())):
                if schema.get("examples"):
                    return str(schema["examples"][0])
    return None


def belongs(root: Any, key: str, near: Part | None) -> Said | None:
    """Where a key belongs: the nearest few of the parts that have it, seen from one of them; ``None`` if no part has it."""
    every = berths(root)
    having = [part for part in every if key in keys(part)]
    if not having:
        return None
    above = {berth.above for berth in every.get(near, ())} if near else set()
    below = {part for part, several in every.items() if any(berth.above is near for berth in several)}
    having.sort(key=lambda part: 0 if part in below else 1 if part in above else 2)
    labels = list(dict.fromkeys(_label(part, having, every) for part in having))[:3]
    return Said(*(between.join(label[at] for label in labels) for at, between in enumerate(LISTED)))


def _label(part: Part, having: list[Part], every: Mapping[Part, Any]) -> Said:
    """How a part is called: by its kind if it is a step, else by the keys behind which it stands."""
    if issubclass(part, Step):
        kinds = [one.step_kind.key for one in having if issubclass(one, Step)]
        zh, en = listed(kinds[:4])
        return Said(f"步骤（{zh}{' 等' if len(kinds) > 4 else ''}）", f"a step ({en}{' …' if len(kinds) > 4 else ''})")
    behind = list(dict.fromkeys(berth.key for berth in every[part]))
    if not behind:
        return Said("最外层", "the top level")
    quoted = [f"“{key}”" for key in behind[:2]]
    return Said(f"{''.join(quoted)}之下", " or ".join(quoted))
