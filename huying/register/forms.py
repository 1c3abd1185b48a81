"""What is asked about each row of the register, in words: one form a table, read into values that ``huying.register.changes`` takes."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from sqlalchemy import Connection, Table, select

from definitions.text import Said
from huying.database.tables import areas as all_areas
from huying.database.tables import organisations, participants, stations
from huying.register.levels import AREA_LEVELS, DEPUTY_LEVELS
from huying.register.shapes import SHAPES, Value
from notifications import CHANNELS

Kind = Literal[
    "text",
    "words",
    "day",
    "hour",
    "yes",
    "number",
    "choice",
    "code",
    "area",
    "station",
    "organisation",
    "person",
    "calendar",
]
Choices = Mapping[str, Said]


@dataclass(frozen=True, slots=True)
class AskedWord:
    """One thing that is asked: its word, its title, how it is entered, from what it is chosen (``of``: a code list), and a hint."""

    word: str
    title: Said
    kind: Kind = "text"
    choices: Choices | None = None
    of: str = ""
    hint: Said | None = None


def _levels(names: Mapping[str, Mapping[str, str]]) -> Choices:
    return {key: Said(one["zh"], one["en"]) for key, one in names.items()}


FUNCTIONS: Choices = {
    "head": Said("负责人（站长）", "Head"),
    "substitute": Said("代理负责人", "Substitute"),
    "clerk": Said("工作人员", "Clerk"),
    "liaison": Said("代表联络员", "Liaison officer"),
    "deputy": Said("代表", "Deputy"),
    "handler": Said("承办人", "Handler"),
}
PEOPLE: Choices = {
    "deputy": Said("代表", "Deputy"),
    "staff": Said("工作人员", "Staff"),
    "liaison": Said("联络员", "Liaison officer"),
    "handler": Said("承办人", "Handler"),
    "administrator": Said("管理员", "Administrator"),
    "citizen": Said("居民", "Resident"),
}


def person_kind(kind: str, language: str) -> str:
    """What kind of person somebody is; houses of old call a handler ``department``."""
    found = PEOPLE.get("handler" if kind == "department" else kind)
    return found.of(language) if found else kind


STATIONS: Choices = {
    "area": Said("区域站", "Station of an area"),
    "industry": Said("行业站", "Station of an industry"),
    "point": Said("延伸点", "Point of a station"),
}
LISTS: Choices = {
    "industries": Said("行业", "Industries"),
    "competences": Said("承办职责", "Competences"),
    "delegations": Said("代表团", "Delegations"),
    "haves": Said("站点条件（九有）", "What stations have"),
    "languages": Said("会说的语言", "Languages spoken"),
    "ways": Said("首页入口", "Ways in on the first page"),
    "emergencies": Said("紧急电话", "Emergency numbers"),
    "reasons": Said("查看个人信息的事由", "Reasons to look at personal data"),
}
WEEKDAYS: Choices = {
    str(number): Said(f"周{zh}", en)
    for number, (zh, en) in enumerate(
        zip(
            "一二三四五六日",
            ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
            strict=True,
        ),
        1,
    )
}
_NAMES = (
    AskedWord("name_zh", Said("名称", "Name")),
    AskedWord(
        "name_en",
        Said("英文名", "English name"),
        hint=Said("没有就空着，英文页面用中文名。", "Left empty, the Chinese one is used."),
    ),
)
_CODE = AskedWord("code", Said("代码", "Code"))
#: By which the office writes to its people; a webhook is the person's own, and WeChat is bound by them.
_OUTLETS = {key: one.title for key, one in CHANNELS.items() if key not in ("webhook", "wechat")}

_PERSON = AskedWord(
    "participant",
    Said("人员", "Person"),
    "person",
    hint=Said("填登录名，或没有重名的姓名。", "A login, or a name that only one bears."),
)
_STATION = AskedWord("station", Said("站点", "Station"), "station")
_ACTIVE = AskedWord("active", Said("在用", "In use"), "yes")
_SPELL = (
    AskedWord("since", Said("起", "From"), "day"),
    AskedWord("until", Said("止（含当天）", "Until (included)"), "day"),
)
FORMS: Mapping[str, tuple[AskedWord, ...]] = {
    "code": (
        AskedWord("list", Said("代码表", "List")),
        _CODE,
        *_NAMES,
        AskedWord("position", Said("顺序", "Position"), "number"),
        _ACTIVE,
    ),
    "area": (
        _CODE,
        *_NAMES,
        AskedWord("level", Said("层级", "Level"), "choice", _levels(AREA_LEVELS)),
        AskedWord("parent", Said("上级区域", "Area above"), "area"),
        *_SPELL,
    ),
    "area_name": (
        AskedWord("area", Said("区域", "Area"), "area"),
        AskedWord("code", Said("曾用代码", "Former code")),
        *_NAMES,
        AskedWord("until", Said("用到哪天", "Until"), "day"),
    ),
    "organisation": (
        _CODE,
        *_NAMES,
        AskedWord(
            "kind",
            Said("类型", "Kind"),
            "choice",
            {"department": Said("承办单位", "Department"), "office": Said("工作机构", "Office")},
        ),
        AskedWord("area", Said("区域", "Area"), "area"),
        AskedWord("calendar", Said("工作日历", "Calendar"), "calendar"),
        _ACTIVE,
    ),
    "organisation_code": (
        AskedWord("organisation", Said("单位", "Department"), "organisation"),
        AskedWord("list", Said("代码表", "List")),
        AskedWord("code", Said("承办职责", "Competence"), "code", of="competences"),
    ),
    "station": (
        _CODE,
        *_NAMES,
        AskedWord("kind", Said("类型", "Kind"), "choice", STATIONS),
        AskedWord("parent", Said("上级站点", "Station above"), "station"),
        AskedWord("area", Said("区域", "Area"), "area"),
        AskedWord("industry", Said("行业", "Industry"), "code", of="industries"),
        AskedWord("address", Said("地址", "Address")),
        AskedWord("phone", Said("值守电话", "Telephone")),
        AskedWord("calendar", Said("开放日历", "Calendar"), "calendar"),
        AskedWord("opened", Said("启用日期", "Opened"), "day"),
        AskedWord("closed", Said("停用日期", "Closed"), "day"),
        AskedWord("successor", Said("并入站点", "Carried on by"), "station"),
        _ACTIVE,
    ),
    "station_have": (
        _STATION,
        AskedWord("have", Said("条件", "Have"), "code", of="haves"),
        AskedWord("has", Said("具备", "There is"), "yes"),
        AskedWord("partly", Said("部分具备", "There is a part of it"), "yes"),
        AskedWord("evidence", Said("依据", "Evidence"), "words"),
        AskedWord("confirmed_by", Said("谁确认", "Confirmed by"), "person"),
        AskedWord("since", Said("自", "Since"), "day"),
        AskedWord("until", Said("到哪天要再看", "Look again after"), "day"),
    ),
    "participant": (
        AskedWord(
            "login",
            Said("登录名", "Login"),
            hint=Said(
                "小写字母和数字，如 chen.haisheng；不要用电话号码。",
                "Small letters and digits; never the telephone number.",
            ),
        ),
        AskedWord("name", Said("姓名", "Name")),
        AskedWord("kind", Said("身份", "Kind"), "choice", PEOPLE),
        AskedWord("phone", Said("电话", "Telephone")),
        AskedWord(
            "language",
            Said("语言", "Language"),
            "choice",
            {"zh": Said("中文", "Chinese"), "en": Said("英文", "English")},
        ),
        AskedWord("profession", Said("职业", "Profession")),
        AskedWord("unit", Said("工作单位", "Works at")),
        _ACTIVE,
    ),
    "participant_code": (
        _PERSON,
        AskedWord(
            "list",
            Said("代码表", "List"),
            "choice",
            {key: LISTS[key] for key in ("industries", "competences", "languages")},
        ),
        _CODE,
    ),
    "address": (
        _PERSON,
        AskedWord("channel", Said("方式", "Channel"), "choice", _OUTLETS),
        AskedWord(
            "target",
            Said("地址", "Address"),
            hint=Said(
                "邮箱、手机号，或在企业微信、钉钉、飞书里的账号（userid、open_id）。",
                "A mail address, a mobile number, or the account at WeCom, DingTalk or Feishu (userid, open_id).",
            ),
        ),
    ),
    "membership": (
        _PERSON,
        _STATION,
        AskedWord("organisation", Said("或：单位", "Or: department"), "organisation"),
        AskedWord("function", Said("职务", "Function"), "choice", FUNCTIONS),
        *_SPELL,
        AskedWord(
            "level",
            Said("代表层级", "Level of a deputy"),
            "choice",
            _levels(DEPUTY_LEVELS),
            hint=Said("空着就按任期里的层级。", "Left empty, that of the mandate."),
        ),
        AskedWord("sub_area", Said("联络员片区", "Part that a liaison officer looks after")),
    ),
    "mandate": (
        _PERSON,
        AskedWord("level", Said("代表层级", "Level"), "choice", _levels(DEPUTY_LEVELS)),
        *_SPELL,
        AskedWord("delegation", Said("代表团", "Delegation"), "code", of="delegations"),
        AskedWord("constituency", Said("选区", "Constituency")),
    ),
    "duty": (
        _STATION,
        AskedWord("weekday", Said("星期", "Weekday"), "choice", WEEKDAYS),
        _PERSON,
        AskedWord("starts_at", Said("从几点", "From"), "hour"),
        AskedWord("ends_at", Said("到几点", "To"), "hour"),
        AskedWord("first_day", Said("首日", "First day"), "day"),
        AskedWord("last_day", Said("末日", "Last day"), "day"),
    ),
    "absence": (
        _PERSON,
        AskedWord("first_day", Said("起", "From"), "day"),
        AskedWord("last_day", Said("止（含当天）", "Until (included)"), "day"),
        AskedWord("substitute", Said("代办人", "Who stands in"), "person"),
    ),
}
_TABLES: Mapping[str, Table] = {"area": all_areas, "station": stations, "organisation": organisations}


def entered(connection: Connection, of: str, texts: Mapping[str, str]) -> tuple[dict[str, Value], dict[str, Said]]:
    """The values that were entered, by word, and what cannot be read, with the reason."""
    values: dict[str, Value] = {}
    wrong: dict[str, Said] = {}
    # what was not asked stays as it is
    for asked in (one for one in FORMS[of] if one.word in texts):
        text = unicodedata.normalize("NFKC", texts.get(asked.word, "")).strip()
        if asked.kind in ("area", "station", "organisation", "person"):
            values[asked.word] = _named(connection, asked, text, wrong)
        else:
            values[asked.word] = _read(asked, text, wrong)
    if values.get("weekday") not in (None, ""):
        values["weekday"] = int(str(values["weekday"]))
    return values, wrong


def _read(asked: AskedWord, text: str, wrong: dict[str, Said]) -> Value:
    """One value; an empty one is none."""
    try:
        match asked.kind:
            case "yes":
                return text == "yes"
            case "day" if text:
                return date.fromisoformat(text.replace("/", "-"))
            case "hour" if text:
                return time.fromisoformat(text)
            case "number":
                return int(text) if text else 0
    except ValueError:
        kinds = {"day": "2026-03-02", "hour": "09:00", "number": "12"}
        like = kinds[asked.kind]
        wrong[asked.word] = Said(
            f"“{text[:40]}”读不懂，请写成 {like}。", f"“{text[:40]}” cannot be read; write it like {like}."
        )
        return None
    return text or None


def _named(connection: Connection, asked: AskedWord, text: str, wrong: dict[str, Said]) -> Value:
    """The number of what was named by its code or login, or by a name that only one bears."""
    if not text:
        return None
    text = text.split(" · ")[0]
    if asked.kind == "person":
        table, by, name = participants, participants.c.login, participants.c.name
    else:
        table = _TABLES[asked.kind]
        by, name = table.c.code, table.c.name_zh
    found = connection.execute(select(table.c.id).where(by == text)).scalars().all()
    found = found or connection.execute(select(table.c.id).where(name == text).limit(3)).scalars().all()
    if len(found) == 1:
        return int(found[0])
    title = SHAPES[{"person": "participant"}.get(asked.kind, asked.kind)].title
    if found:
        wrong[asked.word] = Said(
            f"叫“{text}”的不止一个，请填代码或登录名。", f"Several are called “{text}”; give the code or login."
        )
    else:
        wrong[asked.word] = Said(f"没有代码或名称为“{text}”的{title.zh}。", f"There is no {title.en} “{text}”.")
    return None
