"""One line of a sheet becomes an issue: the kernel decides how it stands, and it is written once, whatever happens meanwhile."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import orjson
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from definitions.forms.form import check
from definitions.model.reference import participant
from engine.event import CarryOver
from engine.legacy import take_over
from engine.process import Process
from engine.refusal import Invalid
from engine.start import Opening
from huying.database.bundle import bundled
from huying.database.tables import legacy_matters, stations
from huying.house.by import By
from huying.house.house import House
from huying.house.processes import InForce
from huying.issues.books import in_a_circle
from huying.issues.numbers import IssueSeries, next_number
from huying.issues.opening import new_row
from huying.issues.report_station import ReportStation
from huying.issues.reporter import CONTACT, register, resident
from huying.issues.store import NewEntry, create
from huying.legacy.line import LegacyLine
from huying.processes.overrides import variant_at
from huying.register.directory import RegisterDirectory
from models.sealed import ring_of

#: The way in of all that is taken over, by which figures and lists tell it apart.
CHANNEL = "records"
_SOMEBODY = 2**53


@dataclass(frozen=True, slots=True)
class _Ready:
    """A line that can be taken over: where, by which process, with which answers."""

    place: ReportStation
    version_id: int
    process: Process
    values: Mapping[str, object]
    reporter: Mapping[str, object]


@dataclass
class LegacyHand:
    """Takes lines over, by the process in force; what is the same for many lines is looked up once."""

    house: House
    definition: str
    now: datetime
    _variants: dict[str, tuple[int, Process]] = field(default_factory=dict)
    _places: dict[str, ReportStation | None] = field(default_factory=dict)

    @cached_property
    def version(self) -> InForce:
        """The process by which they go on."""
        return self.house.processes.opening_by(self.definition, self.now)

    def tried(self, connection: Connection, line: LegacyLine) -> None:
        """Decide as if it were taken over, and write nothing; ``Invalid`` names what will not do."""
        ready = self._ready(connection, line)
        directory = RegisterDirectory(connection, ready.process.calendar, self.now, files=self.house.store)
        assert line.matter is not None
        take_over(ready.process, _opening(ready, _SOMEBODY, 1), line.matter, self.now, directory)

    def taken(self, line: LegacyLine, number: int, by: By) -> bool:
        """Take it over as part of an import; whether it was: one that is here already is left alone. ``Invalid``."""
        for attempt in range(5):
            try:
                with self.house.database.reading() as connection:
                    return self._written(connection, line, (number, by), again=attempt > 0)
            except IntegrityError:
                # somebody was faster with the same line, or its number is another's
                with self.house.database.reading() as connection:
                    if is_here(connection, line):
                        return False
            except DBAPIError as error:
                if not (error.connection_invalidated or in_a_circle(error)):
                    raise
        raise Invalid(
            {
                "": {
                    "zh": "暂时无法写入，请稍后再导入一次。",
                    "en": "It could not be written just now; import it once more later.",
                }
            }
        )

    def _written(self, connection: Connection, line: LegacyLine, of: tuple[int, By], *, again: bool) -> bool:
        if is_here(connection, line):
            return False
        ready, (number, by), now = self._ready(connection, line), of, self.now
        assert line.matter is not None
        with bundled(self.house.database, connection):
            zone = ready.process.calendar.zone
            series = IssueSeries(self.definition, ready.place.id, now.astimezone(zone).year)
            given = next_number(connection, series, beyond_all=again)
            said = ready.reporter
            person = resident(connection, said, now) if said.get("phone") else register(connection, said, "zh", now)
            directory = RegisterDirectory(connection, ready.process.calendar, now, files=self.house.store, holds=True)
            outcome = take_over(ready.process, _opening(ready, person, given.sequence), line.matter, now, directory)
            entry = NewEntry(self._event(connection, line, ready), by.person, None, now)
            row = new_row(ready.process, ready.version_id, outcome, now)
            create(connection, ready.process, outcome, entry, {**row, "id": given.issue_id})
            mark = {"import_id": number, "station_id": ready.place.id, "ours": line.ours, "line": line.row}
            connection.execute(insert(legacy_matters), {"issue_id": given.issue_id, **mark})
        return True

    def _event(self, connection: Connection, line: LegacyLine, ready: _Ready) -> CarryOver:
        said = orjson.dumps(
            [self.definition, line.station, line.ours, dict(line.values)], option=orjson.OPT_SORT_KEYS, default=str
        )
        digest = hmac.digest(ring_of(connection.dialect).sub_key("reports"), said, "sha256").hex()
        step = line.matter.step if line.matter else None
        return CarryOver(digest, self.definition, self.version.version, ready.place.code, CHANNEL, step, line.ours)

    def _ready(self, connection: Connection, line: LegacyLine) -> _Ready:
        place = self._place(connection, line.station)
        if place is None or not place.active:
            raise Invalid(
                {"station": {"zh": "没有这个站点，或已停用。", "en": "There is no such station, or it is closed."}}
            )
        if line.station not in self._variants:
            version_id = variant_at(self.house, self.version, line.station)
            self._variants[line.station] = version_id, self.house.processes.process(version_id)
        version_id, process = self._variants[line.station]
        directory = RegisterDirectory(connection, process.calendar, self.now, files=self.house.store)
        checked = check(
            process.definition.entered,
            line.values,
            # an office asked for other things then: what it has is taken, and nothing is asked for besides
            required=False,
            known=directory.known,
            data={"today": process.today(self.now)},
            resolve=directory.resolve,
        )
        wrong = {name: error for name, error in checked.errors.items() if name in line.values}
        about = check(CONTACT, line.reporter, required=False, known=lambda _: False)
        wrong |= about.errors
        if wrong:
            raise Invalid(wrong)
        return _Ready(place, version_id, process, checked.values, about.values)

    def _place(self, connection: Connection, code: str) -> ReportStation | None:
        if code not in self._places:
            query = select(*(stations.c[name] for name in ReportStation._fields)).where(stations.c.code == code)
            row = connection.execute(query).one_or_none()
            self._places[code] = ReportStation(*row) if row is not None else None
        return self._places[code]


def is_here(connection: Connection, line: LegacyLine) -> bool:
    """Whether the station has a matter of this number already."""
    query = (
        select(legacy_matters.c.issue_id)
        .join(stations, stations.c.id == legacy_matters.c.station_id)
        .where(stations.c.code == line.station, legacy_matters.c.ours == line.ours)
    )
    return connection.execute(query).first() is not None


def _opening(ready: _Ready, person: int, sequence: int) -> Opening:
    place = ready.place
    return Opening(
        station=place.id,
        station_code=place.code,
        reporter=participant(person),
        sequence=sequence,
        values=ready.values,
        industry=place.industry,
        channel=CHANNEL,
    )
