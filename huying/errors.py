"""Why a use case refuses, in the words of the person who asked.

Refusal (engine)
├── NotFound      there is no such issue, task, station, definition
├── AlreadyDone   somebody was first; says who, what and when
├── Reused        the request's key was used for something else
├── Later         it may be asked again after some seconds
├── TooLarge      an upload is larger than allowed
└── WrongFile     an upload is of a kind that is not taken
"""

from __future__ import annotations

from engine.refusal import Refusal


class NotFound(Refusal):
    """There is no such thing, or this person may not know of it."""

    code = "not-found"


class AlreadyDone(Refusal):
    """Somebody was first."""

    code = "already-done"


class Reused(Refusal):
    """The request's key was used for something else."""

    code = "request-reused"

    def __init__(self) -> None:
        super().__init__(
            "这个请求编号已用于另一次操作，请重新提交。",
            "This request key was used for something else; please submit again.",
        )


class TooLarge(Refusal):
    """The upload is larger than allowed."""

    code = "too-large"


class WrongFile(Refusal):
    """The upload is of a kind that is not taken."""

    code = "wrong-file"


class Later(Refusal):
    """Not now; ``seconds`` until it may be asked again, ``about`` which bound."""

    code = "later"

    def __init__(self, seconds: int, zh: str, en: str, about: str = "") -> None:
        self.about = about
        self.seconds = max(1, seconds)
        minutes = -(-self.seconds // 60)
        wait = (f"{self.seconds} 秒", f"{self.seconds} seconds")
        if self.seconds >= 120:
            wait = (f"{minutes} 分钟", f"{minutes} minutes")
        super().__init__(f"{zh}，请 {wait[0]}后再试。", f"{en}; please try again in {wait[1]}.")
