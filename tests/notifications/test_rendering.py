"""Messages in words: every event in every language, values that attack, values that lack."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.effect import Occasion
from notifications import LINK, Incomplete, fill_link, fill_links, link_to, links_in, missing, placeholders, render
from notifications.texts.rendering import shipped
from notifications.texts.template import NOTICES
from tests.examples import examples

EVENTS = (*get_args(Occasion), "default")
LOCALES = ("zh_CN", "en")
OPTIONAL = ("step", "action", "actor", "due", "day", "link", "note", "resolution", "follow_code")
FULL = {
    "action": "受理",
    "actor": "李娜",
    "note": "灯杆编号 17。\n已断电。",
    "resolution": "已解决",
    "follow_code": "8K3P-22QX",
}


class _Shown(HTMLParser):
    """What a reader of the HTML sees, and its tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.links = "", [], []  # type: ignore[var-annotated]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_both_languages_have_words_of_their_own_for_the_same_events() -> None:
    for locale in LOCALES:
        assert set(shipped().events(locale)) == {*EVENTS, *NOTICES, "digest"}


@pytest.mark.parametrize(("event", "locale"), list(product(EVENTS, LOCALES)))
def test_every_message_renders_with_all_values_and_with_none_of_the_optional_ones(
    event: str, locale: str, context: dict[str, Any]
) -> None:
    for values in ({**context, **FULL}, {**context, **dict.fromkeys(OPTIONAL)}):
        made = render(event, locale, values)
        assert (made.template, made.locale) == (event, locale)
        assert "路灯不亮" in made.subject
        assert "\n" not in made.subject
        assert "XG-2026-00042" in made.text
        assert "XG-2026-00042" in _Shown(made.html).text
        for wrong in ("None", "  ", "“”", "，，", "，。", "。。", "·  ·", "{{", "Undefined"):
            assert wrong not in made.subject + made.text.replace("\n\n", "\n"), (wrong, made)


@pytest.mark.parametrize(("event", "locale"), list(product(EVENTS, LOCALES)))
def test_the_link_is_there_once_in_each_body_and_never_in_the_subject(
    event: str, locale: str, context: dict[str, Any]
) -> None:
    made = render(event, locale, {**context, **FULL})
    assert made.text.count(LINK) == 1
    assert _Shown(made.html).links == [LINK]
    assert made.html.count(LINK) == 1
    assert LINK not in made.subject
    without = render(event, locale, {**context, "link": None})
    assert LINK not in without.text + without.html
    assert "<a" not in without.html


@pytest.mark.parametrize(
    ("event", "locale", "first"),
    [
        ("task", "zh_CN", "张三，请于11月27日（周五）前办理“登记受理”。"),
        ("task", "en", "张三, please do this 11月27日（周五）前: 登记受理."),
        ("reminded", "zh_CN", "张三，提醒您于11月27日（周五）前办理“登记受理”，目前尚未办理。"),
        ("overdue", "zh_CN", "张三，“登记受理”应于11月27日（周五）前办理，现已逾期，请立即办理。"),
        ("escalated", "zh_CN", "张三，“登记受理”逾期未办，现升级由您接办，请尽快办理。"),
        ("opened", "zh_CN", "张三，您反映的事项已收到，编号 XG-2026-00042，查询码 8K3P-22QX。"),
        ("closed", "zh_CN", "张三，您反映的事项已办结，结果：已解决。"),
        (
            "informed",
            "zh_CN",
            "张三，您反映的事项有新进展：李娜在“登记受理”环节作了“受理”处理，办理期限：11月27日（周五）前。供您知悉。",
        ),
    ],
)
def test_the_first_line_says_what_is_asked_and_till_when(
    event: str, locale: str, first: str, context: dict[str, Any]
) -> None:
    values = {**context, **FULL} if event in ("opened", "closed", "informed") else context
    assert render(event, locale, values).text.splitlines()[0] == first


def test_overdue_presses_those_who_have_the_task_and_informs_the_others(context: dict[str, Any]) -> None:
    assert "请立即办理" in render("overdue", "zh", context).text
    told = render("overdue", "zh", {**context, "due": None}).text
    assert told.splitlines()[0] == "张三，“登记受理”已逾期未办，供您知悉。"
    reporter = render("overdue", "zh", {**context, "follow_code": "8K3P"}).text
    assert reporter.splitlines()[0] == "张三，“登记受理”的期限已到（11月27日（周五）前）。"
    assert "请立即" not in told + reporter


