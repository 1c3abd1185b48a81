"""What an office enters of its own gateway, most of which stands in the gateway's manual."""

from __future__ import annotations

from definitions.text import Said
from notifications.channels.sender_kind import AskedField

_NO, _YES = Said("否", "No"), Said("是", "Yes")
GATEWAY_ASKS = (
    AskedField(
        name="url",
        title=Said("接口地址", "Address"),
        hint=Said(
            "可以写 {phone}、{text}、{account}、{password}、{time}、{sign}、{key}。",
            "May hold {phone}, {text}, {account}, {password}, {time}, {sign}, {key}.",
        ),
        longest=1000,
    ),
    AskedField(
        name="method",
        title=Said("方法", "Method"),
        choices={"POST": Said("POST", "POST"), "GET": Said("GET", "GET")},
        usual="POST",
    ),
    AskedField(
        name="shape",
        title=Said("内容格式", "Body"),
        choices={"form": Said("表单", "Form"), "json": Said("JSON", "JSON"), "xml": Said("XML", "XML")},
        usual="form",
    ),
    AskedField(
        name="body",
        title=Said("内容模板", "Template of the body"),
        hint=Said(
            "例如 mobile={phone}&content={text}&sign={sign}；照网关手册的样例抄，把值换成 { }。",
            "Such as mobile={phone}&content={text}&sign={sign}: the manual's example with braces for its values.",
        ),
        required=False,
        longest=4000,
    ),
    AskedField(
        name="wording",
        title=Said("短信文字", "Wording"),
        hint=Said(
            "可以写 {subject}（标题）、{number}、{what}、{until}、{who}、{code}、{link}；网关报备过的文字照样抄。",
            "May hold {subject}, {number}, {what}, {until}, {who}, {code}, {link}; copy what was registered with the gateway.",
        ),
        required=False,
        usual="{subject}",
    ),
    AskedField(
        name="tail",
        title=Said("文末", "At the end"),
        hint=Said("例如“【鹭江人大】”。", "Such as the office's name in brackets."),
        required=False,
        longest=60,
    ),
    AskedField(
        name="charset",
        title=Said("字符集", "Charset"),
        hint=Said("收到的短信是乱码，就换一个。", "If messages arrive garbled, choose the other."),
        choices={"utf-8": Said("UTF-8", "UTF-8"), "gbk": Said("GBK", "GBK")},
        usual="utf-8",
    ),
    AskedField(name="account", title=Said("账号", "Account"), required=False),
    AskedField(name="password", title=Said("密码", "Password"), secret=True, required=False),
    AskedField(
        name="sign",
        title=Said("签名的原文", "What is signed"),
        hint=Said(
            "例如 {account}{password}{time}；网关不要签名就空着。",
            "Such as {account}{password}{time}; empty without a signature.",
        ),
        required=False,
    ),
    AskedField(
        name="digest",
        title=Said("签名的算法", "How it is signed"),
        choices={
            "md5": Said("MD5，小写", "MD5, small letters"),
            "md5-upper": Said("MD5，大写", "MD5, capitals"),
            "sha256": Said("SHA-256", "SHA-256"),
        },
        usual="md5",
    ),
    AskedField(
        name="basic",
        title=Said("用 Basic 认证", "Basic authentication"),
        choices={"no": _NO, "yes": _YES},
        usual="no",
    ),
    AskedField(
        name="success",
        title=Said("成功标志（正则）", "Sign of success (regular expression)"),
        hint=Said(
            "在答复里找；例如 <returnstatus>Success 或 ^0,。找不到就算没有受理。",
            "Looked for in the answer, such as <returnstatus>Success, or ^0,. Without it nothing was taken.",
        ),
    ),
    AskedField(
        name="nobody",
        title=Said("号码不对的标志（正则）", "Sign of a wrong number (regular expression)"),
        hint=Said(
            "找到了就不再重发，改用下一个地址。", "With it nothing is tried again, and the next address is used."
        ),
        required=False,
    ),
    AskedField(
        name="reference",
        title=Said("流水号（正则）", "Reference (regular expression)"),
        hint=Said("例如 <taskID>(.*?)</；回执靠它对上。", "Such as <taskID>(.*?)</; receipts are matched by it."),
        required=False,
    ),
)
