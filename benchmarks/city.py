"""The smallest register in which an issue can live, and the definition that the benchmarks use."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert

from huying.database import tables as t
from huying.database.connections import Database
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.processes.publication import publish

DEFINITION = Path(__file__).resolve().parents[1] / "tests" / "definitions" / "office.yaml"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def furnish(database: Database, folder: Path) -> tuple[House, dict[str, int]]:
    """A house with one station and everybody whom the process needs; their ids by name."""
    database.migrate()
    house = House(database, folder)
    publish(house, DEFINITION.read_bytes(), DEFINITION.name, Imprint("benchmark", NOW))
    with database.writing() as connection:
        return house, _people(connection)


def _people(connection: Connection) -> dict[str, int]:
    area = _row(connection, t.areas, code="1", name_zh="区", name_en="Area", level="district")
    station = _row(connection, t.stations, code="XG", name_zh="站", name_en="Station", kind="area", area_id=area)
    found: dict[str, int] = {}
    for code in ("water", "power"):
        names = {"name_zh": code, "name_en": code, "kind": "department", "active": True}
        found[code] = _row(connection, t.organisations, code=code, **names)
    for name in ("resident", "clerk", "deputy", "water_handler", "power_handler"):
        row: dict[str, Any] = {"name": name, "kind": name, "language": "zh", "active": True, "created_at": NOW}
        found[name] = _row(connection, t.participants, **row)
    for name, function in (("clerk", "clerk"), ("deputy", "deputy")):
        connection.execute(
            insert(t.memberships), {"participant_id": found[name], "station_id": station, "function": function}
        )
    for name in ("water", "power"):
        served: dict[str, Any] = {
            "participant_id": found[f"{name}_handler"],
            "organisation_id": found[name],
            "function": "handler",
        }
        connection.execute(insert(t.memberships), served)
    return found


def _row(connection: Connection, table: Table, **values: Any) -> int:
    return int(connection.execute(insert(table).returning(table.c.id), values).scalar_one())
