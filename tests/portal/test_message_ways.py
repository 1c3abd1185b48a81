"""How one is told, by page: a new address takes a code, the order is one's own, and tasks cannot be switched off."""

from __future__ import annotations

import re

from sqlalchemy import select

from huying.database import tables as t
from tests.huying.delivery.desk import address, messages
from tests.portal.conftest import PortalTown

PAGE = "/account/messages"


def _code(town: PortalTown) -> str:
    query = select(t.deliveries.c.text, t.deliveries.c.target).where(t.deliveries.c.occasion == "address-code")
    with town.house.database.reading() as connection:
        text, target = connection.execute(query.order_by(t.deliveries.c.id.desc())).first() or ("", "")
    assert target == "new@example.org"
    (code,) = set(re.findall(r"\d{6}", text))
    return str(code)


def test_a_new_address_takes_a_code_and_can_be_put_first(town: PortalTown) -> None:
    old = address(town, "clerk", "old@example.org")
    visitor = town.visitor("clerk")
    assert "我怎样收到消息" in visitor.see("/account")
    shown = visitor.send(PAGE, f"{PAGE}/addresses", {"channel": "mail", "target": "new@example.org"})
    assert "未确认" in shown
    number = old + 1
    wrong = visitor.send(PAGE, f"{PAGE}/addresses/{number}", {"do": "confirm", "code": "000000"}, status=422)
    assert "验证码不对" in wrong
    assert "地址已确认" in visitor.send(PAGE, f"{PAGE}/addresses/{number}", {"do": "confirm", "code": _code(town)})
    visitor.send(PAGE, f"{PAGE}/addresses/{number}", {"do": "first"})
    shown = visitor.see(PAGE)
    assert shown.index("new@example.org") < shown.index("old@example.org")
    visitor.send(PAGE, f"{PAGE}/addresses/{old}", {"do": "remove"})
    refused = visitor.send(PAGE, f"{PAGE}/addresses/{number}", {"do": "remove"}, status=422)
    assert "请至少留一个" in refused


def test_another_s_address_is_none_of_mine(town: PortalTown) -> None:
    other = address(town, "deputy", "deputy@example.org")
    own = address(town, "clerk", "clerk@example.org")
    visitor = town.visitor("clerk")
    data = {**visitor.hidden(PAGE, f"{PAGE}/addresses/{own}"), "do": "remove"}
    for do in ("remove", "first", "again", "confirm"):
        answer = visitor.http.post(f"{PAGE}/addresses/{other}", data={**data, "do": do})
        assert answer.status_code == 404
    with town.house.database.reading() as connection:
        assert connection.execute(select(t.addresses.c.id).where(t.addresses.c.id == other)).first()


def test_what_is_chosen_is_kept_and_tasks_are_never_off(town: PortalTown) -> None:
    address(town, "clerk", "old@example.org")
    visitor = town.visitor("clerk")
    chosen = {
        "off_tasks": "yes",
        "off_progress": "yes",
        "digest_tasks": "daily",
        "daily_at": "18:30",
        "quiet_from": "22:00",
        "quiet_to": "07:30",
        "zone": "Asia/Urumqi",
        "language": "zh",
    }
    visitor.send(PAGE, PAGE, chosen)
    shown = visitor.see(PAGE)
    for words in ('value="18:30"', 'value="22:00"', 'value="07:30"', "Asia/Urumqi"):
        assert words in shown
    with town.house.database.reading() as connection:
        own = t.preferences.c.participant_id == town.people["clerk"]
        found = {row.topic: row.off for row in connection.execute(select(t.preferences).where(own))}
    assert found == {"tasks": False, "progress": True, "digests": False, "notices": False}
    assert "请填写时间" in visitor.send(PAGE, PAGE, {**chosen, "quiet_from": "25:99"}, status=422)
    assert messages(town, "clerk") == []


def test_a_reporter_without_an_account_chooses_by_number_and_code(town: PortalTown) -> None:
    issue = town.report()
    town.people["reporter"] = town.reporter(issue)
    own = address(town, "reporter", "liming.long@example.org", state="unconfirmed")
    number, code = town.number_and_code(issue)
    visitor = town.visitor()
    page = f"/issues/{issue}/messages"
    assert "登录" in visitor.see(page)
    shown = visitor.send("/follow", "/follow", {"number": number, "code": code})
    assert page in shown
    shown = visitor.see(page)
    assert "liming.long@example.org" not in shown
    assert f"{page}/addresses/{own}" in shown
    visitor.send(page, page, {"digest_progress": "daily", "zone": "Asia/Shanghai"})
    data = {**visitor.hidden(page, page), "do": "remove"}
    assert visitor.http.post(f"{page}/addresses/{own}", data=data).status_code == 404
    refused = visitor.http.post(
        "/account/messages/addresses", data={**data, "target": "x@example.org"}, follow_redirects=False
    )
    assert refused.status_code in (303, 401, 403)
    with town.house.database.reading() as connection:
        mine = t.preferences.c.participant_id == town.people["reporter"], t.preferences.c.topic == "progress"
        assert connection.execute(select(t.preferences.c.digest).where(*mine)).scalar_one() == "daily"
