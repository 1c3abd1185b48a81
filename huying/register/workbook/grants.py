"""The sheet of grants: given with an import by whoever could give them on the page, in the same transaction, and taken back with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Connection, delete, select

from definitions.text import Said
from engine.refusal import Invalid
from huying.database.day import day_of
from huying.database.tables import accounts, areas, grants, participants, stations
from huying.errors import NotFound
from huying.evidence.notary import notary_in
from huying.evidence.segments import Exemption, exempt
from huying.house.by import By
from huying.register.nouns import RoleGrant
from huying.register.workbook.application import WrongLines
from huying.register.workbook.comparison import LineChange
from huying.register.workbook.finding import SheetFinding
from huying.register.workbook.portions import Portions
from huying.rights.grants import NewGrant, end, give, may_give
from huying.rights.refusal import Unentitled
from huying.rights.role import ROLES
from huying.rights.scope import HOUSE, Scope, at_station

#: What is told at which column, by the entry of the page's form.
_COLUMNS = {"person": "login", "role": "role", "scope": "area", "since": "from", "until": "until", "reason": "why"}
_END = "撤回导入 the import was taken back"


def settled(changes: Iterable[LineChange]) -> tuple[Portions[LineChange], list[SheetFinding]]:
    """Without those about grants that are there already: they are ended and given anew, never changed; each is told of."""
    kept, told = Portions(LineChange), list[SheetFinding]()
    for change in changes:
        if change.kind != "grants" or change.before is None:
            kept.append(change)
            continue
        before = cast(RoleGrant, change.before)
        if change.fields() == ("since",) and cast(RoleGrant, change.after).since is None:
            # from today: it has begun already
            continue
        wrong = Said(
            f"已有这项权限（{before.since} 起，{before.until or '长期'}），日期或理由与这里不同，没有改",
            f"this is granted already (from {before.since}, until {before.until or 'further notice'}) with other days or another reason, and stays",
        )
        remedy = Said("要改，先在“权限”里收回，再授予", "to change it, end it under “Rights” and grant it anew")
        told.append(SheetFinding("grants", change.row, None, "role", before.role, wrong, remedy, error=False))
    return kept, told


def give_lines(connection: Connection, changes: Iterable[LineChange], by: By) -> None:
    """Give what the lines grant, as the page does; ``WrongLines`` says which cannot be. A command on the server is nobody, and may."""
    wrong: list[tuple[LineChange, SheetFinding]] = []
    for change in changes:
        line = cast(RoleGrant, change.after)
        try:
            scope = _scope(connection, line)
            if by.person is not None:
                may_give(connection, line.role, scope, by)
            wish = NewGrant(
                _person(connection, line.login),
                line.role,
                scope,
                line.since or day_of(by.now, connection),
                line.until,
                line.why or "",
            )
            give(connection, wish, by.now, by.person)
        except Unentitled as refusal:
            title = ROLES[line.role].title
            wrong.append(
                (change, _finding(change, "role", Said(refusal.message["zh"], refusal.message["en"]), title.zh))
            )
        except Invalid as refusal:
            entry, message = next(iter(refusal.errors.items()))
            wrong.append((change, _finding(change, _COLUMNS[entry], Said(message["zh"], message["en"]), line.role)))
    if wrong:
        raise WrongLines(wrong)


def take_back(
    connection: Connection, changes: Iterable[LineChange], given: datetime, by: By
) -> tuple[int, tuple[Said, ...]]:
    """Take back what was given with an import; of whoever was here meanwhile it is ended, not taken out. How many; what stays, and why."""
    taken, stays = 0, []
    for change in changes:
        line = cast(RoleGrant, change.after)
        fits = (grants.c.made_at == given, grants.c.ended_at.is_(None), *_same(connection, line))
        number = connection.execute(select(grants.c.id).where(*fits)).scalar()
        if number is None:
            continue
        title = ROLES[line.role].title
        try:
            if by.person is not None:
                may_give(connection, line.role, _scope(connection, line), by)
            end(connection, number, _END, by.now, by.person)
        except Unentitled as refusal:
            stays.append(_stays(line, title, refusal.message["zh"], refusal.message["en"]))
        except NotFound:
            # its days are over anyway
            continue
        except Invalid as refusal:
            message = next(iter(refusal.errors.values()))
            stays.append(_stays(line, title, message["zh"], message["en"]))
        else:
            taken += 1
            if not _was_here(connection, line.login):
                connection.execute(delete(grants).where(grants.c.id == number))
                gone = Exemption(of_table=grants.name, keys=[str(number)], why="撤销导入 the import was taken back")
                exempt(connection, notary_in(connection), gone, by.now)
    return taken, tuple(stays)


def _stays(line: RoleGrant, title: Said, zh: str, en: str) -> Said:
    return Said(f"{line.login} 的权限“{title.zh}”：{zh}", f"“{title.en}” of {line.login}: {en}")


def _finding(change: LineChange, key: str, why: Said, found: str) -> SheetFinding:
    remedy = Said("请改正，或不导入这一行", "put it right, or leave the row out")
    return SheetFinding("grants", change.row, None, key, found, Said(why.zh.rstrip("。"), why.en.rstrip(".")), remedy)


def _scope(connection: Connection, line: RoleGrant) -> Scope:
    if line.station:
        found = connection.execute(select(stations.c.id).where(stations.c.code == line.station))
        return at_station(int(found.scalar_one()))
    if line.area:
        found = connection.execute(select(areas.c.id).where(areas.c.code == line.area))
        return Scope("area", int(found.scalar_one()))
    return HOUSE


def _person(connection: Connection, login: str) -> int:
    return int(connection.execute(select(participants.c.id).where(participants.c.login == login)).scalar_one())


def _same(connection: Connection, line: RoleGrant) -> tuple[ColumnElement[bool], ...]:
    scope = _scope(connection, line)
    return (
        grants.c.participant_id == _person(connection, line.login),
        grants.c.role == line.role,
        grants.c.area_id.is_not_distinct_from(scope.number if scope.kind == "area" else None),
        grants.c.station_id.is_not_distinct_from(scope.number if scope.kind == "station" else None),
    )


def _was_here(connection: Connection, login: str) -> bool:
    """Whether somebody has ever come in, and may have made use of a right."""
    query = (
        select(participants.c.passphrase_hash.is_not(None) | accounts.c.signed_in_at.is_not(None))
        .outerjoin(accounts, accounts.c.participant_id == participants.c.id)
        .where(participants.c.login == login)
    )
    return bool(connection.execute(query).scalar())
