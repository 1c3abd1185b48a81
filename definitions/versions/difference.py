"""The difference of two versions of a definition, by noun and in words: steps, actions, deadlines, roles, fields, and what an office says in them.

Both are compared as they are meant, not as they were written: short forms, the order of keys, comments and shared fragments make no difference.
What was only renamed is recognised, and the change inside it is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from definitions.model.definition import Definition
from definitions.model.duration import Reminder
from definitions.model.step import STAGES
from definitions.model.term import terms_of
from definitions.text import COLON, COMMA, LISTED, Said, spoken, words
from definitions.versions.counterparts import counterparts, dumped, steps_of
from definitions.versions.message import message_differences
from definitions.versions.words import ATTRIBUTES, PARTS

How = Literal["added", "removed", "changed", "renamed"]
#: What nobody's work depends on.
_ONLY_WORDS = frozenset({"title", "help", "say", "texts"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: the ``part`` (``step``, ``field``, ``role``, ``resolution``, ``limit`` or ``process``) and its key, what of it
    (``path``, empty for all of it), and the value before and after. ``matters``: whether anybody's work is other than before, or only words are.
    """

    part: str
    key: str
    how: How
    path: tuple[str, ...]
    before: Any
    after: Any
    message: Mapping[str, str]

    @property
    def matters(self) -> bool:
        """Whether it changes what happens."""
        return not (self.path and (self.path[-1] in _ONLY_WORDS or _ONLY_WORDS & set(self.path)))


def differences(old: Definition, new: Definition) -> tuple[Difference, ...]:
    """All of them: of the process itself, then step by step in the order of the new version, then roles, fields and the rest."""
    return tuple(_Comparison(old, new).found())


def plain(found: Difference) -> dict[str, Any]:
    """A difference for programs."""
    said = {"part": found.part, "key": found.key, "how": found.how, "path": list(found.path), "matters": found.matters}
    return {**said, "before": found.before, "after": found.after, "message": dict(found.message)}


