"""Other systems by page and by command: for administrators alone; one that is called but has no address is seen; mistakes are said at their field."""

from __future__ import annotations

from pathlib import Path

import pytest

from huying.cli import main
from huying.connections.calls import connection, known_connections
from huying.house.imprint import Imprint
from huying.processes.publication import Edition, publish_all
from tests.huying.town import DEFINITION, MORNING
from tests.huying.town import administrator as made_administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

PAGE = "/connections"
ASKS = """
  ask-registry:
    title: {zh: 查询户籍, en: Asking the registry}
    request: {to: registry, send: {subject: subject}}
    within: 1 working day
    overdue: {to: study}
    failed: {to: study}
    to: study
"""


@pytest.fixture
def administrator(town: PortalTown) -> Visitor:
    """Somebody who decides what the house calls; a definition calls the registry."""
    made_administrator(town.house)
    asking = DEFINITION.replace(
        "tell: [deputy, reporter], to: study}", "tell: [deputy, reporter], to: ask-registry}" + ASKS.rstrip()
    )
    # as a shipped one, which nobody could have connected yet
    publish_all(town.house, [Edition(asking, "asking.yaml")], Imprint("test", MORNING), unconnected=True)
    return town.visitor("admin")


def test_who_is_no_administrator_sees_nothing_of_it(town: PortalTown) -> None:
    for login in ("clerk", "deputy", "office"):
        visitor = town.visitor(login)
        assert PAGE not in visitor.see("/tasks")
        visitor.see(PAGE, 403)


def test_what_is_called_but_has_no_address_is_seen_and_given_one(town: PortalTown, administrator: Visitor) -> None:
    assert "外部系统" in administrator.see("/tasks")
    shown = plain(administrator.see(PAGE))
    assert "registry 调用它的流程：街道诉求办理 还没有地址，调用会失败" in shown
    address = "https://registry.example:8443/v1?token=s3cret"
    wishes = {"key": "registry", "url": address, "secret": "both know", "seconds": "30"}
    named = administrator.send(PAGE, PAGE, wishes)
    assert "https://registry.example:8443 · 最多等 30 秒" in plain(named)
    assert "已签名" in plain(named)
    assert "s3cret" not in named, "an address may hold a secret"
    assert connection(town.house, "registry").url == address


def test_what_is_left_empty_stays(town: PortalTown, administrator: Visitor) -> None:
    administrator.send(PAGE, PAGE, {"key": "registry", "url": "https://a.example/x", "secret": "one", "seconds": "20"})
    assert "修改 registry" in administrator.see(f"{PAGE}?key=registry")
    administrator.send(PAGE, PAGE, {"key": "registry", "seconds": "25"})
    (one,) = known_connections(town.house)
    assert (one.url, one.secret, one.timeout_seconds) == ("https://a.example/x", "one", 25)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"key": "Registry", "url": "https://a.example"}, "名称应为小写字母"),
        ({"key": "registry", "url": "ftp://a.example"}, "地址应以 http:// 或 https:// 开头"),
        ({"key": "registry", "url": "https:///x"}, "地址应以 http:// 或 https:// 开头"),
        ({"key": "registry", "url": ""}, "地址应以 http:// 或 https:// 开头"),
        ({"key": "registry", "url": "https://a.example", "seconds": "60"}, "应为 1 至 45 秒"),
        ({"key": "registry", "url": "https://a.example", "seconds": "long"}, "应为 1 至 45 秒"),
        ({"key": "registry", "url": "https://a.example", "secret": "x" * 201}, "密钥最多 200 个字符"),
    ],
)
def test_mistakes_are_said_at_their_field(
    town: PortalTown, administrator: Visitor, wrong: dict[str, str], words: str
) -> None:
    assert words in administrator.send(PAGE, PAGE, wrong, status=422)
    assert not known_connections(town.house)


def test_one_is_called_no_more(town: PortalTown, administrator: Visitor) -> None:
    administrator.send(PAGE, PAGE, {"key": "registry", "url": "https://a.example"})
    administrator.send(PAGE, PAGE, {"key": "registry", "do": "off"})
    assert not known_connections(town.house)
    administrator.send(PAGE, PAGE, {"key": "registry", "do": "off"}, status=404)


def test_the_command_does_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    secret = tmp_path / "secret"
    secret.write_text("one", "utf-8")
    assert main(["connect", "registry", "https://a.example", "--secret-file", str(secret), "--seconds", "30"]) == 0
    assert "registry\thttps://a.example\t已签名 signed\t30 秒 s" in capsys.readouterr().out
    assert main(["connect", "registry", "--seconds", "20"]) == 0
    assert "20 秒 s" in capsys.readouterr().out
    assert main(["connect", "registry", "--off"]) == 0
    assert main(["connect"]) == 0
    assert "registry" not in capsys.readouterr().out
    assert main(["connect", "other", "https://a.example", "--seconds", "99"]) != 0
    assert "应为 1 至 45 秒" in capsys.readouterr().err
