"""What can be chosen from in a column: the program's own lists, and those that the register and the file bring.

An entry is found by its code, by its name, or by both as a drop-down writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from definitions.text import Said
from huying.register.levels import AREA_LEVELS, DEPUTY_LEVELS
from huying.register.workbook.cell import Unclear, clean, several
from huying.rights.role import ROLES

_MOST_CHOICES = 3
#: Lists of the program that are no longer are offered whole.
_FEW = 8
#: Of longer lists no likeness is looked for: the comparison takes each entry.
_LONGEST_LIST = 12_000


class SheetOption(NamedTuple):
    """One entry; ``hint`` tells two of one name apart, ``own`` is one of the program's own lists."""

    code: str
    names: Said
    hint: str = ""
    own: bool = False

    @property
    def shown(self) -> str:
        """As it stands in a drop-down: the code and the name; in the program's own lists, where nobody knows codes, the name first."""
        if self.names.zh in ("", self.code):
            return self.code
        return f"{self.names.zh} {self.code}" if self.own else f"{self.code} {self.names.zh}"


FIXED: Mapping[str, tuple[SheetOption, ...]] = {
    "area_levels": tuple(SheetOption(key, Said(**names), own=True) for key, names in AREA_LEVELS.items()),
    "deputy_levels": tuple(SheetOption(key, Said(**names), own=True) for key, names in DEPUTY_LEVELS.items()),
    "organisation_kinds": (
        SheetOption("department", Said("承办单位", "Department"), own=True),
        SheetOption("office", Said("总办公室", "Office"), own=True),
    ),
    "station_kinds": (
        SheetOption("area", Said("区域站", "Of an area"), own=True),
        SheetOption("industry", Said("行业站", "Of an industry"), own=True),
        SheetOption("point", Said("联系点", "Point"), own=True),
    ),
    "person_kinds": (
        SheetOption("deputy", Said("人大代表", "Deputy"), own=True),
        SheetOption("liaison", Said("联络员", "Liaison officer"), own=True),
        SheetOption("staff", Said("工作人员", "Staff"), own=True),
        SheetOption("handler", Said("承办人", "Handler"), own=True),
        SheetOption("citizen", Said("群众", "Resident"), own=True),
        SheetOption("administrator", Said("管理员", "Administrator"), own=True),
    ),
    "functions": (
        SheetOption("head", Said("负责人", "Head"), own=True),
        SheetOption("clerk", Said("工作人员", "Clerk"), own=True),
        SheetOption("deputy", Said("代表", "Deputy"), own=True),
        SheetOption("liaison", Said("联络员", "Liaison officer"), own=True),
        SheetOption("handler", Said("承办人", "Handler"), own=True),
        SheetOption("substitute", Said("代理负责人", "Substitute"), own=True),
    ),
    # what is guarded is granted on its own page alone, where it may take two
    "roles": tuple(SheetOption(one.key, one.title, own=True) for one in ROLES.values() if not one.guarded),
    "languages": (
        SheetOption("zh", Said("中文", "Chinese"), own=True),
        SheetOption("en", Said("英文", "English"), own=True),
    ),
    "weekdays": tuple(
        SheetOption(en.casefold(), Said(f"周{zh}", en), own=True)
        for zh, en in zip(
            "一二三四五六日",
            ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
            strict=True,
        )
    ),
}
#: The lists of codes that the program reads itself.
LISTS: tuple[SheetOption, ...] = (
    SheetOption("industries", Said("行业", "Industries"), own=True),
    SheetOption("competences", Said("承办职责", "Competences"), own=True),
    SheetOption("delegations", Said("代表团", "Delegations"), own=True),
    SheetOption("haves", Said("九有", "Haves"), own=True),
    SheetOption("emergencies", Said("紧急电话", "Emergencies"), own=True),
    SheetOption("ways", Said("首页入口", "Ways in"), own=True),
    SheetOption("reasons", Said("查看事由", "Reasons"), own=True),
)
#: Other words for entries of the program's own lists, as offices write them.
_ALSO: Mapping[str, Mapping[str, str]] = {
    "person_kinds": {
        "代表": "deputy",
        "区人大代表": "deputy",
        "职工": "staff",
        "居民": "citizen",
        "系统管理员": "administrator",
    },
    "functions": {"站长": "head", "主任": "head", "联络站站长": "head", "人大代表": "deputy", "经办人": "handler"},
    "station_kinds": {"区域": "area", "地区站": "area", "行业": "industry", "站": "area", "点": "point"},
    "organisation_kinds": {"部门": "department", "单位": "department", "办公室": "office"},
    "area_levels": {"乡镇": "town", "乡": "town", "居委会": "neighbourhood", "村委会": "village", "县": "district"},
    "deputy_levels": {
        "全国": "national",
        "省": "provincial",
        "省级": "provincial",
        "市": "city",
        "市级": "city",
        "区": "district",
        "区级": "district",
        "县": "district",
        "镇": "town",
        "乡镇": "town",
    },
    "weekdays": {
        **{
            f"{week}{n}": day
            for week in ("星期", "礼拜")
            for n, day in zip("一二三四五六日", [o.code for o in FIXED["weekdays"]], strict=True)
        },
        **{str(n): option.code for n, option in enumerate(FIXED["weekdays"], 1)},
        "星期天": "sunday",
        "周天": "sunday",
    },
}


