"""Private numbers in texts that many read: found, made unreadable on the way out, and whoever writes one is told."""

from __future__ import annotations

import pytest

from definitions.model.field import Field
from huying.words.private_text import masked, private_parts, told_of

IDENTITY, CARD = "11010519491231002X", "6222021234567890128"


@pytest.mark.parametrize(
    ("text", "kinds", "hidden"),
    [
        ("请打13812345678找我", ["手机号"], "请打138****78找我"),
        ("+86 138-1234-5678", ["手机号"], "+86 138****78"),
        ("１３８１２３４５６７８", ["手机号"], "１３８****７８"),
        (f"身份证{IDENTITY}。", ["身份证号"], "身份证110****2X。"),
        ("卡号 6225 7583 5284 8888？", [], "卡号 6225 7583 5284 8888？"),
        ("卡 4111 1111 1111 1111", ["银行卡号"], "卡 411****11"),
        ("13812345678、13912345678", ["手机号", "手机号"], "138****78、139****78"),
        ("XG-2026-00042", [], "XG-2026-00042"),
        ("110105194912310021", [], "110105194912310021"),
        ("文号 20261130123456789", [], "文号 20261130123456789"),
        ("138123456789", [], "138123456789"),
        ("0592-5147085", [], "0592-5147085"),
        ("", [], ""),
    ],
)
def test_private_numbers_are_told_from_others(text: str, kinds: list[str], hidden: str) -> None:
    assert [part.kind.zh for part in private_parts(text)] == kinds
    assert masked(text) == hidden


def test_only_a_field_that_many_read_and_that_does_not_ask_for_a_number_tells() -> None:
    title = {"zh": "说明", "en": "Note"}
    fields = {
        "note": Field.model_validate({"type": "text", "title": title}),
        "card": Field.model_validate({"type": "text", "title": title, "pattern": "id number"}),
        "hidden": Field.model_validate({"type": "text", "title": title, "private": True}),
    }
    assert told_of(fields, dict.fromkeys(fields, IDENTITY)).keys() == {"note"}
