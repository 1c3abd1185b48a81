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
from tests.huying.planned_city import PlannedCity, at, found_city, shipped
from tests.portal.visitor import Visitor


class PlannedPortal:
    """The city on 2 March 2026, with receptions planned at one station until May."""

    def __init__(self, database: Database, folder: Path) -> None:
        database.migrate()
        self.city: PlannedCity = found_city(database, folder)
        self.city.now = at("2026-03-02")
        self.city.publish(shipped("reception-rota", for_="XG"))
        self.city.publish(shipped("reception-quota", for_="XG"))
        self.city.run()
        config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", mailbox=None)
        self.app: FastAPI = create_app(self.city.house, config, lambda: self.city.now)

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
