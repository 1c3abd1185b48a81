"""The sample city: fills an empty register, so that a newcomer has somebody to be. Names and numbers are made up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml
from sqlalchemy import select

from huying.access.passphrase import is_right
from huying.database.connections import Database
from huying.database.tables import participants
from huying.house.house import House
from huying.house.office import write
from huying.register.imports import empty, import_register

PASSPHRASE = "huying"
#: The sample city, or a whole one with its issues.
Size = Literal["city", "province"]
#: In whose name things are done on Prefect's pages, in the sample city.
_CONSOLE = "fengshuo"
_CITY = Path(__file__).resolve().parent / "city.yaml"


def fill(database: Database, now: datetime) -> bool:
    """Fill the register if it is empty, and note that all of it is a sample; whether it was."""
    if not empty(database):
        return False
    import_register(database, base(), now, PASSPHRASE)
    with database.writing() as connection:
        write(connection, sample_at=now)
    return True


def base() -> Mapping[str, Any]:
    """The register of the sample city as its file says it."""
    read: Mapping[str, Any] = yaml.safe_load(_CITY.read_text("utf-8"))
    return read


def logins(guide: Mapping[str, str] | None = None) -> str:
    """How to log in as the sample people, in words; ``guide``: whom one could be, if not those of the sample city."""
    guide = guide or base()["guide"]
    rows = "\n".join(f"  {login:<12} {who}" for login, who in guide.items())
    return f"示例用户（口令都是 {PASSPHRASE}）。 Sample log-ins (passphrase: {PASSPHRASE})\n\n{rows}\n"


def sample_console(house: House) -> str | None:
    """The login of the console's account, if the people of this house are those of the sample city."""
    return _CONSOLE if house.offices.now().sample else None


def told_to_everybody(database: Database, more: Iterable[str] = ()) -> list[str]:
    """The logins of the sample's people (and ``more``) who can still sign in with the passphrase that stands in this file, in order."""
    known = [*(line["login"] for line in base()["people"]), *more]
    query = select(participants.c.login, participants.c.passphrase_hash).where(
        participants.c.login.in_(known), participants.c.active, participants.c.passphrase_hash.is_not(None)
    )
    with database.reading() as connection:
        rows = connection.execute(query.order_by(participants.c.login)).all()
    # one hash serves all who have not chosen a passphrase of their own yet
    right = {kept: is_right(PASSPHRASE, kept) for kept in {row.passphrase_hash for row in rows}}
    return [row.login for row in rows if right[row.passphrase_hash]]
