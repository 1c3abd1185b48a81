"""What messages are about, in words: for lists in which somebody chooses among occasions."""

from __future__ import annotations

from collections.abc import Mapping

from definitions.model.message_rule import EVENT_TITLES
from definitions.text import Said

#: Events of issues first, in the order of their life, then notices.
OCCASION_TITLES: Mapping[str, Said] = {
    **EVENT_TITLES,
    "digest": Said("汇总", "A digest"),
    "duty-announced": Said("值班预告", "A duty ahead"),
    "duty-changed": Said("值班变动", "A duty changed"),
    "duty-short": Said("值班缺人", "A duty without people"),
    "swap-asked": Said("请求换班", "A swap is asked for"),
    "swap-accepted": Said("换班已同意", "A swap was accepted"),
    "swap-refused": Said("换班被谢绝", "A swap was refused"),
    "swap-withdrawn": Said("换班已撤回", "A swap was withdrawn"),
    "falling-behind": Said("定额落后", "Behind a quota"),
    "webhook-stopped": Said("网络回调已停", "A webhook stopped"),
    "incident": Said("出错待处理", "An incident"),
    "invited": Said("邀请登录", "An invitation"),
    "passphrase-reset": Said("重设口令", "A new passphrase"),
    "guessed": Said("有人猜口令", "A guessed passphrase"),
    "passkey-added": Said("添加了通行密钥", "A passkey was added"),
    "passkey-removed": Said("删除了通行密钥", "A passkey was removed"),
    "second-factor-set": Said("设置了第二重验证", "A second factor was set up"),
    "second-factor-taken-off": Said("取消了第二重验证", "A second factor was taken off"),
    "recovery-used": Said("用了恢复码", "A recovery code was used"),
    "recovery-renewed": Said("换了恢复码", "New recovery codes"),
    "proposal-made": Said("待复核", "A proposal"),
    "proposal-decided": Said("复核结果", "A proposal was decided"),
    "done-alone": Said("一人办理的事项", "Done alone"),
    "grant-ends": Said("授权将到期", "A grant ends soon"),
    "have-checked": Said("站点条件已核对", "What a station has was checked"),
    "have-expires": Said("站点条件将到期", "What a station has ends soon"),
    "station-dormant": Said("站点停摆", "A dormant station"),
    "letter-received": Said("来信已收到", "A letter was received"),
    "data-code": Said("个人信息验证码", "A code for personal data"),
    "address-code": Said("地址验证码", "A code for an address"),
    "erasure-proposed": Said("待删个人信息", "An erasure is proposed"),
    "backup-missing": Said("备份出错", "A backup is missing"),
}
