"""The register taken out: by whoever may import it without phones and mail, by the privacy officer with them; each time it is noted."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from huying.database import tables as t
from huying.database.day import HOUSE_ZONE
from huying.database.tables import audit
from huying.rights.grants import NewGrant, give
from huying.rights.scope import HOUSE
from tests.huying.town import MORNING
from tests.huying.town import administrator as made_administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor

PLAIN, PRIVATE = "/register/export.xlsx", "/register/export-private.xlsx"


@pytest.fixture
def registrar(town: PortalTown) -> Visitor:
    """The first administrator, in a town where the clerk has a telephone."""
    town.people["admin"] = made_administrator(town.house)
    with town.house.database.writing() as connection:
        at = t.participants.c
        connection.execute(update(t.participants).where(at.id == town.people["clerk"]).values(phone="13812345678"))
    return town.visitor("admin")


def _granted(town: PortalTown, login: str) -> None:
    with town.house.database.writing() as connection:
        wish = NewGrant(
            town.people[login], "privacy", HOUSE, MORNING.astimezone(HOUSE_ZONE).date(), None, "个人信息保护"
        )
        give(connection, wish, MORNING, town.people["admin"])


def _cells(content: bytes) -> set[Any]:
    book = load_workbook(BytesIO(content))
    return {cell for row in book["人员 people"].iter_rows(values_only=True) for cell in row}


def test_an_export_holds_no_phones(town: PortalTown, registrar: Visitor) -> None:
    answer = registrar.http.get(PLAIN)
    assert answer.status_code == 200
    assert _cells(answer.content).isdisjoint({"13812345678", "phone", "mail"})
    assert "没有“带手机、邮箱导出名册”的权限" in registrar.see(PRIVATE, 403)
    assert PRIVATE not in registrar.see("/register/import")


def test_phones_go_along_for_whoever_has_the_right(town: PortalTown, registrar: Visitor) -> None:
    _granted(town, "admin")
    assert PRIVATE in registrar.see("/register/import")
    assert PRIVATE in registrar.see("/rights")
    assert {"13812345678", "phone", "mail"} <= _cells(registrar.http.get(PRIVATE).content)


def test_each_export_is_noted(town: PortalTown, registrar: Visitor) -> None:
    _granted(town, "admin")
    registrar.http.get(PLAIN)
    registrar.http.get(PRIVATE)
    with town.house.database.reading() as connection:
        noted = connection.execute(select(audit).where(audit.c.what == "register-exported").order_by(audit.c.seq)).all()
    assert [(one.by_id, one.detail["private"]) for one in noted] == [
        (town.people["admin"], False),
        (town.people["admin"], True),
    ]
    assert "13812345678" not in str(noted)
