"""A portal of a large city to look at pages with: 442 stations, 5,000 open issues, names as long as offices have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import insert, select

from benchmarks.lives import Crowd, Crowds
from benchmarks.metropolis import PASSPHRASE, Metropolis, metropolis
from benchmarks.pages import NOW
from huying.access.passphrase import hash_passphrase
from huying.access.sessions import sign_in
from huying.database import tables as t
from huying.database.connections import Database
from huying.house.by import By
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter
from huying.rights.grants import found_house
from huying.search.upkeep import keep_up
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.portal.visitor import Visitor

OPEN = 5_000
#: The stations, counted from the first, that have a head and a liaison officer besides: as many as there are stories to be played at the same time.
STAFFED = 16


@dataclass(frozen=True)
class CrowdedPortal:
    """The city, its issues, and the application that it is visited by; everybody's passphrase is that of the benchmarks."""

    city: Metropolis
    crowd: Crowd
    app: FastAPI

    def visitor(self, login: str | None = None) -> Visitor:
        """A new browser, signed in if a login is named."""
        visitor = Visitor(self.app)
        if login:
            visitor.send("/login", "/login", {"login": login, "passphrase": PASSPHRASE})
        return visitor

    def session(self, login: str) -> str:
        """What the cookie of somebody who is signed in holds."""
        return sign_in(self.city.house, login, PASSPHRASE, NOW)

    def person(self, login: str) -> int:
        """Somebody's id."""
        with self.city.house.database.reading() as connection:
            found = select(t.participants.c.id).where(t.participants.c.login == login)
            return int(connection.execute(found).scalar_one())

    def report(self, station: int, subject: str) -> int:
        """A resident's issue at a station (1 is the first); its id."""
        values = {"subject": subject, "category": "lighting", "place": "厦禾路 8 号", "phone": "13800000000"}
        told = Report(
            definition="contact-station",
            station=f"S{station:03d}",
            reporter=NewReporter(name="李明"),
            values={**values, "description": "已经一周了。"},
        )
        return open_issue(self.city.house, told, request_id=f"{station}-{subject}", now=NOW).issue_id

    def act(self, issue: int, action: str, **values: Any) -> str:
        """Whoever has the first open task of an issue takes an action; the issue's number."""
        of = select(t.candidates.c.item, t.candidates.c.party).where(t.candidates.c.issue_id == issue)
        with self.city.house.database.reading() as connection:
            item, party = connection.execute(of.order_by(t.candidates.c.item).limit(1)).one()
            number = connection.execute(select(t.issues.c.number).where(t.issues.c.id == issue)).scalar_one()
            kind, _, named = party.partition(":")
            serving = select(t.memberships.c.participant_id).where(t.memberships.c.organisation_id == int(named))
            person = connection.execute(serving).scalar_one() if kind == "organisation" else int(named)
        act(self.city.house, issue, item, action, values, By(person, NOW))
        return str(number)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CrowdedPortal]:
    """The large city, made once for the tests of a file: they look at it, and change nothing that others count."""
    folder = tmp_path_factory.mktemp("crowded")
    database = Database(f"sqlite:///{folder / 'city.db'}")
    city = metropolis(database, folder, NOW)
    crowd = Crowds(city, NOW).fill(OPEN + OPEN // 5, OPEN, whole=OPEN)
    _staff(city)
    while keep_up(city.house, 2_000):
        pass
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", mailbox=None)
    yield CrowdedPortal(city, crowd, create_app(city.house, config, lambda: NOW))
    database.close()


def _staff(city: Metropolis) -> None:
    """Heads and liaison officers of the first stations, and an administrator."""
    hashed = hash_passphrase(PASSPHRASE)
    with city.house.database.writing() as connection:

        def person(login: str, name: str, kind: str) -> int:
            row = {"login": login, "name": name, "kind": kind, "language": "zh", "active": True, "created_at": NOW}
            made = insert(t.participants).returning(t.participants.c.id)
            return int(connection.execute(made, {**row, "passphrase_hash": hashed}).scalar_one())

        for number, station in enumerate(city.stations[:STAFFED], 1):
            for function, name, kind in (("head", "站长", "staff"), ("liaison", "联络员", "liaison")):
                one = person(f"{function}{number}", f"{name}{number}", kind)
                serves = {"participant_id": one, "station_id": station, "function": function}
                connection.execute(insert(t.memberships), serves)
        found_house(connection, person("admin", "管理员", "administrator"), NOW)
