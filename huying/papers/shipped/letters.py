"""Templates of letters under a red head: the reply, the hand-over, the supervision notice, the minutes and the circular."""

from __future__ import annotations

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

from definitions.text import Said
from huying.papers.layout import LABEL, PaperLayout

_CONTACT = Said(
    "（联系人：{{ asked.contact }}{% if asked.phone %}，联系电话：{{ asked.phone }}{% endif %}）",
    "(Contact: {{ asked.contact }}{% if asked.phone %}, telephone {{ asked.phone }}{% endif %})",
)
_COPIES = Said("抄送：{{ asked.copies }}。", "Copies: {{ asked.copies }}.")
_ISSUED = Said("{{ organ }}\t{{ date }}印发", "{{ organ }}\tIssued on {{ date }}")


def reply(language: str) -> bytes:
    """A department's reply to a deputy: class mark, signer, answer, seal, contact, copies."""
    to = Said
    made = PaperLayout()
    made.line(to("答复类别：{{ asked.class }}", "Class: {{ asked.class }}").of(language), align=ALIGN.RIGHT, font=LABEL)
    made.head(
        "{{ organ }}",
        to("{{ number }}　　　签发人：{{ asked.signer }}", "{{ number }}    Signed by {{ asked.signer }}").of(language),
    )
    made.title(
        to("对“{{ issue.subject }}”的{{ asked.kind }}", "{{ asked.kind }} to “{{ issue.subject }}”").of(language)
    )
    made.line(to("{{ asked.addressee }}：", "Dear {{ asked.addressee }},").of(language))
    made.body(
        to(
            "您提出的“{{ issue.subject }}”（{{ issue.number }}）收悉。经研究，现答复如下：",
            "Thank you for “{{ issue.subject }}” ({{ issue.number }}). We have looked into it and reply as follows:",
        ).of(language),
        "{{ asked.text }}",
        to("感谢您对我们工作的关心和支持。", "Thank you for your interest in our work.").of(language),
    )
    made.signature("{{ organ }}", "{{ date }}")
    _closing(made, language)
    return made.made()


def handover(language: str) -> bytes:
    """Work handed to a department: what, by when, by which rule, and how it may be returned."""
    to = Said
    made = PaperLayout()
    made.head("{{ organ }}", "{{ number }}")
    made.title(to("关于交办“{{ issue.subject }}”的通知", "Work handed over: “{{ issue.subject }}”").of(language))
    made.line(to("{{ asked.lead }}：", "To {{ asked.lead }}:").of(language))
    made.body(
        to(
            "现将“{{ issue.subject }}”（编号 {{ issue.number }}，{{ issue.opened }}收到）交你单位主办"
            "{% if asked.assist %}，{{ asked.assist }}协办{% endif %}，请按要求办理。",
            "“{{ issue.subject }}” ({{ issue.number }}, received {{ issue.opened }}) is handed to you as the lead"
            "{% if asked.assist %}; {{ asked.assist }} assist{% endif %}.",
        ).of(language),
        to("一、反映内容：{{ values.details }}", "1. The matter: {{ values.details }}").of(language),
        to("二、办理要求：{{ asked.demand }}", "2. What is asked for: {{ asked.demand }}").of(language),
        to(
            "三、办理期限：请于{{ asked.due }}前办结，并书面报告办理结果。",
            "3. Time: please settle it by {{ asked.due }} and report the result in writing.",
        ).of(language),
        to(
            "四、如认为不属于你单位职责，请于收到本通知之日起{{ asked.return_within }}内书面退回，说明理由，并提出承办单位的建议，不得自行转办。",
            "4. If it is not yours to handle, return it in writing within {{ asked.return_within }}, with the reason and the unit that you propose; "
            "do not pass it on.",
        ).of(language),
    )
    made.signature("{{ organ }}", "{{ date }}")
    made.line()
    made.line(
        to(
            "签收单位：　　　　　　　签收人：　　　　　　　签收日期：", "Received by:            Name:            Date:"
        ).of(language)
    )
    _closing(made, language)
    return made.made()


