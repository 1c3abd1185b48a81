"""The one place through which the register changes: pages, sheets, files and commands all come here, and each change is in the log.

    done = apply(connection, [Change("station", ("XG",), {"name_zh": "仙港站", "area": "1-1", "kind": "area"})], Stamp("page", now, by=5, why="新设"))

A ``Change`` names a row by the words of its shape's key (``huying.register.shapes``) and says what shall stand in it; what it does not name stays.
Its order among the others does not matter: rows are written so that each finds what it refers to, whether that stood in the register before or
comes with the same changes. All become true together with one deed in the log, or ``WrongChanges`` tells all that is wrong, each with the
change's position and word, and the caller's transaction must end without being kept. A change that says what stands there already is none.

For a preview, apply in a transaction that is rolled back: ``Applied.done`` says per row what was and what became.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, and_, delete, insert, text, update
from sqlalchemy.exc import IntegrityError

from definitions.forms.address import digits
from definitions.text import Said
from engine.refusal import Refusal
from huying.audit.record import AuditNote, note
from huying.database.tables import register_changes, register_deeds
from huying.register.checks import check_row, check_whole, completed
from huying.register.rows import RegisterRows, Row, key_text, written
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


def apply(connection: Connection, changes: Sequence[Change], stamp: Stamp) -> Applied:
    """Do all of it in the caller's transaction, with its lines in the log; ``WrongChanges`` if any of it is wrong."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
    work = _Work(connection, changes, stamp)
    done = work.run()
    if work.problems:
        raise WrongChanges(sorted(work.problems, key=lambda one: one.change))
    return Applied(logged(connection, done, stamp), tuple(done))


class _Work:
    """The changes of one deed, one after the other."""

    def __init__(self, connection: Connection, changes: Sequence[Change], stamp: Stamp) -> None:
        self._connection, self._changes, self._stamp = connection, changes, stamp
        self._rows = RegisterRows(connection, Counter(one.of for one in changes))
        self.problems: list[ChangeFault] = []

    def run(self) -> list[Done]:
        """All in an order in which each finds what it refers to; what is taken out goes last, and the other way round."""
        done: list[Done] = []
        numbered = list(enumerate(self._changes))
        written = [one for one in numbered if one[1].values is not None]
        before = ""
        for position, change in _in_order(written):
            if change.of != before:
                self._rows.settle()
            before = change.of
            done += self._write(position, change)
        self._rows.settle()
        taken = [one for one in numbered if one[1].values is None]
        for position, change in sorted(taken, key=lambda one: -ORDER[one[1].of]):
            done += self._take_out(position, change)
        if not self.problems:
            for position, word, why in check_whole(self._connection, done):
                self._wrong(position, word, why)
        return done

    def _wrong(self, position: int, word: str, why: Said) -> None:
        self.problems.append(ChangeFault(position, word, why))

    def _write(self, position: int, change: Change) -> list[Done]:
        shape = SHAPES[change.of]
        columns = self._resolved(position, shape, change)
        if columns is None:
            return []
        before = self._rows.find(shape, change.key if isinstance(change.key, int) else columns[0])
        if not self._fits(position, shape, change, before):
            return []
        if before is not None and change.mode == "add":
            return []
        after = completed(self._rows, shape, {**(before or columns[0]), **columns[1]})
        if before is not None and all(before[name] == value for name, value in after.items()):
            return []
        # whoever served before there were mandates may go on, and leave
        begins = before is None or self._begins(before, after)
        wrong = list(check_row(self._rows, shape, after, begins=begins, strict=self._stamp.way != "file"))
        for word, why in wrong:
            self._wrong(position, word, why)
        if wrong:
            return []
        after = self._kept(shape, before, after)
        self._rows.put(shape, before, after)
        return [Done(shape.name, key_text(shape, after), said(shape, before), said(shape, after), position)]

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

    def _resolved(self, position: int, shape: TableShape, change: Change) -> tuple[Row, Row] | None:
        """The columns of the key and of the values, every reference a number; ``None`` if one of them leads nowhere."""
        assert change.values is not None
        key = dict(zip(shape.key, change.key, strict=True)) if isinstance(change.key, tuple) else {}
        found: list[Row] = []
        good = True
        for words in (key, change.values):
            columns: Row = {}
            for word, value in words.items():
                number = self._rows.number(shape.refers[word], value) if word in shape.refers else value
                if word in shape.refers and value not in (None, "") and number is None:
                    title = SHAPES[shape.refers[word]].title
                    why = Said(f"没有代码为“{value}”的{title.zh}。", f"There is no {title.en} “{value}”.")
                    self._wrong(position, word, why)
                    good = False
                columns[shape.column(word)] = number if number != "" or word.startswith("name_") else None
            found.append(columns)
        return (found[0], found[1]) if good else None

    def _kept(self, shape: TableShape, before: Row | None, after: Row) -> Row:
        """Write a row; as it stands then, with its number."""
        row = dict(after)
        if shape.name == "participant":
            row["phone_digits"] = digits(row.get("phone") or "") or None
        table = shape.table
        if before is not None:
            mine = and_(*(table.c[one.name] == before[one.name] for one in table.primary_key))
            self._connection.execute(update(table).where(mine).values(row))
            return row
        if shape.name == "participant":
            row.setdefault("created_at", self._stamp.at)
        return self._rows.add(shape, row)

    def _take_out(self, position: int, change: Change) -> list[Done]:
        shape = SHAPES[change.of]
        columns = self._resolved(position, shape, Change(change.of, change.key, {}, change.mode))
        before = self._rows.find(shape, change.key if isinstance(change.key, int) else columns[0]) if columns else None
        if before is None:
            return []
        if not take_out(self._connection, shape, before):
            why = Said(
                f"这个{shape.title.zh}还有别的记录用着，不能删去；请填止期，或改为停用。",
                f"This {shape.title.en} is still referred to and cannot be taken out; end it instead.",
            )
            self._wrong(position, shape.key[-1], why)
            return []
        self._rows.put(shape, before, None)
        return [Done(shape.name, key_text(shape, before), said(shape, before), None, position)]


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


def logged(connection: Connection, done: Iterable[Done], stamp: Stamp) -> int | None:
    """Write the deed and its changes into the log; its number, or ``None`` if there are none."""
    lines = list(done)
    if not lines:
        return None
    deed = bare_deed(connection, stamp)
    connection.execute(insert(register_changes), [{"deed_id": deed, **_line(one)} for one in lines])
    return deed


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


def _in_order(changes: Iterable[tuple[int, Change]]) -> Iterator[tuple[int, Change]]:
    """Table by table, and in each a row after the one above it, where that comes with the same changes; those in a circle at the end."""
    by_table: dict[str, list[tuple[int, Change]]] = {}
    for position, change in changes:
        by_table.setdefault(change.of, []).append((position, change))
    for of in sorted(by_table, key=lambda name: ORDER[name]):
        word = SHAPES[of].upward
        yield from _downwards(by_table[of], word) if word else by_table[of]


def _downwards(changes: list[tuple[int, Change]], word: str) -> Iterator[tuple[int, Change]]:
    waiting, coming = changes, {change.key for _, change in changes}
    while waiting:
        later = []
        for position, change in waiting:
            if ((change.values or {}).get(word),) in coming:
                later.append((position, change))
            else:
                yield position, change
        coming = {change.key for _, change in later}
        if len(later) == len(waiting):
            yield from later
            return
        waiting = later
