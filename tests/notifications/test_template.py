"""Approved templates: which one a message goes by, what fills it and fits, and what a provider says it has."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from notifications import (
    ANY,
    KINDS,
    TAKES,
    TEMPLATE_VALUES,
    AccountAddress,
    ApprovedTemplate,
    Mailbox,
    OutgoingMessage,
    TemplateRegister,
    TemplateValue,
    Transports,
    deliver,
    value_of,
)
from notifications.channels.platforms.call import ProviderFault
from tests.notifications.cases import CASES
from tests.notifications.platforms import running

FIELDS = {"number": "XG-2026-00042", "what": "登记受理", "until": "12月5日"}
TEMPLATED = [case for case in CASES if KINDS[case.kind].templates is not None]


def _one(code: str, **values: tuple[str, int]) -> ApprovedTemplate:
    return ApprovedTemplate(
        code, tuple(TemplateValue(theirs=key, ours=ours, longest=most) for key, (ours, most) in values.items())
    )


def test_the_particular_goes_before_the_general(letter: Callable[..., OutgoingMessage]) -> None:
    register = TemplateRegister(
        {
            ("task", "zh"): _one("T1", a=("number", 20), b=("what", 20)),
            ("task", ANY): _one("T2"),
            (ANY, "en"): _one("T3"),
            (ANY, ANY): _one("T4"),
        }
    )
    for occasion, language, code in (
        ("task", "zh", "T1"), ("task", "zh_CN", "T1"), ("task", "zh-CN", "T1"), ("task", "en", "T2"), ("task", "en_GB", "T2"),
        ("closed", "en", "T3"), ("closed", "zh_CN", "T4"),
    ):  # fmt: skip
        assert register.of(letter(fields=FIELDS, occasion=occasion, language=language))[0].code == code
    assert register.of(letter(fields=FIELDS, occasion="task"))[1] == {"a": "XG-2026-00042", "b": "登记受理"}
    with pytest.raises(ProviderFault) as none:
        TemplateRegister({("task", "zh"): _one("T1")}).of(letter(occasion="closed", language="zh"))
    assert none.value.result.status == "permanent"


def test_values_are_cut_to_what_a_variable_holds_and_gaps_are_filled() -> None:
    assert TemplateValue(theirs="a", ours="what", longest=3).of(FIELDS) == "登记…"
    assert TemplateValue(theirs="a", ours="who", longest=3).of(FIELDS) == "—"
    assert TemplateValue(theirs="a", ours="what", longest=4).of(FIELDS) == "登记受理"
    assert TemplateValue(theirs="a", ours="what", longest=9).of({"what": "两\n 行"}) == "两 行"


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        ("XG-2026-00042", ["XG", "2026", "00042"]),
        ("00042", ["00042", "", ""]),
        ("A-B-C-D", ["A", "B", "C-D"]),
        ("", ["", "", ""]),
    ],
)
def test_a_number_in_its_parts(number: str, parts: list[str]) -> None:
    assert [value_of({"number": number}, f"number/{place}") for place in (1, 2, 3)] == parts


def test_what_fills_a_variable_is_known_and_each_kind_takes_something() -> None:
    assert all(all(said) for said in TEMPLATE_VALUES.values())
    assert all(takes and takes <= set(TEMPLATE_VALUES) for takes in TAKES.values())


@pytest.mark.parametrize("case", TEMPLATED, ids=lambda case: case.kind)
def test_a_provider_says_which_templates_it_has(case) -> None:  # type: ignore[no-untyped-def]
    kind = KINDS[case.kind]
    assert kind.lists is not None
    assert kind.templates is not None
    with running(case.answer) as stand:
        found = list(kind.lists(kind.credential(case.entered(stand.url), case.secret)))
        assert found[-1].state in ("approved", "refused")
        assert all(one.code and kind.templates.names(one.text) for one in found)
        with pytest.raises(ProviderFault) as refused:
            kind.lists(kind.credential(case.entered(stand.url), {"secret": "wrong"}))
        assert refused.value.result.fault == "account"


def test_how_providers_write_variables_and_how_much_they_hold() -> None:
    def rules(key: str, text: str) -> list[tuple[str, int, str]]:
        found = KINDS[key].templates
        assert found is not None
        return [(name, found.longest(name), found.kind(name)) for name in found.names(text)]

    assert rules("aliyun-sms", "${what}：${number}，${what}") == [("what", 35, "text"), ("number", 35, "text")]
    assert rules("tencent-sms", "编号{1}-{2}") == [("1", 6, "text"), ("2", 6, "text")]
    assert rules("wechat-template", "{{character_string1.DATA}} {{ thing2.DATA }}") == [
        ("character_string1", 32, "code"),
        ("thing2", 20, "text"),
    ]
    assert rules("wechat-subscription", "{{phrase1.DATA}}{{name2.DATA}}{{number3.DATA}}") == [
        ("phrase1", 5, "text"), ("name2", 10, "text"), ("number3", 20, "digits")
    ]  # fmt: skip


def test_what_goes_over_the_wire(letter: Callable[..., OutgoingMessage], tmp_path: Path) -> None:
    """By name in JSON at Alibaba and WeChat, by order at Tencent; never a link."""
    sent = {}
    for case in TEMPLATED:
        kind = KINDS[case.kind]
        with running(case.answer) as stand:
            address = AccountAddress(
                case.kind, case.target, kind.credential(case.entered(stand.url), case.secret), case.templates
            )
            made = letter(fields=FIELDS, occasion="task", language="zh_CN", link="https://huying.example.org/t/abc")
            assert deliver(made, address, Transports(mail=Mailbox(tmp_path))).status == "accepted"
            sent[case.kind] = stand.sent[-1]
    assert json.loads(sent["aliyun-sms"].query["TemplateParam"]) == {"number": "XG-2026-00042", "thing1": "登记受理"}
    assert "huying.example.org" not in str(sent["aliyun-sms"].query)
    assert sent["tencent-sms"].json["TemplateParamSet"] == ["XG-2026-00042", "登记受理"]
    assert sent["wechat-template"].json["data"] == {
        "number": {"value": "XG-2026-00042"},
        "thing1": {"value": "登记受理"},
    }
    assert sent["wechat-template"].json["url"] == "https://huying.example.org/t/abc"
