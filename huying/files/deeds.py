"""What people do to a file: enter, confirm, return, take back, correct, object, answer. Each is a row that nobody changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from msgspec import to_builtins
from sqlalchemy import Connection, insert, select

from definitions.files.chapters import FileRules, shipped_rules
from engine.refusal import Invalid, NotAllowed, Unavailable
from huying.access.viewer import viewer
from huying.database.tables import file_deeds, participants
from huying.errors import NotFound
from huying.files.entry import DeedWords, EntryMatter, FileEntry, FilePeriod, What
from huying.files.permission import FileRight, right_to
from huying.files.volume import Volume, hand_key, volumes
from huying.house.by import By
from huying.house.house import House
from huying.house.kept import hold

_LONGEST = 500
_MOST_HALF_DAYS = 60
_EARLIEST = date(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class OfLine:
    """A line of a file: whose, of which year, and its key."""

    participant_id: int
    year: int
    key: str


def enter(house: House, participant_id: int, matter: EntryMatter, evidence: Iterable[str], by: By) -> str:
    """Write an entry: a draft, or at once confirmed if the office writes it; its key.

    ``Invalid`` says what is missing; ``Unavailable`` after the year was closed: then it is an amendment.
    """
    rules = shipped_rules()
    day = checked(matter, rules, house.day_of(by.now))
    said = DeedWords(matter=matter)
    with house.database.writing() as connection:
        one_by_one(connection, participant_id)
        right = _entering(connection, participant_id, by)
        _open_year(volume_in(connection, participant_id, day.year))
        of = OfLine(participant_id, day.year, "")
        number = write(connection, of, "entered", said, by, kept_evidence(house, evidence))
        key = hand_key(number)
        if right.keeps:
            write(connection, OfLine(participant_id, day.year, key), "confirmed", DeedWords(), by.part(".confirmed"))
    return key


def assure_enters(house: House, participant_id: int, by: By) -> None:
    """``NotAllowed`` or ``NotFound``, before anything is kept of what somebody sends who may not write here."""
    with house.database.reading() as connection:
        _entering(connection, participant_id, by)


def _entering(connection: Connection, participant_id: int, by: By) -> FileRight:
    right = right_to(connection, viewer(connection, by.somebody), participant_id, by.now)
    if not right.enters:
        raise NotAllowed
    return right


def confirm(house: House, of: OfLine, by: By) -> None:
    """Say that a draft is right; by the office, or by the deputy what others entered for them from paper."""
    with house.database.writing() as connection:
        right, _, entry = _about(house, connection, of, by)
        if not right.keeps:
            raise NotAllowed
        _state(entry, "draft")
        write(connection, of, "confirmed", DeedWords(), by)


def send_back(house: House, of: OfLine, reason: str, by: By) -> None:
    """Return a draft to whoever entered it, with a reason."""
    with house.database.writing() as connection:
        right, _, entry = _about(house, connection, of, by)
        if not right.keeps:
            raise NotAllowed
        _state(entry, "draft")
        write(connection, of, "returned", DeedWords(reason=_reason(reason)), by)


def take_back(house: House, of: OfLine, by: By) -> None:
    """Take back a draft, by whoever entered it or whose file it is; what was written stays among the deeds."""
    with house.database.writing() as connection:
        right, _, entry = _about(house, connection, of, by)
        if not (right.own or right.keeps or entry.entered_by == by.somebody):
            raise NotAllowed
        _state(entry, "draft")
        write(connection, of, "taken back", DeedWords(), by)


def correct(house: House, of: OfLine, matter: EntryMatter | None, reason: str, by: By) -> None:
    """Let another line stand in the place of one, or none (``matter`` is ``None``); the old one stays, struck through."""
    if matter is not None:
        assure_in_year(of, checked(matter, shipped_rules(), house.day_of(by.now), shipped=of.key))
    with house.database.writing() as connection:
        right, _, entry = _about(house, connection, of, by)
        if not right.keeps:
            raise NotAllowed
        assure_standing(entry)
        replace_line(connection, of, matter, _reason(reason), by)


def object_to(house: House, of: OfLine, reason: str, by: By) -> None:
    """The deputy says that a line is wrong; the office answers."""
    with house.database.writing() as connection:
        right, _, entry = _about(house, connection, of, by, closed=True)
        if not right.own:
            raise NotAllowed
        _state(entry, "confirmed")
        write(connection, of, "objected", DeedWords(reason=_reason(reason)), by)


def answer(house: House, of: OfLine, said: str, accepted: bool, by: By) -> None:
    """Answer an objection: granted, the line is struck; or it stays as it is."""
    with house.database.writing() as connection:
        right, volume, entry = _about(house, connection, of, by, closed=True)
        if not right.keeps:
            raise NotAllowed
        _state(entry, "objected")
        words = DeedWords(reason=_reason(said), accepted=accepted)
        write(connection, of, "answered", words, by)
        if accepted:
            what: What = "amended" if volume.closed else "corrected"
            write(connection, of, what, DeedWords(reason=_reason(said)), by.part(".struck"))


def replace_line(
    connection: Connection, of: OfLine, matter: EntryMatter | None, reason: str, by: By, what: What = "corrected"
) -> None:
    """Write what stands in the place of a line, in the caller's transaction; by the office, so it is confirmed."""
    number = write(connection, of, what, DeedWords(matter=matter, reason=reason), by)
    if matter is not None and what == "corrected":
        new = OfLine(of.participant_id, of.year, hand_key(number))
        write(connection, new, "confirmed", DeedWords(), by.part(".confirmed"))


