"""A way in as data: what is wrong with a text is said with its place, and what a form asks follows it."""

from __future__ import annotations

import pytest

from definitions.channels.channel import Channel, read_channel
from definitions.loader import LIBRARY
from definitions.model.field import Field

SHIPPED = sorted((LIBRARY / "channels").glob("*.yaml"))
PHONE = """channel: phone
title: {zh: 来电, en: By phone}
at: [desk]
"""


def _rules(more: str) -> list[str]:
    return [one.rule for one in read_channel(PHONE + more, "channel.yaml").findings]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_is_sound_and_called_as_its_file(path) -> None:  # type: ignore[no-untyped-def]
    found = read_channel(path.read_bytes(), path.name)
    assert found.findings == ()
    assert found.channel is not None
    assert found.channel.channel == path.stem


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ("used by: []\n", "nobody-may-use-it"),
        ("opens: []\n", "opens-nothing"),
        ("help: 只有中文\n", "missing-language"),
        ("opens: [a]\nforms: {b: {first: [x]}}\n", "form-of-nothing"),
        ("forms: {b: {first: [x], leave out: [x]}}\n", "asked-and-left-out"),
        ("numbers: {before: rx}\n", "wrong-type"),
        ("colour: red\n", "unknown-key"),
    ],
)
def test_what_is_wrong_is_said(more: str, rule: str) -> None:
    assert rule in _rules(more)


def test_a_closed_channel_needs_nobody() -> None:
    assert _rules("used by: []\nopens: []\nclosed: true\n") == []


def test_a_form_says_what_is_asked_in_which_order() -> None:
    channel = read_channel(PHONE + "forms: {a: {first: [c, a], leave out: [b, d]}}\n", "channel.yaml").channel
    assert isinstance(channel, Channel)
    fields = {name: Field(type="text", title={"zh": name}, required=name == "d") for name in "abcd"}
    # what has to be answered is asked all the same
    assert list(channel.asked("a", fields)) == ["c", "a", "d"]
    assert list(channel.asked("other", fields)) == ["a", "b", "c", "d"]
