"""Templates of forms in one table: the acceptance slip, the record of talks, and the form on which a deputy says how satisfied they are."""

from __future__ import annotations

from collections.abc import Sequence

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

from definitions.text import Said
from huying.papers.layout import PaperLayout

#: Two labels and two values on a row, in millimetres.
_PAIRS = (28.0, 50.0, 28.0, 50.0)
_BOXES = Said("□ 满意　　□ 基本满意　　□ 不满意", "□ satisfied   □ basically satisfied   □ not satisfied")


_ACCEPTANCE = (
    (
        Said("事项编号", "Number"),
        "{{ issue.number }}",
        Said("收到时间", "Received"),
        "{{ issue.opened }}",
    ),
    (
        Said("反映人", "Reported by"),
        "{{ issue.reporter }}",
        Said("受理站点", "Station"),
        "{{ issue.station }}",
    ),
    (Said("事项名称", "Matter"), "{{ issue.subject }}"),
    (
        Said("办理流程", "Process"),
        "{{ issue.process }}",
        Said("地点", "Place"),
        "{{ values.place }}",
    ),
    (Said("反映内容", "Details"), "{{ values.details }}"),
    (
        Said("责任人", "In charge"),
        "{{ issue.answerable }}",
        Said("办理期限", "Due"),
        "{{ issue.due }}",
    ),
    (Said("处理意见", "What is done"), "{{ asked.way }}"),
    (
        Said("经办人", "Taken by"),
        "{{ asked.clerk }}",
        Said("联系电话", "Phone"),
        "{{ asked.phone }}",
    ),
)


def acceptance(language: str) -> bytes:
    """What somebody is given who has reported something: its number, who answers for it, and until when."""
    to = Said
    made = _begun(to("受　理　单", "Acceptance slip").of(language))
    made.grid(
        *in_language(language, _ACCEPTANCE),
        widths=_PAIRS,
    )
    made.line()
    made.body(
        to(
            "您反映的事项已经受理。请妥善保管本单，凭事项编号和查询码可以随时查询办理进度。",
            "Your matter was taken up. Keep this slip: with its number and your code you can follow it at any time.",
        ).of(language)
    )
    made.signature("{{ organ }}", "{{ date }}", room=1)
    return made.made()


_TALK = (
    (
        Said("建议编号", "Number"),
        "{{ issue.number }}",
        Said("代表", "Deputy"),
        "{{ asked.deputy }}",
    ),
    (Said("建议名称", "Suggestion"), "{{ issue.subject }}"),
    (
        Said("承办单位", "Unit"),
        "{{ asked.unit }}",
        Said("面商次数", "Which talk"),
        "{{ asked.round }}",
    ),
    (Said("时间", "When"), "{{ asked.day }}", Said("方式", "How"), "{{ asked.way }}"),
    (Said("地点", "Where"), "{{ asked.place }}"),
    (Said("参加人员", "Present"), "{{ asked.present }}"),
    (Said("沟通内容", "What was said"), "{{ asked.said }}"),
    (Said("商定事项", "What was agreed"), "{{ asked.agreed }}"),
    (
        Said("代表签名", "Deputy’s signature"),
        "",
        Said("承办人签名", "Signature of the unit"),
        "",
    ),
)


def talk(language: str) -> bytes:
    """A record of a talk with a deputy before the reply is written."""
    to = Said
    made = _begun(to("面商（沟通）记录", "Record of a talk").of(language))
    made.grid(
        *in_language(language, _TALK),
        widths=_PAIRS,
        tall=(6, 7),
    )
    made.line()
    made.line(to("记录人：{{ asked.recorder }}", "Recorded by {{ asked.recorder }}").of(language), align=ALIGN.RIGHT)
    return made.made()


_OPINION = (
    (
        Said("建议编号", "Number"),
        "{{ issue.number }}",
        Said("代表", "Deputy"),
        "{{ asked.deputy }}",
    ),
    (Said("建议名称", "Suggestion"), "{{ issue.subject }}"),
    (
        Said("主办单位", "Lead"),
        "{{ asked.lead }}",
        Said("会办单位", "Assisting"),
        "{{ asked.assist }}",
    ),
    (
        Said("答复文号", "Reply"),
        "{{ asked.reply }}",
        Said("答复类别", "Class"),
        "{{ asked.class }}",
    ),
    (
        Said("答复前是否面商", "Talked before?"),
        Said("□ 走访　□ 座谈　□ 电话　□ 未面商", "□ visit  □ meeting  □ telephone  □ no"),
    ),
    (Said("对办理过程", "With the work"), _BOXES),
    (Said("对办理结果", "With the result"), _BOXES),
    (
        Said("是否同意答复类别", "Is the class right?"),
        Said("□ 同意　□ 不同意，应为＿＿类", "□ yes   □ no, it should be ____"),
    ),
    (Said("意见和建议（不满意的请写明理由）", "Opinion (if not satisfied, why)"), ""),
    (Said("代表签名", "Deputy’s signature"), "", Said("日期", "Date"), ""),
)


def opinion(language: str) -> bytes:
    """What travels with a reply, and comes back with the deputy's verdict on the work and on its result."""
    to = Said
    made = _begun(to("办理情况征询意见表", "How satisfied are you?").of(language))
    made.grid(
        *in_language(language, _OPINION),
        widths=_PAIRS,
        tall=(8,),
    )
    made.line()
    made.body(
        to(
            "请于{{ asked.until }}前填好，寄送{{ organ }}{% if asked.address %}（{{ asked.address }}）{% endif %}。",
            "Please return it by {{ asked.until }} to {{ organ }}{% if asked.address %} ({{ asked.address }}){% endif %}.",
        ).of(language)
    )
    return made.made()


def in_language(language: str, rows: Sequence[Sequence[str | Said]]) -> list[list[str]]:
    """The rows of a form as whoever reads this language reads them."""
    return [[cell.of(language) if isinstance(cell, Said) else cell for cell in row] for row in rows]


def _begun(title: str) -> PaperLayout:
    made = PaperLayout(form=True)
    made.title(title)
    made.line("{{ number }}", align=ALIGN.RIGHT, size=14.0)
    return made
