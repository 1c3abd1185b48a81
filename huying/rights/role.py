"""The seven roles that can be granted: fixed sets, so that a name means the same in every house."""

from __future__ import annotations

from dataclasses import dataclass

from definitions.text import Said


@dataclass(frozen=True, slots=True)
class HouseRole:
    """A role, what it is called, and what it is for.

    ``bounded``: it can be granted for an area or a station too; the others hold in the whole house alone. ``alone``: whoever holds it holds no
    other. ``guarded``: to grant it takes two, where the office says so. ``kept``: somebody must always hold it in the whole house.
    """

    key: str
    title: Said
    purpose: Said
    bounded: bool = False
    alone: bool = False
    guarded: bool = False
    kept: bool = False


_ALL = (
    HouseRole(
        "registrar",
        Said("名册管理员", "Registrar"),
        Said(
            "维护站点、人员、任职、值班和请假；邀请人员。",
            "Keeps stations, people, memberships, rota and absences; invites people.",
        ),
        bounded=True,
        kept=True,
    ),
    HouseRole(
        "editor",
        Said("流程编辑", "Process editor"),
        Said("起草、试走流程，提请发布。", "Writes and rehearses processes, and proposes to publish them."),
    ),
    HouseRole(
        "publisher",
        Said("发布人", "Publisher"),
        Said(
            "发布、撤回流程，批准他人提请的发布。",
            "Publishes and withdraws processes, and approves what others propose.",
        ),
        guarded=True,
    ),
    HouseRole(
        "supervisor",
        Said("督办人", "Supervisor"),
        Said(
            "督办范围内的事项：查看、改派、暂停、撤销、处理出错。",
            "Looks after the issues of the scope: sees, moves, suspends and cancels them, puts right what failed.",
        ),
        bounded=True,
    ),
    HouseRole(
        "auditor",
        Said("审计员", "Auditor"),
        Said(
            "查看审计日志、谁有什么权限、谁提请和批准了什么；不改任何东西，也不兼其他权限。",
            "Reads the audit log, who may do what, who proposed and who approved; changes nothing, and holds nothing else.",
        ),
        alone=True,
        guarded=True,
    ),
    HouseRole(
        "privacy",
        Said("个人信息保护负责人", "Privacy officer"),
        Said(
            "查看审计日志和谁能看到个人信息；管理保存期限、保全、删除和查阅请求；带手机、邮箱导出名册。",
            "Reads the audit log and who can see personal data; keeps how long it is kept, holds, erasing and requests; "
            "takes out the register with phones and mail.",
        ),
        guarded=True,
    ),
    HouseRole(
        "system",
        Said("系统管理员", "System administrator"),
        Said(
            "管理外部系统、对外推送和权限；不因此看到事项。",
            "Keeps other systems, webhooks and grants; sees no issues by this.",
        ),
        guarded=True,
        kept=True,
    ),
)
ROLES: dict[str, HouseRole] = {role.key: role for role in _ALL}
#: What the first administrator of a house holds, and whoever was of the kind ``administrator`` before there were grants.
FOUNDING = ("registrar", "editor", "publisher", "system")
