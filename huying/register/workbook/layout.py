"""The sheets of the workbook and their columns: what each is called, what may stand in it, and what is said about it in the template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from definitions.text import Said

#: What may stand in a column. ``choice`` and ``several`` take from a list of options, ``code`` and ``login`` make something known.
ColumnKind = Literal[
    "text", "code", "login", "phone", "mail", "day", "flag", "choice", "several", "clock", "position", "degree"
]


class SheetColumn(NamedTuple):
    """One column. ``key`` stands in the second row of the sheet, ``field`` is the noun's; ``also`` are titles that offices use for it.

    ``options`` names the list from which it takes; ``of`` the kind of noun to which it belongs, if that is not the sheet's.
    """

    key: str
    title: Said
    kind: ColumnKind = "text"
    required: bool = False
    field: str = ""
    options: str = ""
    longest: int = 100
    width: int = 14
    note: Said = Said("", "")
    also: tuple[str, ...] = ()
    of: str = ""

    @property
    def into(self) -> str:
        """The field of the noun."""
        return self.field or self.key


class RegisterSheet(NamedTuple):
    """One sheet; ``key`` is the kind of noun that its lines are."""

    key: str
    title: Said
    columns: tuple[SheetColumn, ...]
    also: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What its tab is called."""
        return f"{self.title.zh} {self.title.en}"

    def column(self, key: str) -> SheetColumn:
        """The column of a key."""
        return next(column for column in self.columns if column.key == key)

    def column_of(self, kind: str, field: str) -> SheetColumn:
        """The column that holds a field of a kind of noun."""
        return next(column for column in self.columns if column.into == field and (column.of or self.key) == kind)


GUIDE, OPTIONS = "说明 guide", "选项 options"
_DAY = Said("日期，写成 2026-11-01。", "A day, written 2026-11-01.")
_HOUR = Said("钟点，写成 09:00。", "An hour of the day, written 09:00.")
_MANY = Said("可以写几个，用顿号隔开。", "Several may be given, divided by commas.")
_SCOPE = Said("区域、站点都不填为全机构。", "With neither area nor station: the whole house.")
_CODE = Said(
    "字母、数字、- 和 _，不能重复，定了以后不要改。", "Letters, digits, - and _; unlike any other, and never changed."
)


def _zh(**how: object) -> SheetColumn:
    return SheetColumn("name_zh", Said("名称", "Name"), required=True, width=28, also=("中文名称", "全称"), **how)  # type: ignore[arg-type]


_EN = SheetColumn(
    "name_en",
    Said("英文名称", "English name"),
    width=24,
    note=Said("没有就不填。", "May stay empty."),
    also=("英文名",),
)
_CALENDAR = SheetColumn(
    "calendar",
    Said("日历", "Calendar"),
    "choice",
    options="calendars",
    note=Said("不填则按流程的日历。", "Empty: the processes' own."),
)
_ACTIVE = SheetColumn(
    "active", Said("在用", "In use"), "flag", width=8, note=Said("是或否；不填为是。", "Yes or no; empty: yes.")
)
_FROM = SheetColumn(
    "from", Said("起", "From"), "day", field="since", width=13, note=_DAY, also=("开始日期", "起始日期", "自")
)
_UNTIL = SheetColumn("until", Said("止", "Until"), "day", width=13, note=_DAY, also=("结束日期", "截止日期", "至"))


_LOGIN = Said("登录名", "Login")


def _person(key: str = "login", title: Said = _LOGIN, **how: object) -> SheetColumn:
    note = Said(
        "从下拉表选；只写姓名也行，重名时写登录名。", "Choose from the list; the name alone will do unless two bear it."
    )
    return SheetColumn(key, title, "choice", options="people", width=22, note=note, **how)  # type: ignore[arg-type]


def _station(**how: object) -> SheetColumn:
    return SheetColumn("station", Said("站点", "Station"), "choice", True, options="stations", width=28, **how)  # type: ignore[arg-type]


_MANDATE = (
    SheetColumn(
        "level",
        Said("代表层级", "Level"),
        "choice",
        options="deputy_levels",
        of="mandates",
        note=Said("只有代表才填。", "Of deputies only."),
        also=("层级", "代表级别"),
    ),
    SheetColumn("delegation", Said("代表团", "Delegation"), "choice", options="delegations", of="mandates"),
    SheetColumn("constituency", Said("选区", "Constituency"), longest=200, of="mandates", also=("选举单位",)),
    SheetColumn("term_from", Said("任期起", "Term from"), "day", field="since", width=13, of="mandates", note=_DAY),
    SheetColumn("term_until", Said("任期止", "Term until"), "day", field="until", width=13, of="mandates", note=_DAY),
)