def supervision(language: str) -> bytes:
    """A supervision notice: since when it is late, what is demanded, who supervises."""
    to = Said
    made = PaperLayout()
    made.head(
        "{{ organ }}",
        to("{{ number }}　　　签发人：{{ asked.signer }}", "{{ number }}    Signed by {{ asked.signer }}").of(language),
    )
    made.title(to("督 办 通 知", "Supervision notice").of(language))
    made.line(to("{{ asked.unit }}：", "To {{ asked.unit }}:").of(language))
    made.body(
        to(
            "你单位承办的“{{ issue.subject }}”（编号 {{ issue.number }}，{{ issue.opened }}收到），目前{{ issue.state }}。{{ asked.cause }}",
            "“{{ issue.subject }}” ({{ issue.number }}, received {{ issue.opened }}) is with you. "
            "It stands thus: {{ issue.state }}. {{ asked.cause }}",
        ).of(language),
        to("现提出以下要求：", "We ask for the following:").of(language),
        "{{ asked.demand }}",
        to(
            "请于{{ asked.due }}前书面报告未办结的原因、已采取和拟采取的措施及完成时限，由单位主要负责人签字并加盖公章。"
            "本事项由{{ asked.supervisor }}负责督办。",
            "By {{ asked.due }}, report in writing why it is not settled, what was done and will be done, and by when, signed and sealed by the head "
            "of your unit. {{ asked.supervisor }} supervises this matter.",
        ).of(language),
    )
    made.signature("{{ organ }}", "{{ date }}")
    _closing(made, language)
    return made.made()


def minutes(language: str) -> bytes:
    """Minutes: when, where, who, what was agreed, and who does what by when."""
    to = Said
    made = PaperLayout()
    made.head("{{ organ }}", "{{ number }}")
    made.title(to("{{ asked.matter }}会议纪要", "Minutes: {{ asked.matter }}").of(language))
    made.body(
        to(
            "{{ asked.day }}，{{ asked.chair }}在{{ asked.place }}主持召开会议，研究{{ asked.matter }}有关事项。现纪要如下：",
            "On {{ asked.day }}, {{ asked.chair }} held a meeting at {{ asked.place }} on {{ asked.matter }}. It was noted:",
        ).of(language),
        "{{ asked.text }}",
    )
    made.mark("{%p if asked.tasks %}")
    made.body(to("会议确定以下任务：", "The meeting agreed on these tasks:").of(language))
    made.rows(
        to("序号 任务 责任单位 完成时限", "No. Task Unit By").of(language).split(),
        "row in asked.tasks",
        ("{{ loop.index }}", "{{ row.task }}", "{{ row.unit }}", "{{ row.due }}"),
        (16, 70, 40, 30),
    )
    made.mark("{%p endif %}")
    made.line()
    made.body(to("出席：{{ asked.present }}", "Present: {{ asked.present }}").of(language))
    made.mark("{%p if asked.excused %}")
    made.body(to("请假：{{ asked.excused }}", "Excused: {{ asked.excused }}").of(language))
    made.mark("{%p endif %}")
    made.signature("{{ organ }}", "{{ date }}")
    _copies(made, language)
    return made.made()


def circular(language: str) -> bytes:
    """A circular: what it is about, and a table of whom it concerns."""
    to = Said
    made = PaperLayout()
    made.head("{{ organ }}", "{{ number }}")
    made.title(to("关于{{ asked.matter }}的通报", "Circular: {{ asked.matter }}").of(language))
    made.line(to("{{ asked.addressee }}：", "To {{ asked.addressee }}:").of(language))
    made.body("{{ asked.text }}")
    made.mark("{%p if asked.list %}")
    made.rows(
        to("序号 单位（姓名） 事项 情况", "No. Unit Matter Finding").of(language).split(),
        "row in asked.list",
        ("{{ loop.index }}", "{{ row.whom }}", "{{ row.what }}", "{{ row.finding }}"),
        (16, 42, 56, 42),
    )
    made.mark("{%p endif %}")
    made.signature("{{ organ }}", "{{ date }}")
    _copies(made, language)
    return made.made()


def _closing(made: PaperLayout, language: str) -> None:
    made.mark("{%p if asked.contact %}")
    made.body(_CONTACT.of(language))
    made.mark("{%p endif %}")
    _copies(made, language)


def _copies(made: PaperLayout, language: str) -> None:
    made.mark("{%p if asked.copies %}")
    made.copies(_COPIES.of(language), _ISSUED.of(language))
    made.mark("{%p endif %}")
