"""What a form takes, and what it says of what it does not take."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import TypeAdapter

from definitions.forms.characters import seen
from definitions.forms.form import Form, Wrong, check, fit
from definitions.model.field import Field, ShortField

_fields: TypeAdapter[dict[str, Field]] = TypeAdapter(dict[str, ShortField])
FILE = "file:" + "ab" * 32
KNOWN = {
    "organisation:1",
    "organisation:2",
    "participant:3",
    "participant:4",
    "area:2",
    "station:1",
    "issue:9",
    FILE,
    "industry:law",
}
TITLE = {"title": {"zh": "答复", "en": "Answer"}}


def form(written: Mapping[str, Any], entered: Mapping[str, Any], *, required: bool = False, **more: Any) -> Form:
    """Entered values checked against fields as an administrator writes them."""
    return check(_fields.validate_python(written), entered, required=required, known=KNOWN.__contains__, **more)


RIGHT: list[tuple[Any, Any, Any]] = [
    ("text", "  灯\u0301 ", "灯\u0301"),
    ("long text", "一\r\n二", "一\n二"),
    ("integer", "3", 3),
    ("number", "2.5", 2.5),
    ("money", "1234.5", 1234.5),
    ("money", "￥1,234.50", 1234.5),
    ("money", "3000元", 3000.0),
    ("money", 0.07, 0.07),
    ("date", "2026-11-27", "2026-11-27"),
    ("date-time", "2026-11-27T14:30", "2026-11-27T14:30"),
    ("date-time", "2026-11-27 14:30:00", "2026-11-27T14:30"),
    ("time", "08:05", "08:05"),
    ("yes/no", "yes", True),
    ("yes/no", False, False),
    ("phone", "+86 592-123456", "+86 592-123456"),
    ("phone", "（0592）5147085", "(0592)5147085"),
    ("phone", "0592－5147085转801", "0592-5147085转801"),
    ("phone", "0592-5147085 ext. 801", "0592-5147085 ext. 801"),
    ("phone", "１３８００００００００", "13800000000"),
    ("email", "li@example.cn", "li@example.cn"),
    ("email", "o'brien@example.ie", "o'brien@example.ie"),
    ("email", "ｌｉ＠example．cn", "li@example.cn"),
    ("email", "li@例子.中国", "li@xn--fsqu00a.xn--fiqs8s"),
    ("integer", "１２", 12),
    ("integer", "1,234", 1234),
    ("number", "1，234.5", 1234.5),
    ("number", 0.1, 0.1),
    ("money", "１２３４．５元", 1234.5),
    ("money", "-12,345,678.90", -12345678.9),
    ("text", "\u202e路灯\u200b不亮\ufeff", "路灯不亮"),
    ("text", "\u200b", None),
    ("long text", "\u202e \u3164\u2800\n", None),
    ("text", "👩\u200d🔧修灯", "👩\u200d🔧修灯"),
    ("text", "می\u200cخواهم", "می\u200cخواهم"),
    ("date", "1800-01-01", "1800-01-01"),
    ("date", "2200-12-31", "2200-12-31"),
    ("department", "organisation:1", "organisation:1"),
    ("departments", ["organisation:2", "organisation:1", "organisation:2"], ("organisation:2", "organisation:1")),
    ("person", "participant:3", "participant:3"),
    ("people", "participant:3", ("participant:3",)),
    ("area", "area:2", "area:2"),
    ("station", "station:1", "station:1"),
    ("issue", "issue:9", "issue:9"),
    ("file", FILE, FILE),
    ("files", [FILE, ""], (FILE,)),
    ({"type": "choice", "of": "industries"}, "law", "law"),
    ({"type": "choices", "of": "industries"}, ["law"], ("law",)),
    ("place", "望海路 8 号", {"address": "望海路 8 号", "longitude": None, "latitude": None}),
    (
        "place",
        {"address": "望海路", "longitude": "118.1234567", "latitude": 24.5},
        {"address": "望海路", "longitude": 118.123457, "latitude": 24.5},
    ),
    ("place", {"address": " ", "longitude": "", "latitude": ""}, None),
    ("text", "   ", None),
    ("choices", [], ()),
    ("files", None, ()),
]


@pytest.mark.parametrize(("written", "entered", "kept"), RIGHT)
def test_what_is_right_is_kept_in_one_form(written: Any, entered: Any, kept: Any) -> None:
    found = form({"answer": written}, {"answer": entered})
    assert (found.values, found.errors) == ({"answer": kept}, {})


WRONG: list[tuple[Any, Any, str]] = [
    ("text", 3, "文字"),
    ("text", "一\n二", "一行"),
    ("text", "\ufffd", "无法显示"),
    ("text", "字" * 201, "200"),
    ("integer", "2.5", "整数"),
    ("number", "nan", "数字"),
    ("number", True, "数字"),
    ("1..5", 6, "1 到 5"),
    ("integer", "12 34", "整数"),
    ("integer", "1,2345", "整数"),
    ("integer", "1_000", "整数"),
    ("integer", 2**64, "之间"),
    ("integer", 10**40, "整数"),
    ("number", "12 34", "数字"),
    ("number", "1e400", "数字"),
    ("number", "inf", "数字"),
    ("number", "0.12345678901234567890", "小数"),
    ("money", "12 34", "金额"),
    ("money", "1,2345", "金额"),
    ("money", "12,34.50", "金额"),
    ("money", "1_000", "金额"),
    ("money", 10**4000, "金额"),
    ("date", "0001-01-01", "1800"),
    ("date", "9999-12-31", "2200"),
    ("date-time", "0001-01-01T00:00", "1800"),
    ("date-time", "9999-12-31T23:59", "2200"),
    ("phone", "转801", "总机"),
    ("phone", "13800000000、0592-5147085", "一个号码"),
    ("phone", "(0592 5147085", "括号"),
    ("phone", "138000000001380000000", "位数"),
    ("email", "张三@example.cn", "@"),
    ("email", "a..b@example.cn", "点"),
    ("email", ".a@example.cn", "点"),
    ("email", "a b@example.cn", "邮箱"),
    ("email", '"a b"@example.cn', "邮箱"),
    ("email", "a(b)@example.cn", "邮箱"),
    ("email", "a@-example.cn", "域名"),
    ("email", "a@example..cn", "域名"),
    ("email", "a@x_y.cn", "域名"),
    ("email", "a@127.0.0.1", "域名"),
    ("email", "a@nowhere.invalid", "域名"),
    ("email", "a" * 65 + "@example.cn", "邮箱"),
    ("money", "1.005", "两位小数"),
    ("money", "一百", "金额"),
    ("money", "1e9", "金额"),
    ("money", "9" * 15, "之间"),
    ({"type": "money", "at least": 0}, "-1", "之间"),
    ("date", "2026-02-30", "日期"),
    ("date", "0001-01-01", "1800"),
    ("date", "9999-12-31", "2200"),
    ("date-time", "0001-01-01T00:00", "1800"),
    ("date-time", "9999-12-31 23:59", "2200"),
    ("date", "20261127--", "日期"),
    ("date-time", "2026-11-27", "时间"),
    ("date-time", "2026-11-27T14:30+08:00", "时间"),
    ("date-time", "2026-11-27T24:00", "时间"),
    ("time", "8:5", "时间"),
    ("yes/no", "perhaps", "“是”或“否”"),
    ("phone", "none", "电话"),
    ("email", "li@example", "域名"),
    ("department", "organisation:9", "部门"),
    ("department", "participant:3", "部门"),
    ("person", "participant:99", "没有这个人"),
    ("person", ["participant:3"], "没有这个人"),
    ("area", "area:9", "区域"),
    ("station", "station:9", "站点"),
    ("issue", "XG-2026-00001", "编号"),
    ("file", "file:../../etc/passwd", "上传"),
    ("files", ["file:" + "cd" * 32], "上传"),
    ({"type": "choice", "of": "industries"}, "war", "名单"),
    ({"type": "choice", "of": "industries"}, "law\n", "名单"),
    ({"type": "choice", "options": {"a": {"zh": "甲", "en": "A"}}}, "b", "甲"),
    ({"type": "people", "at most": 1}, ["participant:3", "participant:4"], "最多 1 项"),
    ({"type": "people", "at least": 2}, ["participant:3"], "至少选择 2 项"),
    ("departments", ["organisation:1"] * 101, "太多"),
    ("place", {"address": "x", "longitude": 118}, "一起"),
    ("place", {"address": "x", "longitude": 200, "latitude": 1}, "180"),
    ("place", {"address": "x", "longitude": "nan", "latitude": 1}, "180"),
    ("place", {"address": "x", "longitude": "1_1", "latitude": 1}, "180"),
    ("place", {"address": "x", "longitude": 10**4000, "latitude": 1}, "180"),
    ("place", {"street": "x"}, "地点"),
    ("place", ["x"], "地点"),
]


@pytest.mark.parametrize(("written", "entered", "said"), WRONG)
def test_what_is_wrong_is_said_in_both_languages(written: Any, entered: Any, said: str) -> None:
    found = form({"answer": written}, {"answer": entered})
    assert "answer" not in found.values
    assert said in found.errors["answer"]["zh"]
    assert found.errors["answer"]["en"].isascii()


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u202e", "\u2060\ufeff", "\u3164", "\u2800 ", "\ufe0f", "\U000e0041", "\u200d"]
)
def test_what_a_reader_sees_as_blank_is_blank(unseen: str) -> None:
    fields = {"subject": {"type": "text", "title": {"zh": "主题", "en": "Subject"}, "required": True}}
    assert form(fields, {"subject": unseen}).errors["subject"]["zh"] == "请填写“主题”。"
    assert form(TABLE, {"items": [{"what": unseen}]}).values == {"items": ()}


def test_every_character_that_shows_nothing_is_blank_alone_and_every_letter_and_sign_is_taken_as_it_stands() -> None:
    for code in (*range(0x80, 0x20000), *range(0xE0000, 0xE1000)):
        one = chr(code)
        kind = unicodedata.category(one)
        if kind == "Cf" or kind[0] == "Z":
            assert seen(one) == "", f"U+{code:04X}"
        elif kind[0] in "LNPS" and one not in "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0":
            assert seen(f"路{one}灯") == f"路{one}灯", f"U+{code:04X}"
            assert seen(one) == one, f"U+{code:04X}"


def test_an_issue_is_named_by_its_number_as_people_write_it() -> None:
    def resolve(kind: str, text: str) -> str | None:
        return {("issue", "XG-2026-00001"): "issue:9"}.get((kind, text))

    assert form({"about": "issue"}, {"about": " XG-2026-00001 "}, resolve=resolve).values == {"about": "issue:9"}
    assert "编号" in form({"about": "issue"}, {"about": "XG-1"}, resolve=resolve).errors["about"]["zh"]


KINDS = {"type": "choice", "options": {"request": {"zh": "诉求"}, "praise": {"zh": "表扬"}}}
ASKED = {
    "place": {"type": "place", "when": "kind == 'request'", "required": True},
    "phone": {"type": "phone", "required": "kind == 'request' and call_back"},
    "call-back": "yes/no",
    "kind": KINDS,
}


def test_what_a_condition_asks_for_must_be_there_wherever_the_field_stands() -> None:
    assert set(form(ASKED, {"kind": "request", "call-back": "yes"}).errors) == {"place", "phone"}
    assert set(form(ASKED, {"kind": "request", "place": "望海路"}).errors) == set()


def test_what_is_not_asked_for_is_neither_checked_nor_kept() -> None:
    fields = {"stars": {"type": "integer", "at most": 5, "when": "kind == 'praise'"}, "kind": KINDS}
    found = form(fields, {"stars": "99", "kind": "request"})
    assert (found.values, found.errors) == ({"kind": "request"}, {})


def test_a_condition_sees_the_issue_and_one_that_cannot_be_evaluated_does_not_hold() -> None:
    fields = {"reason": {"type": "text", "when": "stars < 3", "required": True}}
    assert form(fields, {}, data={"stars": 5}).errors == {}
    assert set(form(fields, {}, data={"stars": 1}).errors) == {"reason"}
    assert form(fields, {}).errors == {}


def test_an_answer_empties_what_it_takes_the_ground_from_and_leaves_what_never_applied() -> None:
    fields = {"kind": KINDS, "reason": {"type": "text", "when": "kind == 'request'"}}
    before = {"kind": "request", "reason": "路灯"}
    assert form(fields, {"kind": "praise"}, data=before).values == {"kind": "praise", "reason": None}
    assert form(fields, {"kind": "praise"}, data={**before, "kind": "praise"}).values == {"kind": "praise"}


def test_a_default_stands_for_what_was_left_out_and_not_for_what_was_emptied() -> None:
    fields = {"copies": {"type": "integer", "default": 1, "required": True}}
    assert form(fields, {}).values == {"copies": 1}
    assert set(form(fields, {"copies": ""}).errors) == {"copies"}


def test_a_computed_field_is_seen_by_conditions_and_cannot_be_filled_in() -> None:
    fields = {
        "price": "money",
        "count": "integer",
        "total": {"type": "money", "compute": "price * count"},
        "reason": {"type": "text", "required": "total > 100"},
    }
    assert set(form(fields, {"price": "60", "count": "2"}).errors) == {"reason"}
    assert form(fields, {"price": "6", "count": "2"}).values == {"price": 6.0, "count": 2, "reason": None}
    assert "系统算出" in form(fields, {"total": "1"}).errors["total"]["zh"]


TABLE = {
    "items": {
        "type": "table",
        "title": {"zh": "明细", "en": "Items"},
        "at most": 2,
        "columns": {
            "what": {"type": "text", "title": {"zh": "用途", "en": "For"}, "required": True},
            "unit-price": {"type": "money", "title": {"zh": "单价", "en": "Price"}},
            "count": {"type": "integer", "default": 1},
            "amount": {"type": "money", "compute": "unit_price * count"},
        },
    }
}


def test_rows_of_a_table_are_kept_whole_and_empty_ones_do_not_count() -> None:
    rows = [{"what": "桌子", "unit-price": "300", "count": "2"}, {"what": " ", "unit-price": ""}, {"what": "椅子"}]
    assert form(TABLE, {"items": rows}).values["items"] == (
        {"what": "桌子", "unit-price": 300.0, "count": 2, "amount": 600.0},
        {"what": "椅子", "unit-price": None, "count": 1, "amount": None},
    )
    assert form(TABLE, {}).values == {"items": ()}
    assert form(TABLE, {"items": [{"what": "", "count": "1"}]}).values == {"items": ()}


def test_a_wrong_cell_is_named_by_row_and_column() -> None:
    rows = [{"what": "桌子"}, {"unit-price": "很多", "colour": "red", "amount": 3}]
    errors = form(TABLE, {"items": rows}).errors
    assert errors["items.2.unit-price"]["zh"] == "第2行“单价”：请填写金额，例如 1234.50。"
    assert errors["items.2.unit-price"]["en"] == "Row 2, “Price”: Please give an amount, such as 1234.50."
    assert errors["items.2.what"]["zh"] == "第2行“用途”：请填写“用途”。"
    assert set(errors) == {"items.2.unit-price", "items.2.what", "items.2.colour", "items.2.amount"}


def test_a_table_has_bounds_and_only_rows() -> None:
    assert "现有 3 行" in form(TABLE, {"items": [{"what": "a"}] * 3}).errors["items"]["zh"]
    assert "每一行" in form(TABLE, {"items": ["a"]}).errors["items"]["zh"]
    assert "200" in form(TABLE, {"items": [{}] * 500}).errors["items"]["zh"]
    assert set(form(TABLE, {}, required=True).errors) == {"items"}
    needs = {"items": {**TABLE["items"], "at least": 2}}
    assert "至少 2 行" in form(needs, {"items": [{"what": "a"}]}).errors["items"]["zh"]


def test_unknown_names_are_refused_with_the_nearest_known_one() -> None:
    errors = form({"subject": "text"}, {"subjekt": "x"}).errors
    assert "subject" in errors["subjekt"]["en"]


def test_a_computed_value_fits_its_field_or_is_refused() -> None:
    assert fit(Field(type="money"), 2.5, known=KNOWN.__contains__) == 2.5
    table = _fields.validate_python(TABLE)["items"]
    assert fit(table, [{"what": "a"}], known=KNOWN.__contains__)[0]["count"] == 1
    for field, value in ((Field(type="date"), "tomorrow"), (table, [{"count": 2}])):
        with pytest.raises(Wrong):
            fit(field, value, known=KNOWN.__contains__)


TERM = {
    "begins": {"type": "date", "title": {"zh": "开始日期", "en": "Begins"}, "not before": "today"},
    "ends": {
        "type": "date",
        "title": {"zh": "结束日期", "en": "Ends"},
        "not before": "begins",
        "not after": "2026-12-31",
    },
}
TODAY = {"today": "2026-11-23"}


def test_days_keep_the_order_that_their_fields_say() -> None:
    assert form(TERM, {"begins": "2026-11-23", "ends": "2026-11-23"}, data=TODAY).errors == {}
    assert form(TERM, {"begins": "2026-11-24", "ends": "2026-12-31"}, data=TODAY).errors == {}
    errors = form(TERM, {"begins": "2026-11-22", "ends": "2026-11-21"}, data=TODAY).errors
    assert errors["begins"] == {"zh": "“开始日期”不能早于今天。", "en": "“Begins” cannot be before today."}
    assert errors["ends"] == {"zh": "“结束日期”不能早于“开始日期”。", "en": "“Ends” cannot be before “Begins”."}
    assert "2026-12-31" in form(TERM, {"ends": "2027-01-01"}, data=TODAY).errors["ends"]["zh"]


def test_with_nothing_to_compare_with_an_order_holds() -> None:
    assert form(TERM, {"ends": "2026-01-01"}, data=TODAY).errors == {}
    assert form(TERM, {"begins": "2020-01-01"}).errors == {}


def test_a_value_that_stays_as_it_was_is_not_too_late_by_now() -> None:
    before = {"begins": "2026-11-01", "ends": "2026-11-30"}
    assert form(TERM, before, data={**TODAY, **before}).errors == {}
    assert set(form(TERM, {**before, "begins": "2026-11-02"}, data={**TODAY, **before}).errors) == {"begins"}
    assert set(form(TERM, {"begins": "2026-12-02", "ends": "2026-11-30"}, data={**TODAY, **before}).errors) == {"ends"}


def test_moments_are_compared_with_days_by_their_day_and_times_with_times() -> None:
    fields = {
        "day": "date",
        "at": {"type": "date-time", "not before": "day"},
        "from": "time",
        "to": {"type": "time", "not before": "from"},
    }
    assert form(fields, {"day": "2026-11-23", "at": "2026-11-23T00:00", "from": "09:00", "to": "09:00"}).errors == {}
    assert set(
        form(fields, {"day": "2026-11-23", "at": "2026-11-22T23:59", "from": "09:00", "to": "08:59"}).errors
    ) == {"at", "to"}


PLATE = {
    "type": "text",
    "title": {"zh": "车牌", "en": "Plate"},
    "pattern": {"like": "[\u4e00-\u9fa5][A-Z][A-Z0-9]{5,6}", "say": {"zh": "例如 闽D12345", "en": "Such as 闽D12345"}},
}


def test_a_text_looks_like_its_pattern_or_people_are_told_what_to_write() -> None:
    assert form({"plate": PLATE}, {"plate": " 闽Ｄ１２３４５ "}).values == {"plate": "闽D12345"}
    assert form({"plate": PLATE}, {"plate": "闽D1234"}).errors["plate"] == {
        "zh": "例如 闽D12345",
        "en": "Such as 闽D12345",
    }
    assert form({"plate": PLATE}, {"plate": "闽D12345\n"}).values == {"plate": "闽D12345"}
    assert form({"plate": PLATE}, {}).errors == {}


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("id number", "11010519491231002x", "11010519491231002X"),
        ("id number", "１１０１０５ 19491231 002X", "11010519491231002X"),
        ("credit code", "91350100m000100y43", "91350100M000100Y43"),
        ("postcode", "361000", "361000"),
    ],
)
def test_numbers_that_every_office_knows_are_taken_as_people_write_them(kind: str, written: str, kept: str) -> None:
    assert form({"number": {"type": "text", "pattern": kind}}, {"number": written}).values == {"number": kept}


@pytest.mark.parametrize(
    ("kind", "written", "said"),
    [
        ("id number", "110105194912310021", "校验"),
        ("id number", "11010519491331002X", "校验"),
        ("id number", "1101051949123100", "写法"),
        ("credit code", "91350100M000100Y44", "校验"),
        ("credit code", "I1350100M000100Y43", "写法"),
        ("postcode", "36100", "写法"),
    ],
)
def test_a_number_with_a_wrong_check_digit_is_refused(kind: str, written: str, said: str) -> None:
    errors = form({"number": {"type": "text", "pattern": kind}}, {"number": written}).errors
    assert said in errors["number"]["zh"]
    assert errors["number"]["en"].isascii()


def test_no_two_rows_hold_the_same_where_a_column_says_so() -> None:
    table = {
        "people": {
            "type": "table",
            "title": {"zh": "人员", "en": "People"},
            "columns": {"name": {"type": "text", "title": {"zh": "姓名", "en": "Name"}, "unique": True}},
        }
    }
    errors = form(table, {"people": [{"name": "李明"}, {"name": "王芳"}, {"name": " 李 明 "}]}).errors
    assert errors == {
        "people.3.name": {"zh": "第3行“姓名”：与第1行重复。", "en": "Row 3, “Name”: This is the same as in row 1."}
    }
    assert form(table, {"people": [{"name": "李明"}, {"name": "王芳"}]}).errors == {}
