"""The template register: what it refuses when it is entered, and that what has no template goes by another way instead of failing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from definitions.loader import Unsound
from engine.refusal import Invalid
from huying.database import tables as t
from huying.delivery.accounts import SenderEntry, keep_sender
from huying.delivery.templates import (
    TemplateEntry,
    fetch_templates,
    keep_template,
    remove_template,
    template_page,
    variables_of,
)
from huying.errors import NotFound
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.processes.publication import publish
from tests.huying.delivery.desk import account, address, messages, send, tell, template
from tests.huying.town import Town
from tests.notifications.cases import CASES
from tests.notifications.platforms import StandIn, running

ALIYUN = next(one for one in CASES if one.kind == "aliyun-sms")
TENCENT = next(one for one in CASES if one.kind == "tencent-sms")


@pytest.fixture
def stand() -> Iterator[StandIn]:
    """Alibaba's stand-in."""
    with running(ALIYUN.answer) as found:
        yield found


def _by(town: Town) -> By:
    return By(town.people["clerk"], town.clock.now)


def _entry(**more: object) -> TemplateEntry:
    said = {
        "occasion": "task",
        "code": "SMS_1",
        "text": "编号${number}：${what}，请登录门户办理。",
        "state": "approved",
    }
    values = {"number": ("number", "20", "text"), "what": ("what", "20", "text")}
    return TemplateEntry(**{**said, "values": values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "where", "word"),
    [
        ({"code": ""}, "code", "编号"), ({"code": "SMS 1"}, "code", "编号"), ({"text": ""}, "text", "原样"),
        ({"occasion": "nothing"}, "occasion", "用在哪"), ({"language": "tlh"}, "occasion", "用在哪"), ({"state": "odd"}, "state", "状态"),
        ({"values": {"number": ("number", "20", "text")}}, "value_what", "what"),
        ({"values": {"number": ("nothing", "20", "text"), "what": ("what", "20", "text")}}, "value_number", "number"),
        ({"values": {"number": ("number", "6", "text"), "what": ("what", "20", "text")}}, "value_number", "分成几段"),
        ({"values": {"number": ("number", "20", "digits"), "what": ("what", "20", "text")}}, "value_number", "放不下"),
        ({"values": {"number": ("until", "6", "text"), "what": ("what", "20", "text")}}, "value_number", "更长"),
    ],
)  # fmt: skip
def test_what_could_not_be_sent_is_refused_when_it_is_entered(
    more: dict[str, object], where: str, word: str, town: Town, stand: StandIn
) -> None:
    account(town, "sms", "aliyun-sms", stand.url)
    with pytest.raises(Invalid) as wrong:
        keep_template(town.house, "sms", _entry(**more), _by(town))
    assert list(wrong.value.errors) == [where]
    assert word in wrong.value.errors[where]["zh"]
    assert wrong.value.errors[where]["en"]


def test_a_draft_may_be_unfinished_and_there_is_one_approved_for_each_occasion(town: Town, stand: StandIn) -> None:
    account(town, "sms", "aliyun-sms", stand.url)
    number = keep_template(town.house, "sms", _entry(state="draft", values={}), _by(town))
    (line,) = template_page(town.house, "sms").lines
    found = variables_of(template_page(town.house, "sms").kind, line)
    assert [(one.theirs, one.ours, one.longest) for one in found] == [("number", "", 35), ("what", "", 35)]
    assert keep_template(town.house, "sms", _entry(number=number), _by(town)) == number
    assert keep_template(town.house, "sms", _entry(number=number, title="任务"), _by(town)) == number, (
        "it is the same one"
    )
    with pytest.raises(Invalid) as double:
        keep_template(town.house, "sms", _entry(), _by(town))
    assert list(double.value.errors) == ["occasion"]
    keep_template(town.house, "sms", _entry(language="en"), _by(town))
    remove_template(town.house, "sms", number, _by(town))
    assert [one.language for one in template_page(town.house, "sms").lines] == ["en"]
    for wrong in ("nobody", "post"):
        with pytest.raises(NotFound):
            template_page(town.house, wrong)
    with pytest.raises(NotFound):
        keep_template(town.house, "sms", _entry(number=999, occasion="closed"), _by(town))


def test_a_number_in_its_parts_fits_where_the_whole_does_not(town: Town) -> None:
    with running(TENCENT.answer) as stand:
        account(town, "sms", "tencent-sms", stand.url)
        parts = {str(place): (f"number/{place}", "6", "text") for place in (1, 2, 3)}
        keep_template(
            town.house,
            "sms",
            _entry(code="1110", text="编号{1}-{2}-{3}：{4}", values={**parts, "4": ("what", "6", "text")}),
            _by(town),
        )
        address(town, "clerk", "13800000000", channel="sms")
        town.report()
        tell(town)
        send(town)
        sent = stand.sent[-1].json
    number = messages(town, "clerk")[-1].fields["number"]
    assert sent["TemplateParamSet"][:3] == number.split("-", 2)
    assert len(sent["TemplateParamSet"][3]) <= 6