def one_by_one(connection: Connection, participant_id: int) -> None:
    """Let others who do something to this person's files wait until this transaction has ended: what it reads of them still holds when it writes.

    SQLite knows no such lock, and has one that writes anyway; on PostgreSQL whoever only names the person does not wait.
    """
    connection.execute(
        select(participants.c.id).where(participants.c.id == participant_id).with_for_update(key_share=True)
    )


def write(connection: Connection, of: OfLine, what: What, said: DeedWords, by: By, evidence: Iterable[str] = ()) -> int:
    """One deed as a row; its number. A request that comes again finds its row."""
    key = f"{what}:{by.request_key}" if by.request_key else None
    if key is not None:
        mine = select(file_deeds.c.id).where(file_deeds.c.request_key == key[:120])
        if (known := connection.execute(mine).scalar()) is not None:
            return int(known)
    row = {
        "at": by.now,
        "by_id": by.somebody,
        "participant_id": of.participant_id,
        "year": of.year,
        "what": what,
        "line": of.key or None,
        "body": to_builtins(said),
        "evidence": list(evidence),
        "request_key": key[:120] if key else None,
    }
    return int(connection.execute(insert(file_deeds).returning(file_deeds.c.id), row).scalar_one())


def kept_evidence(house: House, evidence: Iterable[str]) -> tuple[str, ...]:
    """The references of files that are kept; what is not there is not named."""
    return tuple(one for one in evidence if hold(house.store, one.partition(":")[2]))


def checked(matter: EntryMatter, rules: FileRules, today: date, shipped: str = "") -> date:
    """The day of what was written; ``Invalid`` tells everything that is wrong with it."""
    wrong: dict[str, dict[str, str]] = {}
    kind = rules.kinds.get(matter.kind)
    if kind is None or not (kind.by_hand or shipped):
        wrong["kind"] = {"zh": "请选一种。", "en": "Choose what it was."}
    day = _day(matter.day)
    if day is None or day < _EARLIEST:
        wrong["day"] = {"zh": "请写明哪一天。", "en": "Say on which day."}
    elif day > today:
        wrong["day"] = {"zh": "这一天还没有到，办过以后再记。", "en": "That day has not come yet; enter it afterwards."}
    if not matter.title.strip():
        wrong["title"] = {"zh": "请写明什么事。", "en": "Say what it was."}
    for name in ("title", "place", "organiser", "result", "paper"):
        if len(getattr(matter, name)) > _LONGEST:
            wrong[name] = {"zh": f"最多 {_LONGEST} 字。", "en": f"At most {_LONGEST} characters."}
    if matter.part and matter.part not in rules.parts:
        wrong["part"] = {"zh": "请从表里选。", "en": "Choose one of the list."}
    if matter.half_days is not None and not (0 < matter.half_days <= _MOST_HALF_DAYS):
        wrong["half_days"] = {"zh": "半天数是 1 到 60。", "en": "Half-days are 1 to 60."}
    if wrong:
        raise Invalid(wrong)
    assert day is not None
    return day


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def volume_in(connection: Connection, participant_id: int, year: int) -> Volume:
    """Somebody's file of a year as the caller's transaction sees it."""
    found = volumes(connection, shipped_rules(), (participant_id,), FilePeriod.of_year(year))
    return found[participant_id, year]


def _about(
    house: House, connection: Connection, of: OfLine, by: By, *, closed: bool = False
) -> tuple[FileRight, Volume, FileEntry]:
    """What somebody may do with the file of a line, the file, and the line; ``Unavailable`` if the year is closed and it must not be.

    First in the transaction of a deed: others who do something to this person's files wait until it has ended.
    """
    one_by_one(connection, of.participant_id)
    right = right_to(connection, viewer(connection, by.somebody), of.participant_id, by.now)
    volume = volume_in(connection, of.participant_id, of.year)
    if not closed:
        _open_year(volume)
    entry = next((one for one in volume.entries if one.key == of.key), None)
    if entry is None:
        raise NotFound("档案里没有这一条了，请重新打开。", "This line is not in the file any more; open it again.")
    return right, volume, entry


def assure_in_year(of: OfLine, day: date) -> None:
    """A line of another year stands in another file, where nobody would find what it was put in the place of."""
    if day.year != of.year:
        raise Unavailable(f"这一天不在 {of.year} 年。", f"That day is not in {of.year}.")


def assure_standing(entry: FileEntry) -> None:
    """Another line stands in the place of each once."""
    if entry.state == "corrected":
        raise Unavailable("这一条已经更正过了。", "This line has been corrected already.")


def _open_year(volume: Volume) -> None:
    if volume.closed:
        raise Unavailable(
            f"{volume.year} 年的档案已封账，只能由办公室补正。",
            f"The file of {volume.year} is closed; only the office can amend it.",
        )


def _state(entry: FileEntry, wanted: str) -> None:
    if entry.state != wanted:
        raise Unavailable(
            "这一条刚才已经有人处理了，请重新打开看看。", "Somebody has just dealt with this line; open it again."
        )


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Invalid({"reason": {"zh": "请写明理由。", "en": "Say why."}})
    return reason.strip()[:_LONGEST]
