"""Staff see what each version changed; administrators withdraw one, or publish an earlier one once more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huying.house.imprint import Imprint
from huying.processes.publication import publish
from tests.huying.town import DEFINITION, MORNING
from tests.huying.town import administrator as made_administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

SECOND = DEFINITION.replace("within: 3 working days", "within: 5 working days", 1)
LIST = "/definitions/street-matters/versions"


@pytest.fixture
def administrator(town: PortalTown) -> Visitor:
    """Somebody who decides about versions; there are two, and a third for later."""
    publish(town.house, SECOND, "second.yaml", Imprint("冯硕", MORNING, "延长研究期限"))
    third = SECOND.replace("zh: 街道诉求办理", "zh: 街道诉求")
    later = MORNING + timedelta(days=30)
    publish(town.house, third, "third.yaml", Imprint("冯硕", MORNING), in_force_from=later)
    made_administrator(town.house)
    return town.visitor("admin")


def test_staff_see_versions_and_what_each_changed(town: PortalTown, administrator: Visitor) -> None:
    clerk = town.visitor("clerk")
    assert LIST in clerk.see("/definitions/street-matters")
    listed = plain(clerk.see(LIST))
    assert listed.index("第 3 版") < listed.index("第 2 版") < listed.index("第 1 版")
    assert "起施行" in listed
    assert "延长研究期限" in listed
    second = clerk.see(f"{LIST}/2")
    assert "“代表研究”的期限：3 个工作日 → 5 个工作日" in second
    assert "#b9770e" in second, "the chart marks the step"
    assert "撤回" not in plain(second)
    assert "另有 1 处只改了文字" in clerk.see(f"{LIST}/3")


def test_others_do_not_and_staff_do_not_decide(town: PortalTown, administrator: Visitor) -> None:
    town.visitor("stranger").see(LIST, 403)
    clerk = town.visitor("clerk")
    token = clerk.see(LIST)
    assert "form_token" in token
    clerk.see(f"{LIST}/9", 404)


def test_administrators_withdraw_and_publish_once_more(town: PortalTown, administrator: Visitor) -> None:
    listed = administrator.send(f"{LIST}/3", f"{LIST}/3", {"do": "withdraw", "reason": "时间未定"})
    assert "已撤回" in listed
    assert "时间未定" in listed
    administrator.send(f"{LIST}/1", f"{LIST}/1", {"do": "roll-back", "reason": "恢复"})
    assert town.house.processes.in_force("street-matters", MORNING + timedelta(days=40)).version == 4
    assert "回到第 1 版" in administrator.see(LIST)
    again = administrator.hidden(f"{LIST}/2", f"{LIST}/2")
    administrator.send(f"{LIST}/2", f"{LIST}/2", {"do": "withdraw", "reason": "x"})
    twice = administrator.http.post(f"{LIST}/2", data={**again, "do": "withdraw"})
    assert twice.status_code == 409
    assert "这一版已经撤回" in twice.text
