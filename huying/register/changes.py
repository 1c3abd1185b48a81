"""The one place through which the register changes: pages, sheets, files and commands all come here, and each change is in the log.

    done = apply(connection, [Change("station", ("XG",), {"name_zh": "仙港站", "area": "1-1", "kind": "area"})], Stamp("page", now, by=5, why="新设"))

A ``Change`` names a row by the words of its shape's key (``huying.register.shapes``) and says what shall stand in it; what it does not name stays.
Its order among the others does not matter: rows are written so that each finds what it refers to, whether that stood in the register before or
comes with the same changes. All become true together with one deed in the log, or ``WrongChanges`` tells all that is wrong, each with the
change's position and word, and the caller's transaction must end without being kept. A change that says what stands there already is none.

For a preview, apply in a transaction that is rolled back: ``Applied.done`` says per row what was and what became.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, cast

from sqlalchemy import Connection, and_, delete, insert, text, update
from sqlalchemy.exc import IntegrityError

from definitions.text import Said
from engine.refusal import Refusal
from huying.audit.record import AuditNote, note
from huying.database.tables import register_changes, register_deeds
from huying.register.checks import WholeCheck, check_row, completed, renewed
from huying.register.rows import PORTION, RegisterRows, Row, key_text, portions, written
from huying.register.shapes import ORDER, SHAPES, TableShape, Value, Values

Way = Literal["page", "sheet", "file", "command"]
#: ``set``: there afterwards, new or not; ``add``: only if it is not there; ``new``: refused if it is; ``mend``: refused if it is not.
Mode = Literal["set", "add", "new", "mend"]
#: Any number that nobody else uses: one changes the register at a time.
_TURN = 7_227_395


@dataclass(frozen=True, slots=True)
class Change:
    """What shall stand in a row: ``key`` are the values of its shape's key, or its number; ``values`` of ``None`` take it out."""

    of: str
    key: tuple[Value, ...] | int
    values: Values | None
    mode: Mode = "set"


@dataclass(frozen=True, slots=True)
class Stamp:
    """By whom, when, in which way and why; ``undoes`` is the deed that is taken back."""

    way: Way
    at: datetime
    by: int | None = None
    why: str = ""
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeFault:
    """What is wrong with a change: its position among those handed in, the word, and why."""

    change: int
    word: str
    why: Said


class WrongChanges(Refusal):
    """Nothing was changed; ``problems`` says all that is wrong."""

    code = "wrong-changes"

    def __init__(self, problems: Sequence[ChangeFault]) -> None:
        first = problems[0].why
        more = len(problems) - 1
        super().__init__(
            first.zh + (f"（另有 {more} 处）" if more else ""), first.en + (f" (and {more} more)" if more else "")
        )
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Done:
    """One row as it was and as it is now, by word; ``change`` is the position of the change, ``-1`` where none was handed in."""

    of: str
    row: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    change: int = -1

    @property
    def kind(self) -> Literal["new", "changed", "gone"]:
        """What became of it."""
        return "new" if self.before is None else "gone" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done, and under which number it is in the log; ``None`` if nothing had to change."""

    deed: int | None
    done: tuple[Done, ...]

    def count(self, of: str, kind: str = "new") -> int:
        """How many rows of a table are new, changed or gone."""
        return sum(one.of == of and one.kind == kind for one in self.done)


class ChangeSource(Protocol):
    """Changes with their positions, table by table, as often as somebody asks: so that not all of them need to be there at once."""

    def written(self, of: str) -> Iterable[tuple[int, Change]]:
        """Those of a table that say what shall stand there."""
        ...

    def taken_out(self, of: str) -> Iterable[tuple[int, Change]]:
        """Those that take a row out."""
        ...


class _Listed:
    """Changes that are all there."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._written: dict[str, list[tuple[int, Change]]] = {}
        self._taken: dict[str, list[tuple[int, Change]]] = {}
        for position, change in enumerate(changes):
            into = self._taken if change.values is None else self._written
            into.setdefault(change.of, []).append((position, change))

    def written(self, of: str) -> Iterable[tuple[int, Change]]:
        return self._written.get(of, ())

    def taken_out(self, of: str) -> Iterable[tuple[int, Change]]:
        return self._taken.get(of, ())


def apply(connection: Connection, changes: Sequence[Change], stamp: Stamp) -> Applied:
    """Do all of it in the caller's transaction, with its lines in the log; ``WrongChanges`` if any of it is wrong."""
    done: list[Done] = []
    return Applied(apply_portions(connection, _Listed(changes), stamp, done.append), tuple(done))


