"""The sample city with its plans, seen through the portal."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import insert

from huying.access.sessions import token_hash
from huying.database.connections import Database
from huying.database.tables import sessions
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.huying.planned_city import CENSUS, Census, PlannedCity, at, city_in, shipped
from tests.portal.visitor import Visitor
from tests.template import Template, filled

_NOW = at("2026-03-02")


def _planned(database: Database, folder: Path) -> Census:
    census = CENSUS.fill(database, folder)
    city = city_in((database, census), folder)
    city.now = _NOW
    city.publish(shipped("reception-rota", for_="XG"))
    city.publish(shipped("reception-quota", for_="XG"))
    city.run()
    return census


_PLANNED = Template("planned_portal", _planned)


class PlannedPortal:
    """The city on 2 March 2026, with receptions planned at one station until May."""

    def __init__(self, folder: Path) -> None:
        self.city: PlannedCity = city_in(filled(_PLANNED, folder / "city.db"), folder)
        self.city.now = _NOW
        config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", mailbox=None)
        self.app: FastAPI = create_app(self.city.house, config, lambda: self.city.now)

    def close(self) -> None:
        """Give the connections back."""
        self.city.house.database.close()

    def token(self, login: str) -> str:
        """A session of somebody."""
        token = secrets.token_urlsafe(24)
        row = {
            "token_hash": token_hash(token),
            "participant_id": self.city.people[login],
            "expires_at": datetime(2099, 1, 1, tzinfo=UTC),
        }
        with self.city.house.database.writing() as connection:
            connection.execute(insert(sessions), row)
        return token

    def visitor(self, login: str | None = None, language: str = "zh-CN") -> Visitor:
        """A browser, signed in if a login is named."""
        made = Visitor(self.app, language)
        if login:
            made.http.cookies.set("huying_session", self.token(login))
        return made
