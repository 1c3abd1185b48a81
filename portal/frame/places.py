"""Where one can go: the one list of places from which the rail of staff, the menus and the tabs of a phone are made.

Who may go to a place is decided again by the page itself; here only those are shown a way that lead somewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from definitions.text import Said
from huying.access.viewer import Viewer
from huying.console.address import BASE
from huying.database.tables import calls
from huying.house.house import House
from huying.inbound.view import has_inbound

Shell = Literal["public", "participant", "staff"]
_DESK = ("staff", "administrator")


@dataclass(frozen=True, slots=True)
class Signpost:
    """A way to a place: its address, its words, its icon, its count (``hot``: in the colour of what is late).

    ``action`` is what one has to be allowed to do there, ``who`` for which people it is made at all, ``where`` in which houses.
    """

    address: str
    words: Said
    icon: str
    action: str | None = None
    count: str | None = None
    hot: bool = False
    who: Callable[[Viewer], bool] = lambda person: True
    where: Callable[[House, datetime], bool] = lambda house, now: True

    def shown_to(self, house: House, person: Viewer, now: datetime) -> bool:
        """Whether somebody is shown the way."""
        may = self.who(person) and (self.action is None or person.may(self.action, now))
        return may and self.where(house, now)


@dataclass(frozen=True, slots=True)
class RailGroup:
    """Places under one heading of the rail."""

    words: Said
    places: tuple[Signpost, ...]


@dataclass(frozen=True, slots=True)
class Tallies:
    """What stands in the rail beside its words: counts by their names, and one's own saved views."""

    counts: Mapping[str, int] = field(default_factory=dict)
    saved: tuple[Signpost, ...] = ()


#: Counts what one person's rail shows: house, person, moment. The default counts nothing.
Counter = Callable[[House, Viewer, datetime], Tallies]


def nothing_counted(house: House, person: Viewer, now: datetime) -> Tallies:
    """A rail without counts."""
    return Tallies()


_CARE = "look after issues"


def _receives(person: Viewer) -> bool:
    """Whether residents may come to somebody: at a station, or in the office. Whose matters they take, the definitions say."""
    return bool(person.stations) or person.office


def _taken_in(house: House, now: datetime) -> bool:
    """Whether any process says who takes its matters in for residents: where none does, the desk takes nothing."""
    return house.processes.taking(now)


def _has_calls(house: House, now: datetime) -> bool:
    """Whether a telephone system has told of any call."""
    with house.database.reading() as connection:
        return connection.execute(select(calls.c.id).limit(1)).first() is not None


def _has_inbound(house: House, now: datetime) -> bool:
    """Whether anything ever came in by mail and the like."""
    return has_inbound(house)


def _intake(words: Said, icon: str) -> Signpost:
    return Signpost("/intake", words, icon, who=_receives, where=_taken_in)


#: Where staff take in a caller or a visitor.
INTAKE = _intake(Said("登记", "Take in"), "plus")
#: Where the search box of the staff's head asks; ``q`` is what is sought.
SEARCH = "/issues"
SAVED = Said("常用筛选", "Saved views")

