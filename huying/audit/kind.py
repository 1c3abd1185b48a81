"""All that the audit log knows to tell, a line each, by subject; nothing else is ever written into it."""

from __future__ import annotations

from dataclasses import dataclass

from definitions.text import Said


@dataclass(frozen=True, slots=True)
class AuditKind:
    """What can happen, in words. ``sensitive``: somebody saw or took out what is private of others."""

    key: str
    title: Said
    sensitive: bool = False


SUBJECTS: tuple[tuple[Said, tuple[AuditKind, ...]], ...] = (
    (
        Said("登录和账号", "Log-ins and accounts"),
        (
            AuditKind("signed-in", Said("登录", "logged in")),
            AuditKind("sign-in-refused", Said("登录失败", "log-in refused")),
            AuditKind("sign-in-braked", Said("登录次数过多被拦", "log-in stopped after too many tries")),
            AuditKind("signed-out", Said("退出登录", "logged out")),
            AuditKind("session-ended", Said("结束一次登录", "ended a log-in")),
            AuditKind("everybody-signed-out", Said("退出所有人的登录", "signed everybody out")),
            AuditKind("second-factor-passed", Said("通过第二重验证", "showed the second factor")),
            AuditKind("second-factor-refused", Said("第二重验证失败", "second factor refused")),
            AuditKind("second-factor-set", Said("设置第二重验证", "set up a second factor")),
            AuditKind("second-factor-taken-off", Said("取消第二重验证", "took off a second factor")),
            AuditKind("recovery-code-used", Said("使用恢复码", "used a recovery code")),
            AuditKind("passkey-added", Said("添加通行密钥", "added a passkey")),
            AuditKind("passkey-removed", Said("删除通行密钥", "removed a passkey")),
            AuditKind("passkey-refused", Said("通行密钥未通过", "passkey refused")),
            AuditKind("passkey-counted-back", Said("通行密钥计数倒退", "a passkey counted backwards")),
            AuditKind("provider-bound", Said("绑定统一身份", "bound an identity")),
            AuditKind("provider-unbound", Said("解除统一身份", "unbound an identity")),
            AuditKind("provider-refused", Said("统一身份未通过", "identity refused")),
            AuditKind("link-made", Said("发出登录链接", "made a log-in link")),
            AuditKind("link-used", Said("使用登录链接", "used a log-in link")),
            AuditKind("link-refused", Said("登录链接失效", "log-in link refused")),
            AuditKind("link-ended", Said("收回登录链接", "took back a log-in link")),
            AuditKind("passphrase-set", Said("设置口令", "set a passphrase")),
            AuditKind("passphrase-refused", Said("口令未接受", "passphrase refused")),
            AuditKind("key-made", Said("生成接口密钥", "made an API key")),
            AuditKind("key-agreed", Said("同意接口密钥", "agreed to an API key")),
            AuditKind("key-ended", Said("停用接口密钥", "ended an API key")),
            AuditKind("key-refused", Said("接口密钥未通过", "API key refused")),
            AuditKind("account-disabled", Said("停用账号", "disabled an account")),
            AuditKind("account-enabled", Said("恢复账号", "enabled an account")),
        ),
    ),
    (
        Said("来件", "What came in"),
        (
            AuditKind("message-read", Said("查看来件", "read a message"), sensitive=True),
            AuditKind("message-attached", Said("来件归入事项", "made a message part of an issue")),
            AuditKind("message-opened", Said("来件登记为事项", "took a message in as a matter")),
            AuditKind("message-ignored", Said("来件不受理", "ignored a message")),
            AuditKind("message-returned", Said("来件放回待处理", "put a message back")),
            AuditKind("message-handed", Said("来件转交站点", "handed a message to a station")),
            AuditKind("sender-blocked", Said("不再接收发件人", "blocked a sender")),
            AuditKind("sender-unblocked", Said("恢复接收发件人", "unblocked a sender")),
            AuditKind("bounce-confirmed", Said("确认退信", "confirmed that a mail came back")),
        ),
    ),
    (
        Said("个人信息", "Personal data"),
        (
            AuditKind("private-shown", Said("查看个人信息", "looked at personal data"), sensitive=True),
            AuditKind("private-searched", Said("按个人信息检索", "searched by personal data"), sensitive=True),
            AuditKind("file-read", Said("查看一人一册", "read a deputy's file"), sensitive=True),
            AuditKind("file-exported", Said("导出一人一册", "took out a deputy's file"), sensitive=True),
            AuditKind("attachment-opened", Said("打开附件", "opened an attachment"), sensitive=True),
            AuditKind("people-joined", Said("合并同一居民", "joined residents who are one person")),
            AuditKind("people-parted", Said("分开居民", "parted residents")),
            AuditKind("recording-opened", Said("调听录音", "opened the recording of a call"), sensitive=True),
            AuditKind("contact-shown", Said("查看联系方式", "looked at contact data"), sensitive=True),
            AuditKind("public-register", Said("开放、关闭公开台账", "opened or closed a public register")),
            AuditKind("case-withdrawn", Said("撤下公开案例", "withdrew a public case")),
        ),
    ),
    (
        Said("导出和打印", "Exports and prints"),
        (
            AuditKind("register-exported", Said("导出名册", "exported the register"), sensitive=True),
            AuditKind("list-exported", Said("导出清单", "exported a list"), sensitive=True),
            AuditKind("history-exported", Said("导出办理记录", "exported histories"), sensitive=True),
            AuditKind("phones-exported", Said("导出通讯录", "exported the telephone list"), sensitive=True),
            AuditKind("slips-printed", Said("打印登录纸条", "printed log-in slips"), sensitive=True),
            AuditKind("paper-made", Said("出具文书", "made a paper")),
            AuditKind("paper-opened", Said("取阅文书", "took out a paper"), sensitive=True),
            AuditKind("paper-voided", Said("文书作废", "voided a paper")),
            AuditKind("audit-exported", Said("导出审计日志", "exported the audit log"), sensitive=True),
        ),
    ),
    (
        Said("名册和权限", "Register and rights"),
        (
            AuditKind("register-changed", Said("修改名册", "changed the register")),
            AuditKind("register-imported", Said("导入名册", "imported the register")),
            AuditKind("records-imported", Said("导入旧台账", "took over earlier records")),
            AuditKind("records-undone", Said("撤回旧台账导入", "took an import of records back")),
            AuditKind("register-undone", Said("撤销名册变更", "took back a change of the register")),
            AuditKind("grant-given", Said("授予权限", "gave a grant")),
            AuditKind("grant-ended", Said("收回权限", "ended a grant")),
            AuditKind("proposal-made", Said("提请批准", "made a proposal")),
            AuditKind("proposal-decided", Said("批准或驳回", "decided on a proposal")),
        ),
    ),
    (
        Said("设置和流程", "Settings and processes"),
        (
            AuditKind("settings-changed", Said("修改设置", "changed settings")),
            AuditKind("posters-made", Said("制作二维码", "made codes for posters")),
            AuditKind("posters-ended", Said("停用二维码", "ended codes of posters")),
            AuditKind("channel-published", Said("调整渠道", "changed a way in")),
            AuditKind("connection-changed", Said("修改外部系统", "changed a connection")),
            AuditKind("subscription-changed", Said("修改对外推送", "changed a webhook")),
            AuditKind("definition-published", Said("发布流程", "published a process")),
            AuditKind("definition-withdrawn", Said("撤回流程", "withdrew a process")),
            AuditKind("definition-rolled-back", Said("流程退回上一版", "went back to an earlier version")),
            AuditKind("override-published", Said("发布地方变通", "published an override")),
            AuditKind("paper-published", Said("发布文书模板", "published the template of a paper")),
            AuditKind("calendar-published", Said("发布日历", "published a calendar")),
            AuditKind("migration-begun", Said("迁移在办事项", "moved running issues")),
            AuditKind("console-used", Said("控制台操作", "pressed a button of the console")),
        ),
    ),
    (
        Said("报告", "Reports"),
        (
            AuditKind("report-issued", Said("印发报告", "issued a report")),
            AuditKind("report-amended", Said("更正报告", "corrected a report")),
            AuditKind("stations-rated", Said("评定站点星级", "rated stations")),
        ),
    ),
    (
        Said("保管", "Keeping"),
        (
            AuditKind("file-infected", Said("附件查出病毒", "found a virus in a file")),
            AuditKind("backup-made", Said("备份", "made a backup")),
            AuditKind("backup-failed", Said("备份没有成功", "failed to make a backup")),
            AuditKind("backup-removed", Said("清理备份", "deleted old backups")),
            AuditKind("restored", Said("恢复备份", "restored a backup")),
            AuditKind("restore-released", Said("放行恢复后的消息", "released what waited after a restore")),
            AuditKind("verified", Said("核对", "verified the house")),
            AuditKind("keys-made", Said("生成密钥", "made keys")),
            AuditKind("keys-rotated", Said("更换密钥", "rotated keys")),
            AuditKind("keys-exported", Said("导出密钥", "exported keys")),
            AuditKind("head-handed-out", Said("送出每日摘要", "handed out the day's head")),
            AuditKind("data-erased", Said("删除个人信息", "erased personal data")),
            AuditKind("sender-kept", Said("改发送账号", "changed a sender")),
            AuditKind("message-defaults-set", Said("改消息规则", "changed how people are told")),
            AuditKind("messages-resent", Said("重发消息", "sent messages again")),
            AuditKind("data-corrected", Said("更正个人信息", "corrected personal data")),
            AuditKind("data-handed-out", Said("提供个人信息副本", "handed out a copy of personal data")),
            AuditKind("retention-changed", Said("修改保存期限", "changed how long something is kept")),
            AuditKind("hold-changed", Said("设置或解除保全", "put or lifted a hold")),
            AuditKind("audit-removed", Said("清理审计日志", "removed old lines of the audit log")),
        ),
    ),
)
KINDS: dict[str, AuditKind] = {one.key: one for _, all_of_it in SUBJECTS for one in all_of_it}
