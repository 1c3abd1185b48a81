"""Assessments come from files: nothing that is claimed counts, what is recorded does; and a result that was kept comes out the same for good."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from definitions.loader import LIBRARY, Unsound
from definitions.scores.table import read_table
from engine.refusal import Invalid, Unavailable
from huying.assessment import year
from huying.assessment.assessment import assess_people, kept_result
from huying.assessment.overview import dry_run, standings
from huying.assessment.period import ScorePeriod, period_of
from huying.assessment.stars import rate_stations, rating_of
from huying.assessment.tables import newest_table, publish_table, table_in_force, versions
from huying.assessment.year import begin_year
from huying.database.connections import Database
from huying.database.tables import file_deeds, incidents, issues, mandates, score_results, station_haves
from huying.effects.carriers import carry, not_carried
from huying.errors import NotFound
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.issues.opening import Report, open_issue
from huying.outbox.claims import claim_effects
from huying.processes.publication import publish
from tests.huying.planned_city import CENSUS, Census, PlannedCity, at, city_in
from tests.template import Template

DEPUTY = "guoyi"
TABLES = LIBRARY / "scores"


@pytest.fixture
def template() -> Template[Census]:
    """What is in the database."""
    return CENSUS


@pytest.fixture
def city(copied: tuple[Database, Census], tmp_path: Path) -> PlannedCity:
    """The city with the shipped assessment."""
    made = city_in(copied, tmp_path)
    made.now = at("2026-12-01")
    path = LIBRARY / "yearly-assessment" / "definition.yaml"
    publish(made.house, path.read_bytes(), str(path), Imprint("test", made.now))
    return made


def adopt(city: PlannedCity, source: str | None = None, now: datetime | None = None) -> None:
    """Adopt the shipped table of a deputy's year, or another text."""
    text = source or (TABLES / "deputy-year.yaml").read_text("utf-8")
    publish_table(city.house, text, "table.yaml", Imprint("test", now or city.now))


def assess(city: PlannedCity, **claimed: Any) -> int:
    """A deputy's assessment of 2026, opened by the deputy and carried on; the issue."""
    report = Report(
        definition="yearly-assessment",
        station="XG",
        reporter=city.people[DEPUTY],
        values={"of_year": 2026, **claimed},
    )
    number = open_issue(city.house, report, request_id=f"assess-{city.now}", now=city.now).issue_id
    carry_all(city)
    return number


def carry_all(city: PlannedCity) -> None:
    for errand in claim_effects(city.house, city.now, 100):
        try:
            carry(city.house, errand, city.now)
        except Exception as error:
            not_carried(city.house, errand, str(error), city.now)


def data_of(city: PlannedCity, issue: int) -> Any:
    with city.house.database.reading() as connection:
        return connection.execute(select(issues.c.state).where(issues.c.id == issue)).scalar_one().data


def kept(city: PlannedCity) -> list[Any]:
    with city.house.database.reading() as connection:
        return list(connection.execute(select(score_results).order_by(score_results.c.id)))


def test_four_receptions_that_are_claimed_and_not_recorded_are_worth_nothing(city: PlannedCity) -> None:
    adopt(city)
    with pytest.raises(Invalid):
        assess(city, suggestions=5, inspections=0, receptions=4, leave=0)
    issue = assess(city)
    assert data_of(city, issue)["score"] == 60
    assert data_of(city, issue)["result"] == "fair"


@pytest.mark.parametrize("field", ["score", "result", "entries", "missing"])
def test_nobody_enters_what_comes_from_the_file(city: PlannedCity, field: str) -> None:
    adopt(city)
    with pytest.raises(Invalid):
        assess(city, **{field: 99 if field != "result" else "good"})


def test_what_the_file_holds_is_what_counts(city: PlannedCity) -> None:
    adopt(city)
    city.received(DEPUTY, 4)
    city.received(DEPUTY, 2, kind="contact")
    city.received(DEPUTY, 3, kind="suggestion")
    city.received(DEPUTY, 1, kind="report")
    data = data_of(city, assess(city))
    # 60 + receptions 8 and contacts 2, together no more than 15 + suggestions 9 + report 5
    assert (data["score"], data["result"], data["entries"]) == (84, "good", 10)


