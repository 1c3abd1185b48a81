"""The kinds of senders with what an office would enter, their stand-ins, and what their published codes mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from notifications import ANY, ApprovedTemplate, TemplateRegister, TemplateValue
from tests.notifications.platforms import (
    SECRET,
    Asked,
    StandIn,
    aliyun,
    dingtalk,
    feishu,
    gateway,
    official,
    tencent,
    wecom,
)

#: HTTP status, answer, and what it means: a status of ours, and at whom it lies.
Code = tuple[int, Any, str, str]


@dataclass(frozen=True, kw_only=True)
class ProviderCase:
    """A kind of sender. ``busy``: an answer of 200 that is a failure for now; ``stale``: what is said of a token that is over.

    ``text``: the text that somebody was sent, of at most ``most`` bytes.
    """

    kind: str
    answer: Callable[[StandIn, Asked], Any]
    fields: Mapping[str, str]
    secret: Mapping[str, str]
    target: str
    busy: Any
    stale: tuple[int, Any] | None = None
    repeats: bool = False
    knows_nobody: bool = True
    codes: Sequence[Code] = ()
    text: Callable[[Asked], str] | None = None
    most: int = 0
    templates: TemplateRegister | None = None

    def entered(self, url: str) -> dict[str, str]:
        """What an office would enter for a provider at this address."""
        place = {"url": f"{url}/send"} if self.kind == "sms-gateway" else {"base": url}
        return {**self.fields, **place}


def _errors(*several: tuple[int, str, str]) -> list[Code]:
    return [(200, {"errcode": code, "errmsg": "x"}, status, fault) for code, status, fault in several]


def _template(code: str, **ours: str) -> ApprovedTemplate:
    return ApprovedTemplate(
        code, tuple(TemplateValue(theirs=theirs.lstrip("_"), ours=value, longest=20) for theirs, value in ours.items())
    )


#: What an office had approved: for tasks in Chinese, and for all else.
REGISTER = TemplateRegister(
    {("task", "zh"): _template("T1", number="number", thing1="what"), (ANY, ANY): _template("T2", number="number")}
)
_NUMBERED = TemplateRegister({(ANY, ANY): _template("1110", _1="number", _2="what")})
_WECHAT = _errors(
    *(
        (-1, "temporary", ""),
        (45009, "temporary", "pace"),
        (45011, "temporary", "pace"),
        (40164, "temporary", "account"),
    ),
    *((40013, "temporary", "account"), (48001, "temporary", "account"), (40037, "temporary", "account")),
    *((45015, "permanent", ""), (45047, "permanent", ""), (43101, "permanent", ""), (47003, "permanent", "")),
    *((43004, "permanent", "address"), (40003, "permanent", "address"), (99999, "temporary", "")),
)


def _official(kind: str, fields: Mapping[str, str], **more: Any) -> ProviderCase:
    return ProviderCase(
        kind=kind,
        answer=official,
        fields={"app": "wx1", **fields},
        secret={"secret": SECRET},
        target="o1",
        busy={"errcode": 45009},
        stale=(200, {"errcode": 40001}),
        codes=_WECHAT,
        **more,
    )


_WECOM = _errors(
    *(
        (-1, "temporary", ""),
        (45009, "temporary", "pace"),
        (45033, "temporary", "pace"),
        (60020, "temporary", "account"),
    ),
    *((48002, "temporary", "account"), (40056, "temporary", "account"), (93000, "temporary", "account")),
    *(
        (45002, "permanent", ""),
        (81013, "permanent", "address"),
        (60111, "permanent", "address"),
        (99999, "temporary", ""),
    ),
)
_DINGTALK = _errors(
    *((-1, "temporary", ""), (90018, "temporary", "pace"), (130101, "temporary", "pace"), (90030, "temporary", "pace")),
    *((310000, "temporary", "account"), (60020, "temporary", "account"), (40035, "permanent", "")),
    *((33012, "permanent", "address"), (60121, "permanent", "address")),
)
_FEISHU: list[Code] = [
    *((status, {"code": 11232, "msg": "too fast"}, "temporary", "pace") for status in (200, 400, 429)),
    (400, {"code": 230020}, "temporary", "pace"),
    (400, {"code": 9499}, "permanent", ""),
    (200, {"code": 19021}, "temporary", "account"),
    (200, {"code": 19024}, "temporary", "account"),
    (400, {"code": 230013}, "permanent", "address"),
    (400, {"code": 230025}, "permanent", ""),
    (403, {"code": 99991672}, "temporary", "account"),
]


def _aliyun_code(status: int, code: str, means: str, fault: str) -> Code:
    return status, {"Code": code, "Message": "?", "RequestId": "r"}, means, fault


_ALIYUN = [
    _aliyun_code(200, "isv.BUSINESS_LIMIT_CONTROL", "temporary", "pace"),
    _aliyun_code(200, "isv.DAY_LIMIT_CONTROL", "temporary", "pace"),
    _aliyun_code(200, "isv.AMOUNT_NOT_ENOUGH", "temporary", "account"),
    _aliyun_code(200, "isv.OUT_OF_SERVICE", "temporary", "account"),
    _aliyun_code(200, "isv.SMS_TEMPLATE_ILLEGAL", "temporary", "account"),
    _aliyun_code(200, "isv.PARAM_NOT_SUPPORT_URL", "permanent", ""),
    _aliyun_code(200, "isv.MOBILE_NUMBER_ILLEGAL", "permanent", "address"),
    _aliyun_code(404, "InvalidAccessKeyId.NotFound", "temporary", "account"),
    _aliyun_code(400, "SignatureDoesNotMatch", "temporary", "account"),
    _aliyun_code(400, "Throttling.User", "temporary", "pace"),
    _aliyun_code(503, "ServiceUnavailable", "temporary", ""),
]


def _tencent_number(code: str, means: str, fault: str) -> Code:
    return 200, {"Response": {"SendStatusSet": [{"SerialNo": "", "Code": code}], "RequestId": "r"}}, means, fault


def _tencent_error(code: str, means: str, fault: str) -> Code:
    return 200, {"Response": {"Error": {"Code": code, "Message": "?"}, "RequestId": "r"}}, means, fault


_TENCENT = [
    _tencent_number("LimitExceeded.PhoneNumberDailyLimit", "temporary", "pace"),
    _tencent_number("InvalidParameterValue.IncorrectPhoneNumber", "permanent", "address"),
    _tencent_number("FailedOperation.InsufficientBalanceInSmsPackage", "temporary", "account"),
    _tencent_number("InvalidParameterValue.ProhibitedUseUrlInTemplateParameter", "permanent", ""),
    _tencent_error("AuthFailure.SignatureExpire", "temporary", "account"),
    _tencent_error("RequestLimitExceeded", "temporary", "pace"),
    _tencent_error("InternalError", "temporary", ""),
    (200, {"Response": {"RequestId": "r"}}, "temporary", ""),
    (200, {"Response": "nonsense"}, "temporary", ""),
]
CASES = (
    ProviderCase(
        kind="wecom",
        answer=wecom,
        fields={"corporation": "ww1", "agent": "7"},
        secret={"secret": SECRET},
        target="zhangsan",
        busy={"errcode": 45009},
        stale=(200, {"errcode": 42001}),
        codes=[
            *_WECOM,
            (200, {"errcode": 0, "invaliduser": "zhangsan"}, "permanent", "address"),
            (200, {"errcode": 0, "unlicenseduser": "zhangsan"}, "permanent", "address"),
        ],
        text=lambda asked: str(asked.json["text"]["content"]),
        most=2048,
    ),
    ProviderCase(
        kind="wecom-robot",
        answer=wecom,
        fields={},
        secret={"key": SECRET},
        target="zhangsan",
        busy={"errcode": 45009},
        knows_nobody=False,
        codes=_WECOM,
        text=lambda asked: str(asked.json["text"]["content"]),
        most=2048,
    ),
    ProviderCase(
        kind="dingtalk",
        answer=dingtalk,
        fields={"app": "app", "agent": "9"},
        secret={"secret": SECRET},
        target="u1",
        busy={"errcode": 90018},
        stale=(200, {"errcode": 42001}),
        codes=_DINGTALK,
        text=lambda asked: str(asked.json["msg"]["text"]["content"]),
        most=2000,
    ),
    ProviderCase(
        kind="dingtalk-robot",
        answer=dingtalk,
        fields={},
        secret={"token": SECRET, "secret": "SECtest"},
        target="u1",
        busy={"errcode": 130101},
        knows_nobody=False,
        codes=_DINGTALK,
        text=lambda asked: str(asked.json["text"]["content"]),
        most=20_000,
    ),
    ProviderCase(
        kind="feishu",
        answer=feishu,
        fields={"app": "app"},
        secret={"secret": SECRET},
        target="ou_1",
        busy={"code": 11232},
        stale=(400, {"code": 99991663}),
        repeats=True,
        codes=_FEISHU,
        text=lambda asked: str(json.loads(asked.json["content"])["text"]),
        most=20_000,
    ),
    ProviderCase(
        kind="feishu-robot",
        answer=feishu,
        fields={},
        secret={"token": SECRET, "secret": "test"},
        target="ou_1",
        busy={"code": 11232},
        knows_nobody=False,
        codes=_FEISHU,
        text=lambda asked: str(asked.json["content"]["text"]),
        most=20_000,
    ),
    _official("wechat-conversation", {}, text=lambda asked: str(asked.json["text"]["content"]), most=2048),
    _official("wechat-template", {}, templates=REGISTER),
    _official("wechat-subscription", {}, templates=REGISTER),
    ProviderCase(
        kind="aliyun-sms",
        answer=aliyun,
        fields={"key": "key", "signature": "呼应"},
        templates=REGISTER,
        secret={"secret": SECRET},
        target="13800000000",
        busy={"Code": "isv.BUSINESS_LIMIT_CONTROL"},
        codes=_ALIYUN,
    ),
    ProviderCase(
        kind="tencent-sms",
        answer=tencent,
        fields={"key": "key", "app": "14", "signature": "呼应"},
        templates=_NUMBERED,
        secret={"secret": SECRET},
        target="13800000000",
        busy={"Response": {"Error": {"Code": "RequestLimitExceeded"}}},
        codes=_TENCENT,
    ),
    ProviderCase(
        kind="sms-gateway",
        answer=gateway,
        fields={
            "body": "mobile={phone}&content={text}&sign={sign}",
            "charset": "gbk",
            "nobody": "手机号错误",
            "success": "<returnstatus>Success",
            "reference": "<taskID>(.*?)</",
            "sign": "{account}{password}",
            "tail": "【鹭江人大】",
        },
        secret={"password": SECRET},
        target="13800000000",
        busy="<returnstatus>Faild</returnstatus>",
        codes=[
            (200, "<returnstatus>Faild</returnstatus>", "temporary", ""),
            (200, "<message>手机号错误</message>".encode("gbk"), "permanent", "address"),
            (200, b" ", "unknown", ""),
        ],
    ),
)


def raw(answer: Any) -> bytes:
    """An answer as it goes over the wire."""
    if isinstance(answer, bytes):
        return answer
    return answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
