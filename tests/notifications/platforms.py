"""Stand-ins for the providers: real servers that speak the published interfaces, check tokens and signatures, and answer with the published codes."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from notifications.channels.platforms.aliyun import aliyun_authorization
from notifications.channels.platforms.dingtalk import robot_signature
from notifications.channels.platforms.feishu import feishu_signature
from notifications.channels.platforms.tencent import tencent_authorization

SECRET = "s3cret-Qk9w"


@dataclass
class Asked:
    """One request as it came."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """Its body."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class StandIn:
    """A provider: ``answer`` is what its messages get, ``instead`` are answers that come first, ``slow`` seconds before any."""

    answer: Callable[[StandIn, Asked], Any]
    instead: list[tuple[int, bytes]] = field(default_factory=list)
    slow: float = 0.0
    tokens: list[str] = field(default_factory=list)
    sent: list[Asked] = field(default_factory=list)
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def token(self) -> str:
        """A new one; earlier ones do not hold any more."""
        with self.lock:
            self.tokens.append(f"token-{len(self.tokens)}-{SECRET}")
            return self.tokens[-1]

    def holds(self, token: str) -> bool:
        """Whether it is the newest one."""
        return bool(self.tokens) and token == self.tokens[-1]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stand: StandIn

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        place = urlsplit(self.path)
        headers = {key.lower(): value for key, value in self.headers.items()}
        one = Asked(place.path, dict(parse_qsl(place.query, keep_blank_values=True)), headers, body)
        status, out = 200, b""
        found = self.stand.answer(self.stand, one)
        if found is not TOKEN_SENT(found):
            with self.stand.lock:
                self.stand.sent.append(one)
                if self.stand.instead:
                    status, out = self.stand.instead.pop(0)
            if self.stand.slow:
                time.sleep(self.stand.slow)
        out = out or (found if isinstance(found, bytes) else json.dumps(found).encode())
        self.send_response(status)
        self.send_header("content-length", str(len(out)))
        self.end_headers()
        try:
            self.wfile.write(out)
        except OSError:
            self.close_connection = True


def TOKEN_SENT(found: Any) -> Any:
    """The answer itself if it is one that gave a token."""
    is_token = isinstance(found, dict) and bool({"access_token", "tenant_access_token"} & set(found))
    return found if is_token else None


@contextmanager
def running(answer: Callable[[StandIn, Asked], Any]) -> Iterator[StandIn]:
    """A stand-in on a port of its own."""
    stand = StandIn(answer)
    handler = type("Handler", (_Handler,), {"stand": stand})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    stand.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield stand
    finally:
        server.shutdown()
        server.server_close()


def wecom(stand: StandIn, asked: Asked) -> Any:
    if asked.path == "/cgi-bin/gettoken":
        if asked.query != {"corpid": "ww1", "corpsecret": SECRET}:
            return {"errcode": 40001, "errmsg": "invalid credential"}
        return {"errcode": 0, "access_token": stand.token(), "expires_in": 7200}
    if asked.path == "/cgi-bin/webhook/send":
        return {"errcode": 0 if asked.query.get("key") == SECRET else 93000}
    if not stand.holds(asked.query.get("access_token", "")):
        return {"errcode": 42001, "errmsg": "expired"}
    message = asked.json
    if len(message["text"]["content"].encode()) > 2048:
        return {"errcode": 45002}
    if message["touser"] == "nobody":
        return {"errcode": 0, "invaliduser": "nobody"}
    return {"errcode": 0, "errmsg": "ok", "msgid": "m-1"}


def dingtalk(stand: StandIn, asked: Asked) -> Any:
    if asked.path == "/gettoken":
        good = asked.query == {"appkey": "app", "appsecret": SECRET}
        return {"errcode": 0, "access_token": stand.token(), "expires_in": 7200} if good else {"errcode": 40089}
    if asked.path == "/robot/send":
        wanted = robot_signature("SECtest", int(asked.query["timestamp"]))
        return {"errcode": 0 if asked.query["sign"] == wanted and asked.query["access_token"] == SECRET else 310000}
    if not stand.holds(asked.query.get("access_token", "")):
        return {"errcode": 42001}
    if asked.path.endswith("getsendresult"):
        return {
            "errcode": 0,
            "send_result": {"read_user_id_list": ["u1"], "unread_user_id_list": [], "failed_user_id_list": []},
        }
    return {"errcode": 33012} if asked.json["userid_list"] == "nobody" else {"errcode": 0, "task_id": 4711}


def feishu(stand: StandIn, asked: Asked) -> Any:
    if asked.path.endswith("/internal"):
        good = asked.json == {"app_id": "app", "app_secret": SECRET}
        return {"code": 0, "tenant_access_token": stand.token(), "expire": 7200} if good else {"code": 10014}
    if "/hook/" in asked.path:
        body = asked.json
        good = asked.path.endswith(SECRET) and body["sign"] == feishu_signature("test", int(body["timestamp"]))
        return {"code": 0, "msg": "success"} if good else {"code": 19021}
    if not stand.holds(asked.headers.get("authorization", "").removeprefix("Bearer ")):
        return {"code": 99991663}
    body = asked.json
    assert "text" in json.loads(body["content"])
    return {"code": 230001} if body["receive_id"] == "nobody" else {"code": 0, "data": {"message_id": "om_1"}}


