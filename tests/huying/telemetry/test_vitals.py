"""Several dispatchers, each with a sign of life of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from huying.telemetry.vitals import CONNECTED, SILENCE, beat, dispatcher_name, dispatchers, farewell, health
from tests.conftest import Office

_NOWHERE = "http://127.0.0.1:9/api"


def test_the_house_is_served_while_one_dispatcher_is_well(office: Office, now: datetime) -> None:
    house, later = office.house, now + SILENCE + timedelta(seconds=1)
    beat(house, "dispatcher a:1", now, CONNECTED)
    beat(house, "dispatcher b:2", now, CONNECTED)
    assert dispatchers(house, now) == ("dispatcher a:1", "dispatcher b:2")
    beat(house, "dispatcher b:2", later, CONNECTED)
    assert dispatchers(house, later) == ("dispatcher b:2",)
    assert health(house, _NOWHERE, later)["dispatcher"] is None
    farewell(house, "dispatcher b:2")
    trouble = health(house, _NOWHERE, later)["dispatcher"]
    assert trouble is not None
    assert trouble["en"] == "The dispatcher is not running."


def test_it_is_said_when_none_of_them_has_reached_prefect(office: Office, now: datetime) -> None:
    beat(office.house, "dispatcher a:1", now)
    trouble = health(office.house, _NOWHERE, now)["dispatcher"]
    assert trouble is not None
    assert "Prefect" in trouble["zh"]
    beat(office.house, "dispatcher b:2", now, CONNECTED)
    assert health(office.house, _NOWHERE, now)["dispatcher"] is None


def test_names_tell_processes_apart_and_fit() -> None:
    assert dispatcher_name().startswith("dispatcher ")
    assert len(dispatcher_name()) <= 60
