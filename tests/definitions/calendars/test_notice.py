"""The State Council's notices of five years give the calendar that is shipped; slips of the pen are found where they stand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from definitions.calendars.calendar import Calendar
from definitions.calendars.notice import is_notice, read_notice, with_year
from definitions.calendars.reader import CALENDARS, load_calendar, parse_calendar
from definitions.finding import Unreadable

CHINA = load_calendar("china")

NOTICES = {
    2022: """一、元旦：2022年1月1日至3日放假，共3天。
二、春节：1月31日至2月6日放假调休，共7天。1月29日（星期六）、1月30日（星期日）上班。
三、清明节：4月3日至5日放假调休，共3天。4月2日（星期六）上班。
四、劳动节：4月30日至5月4日放假调休，共5天。4月24日（星期日）、5月7日（星期六）上班。
五、端午节：6月3日至5日放假，共3天。
六、中秋节：9月10日至12日放假，共3天。
七、国庆节：10月1日至7日放假调休，共7天。10月8日（星期六）、10月9日（星期日）上班。""",
    2023: """一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。""",
    2024: """一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。""",
    2025: """一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。""",
    2026: """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。""",
}
EMPTY = """id: china
title: {zh: 工作日, en: Working days}
timezone: Asia/Shanghai
working weekdays: [monday, tuesday, wednesday, thursday, friday]
published from: 2022-01-01
published until: 2021-12-31

festivals:
  new-year: {zh: 元旦, en: New Year}
  spring-festival: {zh: 春节, en: Spring Festival}
  tomb-sweeping: {zh: 清明节, en: Tomb-sweeping Day}
  labour-day: {zh: 劳动节, en: Labour Day}
  dragon-boat: {zh: 端午节, en: Dragon Boat Festival}
  mid-autumn: {zh: 中秋节, en: Mid-Autumn Festival}
  national-day: {zh: 国庆节, en: National Day}

# days without work
days:
"""


def notice(year: int, items: str | None = None) -> str:
    """The text of a notice, as it is pasted."""
    title = f"国务院办公厅关于{year}年部分节假日安排的通知"
    intro = (
        f"经国务院批准，现将{year}年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。"
    )
    return f"{title}\n\n{intro}\n{items or NOTICES[year]}\n节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。\n"


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def test_the_notices_of_five_years_give_the_shipped_calendar() -> None:
    source = EMPTY.replace("published until: 2021-12-31", "published until: 2022-12-31") + _lines_of_2022()
    calendar = parse_calendar(source, "china.yaml")
    for year in (2023, 2024, 2025, 2026):
        source = with_year(source, calendar, read_notice(notice(year), "notice.txt"), "notice.txt")
        calendar = parse_calendar(source, "china.yaml")
    days = _days(date(2022, 1, 1), date(2026, 12, 31))
    assert [day for day in days if calendar.works(day) != CHINA.works(day)] == []
    assert calendar.published_until == CHINA.published_until
    assert "# 2026\n" in source


def _lines_of_2022() -> str:
    found = read_notice(notice(2022), "notice.txt")
    keys = {"元旦": "new-year", "春节": "spring-festival", "清明节": "tomb-sweeping", "劳动节": "labour-day"}
    keys |= {"端午节": "dragon-boat", "中秋节": "mid-autumn", "国庆节": "national-day"}
    return "".join(
        f"  - {{festival: {keys[one.festival]}, off: {one.first}..{one.last}, work: [{', '.join(map(str, one.work))}]}}\n"
        for one in found.vacations
    )


def test_a_festival_of_two_names_is_named_so() -> None:
    source, calendar = _china_until(2024)
    source = with_year(source, calendar, read_notice(notice(2025), "n.txt"), "n.txt")
    calendar = parse_calendar(source, "china.yaml")
    assert calendar.holidays[date(2025, 10, 3)] == {
        "zh": "国庆节、中秋节",
        "en": "National Day and Mid-Autumn Festival",
    }


def _china_until(year: int) -> tuple[str, Calendar]:
    """The shipped calendar as it was at the end of a year."""
    text = (CALENDARS / "china.yaml").read_text("utf-8")
    kept = text.split(f"  # {year + 1}\n")[0].replace("published until: 2026-12-31", f"published until: {year}-12-31")
    return kept, parse_calendar(kept, "china.yaml")


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("共9天", "共8天", 5, "9天"),
        ("23日（农历正月初七、周一）", "23日（农历正月初七、周二）", 5, "星期一"),
        ("2月14日（周六）、", "2月13日（周五）、", 5, "工作日"),
        ("2月15日（农历", "2月30日（农历", 5, "没有"),
        ("三、清明节：4月4日（周六）至6日", "三、清明节：4月4日（周六）至5月6日", 6, "不像一个假期"),
        ("四、劳动节：5月1日", "四、劳动节：五一", 7, "日期"),
        ("四、劳动节：", "", 7, "没有写节日"),
        ("9月20日（周日）", "9月27日（周日）", 10, "写了两次"),
    ],
)
def test_slips_are_found_where_they_stand(before: str, after: str, line: int, says: str) -> None:
    text = notice(2026)
    assert before in text
    with pytest.raises(Unreadable) as refused:
        read_notice(text.replace(before, after), "notice.txt")
    found = [finding for finding in refused.value.findings if finding.line == line]
    assert any(says in finding.message["zh"] for finding in found), refused.value.findings
    assert all(finding.message["en"] and finding.remedy["zh"] and finding.excerpt for finding in found)


def test_a_text_without_year_or_items_says_what_is_missing() -> None:
    for text in ("一、元旦：1月1日放假，共1天。", "国务院办公厅关于2027年部分节假日安排的通知\n放假安排另行通知。"):
        with pytest.raises(Unreadable):
            read_notice(text, "notice.txt")


def test_blanks_and_wide_digits_do_no_harm() -> None:
    wide = notice(2026).replace("2月15日", " ２ 月 １５ 日").replace("（周四）", "(周四)")
    assert read_notice(wide, "n.txt").vacations == read_notice(notice(2026), "n.txt").vacations


def test_the_wrong_year_and_an_unknown_festival_are_refused() -> None:
    source, calendar = _china_until(2024)
    for year in (2024, 2026):
        with pytest.raises(Unreadable, match=str(2025)):
            with_year(source, calendar, read_notice(notice(year), "n.txt"), "n.txt")
    strange = notice(2025, "一、植树节：3月12日（周三）放假，共1天。")
    with pytest.raises(Unreadable, match="植树节"):
        with_year(source, calendar, read_notice(strange, "n.txt"), "n.txt")


def test_a_calendar_file_is_no_notice() -> None:
    assert is_notice(notice(2026))
    assert not is_notice((CALENDARS / "china.yaml").read_text("utf-8"))
