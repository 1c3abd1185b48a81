"""After an import its people are invited in one go: by a message where they have an address, else on a slip, and each refusal is told."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select, update

from huying.access import accounts
from huying.database.tables import credential_links, deliveries, participants
from huying.house.by import By
from huying.register.workbook.imports import offer, write
from huying.register.workbook.undo import undo_import
from tests.huying.register.workbook.sheets import book_of
from tests.huying.town import MORNING
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

GOOD = "three hens refuse to lay"
BOOK = book_of(
    {
        "人员": [
            ["登录名", "姓名*", "身份*", "手机", "邮箱"],
            ["suhe", "苏禾", "工作人员", "", "suhe@office.example"],
            ["guyuan", "顾远", "工作人员", "", "guyuan@office.example"],
            ["yejing", "叶静", "联络员", "", ""],
        ]
    }
)


@pytest.fixture
def admin(town: PortalTown) -> Visitor:
    """The first administrator, signed in."""
    made = accounts.first_administrator(town.house, MORNING)
    visitor = town.visitor()
    page, values = f"/account/set/{made.token}", {"passphrase": GOOD, "again": GOOD, "name": "温如玉", "login": "wen"}
    visitor.send(page, page, values)
    return visitor


@pytest.fixture
def invite(town: PortalTown) -> str:
    """Where those of a written import are invited."""
    by = By(town.people["clerk"], town.clock())
    number = offer(town.house, "名册.xlsx", BOOK, by)
    write(town.house, number, by)
    return f"/register/import/{number}/invite"


def ids(town: PortalTown, *logins: str) -> list[str]:
    with town.house.database.reading() as connection:
        query = select(participants.c.id).where(participants.c.login.in_(logins)).order_by(participants.c.id)
        return [str(one) for one in connection.execute(query).scalars()]


def test_those_with_mail_are_told_and_the_others_have_slips(town: PortalTown, admin: Visitor, invite: str) -> None:
    page = admin.see(invite)
    assert page.count("checked") == 3
    assert "发消息到邮箱：2 人" in page
    assert "打印单子：1 人" in page
    assert "王芳" not in page

    done = admin.send(invite, invite, {"field.people": ids(town, "suhe", "guyuan", "yejing")})
    said = plain(done)
    assert "苏禾、顾远" in said
    assert re.findall(r"/account/set/[\w-]+", done)
    assert "叶静" in done
    assert done.count("<article") == 1
    with town.house.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(deliveries)).scalar_one() == 2

    # and the slip lets its person in
    found = re.search(r"http://testserver(/account/set/[\w-]+)", done)
    assert found
    visitor = town.visitor()
    visitor.send(found[1], found[1], {"passphrase": GOOD, "again": GOOD})
    again = admin.see(invite)
    assert "叶静" not in again
    assert "checked" not in again


def test_what_failed_is_told_and_the_others_go_on(town: PortalTown, admin: Visitor, invite: str) -> None:
    people = ids(town, "suhe", "yejing")
    page = admin.see(invite)
    assert page
    with town.house.database.writing() as connection:
        # whoever was disabled or taken out meanwhile is not invited, nor is anybody who did not come with it
        connection.execute(update(participants).where(participants.c.login == "suhe").values(active=False))
    done = admin.send(invite, invite, {"field.people": [*people, str(town.people["deputy"]), "999"], "how": "slip"})
    assert done.count("<article") == 1
    assert "王芳" not in done
    with town.house.database.reading() as connection:
        query = select(func.count()).select_from(credential_links).where(credential_links.c.purpose == "invitation")
        assert connection.execute(query).scalar_one() == 1


def test_all_can_be_printed(town: PortalTown, admin: Visitor, invite: str) -> None:
    done = admin.send(invite, invite, {"field.people": ids(town, "suhe", "yejing"), "how": "slip"})
    assert done.count("<article") == 2
    assert "还有 1 人" in done


def test_of_an_import_taken_back_nobody_is_left_to_invite(town: PortalTown, admin: Visitor, invite: str) -> None:
    number = int(invite.split("/")[3])
    undo_import(town.house, number, By(town.people["clerk"], town.clock()))
    assert "没有待邀请的" in admin.see(invite)


def test_nobody_is_invited_before_it_is_written(town: PortalTown, admin: Visitor) -> None:
    number = offer(town.house, "名册.xlsx", BOOK, By(town.people["clerk"], town.clock()))
    assert "没有待邀请的" in admin.see(f"/register/import/{number}/invite")
