"""Everybody signed out at once, for whoever keeps the house: with a reason that stays, and once more with their passphrase."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from huying.database.tables import audit, sessions
from huying.house.office import OfficeEntry
from tests.huying.town import PASSPHRASE, administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

PAGE, END = "/accounts/sessions", "/accounts/sessions/end"
WHY = "有人拾到一台未锁屏的电脑"


@pytest.fixture
def keeper(town: PortalTown) -> Visitor:
    """A system administrator, signed in."""
    town.people["admin"] = administrator(town.house)
    return town.visitor("admin")


def _open(town: PortalTown) -> int:
    with town.house.database.reading() as connection:
        return len(connection.execute(select(sessions.c.token_hash)).all())


def test_everybody_is_signed_out_with_a_reason_and_whoever_does_it_too(town: PortalTown, keeper: Visitor) -> None:
    deputy = town.visitor("deputy")
    program = town.visitor().http
    token = program.post("/api/v1/sessions", json={"login": "clerk", "passphrase": PASSPHRASE}).json()["token"]
    asks = {"Authorization": f"Bearer {token}"}
    assert program.get("/api/v1/tasks", headers=asks).status_code == 200
    assert PAGE in keeper.see("/accounts")
    assert "现在有 3 人登录" in plain(keeper.see(PAGE))
    keeper.send(PAGE, END, {"reason": WHY, "present": PASSPHRASE})
    assert keeper.path == "/login"
    assert _open(town) == 0
    for somebody, page in ((deputy, "/tasks"), (keeper, "/accounts")):
        assert somebody.http.get(page, follow_redirects=False).status_code == 303
    assert program.get("/api/v1/tasks", headers=asks).status_code == 401
    with town.house.database.reading() as connection:
        query = select(audit.c.by_id, audit.c.reason, audit.c.detail).where(audit.c.what == "everybody-signed-out")
        assert connection.execute(query).all() == [(town.people["admin"], WHY, {"people": 3})]
    assert town.visitor("deputy").see("/tasks"), "passphrases stay"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"reason": WHY, "present": "not mine"}, "口令或验证码不对，谁也没有退出"),
        ({"reason": "  ", "present": PASSPHRASE}, "请写明理由"),
    ],
)
def test_without_passphrase_or_reason_nobody_is_signed_out(
    town: PortalTown, keeper: Visitor, values: dict[str, str], said: str
) -> None:
    before = _open(town)
    page = plain(keeper.send(PAGE, END, values, status=422))
    assert said in page
    assert PASSPHRASE not in page
    assert _open(town) == before


@pytest.mark.parametrize("login", ["clerk", "deputy", "office"])
def test_nobody_else_signs_everybody_out(town: PortalTown, login: str) -> None:
    somebody = town.visitor(login)
    somebody.see(PAGE, status=403)
    assert PAGE not in somebody.see("/tasks")


def test_whoever_keeps_the_house_and_no_accounts_finds_the_way_on_the_page_of_the_office(
    town: PortalTown, keeper: Visitor
) -> None:
    entry = OfficeEntry(name_zh="街道办", name_en="", address="", calendar="china", languages=("zh", "en"))
    town.house.offices.settle(entry, town.house.calendars, town.clock.now)
    assert PAGE in keeper.see("/welcome")


def test_the_page_is_english_for_whoever_reads_english(town: PortalTown, keeper: Visitor) -> None:
    assert "1 person is signed in." in plain(keeper.see(f"{PAGE}?lang=en"))
