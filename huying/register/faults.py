"""What is wrong with a register in YAML: where, what, and what would be right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from definitions.finding import nearest
from definitions.text import Said
from engine.refusal import Refusal

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_LONGEST = 60
_MOST_NAMED = 12


class RegisterFinding(NamedTuple):
    """One fault: its place, such as ``stations[0].area``, what is wrong there, and what to write instead."""

    place: str
    wrong: Said
    remedy: Said

    @property
    def words(self) -> Said:
        """All of it as one line."""
        return Said(
            f"{self.place}：{self.wrong.zh}。{self.remedy.zh}。", f"{self.place}: {self.wrong.en}. {self.remedy.en}."
        )


class WrongRegister(Refusal):
    """The data cannot be imported; ``findings`` says where and why, all at once."""

    code = "wrong-register"

    def __init__(self, findings: Sequence[RegisterFinding]) -> None:
        head = Said("名册有误，没有导入：", "The register is wrong; nothing was imported:")
        told = [head, *(finding.words for finding in findings)]
        super().__init__("\n".join(one.zh for one in told), "\n".join(one.en for one in told))
        self.findings = tuple(findings)


def place(*path: object) -> str:
    """Where something stands."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def unknown(at: str, title: Said, name: str, known: Iterable[str]) -> RegisterFinding:
    """Something is named that there is not; what there is, or what was probably meant."""
    there = sorted(known)
    meant = nearest(name, there)
    if meant is not None:
        remedy = Said(f"是不是“{meant}”", f"Perhaps “{meant}” was meant")
    elif 0 < len(there) <= _MOST_NAMED:
        remedy = Said(f"现有：{'、'.join(there)}", f"There is {', '.join(there)}")
    else:
        remedy = Said(f"请先写上这个{title.zh}，或改正名字", f"Enter this {title.en} first, or put the name right")
    return RegisterFinding(at, Said(f"没有{title.zh}“{name}”", f"there is no {title.en} “{name}”"), remedy)


def misshapen(error: ErrorDetails) -> RegisterFinding:
    """What a value is that cannot stand where it does."""
    found, at = error["input"], error["loc"]
    limits: Mapping[str, Any] = error.get("ctx") or {}
    known = _KINDS.get(error["type"])
    if error["type"] in ("literal_error", "string_pattern_mismatch", "value_error"):
        wrong, remedy = _OWN[error["type"]](found, limits)
    elif known is not None:
        wrong, remedy = known
    else:
        wrong = Said("值不合要求", "this value does not fit")
        remedy = Said("请对照示例城市的写法", "Write it as the sample city does")
    parts = at[:-1] if at and at[-1] == "[key]" else at
    told = _quoted(found) if error["type"] not in ("missing", "extra_forbidden") else Said("", "")
    filled = {name: str(value) for name, value in limits.items()}
    return RegisterFinding(
        place(*parts),
        Said(*(a + b for a, b in zip(_filled(wrong, filled), told, strict=True))),
        _filled(remedy, filled),
    )


def _filled(words: Said, limits: Mapping[str, str]) -> Said:
    found = words
    for name, value in limits.items():
        found = Said(*(text.replace("{" + name + "}", value) for text in found))
    return found


def _quoted(found: object) -> Said:
    text = str(found) if isinstance(found, str | int | float) else type(found).__name__
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return Said(f"，写的是“{short}”", f", found “{short}”")


def _choice(found: object, limits: Mapping[str, Any]) -> tuple[Said, Said]:
    known = [one.strip("' ") for one in str(limits.get("expected", "")).replace(" or ", ", ").split(",")]
    meant = nearest(found, known) if isinstance(found, str) else None
    named, listed = "、".join(known), ", ".join(known)
    if meant is not None:
        return _NO_CHOICE, Said(f"是不是“{meant}”（可写：{named}）", f"Perhaps “{meant}” was meant, of {listed}")
    return _NO_CHOICE, Said(f"写其中一个：{named}", f"Write one of {listed}")


def _pattern(found: object, limits: Mapping[str, Any]) -> tuple[Said, Said]:
    pattern = str(limits.get("pattern", ""))
    if ":" in pattern:
        return Said("不是钟点", "this is no hour of the day"), Said('写成 "09:00"，带引号', 'Write "09:00", in quotes')
    if pattern.startswith("^[a-z]"):
        return Said("登录名不合要求", "this is no login"), Said(
            "用小写字母开头，只用小写字母、数字、. - _", "Begin with a small letter, then small letters, digits, . - _"
        )
    return Said("代码不合要求", "this is no code"), Said(
        "用字母或数字开头，只用字母、数字、- 和 _", "Begin with a letter or a digit, then letters, digits, - and _"
    )


def _value(found: object, limits: Mapping[str, Any]) -> tuple[Said, Said]:
    # the one check that is not of pydantic's own is that of mail addresses
    return Said("不是邮箱地址", "this is no mail address"), Said("写成 name@example.cn", "Write it as name@example.cn")


_NO_CHOICE = Said("这里不能这样写", "this cannot stand here")
_OWN: Mapping[str, Callable[[object, Mapping[str, Any]], tuple[Said, Said]]] = {
    "literal_error": _choice,
    "string_pattern_mismatch": _pattern,
    "value_error": _value,
}
_TEXT = (Said("这里要写文字", "this must be a text"), Said("加上引号", "Put it in quotes"))
_LIST = (
    Said("这里要写几项", "this must be a list"),
    Said("写成 [甲, 乙]，只有一项也要方括号", "Write [a, b], with brackets even for one"),
)
_PARTS = (
    Said("这里要写“键: 值”", "this must be keys with values"),
    Said("例如 {zh: 名称, en: Name}", "Such as {zh: 名称, en: Name}"),
)
_DAY = (Said("不是日期", "this is no day"), Said("写成 2026-11-01", "Write it as 2026-11-01"))
_NUMBER = (Said("这里要写数", "this must be a number"), Said("写成 24.4795", "Write it as 24.4795"))
#: By pydantic's names of faults; its limits fill the braces.
_KINDS: Mapping[str, tuple[Said, Said]] = {
    "missing": (Said("没有写", "this is missing"), Said("请补上", "Write it")),
    "extra_forbidden": (
        Said("没有这一项", "there is no such key"),
        Said("删去，或改成认得的名字", "Take it out, or put its name right"),
    ),
    "string_type": _TEXT,
    "string_too_short": (
        Said("太短或是空的", "this is too short, or empty"),
        Said("至少 {min_length} 个字", "Write at least {min_length} characters"),
    ),
    "string_too_long": (
        Said("太长", "this is too long"),
        Said("最多 {max_length} 个字", "Write {max_length} characters at most"),
    ),
    "tuple_type": _LIST,
    "model_type": _PARTS,
    "dict_type": _PARTS,
    "mapping_type": _PARTS,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "float_type": _NUMBER,
    "less_than_equal": (Said("太大", "this is too large"), Said("最大 {le}", "Write {le} at most")),
    "greater_than_equal": (Said("太小", "this is too small"), Said("最小 {ge}", "Write {ge} at least")),
}
