"""What the office sets holds for whoever chose nothing, and the table says who is told of what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.huying.delivery.desk import address, messages, tell, wish
from tests.huying.town import administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

PAGE = "/messages/defaults"


@pytest.fixture
def keeper(town: PortalTown) -> Visitor:
    """Whoever keeps the house."""
    administrator(town.house)
    return town.visitor("admin")


def test_what_the_office_sets_holds_until_somebody_chooses(town: PortalTown, keeper: Visitor) -> None:
    town.visitor("clerk").see(PAGE, 403)
    for login in ("clerk", "clerk2"):
        address(town, login, f"{login}@example.org")
        address(town, login, f"https://{login}.example/hook", channel="webhook", rank=1)
    wish(town, "clerk2", "tasks", channels=["mail"])
    entered = {"order_tasks": "webhook, mail", "wait_tasks": "30"}
    keeper.send(f"{PAGE}?kind=staff", PAGE, entered)
    shown = keeper.see(f"{PAGE}?kind=staff")
    assert 'value="webhook mail"' in shown
    assert 'value="30"' in shown
    town.report()
    tell(town)
    (first,), (second,) = messages(town, "clerk"), messages(town, "clerk2")
    assert (first.channel, second.channel) == ("webhook", "mail")
    assert first.wait_until == town.clock.now + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({"order_tasks": "pigeon"}, "没有这种方式：pigeon"),
        ({"wait_tasks": "soon"}, "请填写分钟数"),
        ({"quiet_from": "22:00"}, "请填写时间"),
    ],
)
def test_a_mistake_is_said(town: PortalTown, keeper: Visitor, entered: dict[str, str], said: str) -> None:
    assert said in keeper.send(f"{PAGE}?kind=staff", PAGE, entered, status=422)


def test_the_table_says_who_is_told_and_where_nobody_is(town: PortalTown, keeper: Visitor) -> None:
    keeper.send(f"{PAGE}?kind=deputy", PAGE, {"order_tasks": "sms mail"})
    shown = plain(keeper.see("/definitions/street-matters/messages"))
    assert "代表研究：有任务" in shown
    assert "短信 › 邮件" in shown
    assert "谁也不告知" in shown
    english = town.visitor("admin", "en").see("/definitions/street-matters/messages")
    assert english