def apply_portions(
    connection: Connection, source: ChangeSource, stamp: Stamp, each: Callable[[Done], None] | None = None
) -> int | None:
    """The same portion by portion, so that it takes no more memory however many they are; the number of the deed, and ``each`` row as it is done."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
    log = DeedLog(connection, stamp)
    work = _Work(connection, stamp, log, each)
    work.run(source)
    if work.problems:
        raise WrongChanges(sorted(work.problems, key=lambda one: one.change))
    return log.closed()


class _Work:
    """The changes of one deed, one after the other."""

    def __init__(
        self, connection: Connection, stamp: Stamp, log: DeedLog, each: Callable[[Done], None] | None = None
    ) -> None:
        self._connection, self._stamp, self._log, self._each = connection, stamp, log, each
        self._rows = RegisterRows(connection)
        self._whole = WholeCheck()
        self.problems: list[ChangeFault] = []

    def run(self, source: ChangeSource) -> None:
        """All in an order in which each finds what it refers to; what is taken out goes last, and the other way round."""
        tables = sorted(SHAPES, key=lambda name: ORDER[name])
        for of in tables:
            for portion in portions(_downwards(source.written(of), SHAPES[of].upward)):
                for position, change, key in self._expected(SHAPES[of], portion):
                    self._write(position, change, key)
        self._rows.settle()
        for of in reversed(tables):
            for portion in portions(source.taken_out(of)):
                for position, change, key in self._expected(SHAPES[of], portion):
                    self._take_out(position, change, key)
        self._rows.settle()
        if not self.problems:
            for position, word, why in self._whole.faults(self._connection):
                self._wrong(position, word, why)

    def _expected(
        self, shape: TableShape, portion: Sequence[tuple[int, Change]]
    ) -> Sequence[tuple[int, Change, Row | int]]:
        """Those of a portion whose keys lead somewhere, with the columns of the key; the rows that they are about have been read."""
        self._rows.settle()
        found: list[tuple[int, Change, Row | int]] = []
        for position, change in portion:
            if isinstance(change.key, int):
                found.append((position, change, change.key))
                continue
            columns = self._resolved(position, shape, dict(zip(shape.key, change.key, strict=True)))
            if columns is not None:
                found.append((position, change, columns))
        self._rows.expect(shape, [key for _, _, key in found if not isinstance(key, int)])
        return found

    def _done(self, one: Done) -> None:
        self._log.add(one)
        self._whole.note(one)
        if self._each is not None:
            self._each(one)

    def _wrong(self, position: int, word: str, why: Said) -> None:
        self.problems.append(ChangeFault(position, word, why))

    def _write(self, position: int, change: Change, key: Row | int) -> None:
        shape = SHAPES[change.of]
        columns = self._resolved(position, shape, change.values or {})
        if columns is None:
            return
        before = self._rows.find(shape, key)
        if not self._fits(position, shape, change, before) or (before is not None and change.mode == "add"):
            return
        renew = renewed(shape, before, columns)
        after = completed(self._rows, shape, {**(before or cast(Row, key)), **renew})
        if before is not None and all(before[name] == value for name, value in after.items()):
            return
        # whoever served before there were mandates may go on, and leave
        begins = before is None or self._begins(before, after)
        wrong = list(check_row(self._rows, shape, after, begins=begins, strict=self._stamp.way != "file"))
        for word, why in wrong:
            self._wrong(position, word, why)
        if wrong:
            return
        after = self._kept(shape, before, after)
        self._rows.put(shape, before, after)
        self._done(Done(shape.name, key_text(shape, after), said(shape, before), said(shape, after), position))

    @staticmethod
    def _begins(before: Row, after: Row) -> bool:
        """Whether a row says of another beginning or function than it did."""
        return any(before.get(name) != after.get(name) for name in ("since", "function"))

    def _fits(self, position: int, shape: TableShape, change: Change, before: Row | None) -> bool:
        """Whether there is, or is not, a row where the change says so."""
        if change.mode == "new" and before is not None:
            why = Said(
                f"这个{shape.title.zh}已经有了，请换一个代码，或到它的页面上修改。",
                f"There is such a {shape.title.en} already.",
            )
            self._wrong(position, shape.key[-1], why)
            return False
        if before is None and (change.mode == "mend" or isinstance(change.key, int)):
            why = Said(
                f"没有这个{shape.title.zh}，可能刚被别人改过，请刷新再看。",
                f"There is no such {shape.title.en}; look again.",
            )
            self._wrong(position, shape.key[-1], why)
            return False
        return True

    def _resolved(self, position: int, shape: TableShape, words: Values) -> Row | None:
        """The columns of words, every reference a number; ``None`` if one of them leads nowhere."""
        columns: Row = {}
        good = True
        for word, value in words.items():
            number = self._rows.number(shape.refers[word], value) if word in shape.refers else value
            if word in shape.refers and value not in (None, "") and number is None:
                title = SHAPES[shape.refers[word]].title
                why = Said(f"没有代码为“{value}”的{title.zh}。", f"There is no {title.en} “{value}”.")
                self._wrong(position, word, why)
                good = False
            columns[shape.column(word)] = number if number != "" or word.startswith("name_") else None
        return columns if good else None

    def _kept(self, shape: TableShape, before: Row | None, after: Row) -> Row:
        """Write a row; as it stands then, with its number."""
        row = shape.with_index(after)
        table = shape.table
        if before is not None:
            mine = and_(*(table.c[one.name] == before[one.name] for one in table.primary_key))
            self._connection.execute(update(table).where(mine).values(row))
            return row
        if shape.name == "participant":
            row.setdefault("created_at", self._stamp.at)
        return self._rows.add(shape, row)

    def _take_out(self, position: int, change: Change, key: Row | int) -> None:
        shape = SHAPES[change.of]
        before = self._rows.find(shape, key)
        if before is None:
            return
        if not take_out(self._connection, shape, before):
            why = Said(
                f"这个{shape.title.zh}还有别的记录用着，不能删去；请填止期，或改为停用。",
                f"This {shape.title.en} is still referred to and cannot be taken out; end it instead.",
            )
            self._wrong(position, shape.key[-1], why)
            return
        self._rows.put(shape, before, None)
        self._done(Done(shape.name, key_text(shape, before), said(shape, before), None, position))


def take_out(connection: Connection, shape: TableShape, row: Row) -> bool:
    """Whether a row could be taken out: nothing refers to it."""
    mine = and_(*(shape.table.c[one.name] == row[one.name] for one in shape.table.primary_key))
    try:
        with connection.begin_nested():
            connection.execute(delete(shape.table).where(mine))
    except IntegrityError:
        return False
    return True


def said(shape: TableShape, row: Row | None) -> dict[str, Value] | None:
    """A row by word, without what is no business of the register's."""
    if row is None:
        return None
    return {shape.word(name): value for name, value in row.items() if name not in shape.hidden}


