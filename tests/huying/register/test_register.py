"""Importing a register: whole or not at all, harmless to repeat, and clear about what is wrong."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Table, func, select, update

from definitions.calendars.reader import load_calendar
from definitions.loader import library, load
from engine import Search
from huying.access.sessions import participant_of, sign_in
from huying.calendars.imports import import_calendar
from huying.database.connections import Database
from huying.database.tables import (
    absences,
    addresses,
    areas,
    codes,
    dated_duties,
    duties,
    grants,
    memberships,
    organisation_codes,
    organisations,
    participant_codes,
    participants,
    stations,
)
from huying.demo.sample import PASSPHRASE, fill, logins
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.register.directory import RegisterDirectory
from huying.register.faults import WrongRegister
from huying.register.imports import ImportCounts, empty, import_register
from huying.register.lines import WEEKDAYS
from huying.register.reader import read_register
from models import metadata

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CITY = yaml.safe_load((Path(__file__).parents[3] / "huying" / "demo" / "sample" / "city.yaml").read_text("utf-8"))
TABLES = (areas, participants, addresses, organisations, stations, memberships, duties)
LATER = (codes, participant_codes, organisation_codes, dated_duties, absences)
SMALL: dict[str, Any] = {
    "areas": [
        {"code": "1-1", "name": {"zh": "街道", "en": "Street"}, "level": "street", "parent": "1"},
        {"code": "1", "name": {"zh": "区", "en": "District"}, "level": "district"},
    ],
    "people": [
        {"login": "yi", "name": "乙", "kind": "deputy", "level": "city", "mail": "yi@example.com"},
        {"login": "jia", "name": "甲", "kind": "staff"},
    ],
    "organisations": [{"code": "D", "name": {"zh": "局", "en": "Dep"}, "kind": "department", "handlers": ["jia"]}],
    "stations": [
        {
            "code": "S",
            "name": {"zh": "站", "en": "Station"},
            "kind": "area",
            "area": "1-1",
            "clerks": ["jia"],
            "deputies": ["yi"],
            "duty": {"monday": ["yi"]},
        }
    ],
}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/register.db")
    metadata.create_all(made.engine)
    yield made
    made.close()


def _rows(db: Database) -> list[list[Any]]:
    with db.reading() as connection:
        return [[tuple(row) for row in connection.execute(select(table))] for table in (*TABLES, *LATER)]


def _count(db: Database, table: Table) -> int:
    with db.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_new_database_is_empty_until_somebody_is_imported(db: Database) -> None:
    assert empty(db)
    import_register(db, SMALL, NOW, "secret")
    assert not empty(db)


def test_everything_in_the_data_becomes_a_row_and_is_counted(db: Database) -> None:
    counts = import_register(db, SMALL, NOW, "secret")
    assert counts == ImportCounts(areas=2, people=2, addresses=1, organisations=1, stations=1, memberships=3, duties=1)
    assert [_count(db, table) for table in TABLES] == [2, 2, 1, 1, 1, 3, 1]


def test_a_part_may_stand_before_the_area_above_it(db: Database) -> None:
    import_register(db, SMALL, NOW, "secret")
    with db.reading() as connection:
        parents = {row[0]: row[1] for row in connection.execute(select(areas.c.code, areas.c.parent_id))}
        district = connection.execute(select(areas.c.id).where(areas.c.code == "1")).scalar_one()
    assert parents == {"1": None, "1-1": district}


def test_a_second_import_changes_nothing(db: Database) -> None:
    import_register(db, CITY, NOW, PASSPHRASE)
    before = _rows(db)
    counts = import_register(db, CITY, NOW + timedelta(days=1), "another")
    assert counts == ImportCounts(areas=0, people=0, addresses=0, organisations=0, stations=0, memberships=0, duties=0)
    assert _rows(db) == before


def test_what_people_have_changed_since_stays(db: Database) -> None:
    import_register(db, SMALL, NOW, "secret")
    with db.writing() as connection:
        connection.execute(update(participants).where(participants.c.login == "jia").values(name="改名", active=False))
    more = copy.deepcopy(SMALL)
    more["people"].append({"login": "bing", "name": "丙", "kind": "citizen"})
    assert import_register(db, more, NOW, "secret").people == 1
    with db.reading() as connection:
        jia = connection.execute(select(participants).where(participants.c.login == "jia")).one()
    assert (jia.name, jia.active) == ("改名", False)


def test_those_imported_can_sign_in_with_the_passphrase(db: Database, tmp_path: Path) -> None:
    import_register(db, SMALL, NOW, "secret")
    house = House(db, tmp_path)
    assert participant_of(house, sign_in(house, "jia", "secret", NOW), NOW) is not None


def test_only_deputies_memberships_bear_a_level(db: Database) -> None:
    import_register(db, SMALL, NOW, "secret")
    with db.reading() as connection:
        rows = connection.execute(select(memberships.c.function, memberships.c.level)).all()
    assert {tuple(row) for row in rows} == {("deputy", "city"), ("clerk", None), ("handler", None)}


def _broken(section: str, index: int, **values: Any) -> dict[str, Any]:
    data = copy.deepcopy(SMALL)
    data[section][index].update(values)
    return data


def _code(code: str) -> dict[str, Any]:
    return {"code": code, "name": {"zh": code, "en": code}}


TERM = {"person": "yi", "level": "city", "from": "2026-01-12", "until": "2031-01-11"}


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (_broken("people", 1, kind="wizard"), "people[1].kind"),
        (_broken("people", 1, login="乙"), "people[1].login"),
        (_broken("people", 1, login="yi"), "people[1].login: “yi” is at people[0]"),
        (_broken("people", 1, mail="nowhere"), "people[1].mail"),
        (_broken("people", 0, level=None), "stations[0].deputies: “yi” is a deputy and needs a level"),
        (_broken("people", 0, nickname="x"), "people[0].nickname"),
        (_broken("areas", 0, parent="9"), "areas[0].parent: there is no area “9”"),
        (_broken("areas", 1, parent="1-1"), "areas[1].parent: “1” is above itself"),
        (_broken("areas", 0, code=11), "areas[0].code"),
        (_broken("areas", 0, name={"en": "Street"}), "areas[0].name.zh"),
        (_broken("stations", 0, area="7"), "stations[0].area: there is no area “7”"),
        (_broken("stations", 0, calendar="mars"), "stations[0].calendar: there is no calendar “mars”"),
        (_broken("organisations", 0, calendar="mars"), "organisations[0].calendar: there is no calendar “mars”"),
        (_broken("stations", 0, clerks=["ding"]), "stations[0].clerks: there is no person “ding”"),
        (_broken("stations", 0, duty={"monday": ["jia"]}), "stations[0].duty.monday: “jia” is no deputy of S"),
        (_broken("stations", 0, duty={"someday": ["yi"]}), "stations[0].duty.someday"),
        (_broken("organisations", 0, handlers=["ding"]), "organisations[0].handlers: there is no person “ding”"),
        (_broken("stations", 0, industry="law"), "stations[0].industry: there is no “law” in codes.industries"),
        (_broken("people", 0, industries=["law"]), "people[0].industries: there is no “law” in codes.industries"),
        (_broken("people", 0, speaks=["fr"]), "people[0].speaks"),
        (_broken("organisations", 0, competences=["x"]), "organisations[0].competences: there is no “x”"),
        (_broken("stations", 0, dated=[{"day": "2026-03-09", "person": "jia"}]), "stations[0].dated[0]: “jia” is no"),
        (
            _broken("stations", 0, dated=[{"day": "2026-03-09", "person": "yi", "from": 570}]),
            "stations[0].dated[0].from",
        ),
        (SMALL | {"codes": {"x": [_code("a"), _code("a")]}}, "codes.x[1]: “a” is at codes.x[0] already"),
        (SMALL | {"absences": [{"person": "yi", "from": "2026-03-09", "until": "2026-03-08"}]}, "absences[0].until"),
        (SMALL | {"absences": [{"person": "nemo", "from": "2026-03-09"}]}, "absences[0].person"),
        (SMALL | {"absences": [{"person": "yi", "from": "2026-03-09", "substitute": "yi"}]}, "absences[0].substitute"),
        (SMALL | {"mandates": [TERM | {"person": "nemo"}]}, "mandates[0].person: there is no person “nemo”"),
        (SMALL | {"mandates": [TERM | {"until": "2026-01-01"}]}, "mandates[0].until: this is before 2026-01-12"),
        (SMALL | {"mandates": [TERM | {"delegation": "moon"}]}, "mandates[0].delegation: there is no “moon”"),
        (SMALL | {"mandates": [TERM, TERM]}, "mandates[1]: “yi” is at mandates[0] already"),
        (SMALL | {"guide": {"nemo": "…"}}, "guide: there is no person “nemo”"),
    ],
)
def test_wrong_data_are_refused_with_their_place_and_nothing_is_written(
    db: Database, data: dict[str, Any], place: str
) -> None:
    with pytest.raises(WrongRegister) as caught:
        import_register(db, data, NOW, "secret")
    told = [f"{finding.place}: {finding.wrong.en}" for finding in caught.value.findings]
    assert any(one.startswith(place) for one in told), told
    for finding in caught.value.findings:
        assert re.search("[\u4e00-\u9fff]", finding.wrong.zh), "in Chinese, too"
        assert re.search("[\u4e00-\u9fff]", finding.remedy.zh)
        assert finding.remedy.en
        assert finding.words.zh in caught.value.message["zh"]
    assert empty(db)


def test_stations_and_departments_may_name_the_calendar_by_which_they_are_open(db: Database) -> None:
    import_register(db, _broken("stations", 0, calendar="china"), NOW, "secret")
    with db.reading() as connection:
        assert connection.execute(select(stations.c.calendar)).scalar_one() == "china"
        assert connection.execute(select(organisations.c.calendar)).scalar_one() is None


def test_a_calendar_that_the_house_has_published_itself_is_known(db: Database, tmp_path: Path) -> None:
    text = "id: mars\ntitle: {zh: 火星, en: Mars}\nextends: china\n"
    import_calendar(House(db, tmp_path), "mars", text, "mars.yaml", Imprint("test", NOW))
    import_register(db, _broken("stations", 0, calendar="mars"), NOW, "secret")
    with db.reading() as connection:
        assert connection.execute(select(stations.c.calendar)).scalar_one() == "mars"


def test_all_that_is_wrong_is_said_at_once() -> None:
    data = _broken("areas", 0, parent="9")
    data["stations"][0]["clerks"] = ["ding"]
    with pytest.raises(WrongRegister) as caught:
        read_register(data)
    assert len(caught.value.findings) == 2


@pytest.mark.parametrize(
    ("data", "remedy"),
    [
        (_broken("people", 1, kind="stuff"), "是不是“staff”"),
        (_broken("stations", 0, clerks=["jai"]), "是不是“jia”"),
        (_broken("stations", 0, calendar="mars"), "现有："),
        (_broken("people", 1, login="乙一"), "小写字母开头"),
        (_broken("people", 1, mail="nowhere"), "name@example.cn"),
        (_broken("areas", 0, code=11), "加上引号"),
        (_broken("stations", 0, clerks="jia"), "方括号"),
        (_broken("stations", 0, latitude=240.5), "最大 90"),
        (_broken("people", 1, name="字" * 101), "最多 100 个字"),
        (SMALL | {"absences": [{"person": "yi", "from": "昨天"}]}, "写成 2026-11-01"),
        (_broken("stations", 0, dated=[{"day": "2026-03-09", "person": "yi", "from": "9点"}]), '写成 "09:00"'),
    ],
)
def test_what_would_be_right_is_said(data: dict[str, Any], remedy: str) -> None:
    with pytest.raises(WrongRegister) as caught:
        read_register(data)
    assert any(remedy in finding.remedy.zh for finding in caught.value.findings), caught.value.message["zh"]


def test_a_term_makes_a_deputy_of_its_level(db: Database) -> None:
    import_register(db, _broken("people", 0, level=None) | {"mandates": [TERM | {"level": "district"}]}, NOW, "secret")
    with db.reading() as connection:
        levels = connection.execute(select(memberships.c.level).where(memberships.c.function == "deputy")).scalars()
        assert list(levels) == ["district"]


def test_a_failure_half_way_leaves_nothing_behind(db: Database) -> None:
    with db.writing() as connection:
        duties.drop(connection)
    with pytest.raises(Exception, match="duty"):
        import_register(db, SMALL, NOW, "secret")
    assert empty(db)


def test_the_sample_city_is_filled_in_once_and_says_how_to_log_in(db: Database) -> None:
    assert fill(db, NOW)
    said = logins()
    assert said is not None
    assert all(login in said for login in CITY["guide"])
    assert not fill(db, NOW)


def test_in_the_sample_city_somebody_audits_and_somebody_looks_after_personal_data(db: Database) -> None:
    fill(db, NOW)
    with db.reading() as connection:
        officers = participants.c.login.in_(("panyan", "qinjing"))
        query = select(grants.c.role).where(grants.c.participant_id == participants.c.id, officers)
        assert sorted(connection.execute(query).scalars()) == ["auditor", "privacy"]
    assert {"panyan", "qinjing"} <= CITY["guide"].keys()


def test_in_the_sample_city_a_deputy_is_on_duty_at_every_station_every_day() -> None:
    for station in read_register(CITY).stations:
        assert [day for day in WEEKDAYS if not station.duty.get(day)] == [], station.code


def test_the_sample_city_has_areas_of_four_levels_and_deputies_of_four_levels_in_mixed_teams() -> None:
    city = read_register(CITY)
    levels = {line.login: line.level for line in city.people}
    teams = [{levels[login] for login in station.deputies} for station in city.stations]
    assert {"city", "district", "street", "neighbourhood"} <= {line.level for line in city.areas}
    assert {"national", "provincial", "city", "district"} == set().union(*teams)
    assert all(len(team) > 1 for team in teams)


def test_messages_of_the_sample_city_can_reach_nobody_real() -> None:
    assert all((line.mail or "").endswith(".lujiang.example") for line in read_register(CITY).people)


def test_what_a_second_file_adds_to_people_and_departments_is_added(db: Database) -> None:
    import_register(db, SMALL, NOW, "secret")
    more = copy.deepcopy(SMALL) | {
        "codes": {"industries": [_code("law")], "competences": [_code("roads")]},
        "absences": [{"person": "yi", "from": date(2026, 3, 9), "substitute": "jia"}],
    }
    more["people"][0] |= {"industries": ["law"], "speaks": ["en"]}
    more["organisations"][0]["competences"] = ["roads"]
    more["stations"][0]["dated"] = [{"day": date(2026, 3, 9), "person": "yi", "from": "09:00", "to": "12:00"}]
    counts = import_register(db, more, NOW, "secret")
    assert counts == ImportCounts(areas=0, people=0, addresses=0, organisations=0, stations=0, memberships=0, duties=0,
                            codes=2, bearers=3, dated=1, absences=1)  # fmt: skip
    with db.reading() as connection:
        entry = connection.execute(select(dated_duties)).one()
    assert (entry.day, entry.starts_at, entry.ends_at) == (date(2026, 3, 9), time(9), time(12))


def test_departments_of_the_sample_city_are_competent_for_what_residents_report() -> None:
    category = load(library_file("contact-station"), "contact-station").fields["category"]
    competences = {code for line in read_register(CITY).organisations for code in line.competences}
    assert set(category.options) - {"other"} <= competences


def library_file(key: str) -> bytes:
    return next(path for path in library() if path.parent.name == key).read_bytes()


def test_the_sample_city_has_a_deputy_for_each_industry_of_the_city() -> None:
    city = read_register(CITY)
    assert {line.code for line in city.codes["industries"]} == {c for line in city.people for c in line.industries}


def test_contact_stations_find_their_people_at_every_station_of_the_sample_city(db: Database) -> None:
    import_register(db, CITY, NOW, PASSPHRASE)
    roles = load(library_file("contact-station"), "contact-station").roles
    with db.reading() as connection:
        directory = RegisterDirectory(connection, load_calendar("china"), NOW)
        at = {row[0]: row[1] for row in connection.execute(select(stations.c.code, stations.c.id))}

        def search(key: str, station: int) -> Search:
            role = roles[key]
            return Search(source=role.sources[0], place=role.place, station=station, function=role.function)

        for key, role in roles.items():
            for code, station in at.items():
                if role.place == "station":
                    assert directory.candidates(search(key, station)), (key, code)
        # above the city there is nobody: the station's own head steps in
        without = {code for code, station in at.items() if not directory.candidates(search("supervisor", station))}
        assert without == {"LJ", "JY", "FL"}
