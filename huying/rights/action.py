"""All that can be asked for beside what is one's own: one line each. A route names one of these, or says that it is public or one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from definitions.text import Said

#: By where one serves: as clerk or head of a station; in the office that looks after the whole house.
Duty = Literal["staff", "office"]


@dataclass(frozen=True, slots=True)
class HouseAction:
    """Something that can be done, in words; the roles to which it belongs, and the duties that bring it along without a grant.

    ``whole``: it cannot be bounded; a grant for an area or a station does not bring it along.
    """

    key: str
    title: Said
    roles: tuple[str, ...] = ()
    duties: tuple[Duty, ...] = ()
    whole: bool = False


_STAFF: tuple[Duty, ...] = ("staff", "office")
#: By what they are about, in the order in which pages show them.
SUBJECTS: tuple[tuple[Said, tuple[HouseAction, ...]], ...] = (
    (
        Said("事项", "Issues"),
        (
            HouseAction("look after issues", Said("照管事项", "look after issues"), ("supervisor",), _STAFF),
            HouseAction(
                "see who sees issues",
                Said("查看谁能看到事项", "see who sees an issue"),
                ("supervisor", "privacy"),
                _STAFF,
            ),
            HouseAction("see calls", Said("查看来电", "see telephone calls"), ("supervisor",), _STAFF),
            HouseAction(
                "join people",
                Said("合并、分开同一居民", "join residents who are one person, and part them"),
                (),
                _STAFF,
            ),
            HouseAction("keep tray", Said("处理来件", "decide on what came in"), ("supervisor",), _STAFF),
            HouseAction("hear recordings", Said("调听来电录音", "hear recordings of calls"), (), ("office",)),
            HouseAction("put right incidents", Said("处理出错", "put right what failed"), ("supervisor",), _STAFF),
            HouseAction("read figures", Said("查看数据和报告", "read figures and reports"), ("supervisor",), _STAFF),
            HouseAction(
                "issue reports",
                Said("印发、更正月报和年报", "issue and correct reports"),
                ("supervisor",),
                ("office",),
                whole=True,
            ),
            HouseAction("export lists", Said("导出清单", "export lists"), ("supervisor",), _STAFF),
            HouseAction("make posters", Said("制作二维码和海报", "make codes and posters"), ("registrar",), _STAFF),
            HouseAction("make papers", Said("出具文书", "make papers"), ("supervisor",), _STAFF),
            HouseAction("withdraw cases", Said("撤下公开案例", "take published cases back"), (), ("office",)),
            HouseAction(
                "open console",
                Said("打开运行控制台", "open the console"),
                ("supervisor", "system"),
                ("office",),
                whole=True,
            ),
        ),
    ),
    (
        Said("名册和日程", "Register and calendar"),
        (
            HouseAction(
                "read register", Said("查看本站名册", "read the register of one's stations"), ("registrar",), _STAFF
            ),
            HouseAction("keep register", Said("维护名册", "keep the register"), ("registrar",)),
            HouseAction(
                "keep whole register",
                Said("维护全机构名册、换届、撤销变更", "keep the whole register: new terms, taking changes back"),
                ("registrar",),
                whole=True,
            ),
            HouseAction("invite people", Said("邀请人员、重设登录", "invite people, reset log-ins"), ("registrar",)),
            HouseAction(
                "import register", Said("导入导出名册", "import and export the register"), ("registrar",), whole=True
            ),
            HouseAction(
                "take over records", Said("导入旧台账", "take over earlier records"), ("registrar",), whole=True
            ),
            HouseAction(
                "export private register",
                Said("带手机、邮箱导出名册", "export the register with phones and mail"),
                ("privacy",),
                whole=True,
            ),
            HouseAction(
                "keep privacy",
                Said(
                    "管理个人信息：保存期限、保全、删除、查阅请求",
                    "keep personal data: how long, holds, erasing, requests",
                ),
                ("privacy",),
                whole=True,
            ),
            HouseAction("enter in files", Said("填写一人一册", "enter in deputies' files"), ("registrar",), _STAFF),
            HouseAction(
                "keep files",
                Said("核实一人一册、答复异议、封账", "keep deputies' files: confirm, answer, close"),
                ("registrar",),
                ("office",),
            ),
            HouseAction("claim haves", Said("填报本站条件", "say what one's station has"), ("registrar",), ("staff",)),
            HouseAction(
                "check haves",
                Said("核定下级站点的条件", "check what stations below say that they have"),
                ("registrar",),
                ("office",),
            ),
            HouseAction(
                "open registers",
                Said("开放公开台账", "open registers to the public"),
                ("registrar",),
                ("office",),
                whole=True,
            ),
            HouseAction("keep rota", Said("调整值班", "change who is on duty"), ("registrar",), _STAFF),
            HouseAction("keep plans", Said("维护计划", "keep plans"), (), ("office",)),
            HouseAction(
                "keep assessment",
                Said("维护考核、查看全部积分", "keep assessments, see everybody's points"),
                (),
                ("office",),
            ),
            HouseAction("adopt scores", Said("启用计分表", "adopt scoring tables"), ("publisher",), ("office",)),
            HouseAction("keep calendars", Said("维护日历", "keep calendars"), (), ("office",)),
        ),
    ),
    (
        Said("流程", "Processes"),
        (
            HouseAction("read versions", Said("查看流程版本", "read versions"), ("editor", "publisher"), _STAFF),
            HouseAction("write processes", Said("起草流程", "write processes"), ("editor", "publisher")),
            HouseAction("publish processes", Said("发布、撤回流程", "publish and withdraw processes"), ("publisher",)),
            HouseAction("keep channels", Said("维护渠道", "keep ways in"), ("publisher",), ("office",)),
            HouseAction("keep papers", Said("维护文书模板", "keep the templates of papers"), ("publisher",)),
            HouseAction("move issues", Said("迁移在办事项", "move running issues to a version"), ("publisher",)),
        ),
    ),
    (
        Said("系统", "System"),
        (
            HouseAction("keep connections", Said("管理外部系统", "keep connections to other systems"), ("system",)),
            HouseAction("keep subscriptions", Said("管理对外推送", "keep webhooks"), ("system",)),
            HouseAction("keep keys", Said("管理接口密钥", "keep keys of the API"), ("system",)),
            HouseAction("steer runs", Said("操作系统运行", "press the buttons of the system's runs"), ("system",)),
            HouseAction("keep house", Said("管理本机构设置", "keep the settings of the house"), ("system",)),
            HouseAction(
                "give grants", Said("授予、收回权限", "give and end grants"), ("system", "registrar"), whole=True
            ),
            HouseAction(
                "give guarded grants",
                Said("授予发布、系统、审计等权限", "give guarded grants"),
                ("system",),
                whole=True,
            ),
            HouseAction(
                "see proposals",
                Said("查看提请和批准", "see proposals"),
                ("editor", "publisher", "auditor", "system"),
            ),
            HouseAction("read audit", Said("查看审计日志", "read the audit log"), ("auditor", "privacy"), whole=True),
            HouseAction(
                "see rights",
                Said("查看谁能做什么", "see who may do what"),
                ("system", "registrar", "auditor", "privacy"),
                whole=True,
            ),
        ),
    ),
)
ACTIONS: dict[str, HouseAction] = {action.key: action for _, actions in SUBJECTS for action in actions}
