"""The register's answers to the kernel: whom each search finds, who is on duty, who stands in, what references refer to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection, event, insert, select, update

from definitions.calendars.reader import load_calendar
from engine import Candidate, Search
from huying.database.connections import Database
from huying.database.tables import (
    areas,
    assignments,
    candidates,
    definition_versions,
    history,
    issues,
    organisations,
    participants,
    stations,
)
from huying.register.directory import RegisterDirectory
from huying.register.imports import import_register
from huying.shelf.folder import Folder
from huying.shelf.store import Store
from tests.template import Template

#: Monday, 9 o'clock in China.
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REGISTER = """
codes:
  industries: [{code: law, name: {zh: 法律, en: Law}}, {code: farming, name: {zh: 农业, en: Farming}}]
  competences: [{code: roads, name: {zh: 道路, en: Roads}}, {code: lamps, name: {zh: 路灯, en: Lamps}}]
areas:
  - {code: C, name: {zh: 市, en: City}, level: city}
  - {code: D, name: {zh: 区, en: District}, level: district, parent: C}
  - {code: S, name: {zh: 街道, en: Street}, level: street, parent: D}
  - {code: T, name: {zh: 无站街道, en: Street without a station}, level: street, parent: D}
people:
  - {login: chief, name: 主任, kind: administrator}
  - {login: scribe, name: 秘书, kind: administrator}
  - {login: cclerk, name: 市站员, kind: staff}
  - {login: dclerk, name: 区站员, kind: staff}
  - {login: dhead, name: 区站长, kind: staff}
  - {login: sclerk, name: 街站员, kind: staff, speaks: [en]}
  - {login: link, name: 联络员, kind: liaison}
  - {login: nat, name: 全国代表, kind: deputy, level: national}
  - {login: cit, name: 市代表, kind: deputy, level: city, industries: [law]}
  - {login: dis, name: 区代表, kind: deputy, level: district, language: en}
  - {login: law, name: 律师代表, kind: deputy, level: district}
  - {login: mender, name: 修路, kind: handler, competences: [roads]}
  - {login: zhang, name: 张三, kind: citizen}
  - {login: emma, name: Emma, kind: citizen, language: en}
organisations:
  - {code: HQ, name: {zh: 办公室, en: Office}, kind: office, heads: [chief], clerks: [scribe]}
  - {code: CR, name: {zh: 市路, en: City roads}, kind: department, area: C, competences: [roads, lamps], handlers: [mender]}
  - {code: DR, name: {zh: 区路, en: District roads}, kind: department, area: D, competences: [roads]}
  - {code: ALL, name: {zh: 全域, en: Everywhere}, kind: department, competences: [lamps]}
stations:
  - {code: CS, name: {zh: 市站, en: City}, kind: area, area: C, clerks: [cclerk], deputies: [nat, cit]}
  - {code: DS, name: {zh: 区站, en: District}, kind: area, area: D, heads: [dhead], clerks: [dclerk], deputies: [cit, dis]}
  - code: SS
    name: {zh: 街站, en: Street}
    kind: area
    area: S
    clerks: [sclerk]
    liaison: [link]
    deputies: [dis, law]
    duty: {monday: [dis], tuesday: [law]}
    dated:
      - {day: 2026-03-09, person: law, from: "09:00", to: "12:00"}
      - {day: 2026-03-11, person: dis}
      - {day: 2026-03-12, person: law, from: "20:00", to: "08:00"}
      - {day: 2026-03-17, person: dis, from: "18:00"}
  - {code: LS, name: {zh: 法律站, en: Law}, kind: industry, industry: law, area: C, clerks: [cclerk], deputies: [nat, law]}
  - {code: ES, name: {zh: 空站, en: Empty}, kind: area, area: S}
absences:
  - {person: dis, from: 2026-04-06, until: 2026-04-08, substitute: law}
  - {person: law, from: 2026-04-07, until: 2026-04-08, substitute: nat}
  - {person: nat, from: 2026-04-08, until: 2026-04-08, substitute: dis}
  - {person: sclerk, from: 2026-04-06}
  - {person: chief, from: 2026-04-06, until: 2026-04-07, substitute: scribe}
  - {person: scribe, from: 2026-04-07, until: 2026-04-07}