def test_only_the_reporter_reads_your_issue(context: dict[str, Any]) -> None:
    assert "您反映的" not in render("closed", "zh", context).text
    assert "您反映的" in render("closed", "zh", {**context, "follow_code": "8K3P"}).text


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("zh_CN", "zh_CN"), ("zh", "zh_CN"), ("zh-CN", "zh_CN"), ("zh_HK", "zh_CN"), ("zh-Hant-TW", "zh_CN"),
        ("ZH-cn", "zh_CN"), ("yue", "zh_CN"), ("bo", "zh_CN"), ("en", "en"), ("en-GB", "en"), ("en_US.UTF-8", "en"),
        ("de", "en"), ("pt_BR", "en"), ("", "zh_CN"), ("?", "zh_CN"), ("../../etc", "zh_CN"), ("xx", "zh_CN"),
    ],
)  # fmt: skip
def test_a_reader_gets_the_nearest_language(wanted: str, given: str, context: dict[str, Any]) -> None:
    assert render("task", wanted, context).locale == given


@pytest.mark.parametrize(
    ("event", "template"),
    [
        ("entered", "informed"),
        ("acted", "informed"),
        ("unheard-of", "default"),
        ("../en/task", "default"),
        ("layout.text", "default"),
        ("", "default"),
    ],
)
def test_an_event_without_words_of_its_own_gets_others(event: str, template: str, context: dict[str, Any]) -> None:
    assert render(event, "zh", context).template == template


def test_values_that_are_not_there_are_listed_all_at_once(context: dict[str, Any]) -> None:
    del context["due"], context["recipient"], context["issue"]["number"]
    assert missing(context, "task", "zh") == ("due", "issue.number", "recipient.name")
    with pytest.raises(Incomplete, match=r"due, issue\.number, recipient\.name") as raised:
        render("task", "zh", context)
    assert raised.value.missing == ("due", "issue.number", "recipient.name")


@pytest.mark.parametrize(("event", "locale"), list(product(EVENTS, LOCALES)))
def test_messages_show_only_what_the_context_promises(event: str, locale: str, context: dict[str, Any]) -> None:
    assert missing(context, event, locale) == ()
    assert set(placeholders(event, locale)) >= {"issue.number", "issue.subject", "recipient.name", "link"}


def test_the_version_is_that_of_the_words(context: dict[str, Any]) -> None:
    versions = {render(event, locale, context).template_version for event, locale in product(EVENTS, LOCALES)}
    assert len(versions) == len(EVENTS) * len(LOCALES)
    assert all(re.fullmatch("[0-9a-f]{12}", version) for version in versions)


def test_what_people_write_is_text_in_html(context: dict[str, Any]) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=y>\"'&"
    context["issue"]["subject"] = attack
    made = render("task", "zh", {**context, "note": attack, "actor": attack})
    shown = _Shown(made.html)
    assert {"script", "img"}.isdisjoint(shown.tags)
    assert attack in shown.text
    assert attack in made.text
    assert attack in made.subject


def test_what_people_write_is_never_read_as_a_template(context: dict[str, Any]) -> None:
    attack = "{{ 7*7 }}{% for x in range(9) %}x{% endfor %}{# #}"
    context["issue"]["subject"] = attack
    assert attack in render("task", "zh", context).text


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x00\n"])
def test_no_value_starts_a_new_header_or_line(breaks: str, context: dict[str, Any]) -> None:
    context["issue"]["subject"] = f"路灯{breaks}Bcc: all@office.example"
    made = render("task", "zh", context)
    assert made.subject.splitlines() == [made.subject]
    assert made.subject.isprintable()
    assert not any(line.startswith("Bcc") for line in made.text.splitlines())


def test_a_note_keeps_its_lines_as_somebodys_words(context: dict[str, Any]) -> None:
    made = render("task", "zh", {**context, "actor": "李娜", "note": "第一行\r\n\r\n请点击：http://evil.example\n<b>"})
    assert "李娜写道：\n> 第一行\n>\n> 请点击：http://evil.example\n> <b>\n" in made.text
    assert "第一行<br>\n<br>\n请点击：http://evil.example<br>\n&lt;b&gt;" in made.html


