"""What two versions of a definition say otherwise in messages: event by event, text by text, piece by piece, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from definitions.model.message_rule import EVENT_TITLES, MESSAGE_PIECES, OUTLET_TITLES, PIECE_TITLES
from definitions.text import LISTED, Said

#: For which roles, and on which channels.
_For = tuple[tuple[str, ...], tuple[str, ...]]
RoleTitle = Callable[[str], Mapping[str, str]]
_NONE = Said("（无）", "(none)")
_YES, _NO, _AS_EVER = Said("是", "yes"), Said("否", "no"), Said("按各人和单位的选择", "as they and the office chose")


class MessageDifference(NamedTuple):
    """One value of a message that differs: where it stands, what it was and is, in words."""

    path: tuple[str, ...]
    before: Any
    after: Any
    message: Mapping[str, str]


def message_differences(before: Any, after: Any, title: RoleTitle) -> Iterator[MessageDifference]:
    """What differs of ``messages``, in the order of an issue's life; ``title``: what a role is called, by language."""
    for event in EVENT_TITLES:
        old, new = (before or {}).get(event) or {}, (after or {}).get(event) or {}
        for key, said in (("by", _by), ("urgent", _urgent)):
            if (old.get(key) or None) != (new.get(key) or None):
                yield MessageDifference(
                    ("messages", event, key),
                    old.get(key),
                    new.get(key),
                    {one: f"{_about(event, one)}{said(old.get(key), new.get(key), one)}" for one in ("zh", "en")},
                )
        yield from _texts(event, old.get("texts"), new.get("texts"), title)


def _texts(event: str, before: Any, after: Any, title: RoleTitle) -> Iterator[MessageDifference]:
    old, new = _by_whom(before), _by_whom(after)
    for whom in dict.fromkeys((*new, *old)):
        for piece in MESSAGE_PIECES:
            was, now = old.get(whom, {}).get(piece) or {}, new.get(whom, {}).get(piece) or {}
            if was == now:
                continue
            message = {}
            for language in ("zh", "en"):
                shown = language if was.get(language) != now.get(language) else _other(was, now)
                values = [one.get(shown) or _NONE.of(language) for one in (was, now)]
                head = f"{_about(event, language, whom, title)}{PIECE_TITLES[piece].of(language)}"
                message[language] = f"{head}{Said('：', ': ').of(language)}{' → '.join(values)}"
            yield MessageDifference(("messages", event, "texts", piece), was or None, now or None, message)


def _by_whom(texts: Any) -> dict[_For, Mapping[str, Any]]:
    many: Sequence[Any] = texts if isinstance(texts, list | tuple) else [texts] if texts else []
    return {(tuple(one.get("for") or ()), tuple(one.get("on") or ())): one for one in many}


def _other(was: Mapping[str, str], now: Mapping[str, str]) -> str:
    return next(language for language in (*now, *was) if was.get(language) != now.get(language))


def _about(event: str, language: str, whom: _For = ((), ()), title: RoleTitle | None = None) -> str:
    roles = [title(role)[language] for role in whom[0]] if title is not None else []
    channels = [OUTLET_TITLES[one].of(language) for one in whom[1]]
    named = LISTED.of(language).join((*roles, *channels))
    what = EVENT_TITLES[event].of(language)
    if not named:
        return Said(f"“{what}”的通知的", f"message “{what}”, ").of(language)
    return Said(f"“{what}”给{named}的通知的", f"message “{what}” for {named}, ").of(language)


def _by(before: Any, after: Any, language: str) -> str:
    values = (" › ".join(OUTLET_TITLES[one].of(language) for one in said or ()) for said in (before, after))
    shown = " → ".join(one or _AS_EVER.of(language) for one in values)
    return Said(f"方式：{shown}", f"channels: {shown}").of(language)


def _urgent(before: Any, after: Any, language: str) -> str:
    shown = " → ".join((_YES if said else _NO).of(language) for said in (before, after))
    return Said(f"紧急：{shown}", f"urgent: {shown}").of(language)
