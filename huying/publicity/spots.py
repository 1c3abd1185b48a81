"""Places in a text that should not become public as they are: found by rules that are data, and by what the issue itself keeps private.

A rule only proposes: a person decides about every spot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from definitions.text import Said
from huying.words.private_text import private_parts

#: The commonest family names, which cover nineteen in twenty people.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦傅方白邹孟熊"
    "秦邱江尹薛阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕"
    "单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬"
)
_DOUBLE = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒"
_SURNAME = f"(?:{_DOUBLE}|[{_SURNAMES}])"
_GIVEN = "(?:(?!某)[一-龥])"
_BEGINS = re.compile(_SURNAME)
_KNOWN = Said("事项里不公开的内容", "what the issue keeps private")
_SOMEBODY = Said("姓名", "a name")
_HAN = re.compile(r"[\u3400-\u9fff]+")
#: No longer text becomes public, and none is looked through.
LONGEST_TEXT = 20_000
#: Names of so many characters are looked for in the register.
_NAME_LENGTHS = (2, 3, 4)


@dataclass(frozen=True, slots=True)
class SpotRule:
    """How one kind of spot is written, and what is proposed instead."""

    title: Said
    find: re.Pattern[str]
    instead: str


@dataclass(frozen=True, slots=True)
class PrivateSpot:
    """A part of a text, from ``start`` to before ``end``: of which kind it is, what stands there, and what is proposed instead."""

    start: int
    end: int
    kind: Said
    text: str
    instead: str


@dataclass(frozen=True, slots=True)
class PrivateWords:
    """What must not be seen of one issue, whatever the rules find: ``names`` of people, and other private ``values``."""

    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


NOTHING_PRIVATE = PrivateWords()


def spots(text: str, private: PrivateWords = NOTHING_PRIVATE) -> tuple[PrivateSpot, ...]:
    """The spots of a text in their order, none within another; of several at one place the longest."""
    found = sorted(_all(text, private), key=lambda spot: (spot.start, -spot.end))
    kept: list[PrivateSpot] = []
    for spot in found:
        before = kept[-1] if kept else None
        if before is None or spot.start >= before.end:
            kept.append(spot)
        elif spot.end > before.end:
            kept[-1] = PrivateSpot(before.start, spot.end, before.kind, text[before.start : spot.end], before.instead)
    return tuple(kept)


def with_instead(text: str, found: Sequence[PrivateSpot], instead: Sequence[str]) -> str:
    """The text with something else in the place of each spot."""
    parts, at = [], 0
    for spot, words in zip(found, instead, strict=True):
        parts += [text[at : spot.start], words]
        at = spot.end
    return "".join((*parts, text[at:]))


def possible_names(text: str) -> set[str]:
    """Whatever in a text could be somebody's name: begins with a family name, two to four characters. Of a title and a text at their longest; what
    comes after is not looked at.
    """
    return {
        run[0][at : at + length]
        for run in _HAN.finditer(text, 0, 2 * LONGEST_TEXT + 1)
        for at in range(len(run[0]))
        if _BEGINS.match(run[0], at)
        for length in _NAME_LENGTHS
        if at + length <= len(run[0])
    }


def _all(text: str, private: PrivateWords) -> Iterator[PrivateSpot]:
    for value in private.values:
        yield from _standing(text, value, _KNOWN, "（略）")
    for name in private.names:
        yield from _standing(text, name, _SOMEBODY, f"{family_of(name)}某")
    for part in private_parts(text):
        yield PrivateSpot(part.start, part.end, part.kind, text[part.start : part.end], "（号码略）")
    for rule in rules():
        for match in rule.find.finditer(text):
            start, end = match.span("part")
            instead = rule.instead.replace("$surname", family_of(match["part"]))
            if end > start:
                yield PrivateSpot(start, end, rule.title, text[start:end], instead)


def family_of(name: str) -> str:
    """The family name in a name."""
    found = _BEGINS.match(name)
    return found[0] if found else name[:1]


def _standing(text: str, value: str, kind: Said, instead: str) -> Iterator[PrivateSpot]:
    """Where a value stands, however it is spaced."""
    core = re.sub(r"[\s\-·•]", "", value)
    if len(core) < 2:
        return
    pattern = r"[\s\-·•]*".join(re.escape(sign) for sign in core)
    for match in re.finditer(pattern, text, re.IGNORECASE):
        yield PrivateSpot(match.start(), match.end(), kind, match[0], instead)


@cache
def rules() -> tuple[SpotRule, ...]:
    """The rules of ``spots.yaml``."""
    written = yaml.safe_load((Path(__file__).parent / "spots.yaml").read_text(encoding="utf-8"))
    return tuple(
        SpotRule(
            Said(one["title"]["zh"], one["title"]["en"]),
            re.compile(one["find"].replace("$surname", _SURNAME).replace("$given", _GIVEN)),
            one["instead"],
        )
        for one in written
    )