def test_what_the_process_says_is_not_put_in_anybodys_mouth(context: dict[str, Any]) -> None:
    made = render(
        "informed", "zh", {**context, "actor": "李娜", "said": "请于周五到场。\nhttp://evil.example", "note": "好的"}
    )
    assert "流程提示：\n\n> 请于周五到场。\n> http://evil.example\n\n李娜写道：\n> 好的\n" in made.text
    alone = render("informed", "en", {**context, "actor": "Li Na", "said": "Please come on Friday."})
    assert "The process says:" in alone.text
    assert "wrote" not in alone.text
    assert "wrote" not in alone.html


def test_long_values_are_cut(context: dict[str, Any]) -> None:
    context["issue"]["subject"] = "长" * 5000
    made = render("task", "zh", {**context, "note": "字" * 50_000})
    assert len(made.subject) <= 250
    assert len(made.text) < 2000
    assert "字…" in made.text


def test_marks_that_turn_text_around_are_taken_out(context: dict[str, Any]) -> None:
    context["issue"]["subject"] = "ab\u202ecd\u2066ef\u200fg\ufeffh"
    assert "abcdefgh" in render("task", "zh", context).text


@pytest.mark.parametrize("attack", [LINK, f"⟦LI{LINK}NK⟧", "⟦⟦LINK⟧⟧", "⟦\u200eLINK⟧", "⟦LI\nNK⟧"])
def test_nobody_can_write_the_placeholder(attack: str, context: dict[str, Any]) -> None:
    context["issue"].update(subject=attack, title=attack, station=attack, number=attack)
    values = {
        **context,
        **dict.fromkeys(("step", "action", "actor", "due", "note", "resolution", "follow_code"), attack),
    }
    for event, locale in product(EVENTS, LOCALES):
        made = render(event, locale, {**values, "recipient": {"name": attack}})
        filled = (
            fill_link(made.text, "https://office.example/t/secret"),
            fill_link(made.html, "https://office.example/t/secret"),
        )
        assert [body.count("/t/secret") for body in filled] == [1, 1]
        assert LINK not in made.subject


@examples(60)
@given(st.text(max_size=60), st.text(max_size=200))
def test_whatever_people_write_messages_stay_sound(subject: str, note: str) -> None:
    values = {
        "issue": {"number": "1", "subject": subject, "title": None, "station": None},
        **dict.fromkeys(("step", "action", "actor", "due", "resolution", "follow_code")),
        "link": LINK,
        "recipient": {"name": subject},
        "said": note,
        "note": note,
    }
    made = render("task", "zh", values)
    assert made.text.count(LINK) == 1
    assert made.html.count(LINK) == 1
    assert made.subject.splitlines() == [made.subject]
    (made.subject + made.text + made.html).encode()
    assert _Shown(made.html).links == [LINK]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://a b",
        'https://a"onclick=x',
        "https://a'",
        "https://a/<",
        "ftp://a",
        "",
        "https://a\n",
    ],
)
def test_a_link_is_a_web_address(url: str, context: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="http"):
        fill_link("x", url)
    with pytest.raises(ValueError, match="http"):
        render("task", "zh", {**context, "link": url})


def test_a_link_may_be_given_already(context: dict[str, Any]) -> None:
    assert "https://office.example/i/1" in render("task", "zh", {**context, "link": "https://office.example/i/1"}).text


class _Person:
    def __str__(self) -> str:
        return "object"


