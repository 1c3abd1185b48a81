"""A city of two districts for figures: stations in streets, a process that says what counts, and random lives that really happen."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from definitions.versions.migration import MigrationFile
from engine import State
from engine import event as e
from engine.due import due
from engine.refusal import Refusal
from huying.database import tables as t
from huying.database.connections import Database
from huying.house.by import By
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.issues.bulk import split
from huying.issues.decision import change
from huying.issues.deeds import act, happen
from huying.issues.opening import Report, open_issue
from huying.migrations.batches import begin, carry_on
from huying.migrations.plans import prepare
from huying.processes.publication import publish
from tests.template import Template

#: A Monday in autumn; what happens goes on into the next year.
BEGIN = datetime(2026, 9, 7, 1, 30, tzinfo=UTC)
KINDS, CHANNELS = ("lighting", "roads"), ("web", "phone", "counter")

MATTERS = """
id: matters
title: {zh: 诉求, en: Matters}
number: "{{ station.code }}-{{ year }}-{{ sequence | pad(5) }}"
fields:
  subject: {type: text, title: {zh: 主题, en: Subject}, required: true}
  kind: {type: choice, title: {zh: 类别, en: Kind}, required: true, options: {lighting: {zh: 照明, en: Lighting}, roads: {zh: 道路, en: Roads}}}
roles:
  clerk: {title: {zh: 工作人员, en: Clerk}, staff of: station}
  deputy: {title: {zh: 代表, en: MP}, deputies of: nearest station, pick: [least loaded], ladder: [district, city], answerable: true, fallback: clerk}
  lead: {title: {zh: 主办, en: Lead}, departments: lead}
resolutions:
  solved: {title: {zh: 已解决, en: Solved}, class: solved}
  explained: {title: {zh: 已说明, en: Explained}, class: answered}
  declined: {title: {zh: 不予受理, en: Declined}, class: excluded}
  silent: {zh: 未评价, en: No verdict}
urge: {by: reporter, every: 1 hour}
reopen: {within: 60 days, to: study, at most: 3}
promises: {chased by: deputy}
figures:
  satisfied: confirm.satisfied
  basically satisfied: confirm.so-so
  dissatisfied: confirm.dissatisfied
  returned: [study.return, handle.not-ours]
  met: talked
  grade: grade
  responded: reached
  unanswered: not reached
intake:
  register:
    title: {zh: 受理, en: Register}
    task: clerk
    within: 2 working days
    overdue: {tell: clerk}
    actions:
      accept: {title: {zh: 受理, en: Accept}, to: choose}
      decline: {title: {zh: 不予受理, en: Decline}, to: end, as: declined}
assignment:
  choose: {title: {zh: 分派, en: Assign}, assign: deputy, to: study}
  study:
    title: {zh: 研究, en: Study}
    task: deputy
    within: 3 working days
    overdue: {tell: clerk}
    actions:
      answer: {title: {zh: 答复, en: Answer}, to: confirm}
      send: {title: {zh: 交办, en: Send}, to: handle, ask: {lead: {type: department, title: {zh: 主办, en: Lead}}}}
      return: {title: {zh: 退回, en: Return}, to: register}
      hand-up: {title: {zh: 上交, en: Hand up}, hand up: deputy, to: study, then: confirm}
coordination:
  handle:
    title: {zh: 办理, en: Handle}
    task: lead
    within: 10 working days
    extend: {by: 5 working days, approved by: deputy}
    overdue: {tell: deputy}
    actions:
      reply:
        title: {zh: 答复, en: Reply}
        to: confirm
        promise: {what: promised, by: promised_by}
        ask:
          grade: {type: choice, title: {zh: 分类, en: Class}, options: {a: {zh: A, en: A}, b: {zh: B, en: B}}}
          talked: {type: date, title: {zh: 面商日, en: Talked on}, required: false}
          promised: {type: text, title: {zh: 承诺, en: Promised}, required: false}
          promised_by: {type: date, title: {zh: 何时, en: By}, required: promised is filled}
      not-ours: {title: {zh: 不属本单位, en: Not ours}, to: study}