class OptionList:
    """The entries of one list, ready to be found; ``what`` is what they are called in a sentence."""

    def __init__(self, what: Said, options: Iterable[SheetOption], also: Mapping[str, str] | None = None) -> None:
        self._what = what
        self._codes: dict[str, SheetOption] = {}
        self._spellings: dict[str, tuple[str, ...]] = {}
        self._named: dict[str, list[SheetOption]] = {}
        self._also = {key.casefold(): code for key, code in (also or {}).items()}
        for option in options:
            if option.code.casefold() in self._codes:
                continue
            self._codes[option.code.casefold()] = option
            for name in {clean(name) for name in option.names} - {None, option.code}:
                self._named.setdefault(str(name).casefold(), []).append(option)

    def __contains__(self, code: str) -> bool:
        return code.casefold() in self._codes

    def __iter__(self) -> Iterator[SheetOption]:
        return iter(self._codes.values())

    def told(self, code: str) -> str:
        """An entry as a drop-down shows it."""
        found = self._codes.get(code.casefold())
        return found.shown if found else code

    def named(self, code: str) -> str:
        """The name of an entry, if nothing else is meant by it and it can stand in an enumeration; else its code."""
        name = self.name(code)
        sole = len(self._named.get((clean(name) or "").casefold(), ())) == 1
        return name if sole and len(several(name)) == 1 else code

    def name(self, code: str) -> str:
        """What an entry is called in Chinese; its code if there is none."""
        found = self._codes.get(code.casefold())
        return found.names.zh if found else code

    def code(self, text: str) -> str:
        """The code that a (cleaned) text means; raises ``Unclear`` if it means none, or more than one."""
        found = self._exact(text)
        if found is not None:
            return found
        named = self._named.get(text.casefold(), ())
        if len(named) > 1:
            shown = "、".join(_told(option) for option in named[:_MOST_CHOICES])
            raise Unclear(
                Said(f"有 {len(named)} 个“{text}”：{shown}", f"there are {len(named)} of the name “{text}”: {shown}"),
                Said("改写代码（登录名）", "write the code (the login)"),
                *((option.code, Said(_told(option), _told(option))) for option in named[:_MOST_CHOICES]),
            )
        raise self._unknown(text)

    def _exact(self, text: str) -> str | None:
        folded = text.casefold()
        if folded in self._codes:
            return self._codes[folded].code
        if folded in self._also:
            return self._also[folded]
        first, last = text.partition(" ")[::2], text.rpartition(" ")[::-2]
        for code, name in (first, last):
            both = self._codes.get(code.casefold())
            if both and name and name.casefold() in self._spelt(both, name):
                return both.code
        named = self._named.get(folded, ())
        return named[0].code if len(named) == 1 else None

    def _spelt(self, option: SheetOption, name: str) -> tuple[str, ...]:
        """The names of an entry as they are compared; whatever stands beside the code of one that has none."""
        if not option.names.zh:
            return (name.casefold(),)
        if option.code not in self._spellings:
            self._spellings[option.code] = tuple((clean(one) or "").casefold() for one in option.names)
        return self._spellings[option.code]

    def _unknown(self, text: str) -> Unclear:
        near = self._near(text)
        best = near[0] if near else None
        what = self._what
        like = Said(f"，最像的是“{best.shown}”", f"; the nearest is “{best.shown}”") if best else Said("", "")
        own = [option for option in self if option.own]
        if own and len(own) <= _FEW:
            every = "、".join(option.names.zh for option in own)
            remedy = Said(f"写其中一个：{every}", f"write one of: {', '.join(option.names.en for option in own)}")
            near = list({option.code: option for option in (*near, *own)}.values())
        elif self._codes:
            remedy = Said(
                "从下拉表里选，或先在相应的表里加上", "choose from the list, or add it on its own sheet first"
            )
        else:
            remedy = Said(f"先在相应的表里加上{what.zh}", f"add the {what.en} on its own sheet first")
        return Unclear(
            Said(f"没有{what.zh}“{text}”{like.zh}", f"there is no {what.en} “{text}”{like.en}"),
            remedy,
            *((option.code, Said(option.shown, option.names.en if option.own else option.shown)) for option in near),
        )

    def _near(self, text: str) -> list[SheetOption]:
        if len(self._codes) > _LONGEST_LIST:
            return []
        folded = text.casefold()
        names = get_close_matches(folded, self._named, n=_MOST_CHOICES, cutoff=0.6)
        codes = get_close_matches(folded, self._codes, n=_MOST_CHOICES, cutoff=0.75)
        found = [option for name in names for option in self._named[name]] + [self._codes[code] for code in codes]
        return list({option.code: option for option in found}.values())[:_MOST_CHOICES]


def _told(option: SheetOption) -> str:
    return option.hint or f"{option.code} {option.names.zh}".strip()


WORDS: Mapping[str, Said] = {
    "area_levels": Said("层级", "level"),
    "deputy_levels": Said("代表层级", "level"),
    "organisation_kinds": Said("类别", "kind"),
    "station_kinds": Said("类别", "kind"),
    "person_kinds": Said("身份", "kind"),
    "functions": Said("职务", "function"),
    "languages": Said("语言", "language"),
    "roles": Said("可用表格授予的权限", "role that a sheet can grant"),
    "weekdays": Said("星期", "weekday"),
    "lists": Said("代码表", "list"),
    "industries": Said("行业", "industry"),
    "competences": Said("承办职责", "competence"),
    "delegations": Said("代表团", "delegation"),
    "haves": Said("“九有”项目", "have"),
    "calendars": Said("日历", "calendar"),
    "areas": Said("区划", "area"),
    "organisations": Said("单位", "organisation"),
    "stations": Said("站点", "station"),
    "places": Said("站点或单位", "station or organisation"),
    "people": Said("人员", "person"),
}


def fixed(name: str) -> OptionList:
    """One of the program's own lists."""
    return OptionList(WORDS[name], FIXED[name], _ALSO.get(name))