class _Comparison:
    """Two definitions side by side."""

    def __init__(self, old: Definition, new: Definition) -> None:
        self._old, self._new = old, new
        self._goes = counterparts(old, new)
        self._before, self._after = self._goes.renamed(dumped(old)), dumped(new)

    def found(self) -> Iterator[Difference]:
        apart = {"id", "fields", "roles", "resolutions", "limits", "messages", *STAGES}
        for name in _in_order(self._before, self._after):
            if name not in apart:
                yield from self._value("process", "", (name,), self._before.get(name), self._after.get(name))
        yield from self._messages()
        yield from self._part("step", steps_of(self._before), steps_of(self._after))
        for part, name in (("role", "roles"), ("field", "fields"), ("resolution", "resolutions"), ("limit", "limits")):
            yield from self._part(part, self._before.get(name) or {}, self._after.get(name) or {})

    def _messages(self) -> Iterator[Difference]:
        said = (self._before.get("messages"), self._after.get("messages"))
        for path, before, after, message in message_differences(*said, lambda role: self._title("role", role)):
            how: How = "added" if before is None else "removed" if after is None else "changed"
            yield Difference("process", "", how, path, before, after, message)

    def _part(self, part: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
        was = {new: old for old, new in self._goes.of(part).items()}
        for key in _in_order(before, after):
            if key in was:
                yield self._renamed(part, key, (), was[key], key)
            if part == "step":
                for old, new in self._goes.actions.get(key, {}).items():
                    yield self._renamed(part, key, ("actions", new), old, new)
            if key not in before or key not in after:
                how: How = "added" if key in after else "removed"
                yield self._whole(part, key, how, before.get(key), after.get(key))
            else:
                yield from self._value(part, key, (), before[key], after[key])

    def _whole(self, part: str, key: str, how: How, before: Any, after: Any) -> Difference:
        title, name = self._title(part, key), PARTS[part]
        message = {
            "zh": f"{'新增' if how == 'added' else '删去'}{name['zh']}“{title['zh']}”",
            "en": f"{name['en']} “{title['en']}” {how}",
        }
        return Difference(part, key, how, (), before, after, message)

    def _renamed(self, part: str, key: str, path: tuple[str, ...], old: str, new: str) -> Difference:
        """That something has another name in definitions; what else is other about it is said apart."""
        title = self._action_title(key, new) if path else self._title(part, key)
        name = {"zh": "办理方式", "en": "action"} if path else PARTS[part]
        message = {
            "zh": f"{name['zh']}“{title['zh']}”的标识：{old} → {new}",
            "en": f"name of {name['en']} “{title['en']}”: {old} → {new}",
        }
        return Difference(part, key, "renamed", path, old, new, message)

    def _value(self, part: str, key: str, path: tuple[str, ...], before: Any, after: Any) -> Iterator[Difference]:
        if before == after:
            return
        if isinstance(before, dict) and isinstance(after, dict) and not _is_text(before, after) and len(path) < 4:
            for name in _in_order(before, after):
                yield from self._value(part, key, (*path, name), before.get(name), after.get(name))
            return
        how: How = "added" if before is None else "removed" if after is None else "changed"
        yield Difference(part, key, how, path, before, after, self._message(part, key, path, before, after))

    def _message(self, part: str, key: str, path: tuple[str, ...], before: Any, after: Any) -> dict[str, str]:
        if part == "field" and path == ("seen by",):
            return self._seen(key, before or [], after or [])
        if len(path) == 2 and path[0] == "actions" and (before is None or after is None):
            return self._action(key, path[1], added=before is None)
        said = {}
        for language in ("zh", "en"):
            what = self._what(part, key, path, language)
            values = " → ".join(self._said(path[-1] if path else "", one, language) for one in _filled(before, after))
            said[language] = f"{what}{COLON.of(language)}{values}"
        return said

    def _said(self, name: str, value: Any, language: str) -> str:
        """A value in words: a duration, the title of a step or role, or as it stands."""
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            several = [self._said(name, one, language) for one in value]
            return LISTED.of(language).join(several) or _shown(None, language)
        if isinstance(value, str) and name in ("within", "wait", "after", "every", "within each"):
            try:
                return terms_of(value).words(language)
            except ValueError:
                return value
        if isinstance(value, str) and name == "remind":
            return Reminder.parse(value).words(language)
        if isinstance(value, str) and name in ("to", "then", "leaves"):
            return self._named("step", value, language)
        if isinstance(value, str) and name in ("task", "each", "assign", "tell", "escalate", "fallback", "approved by"):
            return self._named("role", value, language)
        return _shown(value, language)

    def _seen(self, key: str, before: list[str], after: list[str]) -> dict[str, str]:
        """``role “assist” may now see “phone”``."""
        title = self._title("field", key)
        said: dict[str, list[str]] = {"zh": [], "en": []}
        for role in (*[one for one in after if one not in before], *[one for one in before if one not in after]):
            name, may = self._title("role", role), role in after
            said["zh"].append(f"“{name['zh']}”{'现在可以看' if may else '不能再看'}“{title['zh']}”")
            said["en"].append(f"role “{name['en']}” may {'now' if may else 'no longer'} see “{title['en']}”")
        if not before:
            said["zh"].append(f"其他人不能再看“{title['zh']}”")
            said["en"].append(f"others may no longer see “{title['en']}”")
        if not after:
            said["zh"].append(f"“{title['zh']}”不再限定谁看")
            said["en"].append(f"“{title['en']}” is no longer kept to some roles")
        return {"zh": "；".join(said["zh"]), "en": "; ".join(said["en"])}

    def _action(self, key: str, action: str, *, added: bool) -> dict[str, str]:
        title, step = self._action_title(key, action), self._title("step", key)
        return {
            "zh": f"“{step['zh']}”{'新增' if added else '删去'}办理方式“{title['zh']}”",
            "en": f"action “{title['en']}” of “{step['en']}” {'added' if added else 'removed'}",
        }

    def _action_title(self, key: str, action: str) -> dict[str, str]:
        for definition in (self._new, self._old):
            found = getattr(definition.steps.get(key), "actions", {}).get(action)
            if found is not None:
                return {language: words(found.title, language, action) for language in ("zh", "en")}
        return {"zh": action, "en": action}

    def _what(self, part: str, key: str, path: tuple[str, ...], language: str) -> str:
        """What differs, from the inside out: ``the way on of action “accept” of “register”``."""
        names = list(path)
        inner: list[str] = []
        if len(names) > 2 and names[0] == "actions":
            title = self._action_title(key, names[1])[language]
            inner, names = [Said(f"办理方式“{title}”", f"action “{title}”").of(language)], names[2:]
        attribute = [ATTRIBUTES[name][language] if name in ATTRIBUTES else name for name in names]
        whole = Said(f"“{self._title(part, key)[language]}”", f"“{self._title(part, key)[language]}”").of(language)
        outer = (
            []
            if part == "process"
            else [whole if part == "step" else f"{PARTS[part][language]}{Said('', ' ').of(language)}{whole}"]
        )
        if spoken(language) == "zh":
            return "的".join([*outer, *inner, *attribute])
        return " of ".join([*reversed(attribute), *reversed(inner), *outer])

    def _title(self, part: str, key: str) -> dict[str, str]:
        return {language: self._named(part, key, language) for language in ("zh", "en")}

    def _named(self, part: str, key: str, language: str) -> str:
        for definition in (self._new, self._old):
            if part == "step" and key in definition.steps:
                return words(definition.steps[key].title, language, key)
            if part == "field" and key in definition.data:
                return words(definition.data[key].title, language, key)
            if part == "role" and (key in definition.roles or key == "reporter"):
                return words(definition.role_title(key), language, key)
            if part == "resolution" and key in definition.resolutions:
                return words(definition.resolution_title(key), language, key)
        return ATTRIBUTES[key][language] if part == "limit" and key in ATTRIBUTES else key


def _in_order(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The keys of both, as the newer has them, those that are gone at the end."""
    return [*after, *(key for key in before if key not in after)]


def _filled(before: Any, after: Any) -> tuple[Any, Any]:
    """What is left out where the other one says yes is no."""
    if isinstance(before, bool) or isinstance(after, bool):
        return (False if before is None else before, False if after is None else after)
    return before, after


def _is_text(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether both are texts by language."""
    return all(isinstance(one.get("zh", one.get("en")), str) for one in (before, after))


def _shown(value: Any, language: str) -> str:
    """A value in a few words."""
    if value is None:
        return Said("无", "none").of(language)
    if isinstance(value, bool):
        return (Said("是", "yes") if value else Said("否", "no")).of(language)
    if isinstance(value, list):
        return LISTED.of(language).join(_shown(one, language) for one in value) or _shown(None, language)
    if isinstance(value, dict):
        if isinstance(value.get("zh", value.get("en")), str):
            return str(value.get(language) or next(iter(value.values())))
        sign = COLON.of(language)
        inside = (f"{_attribute(name, language)}{sign}{_shown(one, language)}" for name, one in value.items())
        return Said("（{}）", "({})").of(language).format(COMMA.of(language).join(inside))
    return str(value)


def _attribute(name: str, language: str) -> str:
    return ATTRIBUTES[name][language] if name in ATTRIBUTES else name
