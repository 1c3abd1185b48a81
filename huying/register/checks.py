"""What a row of the register must fulfil by itself, and all of them together: each fault in words that say what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, Protocol

from sqlalchemy import Connection, func, select

from definitions.text import Said
from huying.database.tables import areas, issues, memberships, stations
from huying.register.levels import AREA_LEVELS, DEPUTY_LEVELS
from huying.register.rows import RegisterRows, Row, default_of
from huying.register.shapes import TableShape
from notifications import CHANNELS

#: A word, and what is wrong with it.
Fault = tuple[str, Said]
AT_STATIONS = ("head", "clerk", "liaison", "deputy")
IN_ORGANISATIONS = ("head", "substitute", "clerk", "handler")
KINDS = ("citizen", "deputy", "staff", "handler", "liaison", "administrator")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_LOGIN = re.compile(r"[a-z][a-z0-9._-]+")
#: Which words hold an entry of a code list, or one of a few words.
_LISTS: Mapping[tuple[str, str], str] = {
    ("station", "industry"): "industries",
    ("station_have", "have"): "haves",
    ("mandate", "delegation"): "delegations",
}
_CHOICES: Mapping[tuple[str, str], Iterable[str]] = {
    ("area", "level"): AREA_LEVELS,
    ("mandate", "level"): DEPUTY_LEVELS,
    ("membership", "level"): DEPUTY_LEVELS,
    ("membership", "function"): {*AT_STATIONS, *IN_ORGANISATIONS},
    ("participant", "kind"): KINDS,
    ("participant", "language"): ("zh", "en"),
    ("station", "kind"): ("area", "industry", "point"),
    ("organisation", "kind"): ("department", "office"),
    ("address", "channel"): tuple(CHANNELS),
}
_MISSING = Said("这一项不能空着。", "This must not be empty.")
_CLOSED_OPEN = Said(
    "这个站还有 {count} 件事项没有办结，不能停用。请填“并入站点”，由它接着办；或先办结。",
    "{count} issues of this station are open, so it cannot close. Name the station that carries them on, or close them first.",
)
_NO_SUCCESSOR = Said(
    "并入站点要是另一个在用的站点，请重新选择。",
    "The station that carries on is another one that is in use; choose again.",
)
_STILL_THERE = Said(
    "还在用的站点没有并入站点：请同时停用，或把并入站点清空。",
    "A station in use has none that carries on; close it too, or clear the other.",
)


class WrittenRow(Protocol):
    """A row that was written, as far as the whole is concerned."""

    @property
    def of(self) -> str: ...
    @property
    def before(self) -> Mapping[str, Any] | None: ...
    @property
    def after(self) -> Mapping[str, Any] | None: ...
    @property
    def change(self) -> int: ...


def check_row(rows: RegisterRows, shape: TableShape, row: Row, *, begins: bool, strict: bool) -> Iterator[Fault]:
    """What is wrong with a row by itself. Where a deputy ``begins``, there must be a level, and (``strict``) a term, which files of old did not
    have.
    """
    yield from _shaped(shape, row)
    yield from _listed(rows, shape, row)
    if shape.span is not None:
        first, last = (row.get(shape.column(word)) for word in shape.span)
        if first is not None and last is not None and last < first:
            why = Said(f"止期 {last} 早于起期 {first}，请改正。", f"It ends on {last}, before it begins on {first}.")
            yield shape.span[1], why
    if shape.name == "membership":
        yield from _placed(row)
        if begins:
            yield from _termed(rows, row, strict=strict)
    if shape.name == "address":
        yield from _reached(row)
    if shape.name == "absence" and row.get("substitute_id") == row.get("participant_id"):
        yield "substitute", Said("代办人不能是本人，请另选一位。", "Nobody can stand in for themself; choose another.")


def needed(shape: TableShape, word: str) -> bool:
    """Whether a row cannot do without this word."""
    column = shape.table.columns.get(shape.column(word))
    return column is not None and not column.nullable and column.default is None and word != "name_en"


def _shaped(shape: TableShape, row: Row) -> Iterator[Fault]:
    """Missing values, texts too long, codes and logins of other signs."""
    for column in shape.table.columns:
        value, word = row.get(column.name), shape.word(column.name)
        if column.name in shape.hidden or column.name == "id":
            continue
        if needed(shape, word) and (value is None or value == ""):
            yield word, _MISSING
        longest = getattr(column.type, "length", None)
        if longest and isinstance(value, str) and len(value) > longest:
            yield word, Said(f"太长了，最多 {longest} 个字。", f"Too long: at most {longest} characters.")
    code = row.get("code")
    if shape.key == ("code",) and code and not _CODE.fullmatch(code):
        why = "只能用字母、数字、“-”和“_”，以字母或数字开头，如 XG-01。"
        yield "code", Said(why, "Letters, digits, “-” and “_” only, such as XG-01.")
    login = row.get("login")
    if shape.name == "participant" and login and not _LOGIN.fullmatch(login):
        why = "登录名只能用小写字母、数字和“.-_”，以字母开头，如 chen.haisheng。"
        yield "login", Said(why, "Small letters, digits and “.-_” only, such as chen.haisheng.")


def _listed(rows: RegisterRows, shape: TableShape, row: Row) -> Iterator[Fault]:
    """Values that none of their list are."""
    lists = {word: listed for (of, word), listed in _LISTS.items() if of == shape.name}
    if "list" in shape.key and shape.name != "code" and row.get("list") != "languages":
        lists["code"] = row["list"]
    for word, listed in lists.items():
        value = row.get(word)
        if value and value not in rows.listed(listed):
            why = f"代码表“{listed}”里没有“{value}”，请从表里选，或先把它加到代码表。"
            yield word, Said(why, f"There is no “{value}” in the list “{listed}”; choose from it, or enter it first.")
    for (of, word), known in _CHOICES.items():
        said = row.get(word)
        if of == shape.name and said and said not in known:
            yield word, Said(f"“{said}”不对，可以是：{'、'.join(known)}。", f"“{said}” is none of {', '.join(known)}.")


def _placed(row: Row) -> Iterator[Fault]:
    """One serves at a station or in a department, in a function that there is there."""
    at, of, function = row.get("station_id"), row.get("organisation_id"), row.get("function")
    if (at is None) == (of is None):
        yield "station", Said("请选一个站点或一个单位。", "Choose either a station or a department.")
    elif function and function not in (AT_STATIONS if at is not None else IN_ORGANISATIONS):
        why = "站点里可以是站长、工作人员、联络员、代表；单位里可以是负责人、代理负责人、工作人员、经办人。"
        yield (
            "function",
            Said(why, "At stations: head, clerk, liaison, deputy; in departments: head, substitute, clerk, handler."),
        )


def _reached(row: Row) -> Iterator[Fault]:
    """An address is one of its channel."""
    channel, target = CHANNELS.get(str(row.get("channel") or "")), row.get("target")
    if channel is not None and target and not channel.fits(str(target).strip()):
        place = channel.place
        yield "target", Said(f"“{target}”不是{place.zh}，请核对。", f"“{target}” is no {place.en}; please look again.")


def renewed(shape: TableShape, before: Row | None, columns: Row) -> Row:
    """An address that is entered anew is not the one at which messages failed."""
    if shape.name != "address" or before is None or "state" in columns:
        return columns
    return columns if columns.get("target", before["target"]) == before["target"] else {**columns, "state": "usable"}


def completed(rows: RegisterRows, shape: TableShape, row: Row) -> Row:
    """The row with what goes without saying: a deputy has the level of their mandate, English names may be empty, and defaults hold."""
    if row.get("name_en", "") is None or ("name_en" in shape.table.c and "name_en" not in row):
        row = {**row, "name_en": ""}
    for column in shape.table.columns:
        if not column.nullable and column.default is not None and row.get(column.name, "") is None:
            row = {**row, column.name: default_of(column)}
    if shape.name == "membership" and row.get("function") == "deputy" and not row.get("level"):
        held = rows.mandates(row["participant_id"])
        since = row.get("since")
        fits = [one for one in held if since is None or one["since"] <= since <= one["until"]]
        return {**row, "level": next((one["level"] for one in fits or held), None)}
    return row


def _termed(rows: RegisterRows, row: Row, *, strict: bool) -> Iterator[Fault]:
    """A deputy serves within a term."""
    if row.get("function") != "deputy":
        return
    held = rows.mandates(row["participant_id"])
    since: date | None = row.get("since")
    fits = [one for one in held if since is None or one["since"] <= since <= one["until"]]
    if not row.get("level") or (strict and not held):
        why = "代表要先有任期：请先给这个人填“代表任期”（层级、起止日期），再让其进站。"
        yield "level", Said(why, "A deputy needs a term: enter the mandate first (level, first and last day).")
    elif strict and not fits:
        last = held[0]
        why = f"起期 {since} 不在任期内（{last['since']} 至 {last['until']}）。请改起期，或先填新的任期。"
        yield (
            "since",
            Said(why, f"{since} is not within the term ({last['since']} to {last['until']}); mend one or the other."),
        )


class WholeCheck:
    """What is wrong with all of it together: circles, spells that overlap, stations closed too early. Of each row it keeps only what it will ask."""

    def __init__(self) -> None:
        #: (position, number, code) of areas and stations under another.
        self._moved: dict[str, list[tuple[int, int, str]]] = {"area": [], "station": []}
        #: The positions of memberships by their number.
        self._spells: dict[int, int] = {}
        self._closing: list[tuple[int, int]] = []
        #: (position, number) of stations that another one carries on.
        self._followed: list[tuple[int, int]] = []
        self._dated: list[int] = []

    def note(self, one: WrittenRow) -> None:
        """Learn of a row that was written."""
        if one.after is None:
            return
        was, now = one.before or {}, one.after
        if one.of in self._moved and now.get("parent") is not None:
            self._moved[one.of].append((one.change, now["id"], now["code"]))
        if one.of == "membership":
            self._spells[now["id"]] = one.change
        if one.of == "station" and was.get("active") and not now.get("active"):
            self._closing.append((one.change, now["id"]))
        followed = one.of == "station" and now.get("successor") is not None
        if followed and any(was.get(name) != now.get(name) for name in ("successor", "active")):
            self._followed.append((one.change, now["id"]))
        if one.of == "station" and now.get("closed") and now.get("active"):
            self._dated.append(one.change)

    def faults(self, connection: Connection) -> Iterator[tuple[int, str, Said]]:
        """What is wrong, by the position of the change and the word."""
        for of, title in (("area", "区域"), ("station", "站点")):
            for position, code in _circles(connection, of, self._moved[of]):
                why = f"{title}“{code}”绕了一圈又在自己上面，请改上级。"
                yield position, "parent", Said(why, f"“{code}” would be above itself; choose another one above it.")
        yield from _overlaps(connection, self._spells)
        for position, number in self._closing:
            yield from _open_work(connection, position, number)
        for position, number in self._followed:
            yield from _carried_on(connection, position, number)
        for position in self._dated:
            why = "填了停用日期的站要同时改为停用；重新启用的，请把停用日期清空。"
            yield (
                position,
                "closed",
                Said(why, "A station with a day of closing is closed; clear the day to reopen it."),
            )


def _circles(connection: Connection, of: str, moved: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, str]]:
    if not moved:
        return
    table = areas if of == "area" else stations
    above = {row[0]: row[1] for row in connection.execute(select(table.c.id, table.c.parent_id))}
    for position, own, code in moved:
        seen, up = set[Any](), above.get(own)
        while up is not None and up not in seen and up != own:
            seen.add(up)
            up = above.get(up)
        if up == own:
            yield position, code


def _overlaps(connection: Connection, spells: Mapping[int, int]) -> Iterator[tuple[int, str, Said]]:
    """The same person twice at once in one function at one place; ``spells`` are the positions of those that were written, by their number."""
    written, m = iter(spells), memberships.c
    while some := set(islice(written, 500)):
        # in two simple questions: a join of the table with itself depends on what the database believes about it
        people = connection.execute(select(m.participant_id).where(m.id.in_(some)).distinct()).scalars().all()
        of_place: dict[tuple[Any, ...], list[Row]] = {}
        for row in connection.execute(select(memberships).where(m.participant_id.in_(people))).mappings():
            place = (row["participant_id"], row["station_id"], row["organisation_id"], row["function"])
            of_place.setdefault(place, []).append(dict(row))
        for rows in of_place.values():
            for mine in (one for one in rows if one["id"] in some):
                other = next((one for one in rows if one["id"] != mine["id"] and _meet(mine, one)), None)
                if other is not None:
                    span = f"{other['since'] or '…'} — {other['until'] or '…'}"
                    why = f"这个人这段时间已在这里任同一职务（{span}），请改起止日期。"
                    english = f"They serve there in that function already ({span}); mend the dates."
                    yield spells[mine["id"]], "since", Said(why, english)


def _meet(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    earliest, latest = date.min, date.max
    begin = max(one["since"] or earliest, other["since"] or earliest)
    return bool(begin <= min(one["until"] or latest, other["until"] or latest))


def _open_work(connection: Connection, position: int, number: int) -> Iterator[tuple[int, str, Said]]:
    query = select(func.count()).select_from(issues).where(issues.c.station_id == number, issues.c.status == "open")
    count = connection.execute(query).scalar_one()
    if count and connection.execute(select(stations.c.successor_id).where(stations.c.id == number)).scalar() is None:
        yield position, "active", Said(*(words.format(count=count) for words in _CLOSED_OPEN))


def _carried_on(connection: Connection, position: int, number: int) -> Iterator[tuple[int, str, Said]]:
    """A station is carried on by another one that is in use, and only once it has closed."""
    other = stations.alias("other")
    query = select(stations.c.active, other.c.id, other.c.active).join(other, other.c.id == stations.c.successor_id)
    row = connection.execute(query.where(stations.c.id == number)).one_or_none()
    if row is not None and (row[1] == number or not row[2]):
        yield position, "successor", _NO_SUCCESSOR
    elif row is not None and row[0]:
        yield position, "successor", _STILL_THERE
