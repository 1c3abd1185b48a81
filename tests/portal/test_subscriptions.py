"""Webhooks by page and by command: administrators alone, the secret once, mistakes said at their field."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from huying.cli import main
from huying.webhooks import post
from huying.webhooks.subscriptions import subscription_list
from tests.huying.town import administrator as made_administrator
from tests.notifications.conftest import WebSink, web_sink
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor

ENTRIES = {"name": "市民热线", "url": "https://hotline.example/hooks/s3cret"}


@pytest.fixture
def administrator(town: PortalTown) -> Visitor:
    """Somebody who may decide what leaves the house."""
    made_administrator(town.house)
    return town.visitor("admin")


def test_who_is_no_administrator_sees_nothing_of_it(town: PortalTown) -> None:
    for login in ("clerk", "deputy", "office"):
        visitor = town.visitor(login)
        assert "/subscriptions" not in visitor.see("/tasks")
        visitor.see("/subscriptions", 403)
        visitor.see("/subscriptions/1", 403)


def test_a_subscription_is_made_and_its_secret_shown_this_once(town: PortalTown, administrator: Visitor) -> None:
    assert "对外推送" in administrator.see("/tasks")
    wishes = {"field.happenings": ["closed", "overdue"], "field.definitions": "street-matters", "station": "XG"}
    made = administrator.send("/subscriptions", "/subscriptions", {**ENTRIES, **wishes})
    (secret,) = re.findall(r"whsec_[\w+/=]+", made)
    assert "星光站 · 街道诉求办理 · 已逾期 · 已办结" in made
    (seen,) = subscription_list(town.house)
    assert (seen.happenings, seen.definitions, seen.station) == (("overdue", "closed"), ("street-matters",), "XG")
    for address in ("/subscriptions", f"/subscriptions/{seen.id}"):
        shown = administrator.see(address)
        assert secret not in shown
        assert "s3cret" not in shown, "the address may hold a secret too"
        assert "https://hotline.example" in shown


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"url": "http://127.0.0.1/x"}, "地址在内网"),
        ({"url": "hotline"}, "网址不正确"),
        ({"name": " "}, "请写名称"),
        ({"secret": "short"}, "密钥应为 24 至 200 字节"),
        ({"field.happenings": "burst"}, "没有这些事件：burst"),
    ],
)
def test_a_mistake_is_said_and_what_was_entered_stays(
    town: PortalTown, administrator: Visitor, entries: dict[str, str], said: str
) -> None:
    shown = administrator.send("/subscriptions", "/subscriptions", {**ENTRIES, **entries}, status=422)
    assert said in shown
    assert 'aria-invalid="true"' in shown
    assert f'value="{({**ENTRIES, **entries})["name"].strip()}"' in shown
    assert subscription_list(town.house) == ()


def test_what_was_told_is_seen_sent_again_and_stopped(town: PortalTown, administrator: Visitor) -> None:
    with web_sink() as receiver:
        page, seen = _subscribed(town, administrator, receiver)
        town.report()
        _post(town)
        assert "已登记" in administrator.see(page)
        assert "已送达" in administrator.see(page)
        administrator.send(page, f"{page}/trial")
        _post(town)
        assert "试推" in administrator.see(page)
        event = max(re.findall(r'name="event" value="(\d+)"', administrator.see(page)), key=int)
        administrator.send(page, f"{page}/resend", {"event": event})
        _post(town)
        assert len(receiver.posts) == 4
        assert receiver.posts[-1].headers["webhook-id"] == receiver.posts[-2].headers["webhook-id"]
        renewed = administrator.send(page, f"{page}/secret")
        assert "whsec_" in renewed
        assert "旧密钥与新密钥同时签名" in renewed
        assert "已停止" in administrator.send(page, f"{page}/stop")
        assert not subscription_list(town.house)[0].active
        assert "推送正常" in administrator.send(page, f"{page}/resume")
        assert seen == subscription_list(town.house)[0].id


def test_the_pages_are_in_english_too(town: PortalTown, administrator: Visitor) -> None:
    with web_sink() as receiver:
        page, _ = _subscribed(town, administrator, receiver)
    shown = administrator.see(f"{page}?lang=en")
    assert "everything that happens" in shown
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"<[^>]*>|市民热线|冯硕|冯|中文|呼|应", "", shown))


def test_the_command_does_what_the_page_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.delenv("HUYING_DATABASE_URL", raising=False)
    url = "https://hotline.example/hooks/s3cret"
    assert main(["subscribe", url, "--happening", "closed", "--format", "json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["secret"].startswith("whsec_")
    assert main(["subscribe", "--trial", str(made["id"])]) == 0
    assert main(["subscribe", "--show", str(made["id"])]) == 0
    assert "trial" in capsys.readouterr().out
    assert main(["subscribe", "--rotate", str(made["id"])]) == 0
    assert made["secret"] not in capsys.readouterr().out
    assert main(["subscribe", "--stop", str(made["id"])]) == 0
    assert main(["subscribe", "--format", "json"]) == 0
    assert [one["active"] for one in json.loads(capsys.readouterr().out.splitlines()[-1])] == [False]
    assert main(["subscribe", "--resume", str(made["id"])]) == 0
    assert main(["subscribe", "--resend", str(made["id"]), "--days", "3"]) == 0
    assert "s3cret" not in capsys.readouterr().out
    assert main(["subscribe", "http://10.0.0.1/"]) == 1
    assert "private network" in capsys.readouterr().err
    assert main(["subscribe", "--show", "77"]) == 1


def _subscribed(town: PortalTown, administrator: Visitor, receiver: WebSink) -> tuple[str, int]:
    """A subscription of a receiver in this test, made by page where private addresses are allowed."""
    here = town.app.state.portal
    object.__setattr__(here, "config", replace(here.config, allow_private_webhooks=True))
    administrator.send("/subscriptions", "/subscriptions", {**ENTRIES, "url": receiver.url()})
    number = subscription_list(town.house)[0].id
    return f"/subscriptions/{number}", number


def _post(town: PortalTown) -> None:
    while post.has_waiting(town.house, town.clock.now):
        post.post_waiting(town.house, "http://testserver", town.clock.now, allow_private=True)