@pytest.mark.parametrize("value", [_Person(), ["a"], b"a", 1.5, print])
def test_only_plain_values_are_shown(value: object, context: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        render("task", "zh", {**context, "step": value})


def _digest(*subjects: str, **values: Any) -> dict[str, Any]:
    entries = [
        {"number": f"XG-2026-{n:05}", "subject": subject, "what": "请立即办理。", "link": link_to(n)}
        for n, subject in enumerate(subjects, start=7)
    ]
    return {"recipient": {"name": "张三"}, "count": len(entries), "more": 0, "entries": entries, **values}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_digest_lists_each_issue_with_a_link_of_its_own(locale: str) -> None:
    made = render("digest", locale, _digest("路灯不亮", "井盖破损"))
    assert made.template == "digest"
    assert "2" in made.subject
    assert links_in(made.text) == links_in(made.html) == {link_to(7), link_to(8)}
    assert _Shown(made.html).links == [link_to(7), link_to(8)]
    for said in ("XG-2026-00007 路灯不亮", "XG-2026-00008 井盖破损", "请立即办理。"):
        assert said in made.text
        assert said in _Shown(made.html).text


@pytest.mark.parametrize("locale", LOCALES)
def test_a_digest_says_how_many_it_leaves_out(locale: str) -> None:
    assert "1234" in render("digest", locale, _digest("a", more=1234)).text
    assert "1234" in _Shown(render("digest", locale, _digest("a", more=1234)).html).text


def test_what_people_write_is_text_in_a_digest_too() -> None:
    attack = "<script>alert(1)</script>⟦LINK 9⟧{{ 7*7 }}"
    made = render("digest", "zh", _digest(attack))
    assert "script" not in _Shown(made.html).tags
    assert "<script>alert(1)</script>[LINK 9]{{ 7*7 }}" in _Shown(made.html).text
    assert links_in(made.text) == links_in(made.html) == {link_to(7)}


def test_the_links_of_a_digest_are_filled_in_each_by_its_placeholder() -> None:
    made = render("digest", "zh", _digest("a", "b"))
    urls = {link_to(7): "https://x.example/t/seven", link_to(8): "https://x.example/t/eight"}
    assert _Shown(fill_links(made.html, urls)).links == list(urls.values())
    assert [line.strip() for line in fill_links(made.text, urls).splitlines() if "http" in line] == list(urls.values())
    with pytest.raises(ValueError, match="quotes"):
        fill_links(made.text, {**urls, link_to(8): 'https://x.example/"'})
    with pytest.raises(KeyError):
        fill_links(made.text, {})


_NOTICE = {
    "when": "2026年9月28日（周一） 09:00–11:30",
    "old_when": "2026年9月25日（周五） 09:00–11:30",
    "other_when": "2026年10月26日（周一） 09:00–11:30",
    "place": "仙港活动站一楼",
    "station": "仙港街道代表活动站",
    "people": "黄旻",
    "actor": "陈海生",
    "note": "那天出差，\n谢谢。",
    "quota": "每年接待两次",
    "done": 0,
    "wanted": 2,
    "missing": 2,
    "own": 1,
    "subscription": "市民热线",
    "issue": "XG-2026-00042 路灯不亮",
    "login": "zhangsan",
}


@pytest.mark.parametrize(("event", "locale"), list(product(NOTICES, LOCALES)))
def test_a_notice_about_no_issue_renders_with_all_values_and_with_none(event: str, locale: str) -> None:
    for values in (_NOTICE, dict.fromkeys(_NOTICE)):
        made = render(event, locale, {**values, "recipient": {"name": "张三"}, "link": LINK})
        assert (made.template, made.locale) == (event, locale)
        assert "张三" in made.text
        assert made.text.count(LINK) == made.html.count(LINK) == 1
        for wrong in ("None", "  ", "“”", "，，", "，。", "。。", "·  ·", "{{", "Undefined"):
            assert wrong not in made.subject + made.text.replace("\n\n", "\n"), (wrong, made)


@pytest.mark.parametrize(
    ("event", "first"),
    [
        ("duty-announced", "张三，请您按时到站值班：2026年9月28日（周一） 09:00–11:30。"),
        ("duty-changed", "张三，您的值班安排有变动（陈海生经办），现为：2026年9月28日（周一） 09:00–11:30。"),
        (
            "swap-asked",
            "张三，陈海生想用2026年9月28日（周一） 09:00–11:30的值班，与您2026年10月26日（周一） 09:00–11:30的值班对换，是否同意由您决定。",
        ),
        ("falling-behind", "张三，“每年接待两次”的进度落后：应完成 2 次，已完成 0 次，还差 2 次。"),
    ],
)
def test_a_notice_says_in_its_first_line_what_it_is_about(event: str, first: str) -> None:
    made = render(event, "zh", {**_NOTICE, "recipient": {"name": "张三"}, "link": LINK})
    assert made.text.splitlines()[0] == first


def test_staff_are_told_who_comes_and_pressed_when_nobody_does() -> None:
    staff = {**_NOTICE, "own": 0, "recipient": {"name": "张三"}, "link": LINK}
    assert "值班人员：黄旻" in render("duty-announced", "zh", staff).text
    assert "还没有人值班" in render("duty-announced", "zh", {**staff, "people": None}).text
