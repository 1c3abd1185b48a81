"""The template register by page: fetched, given to what it is for, checked, in force; only for whoever keeps connections."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.huying.delivery.desk import account
from tests.huying.town import administrator
from tests.notifications.cases import CASES
from tests.notifications.platforms import StandIn, running
from tests.portal.conftest import PortalTown

ALIYUN = next(one for one in CASES if one.kind == "aliyun-sms")
HERE = "/senders/sms/templates"


@pytest.fixture
def stand(town: PortalTown) -> Iterator[StandIn]:
    """Alibaba's stand-in, and an account there on trial."""
    administrator(town.house)
    with running(ALIYUN.answer) as found:
        account(town, "sms", "aliyun-sms", found.url, mode="test")
        yield found


def test_templates_are_fetched_given_to_an_occasion_and_checked(town: PortalTown, stand: StandIn) -> None:
    for login in ("clerk", "deputy"):
        town.visitor(login).see(HERE, 403)
    visitor = town.visitor("admin")
    assert HERE in visitor.see("/senders")
    assert "还没有模板" in visitor.see(HERE)
    shown = visitor.send(HERE, f"{HERE}/fetch")
    assert "服务商的模板已取来" in shown
    assert shown.count("SMS_") >= 3
    assert "变量太多" in shown
    number = shown.split("模板1")[0].rpartition("?template=")[2].split('"')[0]
    at = f"{HERE}?template={number}"
    assert "变量 what" in visitor.see(at)
    entered = {
        "number": number,
        "occasion": "task",
        "language": "zh",
        "code": "SMS_1",
        "text": "您有新的任务${what}，编号${number}，请登录门户办理。",
        "state": "approved",
        "ours_what": "what",
        "longest_what": "20",
        "kind_what": "text",
        "ours_number": "number",
        "longest_number": "6",
        "kind_number": "text",
    }
    wrong = visitor.send(at, f"{HERE}/keep", entered, status=422)
    assert "只放得下 6 个字" in wrong
    assert 'aria-invalid="true"' in wrong
    kept = visitor.send(at, f"{HERE}/keep", {**entered, "longest_number": "20"})
    assert "已保存" in kept
    assert "新的任务" in kept
    assert "种通知不走这个账号" in kept
    assert "已删去" in visitor.send(at, f"{HERE}/remove", {"number": number})
    visitor.see("/senders/nobody/templates", 404)


def test_a_provider_that_refuses_says_why(town: PortalTown, stand: StandIn) -> None:
    visitor = town.visitor("admin")
    stand.instead = [(404, b'{"Code":"InvalidAccessKeyId.NotFound"}')]
    shown = visitor.send(HERE, f"{HERE}/fetch", status=422)
    assert "服务商没有给出模板" in shown
    assert "AccessKey 不对" in shown
