"""A scenario played over HTTP: each of its steps is a call of the API by the person whose task it is, and its expectations are looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
from sqlalchemy import Connection, select, update

from definitions.model.field import Field
from definitions.model.step import WaitingStep
from definitions.model.steps.call import CallStep
from definitions.model.steps.publish import PublishStep
from definitions.model.steps.request import RequestStep
from definitions.trials.scenario import Expected, Happening, Scenario
from engine import Process, State
from engine.change import ItemOpened, MadeAnswerable, RoleGiven, SupervisorNamed
from engine.draft import Draft
from engine.effect import Request
from engine.event import Fire, Message, Result
from engine.rehearsal.cue import due_on, shelved, suits, target
from engine.rehearsal.time import later
from engine.rules.roles import told
from huying.access import parties
from huying.connections.calls import OWN
from huying.database.tables import deliveries, history, issues, outbox, timers
from huying.effects.carriers import carry, not_carried
from huying.effects.outcome import give_back
from huying.house.by import By
from huying.issues.decision import change
from huying.outbox.claims import claim_effects
from huying.register.directory import RegisterDirectory
from tests.scenarios.stage import DEPARTMENTS, LONG_AGO, OPENERS, PEOPLE, City

#: How the issues that others call come to their end, for those that a scenario ends.
CHILDREN: Mapping[str, tuple[tuple[str, str, dict[str, Any]], ...]] = {
    "contact-station solved": (
        ("clerk", "accept", {"kind": "request"}),
        ("deputy", "answer", {"reply": "已修好。"}),
        ("reporter", "satisfied", {"stars": 5}),
    ),
    "contact-station answered": (("clerk", "accept", {"kind": "enquiry"}), ("clerk", "answer", {"reply": "已说明。"})),
    "suggestion satisfied": (
        ("office", "admit", {}),
        ("office", "assign", {"lead": "department 1"}),
        ("lead", "take", {}),
        (
            "lead",
            "reply",
            {"talked_on": "2026-01-05", "talked_how": "visit", "reply": "已办。", "grade": "a", "signed_by": "王"},
        ),
        ("office", "pass", {"public_text": "已办。"}),
        ("reporter", "satisfied", {}),
    ),
}


#: How deeds are called over HTTP, where they are called otherwise.
KINDS: Mapping[str, str] = {
    "question": "ask",
    "extend": "ask-extension",
    "shelve": "ask-shelving",
    "approve": "answer",
    "refuse": "answer",
}


class Play:
    """One scenario played over HTTP."""

    def __init__(self, town: City, key: str, scenario: Scenario) -> None:
        self.town = town
        self.key = key
        self.scenario = scenario
        self.issue = 0
        self.last_delivery = self.last_effect = 0

    def run(self) -> None:
        """Open the issue and take one step after the other; an ``AssertionError`` says where it goes otherwise."""
        self.open()
        for number, happening in enumerate(self.scenario.steps, start=1):
            try:
                self._step(happening)
            except AssertionError as error:
                raise AssertionError(f"{self.scenario.title['en']}, step {number}: {error}") from error
            self.carry()

    @property
    def process(self) -> Process:
        return self.town.house.processes.process(self._row().definition_version_id)

    @property
    def state(self) -> State:
        state: State = self._row().state
        return state

    def _row(self) -> Any:
        with self.town.house.database.reading() as connection:
            return connection.execute(select(issues).where(issues.c.id == self.issue)).one()

    @property
    def number(self) -> str:
        """The issue's number."""
        return str(self._row().number)

    def open(self) -> None:
        """Open the issue as the scenario says."""
        given = self.scenario.given
        definition = self.town.house.processes.process(self.town.house.processes.newest(self.key).id)
        kind = given.reporter or next(iter(definition.definition.opened_by), "citizen")
        local = datetime.strptime(given.at, "%Y-%m-%d %H:%M").replace(tzinfo=definition.calendar.zone)
        self.town.clock.now = local.astimezone(UTC)
        opener = self.town.people[OPENERS[kind]]
        fields = self._answers(given.form, definition)
        body = {"definition": self.key, "station": given.station, "fields": fields}
        answer = self.town.call("POST", "/issues", opener, body)
        assert answer.status_code == 201, answer.text
        self.issue = answer.json()["issue_id"]
        self.opener = opener
        self.carry()

    def _answers(self, given: Mapping[str, Any], process: Process) -> dict[str, Any]:
        return {name: self._answer(process, name, value) for name, value in given.items()}

    def _answer(self, process: Process, name: str, value: Any) -> Any:
        field_ = process.definition.data.get(name)
        steps = process.definition.steps.values()
        if any(isinstance(step, PublishStep) and step.publish.of == name for step in steps):
            return self._closed_issue()
        return self._answer_of(field_, value)

    def _answer_of(self, field_: Field | None, value: Any) -> Any:
        if isinstance(value, tuple | list):
            return [self._answer_of(field_, one) for one in value]
        if isinstance(value, dict) and field_ is not None:
            return {key: self._answer_of(field_.columns.get(key), cell) for key, cell in value.items()}
        if field_ is None or not isinstance(value, str):
            return value
        if field_.type in ("department", "departments"):
            return f"organisation:{self._department(value)}"
        if field_.type in ("person", "people"):
            return f"participant:{self._person(value)}"
        return self._another_issue() if field_.type == "issue" else value

    def _department(self, label: str) -> int:
        label = label.replace("organisation:", "department ")
        return self.town.departments[
            DEPARTMENTS[int(label.split()[1]) - 1] if label.startswith("department ") else label
        ]

    def _person(self, label: str) -> int:
        if label == "reporter":
            return self.opener
        return self.town.people[PEOPLE[int(label.split()[1]) - 1] if label.startswith("person ") else label]

    def _another_issue(self) -> str:
        citizen = self.town.people["liguyu"]
        body = {"definition": "pothole", "station": "XG", "fields": {"place": "望海路"}}
        return str(self.town.call("POST", "/issues", citizen, body).json()["number"])

    def _closed_issue(self) -> str:
        """What is told of in public is closed."""
        number = self._another_issue()
        query = select(issues.c.id).where(issues.c.number == number)
        with self.town.house.database.reading() as connection:
            other = connection.execute(query).scalar_one()
        body = {"kind": "withdraw", "reason": "好了"}
        answer = self.town.call("POST", f"/issues/{other}/events", self.town.people["liguyu"], body)
        assert answer.status_code == 201, answer.text
        return number

    def _step(self, happening: Happening) -> None:
        if happening.then is not None:
            self._compare(happening.then)
        elif happening.after is not None:
            self._pass_time(later(self.town.clock.now, happening.after, self.process.calendar))
        elif happening.result is not None:
            self._result(happening)
        elif happening.child is not None:
            self._child(happening.child)
        elif happening.message is not None:
            event = Message(happening.message, dict(happening.with_))
            change(self.town.house, self.issue, event, By(None, self.town.clock.now))
        else:
            self.deed(happening.by or "", happening.do or "", dict(happening.with_), happening.to, happening.refused)

    def deed(
        self, role: str, do: str, given: dict[str, Any], to: str | None = None, refused: str | None = None
    ) -> None:
        """Somebody in a role does something, through the API."""
        values = self._answers(given, self.process)
        found = self._item(role, do)
        answers: list[httpx.Response] = []
        for person in self._persons(role, found):
            if found is not None and do in self._actions(found) and found.kind == "task":
                path, body = f"/tasks/{self.issue}/{found.number}/{do}", {"fields": values}
            elif do in self.process.definition.options:
                path, body = f"/issues/{self.issue}/events", self._option(do, values)
            else:
                path, body = f"/issues/{self.issue}/events", self._event(do, found, values, to)
            answers.append(self.town.call("POST", path, person, body))
            if answers[-1].status_code not in (403,):
                break
        assert answers, f"nobody is {role}"
        answer = answers[-1]
        if refused is None:
            assert answer.status_code in (200, 201), f"{role} {do}: {answer.status_code} {answer.text}"
        else:
            assert answer.status_code >= 400, f"{role} {do} was to be refused"

    def _option(self, do: str, values: dict[str, Any]) -> dict[str, Any]:
        return {"kind": "take-option", "option": do, "values": values}

    def _actions(self, item: Any) -> Mapping[str, Any]:
        step = self.process.definition.steps[item.step]
        return step.offered(item.role) if isinstance(step, WaitingStep) else {}

    def _item(self, role: str, do: str) -> Any:
        mine = [
            i
            for i in self.state.items
            if not i.done and not i.waiting and (i.role == role or role == "staff" or self._holds(role, i))
        ]
        fitting = [i for i in mine if (i.kind == "task" and do in self._actions(i)) or suits(i, do)]
        return next(iter(fitting or mine), None)

    def _holds(self, role: str, item: Any) -> bool:
        return not self.parties_of(role).isdisjoint((*item.candidates, item.delegate, item.offered))

    def _persons(self, role: str, item: Any) -> list[int]:
        if role == "staff":
            return [self.town.people["wenruyu"]]
        wanted = self.parties_of(role)
        of_item = [party for party in item.candidates if party in wanted or item.role == role] if item else []
        with self.town.house.database.reading() as connection:
            found = [one for party in (of_item or sorted(wanted)) for one in parties.people(connection, party)]
        return list(dict.fromkeys(found))

    def _event(self, do: str, item: Any, values: dict[str, Any], to: str | None) -> dict[str, Any]:
        number = item.number if item else 0
        reason, text = str(values.pop("reason", "演练")), str(values.pop("text", ""))
        whom = self._somebody(to) if to else ""
        made = next((p.number for p in self.state.promises if p.status != "kept"), 0)
        bodies: dict[str, dict[str, Any]] = {
            "withdraw": {"reason": reason},
            "urge": {"text": text},
            "reopen": {"reason": reason, "to": to, "values": values},
            "keep-promise": {"promise": made, "text": text},
            "break-promise": {"promise": made, "reason": reason},
            "answer": {"item": number, "text": text},
            "question": {"item": number, "of": whom, "text": text, "how": "question"},
            "delegate": {"item": number, "to": whom, "reason": reason},
            "transfer": {"item": number, "to": whom, "reason": reason},
            "extend": {"item": number, "length": values.get("length"), "reason": reason},
            "shelve": {"item": number, "day": values.get("day"), "reason": reason},
            "approve": {"item": number, "text": text},
            "refuse": {"item": number, "text": text, "agree": False},
            "unshelve": {"visit": shelved(self.state), "reason": reason},
            "move-deadline": {
                "target": str(target(self.state, str(values.get("of")))),
                "to": values.get("day"),
                "reason": reason,
            },
        }
        return {"kind": KINDS.get(do, do), **bodies[do]}

    def _somebody(self, label: str) -> str:
        if label.startswith("department"):
            return f"organisation:{self._department(label)}"
        # somebody of whom the process knows nothing, such as another office that is asked
        return next(iter(sorted(self.parties_of(label))), f"participant:{self._person('person 1')}")

    def parties_of(self, role: str) -> frozenset[str]:
        """Everybody who has held a role in this issue, and who would hold it now."""
        state, process = self.state, self.process
        found: set[str] = {f"participant:{self.opener}"} if role == "reporter" else set()
        with self.town.house.database.reading() as connection:
            rows = connection.execute(select(history.c.changes).where(history.c.issue_id == self.issue)).scalars().all()
            for one in (change for changes in rows for change in changes):
                match one:
                    case ItemOpened(item=item) if item.role == role:
                        found.update(item.candidates)
                    case RoleGiven(role=given, parties=who) if given == role:
                        found.update(who)
                    case SupervisorNamed(parties=who) if role == "supervisors":
                        found.update(who)
                    case MadeAnswerable(party=party) if role == "answerable":
                        found.add(party)
            if role in process.definition.roles:
                directory = RegisterDirectory(connection, process.calendar, self.town.clock.now)
                found.update(told(Draft(process, state, self.town.clock.now, directory), (role,)))
        return frozenset(found)

    def carry(self, *, requests: bool = False) -> None:
        """Carry out the effects of all issues; calls of other systems wait until the scenario says what comes of them."""
        for _ in range(20):
            pending = [
                e
                for e in claim_effects(self.town.house, self.town.clock.now, 500)
                if requests or not isinstance(e.effect, Request)
            ]
            if not pending:
                break
            for effect in pending:
                carry(self.town.house, effect, self.town.clock.now)

    def _result(self, happening: Happening) -> None:
        waiting = [v for v in self.state.visits if isinstance(self.process.definition.steps[v.step], RequestStep)]
        assert waiting, "no step waits for another system"
        self.town.sink.answer = dict(happening.with_)
        with self.town.house.database.writing() as connection:
            connection.execute(
                update(outbox)
                .where(outbox.c.kind == "request", outbox.c.status == "pending")
                .values(available_at=LONG_AGO)
            )
        errands = [
            e
            for e in claim_effects(self.town.house, self.town.clock.now, 500)
            if isinstance(e.effect, Request) and e.issue_id == self.issue
        ]
        for errand in errands:
            if happening.result == "ok" and errand.effect.connection in OWN:
                # what the house answers itself is what the scenario says it answered
                said = Result(errand.effect.visit or 0, values=dict(happening.with_))
                give_back(self.town.house, errand, said, "result", self.town.clock.now)
            elif happening.result == "ok":
                carry(self.town.house, errand, self.town.clock.now)
            else:
                given_up = replace(errand, attempts=100)
                not_carried(self.town.house, given_up, happening.result or "", self.town.clock.now)

    def _child(self, resolution: str) -> None:
        visit = next(v for v in self.state.visits if isinstance(self.process.definition.steps[v.step], CallStep))
        assert visit.called, "the called issue has been opened"
        child = Play(self.town, self.process.definition.steps[visit.step].call, self.scenario)  # type: ignore[union-attr]
        child.issue, child.opener = int(visit.called.split(":")[1]), self.opener
        for role, do, values in CHILDREN[f"{child.key} {resolution}"]:
            child.deed(role, do, values)
            self.carry()

    def _pass_time(self, until: datetime) -> None:
        for _ in range(200):
            query = select(timers.c.number, timers.c.due_at).where(
                timers.c.issue_id == self.issue, timers.c.due_at <= until
            )
            with self.town.house.database.reading() as connection:
                ready = connection.execute(query.order_by(timers.c.due_at, timers.c.number).limit(1)).one_or_none()
            if ready is None:
                break
            self.town.clock.now = max(self.town.clock.now, ready.due_at)
            change(self.town.house, self.issue, Fire(ready.number), By(None, self.town.clock.now))
            self.carry()
        self.town.clock.now = until

    def _compare(self, expected: Expected) -> None:
        state = self.state
        if expected.step is not None:
            steps = sorted(v.step for v in state.visits if not state.children(v.number))
            assert steps == sorted(expected.step), f"at {steps}, not at {expected.step}"
        if expected.status is not None:
            assert state.status == expected.status, f"{state.status} at {[v.step for v in state.visits]}"
        if expected.resolution is not None:
            assert state.resolution == expected.resolution
        if isinstance(expected.due, Mapping):
            dues = {name: due_on(state, name) for name in expected.due}
            assert dues == dict(expected.due), f"due {dues}"
        elif expected.due is not None:
            days = {v.due_on for v in state.visits} | {i.due_on for i in state.items}
            assert expected.due in days, f"due {days}"
        for name, value in expected.data.items():
            assert state.data.get(name) == value, f"{name}: {state.data.get(name)}"
        for status, count in expected.promises.items():
            assert sum(p.status == status for p in state.promises) == count
        if expected.answerable is not None:
            assert state.answerable in self.parties_of(expected.answerable)
        self._compare_effects(expected)
        self._compare_told(expected.told)

    def _compare_effects(self, expected: Expected) -> None:
        query = select(outbox.c.id, outbox.c.kind).where(
            outbox.c.issue_id == self.issue, outbox.c.id > self.last_effect
        )
        with self.town.house.database.reading() as connection:
            rows = connection.execute(query).all()
        self.last_effect = max([row.id for row in rows], default=self.last_effect)
        if expected.effects is not None:
            assert sorted({row.kind for row in rows} - {"tell"}) == sorted(expected.effects)

    def _told_beside(self, connection: Connection, events: set[int]) -> dict[int, list[tuple[str, set[int]]]]:
        """What events had people told, and whom, by event: one message tells one person all of it."""
        found: dict[int, list[tuple[str, set[int]]]] = {}
        query = select(outbox.c.sequence, outbox.c.payload).where(
            outbox.c.issue_id == self.issue, outbox.c.kind == "tell", outbox.c.sequence.in_(events)
        )
        for sequence, effect in connection.execute(query):
            people = {one for party in effect.parties for one in parties.people(connection, party)}
            found.setdefault(sequence, []).append((effect.occasion, people))
        return found

    def _compare_told(self, wanted: Mapping[str, tuple[str, ...]]) -> None:
        """What each participant was told since the last look, by a message of its own or one of the same event; two roles hear for both."""
        query = select(deliveries).where(deliveries.c.issue_id == self.issue, deliveries.c.id > self.last_delivery)
        with self.town.house.database.reading() as connection:
            rows = connection.execute(query).all()
            persons = {
                role: {one for party in self.parties_of(role) for one in parties.people(connection, party)}
                for role in wanted
            }
            also = self._told_beside(connection, {row.sequence for row in rows})
        self.last_delivery = max([row.id for row in rows], default=self.last_delivery)
        for role, occasions in wanted.items():
            got = [row for row in rows if row.participant_id in persons[role]]
            heard = {row.occasion for row in got} | {
                occasion
                for row in got
                for occasion, people in also.get(row.sequence, ())
                if row.participant_id in people
            }
            assert set(occasions) <= heard, f"{role} heard {sorted(heard)}, not {sorted(occasions)}"
            for row in rows:
                if row.participant_id in persons[role]:
                    assert row.subject
                    assert row.text