def test_whoever_misses_the_minimum_is_not_good_and_the_clerk_reads_why(city: PlannedCity) -> None:
    adopt(city)
    city.received(DEPUTY, 1)
    city.received(DEPUTY, 6, kind="suggestion")
    city.received(DEPUTY, 5, kind="activity")
    data = data_of(city, assess(city))
    assert (data["score"], data["result"]) == (95, "fair")
    assert data["missing"] == "到站接待群众（次） 1/2；联系选民、回选区（次） 0/1"


def test_an_entry_that_nobody_confirmed_does_not_count(city: PlannedCity) -> None:
    adopt(city)
    city.received(DEPUTY, 1)
    with city.house.database.writing() as connection:
        connection.execute(delete(file_deeds).where(file_deeds.c.what == "confirmed"))
    assert data_of(city, assess(city))["score"] == 60


def test_half_days_parts_and_evidence_of_an_entry_by_hand_count(city: PlannedCity) -> None:
    adopt(city)
    city.received(DEPUTY, 1, kind="meeting", half_days=4)
    city.received(DEPUTY, 1, kind="meeting", part="absent")
    city.received(DEPUTY, 1, kind="leave", half_days=2)
    city.received(DEPUTY, 1, kind="deed", evidence=["file:abc"])
    city.received(DEPUTY, 1, kind="deed")
    # 60 + 4 half-days − 5 absent − 2 of leave + a good deed 2; one without evidence is worth nothing
    assert data_of(city, assess(city))["score"] == 59


def test_an_entry_of_another_year_or_person_does_not_count(city: PlannedCity) -> None:
    adopt(city)
    city.received(DEPUTY, 2, 2025)
    city.received("caibin", 2)
    assert data_of(city, assess(city))["score"] == 60


def test_without_a_table_in_force_the_process_stands_and_says_why(city: PlannedCity) -> None:
    issue = assess(city)
    assert "score" not in data_of(city, issue)
    assert not kept(city)
    adopt(city)
    for errand in claim_effects(city.house, at("2026-12-03"), 100):
        carry(city.house, errand, at("2026-12-03"))
    assert data_of(city, issue)["score"] == 60
    with city.house.database.reading() as connection:
        assert connection.execute(select(incidents)).all() == []


def test_a_kept_result_comes_out_the_same_when_file_and_table_have_changed(city: PlannedCity) -> None:
    adopt(city)
    city.received(DEPUTY, 3)
    assess(city)
    [row] = kept(city)
    city.received(DEPUTY, 2, kind="deed")
    adopt(city, (TABLES / "deputy-year.yaml").read_text("utf-8").replace("base: 60", "base: 50"))
    found = kept_result(city.house, row.id)
    assert (found.points, found.band, found.version.version) == (Fraction(66), "fair", 1)
    assert found.sound
    assert found.again().points == 66
    with city.house.database.reading() as connection:
        newest = newest_table(city.house, "deputy-year")
        now = assess_people(city.house, connection, [city.people[DEPUTY]], newest, period_of("year", 2026))
    assert now[city.people[DEPUTY]].score.points == 56


def test_a_kept_result_that_somebody_changed_is_found(city: PlannedCity) -> None:
    adopt(city)
    city.received(DEPUTY, 3)
    assess(city)
    [row] = kept(city)
    entries = [*row.entries, {**row.entries[0], "key": "smuggled"}]
    with city.house.database.writing() as connection:
        connection.execute(update(score_results).values(entries=entries))
    assert not kept_result(city.house, row.id).sound
    with city.house.database.writing() as connection:
        connection.execute(update(score_results).values(entries=row.entries, points="99"))
    assert not kept_result(city.house, row.id).sound


