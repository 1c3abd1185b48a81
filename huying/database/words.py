"""What is said of a database that cannot be had: because another program keeps it, or because it cannot be reached."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError

from huying.settings import SettingError

#: In Chinese and English.
Words = tuple[str, str]


class Held(OperationalError):
    """Another process kept the database longer than we wait; its words, in Chinese and English, say which."""

    def __init__(self, words: Words, statement: str | None, error: BaseException) -> None:
        super().__init__(statement, None, error)
        self.words = words

    def __str__(self) -> str:
        return " ".join(self.words)


def unreachable(error: DBAPIError) -> SettingError:
    """That there is no database to be reached, and why."""
    if isinstance(error, Held):
        return SettingError("HUYING_DATABASE_URL", *error.words)
    return SettingError(
        "HUYING_DATABASE_URL", f"数据库连不上（{why(error)}）。", f"The database cannot be reached ({why(error)})."
    )


def words_of_held(which: str, seconds: float, who: Words) -> Words:
    """Which database was kept from us, how long we waited, and by whom."""
    return (
        f"数据库{which}被其他程序占用，等了 {seconds:g} 秒。{who[0]}请等它结束，或停止它，然后重新启动。",
        f"The database was kept by another program for more than {seconds:g} seconds. {who[1]}"
        " Wait until it has ended, or stop it, and start again.",
    )


def why(error: DBAPIError) -> str:
    """What the database said, on one line."""
    return " ".join(str(error.orig).split())[:300]
