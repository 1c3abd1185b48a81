"""The register of approved templates of a sender, as whoever keeps it sees and changes it.

What cannot be sent is said here, not when it is to be sent: a variable that nothing fills, or that is too short for what must stand there whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast, get_args

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from definitions.text import Said
from engine.refusal import Invalid, Unavailable
from huying.audit.record import AuditNote, note
from huying.database.tables import issues, sender_templates, senders
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.messages.approved import registers, values_of
from huying.words.mask import mask
from huying.words.occasions import OCCASION_TITLES
from notifications import (
    ANY,
    KINDS,
    TAKES,
    TEMPLATE_VALUES,
    WHOLE,
    ListedTemplate,
    ProviderFault,
    SenderKind,
    TemplateRules,
    TemplateState,
    TemplateValue,
    ValueKind,
    value_of,
)

LANGUAGES: Mapping[str, Said] = {
    ANY: Said("各种语言", "every language"),
    "zh": Said("中文", "Chinese"),
    "en": Said("英文", "English"),
}
EVERY = Said("其余各类", "All others")
#: Values as long as they come here, where no issue says how long its number is.
_USUAL: Mapping[str, str] = {"number": "XG-2026-00042", "until": "11月27日（周五）前", "code": "8K3P-22QX"}
_t, _s = sender_templates.c, senders.c


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateEntry:
    """A template as entered; ``number``: which one is changed, 0 for a new one. ``values``: by variable, what fills it, how long, of which kind."""

    number: int = 0
    occasion: str = ""
    language: str = ANY
    code: str = ""
    title: str = ""
    text: str = ""
    state: str = "draft"
    remark: str = ""
    values: Mapping[str, tuple[str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateLine:
    """A template on the page."""

    number: int
    occasion: str
    language: str
    code: str
    title: str
    text: str
    state: str
    remark: str
    values: tuple[TemplateValue, ...]
    changed_at: datetime

    @property
    def about(self) -> Said:
        """What it is for, in words."""
        if not self.occasion:
            return Said("还没有指定用途", "Not given to anything yet")
        return EVERY if self.occasion == ANY else OCCASION_TITLES.get(self.occasion, Said(self.occasion, self.occasion))


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePage:
    """The register of a sender. ``without``: occasions that cannot go out by it. ``fetches``: its provider can be asked for its templates."""

    key: str
    title: str
    kind: SenderKind[Any]
    lines: Sequence[TemplateLine]
    without: Sequence[Said]
    fetches: bool


def template_page(house: House, key: str) -> TemplatePage:
    """The register; ``NotFound`` for a sender that has none."""
    with house.database.reading() as connection:
        row, kind = _sender(connection, key)
        lines = connection.execute(
            select(sender_templates).where(_t.sender_key == key).order_by(_t.occasion, _t.id)
        ).all()
        register = registers(connection).get(key)
    bare = [said for name, said in OCCASION_TITLES.items() if register is None or register.find(name, "zh") is None]
    return TemplatePage(
        key=key,
        title=row.title,
        kind=kind,
        lines=sorted(map(_line, lines), key=lambda one: (not one.occasion, one.occasion == ANY)),
        without=bare,
        fetches=kind.lists is not None,
    )


def _line(row: Row[Any]) -> TemplateLine:
    return TemplateLine(
        number=row.id,
        occasion=row.occasion,
        language=row.language,
        code=row.code,
        title=row.title,
        text=row.text,
        state=row.state,
        remark=row.remark,
        values=values_of(row),
        changed_at=row.changed_at,
    )


def variables_of(kind: SenderKind[Any], line: TemplateLine | None) -> list[TemplateValue]:
    """The variables of a template's text in order, each with what is known of it."""
    assert kind.templates is not None
    if line is None:
        return []
    known = {one.theirs: one for one in line.values}
    rules = kind.templates
    return [
        known.get(name) or TemplateValue(theirs=name, ours="", longest=rules.longest(name), kind=rules.kind(name))
        for name in rules.names(line.text)
    ]


