"""Correcting what the register says of a resident, on their request: what was entered is checked, written, noted, and is the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from definitions.forms.form import check
from definitions.text import LISTED, Said
from engine.refusal import Invalid, Unavailable
from huying.audit.record import AuditNote, note
from huying.database.tables import addresses, deliveries, participants
from huying.house.by import By
from huying.house.house import House
from huying.issues.reporter import CONTACT
from huying.privacy.erasure import hinders
from huying.privacy.requests import answer_in, found
from huying.register.changes import Change, Stamp, apply

_TITLES = {
    "name": Said("姓名", "name"),
    "phone": Said("电话", "telephone"),
    "email": Said("电子邮箱", "e-mail address"),
}


@dataclass(frozen=True, slots=True)
class ContactCorrection:
    """What is right, as entered; what is left empty stays as it is."""

    name: str = ""
    phone: str = ""
    email: str = ""

    @property
    def entered(self) -> Mapping[str, str]:
        """What is to be changed, by name."""
        given = {"name": self.name, "phone": self.phone, "email": self.email}
        return {name: value.strip() for name, value in given.items() if value.strip()}


def correct(house: House, number: int, wish: ContactCorrection, by: By) -> None:
    """Write what somebody asked to have put right, and answer their request by it, all or nothing.

    ``Invalid`` says what is wrong; ``Unavailable`` for another kind of request, and for whoever serves here: the register is kept by its own pages.
    """
    asked = found(house, number)
    if asked.kind != "correction":
        raise Unavailable("这件申请不是要求更正。", "This request does not ask for a correction.")
    checked = check(CONTACT, wish.entered, required=False, known=lambda _: False)
    if checked.errors:
        raise Invalid(checked.errors)
    if not wish.entered:
        raise Invalid({"name": {"zh": "请填写要更正的一项。", "en": "Please enter what is to be put right."}})
    values = {name: str(checked.values[name]) for name in wish.entered}
    with house.database.writing() as connection:
        _assure_resident(connection, asked.participant_id)
        before = _mail(connection, asked.participant_id)
        why = f"应本人申请更正（申请 {number}） corrected on their request"
        done = apply(
            connection, _changes(asked.participant_id, values), Stamp("page", by.now, by.somebody, f"{why} {number}")
        )
        if done.deed is None:
            raise Invalid({"name": {"zh": "现在就是这样，没有可更正的。", "en": "It says so already."}})
        if "email" in values and before:
            _redirect(connection, asked.participant_id, before, values["email"])
        answer_in(connection, number, _words(connection, asked.participant_id, values), by)
        told = AuditNote(
            what="data-corrected",
            object=f"request:{number}",
            about=asked.participant_id,
            by=by.somebody,
            detail={"fields": sorted(values)},
            at=by.now,
        )
        note(connection, told)


def _assure_resident(connection: Connection, person: int) -> None:
    """Whoever could change the address of somebody who serves here could take what they may do."""
    erased = connection.execute(select(participants.c.erased_at).where(participants.c.id == person)).scalar_one()
    if erased is not None or hinders(connection, person) == "serves":
        raise Unavailable(
            "这个人在名册里任职，或已删除：请由名册管理员更正。",
            "This person serves here, or was erased: whoever keeps the register corrects it.",
        )


def _changes(person: int, values: Mapping[str, str]) -> list[Change]:
    own = {word: values[word] for word in ("name", "phone") if word in values}
    changes = [Change("participant", person, own)] if own else []
    if "email" in values:
        # nobody has confirmed it yet by a message that came there
        changes.append(Change("address", (person, "mail"), {"target": values["email"], "state": "unconfirmed"}))
    return changes


def _mail(connection: Connection, person: int) -> str | None:
    mine = (addresses.c.participant_id == person, addresses.c.channel == "mail")
    target: str | None = connection.execute(select(addresses.c.target).where(*mine)).scalars().first()
    return target


def _redirect(connection: Connection, person: int, before: str, now: str) -> None:
    """What was not sent yet does not go to the wrong address."""
    d = deliveries.c
    unsent = (d.participant_id == person, d.channel == "mail", d.target_index == before)
    waiting = update(deliveries).where(*unsent, d.status.in_(("pending", "gathered")))
    connection.execute(waiting.values(target=now, target_index=now))


def _words(connection: Connection, person: int, values: Mapping[str, str]) -> str:
    """The answer, in the language of whoever asked."""
    language = connection.execute(select(participants.c.language).where(participants.c.id == person)).scalar_one()
    what = LISTED.of(language).join(_TITLES[name].of(language) for name in _TITLES if name in values)
    return Said(f"已更正：{what}。", f"Corrected: {what}.").of(language)