closure:
  confirm:
    title: {zh: 评价, en: Verdict}
    task: reporter
    within: 5 working days
    overdue: {to: end, as: silent}
    actions:
      satisfied: {title: {zh: 满意, en: Satisfied}, to: end, as: solved, ask: {reached: {type: yes/no, title: {zh: 有没有响应, en: Reached}}}}
      so-so: {title: {zh: 基本满意, en: So-so}, to: end, as: explained}
      dissatisfied: {title: {zh: 不满意, en: Dissatisfied}, to: study}
  end: {title: {zh: 办结, en: End}, close: true}
"""

#: The same with another name for a step, and something else that counts as returned.
MATTERS_NEXT = (
    MATTERS.replace("  study:\n", "  research:\n")
    .replace("to: study", "to: research")
    .replace("study.return", "research.return")
)

#: (code, level, parent)
AREAS = (
    ("35", "city", None),
    ("3501", "district", "35"),
    ("3502", "district", "35"),
    ("350101", "street", "3501"),
    ("350102", "street", "3501"),
    ("350201", "town", "3502"),
)
#: (code, area); the city's own hall is of no district.
STATIONS = (("AA", "350101"), ("AB", "350102"), ("BA", "350201"), ("BB", "3502"), ("HALL", "35"))


@dataclass
class Streets:
    """The city and its people: by station its clerk; two departments with one person each; the office; residents."""

    house: House
    clerks: dict[str, int] = field(default_factory=dict)
    departments: dict[str, int] = field(default_factory=dict)
    residents: list[int] = field(default_factory=list)
    office: int = 0


def _row(connection: Connection, table: Table, **values: Any) -> int:
    key = connection.execute(insert(table), values).inserted_primary_key
    assert key is not None
    return int(key[0])


def _settle(connection: Connection, streets: Streets) -> None:
    areas: dict[str, int] = {}
    for code, level, parent in AREAS:
        names = {"code": code, "level": level, "name_zh": f"区域{code}", "name_en": f"Area {code}"}
        areas[code] = _row(connection, t.areas, **names, parent_id=areas.get(parent or ""))

    def person(name: str, kind: str, **serves: Any) -> int:
        who = {"name": name, "login": name, "kind": kind, "language": "zh", "active": True, "created_at": BEGIN}
        number = _row(connection, t.participants, **who)
        if serves:
            _row(connection, t.memberships, participant_id=number, **serves)
        return number

    office = {"code": "rd", "name_zh": "办公室", "name_en": "Office", "kind": "office", "active": True}
    streets.office = person(
        "office", "staff", organisation_id=_row(connection, t.organisations, **office), function="handler"
    )
    for code in ("cg", "gd"):
        made = _row(connection, t.organisations, code=code, name_zh=code, name_en=code, kind="department", active=True)
        streets.departments[f"organisation:{made}"] = person(
            f"handler-{code}", "department", organisation_id=made, function="handler"
        )
    for code, area in STATIONS:
        names = {"code": code, "name_zh": f"{code}站", "name_en": f"Station {code}", "kind": "area"}
        station = _row(connection, t.stations, **names, area_id=areas[area])
        streets.clerks[code] = person(f"clerk-{code}", "staff", station_id=station, function="clerk")
        for level in ("district", "city"):
            person(f"deputy-{code}-{level}", "deputy", station_id=station, function="deputy", level=level)
    streets.residents = [person(f"resident-{number}", "citizen") for number in range(3)]


def _founded(database: Database, folder: Path) -> Streets:
    streets = Streets(House(database, folder))
    with database.writing() as connection:
        _settle(connection, streets)
    publish(streets.house, MATTERS, "matters.yaml", Imprint("test", BEGIN))
    # the template is copied without its house
    streets.house = None  # type: ignore[assignment]
    return streets


#: What the streets have in their database.
STREETS = Template("streets", _founded)


@dataclass
class Lives:
    """Random lives of issues: the same seed lives the same."""

    streets: Streets
    seed: int
    now: datetime = BEGIN
    issues: list[int] = field(default_factory=list)
    happened: dict[str, int] = field(default_factory=dict)
    lived: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def live(self, days: int, each: int = 6) -> Lives:
        """So many days, on each of which several things happen."""
        for day in range(self.lived, self.lived + days):
            for part in range(each):
                self.now = BEGIN + timedelta(days=day, minutes=40 * part + self.chance.randint(0, 39))
                self._ring()
                self._something()
        self.lived += days
        return self

    def move_on(self) -> None:
        """All that is open goes on by the next version, in which a step is called otherwise."""
        house = self.streets.house
        self.now += timedelta(minutes=1)
        publish(house, MATTERS_NEXT, "matters.yaml", Imprint("test", self.now))
        written = MigrationFile.model_validate({"steps": {"study": {"to": "research"}}})
        order = begin(house, prepare(house, "matters", 1, 2, written), reason="改名", by="test", now=self.now)
        while carry_on(house, self.now, migration=order):
            pass

    # -- what happens

    def _something(self) -> None:
        what = self.chance.choices(
            ("open", "act", "urge", "supervise", "merge", "split", "reopen", "extend", "promise", "cancel", "withdraw"),
            (4, 14, 1, 0.6, 0.5, 0.4, 1, 1.2, 0.8, 0.3, 0.3),
        )[0]
        try:
            getattr(self, f"_{what}")()
        except Refusal:
            return
        self.happened[what] = self.happened.get(what, 0) + 1

    def _open(self) -> None:
        station = self.chance.choice(STATIONS)[0]
        receipt = open_issue(
            self.streets.house,
            Report(
                definition="matters",
                station=station,
                reporter=self.chance.choice(self.streets.residents),
                values={"subject": "路灯不亮", "kind": self.chance.choice(KINDS)},
                channel=self.chance.choice((*CHANNELS, "process")),
            ),
            request_id=f"open-{len(self.issues)}-{self.now.isoformat()}",
            now=self.now,
        )
        self.issues.append(receipt.issue_id)

    def _act(self) -> None:
        number, state = self._one("open")
        items = [one for one in state.items if not one.done and not one.waiting and one.kind in ("task", "extension")]
        item = self.chance.choice(items or self._nothing())
        party = self.chance.choice(item.candidates)
        who = self.streets.departments.get(party) or int(party.split(":")[1])
        if item.kind == "extension":
            allowed = self.chance.random() < 0.7
            happen(
                self.streets.house,
                number,
                e.Answer(item.number, "同意" if allowed else "不同意", agree=allowed),
                self._by(who),
            )
            return
        action, values = self._choice(item.step)
        act(self.streets.house, number, item.number, action, values, self._by(who))

    def _choice(self, step: str) -> tuple[str, Mapping[str, Any]]:
        chance = self.chance
        match step:
            case "register":
                return chance.choices(("accept", "decline"), (9, 1))[0], {}
            case "study" | "research":
                action = chance.choices(("answer", "send", "return", "hand-up"), (3, 5, 1, 5))[0]
                return action, {"lead": chance.choice(list(self.streets.departments))} if action == "send" else {}
            case "handle":
                return ("not-ours", {}) if chance.random() < 0.15 else ("reply", self._reply())
        action = chance.choices(("satisfied", "so-so", "dissatisfied"), (4, 1, 2))[0]
        return action, {"reached": chance.random() < 0.6} if action == "satisfied" else {}

    def _reply(self) -> dict[str, Any]:
        values: dict[str, Any] = {"grade": self.chance.choice(("a", "b"))}
        if self.chance.random() < 0.5:
            values["talked"] = self.now.date().isoformat()
        if self.chance.random() < 0.5:
            day = self.now + timedelta(days=self.chance.randint(1, 30))
            values |= {"promised": "换灯", "promised_by": day.date().isoformat()}
        return values

    def _urge(self) -> None:
        number, state = self._one("open")
        assert state.facts is not None
        happen(self.streets.house, number, e.Urge(), self._by(int(state.facts.reporter.split(":")[1])))

    def _supervise(self) -> None:
        number, _ = self._one("open")
        event = e.Supervise(f"participant:{self.streets.office}", "重要")
        happen(self.streets.house, number, event, self._by(self.streets.office))

    def _merge(self) -> None:
        number, _state = self._one("open")
        other, _ = self._one("open")
        if number != other:
            event = e.Merge(f"issue:{other}", "同一件事")
            happen(self.streets.house, number, event, self._by(self.streets.office))

    def _split(self) -> None:
        number, _ = self._one("open")
        values = {"subject": "另一件", "kind": self.chance.choice(KINDS)}
        receipt = split(self.streets.house, number, values, self._by(self.streets.office), reason="两件事")
        self.issues.append(receipt.issue_id)

    def _reopen(self) -> None:
        number, state = self._one("closed")
        assert state.facts is not None
        happen(self.streets.house, number, e.Reopen("又坏了"), self._by(int(state.facts.reporter.split(":")[1])))

    def _extend(self) -> None:
        number, state = self._one("open")
        items = [one for one in state.items if one.step == "handle" and one.kind == "task" and not one.done]
        item = self.chance.choice(items or self._nothing())
        who = self.streets.departments[item.candidates[0]]
        happen(self.streets.house, number, e.AskExtension(item.number, "5 working days", "材料未到"), self._by(who))

    def _promise(self) -> None:
        number, state = self._one("any")
        open_ones = [one for one in state.promises if one.status == "open"]
        one = self.chance.choice(open_ones or self._nothing())
        event: e.Event = (
            e.KeepPromise(one.number, "已换") if self.chance.random() < 0.6 else e.BreakPromise(one.number, "没料")
        )
        happen(self.streets.house, number, event, self._by(self.streets.office))

    def _cancel(self) -> None:
        number, _ = self._one("open")
        happen(self.streets.house, number, e.Cancel("误登"), self._by(self.streets.office))

    def _withdraw(self) -> None:
        number, state = self._one("open")
        assert state.facts is not None
        happen(self.streets.house, number, e.Withdraw("不用了"), self._by(int(state.facts.reporter.split(":")[1])))

    def _ring(self) -> None:
        """The clock acts on one issue at times: nobody's timers are always on the minute."""
        if self.chance.random() < 0.5 and self.issues:
            number = self.chance.choice(self.issues)
            for timer in due(self._state(number), self.now):
                try:
                    change(self.streets.house, number, e.Fire(timer.number), By(None, self.now))
                except Refusal:
                    return

    # -- at hand

    def _one(self, status: str) -> tuple[int, State]:
        known = [(number, self._state(number)) for number in self.issues]
        found: tuple[int, State] = self.chance.choice(
            [one for one in known if status in ("any", one[1].status)] or self._nothing()
        )
        return found

    def _state(self, number: int) -> State:
        with self.streets.house.database.reading() as connection:
            state: State = connection.execute(select(t.issues.c.state).where(t.issues.c.id == number)).scalar_one()
        return state

    def _by(self, who: int) -> By:
        return By(who, self.now, f"{self.now.isoformat()}-{self.chance.random()}")

    @staticmethod
    def _nothing() -> Any:
        raise _Nothing("没有。", "There is none.")


class _Nothing(Refusal):
    """Nothing to do it to."""


def forget_figures(house: House) -> None:
    """As before there were any figures: no columns, no rows."""
    columns = ("opened_on", "closed_on", "outcome", "verdict", "grade", "finish_at", "finish_on", "department_id")
    with house.database.writing() as connection:
        connection.execute(t.tallies.delete())
        connection.execute(update(t.issues).values({**dict.fromkeys(columns), "finished_late": False}))
