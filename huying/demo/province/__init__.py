"""The demonstration at full size: six districts, 38 towns, 442 stations, and the 4,038 issues that they took up since 2018."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import exists, func, select

from huying.database.connections import Database
from huying.database.tables import issues, stations
from huying.demo.province.lives import Lives
from huying.demo.province.plan import Plan, plan
from huying.demo.province.population import LAST, register
from huying.demo.sample import PASSPHRASE, base
from huying.house.house import House
from huying.house.office import write
from huying.register.imports import empty, import_register


def fill(house: House, now: datetime, tell: Callable[[str], None]) -> bool:
    """Fill an empty register and live through its issues; whether it was. What was broken off half-way says so, and stays as it is."""
    made, database = plan(), house.database
    if not empty(database):
        _tell_half(database, made, tell)
        return False
    import_register(database, register(made, base()), now, PASSPHRASE)
    with database.writing() as connection:
        write(connection, sample_at=now)
    house.offices.forget()
    tell("名册已填入，开始办理事项 register filled in, issues begin")
    Lives(house, made, now).live(tell)
    return True


def settled(database: Database) -> bool:
    """Whether the people of this house are those of the whole city."""
    with database.reading() as connection:
        return bool(connection.execute(select(exists(select(stations.c.id).where(stations.c.code == LAST)))).scalar())


def known(database: Database) -> frozenset[str]:
    """The logins of the whole city's people; nobody where this is another house."""
    return frozenset(one["login"] for one in register(plan(), base())["people"]) if settled(database) else frozenset()


def guide(database: Database) -> Mapping[str, str] | None:
    """Whom a newcomer could be in the whole city, a login and who that is; nothing where this is another house."""
    return plan().guide if settled(database) else None


def _tell_half(database: Database, made: Plan, tell: Callable[[str], None]) -> None:
    whole = sum(course.issues for course in made.courses)
    with database.reading() as connection:
        lived = connection.execute(select(func.count()).select_from(issues)).scalar_one()
    if settled(database) and lived < whole:
        tell(
            f"上次填到 {lived} 件就中断了：要完整的，请删掉这个数据目录再来。 Broken off at {lived} issues: delete this data folder for all of them."
        )