def official(stand: StandIn, asked: Asked) -> Any:
    if asked.path == "/cgi-bin/stable_token":
        good = asked.json == {"grant_type": "client_credential", "appid": "wx1", "secret": SECRET}
        return {"access_token": stand.token(), "expires_in": 7200} if good else {"errcode": 40001}
    if not stand.holds(asked.query.get("access_token", "")):
        return {"errcode": 42001}
    message = asked.json
    if message["touser"] == "nobody":
        return {"errcode": 43004}
    if any(len(one["value"]) > 32 for one in message.get("data", {}).values()):
        return {"errcode": 47003}
    return {"errcode": 0, "msgid": 815}


def aliyun(stand: StandIn, asked: Asked) -> Any:
    signed = {key: value for key, value in asked.headers.items() if key == "host" or key.startswith("x-acs-")}
    if asked.headers["authorization"] != aliyun_authorization("key", SECRET, asked.query, signed):
        return {"Code": "SignatureDoesNotMatch", "Message": "?"}
    if any("http" in value for value in json.loads(asked.query["TemplateParam"]).values()):
        return {"Code": "isv.PARAM_NOT_SUPPORT_URL"}
    if asked.query["PhoneNumbers"] == "nobody":
        return {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "手机号不合法"}
    return {"Code": "OK", "Message": "OK", "BizId": "biz-1", "RequestId": "r"}


def tencent(stand: StandIn, asked: Asked) -> Any:
    seconds = int(asked.headers["x-tc-timestamp"])
    if asked.headers["authorization"] != tencent_authorization(
        "key", SECRET, asked.headers["host"], asked.body, seconds
    ):
        return {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": "?"}}}
    number = asked.json["PhoneNumberSet"][0]
    code = "InvalidParameterValue.IncorrectPhoneNumber" if "nobody" in number else "Ok"
    return {
        "Response": {"SendStatusSet": [{"SerialNo": "serial-1", "PhoneNumber": number, "Code": code}], "RequestId": "r"}
    }


def gateway(stand: StandIn, asked: Asked) -> Any:
    form = {key: value[0] for key, value in parse_qs(asked.body.decode("gb18030"), encoding="gb18030").items()}
    if form.get("mobile") == "nobody":
        return "<returnstatus>Faild</returnstatus><message>手机号错误</message>".encode("gb18030")
    return b"<returnstatus>Success</returnstatus><taskID>77</taskID>"


@dataclass(frozen=True)
class ProviderCase:
    """A kind of sender with what an office would enter, its stand-in, and an answer of 200 that is a failure for now."""

    kind: str
    answer: Callable[[StandIn, Asked], Any]
    fields: Mapping[str, str]
    secret: Mapping[str, str]
    target: str
    busy: bytes
    stale: bytes = b""
    repeats: bool = False
    knows_nobody: bool = True


_LINES = "task zh T1 number=number thing1=what\n* * T2 number=number"
CASES = (
    ProviderCase(
        "wecom",
        wecom,
        {"corporation": "ww1", "agent": "7"},
        {"secret": SECRET},
        "zhangsan",
        b'{"errcode":45009}',
        b'{"errcode":42001}',
        True,
    ),
    ProviderCase("wecom-robot", wecom, {}, {"key": SECRET}, "zhangsan", b'{"errcode":45009}', knows_nobody=False),
    ProviderCase(
        "dingtalk",
        dingtalk,
        {"app": "app", "agent": "9"},
        {"secret": SECRET},
        "u1",
        b'{"errcode":90018}',
        b'{"errcode":42001}',
    ),
    ProviderCase(
        "dingtalk-robot",
        dingtalk,
        {},
        {"token": SECRET, "secret": "SECtest"},
        "u1",
        b'{"errcode":130101}',
        knows_nobody=False,
    ),
    ProviderCase(
        "feishu", feishu, {"app": "app"}, {"secret": SECRET}, "ou_1", b'{"code":11232}', b'{"code":99991663}', True
    ),
    ProviderCase(
        "feishu-robot", feishu, {}, {"token": SECRET, "secret": "test"}, "ou_1", b'{"code":11232}', knows_nobody=False
    ),
    ProviderCase(
        "wechat-conversation",
        official,
        {"app": "wx1"},
        {"secret": SECRET},
        "o1",
        b'{"errcode":-1}',
        b'{"errcode":40001}',
    ),
    ProviderCase(
        "wechat-template",
        official,
        {"app": "wx1", "templates": _LINES},
        {"secret": SECRET},
        "o1",
        b'{"errcode":45009}',
        b'{"errcode":40001}',
    ),
    ProviderCase(
        "wechat-subscription",
        official,
        {"app": "wx1", "templates": _LINES},
        {"secret": SECRET},
        "o1",
        b'{"errcode":45009}',
        b'{"errcode":42001}',
    ),
    ProviderCase(
        "aliyun-sms",
        aliyun,
        {"key": "key", "signature": "呼应", "templates": _LINES},
        {"secret": SECRET},
        "13800000000",
        b'{"Code":"isv.BUSINESS_LIMIT_CONTROL"}',
    ),
    ProviderCase(
        "tencent-sms",
        tencent,
        {"key": "key", "app": "14", "signature": "呼应", "templates": "* * 1110 number what"},
        {"secret": SECRET},
        "13800000000",
        b'{"Response":{"Error":{"Code":"RequestLimitExceeded"}}}',
    ),
    ProviderCase(
        "sms-gateway",
        gateway,
        {
            "body": "mobile={phone}&content={text}&sign={sign}",
            "charset": "gb18030",
            "success": "<returnstatus>Success",
            "reference": "<taskID>(.*?)</",
            "sign": "{account}{password}",
        },
        {"password": SECRET},
        "13800000000",
        b"<returnstatus>Faild</returnstatus>",
    ),
)