def test_the_provider_is_asked_for_its_templates(town: Town, stand: StandIn) -> None:
    account(town, "sms", "aliyun-sms", stand.url)
    mine = keep_template(
        town.house,
        "sms",
        _entry(code="SMS_1", text="您有新的任务${what}，编号${number}，请登录门户办理。", state="submitted"),
        _by(town),
    )
    other = keep_template(
        town.house,
        "sms",
        _entry(code="SMS_2", text="旧的文字${what}", occasion="closed", values={"what": ("what", "20", "text")}),
        _by(town),
    )
    assert fetch_templates(town.house, "sms", _by(town)) == 3
    assert fetch_templates(town.house, "sms", _by(town)) == 3
    found = {one.code: one for one in template_page(town.house, "sms").lines}
    assert len(found) == 3
    assert (found["SMS_1"].number, found["SMS_1"].state, found["SMS_1"].occasion) == (mine, "approved", "task")
    assert (found["SMS_2"].number, found["SMS_2"].state) == (other, "submitted"), (
        "its text is another: somebody looks at it"
    )
    keep_template(town.house, "sms", _entry(number=mine, code="SMS_1", state="withdrawn"), _by(town))
    fetch_templates(town.house, "sms", _by(town))
    assert next(one.state for one in template_page(town.house, "sms").lines if one.number == mine) == "withdrawn"
    assert (found["SMS_0"].state, found["SMS_0"].remark, found["SMS_0"].occasion) == ("refused", "变量太多", "")


def test_what_has_no_template_goes_by_the_next_way_and_comes_back_when_there_is_one(town: Town, stand: StandIn) -> None:
    account(town, "sms", "aliyun-sms", stand.url)
    address(town, "clerk", "13800000000", channel="sms", rank=1)
    address(town, "clerk", "clerk@example.org", rank=2)
    template(town, "sms", "closed")
    town.report()
    tell(town)
    assert [row.channel for row in messages(town, "clerk")] == ["mail"]
    template(town, "sms", "task", language="zh")
    town.report(subject="另一件")
    tell(town)
    assert [row.channel for row in messages(town, "clerk")] == ["mail", "sms"]
    send(town)
    told = messages(town, "clerk")[-1]
    assert (told.status, told.reference) == ("accepted", "biz-1")
    assert stand.sent[-1].query["TemplateCode"] == "SMS_1"


def test_a_template_that_was_taken_out_meanwhile_sends_the_message_on(town: Town, stand: StandIn) -> None:
    account(town, "sms", "aliyun-sms", stand.url)
    template(town, "sms", "task")
    address(town, "clerk", "13800000000", channel="sms", rank=1)
    address(town, "clerk", "clerk@example.org", rank=2)
    town.report()
    tell(town)
    (line,) = template_page(town.house, "sms").lines
    remove_template(town.house, "sms", line.number, _by(town))
    send(town)
    assert [(row.channel, row.status) for row in messages(town, "clerk")] == [("sms", "skipped"), ("mail", "pending")]
    assert not stand.sent


def _definition(town: Town) -> str:
    """The process of the town, which tells of tasks by text message."""
    versions = t.definition_versions
    with town.house.database.reading() as connection:
        query = select(versions.c.source).order_by(versions.c.id.desc()).limit(1)
        text = str(connection.execute(query).scalar_one())
    return text.rstrip() + "\nmessages:\n  task: {by: [sms, mail]}\n"


def test_a_process_that_tells_by_a_channel_needs_a_template_there(town: Town, stand: StandIn) -> None:
    source = _definition(town)
    imprint = Imprint("test", town.clock.now, "")
    account(town, "sms", "aliyun-sms", stand.url, mode="test")
    publish(town.house, source + "# 试用的账号不算\n", "d.yaml", imprint)
    with town.house.database.writing() as connection:
        connection.execute(update(t.senders).values(mode="live"))
    with pytest.raises(Unsound) as wrong:
        publish(town.house, source + "# 再来\n", "d.yaml", imprint)
    (finding,) = [one for one in wrong.value.findings if one.rule == "no-approved-template"]
    assert "“新的任务”要用短信告知" in finding.message["zh"]
    assert finding.line is not None
    template(town, "sms", "task")
    publish(town.house, source + "# 有了\n", "d.yaml", imprint)


def test_a_sender_comes_in_force_only_with_templates_for_what_processes_tell_by_it(town: Town, stand: StandIn) -> None:
    publish(town.house, _definition(town), "d.yaml", Imprint("test", town.clock.now, ""))
    entry = SenderEntry(
        key="sms", kind="aliyun-sms", title="短信", fields={**ALIYUN.entered(stand.url), **ALIYUN.secret}
    )
    keep_sender(town.house, entry, _by(town))

    def live() -> SenderEntry:
        return SenderEntry(key="sms", kind="aliyun-sms", title="短信", fields=ALIYUN.entered(stand.url), mode="live")

    with pytest.raises(Invalid) as none:
        keep_sender(town.house, live(), _by(town))
    assert "还没有经批准的模板" in none.value.errors["mode"]["zh"]
    template(town, "sms", "closed")
    with pytest.raises(Invalid) as bare:
        keep_sender(town.house, live(), _by(town))
    assert "新的任务" in bare.value.errors["mode"]["zh"]
    template(town, "sms", "task")
    keep_sender(town.house, live(), _by(town))
