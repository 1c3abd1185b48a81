"""Closing a year: its lines are kept as they stand, and from then on nothing but amendments, which everybody sees, changes them."""

from __future__ import annotations

from msgspec.structs import replace as changed
from sqlalchemy import Connection

from definitions.files.chapters import shipped_rules
from engine.refusal import NotAllowed, Unavailable
from huying.access.viewer import viewer
from huying.database.connections import Writing
from huying.errors import NotFound
from huying.files.deeds import (
    OfLine,
    assure_in_year,
    assure_standing,
    checked,
    one_by_one,
    replace_line,
    volume_in,
    write,
)
from huying.files.entry import DeedWords, EntryMatter, FilePeriod, KeptLine
from huying.files.permission import right_to
from huying.files.upkeep import freshen
from huying.files.volume import Volume, lines_in
from huying.house.by import By
from huying.house.house import House


def unready(volume: Volume) -> tuple[int, int]:
    """How many drafts and how many objections keep a year from being closed."""
    states = [one.state for one in volume.entries]
    return states.count("draft"), states.count("objected")


def assure_closable(house: House, participant_id: int, year: int, by: By) -> Volume:
    """The file that is to be closed; ``NotAllowed``, or ``Unavailable`` with what is still to be done."""
    freshen(house)
    with house.database.at_one_moment() as connection:
        return _closable(house, connection, OfLine(participant_id, year, ""), by)


def _closable(house: House, connection: Connection, of: OfLine, by: By) -> Volume:
    if not right_to(connection, viewer(connection, by.somebody), of.participant_id, by.now).keeps:
        raise NotAllowed
    year, volume = of.year, volume_in(connection, of.participant_id, of.year)
    if volume.closed:
        raise Unavailable(f"{year} 年的档案已经封账。", f"The file of {year} is closed already.")
    if year >= house.day_of(by.now).year + 1:
        raise Unavailable("这一年还没有开始。", "That year has not begun.")
    drafts, objections = unready(volume)
    if drafts or objections:
        raise Unavailable(
            f"还有 {drafts} 条没有核实、{objections} 条异议没有答复，处理完再封账。",
            f"{drafts} drafts and {objections} objections are still open; settle them first.",
        )
    return volume


def closing(house: House, participant_id: int, year: int, by: By) -> Writing:
    """What closes a year, to be written in the caller's transaction."""
    of = OfLine(participant_id, year, "")
    assure_closable(house, participant_id, year, by)

    def write_it(connection: Connection) -> None:
        one_by_one(connection, participant_id)
        # what held a moment ago may not any more: somebody has entered a draft, or closed it
        _closable(house, connection, of, by)
        lines = _kept(connection, participant_id, year)
        write(connection, of, "closed", DeedWords(lines=lines), by)

    return write_it


def close_year(house: House, participant_id: int, year: int, by: By) -> None:
    """Close a year at once."""
    write_it = closing(house, participant_id, year, by)
    with house.database.writing() as connection:
        write_it(connection)


def _kept(connection: Connection, participant_id: int, year: int) -> tuple[KeptLine, ...]:
    rules = shipped_rules()
    found = lines_in(connection, (participant_id,), FilePeriod.of_year(year)).get((participant_id, year), [])
    patterns = {name: dict(rule.title) for name, rule in rules.issues.items()}
    return tuple(changed(one, pattern=patterns.get(one.rule or "")) for one in found)


def amend(house: House, of: OfLine, matter: EntryMatter | None, reason: str, by: By) -> None:
    """Change a closed year: strike a line or put another in its place (``of.key``), or add one (without a key).

    A line that came after the closing is taken in by its key, without a matter.
    """
    if not reason.strip():
        raise Unavailable("补正要写明理由。", "Say why it is amended.")
    if matter is not None:
        assure_in_year(of, checked(matter, shipped_rules(), house.day_of(by.now), shipped=of.key))
    freshen(house)
    with house.database.writing() as connection:
        one_by_one(connection, of.participant_id)
        if not right_to(connection, viewer(connection, by.somebody), of.participant_id, by.now).keeps:
            raise NotAllowed
        volume = volume_in(connection, of.participant_id, of.year)
        if not volume.closed:
            raise Unavailable("这一年还没有封账，直接更正就行。", "The year is not closed; correct the line.")
        if not of.key and matter is None:
            raise NotFound("没有可以补正的内容。", "There is nothing to amend.")
        entry = volume.entry(of.key) if of.key else None
        if of.key and entry is None:
            raise NotFound("档案里没有这一条。", "There is no such line in the file.")
        if entry is not None:
            assure_standing(entry)
        if entry in volume.late:
            write(connection, of, "amended", DeedWords(reason=reason.strip(), accepted=True), by)
        else:
            replace_line(connection, of, matter, reason.strip(), by, "amended")