SHEETS: tuple[RegisterSheet, ...] = (
    RegisterSheet(
        "codes",
        Said("代码表", "codes"),
        (
            SheetColumn(
                "list",
                Said("表名", "List"),
                "choice",
                True,
                options="lists",
                width=22,
                note=Said(
                    "行业、承办职责、代表团、九有，或自己起的表名。",
                    "Industries, competences, delegations, haves, or one of your own.",
                ),
                also=("代码表",),
            ),
            SheetColumn("code", Said("代码", "Code"), "code", True, note=_CODE),
            _zh(),
            _EN,
            SheetColumn("position", Said("顺序", "Position"), "position", width=8, note=Said("0、1、2……", "0, 1, 2 …")),
            _ACTIVE,
        ),
    ),
    RegisterSheet(
        "areas",
        Said("区域", "areas"),
        (
            SheetColumn(
                "code", Said("区划代码", "Code"), "code", True, width=18, note=_CODE, also=("代码", "行政区划代码")
            ),
            _zh(),
            _EN,
            SheetColumn("level", Said("层级", "Level"), "choice", True, options="area_levels"),
            SheetColumn(
                "parent", Said("上级代码", "Parent"), "choice", options="areas", width=24, also=("上级", "上级区划")
            ),
            _FROM,
            _UNTIL,
        ),
        ("区划", "行政区划"),
    ),
    RegisterSheet(
        "organisations",
        Said("单位", "organisations"),
        (
            SheetColumn("code", Said("代码", "Code"), "code", True, note=_CODE, also=("单位代码",)),
            _zh(),
            _EN,
            SheetColumn("kind", Said("类别", "Kind"), "choice", True, options="organisation_kinds"),
            SheetColumn("area", Said("区域", "Area"), "choice", options="areas", width=24, also=("区划代码",)),
            _CALENDAR,
            SheetColumn(
                "competences", Said("承办职责", "Competences"), "several", options="competences", width=28, note=_MANY
            ),
            _ACTIVE,
        ),
        ("部门", "承办单位"),
    ),
    RegisterSheet(
        "stations",
        Said("站点", "stations"),
        (
            SheetColumn("code", Said("代码", "Code"), "code", True, note=_CODE, also=("站点代码", "编号")),
            _zh(),
            _EN,
            SheetColumn("kind", Said("类别", "Kind"), "choice", True, options="station_kinds", also=("类型",)),
            SheetColumn("parent", Said("上级站点", "Parent station"), "choice", options="stations", width=24),
            SheetColumn(
                "area", Said("区域", "Area"), "choice", True, options="areas", width=24, also=("区划代码", "所属区域")
            ),
            SheetColumn("industry", Said("行业", "Industry"), "choice", options="industries"),
            SheetColumn("address", Said("地址", "Address"), longest=200, width=30),
            SheetColumn("phone", Said("值守电话", "Phone"), "phone", width=18, also=("电话", "联系电话")),
            _CALENDAR,
            SheetColumn(
                "latitude", Said("纬度", "Latitude"), "degree", width=10, note=Said("如 24.4795。", "Such as 24.4795.")
            ),
            SheetColumn(
                "longitude",
                Said("经度", "Longitude"),
                "degree",
                width=10,
                note=Said("如 118.089。", "Such as 118.089."),
            ),
            SheetColumn("opened", Said("启用日期", "Opened"), "day", width=13, note=_DAY),
            SheetColumn("closed", Said("撤销日期", "Closed"), "day", width=13, note=_DAY),
            SheetColumn(
                "successor",
                Said("并入站点", "Carried on by"),
                "choice",
                options="stations",
                width=24,
                note=Said("撤销的站点填：在办事项转到哪个站点。", "Of a closed station: who carries on what is open."),
            ),
            _ACTIVE,
        ),
        ("联络站", "代表联络站"),
    ),
    RegisterSheet(
        "haves",
        Said("九有", "haves"),
        (
            _station(),
            SheetColumn("have", Said("项目", "Have"), "choice", True, options="haves", width=20),
            SheetColumn("has", Said("有无", "Has it"), "flag", True, width=8, note=Said("有或无。", "Yes or no.")),
            SheetColumn("evidence", Said("凭据说明", "Evidence"), longest=1000, width=30, also=("说明", "备注")),
            _person("confirmed_by", Said("核对人", "Confirmed by")),
            _FROM,
            _UNTIL,
        ),
    ),
    RegisterSheet(
        "people",
        Said("人员", "people"),
        (
            SheetColumn(
                "login",
                Said("登录名", "Login"),
                "login",
                width=18,
                note=Said(
                    "小写字母开头，字母、数字、. - _；不填则按姓名拼音取一个，核对时可看到。不要用手机号。",
                    "Small letters, digits, . - _; empty: made from the name and shown before anything is written. Never a phone number.",
                ),
                also=("账号", "用户名"),
            ),
            SheetColumn("name", Said("姓名", "Name"), required=True, width=14),
            SheetColumn(
                "kind", Said("身份", "Kind"), "choice", True, options="person_kinds", also=("类别", "人员类别")
            ),
            SheetColumn(
                "phone", Said("手机", "Phone"), "phone", width=18, also=("电话", "手机号", "手机号码", "联系电话")
            ),
            SheetColumn("mail", Said("邮箱", "Mail"), "mail", longest=254, width=26, also=("电子邮箱",)),
            SheetColumn(
                "language",
                Said("语言", "Language"),
                "choice",
                options="languages",
                note=Said("不填为中文。", "Empty: Chinese."),
            ),
            SheetColumn("speaks", Said("还会说", "Speaks too"), "several", options="languages", note=_MANY),
            SheetColumn(
                "industries", Said("行业", "Industries"), "several", options="industries", width=20, note=_MANY
            ),
            SheetColumn(
                "competences", Said("专长", "Competences"), "several", options="competences", width=20, note=_MANY
            ),
            *_MANDATE,
            SheetColumn("profession", Said("职业", "Profession")),
            SheetColumn("unit", Said("工作单位", "Employer"), longest=200, width=26, also=("单位",)),
            SheetColumn(
                "active",
                Said("在职", "In service"),
                "flag",
                width=8,
                note=Said("是或否；不填为是。", "Yes or no; empty: yes."),
            ),
        ),
        ("代表", "人员名单", "代表名单"),
    ),
    RegisterSheet(
        "mandates",
        Said("其他任期", "mandates"),
        (
            _person(required=True, also=("姓名",)),
            SheetColumn("level", Said("代表层级", "Level"), "choice", True, options="deputy_levels"),
            SheetColumn("delegation", Said("代表团", "Delegation"), "choice", options="delegations"),
            SheetColumn("constituency", Said("选区", "Constituency"), longest=200, width=20),
            _FROM._replace(required=True, title=Said("任期起", "Term from")),
            _UNTIL._replace(required=True, title=Said("任期止", "Term until")),
        ),
    ),
    RegisterSheet(
        "memberships",
        Said("任职", "memberships"),
        (
            _person(required=True, also=("姓名",)),
            SheetColumn(
                "place", Said("站点或单位", "Place"), "choice", True, options="places", width=28, also=("站点", "单位")
            ),
            SheetColumn("function", Said("职务", "Function"), "choice", True, options="functions"),
            _FROM,
            _UNTIL,
            SheetColumn(
                "level",
                Said("代表层级", "Level"),
                "choice",
                options="deputy_levels",
                note=Said("与本人任期不同时才填。", "Only if it is another than the person's."),
            ),
            SheetColumn(
                "sub_area",
                Said("片区", "Sub-area"),
                longest=200,
                width=20,
                note=Said("联络员负责的片区。", "Of liaison officers."),
            ),
        ),
        ("任职名单",),
    ),
    RegisterSheet(
        "rota",
        Said("值班", "rota"),
        (
            _station(),
            SheetColumn("weekday", Said("星期", "Weekday"), "choice", True, options="weekdays"),
            _person(required=True, also=("姓名", "值班代表")),
            SheetColumn("from", Said("开始钟点", "From"), "clock", field="starts_at", note=_HOUR),
            SheetColumn("until", Said("结束钟点", "Until"), "clock", field="ends_at", note=_HOUR),
            SheetColumn("first", Said("自", "First day"), "day", field="first_day", width=13, note=_DAY),
            SheetColumn("last", Said("至", "Last day"), "day", field="last_day", width=13, note=_DAY),
        ),
    ),
    RegisterSheet(
        "duty",
        Said("值班日", "dated duty"),
        (
            _station(),
            SheetColumn("day", Said("日期", "Day"), "day", True, width=13, note=_DAY),
            _person(required=True, also=("姓名", "值班代表")),
            SheetColumn("from", Said("开始钟点", "From"), "clock", field="starts_at", note=_HOUR),
            SheetColumn("until", Said("结束钟点", "Until"), "clock", field="ends_at", note=_HOUR),
        ),
    ),
    RegisterSheet(
        "absences",
        Said("缺勤", "absences"),
        (
            _person(required=True, also=("姓名",)),
            _FROM._replace(required=True),
            _UNTIL,
            _person("substitute", Said("代行人", "Substitute")),
        ),
        ("请假",),
    ),
    RegisterSheet(
        "grants",
        Said("权限", "grants"),
        (
            _person(required=True, also=("姓名",)),
            SheetColumn("role", Said("权限", "Role"), "choice", True, options="roles", width=20, also=("角色",)),
            SheetColumn("area", Said("限于区域", "Area"), "choice", options="areas", width=24, note=_SCOPE),
            SheetColumn("station", Said("限于站点", "Station"), "choice", options="stations", width=28, note=_SCOPE),
            _FROM._replace(note=Said("不填从今天起。", "Empty: from today.")),
            _UNTIL._replace(note=Said("不填为长期。", "Empty: until further notice.")),
            SheetColumn("why", Said("理由", "Why"), required=True, longest=1000, width=30, also=("说明",)),
        ),
        ("授权",),
    ),
)
BY_KEY: Mapping[str, RegisterSheet] = {sheet.key: sheet for sheet in SHEETS}