"""


@dataclass(frozen=True)
class Town:
    """The register above in a database, with ids by code and login."""

    database: Database
    files: Path

    @contextmanager
    def directory(self, now: datetime = MONDAY, issue: int | None = None) -> Iterator[RegisterDirectory]:
        with self.database.reading() as connection:
            yield RegisterDirectory(
                connection, load_calendar("china"), now, files=Store(Folder(self.files)), issue=issue
            )

    def reference(self, code: str) -> str:
        tables = (("organisation", organisations.c.code), ("station", stations.c.code), ("area", areas.c.code))
        with self.database.reading() as connection:
            for kind, column in (("participant", participants.c.login), *tables):
                found = connection.execute(select(column.table.c.id).where(column == code)).scalar_one_or_none()
                if found:
                    return f"{kind}:{found}"
        raise KeyError(code)

    def number(self, code: str) -> int:
        return int(self.reference(code).partition(":")[2])

    def search(self, source: str, place: str | None, at: str = "SS", **more: Any) -> Search:
        return Search(source=source, place=place, station=self.number(at), **more)

    def found(self, source: str, place: str | None, at: str = "SS", now: datetime = MONDAY, **more: Any) -> list[str]:
        """The logins or codes of those found."""
        with self.directory(now) as directory:
            return [self.name(each.party) for each in directory.candidates(self.search(source, place, at, **more))]

    def name(self, party: str) -> str:
        kind, _, number = party.partition(":")
        column = participants.c.login if kind == "participant" else organisations.c.code
        with self.database.reading() as connection:
            return str(connection.execute(select(column).where(column.table.c.id == int(number))).scalar_one())


def _filled(database: Database, _folder: Path) -> None:
    import_register(database, yaml.safe_load(REGISTER), MONDAY, "x")


_REGISTER = Template("directory", _filled)


@pytest.fixture
def template() -> Template[None]:
    """What is in the database."""
    return _REGISTER


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    return Town(database, tmp_path)


def test_staff_deputies_and_liaison_officers_of_the_station_itself(town: Town) -> None:
    assert town.found("staff of", "station") == ["sclerk"]
    assert town.found("deputies of", "station") == ["dis", "law"]
    assert town.found("liaison officers of", "station") == ["link"]
    assert town.found("staff of", "station", at="DS") == ["dclerk", "dhead"]
    assert town.found("staff of", "station", at="DS", function="head") == ["dhead"]


def test_the_station_above_is_that_of_the_nearest_area_above_that_has_one(town: Town) -> None:
    assert town.found("staff of", "station above") == ["dclerk", "dhead"]
    assert town.found("staff of", "station above", at="DS") == ["cclerk"]
    assert town.found("staff of", "station above", at="CS") == []


def test_the_nearest_station_is_the_one_itself_if_somebody_fits(town: Town) -> None:
    assert town.found("staff of", "nearest station") == ["sclerk"]
    assert town.found("staff of", "nearest station", function="head") == ["dhead"]
    assert town.found("deputies of", "nearest station", level="city") == ["cit"]
    assert town.found("deputies of", "nearest station", level="national") == ["nat"]
    assert town.found("deputies of", "nearest station", level="provincial") == []


def test_from_a_station_without_people_the_next_in_the_same_area_is_nearest(town: Town) -> None:
    assert town.found("staff of", "nearest station", at="ES") == ["sclerk"]


def test_a_level_of_areas_means_the_stations_of_that_area_above(town: Town) -> None:
    assert town.found("staff of", "district") == ["dclerk", "dhead"]
    assert town.found("staff of", "city") == ["cclerk"]
    assert town.found("staff of", "street", at="DS") == []
    assert town.found("deputies of", "city", level="national") == ["nat"]


def test_a_level_of_staff_is_that_of_their_stations_area(town: Town) -> None:
    assert town.found("staff of", "station", level="district") == ["dclerk", "dhead"]
    assert town.found("staff of", "nearest station", level="city") == ["cclerk"]


def test_an_area_replaces_that_of_the_station(town: Town) -> None:
    street = town.reference("T")
    assert town.found("deputies of", "station", at="CS", area=street) == []
    assert town.found("deputies of", "nearest station", at="CS", area=street) == ["cit", "dis"]
    assert town.found("staff of", "station above", at="CS", area=town.reference("S")) == ["dclerk", "dhead"]
    assert town.found("staff of", "station", at="CS", area=town.reference("S")) == ["sclerk"]


def test_an_industry_finds_its_deputies_and_those_of_its_stations(town: Town) -> None:
    # one serves at the station of the industry too, another is of that industry
    assert town.found("deputies of", "station", industry="law") == ["law"]
    assert town.found("deputies of", "nearest station", at="DS", industry="law") == ["cit"]
    assert set(town.found("deputies of", "city", industry="law")) == {"nat", "cit", "law"}
    assert town.found("deputies of", "nearest station", industry="farming") == []


def test_somebody_who_speaks_the_reporters_language(town: Town) -> None:
    emma, zhang = town.reference("emma"), town.reference("zhang")
    assert town.found("deputies of", "station", speaks=emma) == ["dis"]
    assert town.found("deputies of", "station", speaks=zhang) == ["law"]
    assert town.found("staff of", "nearest station", speaks=emma) == ["sclerk"]


def test_members_of_an_organisation_by_its_code(town: Town) -> None:
    assert town.found("members of", "CR") == ["mender"]
    assert town.found("members of", "office") == ["chief", "scribe"]
    assert town.found("members of", "office", function="head") == ["chief"]
    assert town.found("members of", "CR", competence="roads") == ["mender"]
    assert town.found("members of", "CR", competence="lamps") == []
    assert town.found("members of", "NOBODY") == []


def test_the_department_for_something_is_the_nearest_up_the_tree(town: Town) -> None:
    assert town.found("departments for", None, competence="roads") == ["DR"]
    assert town.found("departments for", None, at="CS", competence="roads") == ["CR"]
    # that of the whole city is nearer than one that belongs to no area
    assert town.found("departments for", None, competence="lamps") == ["CR"]
    assert town.found("departments for", None, competence="roads", level="city") == ["CR"]
    assert town.found("departments for", None, at="CS", area=town.reference("T"), competence="roads") == ["DR"]
    assert town.found("departments for", None, competence="lions") == []
    assert town.found("departments for", None) == []


def test_departments_and_people_out_of_service_are_not_found(town: Town) -> None:
    with town.database.writing() as connection:
        connection.execute(update(organisations).where(organisations.c.code.in_(["DR", "CR"])).values(active=False))
        connection.execute(update(participants).where(participants.c.login == "dis").values(active=False))
    assert town.found("departments for", None, competence="roads") == []
    assert town.found("departments for", None, competence="lamps") == ["ALL"]
    assert town.found("members of", "CR") == []
    assert town.found("deputies of", "station") == ["law"]


def _china(day: int, hour: int, month: int = 3, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("moment", "on_duty"),
    [
        (_china(2, 9), {"dis"}),
        (_china(3, 0), {"law"}),
        (_china(4, 9), set()),
        # a Monday with an entry for the morning: before and after it the rota holds
        (_china(9, 8, minute=59), {"dis"}),
        (_china(9, 9), {"law"}),
        (_china(9, 11, minute=59), {"law"}),
        (_china(9, 12), {"dis"}),
        # a whole day on which the rota has nobody
        (_china(11, 0), {"dis"}),
        (_china(11, 23, minute=59), {"dis"}),
        (_china(12, 0), set()),
        # through the night
        (_china(12, 20), {"law"}),
        (_china(13, 7), {"law"}),
        (_china(13, 8), set()),
        # a Tuesday evening, to the end of the day
        (_china(17, 17), {"law"}),
        (_china(17, 18), {"dis"}),
        (_china(18, 1), set()),
    ],
)
def test_who_is_on_duty_is_exact_to_the_hour(town: Town, moment: datetime, on_duty: set[str]) -> None:
    with town.directory(moment) as directory:
        found = directory.candidates(town.search("deputies of", "station"))
        assert {town.name(each.party) for each in found if each.on_duty} == on_duty


def test_deputies_have_a_level_and_staff_have_none(town: Town) -> None:
    with town.directory() as directory:
        of_deputies = directory.candidates(town.search("deputies of", "station", at="DS"))
        assert {town.name(each.party): each.level for each in of_deputies} == {"cit": "city", "dis": "district"}
        assert [each.level for each in directory.candidates(town.search("staff of", "station"))] == [None]


def test_who_is_away_is_replaced_by_a_substitute_who_is_there(town: Town) -> None:
    assert town.found("deputies of", "station", now=_china(5, 9, month=4)) == ["dis", "law"]
    assert town.found("deputies of", "station", now=_china(6, 9, month=4)) == ["law"]
    assert town.found("deputies of", "station", now=_china(7, 9, month=4)) == ["nat"]
    # all three stand in for each other, and all are away
    assert town.found("deputies of", "station", now=_china(8, 9, month=4)) == []
    assert town.found("deputies of", "nearest station", now=_china(8, 9, month=4)) == ["cit"]
    assert town.found("deputies of", "station", now=_china(9, 0, month=4)) == ["dis", "law"]


def test_without_a_substitute_the_next_station_is_asked(town: Town) -> None:
    assert town.found("staff of", "station", now=_china(30, 9, month=4)) == []
    assert town.found("staff of", "nearest station", now=_china(30, 9, month=4)) == ["dclerk", "dhead"]


def test_a_substitute_takes_over_the_duty_too(town: Town) -> None:
    monday = _china(6, 9, month=4)
    with town.directory(monday) as directory:
        (only,) = directory.candidates(town.search("deputies of", "station"))
        assert (town.name(only.party), only.on_duty) == ("law", True)
        assert [town.name(party) for party in directory.stand_ins(town.reference("dis"))] == ["law"]
        assert directory.stand_ins(town.reference("law")) == ()
        assert directory.stand_ins(town.reference("CR")) == ()


def test_the_office_is_never_empty(town: Town) -> None:
    for day, there in ((5, ["chief", "scribe"]), (6, ["scribe"]), (7, ["chief", "scribe"])):
        with town.directory(_china(day, 9, month=4)) as directory:
            assert [town.name(each.party) for each in directory.office()] == there


def test_loads_and_turns_are_those_of_the_moment(town: Town) -> None:
    dis, law, zhang = town.reference("dis"), town.reference("law"), town.number("zhang")
    with town.database.writing() as connection:
        first, second = (_issue(connection, town, number) for number in ("N1", "N2"))
        connection.execute(insert(candidates), [{"issue_id": first, "item": n, "party": dis} for n in (1, 2)])
        given = {"definition_key": "d", "role": "deputy"}
        connection.execute(insert(assignments), [given | {"party": dis, "at": MONDAY}])
        _acted(connection, first, 1, town.number("law"), MONDAY)
        _acted(connection, second, 1, town.number("dis"), MONDAY)
    more = {"definition": "d", "role": "deputy", "reporter": f"participant:{zhang}"}

    def told(found: list[Candidate]) -> list[tuple[int, datetime | None, datetime | None]]:
        return [(each.load, each.given_at, each.handled_at) for each in found]

    with town.directory(issue=second) as directory:
        found = directory.candidates(town.search("deputies of", "station", **more))
        assert [each.party for each in found] == [dis, law]
        assert told(list(found)) == [(2, MONDAY, None), (0, None, MONDAY)]
        others = directory.candidates(town.search("deputies of", "station", **{**more, "role": "other"}))
        assert told(list(others)) == [(2, None, None), (0, None, MONDAY)]


def _issue(connection: Connection, town: Town, number: str) -> int:
    version = connection.execute(select(definition_versions.c.id)).scalar()
    if version is None:
        row = {"key": "d", "version": 1, "digest": "", "source": "", "body": {}, "schema_version": 1}
        row |= {"published_at": MONDAY, "in_force_from": MONDAY, "published_by": "", "note": ""}
        version = connection.execute(insert(definition_versions).returning(definition_versions.c.id), row).scalar_one()
    row = {
        "number": number, "follow_code": "", "definition_version_id": version, "station_id": town.number("SS"),
        "reporter_id": town.number("zhang"), "subject": "", "channel": "web", "status": "open", "stage": "intake",
        "version": 1, "state": {}, "last_hash": "", "opened_at": MONDAY, "changed_at": MONDAY, "shown_version": 0,
    }  # fmt: skip
    return int(connection.execute(insert(issues).returning(issues.c.id), row).scalar_one())


def _acted(connection: Connection, issue: int, sequence: int, person: int, at: datetime) -> None:
    row = {"issue_id": issue, "sequence": sequence, "actor_id": person, "kind": "act", "at": at}
    connection.execute(insert(history), row | {"event": {}, "changes": [], "previous_hash": "", "hash": ""})


def test_duty_load_and_history_are_not_looked_up_unless_asked_for(town: Town) -> None:
    sent: list[str] = []
    search = town.search("deputies of", "nearest station", industry="law")
    with town.directory() as directory:
        event.listen(town.database._reader, "before_cursor_execute", lambda *a: sent.append(a[2]))
        first = directory.candidates(search)
        assert [each.party for each in first]
        # the same question again in the same event has the same answer
        assert directory.candidates(search) is first
        assert sent == []
        assert [each.load for each in first] == [0]
        assert len(sent) == 1


def test_references_are_known_when_what_they_refer_to_is_in_service(town: Town) -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    (town.files / digest[:2]).mkdir()
    (town.files / digest[:2] / digest).write_bytes(b"x")
    with town.database.writing() as connection:
        issue = _issue(connection, town, "N1")
        connection.execute(update(participants).where(participants.c.login == "dis").values(active=False))
    there = [town.reference(code) for code in ("law", "CR", "SS", "T")]
    there += [
        f"issue:{issue}",
        f"file:{digest}",
        "industry:law",
        "competence:roads",
        "level:district",
        "level:national",
    ]
    missing = [
        town.reference("dis"),
        town.reference("HQ"),
        "participant:999",
        "station:0",
        "area:x",
        "issue:",
        "nonsense",
    ]
    missing += [
        "file:../../etc/passwd",
        f"file:{digest[::-1]}",
        "industry:lions",
        "level:9",
        "person:1",
        "",
        ":",
        "area:" + "9" * 40,
    ]
    with town.directory() as directory:
        assert [reference for reference in there if not directory.known(reference)] == []
        assert [reference for reference in missing if directory.known(reference)] == []


def test_what_people_call_by_number_code_or_login_is_found(town: Town) -> None:
    with town.database.writing() as connection:
        issue = _issue(connection, town, "SS-2026-00001")
    with town.directory() as directory:
        assert directory.resolve("issue", " SS-2026-00001 ") == f"issue:{issue}"
        assert directory.resolve("issue", f"issue:{issue}") == f"issue:{issue}"
        assert directory.resolve("organisation", "CR") == town.reference("CR")
        assert directory.resolve("participant", "law") == town.reference("law")
        assert directory.resolve("station", "SS") == town.reference("SS")
        assert directory.resolve("area", "T") == town.reference("T")
        assert directory.resolve("industry", "law") == "industry:law"
        for kind, text in (
            ("issue", "X"),
            ("issue", "a\0b"),
            ("organisation", "HQ"),
            ("lion", "x"),
            ("issue", "issue:99"),
        ):
            assert directory.resolve(kind, text) is None


def test_a_register_has_no_day_of_its_own(town: Town) -> None:
    # 23:30 of Sunday in London is Monday in China
    sunday = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    with town.directory(sunday) as directory:
        found = directory.candidates(town.search("deputies of", "station"))
        assert [town.name(each.party) for each in found if each.on_duty] == ["dis"]
