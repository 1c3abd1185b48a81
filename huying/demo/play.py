"""The demonstration: one issue from a phone to closure, through the portal's own pages and the links in the messages that arrive."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from huying.demo.phone import PageError, Phone
from huying.demo.sample import PASSPHRASE
from huying.settings import Settings
from notifications import Mail, read_mails

_PATIENCE = 90.0
_LINK = re.compile(r"https?://\S+/t/[\w-]+")
_CODE = re.compile(r"查询码 (\w+)")
Entries = Mapping[str, str | list[str]]

_RESIDENT = "zhang.xiaoman@resident.example"
_DEFINITION = "contact-station"
_REPORT: Entries = {
    "station": "XG",
    "subject": "路灯不亮",
    "category": "路灯照明",
    "place": "仙港路 12 号门口",
    "description": "路灯坏了三天，晚上老人出门看不清路。",
    "name": "张小满",
    "email": _RESIDENT,
}


@dataclass(frozen=True)
class _Scene:
    """Whose message is opened (a part of the address), what they do in words, the action, and the answers."""

    to: str
    does: str
    action: str
    entries: Entries = field(default_factory=dict)


_SCENES = (
    _Scene("linxiaoyu@", "站点工作人员林小雨受理，请代表办理", "accept", {"kind": "诉求"}),
    _Scene(
        "@deputy.",
        "值班代表请城市管理局主办、供电公司协办",
        "coordinate",
        {"lead": "城市管理局", "assist": ["供电"], "advice": "请三天内恢复照明。"},
    ),
    _Scene("leiming@", "供电公司雷明答复", "reply", {"reply": "线路已检修，供电正常。"}),
    _Scene("dingkai@", "城市管理局丁恺答复", "reply", {"reply": "灯具已更换，今晚亮灯。"}),
    _Scene(_RESIDENT, "居民张小满评价：满意，五颗星", "satisfied", {"stars": "5"}),
)


class _Stopped(Exception):
    """Whoever started the demonstration has stopped it, or waited long enough."""


def play(settings: Settings, stopped: Callable[[], bool]) -> bool:
    """Tell the story on the terminal while it happens; whether it came to its end."""
    if settings.smtp_url:
        print("演示需要本地邮箱，请不要设置 HUYING_SMTP_URL。 The demonstration needs the local mailbox.", flush=True)
        return False
    try:
        _Play(settings, stopped).run()
    except (_Stopped, PageError) as error:
        print(f"演示没有演完：{error}。 The demonstration did not come to its end.", flush=True)
        return False
    return True


class _Play:
    """The demonstration under way: what has been told, and which messages have been read."""

    def __init__(self, settings: Settings, stopped: Callable[[], bool]) -> None:
        self._settings = settings
        self._stopped = stopped
        self._portal = f"http://127.0.0.1:{settings.portal_port}"
        self._seen = {mail.key for mail in read_mails(settings.mailbox, 10_000)}
        self._arrived: list[Mail] = []
        self._begun = time.monotonic()

    def run(self) -> None:
        """From the report to the deputy's yearly file."""
        print("演示：一盏不亮的路灯，从反映到办结。 The demonstration: a dark street lamp.\n", flush=True)
        receipt = self._report()
        code = _CODE.search(receipt.text)
        number = receipt.subject.split()[0].removeprefix("【已收到】")
        for scene in _SCENES:
            self._act(number, scene)
        closed = self._wait_for(_RESIDENT, "closed", number)
        self._follow(number, code.group(1) if code else "")
        self._yearly_file()
        self._say(f"办结 closed · {closed.subject}")

    def _report(self) -> Mail:
        with Phone(self._portal) as phone:
            phone.open(f"/report/{_DEFINITION}?station=XG")
            phone.submit(f"/report/{_DEFINITION}", _REPORT)
        self._say("居民张小满在手机上反映：路灯不亮（仙港街道代表活动站）")
        return self._wait_for(_RESIDENT, "opened", "")

    def _act(self, number: str, scene: _Scene) -> None:
        """Wait for the message, open its link as the recipient, and submit the form of the action."""
        mail = self._wait_for(scene.to, "task", number)
        link = _LINK.search(mail.text)
        if link is None:
            raise PageError(f"no link in {mail.subject}")
        with Phone(self._portal) as phone:
            phone.open(link.group(0).replace(self._settings.portal_url, self._portal))
            phone.submit(f"/act/{scene.action}", scene.entries)
        self._say(scene.does)

    def _follow(self, number: str, code: str) -> None:
        """The reporter looks their issue up by number and code."""
        with Phone(self._portal) as phone:
            phone.open("/follow")
            phone.submit("/follow", {"number": number, "code": code})
            steps = phone.html.count('class="event-what"')
        self._say(f"张小满凭编号和查询码查看经过（{steps} 条）：{self._portal}/follow  {number}  {code}")

    def _yearly_file(self) -> None:
        """The deputy who answered looks at their file of the year."""
        mail = next(mail for mail in self._arrived if "@deputy." in mail.to and _is(mail, "task"))
        login = mail.to.split("@")[0].rsplit("<", 1)[-1]
        with Phone(self._portal) as phone:
            phone.open("/login")
            phone.submit("/login", {"login": login, "passphrase": PASSPHRASE})
            phone.open("/files")
            self._say(f"计入代表 {login} 的一人一册：{phone.url.replace(self._portal, self._settings.portal_url)}")

    def _wait_for(self, to: str, occasion: str, number: str) -> Mail:
        """The message of this kind to this person, about this issue; tells of every message that arrives meanwhile."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and not self._stopped():
            self._tell_of_new()
            for mail in self._arrived:
                if to in mail.to and _is(mail, occasion) and number in mail.text:
                    return mail
            time.sleep(0.2)
        raise _Stopped(f"没有等到给 {to} 的消息")

    def _tell_of_new(self) -> None:
        new = [mail for mail in read_mails(self._settings.mailbox, 200) if mail.key not in self._seen]
        for mail in reversed(new):
            self._seen.add(mail.key)
            self._arrived.append(mail)
            print(f"           ✉ {mail.to}  {mail.subject}", flush=True)

    def _say(self, words: str) -> None:
        print(f"  {time.monotonic() - self._begun:6.1f} s  {words}", flush=True)


def _is(mail: Mail, occasion: str) -> bool:
    """Whether the message was made by the template of this occasion: its key ends with the template's name."""
    return mail.key.endswith(occasion)
