"""An office edits, adds and closes ways in without Python; whoever comes in on one that is not there is told so in words."""

from __future__ import annotations

import pytest

from definitions.loader import Unsound
from huying.channels.publication import channel_versions_of, publish_channel
from huying.house.channels import NoChannel
from huying.house.imprint import Imprint
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter
from tests.huying.town import Town

PHONE = """channel: phone
title: {zh: 5147085 热线, en: Hotline 5147085}
told: {zh: 打 5147085 说的, en: on 5147085}
at: [desk]
rank: 10
"""


def _publish(town: Town, source: str) -> bool:
    return publish_channel(town.house, source, "channel.yaml", Imprint("主任", town.clock.now))[1]


def _open(town: Town, channel: str, key: str) -> str:
    report = Report(
        definition="street-matters",
        station="XG",
        reporter=NewReporter(name="林阿婆"),
        values={"subject": "路灯不亮", "kind": "lighting"},
        channel=channel,
    )
    return open_issue(town.house, report, request_id=key, now=town.clock.now).number


def test_a_channel_is_edited_and_a_new_one_added(town: Town) -> None:
    assert town.house.channels.all()["phone"].name("zh") == "来电"
    assert _publish(town, PHONE)
    assert not _publish(town, PHONE)
    assert town.house.channels.all()["phone"].name("zh") == "5147085 热线"
    assert [one.version for one in channel_versions_of(town.house, "phone")] == [1, 0]
    assert _publish(town, "channel: kiosk\ntitle: {zh: 自助屏, en: Kiosk}\nat: [form]\nonline: true\n")
    assert "kiosk" in town.house.channels.at("form")


def test_an_unknown_or_closed_channel_is_refused_in_words(town: Town) -> None:
    with pytest.raises(NoChannel) as unknown:
        _open(town, "pigeon", "a")
    assert "没有名为“pigeon”的渠道" in unknown.value.errors["channel"]["zh"]
    number = _open(town, "phone", "b")
    _publish(town, PHONE + "closed: true\n")
    # the same request again is answered as before
    assert _open(town, "phone", "b") == number
    with pytest.raises(NoChannel) as closed:
        _open(town, "phone", "c")
    assert "已经停用" in closed.value.errors["channel"]["zh"]
    assert town.house.channels.all()["phone"].closed


def test_a_channel_that_opens_other_things_takes_nothing_else(town: Town) -> None:
    with pytest.raises(Unsound) as wrong:
        _publish(town, PHONE + "opens: [street-mater]\nforms: {street-matters: {first: [subjekt]}}\n")
    rules = {one.rule for one in wrong.value.findings}
    assert {"unknown-definition", "unknown-field"} <= rules
    with pytest.raises(Unsound) as needed:
        _publish(town, PHONE + "forms: {street-matters: {leave out: [subject]}}\nused by: [postman]\n")
    assert {one.rule for one in needed.value.findings} == {"needed-field", "unknown-function"}


def test_a_channel_may_number_apart(town: Town) -> None:
    first = _open(town, "web", "a")
    _publish(town, PHONE + "numbers: {before: RX-, own count: true}\n")
    assert [_open(town, "phone", key) for key in "bc"] == ["RX-XG-2026-00001", "RX-XG-2026-00002"]
    assert (first, _open(town, "web", "d")) == ("XG-2026-00001", "XG-2026-00002")
