"""Many issues at once: a few are lived through, from report to closure, and copied under other names, numbers and words.

A copy has its issue's row, its open tasks and who may do them; the newest have their history, their timers and what was done in them besides. Their
chains of hashes are those of the lives that they were copied from, so ``huying verify`` finds them changed.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, text

from benchmarks.matters import Matter, Writer
from benchmarks.metropolis import Metropolis
from definitions.model.reference import organisation
from engine import State
from huying.access.parties import actor
from huying.database import tables as t
from huying.database.data_keys import open_keys
from huying.house.by import By
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter
from models.kept import MARK, SealedPiece, opened
from models.sealed import FIELDS, cleaned_as, ring_of

_PROCESS = "contact-station"
#: What the lives say in the places where their copies say something else.
_SAID = Matter("other", "一件样事", "样事路一号", "样事的具体情况", "样某某", "13000000000")
_STEPS: Sequence[tuple[str, Mapping[str, Any]]] = (
    ("accept", {"kind": "request"}),
    ("coordinate", {"advice": "请尽快到现场查看。"}),
    ("reply", {"reply": "已派人到现场处理，今后加强巡查。"}),
    ("satisfied", {"stars": 5}),
)
_TABLES = ("history", "work_item", "candidate", "timer")
#: Of what a life has, this is needed of every copy.
_ALWAYS = ("candidate",)


@dataclass(frozen=True)
class Crowd:
    """The issues that were made: the ids of those that were asked for by name, in their order, and the last id."""

    named: tuple[int, ...]
    last: int


@dataclass(frozen=True, slots=True)
class _Life:
    """An issue that was lived through: its rows as the driver gives them, by table."""

    issue: Mapping[str, Any]
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    reporter: int
    open: bool


class Crowds:
    """Fills a city with issues; always the same ones for a seed."""

    def __init__(self, city: Metropolis, now: datetime, seed: int = 1) -> None:
        self._city, self._now = city, now
        self._random, self._writer = random.Random(seed), Writer(seed)
        self._base = city.stations[0]

    def fill(self, issues: int, open_ones: int, *, whole: int = 0, named: Sequence[tuple[Matter, int]] = ()) -> Crowd:
        """Make so many issues: the newest ``open_ones`` are open, the newest ``whole`` have their history; ``named`` ones (with their stations)
        are strewn among the open ones and the closed.
        """
        lives = [self._life(days, steps) for days, steps in self._plan()]
        going, over = [one for one in lives if one.open], [one for one in lives if not one.open]
        at = sorted(self._random.sample(range(issues), len(named)))
        places = dict(zip(at, named, strict=True))
        with self._city.house.database.writing() as connection:
            first = self._next(connection, "issue")
            person = self._next(connection, "participant")
            copier = _Copier(connection, self._city, self._base, person)
            for number in range(issues):
                matter, station = places.get(number) or (
                    self._writer.matter(),
                    self._random.choice(self._city.stations),
                )
                is_open = number >= issues - open_ones or (number in places and self._random.random() < 0.5)
                life = self._random.choice(going if is_open else over)
                copier.copy(life, first + number, matter, station, whole=number >= issues - whole)
            copier.finish()
        return Crowd(tuple(first + number for number in at), first + issues - 1)

    def _plan(self) -> Iterator[tuple[int, int]]:
        """How many days ago lives began, and how many steps were taken in them."""
        for steps in range(len(_STEPS)):
            yield from ((days, steps) for days in (1, 2, 4, 7, 11, 16))
        yield from ((days, len(_STEPS)) for days in (20, 45, 90, 150, 220, 320))

    def _life(self, days: int, steps: int) -> _Life:
        house, begun = self._city.house, self._now - timedelta(days=days)
        values = {"subject": _SAID.subject, "category": _SAID.category, "place": _SAID.place, "phone": _SAID.phone}
        report = Report(
            definition=_PROCESS,
            station=self._city.codes[self._base],
            reporter=NewReporter(name=_SAID.reporter),
            values={**values, "description": _SAID.details},
        )
        issue = open_issue(house, report, request_id=f"life-{days}-{steps}", now=begun).issue_id
        for number, (action, entered) in enumerate(_STEPS[:steps], 1):
            item, who = self._task(issue)
            lead = {"lead": organisation(self._random.choice(self._city.departments))} if action == "coordinate" else {}
            act(house, issue, item, action, {**entered, **lead}, By(who, begun + timedelta(hours=2 * number), None))
        with house.database.reading() as connection:
            row = _rows(connection, "issue", "id", issue)[0]
            rows = {name: _rows(connection, name, "issue_id", issue) for name in _TABLES}
        return _Life(row, rows, int(row["reporter_id"]), row["status"] == "open")

    def _task(self, issue: int) -> tuple[int, int]:
        with self._city.house.database.reading() as connection:
            state: State = connection.execute(select(t.issues.c.state).where(t.issues.c.id == issue)).scalar_one()
            item = next(item for item in state.items if not item.done)
            people = connection.execute(select(t.memberships.c.participant_id)).scalars().all()
            reporter = int(
                connection.execute(select(t.issues.c.reporter_id).where(t.issues.c.id == issue)).scalar_one()
            )
            asked = (self._city.clerks[self._base], self._city.deputies[self._base], reporter, *people)
            who = next(one for one in asked if not actor(connection, one).parties.isdisjoint(item.candidates))
        return item.number, who

    def _next(self, connection: Connection, table: str) -> int:
        return int(connection.execute(text(f"SELECT max(id) + 1 FROM {table}")).scalar_one())


def _rows(connection: Connection, table: str, column: str, key: int) -> list[Mapping[str, Any]]:
    """Rows as they stand in the database, what is JSON as its text."""
    json = {"state", "shown_as", "event", "changes"}
    names = list(t.issues.metadata.tables[table].c.keys())
    chosen = ", ".join(f"CAST({name} AS text) AS {name}" if name in json else name for name in names)
    found = connection.execute(text(f"SELECT {chosen} FROM {table} WHERE {column} = :key"), {"key": key})
    return [dict(row) for row in found.mappings()]


class _Copier:
    """Writes copies of lives, many rows at a time."""

    _AT_ONCE = 2_000

    def __init__(self, connection: Connection, city: Metropolis, base: int, person: int) -> None:
        self._connection, self._city, self._base = connection, city, base
        self._person = person
        self._waiting: dict[str, list[Mapping[str, Any]]] = {}
        self._numbers: dict[tuple[int, int], int] = {}

    def copy(self, life: _Life, issue: int, matter: Matter, station: int, *, whole: bool) -> None:
        """One more issue, at a station, of somebody new."""
        self._person += 1
        number, change, people = self._changed(life, matter, station)
        row = {**life.issue, "id": issue, "number": number, "subject": matter.subject, "kind": matter.category}
        row |= {"station_id": station, "reporter_id": self._person}
        row |= {"state": self._changed_words("issue.state", row["state"], change)}
        self._add(
            "participant",
            {
                "id": self._person,
                "name": matter.reporter,
                "phone": self._sealed(matter.phone),
                "phone_index": ring_of(self._connection.dialect).mac("index phone", cleaned_as("phone", matter.phone)),
                "kind": "citizen",
                "language": "zh",
                "active": True,
                "created_at": life.issue["opened_at"],
            },
        )
        self._add("issue", {**row, "answerable_id": people.get(row["answerable_id"], row["answerable_id"])})
        for name in _TABLES if whole else _ALWAYS:
            for one in life.rows[name]:
                self._add(name, self._row(one, issue, change, people))
        if len(self._waiting["issue"]) >= self._AT_ONCE:
            self._write()

    def _sealed(self, phone: str) -> str:
        return ring_of(self._connection.dialect).seal(FIELDS, phone.encode(), "participant.phone")

    def _changed_words(self, column: str, kept: str, change: Callable[[str], str]) -> str:
        """Nouns as they are kept, changed; what is sealed of them is sealed again by the key of the life that they are a copy of."""
        tree = json.loads(change(kept))
        holder = tree[-1] if isinstance(tree, list) else tree
        if not isinstance(holder, dict) or MARK not in holder:
            return change(kept)
        key_id, _, sealed = holder[MARK].partition(".")
        dialect = self._connection.dialect
        cipher, words = open_keys(self._connection).cipher(key_id), opened(dialect, column, key_id, sealed)
        assert cipher is not None
        assert words is not None
        holder[MARK] = SealedPiece(key_id, cipher, column).seal([json.loads(change(word)) for word in words])
        return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))

    def finish(self) -> None:
        """Write what still waits, and let numbers go on where they ended."""
        self._write()
        for (station, year), last in self._numbers.items():
            row = {"definition_key": _PROCESS, "station_id": station, "year": year, "last": last}
            old = t.issue_numbers.delete().where(
                t.issue_numbers.c.station_id == station, t.issue_numbers.c.year == year
            )
            self._connection.execute(old.where(t.issue_numbers.c.definition_key == _PROCESS))
            self._connection.execute(insert(t.issue_numbers), row)
        if self._connection.dialect.name != "sqlite":
            for name in ("issue", "participant"):
                renumber = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
                self._connection.execute(text(renumber))

    def _row(
        self, one: Mapping[str, Any], issue: int, change: Callable[[str], str], people: Mapping[int, int]
    ) -> Mapping[str, Any]:
        made: dict[str, Any] = {**one, "issue_id": issue}
        for name in ("event", "changes"):
            if name in made:
                made[name] = self._changed_words(f"history.{name}", made[name], change)
        if "party" in made:
            made["party"] = change(made["party"])
        for name in ("actor_id", "owner_id"):
            if name in made:
                made[name] = people.get(made[name], made[name])
        if "request_key" in made:
            made["request_key"] = None
        return made

    def _changed(
        self, life: _Life, matter: Matter, station: int
    ) -> tuple[str, Callable[[str], str], Mapping[int, int]]:
        """Its number, what changes in its texts, and who stands for whom."""
        city, base = self._city, self._base
        year = int(str(life.issue["opened_at"])[:4])
        at = self._numbers[station, year] = self._numbers.get((station, year), 100) + 1
        number = f"{city.codes[station]}-{year}-{at:05d}"
        people = {
            life.reporter: self._person,
            city.clerks[base]: city.clerks[station],
            city.deputies[base]: city.deputies[station],
        }
        changed = {
            **{f"participant:{old}": f"participant:{new}" for old, new in people.items()},
            life.issue["number"]: number,
            city.codes[base]: city.codes[station],
            _SAID.subject: matter.subject,
            _SAID.place: matter.place,
            _SAID.details: matter.details,
            _SAID.phone: matter.phone,
            '"category":"other"': f'"category":"{matter.category}"',
            f'"station":{base}': f'"station":{station}',
        }
        pattern = re.compile("(" + "|".join(map(re.escape, sorted(changed, key=len, reverse=True))) + r")(?!\d)")
        return number, lambda said: pattern.sub(lambda found: changed[found[1]], said), people

    def _add(self, table: str, row: Mapping[str, Any]) -> None:
        self._waiting.setdefault(table, []).append(row)

    def _write(self) -> None:
        for name in ("participant", "issue", *_TABLES):
            if rows := self._waiting.pop(name, None):
                _insert(self._connection, name, rows)


def _insert(connection: Connection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as the driver takes them, by COPY where there is one."""
    listed = list(rows)
    names = list(listed[0])
    raw: Any = connection.connection.driver_connection
    columns = ", ".join(names)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" for _ in names)
        raw.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",
            [[_plain(one[name]) for name in names] for one in listed],
        )
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for one in listed:
            copy.write_row([one[name] for name in names])


def _plain(value: Any) -> Any:
    return value.isoformat(" ", "microseconds") if isinstance(value, datetime) else value
