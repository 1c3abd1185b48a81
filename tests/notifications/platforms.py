"""Stand-ins for the providers: real servers that speak the published interfaces, check tokens and signatures, and answer with the published codes."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from notifications.channels.platforms.aliyun import aliyun_authorization
from notifications.channels.platforms.dingtalk import robot_signature
from notifications.channels.platforms.feishu import feishu_signature
from notifications.channels.platforms.tencent import SignedPost, tencent_authorization

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
    """A provider: ``answer`` is what its messages get, ``instead`` are answers that come first, ``slow`` seconds before any.

    ``drips``: it answers a byte at a time. ``away``: whoever asks for a token hears that it is not there.
    """

    answer: Callable[[StandIn, Asked], Any]
    instead: list[tuple[int, bytes]] = field(default_factory=list)
    slow: float = 0.0
    drips: bool = False
    away: bool = False
    cookie: str = "none=none"
    tokens: list[str] = field(default_factory=list)
    asked_for_tokens: int = 0
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


@dataclass(frozen=True)
class Refusal:
    """An answer of a status of its own, as some providers give with their codes."""

    status: int
    body: dict[str, Any]


_TOKENS = ("/gettoken", "/stable_token", "/internal")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # without it the second packet of an answer waits for the acknowledgement of the first
    disable_nagle_algorithm = True
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
        status, out = self._judged(one)
        self._say(status, out)

    def _judged(self, one: Asked) -> tuple[int, bytes]:
        if one.path.endswith(_TOKENS):
            with self.stand.lock:
                self.stand.asked_for_tokens += 1
            if self.stand.away:
                time.sleep(0.05)
                return 503, b"{}"
        found, status = self.stand.answer(self.stand, one), 200
        if isinstance(found, Refusal):
            status, found = found.status, found.body
        out = found if isinstance(found, bytes) else json.dumps(found).encode()
        if not one.path.endswith(_TOKENS):
            with self.stand.lock:
                self.stand.sent.append(one)
                if self.stand.instead:
                    status, out = self.stand.instead.pop(0)
            time.sleep(self.stand.slow)
        return status, out

    def _say(self, status: int, out: bytes) -> None:
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(out)}\r\nSet-Cookie: {self.stand.cookie}\r\nX-Long: {'x' * 400}\r\n\r\n".encode()
        try:
            if self.stand.drips:
                for byte in head:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.05)
            self.wfile.write(out if self.stand.drips else head + out)
        except OSError:
            self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that breaks off is part of some tests."""


@contextmanager
def running(answer: Callable[[StandIn, Asked], Any]) -> Iterator[StandIn]:
    """A stand-in on a port of its own."""
    stand = StandIn(answer)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"stand": stand}))
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
        return Refusal(400, {"code": 99991663, "msg": "Invalid access token"})
    if asked.path.endswith("/read_users"):
        read = [{"user_id": "ou_1", "timestamp": "1609484183000"}] if "/om_1/" in asked.path else []
        return {"code": 0, "data": {"items": read, "has_more": False}}
    body = asked.json
    assert "text" in json.loads(body["content"])
    if body["receive_id"] == "nobody":
        return Refusal(
            400, {"code": 230001, "msg": "Your request contains an invalid request parameter, ext=invalid receive_id"}
        )
    return {"code": 0, "data": {"message_id": "om_1"}}


def official(stand: StandIn, asked: Asked) -> Any:
    if asked.path == "/cgi-bin/stable_token":
        good = asked.json == {"grant_type": "client_credential", "appid": "wx1", "secret": SECRET}
        return {"access_token": stand.token(), "expires_in": 7200} if good else {"errcode": 40001}
    if not stand.holds(asked.query.get("access_token", "")):
        return {"errcode": 42001}
    if asked.path == "/cgi-bin/template/get_all_private_template":
        return {
            "template_list": [
                {
                    "template_id": "TM1",
                    "title": "任务",
                    "content": "编号：{{character_string1.DATA}}\n事由：{{thing2.DATA}}",
                }
            ]
        }
    if asked.path == "/wxaapi/newtmpl/gettemplate":
        return {
            "errcode": 0,
            "data": [
                {
                    "priTmplId": "PRI1",
                    "title": "任务",
                    "content": "事由:{{thing2.DATA}}\n时间:{{time3.DATA}}",
                    "type": 2,
                }
            ],
        }
    message = asked.json
    if message["touser"] == "nobody":
        return {"errcode": 43004}
    if any(len(one["value"]) > 32 for one in message.get("data", {}).values()):
        return {"errcode": 47003}
    return {"errcode": 0, "msgid": 815}


_ALIYUN_TEMPLATES = [
    {
        "TemplateCode": f"SMS_{number}",
        "TemplateName": f"模板{number}",
        "TemplateContent": "您有新的任务${what}，编号${number}，请登录门户办理。",
        "AuditStatus": "AUDIT_STATE_PASS" if number else "AUDIT_STATE_NOT_PASS",
        "Reason": {"RejectInfo": "" if number else "变量太多"},
    }
    for number in range(3)
]


def aliyun(stand: StandIn, asked: Asked) -> Any:
    signed = {key: value for key, value in asked.headers.items() if key == "host" or key.startswith("x-acs-")}
    if asked.headers["authorization"] != aliyun_authorization("key", SECRET, asked.query, signed):
        return Refusal(400, {"Code": "SignatureDoesNotMatch", "Message": "?"})
    if asked.headers["x-acs-action"] == "QuerySmsTemplateList":
        return {"Code": "OK", "SmsTemplateList": _ALIYUN_TEMPLATES if asked.query["PageIndex"] == "1" else []}
    if any("http" in value for value in json.loads(asked.query["TemplateParam"]).values()):
        return {"Code": "isv.PARAM_NOT_SUPPORT_URL"}
    if asked.query["PhoneNumbers"] == "00000000000":
        return {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "手机号不合法"}
    return {"Code": "OK", "Message": "OK", "BizId": "biz-1", "RequestId": "r"}


def tencent(stand: StandIn, asked: Asked) -> Any:
    seconds = int(asked.headers["x-tc-timestamp"])
    signed = {name: asked.headers[name] for name in ("content-type", "host")}
    post = SignedPost(service="sms", headers=signed, body=asked.body, seconds=seconds)
    if asked.headers["authorization"] != tencent_authorization("key", SECRET, post):
        return {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": "?"}}}
    if asked.headers["x-tc-action"] == "DescribeSmsTemplateList":
        one = {"TemplateId": 1110, "StatusCode": 0, "TemplateName": "任务", "TemplateContent": "编号{1}-{2}-{3}：{4}"}
        return {
            "Response": {
                "DescribeTemplateStatusSet": [
                    one,
                    {**one, "TemplateId": 1111, "StatusCode": -1, "ReviewReply": "签名不符"},
                ]
            }
        }
    number = asked.json["PhoneNumberSet"][0]
    code = "InvalidParameterValue.IncorrectPhoneNumber" if "00000000000" in number else "Ok"
    return {
        "Response": {"SendStatusSet": [{"SerialNo": "serial-1", "PhoneNumber": number, "Code": code}], "RequestId": "r"}
    }


def gateway(stand: StandIn, asked: Asked) -> Any:
    form = {key: value[0] for key, value in parse_qs(asked.body.decode("gbk"), encoding="gbk").items()}
    if form.get("mobile") == "00000000000":
        return "<returnstatus>Faild</returnstatus><message>手机号错误</message>".encode("gbk")
    return b"<returnstatus>Success</returnstatus><taskID>77</taskID>"
