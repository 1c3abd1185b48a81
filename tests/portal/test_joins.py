"""Two residents side by side, joined and parted by a page."""

from __future__ import annotations

from sqlalchemy import select

from huying.database import tables as t
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter
from tests.portal.conftest import PortalTown
from tests.portal.visitor import plain


def _resident(town: PortalTown, name: str) -> int:
    report = Report(
        definition="street-matters",
        station="XG",
        reporter=NewReporter(name=name, phone="05925147085", email=f"{name.encode().hex()}@example.org"),
        values={"subject": f"{name}家路灯不亮", "kind": "lighting"},
    )
    return town.reporter(open_issue(town.house, report, request_id=name, now=town.clock.now).issue_id)


def test_two_are_shown_joined_and_parted_again(town: PortalTown) -> None:
    one, other = _resident(town, "林阿婆"), _resident(town, "林婆婆")
    clerk = town.visitor("clerk")
    address = f"/joins/new?one={one}&other={other}"
    page = plain(clerk.see(address))
    assert "林阿婆家路灯不亮" in page
    assert "林婆婆家路灯不亮" in page
    ids = {"one": str(one), "other": str(other), "do": "join"}
    assert "请写明理由" in plain(clerk.send(address, "/joins", {**ids, "reason": ""}, status=422))
    wrong = clerk.send(address, "/joins", {**ids, "reason": "来电", "code": "000000"}, status=422)
    assert "验证码不对" in plain(wrong)
    clerk.send(address, "/joins", {**ids, "reason": "来电时核对了住址"})
    assert "来电时核对了住址" in plain(clerk.see("/joins"))
    with town.house.database.reading() as connection:
        number = connection.execute(select(t.person_joins.c.id)).scalar_one()
    clerk.send("/joins", f"/joins/{number}", {"reason": "不是同一人"})
    assert "已分开" in plain(clerk.see("/joins"))
    assert town.visitor("deputy").http.get("/joins").status_code == 403
