"""Published versions stay readable, whatever later checks find in them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from definitions import checks, loader
from definitions.model.definition import Definition
from definitions.problem import Problem, problem
from definitions.text import Said
from huying.errors import NotFound
from huying.house.house import House
from tests.conftest import MORNING, Office


def test_a_published_version_is_not_judged_again_by_later_checks(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stricter(definition: Definition) -> tuple[Problem, ...]:
        return (problem("new-rule", ("id",), Said("新规则。", "A new rule."), Said("无。", "None.")),)

    monkeypatch.setattr(checks, "run", stricter)
    fresh = House(office.house.database, office.house.files)
    version = fresh.processes.in_force("office", MORNING)
    assert fresh.processes.process(version.id).definition.start == "register"


def test_the_order_of_steps_and_actions_is_kept(office: Office) -> None:
    definition = office.house.processes.process(office.house.processes.in_force("office", MORNING).id).definition
    assert list(definition.steps) == ["register", "route", "give", "ask", "handle", "confirm", "end"]
    assert list(definition.intake) == ["register"]


def test_unknown_definitions_and_versions_are_said_in_words(office: Office) -> None:
    with pytest.raises(NotFound):
        office.house.processes.version("office", 7)
    with pytest.raises(NotFound):
        office.house.processes.newest("nothing")
    with pytest.raises(NotFound):
        office.house.processes.in_force("nothing", MORNING)


def test_a_version_is_read_once_however_many_ask_at_the_same_moment(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    as_usual, at_once = loader.restore, Barrier(8)

    def restore(body: dict[str, object]) -> Definition:
        read.append(body)
        return as_usual(body)

    monkeypatch.setattr("huying.house.processes.restore", restore)
    fresh = House(office.house.database, office.house.files)
    version = fresh.processes.in_force("office", MORNING)

    def ask(_: int) -> object:
        at_once.wait()
        return fresh.processes.process(version.id)

    with ThreadPoolExecutor(8) as pool:
        found = set(map(id, pool.map(ask, range(8))))

    assert (len(read), len(found)) == (1, 1)
