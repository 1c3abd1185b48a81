"""Refusals: why the kernel does not let something happen. The state is untouched, and the words are for the person who asked.

Refusal
├── Gone          the task or timer is no longer open
│   └── Merged    because the issue was merged into another
├── NotAllowed    this person has no such task in this issue
├── Taken         somebody else has claimed the task
├── Unavailable   the action does not exist, or its condition does not hold
├── FourEyes      the same person may not do both
├── Recused       the matter concerns this person, and somebody else has to decide it
├── StandsStill   the issue is suspended
├── TooSoon       somebody urged a moment ago
├── Occupied      what was to be booked is taken
└── Invalid       the form has errors, by field
"""

from __future__ import annotations

from collections.abc import Mapping

#: What is said of a department to which nobody can give work.
VACANT: Mapping[str, str] = {
    "zh": "该单位现在没有在岗人员，请另选单位，或先在名册里补上人员。",
    "en": "Nobody serves in this department now; choose another, or have somebody entered in the register first.",
}


class Refusal(Exception):
    """The event is refused; ``message`` says why in each language, ``code`` names the kind for programs."""

    code = "refused"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.message: Mapping[str, str] = {"zh": zh, "en": en}


class Gone(Refusal):
    """The task or timer is no longer open."""

    code = "gone"

    def __init__(self) -> None:
        super().__init__(
            "这项任务已经办完，或流程已进入下一步。", "This task has been done already, or the issue has moved on."
        )


class Merged(Gone):
    """The task is no longer open, because the issue was merged into another."""

    def __init__(self) -> None:
        Refusal.__init__(
            self,
            "这件事项已并入另一件办理；要说的话请留言，会转到那一件。",
            "This issue was merged into another; please leave a remark, which arrives there.",
        )


class NotAllowed(Refusal):
    """This person has no such task in this issue."""

    code = "not-allowed"

    def __init__(self) -> None:
        super().__init__("这项任务不在您名下，您不能办理。", "This task is not yours to act on.")


class Taken(Refusal):
    """Somebody else has claimed the task; ``owner`` is who."""

    code = "taken"

    def __init__(self, owner: str) -> None:
        super().__init__("这项任务已由他人领取。", "Somebody else has claimed this task.")
        self.owner = owner


class Unavailable(Refusal):
    """The action does not exist at this step, or its condition does not hold."""

    code = "unavailable"


class FourEyes(Refusal):
    """The same person may not act at two steps."""

    code = "four-eyes"

    def __init__(self) -> None:
        super().__init__(
            "前面的步骤是您办理的，这一步须由他人办理。", "You acted at an earlier step; this one is for somebody else."
        )


class Recused(Refusal):
    """The matter concerns this person, and somebody else has to decide it."""

    code = "recused"

    def __init__(self) -> None:
        super().__init__(
            "这件事项与您有关，您须回避，由他人办理。", "This issue concerns you; it is for somebody else to act here."
        )


class StandsStill(Refusal):
    """The issue is suspended."""

    code = "suspended"

    def __init__(self) -> None:
        super().__init__("这件事项已暂停办理。", "This issue is suspended.")


class TooSoon(Refusal):
    """This person has urged not long ago."""

    code = "too-soon"

    def __init__(self) -> None:
        super().__init__("您刚刚催办过，请过些时候再催。", "You have urged not long ago; please give it some time.")


class Occupied(Refusal):
    """Others have booked it for that time; each argument is what was wanted and what is free then, in one language."""

    code = "occupied"

    def __init__(self, zh: tuple[str, str], en: tuple[str, str]) -> None:
        free = f"这段时间还空着的有：{zh[1]}。" if zh[1] else "请另选时间。"
        other = f"Free at that time: {en[1]}." if en[1] else "Please choose another time."
        super().__init__(f"“{zh[0]}”在这段时间已被预订。{free}", f"“{en[0]}” is booked at that time. {other}")


class Invalid(Refusal):
    """The form has errors; ``errors`` holds a message in each language by field."""

    code = "invalid"

    def __init__(self, errors: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__("表单有误，请改正后再提交。", "The form has errors; please correct them.")
        self.errors = errors