RAIL = (
    RailGroup(
        Said("我的工作", "My work"),
        (
            Signpost("/issues?mine=true", Said("待我办理", "Waiting for me"), "inbox", count="mine", hot=True),
            Signpost("/issues?news=true", Said("有新情况", "News"), "bell", count="news", hot=True),
            Signpost("/issues?followed=true", Said("我关注的", "I follow"), "eye", count="followed"),
            Signpost("/issues?drafts=true", Said("草稿", "Drafts"), "file-pen", count="drafts"),
            Signpost("/my/calendar", Said("我的日程", "My calendar"), "calendar-days"),
        ),
    ),
    RailGroup(
        Said("本站事项", "Issues"),
        (
            Signpost("/issues?status=open&cared_for=true", Said("全部在办", "All in hand"), "layers", count="open"),
            Signpost(
                "/issues?due=soon&cared_for=true", Said("三天内到期", "Due in three days"), "hourglass", _CARE, "soon"
            ),
            Signpost(
                "/issues?due=overdue&cared_for=true",
                Said("已逾期", "Overdue"),
                "alarm-clock",
                _CARE,
                "overdue",
                hot=True,
            ),
            Signpost(
                "/issues?blocked=true&cared_for=true", Said("受阻", "Stuck"), "octagon-alert", _CARE, "stuck", hot=True
            ),
        ),
    ),
    RailGroup(
        Said("值守", "At the desk"),
        (
            _intake(Said("登记台", "Intake desk"), "headset"),
            Signpost("/calls", Said("来电", "Telephone calls"), "phone-call", "see calls", where=_has_calls),
            Signpost("/tray", Said("来件", "What came in"), "mail", "keep tray", count="tray", where=_has_inbound),
            Signpost("/phone-list", Said("待电话告知", "To be told by phone"), "phone-call", _CARE),
            Signpost("/duty", Said("值班和接访", "On duty"), "calendar-clock"),
        ),
    ),
    RailGroup(
        Said("台账和数据", "Registers and figures"),
        (
            Signpost("/stations", Said("联络站", "Stations"), "map"),
            Signpost("/register", Said("联络站台账", "Register"), "book-user", "read register"),
            Signpost("/files", Said("一人一册", "Deputies' files"), "book-user"),
            Signpost("/papers", Said("文书", "Papers"), "file-text", "make papers"),
            Signpost("/figures", Said("数据", "Figures"), "chart-column", "read figures"),
            Signpost("/reports", Said("月报和年报", "Reports"), "file-text", "read figures"),
            Signpost("/board", Said("期限看板", "Deadlines"), "clock", _CARE),
            Signpost("/incidents", Said("出错待处理", "Incidents"), "circle-alert", "put right incidents"),
            Signpost("/undelivered", Said("未送达的消息", "Undelivered"), "mail", "put right incidents"),
            Signpost(f"{BASE}/", Said("Prefect 运行", "Prefect"), "play", "open console"),
            Signpost("/assessment", Said("年度考核", "Assessment"), "star", "keep assessment"),
            Signpost("/plans", Said("计划", "Plans"), "list-checks", "keep plans"),
            Signpost("/posters", Said("二维码和海报", "Codes and posters"), "qr-code", "make posters"),
            Signpost("/cases", Said("公开案例", "Public cases"), "megaphone"),
            Signpost("/open", Said("公开台账", "Public registers"), "book-user", "open registers"),
        ),
    ),
    RailGroup(
        Said("管理", "Administration"),
        (
            Signpost("/editor", Said("办理流程", "Processes"), "workflow", "write processes"),
            Signpost("/papers/templates", Said("文书模板", "Templates of papers"), "file-pen", "keep papers"),
            Signpost("/register/import", Said("名册导入导出", "Import and export"), "sheet", "import register"),
            Signpost("/records/import", Said("旧台账导入", "Earlier records"), "inbox", "take over records"),
            Signpost("/proposals", Said("提请和批准", "Proposals"), "handshake", "see proposals"),
            Signpost("/rights", Said("权限", "Rights"), "shield-check", "see rights"),
            Signpost("/privacy", Said("个人信息", "Personal data"), "lock", "keep privacy"),
            Signpost("/audit", Said("审计日志", "Audit log"), "history", "read audit"),
            Signpost("/accounts", Said("账号", "Accounts"), "user-round-cog", "invite people"),
            Signpost("/migrations", Said("迁移在办事项", "Moving issues"), "move-right", "move issues"),
            Signpost("/subscriptions", Said("对外推送", "Webhooks"), "webhook", "keep subscriptions"),
            Signpost("/keys", Said("接口密钥", "Keys of the API"), "shield-check", "keep keys"),
            Signpost("/channels", Said("渠道", "Ways in"), "inbox", "keep channels"),
            Signpost("/connections", Said("外部系统", "Other systems"), "plug", "keep connections"),
            Signpost("/messages/defaults", Said("消息规则", "How people are told"), "bell", "keep house"),
            Signpost("/senders", Said("发送账号", "Senders"), "mail", "keep connections"),
            Signpost("/backups", Said("备份", "Backups"), "save", "keep house"),
            Signpost("/welcome", Said("本单位", "The office"), "sliders-horizontal", "keep house"),
        ),
    ),
)

#: What staff have at the foot of a phone, beside the menu of everything.
DESK_TABS = (
    Signpost("/issues?mine=true", Said("待办", "To do"), "inbox", count="mine", hot=True),
    Signpost("/issues?status=open&cared_for=true", Said("在办", "In hand"), "layers"),
    _intake(Said("登记", "Take in"), "headset"),
    Signpost("/duty", Said("值班", "On duty"), "calendar-clock"),
)
#: Where that menu is: the rail, within the page.
MENU = "menu"

_HOME = Signpost("/", Said("首页", "Home"), "house")
_TASKS = Signpost("/tasks", Said("待办", "To do"), "inbox", count="mine")
_ISSUES = Signpost("/issues", Said("事项", "Issues"), "layers")

PUBLIC = (
    _HOME,
    Signpost("/report", Said("我要反映", "Report"), "square-pen"),
    Signpost("/follow", Said("查进度", "Follow"), "search"),
    Signpost("/cases", Said("公开案例", "Cases"), "megaphone"),
)
PARTICIPANT = (
    _TASKS,
    _ISSUES,
    Signpost("/my/duties", Said("值班", "Duties"), "calendar-clock", who=lambda person: person.kind == "deputy"),
    Signpost("/files", Said("一人一册", "My file"), "book-user", who=lambda person: person.kind == "deputy"),
    Signpost("/my/assessment", Said("我的考核", "My points"), "star", who=lambda person: person.kind == "deputy"),
    Signpost("/report", Said("反映", "Report"), "square-pen"),
    _HOME,
)


def shell_of(person: Viewer | None) -> Shell:
    """In which shell somebody's pages stand."""
    if person is None or person.kind == "citizen":
        return "public"
    at_desk = person.kind in _DESK or person.staff or bool(person.entitlement.grants)
    return "staff" if at_desk else "participant"


def rail_of(house: House, person: Viewer, now: datetime) -> tuple[RailGroup, ...]:
    """The groups of a person's rail, without what they may not see."""
    shown = (RailGroup(group.words, _shown(group.places, house, person, now)) for group in RAIL)
    return tuple(group for group in shown if group.places)


def _shown(places: tuple[Signpost, ...], house: House, person: Viewer, now: datetime) -> tuple[Signpost, ...]:
    return tuple(one for one in places if one.shown_to(house, person, now))


def menu_of(house: House, person: Viewer | None, now: datetime) -> tuple[Signpost, ...]:
    """The menu of everybody who is not staff; on a phone it is the bar of tabs, which staff have there too."""
    if person is None or person.kind == "citizen":
        return PUBLIC
    if shell_of(person) == "staff":
        return _shown(DESK_TABS, house, person, now)
    return _shown(PARTICIPANT, house, person, now)[:5]
