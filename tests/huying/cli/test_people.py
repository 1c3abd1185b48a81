"""The command line's way into an empty house, and its care for accounts."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from huying.access.accounts import set_by_link
from huying.access.sessions import ComingIn, participant_of, sign_in
from huying.cli import main
from huying.cli.house import opened
from huying.database.tables import audit, credential_links

GOOD = "three hens refuse to lay"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder; what else a first start makes is tried elsewhere, and takes its time."""
    monkeypatch.setattr(
        "huying.services.first_start.prepare", lambda settings, tell, *, sample: None if sample else tell("")
    )
    monkeypatch.setattr("huying.services.parts.upgrade_prefect", lambda settings: False)
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.setenv("HUYING_PORTAL_URL", "https://huying.example")
    return tmp_path


def _token(said: str) -> str:
    found = re.search(r"^https://huying\.example/account/set/([\w-]+)$", said, re.MULTILINE)
    assert found, said
    return found[1]


def test_an_empty_house_gets_its_first_administrator(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "--administrator", "温如玉", "--login", "wen"]) == 0
    token = _token(capsys.readouterr().out)
    assert not (home / "sample-logins.txt").exists()
    house = opened()
    now = datetime.now(UTC)
    set_by_link(house, token, GOOD, ComingIn(), now)
    assert sign_in(house, "wen", GOOD, now)
    assert main(["prepare", "--administrator", "冯硕"]) == 1
    assert "已经有管理员" in capsys.readouterr().err
    assert main(["person", "reset", "wen"]) == 0
    said = capsys.readouterr().out
    assert "只能用一次" in said
    set_by_link(house, _token(said), GOOD + " today", ComingIn(), now)
    assert main(["person", "disable", "wen"]) == 1
    assert "最后一位管理员" in capsys.readouterr().err
    assert main(["person", "invite", "wen", "--message"]) == 1
    assert "没有登记邮箱" in capsys.readouterr().err
    assert main(["person", "invite", "nobody"]) == 1
    assert "没有这个人" in capsys.readouterr().err


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's clock is set to another zone than the house's."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_away")
def test_until_when_a_link_works_is_said_in_the_zone_of_the_house(capsys: pytest.CaptureFixture[str]) -> None:
    for line in (["prepare", "--administrator", "温如玉", "--login", "wen"], ["person", "reset", "wen"]):
        assert main(line) == 0
        said = capsys.readouterr().out
        with opened().database.reading() as connection:
            query = select(credential_links.c.expires_at).order_by(credential_links.c.id.desc()).limit(1)
            until = connection.execute(query).scalar_one().astimezone(ZoneInfo("Asia/Shanghai"))
        assert f"{until:%Y-%m-%d %H:%M}（中国标准时间）前有效" in said
        assert f"until {until:%Y-%m-%d %H:%M} (China Standard Time)" in said


def test_a_user_name_that_cannot_be_typed_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "--administrator", "温如玉", "--login", "温 如玉"]) == 1
    assert "小写字母" in capsys.readouterr().err


def test_somebody_or_everybody_is_signed_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "--administrator", "温如玉", "--login", "wen"]) == 0
    house, now = opened(), datetime.now(UTC)
    set_by_link(house, _token(capsys.readouterr().out), GOOD, ComingIn(), now)
    for call in (["wen"], ["--everybody", "--reason", "演练"]):
        token = sign_in(house, "wen", GOOD, now)
        assert participant_of(house, token, now)
        assert main(["person", "sign-out", *call]) == 0
        assert participant_of(house, token, now) is None
    assert "已退出 1 人的登录" in capsys.readouterr().out
    with house.database.reading() as connection:
        lines = connection.execute(
            select(audit.c.what, audit.c.by_id, audit.c.reason)
            .where(audit.c.what.in_(("session-ended", "everybody-signed-out")))
            .order_by(audit.c.seq)
        ).all()
    assert lines == [("session-ended", None, ""), ("everybody-signed-out", None, "演练")]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["sign-out"], "请写用户名"),
        (["sign-out", "--everybody"], "请写明理由"),
        (["sign-out", "wen", "--everybody"], "只能与 sign-out 同用"),
        (["disable", "--everybody"], "只能与 sign-out 同用"),
    ],
)
def test_who_is_meant_has_to_be_said(call: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "--administrator", "温如玉", "--login", "wen"]) == 0
    assert main(["person", *call]) == 1
    assert said in capsys.readouterr().err
