"""Why an entry has its points, in words."""

from __future__ import annotations

from fractions import Fraction

from definitions.scores.table import ScoreItem, ScoreTable
from definitions.text import COMMA, Said, words
from engine.scores.result import Cut, ScoreLine, ScoreReason

#: What parts, levels and marks are called that tables often name; any other is called by its key.
_NAMES = {
    "excused": Said("请假", "excused"),
    "absent": Said("缺席", "absent"),
    "attended": Said("出席", "attended"),
    "spoke": Said("发言", "spoke"),
    "organised": Said("组织", "organised"),
    "lead": Said("领衔", "first signer"),
    "co-signer": Said("附议", "co-signer"),
    "partly": Said("部分达到", "partly"),
    "lacking": Said("没有", "lacking"),
    "nation": Said("国家级", "nation"),
    "province": Said("省级", "province"),
    "city": Said("市级", "city"),
    "county": Said("县级", "county"),
    "key": Said("重点办理", "key item"),
    "excellent": Said("评为优秀", "excellent"),
    "accepted": Said("采纳", "accepted"),
    "solved": Said("已解决", "solved"),
    "present": Said("到会", "present"),
}
_UNITS = {
    "half-day": Said("{0} 个半天", "{0} half-days"),
    "day": Said("{0} 天", "{0} days"),
    "number": Said("{0} 户（人）", "{0} households or persons"),
}
_WHY = {
    "each": Said("每次 {points} 分", "{points} each"),
    "first": Said("首次 {points} 分", "{points} for the first"),
    "part": Said("{about}：{points} 分", "{about}: {points}"),
    "level": Said("{about}：{points} 分", "{about}: {points}"),
    "mark": Said("{about}：另加 {points} 分", "{about}: {points} more"),
    "away": Said("{about}，不计分", "{about}: not counted"),
    "evidence": Said("没有佐证材料，不计分", "no evidence: not counted"),
    "same": Said("同一件事已计分", "the same matter was counted already"),
    "target": Said("计入应完成的数量", "counts towards the number that is asked for"),
    "share": Said("计入比例", "counts towards the share"),
    "not worth": Said("计分表没有写这一种的分值", "the table says no points for this one"),
}
_CUT = {
    "at most": Said("按上限计 {points} 分（原为 {sum}）", "capped at {points} (of {sum})"),
    "at least": Said("按下限计 {points} 分（原为 {sum}）", "no lower than {points} (of {sum})"),
    "lower": Said(
        "几项只计最高的一项，这一项不计（原为 {sum}）", "only the highest of several counts; not this one (of {sum})"
    ),
}


def points_words(points: Fraction) -> str:
    """Points to two places at most, with a real minus."""
    text = f"{float(points):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "0") else text.replace("-", "−")


def name_of(key: str, language: str) -> str:
    """What a part, level or mark is called."""
    return _NAMES[key].of(language) if key in _NAMES else key


def reason_words(reason: ScoreReason, language: str) -> str:
    """One rule that was applied."""
    about = name_of(reason.about, language)
    return _WHY[reason.why].of(language).format(about=about, points=points_words(reason.points))


def line_words(line: ScoreLine, item: ScoreItem, language: str) -> str:
    """All that was applied to an entry."""
    said = [reason_words(one, language) for one in line.reasons]
    if item.each in _UNITS and line.counted:
        said.insert(0, _UNITS[item.each].of(language).format(line.units))
    return COMMA.of(language).join(said)


def cut_words(cut: Cut, points: Fraction, whole: Fraction, language: str) -> str:
    """How a sum was cut; empty if it was not."""
    return _CUT[cut].of(language).format(points=points_words(points), sum=points_words(whole)) if cut else ""


def band_words(table: ScoreTable, band: str, language: str) -> str:
    """What a band is called."""
    found = table.bands.get(band)
    return words(found.title, language, band) if found else band