def test_a_table_is_adopted_once_and_each_change_is_another_version(city: PlannedCity) -> None:
    adopt(city)
    adopt(city)
    assert [one.version for one in versions(city.house, "deputy-year")] == [1]
    adopt(city, (TABLES / "deputy-year.yaml").read_text("utf-8").replace("base: 60", "base: 55"))
    assert [one.version for one in versions(city.house, "deputy-year")] == [2, 1]
    with pytest.raises(Unsound):
        adopt(city, "scores: x\n")


def test_the_table_of_a_period_is_the_one_in_force_on_its_last_day(city: PlannedCity) -> None:
    text = (TABLES / "deputy-year.yaml").read_text("utf-8")
    adopt(city, text)
    adopt(city, text.replace("from: 2026-01-01", "from: 2027-01-01").replace("base: 60", "base: 50"))
    assert table_in_force(city.house, "deputy-year", at("2026-12-31").date()).version == 1
    assert table_in_force(city.house, "deputy-year", at("2027-12-31").date()).version == 2
    with pytest.raises(NotFound):
        table_in_force(city.house, "deputy-year", at("2025-12-31").date())


@pytest.mark.parametrize(
    ("per", "part", "days"),
    [
        ("year", None, ("2026-01-01", "2026-12-31")),
        ("two years", None, ("2025-01-01", "2026-12-31")),
        ("term", None, ("2022-01-01", "2026-12-31")),
        ("half year", 1, ("2026-01-01", "2026-06-30")),
        ("half year", None, ("2026-07-01", "2026-12-31")),
        ("quarter", 1, ("2026-01-01", "2026-03-31")),
        ("quarter", 4, ("2026-10-01", "2026-12-31")),
    ],
)
def test_a_period_has_its_days(per: Any, part: int | None, days: tuple[str, str]) -> None:
    assert period_of(per, 2026, part) == ScorePeriod(*(at(day).date() for day in days))


def test_a_delegation_is_assessed_by_what_all_its_members_did_together(city: PlannedCity) -> None:
    adopt(city, (TABLES / "delegation-year.yaml").read_text("utf-8"))
    version = newest_table(city.house, "delegation-year")
    city.received(DEPUTY, 2, kind="suggestion")
    city.received("chenhaisheng", 2, kind="suggestion")
    city.received("wangshutong", 9, kind="suggestion")
    with city.house.database.reading() as connection:
        found = assess_people(city.house, connection, [city.people[DEPUTY]], version, period_of("year", 2026))
    assert {one.item: one.points for one in found[city.people[DEPUTY]].score.items}["suggestions"] == 15


def test_a_report_on_duty_begins_with_what_the_file_holds(city: PlannedCity) -> None:
    path = LIBRARY / "duty-report" / "definition.yaml"
    publish(city.house, path.read_bytes(), str(path), Imprint("test", city.now))
    city.received(DEPUTY, 2)
    city.received(DEPUTY, 1, kind="contact", title="走访第三网格")
    city.received(DEPUTY, 1, kind="survey", title="调研加装电梯")
    report = Report(definition="duty-report", station="XG", reporter=city.people[DEPUTY], values={"of_year": 2026})
    issue = open_issue(city.house, report, request_id="report", now=city.now).issue_id
    carry_all(city)
    summary = data_of(city, issue)["summary"]
    assert "视察、调研、执法检查：调研 1 次\n  · 调研加装电梯" in summary
    assert "接待群众 2 次" in summary
    assert "  · 走访第三网格" in summary


def test_whoever_is_in_no_delegation_is_assessed_with_none(city: PlannedCity) -> None:
    adopt(city, (TABLES / "delegation-year.yaml").read_text("utf-8"))
    version = newest_table(city.house, "delegation-year")
    with city.house.database.writing() as connection:
        alone = mandates.c.participant_id == city.people[DEPUTY]
        connection.execute(update(mandates).where(alone).values(delegation=None))
    people = [city.people[DEPUTY], city.people["chenhaisheng"]]
    with city.house.database.reading() as connection:
        found = assess_people(city.house, connection, people, version, period_of("year", 2026))
    assert list(found) == [city.people["chenhaisheng"]]


