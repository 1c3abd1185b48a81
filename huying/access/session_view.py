"""One's own log-ins, as their owner sees them: on what, since when, seen when; and ending one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select

from definitions.text import Said
from huying.access.journal import noted
from huying.access.rules import AccountRules
from huying.access.sessions import token_hash
from huying.database.tables import participants, sessions
from huying.house.house import House

#: What browsers call themselves, the special ones before those as which they pass themselves off.
_BROWSERS = (
    (r"MicroMessenger", Said("微信", "WeChat")),
    (r"QQBrowser", Said("QQ 浏览器", "QQ Browser")),
    (r"360SE|360EE|QihooBrowser", Said("360 浏览器", "360 Browser")),
    (r"HuaweiBrowser", Said("华为浏览器", "Huawei Browser")),
    (r"Edg(?:e|A|iOS)?/", Said("Edge", "Edge")),
    (r"Firefox/|FxiOS/", Said("火狐", "Firefox")),
    (r"Chrome/|CriOS/|HeadlessChrome/", Said("Chrome", "Chrome")),
    (r"Safari/", Said("Safari", "Safari")),
)
_SYSTEMS = (
    (r"iPhone|iPad", Said("苹果手机或平板", "iPhone or iPad")),
    (r"HarmonyOS|OpenHarmony", Said("鸿蒙", "HarmonyOS")),
    (r"Android", Said("安卓", "Android")),
    (r"Windows", Said("Windows", "Windows")),
    (r"Mac OS X", Said("苹果电脑", "Mac")),
    (r"UOS|Kylin|Linux", Said("Linux（统信、麒麟等）", "Linux")),
)
#: What somebody showed who came in.
_SHOWN = {
    "passphrase": Said("口令", "passphrase"),
    "link": Said("一次性链接", "one-time link"),
    "provider": Said("统一认证", "single sign-on"),
    "passkey": Said("通行密钥", "passkey"),
    "code": Said("验证码", "code"),
}
_UNKNOWN = Said("程序或不认得的浏览器", "A program, or a browser that is not known")


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One log-in: ``own`` is the one that asks; ``key`` names it in its owner's hand, and opens nothing; ``how``: what was shown for it."""

    key: str
    where: Said
    made: datetime | None
    seen: datetime | None
    own: bool
    how: tuple[Said, ...] = ()


def own_sessions(house: House, person: int, token: str, now: datetime, rules: AccountRules) -> tuple[SessionLine, ...]:
    """The log-ins that are open, this one first, then those seen last."""
    c = sessions.c
    with house.database.reading() as connection:
        kind = connection.execute(select(participants.c.kind).where(participants.c.id == person)).scalar_one()
        lives = or_(c.seen_at.is_(None), c.seen_at > now - rules.idle_of(kind))
        query = select(sessions).where(c.participant_id == person, c.expires_at > now, c.awaits == "", lives)
        rows = connection.execute(query.order_by(c.seen_at.desc())).all()
    own = token_hash(token)
    lines = [
        SessionLine(
            row.token_hash, agent_words(row.agent), row.made_at, row.seen_at, row.token_hash == own, _opened_by(row.how)
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: not line.own))


def _opened_by(how: str) -> tuple[Said, ...]:
    """What was shown when the session was opened; nothing is said of one from before that was noted."""
    return tuple(_SHOWN[one] for one in how.split("+") if one in _SHOWN)


def end_own(house: House, person: int, key: str) -> bool:
    """End one of one's own log-ins; whether there was such a one."""
    with house.database.writing() as connection:
        gone = delete(sessions).where(sessions.c.token_hash == key, sessions.c.participant_id == person)
        ended = bool(connection.execute(gone).rowcount)
        if ended:
            noted(connection, "session-ended", person, person)
    return ended


def agent_words(agent: str) -> Said:
    """What a browser is, from what it calls itself."""
    browser = next((words for pattern, words in _BROWSERS if re.search(pattern, agent)), None)
    system = next((words for pattern, words in _SYSTEMS if re.search(pattern, agent)), None)
    if browser is None:
        return _UNKNOWN
    return Said(f"{browser.zh} · {system.zh}", f"{browser.en} · {system.en}") if system else browser