def keep_template(house: House, key: str, entry: TemplateEntry, by: By) -> int:
    """Write a template, or change one; its number. ``Invalid`` says what is wrong."""
    with house.database.writing() as connection:
        _, kind = _sender(connection, key)
        assert kind.templates is not None
        values = _values(kind, entry)
        errors = _errors(entry, values) | (_unfit(connection, entry, values) if entry.state == "approved" else {})
        if not errors and entry.state == "approved" and _taken(connection, key, entry):
            errors = {"occasion": _words("这种通知已有一个经批准的模板。", "One is approved for this already.")}
        if errors:
            raise Invalid(errors)
        row = {
            "occasion": entry.occasion,
            "language": entry.language,
            "code": entry.code.strip(),
            "title": entry.title.strip()[:200],
            "text": entry.text.strip(),
            "params": [
                {"theirs": one.theirs, "ours": one.ours, "longest": one.longest, "kind": one.kind} for one in values
            ],
            "state": entry.state,
            "remark": entry.remark.strip()[:500],
            "changed_at": by.now,
        }
        number = _write(connection, key, entry.number, row)
        _noted(connection, key, by, {"template": entry.code.strip(), "state": entry.state, "occasion": entry.occasion})
        return number


def _write(connection: Connection, key: str, number: int, row: Mapping[str, Any]) -> int:
    if not number:
        made = insert(sender_templates).values(sender_key=key, **row).returning(_t.id)
        return int(connection.execute(made).scalar_one())
    changed = connection.execute(
        update(sender_templates).where(_t.id == number, _t.sender_key == key).values(**row)
    ).rowcount
    if not changed:
        raise _none()
    return number


def remove_template(house: House, key: str, number: int, by: By) -> None:
    """Take a template out of the register; what was sent by it stays as it was sent."""
    with house.database.writing() as connection:
        gone = connection.execute(delete(sender_templates).where(_t.id == number, _t.sender_key == key)).rowcount
        if not gone:
            raise _none()
        _noted(connection, key, by, {"template": number, "state": "removed"})


def fetch_templates(house: House, key: str, by: By) -> int:
    """Ask the provider for its templates: known ones get its state and text, others come without an occasion; how many it has."""
    with house.database.reading() as connection:
        row, kind = _sender(connection, key)
    if kind.lists is None or kind.templates is None:
        raise _none()
    try:
        found = kind.lists(kind.credential(dict(row.fields or {}), dict(row.secret or {})))
    except ProviderFault as fault:
        said = mask(fault.result.reason)
        raise Unavailable(f"服务商没有给出模板：{said}", f"The provider did not give its templates: {said}") from None
    with house.database.writing() as connection:
        for one in found:
            _take(connection, key, kind.templates, one, by.now)
        _noted(connection, key, by, {"fetched": len(found)})
    return len(found)


def _take(connection: Connection, key: str, rules: TemplateRules, one: ListedTemplate, now: datetime) -> None:
    if not one.code:
        return
    said = {"title": one.title[:200], "remark": one.remark[:500], "text": one.text[:2000]}
    known = connection.execute(select(sender_templates).where(_t.sender_key == key, _t.code == one.code[:100])).all()
    for row in known:
        values = {**said, "state": _state(connection, row, rules, one)}
        if any(getattr(row, name) != value for name, value in values.items()):
            connection.execute(update(sender_templates).where(_t.id == row.id).values(**values, changed_at=now))
    if not known:
        fresh = {"sender_key": key, "occasion": "", "language": ANY, "code": one.code[:100], "params": []}
        connection.execute(insert(sender_templates).values(**fresh, **said, state=one.state, changed_at=now))


def _state(connection: Connection, row: Row[Any], rules: TemplateRules, one: ListedTemplate) -> str:
    """What the provider says, unless the office uses it no more, or somebody must look at it first: its variables are others now, say."""
    if row.state == "withdrawn" or one.state != "approved":
        return "withdrawn" if row.state == "withdrawn" else one.state
    filled = {value.theirs for value in values_of(row) if value.ours}
    whole = not row.occasion or filled >= set(rules.names(one.text))
    return "approved" if whole and not _taken(connection, row.sender_key, _line(row)) else "submitted"


def _values(kind: SenderKind[Any], entry: TemplateEntry) -> tuple[TemplateValue, ...]:
    rules = kind.templates
    assert rules is not None
    found = list[TemplateValue]()
    for name in rules.names(entry.text):
        ours, longest, takes = entry.values.get(name, ("", "", ""))
        most = (
            int(longest) if longest.isascii() and longest.isdigit() and 0 < int(longest) <= 200 else rules.longest(name)
        )
        known = cast(ValueKind, takes) if takes in get_args(ValueKind) else rules.kind(name)
        found.append(TemplateValue(theirs=name, ours=ours if ours in TEMPLATE_VALUES else "", longest=most, kind=known))
    return tuple(found)


