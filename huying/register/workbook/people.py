"""Who is meant by rows that bear no login: somebody of the register by name and phone, or somebody new, for whom one is made up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import cast

from definitions.forms.address import digits
from definitions.text import Said
from huying.register.nouns import Lines, Person
from huying.register.workbook.cell import Unclear, clean, prose
from huying.register.workbook.draft import SheetDraft, Spot, shown
from huying.register.workbook.login import invented
from huying.register.workbook.raw import RawRow, Value
from huying.register.workbook.table import SheetTable


def settle_logins(table: SheetTable, draft: SheetDraft, current: Lines) -> None:
    """Give each row without a login the one of whom it means; where two people could be meant, somebody has to say."""
    known = cast(Sequence[Person], current.get("people", ()))
    without = (row for row in table.rows if not text_of(table.cell(row, "login")))
    wanted = {prose(shown(table.cell(row, "name"))) for row in without}
    if not wanted:
        return
    named: Mapping[str, list[Person]] = defaultdict(list)
    for person in known:
        if (called := prose(person.name) or "") in wanted:
            named[called].append(person)
    written = {login for row in table.rows if (login := text_of(table.cell(row, "login")))}
    taken = {person.login for person in known} | written
    for row in table.rows:
        if text_of(table.cell(row, "login")):
            continue
        name = prose(shown(table.cell(row, "name")))
        if not name:
            continue
        same = [person for person in named.get(name, ()) if person.login not in written]
        _settle(table, row, draft, (name, same, taken))
        if (login := draft.invented.get(Spot("people", row.number))) is not None:
            written.add(login)
            taken.add(login)


def _settle(table: SheetTable, row: RawRow, draft: SheetDraft, who: tuple[str, Sequence[Person], set[str]]) -> None:
    name, same, taken = who
    spot = Spot("people", row.number)
    phone = digits(text_of(table.cell(row, "phone")) or "")
    by_phone = [person for person in same if phone and digits(person.phone or "") == phone]
    fitting = by_phone if phone else same
    if len(fitting) == 1:
        draft.invented[spot] = fitting[0].login
    elif same:
        new = invented(name, taken)
        told = "、".join(described(person) for person in same[:3])
        draft.refuse(
            spot,
            "login" if "login" in table.columns else None,
            Unclear(
                Said(
                    f"名册里已有同名的：{told}；看不出是不是同一人",
                    f"the register has somebody of this name: {told}; are they the same?",
                ),
                Said("是同一人就写其登录名，是另一人就写一个新的", "write the login if they are, a new one if not"),
                *((person.login, Said(described(person), described(person))) for person in same[:3]),
                (new, Said(f"新登录名 {new}（是另一人）", f"a new login, {new} (somebody else)")),
            ),
            name,
        )
    else:
        draft.invented[spot] = invented(name, taken)


def described(person: Person) -> str:
    """Somebody told from others of the same name, without giving their number away."""
    phone = person.phone or ""
    masked = f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else ""
    return " ".join(part for part in (person.login, person.unit or "", masked) if part)


def text_of(value: Value) -> str | None:
    """A cell as a plain text, if it is one."""
    try:
        return clean(shown(value))
    except Unclear:
        return None
