"""What the house holds of people, table by table: whose it is, what is given to whoever asks for a copy, and why some of it is not.

A table that refers to a person or an issue stands here, or a test says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from definitions.text import Said

_ISSUE = Said("事项的办理情况，按事项另列", "how issues went stands with the issues")
_WORK = Said("系统自己运行要用的记录，不含人写的内容", "what the system keeps to run; nothing that people wrote")
_SECRET = Said("登录凭证，给出副本会使账号不安全", "credentials: a copy would make the account unsafe")
_OFFICE = Said("本单位的内部管理记录，只涉及经手人", "the office's own records, which name whoever did something")


@dataclass(frozen=True, slots=True)
class Holding:
    """A table in which something of people stands. ``person``: the columns that name them by id, ``party`` the one that does by reference,
    ``issue`` those that name an issue.

    ``without``: columns that are not given (secrets, and what is about others). ``why``: the reason, if nothing of it is given as rows.
    """

    table: str
    title: Said
    person: tuple[str, ...] = ()
    party: str = ""
    issue: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    why: Said | None = None

    @property
    def given(self) -> bool:
        """Whether its rows stand in a copy."""
        return self.why is None


_P = ("participant_id",)
HOLDINGS: tuple[Holding, ...] = (
    Holding("participant", Said("本人", "The person"), ("id",), without=("passphrase_hash", "phone_index")),
    Holding(
        "address",
        Said("收消息的地址", "Addresses for messages"),
        _P,
        without=("secret", "target_index", "code_hash", "code_until", "code_tries"),
    ),
    Holding("preference", Said("怎样收到消息", "How they want to be told"), _P),
    Holding("quiet_hours", Said("免打扰时段", "Quiet hours"), _P),
    Holding("call", Said("来电", "Telephone calls"), ("agent_id", "taken_by_id"), issue=("issue_id",), why=_OFFICE),
    Holding(
        "person_join",
        Said("与谁是同一人", "Who is one person with whom"),
        ("kept_id", "joined_id", "by_id", "parted_by_id"),
        without=("reason", "part_reason"),
    ),
    Holding(
        "inbound_message",
        Said("来件", "What they sent in"),
        ("participant_id",),
        issue=("issue_id",),
        without=(
            "key",
            "sender_index",
            "recipients",
            "raw",
            "suggestion",
            "why",
            "definition",
            "tries",
            "available_at",
            "settled_by",
        ),
    ),
    Holding(
        "blocked_sender", Said("不再接收的发件人", "Blocked senders"), ("blocked_by_id", "lifted_by_id"), why=_OFFICE
    ),
    Holding("account", Said("账号", "Account"), _P),
    Holding("identity", Said("统一身份", "Identities elsewhere"), _P),
    Holding("session", Said("登录", "Log-ins"), _P, without=("token_hash",)),
    Holding(
        "credential_link", Said("登录链接", "Log-in links"), ("participant_id", "made_by_id"), without=("token_hash",)
    ),
    Holding("passkey", Said("通行密钥", "Passkeys"), _P, without=("credential", "public_key", "handle")),
    Holding("passkey_challenge", Said("登录中的验证", "Log-ins under way"), _P, why=_SECRET),
    Holding("second_factor", Said("第二重验证", "Second factors"), _P, without=("secret", "last_step")),
    Holding(
        "api_key",
        Said("接口密钥", "API keys"),
        ("participant_id", "made_by_id", "ended_by_id"),
        without=("secret_hash",),
    ),
    Holding("calendar_feed", Said("日程订阅", "Calendar addresses"), _P, without=("token_hash",)),
    Holding(
        "action_link", Said("消息里的办理链接", "Links in messages"), _P, issue=("issue_id",), without=("token_hash",)
    ),
    Holding("membership", Said("任职", "Memberships"), _P),
    Holding("noticed_membership", Said("任职（系统已处理的）", "Memberships that the system knows"), _P, why=_WORK),
    Holding(
        "successor",
        Said("接手的任务", "Tasks that are to be taken over"),
        ("participant_id", "leaver_id", "by_id"),
        issue=("issue_id",),
        why=_WORK,
    ),
    Holding("mandate", Said("代表资格", "Mandates"), _P),
    Holding("participant_code", Said("行业和职责", "Industries and competences"), _P),
    Holding(
        "role_grant",
        Said("权限", "Grants"),
        ("participant_id", "made_by_id", "approved_by_id", "ended_by_id"),
    ),
    Holding("absence", Said("请假", "Absences"), ("participant_id", "substitute_id")),
    Holding("duty", Said("每周值班", "Weekly duties"), _P),
    Holding("dated_duty", Said("值班", "Duties"), ("participant_id", "changed_by_id")),
    Holding("duty_swap", Said("调班", "Swaps"), ("asked_by_id", "to_id")),
    Holding("saved_view", Said("常用筛选", "Saved views"), ("owner_id",)),
    Holding("private_search", Said("按个人信息检索", "Searches by personal data"), _P),
    Holding("audit", Said("审计日志", "Audit log"), ("by_id", "about_id", "on_behalf_id")),
    Holding(
        "data_request",
        Said("个人信息申请", "Requests about personal data"),
        ("participant_id", "by_id", "answered_by_id"),
        issue=("issue_id",),
    ),
    Holding("data_code", Said("验证码", "Codes"), _P, why=_SECRET),
    Holding(
        "issue",
        Said("反映的事项", "Issues"),
        ("reporter_id", "answerable_id"),
        without=(
            "data_key",
            "follow_code",
            "state",
            "last_hash",
            "shown_as",
            "run_id",
            "shown_version",
            "filed_version",
            "shown_until",
            "version",
        ),
    ),
    Holding("consent", Said("告知和同意", "Notices and consent"), issue=("issue_id",), why=_ISSUE),
    Holding(
        "history",
        Said("本人在事项里办的", "What they did in issues"),
        ("actor_id",),
        issue=("issue_id",),
        without=("changes", "request_key", "previous_hash", "hash"),
    ),
    Holding("work_item", Said("任务", "Tasks"), ("owner_id",), issue=("issue_id",)),
    Holding("candidate", Said("可以办的任务", "Tasks that they might do"), party="party", issue=("issue_id",)),
    Holding("assignment", Said("轮派记录", "When it was their turn"), party="party"),
    Holding("promise", Said("承诺", "Promises"), party="party", issue=("issue_id",)),
    Holding(
        "involvement",
        Said("关注和督办的事项", "Issues followed and supervised"),
        party="party",
        issue=("issue_id",),
        without=("follow_code", "request_key"),
    ),
    Holding("attention", Said("关注", "What they look after"), _P, issue=("issue_id",)),
    Holding("form_draft", Said("草稿", "Drafts"), _P, issue=("issue_id",)),
    Holding("file_entry", Said("一人一册", "Entries of a file"), _P, issue=("issue_id",)),
    Holding("file_line", Said("一人一册的行", "Lines of a file"), _P, issue=("issue_id",), why=_WORK),
    Holding(
        "file_deed",
        Said("一人一册的填写和核实", "What was entered and confirmed in a file"),
        ("participant_id", "by_id"),
        without=("request_key",),
    ),
    Holding("score_result", Said("考核积分", "Points of assessments"), _P, issue=("issue_id",)),
    Holding(
        "delivery",
        Said("发给本人的消息", "Messages to them"),
        _P,
        issue=("issue_id",),
        without=(
            *("instead_of", "html", "trace", "template_version", "target_index", "fields"),
            "by_channel",
            "wait_until",
        ),
    ),
    Holding("register_change", Said("名册里的变更", "Changes in the register"), ("person_id",)),
    Holding(
        "hold",
        Said("保全", "Holds"),
        ("participant_id", "placed_by_id", "lifted_by_id"),
        issue=("issue_id",),
        why=Said("诉讼、审计等事项的内部记录", "internal records of law suits and audits"),
    ),
    Holding("search_party", Said("检索索引", "Index of the search"), party="party", issue=("issue_id",), why=_WORK),
    Holding("search_reader", Said("谁能检索到", "Who finds it"), party="party", issue=("issue_id",), why=_WORK),
    Holding("search_due", Said("待更新的检索索引", "What the search is to read"), issue=("issue_id",), why=_WORK),
    Holding("incident", Said("出错记录", "Incidents"), ("closed_by_id",), issue=("issue_id",), why=_OFFICE),
    Holding("event_delivery", Said("对外推送", "Told to other systems"), issue=("issue_id",), why=_WORK),
    Holding("outbox", Said("系统动作", "What the system is to carry out"), issue=("issue_id",), why=_WORK),
    Holding("timer", Said("到期提醒", "Timers"), issue=("issue_id",), why=_WORK),
    Holding("booking", Said("预订", "Bookings"), issue=("issue_id",), why=_ISSUE),
    Holding("given_number", Said("编号", "Numbers"), issue=("issue_id",), why=_ISSUE),
    Holding("paper", Said("文书", "Papers"), ("made_by_id", "voided_by_id"), issue=("issue_id",), why=_ISSUE),
    Holding(
        "issue_link", Said("事项之间的关联", "Issues that belong together"), issue=("issue_id", "other_id"), why=_ISSUE
    ),
    Holding(
        "publication",
        Said("公开案例", "Published cases"),
        ("withdrawn_by_id",),
        issue=("issue_id", "about_id"),
        why=Said("已经公开，不含个人信息", "public, and without personal data"),
    ),
    Holding("tally", Said("数据用的计数", "What figures count"), issue=("issue_id",), why=_WORK),
    Holding("public_register", Said("公开台账", "Public registers"), ("changed_by_id",), why=_OFFICE),
    Holding("unique_value", Said("不重复的值", "Values that stand once"), issue=("issue_id",), why=_WORK),
    Holding("plan_occurrence", Said("计划", "Plans"), issue=("issue_id",), why=_WORK),
    Holding("process_migration_issue", Said("迁移的事项", "Issues that were moved"), issue=("issue_id",), why=_WORK),
    Holding("process_migration", Said("迁移", "Migrations"), ("asked_by_id",), why=_OFFICE),
    Holding("proposal", Said("提请和批准", "Proposals"), ("proposed_by_id", "decided_by_id"), why=_OFFICE),
    Holding("four_eyes", Said("两人规则", "Rule of two"), ("changed_by_id",), why=_OFFICE),
    Holding("frozen_report", Said("月报和年报", "Reports"), ("issued_by_id",), why=_OFFICE),
    Holding("report_amendment", Said("报告的更正", "Corrections of reports"), ("made_by_id",), why=_OFFICE),
    Holding("register_deed", Said("名册的经手记录", "Who changed the register"), ("by_id",), why=_OFFICE),
    Holding("register_import", Said("名册导入", "Imports of the register"), ("by_id",), why=_OFFICE),
    Holding("legacy_import", Said("旧台账导入", "Imports of earlier records"), ("by_id",), why=_OFFICE),
    Holding("legacy_matter", Said("从旧台账承接的事项", "Matters taken over"), issue=("issue_id",), why=_OFFICE),
    Holding("restoration", Said("从备份恢复", "Restorations"), ("released_by_id",), why=_OFFICE),
    Holding("retention_rule", Said("保存期限的规定", "Rules of keeping"), ("set_by_id",), why=_OFFICE),
    Holding("erasure", Said("删除批次", "Erasures"), ("proposed_by_id",), why=_OFFICE),
    Holding("station_have", Said("站点九有", "What stations have"), ("confirmed_by_id",), why=_OFFICE),
    Holding("have_claim", Said("站点条件填报", "Claims of stations"), ("entered_by_id", "checked_by_id"), why=_OFFICE),
    Holding("short_link", Said("二维码", "Codes on posters"), ("made_by_id", "ended_by_id"), why=_OFFICE),
    Holding("station_standard", Said("站点标准", "Standards of stations"), ("written_by_id",), why=_OFFICE),
)
BY_TABLE = {one.table: one for one in HOLDINGS}
