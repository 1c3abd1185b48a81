"""How long what is kept: what the office has said, by area and definition; else the definition itself; else what stands here.

The nearest word counts: of an issue, a rule for its area and definition goes before one for its area, an area before those above it; then a rule
for its definition; then ``keep`` in the definition; then the office's rule for everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from definitions.model.definition import Definition
from definitions.model.period import Period
from definitions.text import Said
from engine.refusal import Invalid
from huying.audit.record import AuditNote, note
from huying.database.tables import areas, retention_rules
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House

PERSONAL, FILE = "personal", "file"
_UNSAID = Said("", "")


@dataclass(frozen=True, slots=True)
class KeptThing:
    """Something that is kept for so long; never for less than ``least``, if a law or the house's own work asks for that."""

    key: str
    title: Said
    span: Period
    least: Period | None = None
    why: Said = _UNSAID
    #: Whether areas and definitions may have rules of their own.
    apart: bool = False


_ALL = (
    KeptThing(
        PERSONAL,
        Said("办结事项里的个人信息", "Personal data of closed issues"),
        Period(2),
        Period(30, "days"),
        Said(
            "不少于 30 天：办结后群众还可能要求重办。", "Not less than 30 days: it may be taken up again after closure."
        ),
        apart=True,
    ),
    KeptThing(
        FILE,
        Said("办结事项整件", "Closed issues as a whole"),
        Period(10),
        Period(1),
        Said("不少于 1 年：年度报告要用。", "Not less than a year: the yearly report is made of them."),
        apart=True,
    ),
    KeptThing(
        "messages", Said("已发消息的正文", "The text of messages that were sent"), Period(90, "days"), Period(7, "days")
    ),
    KeptThing(
        "letters",
        Said("处理完的来件：正文和原件", "What came in and was settled: words and originals"),
        Period(90, "days"),
        Period(7, "days"),
    ),
    KeptThing(
        "effects", Said("系统动作的记录", "What the system has carried out"), Period(90, "days"), Period(30, "days")
    ),
    KeptThing(
        "events", Said("对外推送的记录", "What was told to other systems"), Period(90, "days"), Period(30, "days")
    ),
    KeptThing(
        "links",
        Said("过期的登录链接和日程地址", "Log-in links and calendar addresses that are over"),
        Period(90, "days"),
    ),
    KeptThing(
        "searches",
        Said("按个人信息查找的记录", "Searches by personal data"),
        Period(3),
        Period(6, "months"),
        Said("不少于 6 个月：《网络安全法》第二十一条。", "Not less than 6 months: Cybersecurity Law, article 21."),
    ),
)
THINGS: Mapping[str, KeptThing] = {one.key: one for one in _ALL}


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """The office's own word about something, in an area (its id) and of a definition, if it names them."""

    what: str
    area: int | None
    definition: str
    span: Period


class Rules:
    """The rules that hold now."""

    def __init__(self, connection: Connection) -> None:
        self._said = {(one.what, one.area, one.definition): one.span for one in rules(connection)}
        self._above = {row.id: row.parent_id for row in connection.execute(select(areas.c.id, areas.c.parent_id))}

    def of(self, what: str) -> Period:
        """How long something is kept where nobody says more."""
        return self._said.get((what, None, ""), THINGS[what].span)

    def of_issue(self, what: str, definition: Definition, area: int) -> Period:
        """How long issues of a definition in an area keep ``personal`` data, or their ``file``."""
        here: int | None = area
        while here is not None:
            for key in (definition.id, ""):
                if said := self._said.get((what, here, key)):
                    return said
            here = self._above.get(here)
        return self.of_definition(what, definition)

    def of_definition(self, what: str, definition: Definition) -> Period:
        """The same where no area says otherwise."""
        own = definition.keep.personal if what == PERSONAL else definition.keep.file
        return self._said.get((what, None, definition.id)) or own or self.of(what)


def rules(connection: Connection) -> tuple[RetentionRule, ...]:
    """What the office has said and not taken back."""
    newest: dict[tuple[str, int | None, str], str] = {}
    for row in connection.execute(select(retention_rules).order_by(retention_rules.c.id)):
        newest[row.what, row.area_id, row.definition_key] = row.span
    return tuple(
        RetentionRule(what, area, definition, Period.parse(span))
        for (what, area, definition), span in newest.items()
        if span and what in THINGS
    )


@dataclass(frozen=True, slots=True)
class RuleWish:
    """A rule as entered: an empty ``span`` takes it back; ``area`` is a code."""

    what: str
    span: str
    reason: str
    area: str = ""
    definition: str = ""


def set_rule(house: House, wish: RuleWish, by: By) -> None:
    """Let something be kept for another time from now on; ``Invalid`` says what is wrong. Nothing is erased by it: that is proposed, and shown."""
    known = frozenset(one.key for one in house.processes.all_in_force(by.now))
    with house.database.writing() as connection:
        row = _checked(connection, known, wish)
        connection.execute(insert(retention_rules).values(**row, set_at=by.now, set_by_id=by.somebody))
        told = AuditNote(
            what="retention-changed",
            object=f"retention:{wish.what}",
            by=by.somebody,
            reason=wish.reason.strip(),
            detail=_said_of(wish, str(row["span"])),
            at=by.now,
        )
        note(connection, told)


def _said_of(wish: RuleWish, span: str) -> dict[str, str]:
    """For how long, an empty one was taken back; and where and of which process alone, if it says so."""
    apart = {"area": wish.area.strip(), "process": wish.definition} if THINGS[wish.what].apart else {}
    return {"span": span or "withdrawn", **{name: value for name, value in apart.items() if value}}


def _checked(connection: Connection, known: frozenset[str], wish: RuleWish) -> dict[str, object]:
    thing = THINGS.get(wish.what)
    if thing is None:
        raise NotFound("没有这一类。", "There is no such kind of thing.")
    errors: dict[str, Mapping[str, str]] = {}
    text = wish.span.strip()
    try:
        span = Period.parse(text) if text else None
    except ValueError as wrong:
        span, errors["span"] = None, getattr(wrong, "remedy", {"zh": str(wrong), "en": str(wrong)})
    if span and thing.least and thing.least.longer(span):
        errors["span"] = {"zh": f"太短了。{thing.why.zh}", "en": f"This is too short. {thing.why.en}"}
        if not thing.why.zh:
            least = {language: thing.least.words(language) for language in ("zh", "en")}
            errors["span"] = {"zh": f"太短了，不少于 {least['zh']}。", "en": f"Too short: not less than {least['en']}."}
    if not wish.reason.strip():
        errors["reason"] = {"zh": "请写明依据。", "en": "Please say on what ground."}
    area = _area(connection, wish.area.strip(), errors) if thing.apart else None
    definition = wish.definition if thing.apart else ""
    if definition and definition not in known:
        errors["definition"] = {"zh": "没有这个流程。", "en": "There is no such process."}
    if errors:
        raise Invalid(errors)
    return {
        "what": thing.key,
        "area_id": area,
        "definition_key": definition,
        "span": str(span) if span else "",
        "reason": wish.reason.strip()[:1000],
    }


def _area(connection: Connection, code: str, errors: dict[str, Mapping[str, str]]) -> int | None:
    if not code:
        return None
    found = connection.execute(select(areas.c.id).where(areas.c.code == code)).scalar_one_or_none()
    if found is None:
        errors["area"] = {"zh": "没有这个区域。", "en": "There is no such area."}
    return found
