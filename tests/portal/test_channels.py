"""The office edits, adds, closes and opens ways in by a page."""

from __future__ import annotations

from sqlalchemy import select

from huying.connections.calls import connect
from huying.database import tables as t
from tests.huying.town import administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import plain

KIOSK = "channel: kiosk\ntitle: {zh: 自助屏, en: Kiosk}\nat: [form, desk]\nonline: true\nrank: 15\n"


def test_the_office_adds_a_channel_and_the_desk_offers_it(town: PortalTown) -> None:
    town.report()
    office = town.visitor("office")
    page = plain(office.see("/channels"))
    assert "来电" in page
    assert "今年 1 件" in page
    wrong = office.send(
        "/channels/new", "/channels", {"source": KIOSK + "opens: [nothing]\n", "do": "adopt"}, status=422
    )
    assert "没有名为“nothing”的流程" in wrong
    assert "检查通过" in office.send("/channels/new", "/channels", {"source": KIOSK, "do": "check"}, status=200)
    assert "自助屏" not in plain(town.visitor("clerk").see("/intake"))
    office.send("/channels/new", "/channels", {"source": KIOSK, "do": "adopt", "note": "社区大厅"})
    assert "社区大厅" in plain(office.see("/channels/kiosk"))
    assert "自助屏" in plain(town.visitor("clerk").see("/intake"))


def test_a_closed_channel_is_not_offered_until_it_is_opened_again(town: PortalTown) -> None:
    office, clerk = town.visitor("office"), town.visitor("clerk")
    office.send("/channels/visit", "/channels", {"key": "visit", "do": "close", "source": "x"})
    assert 'id="channel-visit"' not in clerk.see("/intake")
    assert "已停用" in plain(office.see("/channels"))
    office.send("/channels/visit", "/channels", {"key": "visit", "do": "open", "source": "x"})
    assert 'id="channel-visit"' in clerk.see("/intake")


def test_only_the_office_keeps_them(town: PortalTown) -> None:
    for login in ("clerk", "deputy"):
        assert town.visitor(login).http.get("/channels").status_code == 403


def test_the_mapping_of_a_call_centre_is_kept_by_a_page(town: PortalTown) -> None:
    town.people["admin"] = administrator(town.house)
    connect(town.house, "hotline", "https://calls.example", "s")
    admin = town.visitor("admin")
    address = "/connections/hotline/calls"
    good = "call: callId\nevent: state\nnumber: said.caller\nsigned: {by: key, header: X-Token}\n"
    assert "caller" in admin.send(address, address, {"source": good.replace("said.", "")}, status=422)
    admin.send(address, address, {"source": good})
    assert "said.caller" in admin.see(address)


def test_the_form_comes_by_the_channel_of_its_link_or_is_refused_in_words(town: PortalTown) -> None:
    office, guest = town.visitor("office"), town.visitor()
    address = "/report/street-matters"
    said = {"station": "XG", "field.subject": "路灯不亮", "field.kind": "lighting", "agreed": "yes"}
    shown = f"{address}?station=XG&channel=e-station"
    guest.send(shown, address, {**said, "channel": "e-station"})
    # one on which nobody fills in a form is the usual one
    guest.send(address, address, {**said, "field.subject": "井盖缺失", "channel": "phone"})
    with town.house.database.reading() as connection:
        found = connection.execute(select(t.issues.c.channel).order_by(t.issues.c.id)).scalars().all()
    assert found == ["e-station", "web"]
    office.send("/channels/web", "/channels", {"key": "web", "do": "close", "source": "x"})
    assert "已经停用" in plain(guest.send(address, address, {**said, "field.subject": "占道"}, status=422))