Errors = dict[str, Mapping[str, str]]


def _words(zh: str, en: str) -> Mapping[str, str]:
    return {"zh": zh, "en": en}


def _errors(entry: TemplateEntry, values: Sequence[TemplateValue]) -> Errors:
    errors: Errors = {}
    if not entry.code.strip() or len(entry.code) > 100 or len(entry.code.split()) != 1:
        errors["code"] = _words("请填写服务商给的模板编号。", "Please enter the provider's code.")
    if not entry.text.strip() or len(entry.text) > 2000:
        errors["text"] = _words("请照批准的原样填写模板内容。", "Please enter the text as it was approved.")
    if entry.occasion not in ("", ANY, *OCCASION_TITLES) or entry.language not in LANGUAGES:
        errors["occasion"] = _words("请选择用在哪种通知上。", "Please choose what it is for.")
    if entry.state not in get_args(TemplateState):
        errors["state"] = _words("请选择状态。", "Please choose a state.")
    return errors


def _unfit(connection: Connection, entry: TemplateEntry, values: Sequence[TemplateValue]) -> Errors:
    """Why an approved template could not be filled; one that is for nothing yet need not be."""
    if not entry.occasion:
        return {}
    usual = _longest(connection)
    for one in values:
        if not one.ours:
            zh, en = f"请选择变量 {one.theirs} 填什么。", f"Please choose what fills {one.theirs}."
            return {f"value_{one.theirs}": _words(zh, en)}
        title = TEMPLATE_VALUES[one.ours]
        if one.ours not in TAKES[one.kind]:
            zh, en = (
                f"变量 {one.theirs} 放不下{title.zh}：它只收数字或字母。",
                f"{one.theirs} does not take: {title.en}.",
            )
            return {f"value_{one.theirs}": _words(zh, en)}
        need = len(value_of(usual, one.ours))
        if one.ours in WHOLE and one.longest < need:
            return {f"value_{one.theirs}": _too_short(one, title, need)}
    return {}


def _too_short(one: TemplateValue, title: Said, need: int) -> Mapping[str, str]:
    split = one.ours == "number"
    return _words(
        f"变量 {one.theirs} 只放得下 {one.longest} 个字，{title.zh}有 {need} 个字，截断就看不懂了。"
        f"请向服务商申请更长的变量{'，或把编号分成几段' if split else ''}。",
        f"{one.theirs} holds {one.longest} characters, and {title.en} has {need}; cut, nobody could read it. "
        f"Ask the provider for a longer variable{', or split the number into its parts' if split else ''}.",
    )


def _longest(connection: Connection) -> Mapping[str, str]:
    """Values as long as they come in this house."""
    query = select(issues.c.number).order_by(func.length(issues.c.number).desc(), issues.c.id.desc()).limit(1)
    return {**_USUAL, "number": connection.execute(query).scalar() or _USUAL["number"]}


def _taken(connection: Connection, key: str, entry: TemplateEntry | TemplateLine) -> bool:
    """Whether another one is approved for the same."""
    same = _t.sender_key == key, _t.occasion == entry.occasion, _t.language == entry.language, _t.state == "approved"
    if not entry.occasion:
        return False
    query = select(_t.id).where(*same, _t.id != entry.number).with_for_update()
    return connection.execute(query).first() is not None


def _sender(connection: Connection, key: str) -> tuple[Row[Any], SenderKind[Any]]:
    row = connection.execute(select(senders).where(_s.key == key)).one_or_none()
    kind = KINDS.get(row.kind) if row is not None else None
    if row is None or kind is None or kind.templates is None:
        raise _none()
    return row, kind


def _none() -> NotFound:
    return NotFound("没有这个模板。", "There is no such template.")


def _noted(connection: Connection, key: str, by: By, detail: Mapping[str, Any]) -> None:
    told = AuditNote(what="sender-kept", object=f"sender:{key}", by=by.somebody, detail=dict(detail), at=by.now)
    note(connection, told)