#: By these ways the register comes as a whole.
_IMPORTED = ("sheet", "file")


class DeedLog:
    """A deed with its changes, written into the log as they come; there is no deed without a change."""

    def __init__(self, connection: Connection, stamp: Stamp) -> None:
        self._connection, self._stamp = connection, stamp
        self._deed: int | None = None
        self._waiting: list[dict[str, Any]] = []

    def add(self, one: Done) -> None:
        """Note a row that was changed."""
        if self._deed is None:
            self._deed = bare_deed(self._connection, self._stamp)
        self._waiting.append({"deed_id": self._deed, **_line(one)})
        if len(self._waiting) >= PORTION:
            self._write()

    def closed(self) -> int | None:
        """The number of the deed; ``None`` if nothing was changed."""
        self._write()
        return self._deed

    def _write(self) -> None:
        if self._waiting:
            self._connection.execute(insert(register_changes), self._waiting)
        self._waiting = []


def bare_deed(connection: Connection, stamp: Stamp) -> int:
    """Write a deed that has no rows of the register, such as one that only grants something; its number."""
    row = {"way": stamp.way, "by_id": stamp.by, "at": stamp.at, "why": stamp.why, "undoes_id": stamp.undoes}
    number = int(connection.execute(insert(register_deeds).returning(register_deeds.c.id), row).scalar_one())
    what = "register-undone" if stamp.undoes else "register-imported" if stamp.way in _IMPORTED else "register-changed"
    told = AuditNote(
        what=what, object=f"register:{number}", by=stamp.by, reason=stamp.why, detail={"way": stamp.way}, at=stamp.at
    )
    note(connection, told)
    return number


def _line(one: Done) -> dict[str, Any]:
    values = one.after if one.after is not None else one.before or {}
    own = values.get("id")
    return {
        "of_table": one.of,
        "row_key": one.row,
        "before": written(one.before),
        "after": written(one.after),
        "person_id": own if one.of == "participant" else values.get("participant"),
        "station_id": own if one.of == "station" else values.get("station"),
        "organisation_id": own if one.of == "organisation" else values.get("organisation"),
    }


def _downwards(changes: Iterable[tuple[int, Change]], words: Sequence[str]) -> Iterable[tuple[int, Change]]:
    """A row after those of its table that it names, where they come with the same changes; those in a circle at the end."""
    if not words:
        yield from changes
        return
    waiting = list(changes)
    coming = {change.key for _, change in waiting}
    while waiting:
        later = []
        for position, change in waiting:
            if any(((change.values or {}).get(word),) in coming for word in words):
                later.append((position, change))
            else:
                yield position, change
        coming = {change.key for _, change in later}
        if len(later) == len(waiting):
            yield from later
            return
        waiting = later