def test_the_list_names_the_result_of_its_own_table_and_days(city: PlannedCity) -> None:
    adopt(city)
    adopt(city, (TABLES / "delegation-year.yaml").read_text("utf-8"))
    assess(city)
    [mine] = kept(city)
    other = newest_table(city.house, "delegation-year")
    with city.house.database.writing() as connection:
        more = {key: value for key, value in mine._mapping.items() if key != "id"}
        connection.execute(insert(score_results), {**more, "version_id": other.id})
        connection.execute(insert(score_results), {**more, "begins": date(2026, 7, 1)})
    named = {one.person: one.kept for one in standings(city.house, "deputy-year", 2026, "zh")}
    assert named[city.people[DEPUTY]] == mine.id


def test_whose_year_cannot_begin_is_told_with_the_words_and_not_as_one_who_has_it(city: PlannedCity) -> None:
    adopt(city)
    assess(city)
    begun = begin_year(city.house, 2026, By(city.people["wenruyu"], city.now))
    assert (begun.before, begun.refused) == (1, ())


def test_whoever_is_refused_for_another_reason_had_none_before(
    city: PlannedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise Unavailable("站点停用。", "The station is closed.")

    monkeypatch.setattr(year, "open_issue", refused)
    begun = begin_year(city.house, 2026, By(city.people["wenruyu"], city.now))
    assert (begun.begun, begun.before) == (0, 0)
    assert {words["zh"] for _, words in begun.refused} == {"站点停用。"}


def test_ratings_in_stars_are_kept_once_and_hold_whatever_becomes_of_the_station(city: PlannedCity) -> None:
    adopt(city, (TABLES / "station-stars.yaml").read_text("utf-8"))
    place = city.stations["XG"]
    things = ("place", "sign", "equipment", "staff", "rules", "plan", "activities", "ledger", "archive")
    rows = [{"station_id": place, "have": one, "has": True, "evidence": "照片"} for one in things]
    rows[0]["evidence"] = None
    with city.house.database.writing() as connection:
        connection.execute(delete(station_haves).where(station_haves.c.station_id == place))
        connection.execute(insert(station_haves), rows)
    assert rating_of(city.house, "XG", "zh") is None
    by = By(city.people["wenruyu"], city.now)
    count = rate_stations(city.house, "station-stars", 2026, by)
    assert count > 1
    assert rate_stations(city.house, "station-stars", 2026, by) == 0, "as it was kept already"
    found = rating_of(city.house, "XG", "zh")
    assert found is not None
    assert (found.points, found.stars, found.band, found.year) == ("40", 1, "一星站", 2026), (
        "what has no evidence counts nothing"
    )
    with city.house.database.writing() as connection:
        connection.execute(update(station_haves).where(station_haves.c.have == "place").values(evidence="门牌照片"))
    assert rating_of(city.house, "XG", "zh") == found, "a kept rating holds"
    assert kept_result(city.house, found.result).sound
    assert rate_stations(city.house, "station-stars", 2026, by) >= 1
    again = rating_of(city.house, "XG", "en")
    assert again is not None
    assert (again.points, again.table) == ("45", "Rating of stations in stars")
    with city.house.database.writing() as connection:
        connection.execute(update(station_haves).values(evidence=None))
    rate_stations(city.house, "station-stars", 2026, by)
    none = rating_of(city.house, "XG", "zh")
    assert none is not None
    assert (none.stars, none.band) == (0, "未达星级"), "an older star does not stand for it"
    assert rating_of(city.house, "NOWHERE", "zh") is None


def test_a_table_of_stations_is_tried_on_a_year(city: PlannedCity) -> None:
    adopt(city, (TABLES / "station-stars.yaml").read_text("utf-8"))
    harder = (TABLES / "station-stars.yaml").read_text("utf-8").replace("at most: 100", "base: 5\nat most: 100")
    table = read_table(harder, "t.yaml").table
    assert table is not None
    moves = dry_run(city.house, table, 2026, "zh")
    assert {one.name for one in moves} >= {"仙港街道代表活动站"}
    assert {one.difference for one in moves} == {"+5"}
