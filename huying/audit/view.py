"""The audit log in words: its lines as they are asked for, and who looked at personal data how often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, select

from definitions.model.period import Period
from definitions.text import COLON, LISTED, Said
from huying.audit.kind import KINDS
from huying.audit.query import AuditQuery, conditions
from huying.audit.record import settle
from huying.database.connections import Database
from huying.database.tables import audit, participants

_c = audit.c
#: So many lines stand on a page, and at most in a sheet.
PAGE, SHEET = 100, 50_000
OUTCOMES: Mapping[str, Said] = {
    "done": Said("成", "done"),
    "refused": Said("未准", "refused"),
    "failed": Said("出错", "failed"),
}
_OBJECTS: Mapping[str, Said] = {
    "issue": Said("事项", "issue"),
    "file": Said("附件", "file"),
    "list": Said("清单", "list"),
    "person": Said("人员", "person"),
    "station": Said("站点", "station"),
    "process": Said("流程", "process"),
    "calendar": Said("日历", "calendar"),
    "connection": Said("外部系统", "connection"),
    "webhook": Said("对外推送", "webhook"),
    "register": Said("名册", "register"),
    "proposal": Said("提请", "proposal"),
    "grant": Said("权限", "grant"),
    "setting": Said("设置", "setting"),
    "backup": Said("备份", "backup"),
    "run": Said("运行", "run"),
    "key": Said("密钥", "key"),
    "hold": Said("保全", "hold"),
    "request": Said("申请", "request"),
    "retention": Said("保存期限", "retention"),
}
#: What is kept by a rule, by the key of the rule.
KEPT: Mapping[str, Said] = {
    "personal": Said("个人信息", "personal data"),
    "file": Said("事项整件", "whole issues"),
    "messages": Said("消息正文", "text of messages"),
    "letters": Said("来件", "what came in"),
    "effects": Said("系统动作", "what the system carried out"),
    "events": Said("对外推送", "what other systems were told"),
    "links": Said("过期链接", "links that are over"),
    "searches": Said("检索记录", "searches"),
}
_WAYS: Mapping[str, Said] = {
    "page": Said("网页", "page"),
    "api": Said("接口", "API"),
    "key": Said("接口密钥", "API key"),
    "link": Said("消息里的链接", "link in a message"),
    "code": Said("编号和查询码", "number and code"),
    "console": Said("控制台", "console"),
    "command": Said("命令行", "command line"),
    "system": Said("系统", "system"),
}
_DETAILS: Mapping[str, Said] = {
    "how": Said("方式", "how"),
    "fields": Said("字段", "fields"),
    "rows": Said("条数", "rows"),
    "people": Said("人数", "people"),
    "private": Said("带联系方式", "with contact data"),
    "said": Said("检索词", "sought"),
    "found": Said("结果", "found"),
    "issues": Said("事项", "issues"),
    "files": Said("文件", "files"),
    "faults": Said("问题", "faults"),
    "removed": Said("清理", "removed"),
    "before": Said("早于", "before"),
    "changes": Said("改动", "changes"),
    "role": Said("角色", "role"),
    "scope": Said("范围", "scope"),
    "kind": Said("种类", "kind"),
    "decision": Said("决定", "decision"),
    "version": Said("版本", "version"),
    "filter": Said("筛选", "filter"),
    "kept": Said("保留", "kept"),
    "way": Said("途径", "way"),
    "span": Said("保存", "kept for"),
    "area": Said("区域", "area"),
    "process": Said("流程", "process"),
}
#: What stands in details as a key, in words.
_VALUES: Mapping[str, Said] = {
    "passphrase": Said("口令", "passphrase"),
    "passkey": Said("通行密钥", "passkey"),
    "code": Said("验证码", "code"),
    "provider": Said("统一身份", "provider"),
    "link": Said("链接", "link"),
    "house": Said("全机构", "the whole house"),
    "area": Said("区域", "an area"),
    "station": Said("站点", "a station"),
    "file": Said("文件", "a file"),
    "sheet": Said("表格", "a sheet"),
    "paper": Said("打印", "paper"),
    "command": Said("命令行", "a command"),
    "contact": Said("联系方式", "contact data"),
    "reporter": Said("反映人", "reporter"),
    "approved": Said("批准", "approved"),
    "refused": Said("不批准", "refused"),
    "withdrawn": Said("撤回", "taken back"),
    "placed": Said("设置", "placed"),
    "lifted": Said("解除", "lifted"),
    "alone": Said("一人先办", "done alone"),
    "registrar": Said("名册管理员", "registrar"),
    "editor": Said("流程编辑", "process editor"),
    "publisher": Said("发布人", "publisher"),
    "supervisor": Said("督办人", "supervisor"),
    "auditor": Said("审计员", "auditor"),
    "privacy": Said("个人信息保护负责人", "privacy officer"),
    "system": Said("系统管理员", "system administrator"),
}
_YES, _NO = Said("是", "yes"), Said("否", "no")


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line in words; ``issue``: the number of the issue that it was about, if it was one."""

    seq: int
    at: datetime
    what: str
    sensitive: bool
    who: str
    through: str
    about: str
    object: str
    issue: str
    reason: str
    outcome: str
    outcome_words: str
    address: str
    agent: str
    session: str
    detail: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Lines, the newest first; ``before``: where the older ones begin, if there are any."""

    lines: tuple[AuditLine, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class LookerLine:
    """How often somebody saw or took out personal data in a span: in all, at most in a day, and by what."""

    person: int
    name: str
    times: int
    most: int
    what: str


def audit_page(database: Database, query: AuditQuery, zone: ZoneInfo, language: str, before: int = 0) -> AuditPage:
    """A page of the lines that are asked for; ``before``: older than this one."""
    settle()
    where = [*conditions(query, zone), *([_c.seq < before] if before else [])]
    wanted = select(audit).where(*where).order_by(_c.seq.desc()).limit(PAGE + 1)
    with database.reading() as connection:
        rows = connection.execute(wanted).all()
        lines = tuple(_lines(connection, rows[:PAGE], language))
    return AuditPage(lines, lines[-1].seq if len(rows) > PAGE else None)


def audit_lines(database: Database, query: AuditQuery, zone: ZoneInfo, language: str) -> Iterator[AuditLine]:
    """All lines that are asked for, the newest first, up to ``SHEET``."""
    settle()
    with database.reading() as connection:
        found = select(audit).where(*conditions(query, zone)).order_by(_c.seq.desc()).limit(SHEET)
        for rows in connection.execute(found).partitions(1_000):
            yield from _lines(connection, rows, language)


def lookers(database: Database, zone: ZoneInfo, language: str, now: datetime, days: int = 30) -> list[LookerLine]:
    """Who saw or took out personal data in the last days, most often first."""
    settle()
    sensitive = [key for key, one in KINDS.items() if one.sensitive]
    query = (
        select(_c.by_id, _c.what, _c.at)
        .where(_c.at >= now - timedelta(days=days), _c.what.in_(sensitive), _c.by_id.is_not(None))
        .where(_c.outcome == "done")
    )
    by_person: dict[int, list[tuple[str, datetime]]] = {}
    with database.reading() as connection:
        for row in connection.execute(query):
            by_person.setdefault(row.by_id, []).append((row.what, row.at))
        names = _names(connection, by_person)
    lines = [_looker(person, names, seen, zone, language) for person, seen in by_person.items()]
    return sorted(lines, key=lambda line: (-line.times, line.name))


def looked_today(connection: Connection, person: int, since: datetime) -> int:
    """How often somebody had personal data shown since a moment."""
    counted = select(func.count()).where(_c.by_id == person, _c.at >= since, _c.what == "private-shown")
    return int(connection.execute(counted).scalar_one())


def _looker(
    person: int, names: Mapping[int, str], seen: list[tuple[str, datetime]], zone: ZoneInfo, language: str
) -> LookerLine:
    days: dict[object, int] = {}
    kinds: dict[str, int] = {}
    for what, at in seen:
        day = at.astimezone(zone).date()
        days[day] = days.get(day, 0) + 1
        kinds[what] = kinds.get(what, 0) + 1
    told = (f"{KINDS[key].title.of(language)} {times}" for key, times in sorted(kinds.items(), key=lambda one: -one[1]))
    name = names.get(person, f"#{person}")
    return LookerLine(person, name, len(seen), max(days.values()), LISTED.of(language).join(told))


def _names(connection: Connection, people: Iterable[int]) -> dict[int, str]:
    query = select(participants.c.id, participants.c.name).where(participants.c.id.in_(list(people)))
    return {row.id: row.name for row in connection.execute(query)}


def _lines(connection: Connection, rows: Iterable[Row[Any]], language: str) -> Iterator[AuditLine]:
    found = list(rows)
    names = _names(connection, {one for row in found for one in (row.by_id, row.about_id, row.on_behalf_id) if one})
    for row in found:
        yield _line(row, names, language)


def _line(row: Row[Any], names: Mapping[int, str], language: str) -> AuditLine:
    kind, _, name = row.object.partition(":")
    known = KINDS.get(row.what)

    def person(number: int | None) -> str:
        return names.get(number, f"#{number}") if number else ""

    who = person(row.by_id)
    if row.on_behalf_id:
        who += Said(f"（代 {person(row.on_behalf_id)}）", f" (for {person(row.on_behalf_id)})").of(language)
    return AuditLine(
        seq=row.seq,
        at=row.at,
        what=known.title.of(language) if known else row.what,
        sensitive=known.sensitive if known else False,
        who=who,
        through=_way(row.via, language),
        about=person(row.about_id) if row.about_id != row.by_id else "",
        object=_object(kind, name, language) or row.object,
        issue=name if kind == "issue" else "",
        reason=row.reason,
        outcome=row.outcome,
        outcome_words=OUTCOMES[row.outcome].of(language) if row.outcome in OUTCOMES else row.outcome,
        address=row.address,
        agent=row.agent,
        session=row.session,
        detail=_detail(row.detail, language),
    )


def _object(kind: str, name: str, language: str) -> str:
    """What a line was about, in words; empty where nobody knows that kind of thing."""
    if kind == "retention" and name in KEPT:
        name = KEPT[name].of(language)
    return f"{_OBJECTS[kind].of(language)} {name}".strip() if kind in _OBJECTS else ""


def _way(via: str, language: str) -> str:
    kind, _, name = via.partition(":")
    return f"{_WAYS[kind].of(language)} {name}".strip() if kind in _WAYS else via


def _detail(detail: Mapping[str, Any], language: str) -> str:
    told = []
    for key, value in detail.items():
        if isinstance(value, bool):
            words = (_YES if value else _NO).of(language)
        elif isinstance(value, list):
            words = LISTED.of(language).join(map(str, value))
        elif key == "span" and value not in _VALUES:
            words = Period.parse(str(value)).words(language)
        else:
            parts = str(value).split("+")
            words = "+".join(_VALUES[part].of(language) if part in _VALUES else part for part in parts)
        title = _DETAILS[key].of(language) if key in _DETAILS else key
        told.append(f"{title}{COLON.of(language)}{words}")
    return Said("；", "; ").of(language).join(told)
